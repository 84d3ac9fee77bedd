"""Whether a server knows an operation at all. Of one that it does not, that is all there is to find."""

from contract_tests.evidence import Evidence
from contract_tests.proof.checks.answer import RunHistory
from contract_tests.proof.probe import Probe
from contract_tests.server import NoAnswerError, Server
from contract_tests.subject import chosen
from scripts.contract import Operation

NOT_SERVED = (404, 405, 501)


def is_served(operation: Operation, server: Server) -> bool:
    """Whether a server knows an operation, by its answer to what the contract shows of it.

    A server on another machine is not asked, since that may be an upload.
    """
    if chosen().is_remote:
        return True
    if operation.label not in server.served:
        server.served[operation.label] = _answers(operation, Probe(server, RunHistory(), Evidence()))
    return server.served[operation.label]


def _answers(operation: Operation, probe: Probe) -> bool:
    try:
        if probe.ask(operation).status not in NOT_SERVED:
            return True
        # Of a thing that is not there, 404 is a right answer; but not to who is not let in.
        nobody = {"Authorization": None}
        return operation.names_a_thing and probe.ask(operation, headers=nobody).status not in NOT_SERVED
    except NoAnswerError:
        return True  # which the tests meet again, and report
