"""Which parties can be held against each other: of operations that are not ours, no document and no mock speaks."""

from roark_mock.operations import OPERATIONS

from contract_tests.documents import read_documents
from contract_tests.evidence import CLIENT_SERVER, CONTRACT_CLIENT, CONTRACT_SERVER, PAIRS, Pair
from contract_tests.subject import Subject


def judged(subject: Subject) -> tuple[Pair, ...]:
    """The pairs that a run of the proof is about. Raises DocumentError where a document cannot be read."""
    known = {each.operation for each in read_documents(subject.documents)} | {each.label for each in OPERATIONS}
    if subject.spec == Subject.spec or any(each.label in known for each in subject.operations):
        return PAIRS
    return (CONTRACT_CLIENT, CONTRACT_SERVER, CLIENT_SERVER) if subject.server_url else (CONTRACT_CLIENT,)


def unjudged(subject: Subject) -> str | None:
    """Why some pairs are not judged, and which; None where all are."""
    left_out = [str(each) for each in PAIRS if each not in judged(subject)]
    if not left_out:
        return None
    nobody = "no document" if subject.server_url else "no document and no mock"
    hint = "" if subject.server_url else "; name a server with --server"
    return f"{nobody} knows an operation of this contract, so {', '.join(left_out)} cannot be judged{hint}"
