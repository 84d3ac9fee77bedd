"""The lagging parties: those that have not followed the contract."""

from collections.abc import Sequence

from contract_tests.drift.run import PairEvidence
from contract_tests.impact import Impact

CONTRACT = "contract"


def lagging_parties(pairs: Sequence[PairEvidence], fails_on: Impact) -> list[str]:
    """The parties that drift from the contract, in the order of the pairs, so that the run fails.

    Two others that drift from each other alone are both named: the contract leaves open which of them is to follow.
    """
    drifting = [(each.pair.one, each.pair.other) for each in pairs if each.fails(fails_on)]
    lagging = [party for parties in drifting if CONTRACT in parties for party in parties if party != CONTRACT]
    for parties in drifting:
        if CONTRACT not in parties and not set(parties) & set(lagging):
            lagging += parties
    return lagging
