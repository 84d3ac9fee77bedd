"""Which operations can be held against the contract: those of whose requests and replies a value can be made."""

from functools import cache

from contract_tests.contents import sent, successes
from contract_tests.proof.parameters import fitting_values
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import whole
from scripts.contract import Operation


def is_held(operation: Operation) -> bool:
    """Whether an operation can be called, and replied to, as the contract says."""
    return not unheld(operation)


@cache
def unheld(operation: Operation) -> tuple[str, ...]:
    """The JSON pointers of the schemas of an operation that keep it from being held: no value of them is found."""
    bodies = [sent(operation), *(content for _, content in successes(operation))]
    found = [each.schema for each in bodies if each is not None and whole(each) is NOTHING]
    return (*found, *(each.schema for each in operation.parameters if each.is_required and not fitting_values(each)))


def unheld_parameters(operation: Operation) -> list[str]:
    """The same of parameters that may be left out, without which the operation is held."""
    return [each.schema for each in operation.parameters if not each.is_required and not fitting_values(each)]
