"""Which operations can be held against the contract: those of whose requests and replies a value can be made."""

from collections.abc import Iterator
from functools import cache

from contract_tests.proof.parameters import fitting_values
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import complete
from scripts.contract import Operation


def is_held(operation: Operation) -> bool:
    """Whether an operation can be called, and replied to, as the contract says."""
    return not unheld(operation)


@cache
def unheld(operation: Operation) -> tuple[str, ...]:
    """The JSON pointers of the schemas of an operation that keep it from being held: no value of them is found."""
    return tuple(_unheld(operation))


def unheld_parameters(operation: Operation) -> list[str]:
    """The same of parameters that may be left out, without which the operation is held."""
    return [each.schema for each in operation.parameters if not each.is_required and not fitting_values(each)]


def _unheld(operation: Operation) -> Iterator[str]:
    schemas = [operation.request_schema()] if operation.has_body else []
    schemas += [operation.success_schema()] if operation.has_reply else []
    yield from (each for each in schemas if complete(each) is NOTHING)
    yield from (each.schema for each in operation.parameters if each.is_required and not fitting_values(each))
