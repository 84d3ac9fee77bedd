"""Which operations can be held against the contract: those of whose requests and replies a value can be made."""

from collections.abc import Iterator
from functools import cache

from contract_tests import judge
from contract_tests.contents import Form, sent, successes
from contract_tests.proof.parameters import fitting_values
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import unsampled, whole
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


def unheld_fields(operation: Operation) -> Iterator[str]:
    """The same of fields that may be left out, each by its place in the request or the reply.

    Of `false` no value is wanted.
    """
    bodies = [("request", sent(operation)), *(("reply", content) for _, content in successes(operation))]
    for part, content in bodies:
        if content is not None and content.form is Form.JSON and whole(content) is not NOTHING:
            for place, field in unsampled(content.schema).items():
                if judge.follow(field) != {"not": {}}:
                    yield f"{operation.label} {part}#{place}"


def unheld_parameters(operation: Operation) -> list[str]:
    """The same of parameters that may be left out, without which the operation is held."""
    return [each.schema for each in operation.parameters if not each.is_required and not fitting_values(each)]
