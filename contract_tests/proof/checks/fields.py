"""Fields that no document knows."""

from collections.abc import Iterator

from contract_tests import judge
from contract_tests.proof.checks.answer import Answer, Finding, RunHistory


def undocumented_fields(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """A reply has no field that the contract does not name: the server may have moved on."""
    if answer.schema and isinstance(answer.json, dict):
        for pointer in judge.unknown_fields(judge.schema(answer.schema), answer.json):
            yield Finding(
                "undocumented_fields", f"reply#{pointer}", "nobody documented this field", rule="undocumented-field"
            )
