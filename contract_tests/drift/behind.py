"""Which parties have not followed the contract."""

from collections.abc import Sequence

from contract_tests.drift.run import PairEvidence

CONTRACT = "contract"


def behind(pairs: Sequence[PairEvidence]) -> list[str]:
    """The parties that drift from the contract, in the order of the pairs; what a baseline accepts is no drift.

    Two others that drift from each other alone are both named: the contract leaves open which of them is to follow.
    """
    drifting = [(each.pair.one, each.pair.other) for each in pairs if each.drifts]
    found = [party for parties in drifting if CONTRACT in parties for party in parties if party != CONTRACT]
    for parties in drifting:
        if CONTRACT not in parties and not set(parties) & set(found):
            found += parties
    return found
