"""All checks of one reply, whatever was asked."""

from collections.abc import Iterator

from contract_tests import judge
from contract_tests.proof.checks.answer import Answer, Check, Finding, Seen
from contract_tests.proof.checks.echo import echo, new_job_is_pending
from contract_tests.proof.checks.encoding import reply_is_json
from contract_tests.proof.checks.errors import error_headers, error_shape
from contract_tests.proof.checks.fields import undocumented_fields
from contract_tests.proof.checks.ids import fresh_ids
from contract_tests.proof.checks.status import documented_success, no_redirect
from contract_tests.proof.same_value import NOTHING

CHECKS: tuple[Check, ...] = (
    documented_success,
    no_redirect,
    reply_is_json,
    echo,
    new_job_is_pending,
    fresh_ids,
    undocumented_fields,
    error_shape,
    error_headers,
)


def findings(answer: Answer, seen: Seen) -> Iterator[Finding]:
    """What the checks beyond the schema find in a reply."""
    for check in CHECKS:
        yield from check(answer, seen)


def schema_findings(answer: Answer) -> Iterator[Finding]:
    """Where a success breaks its schema, for requests that do not go through Schemathesis, which checks it itself."""
    if answer.schema is None:
        return
    if answer.media_type != "application/json":
        message = f"expected application/json, got {answer.headers.get('content-type', 'no media type')!r}"
        yield Finding("content_type_conformance", f"reply {answer.status} Content-Type", message, "documented")
    if answer.json is not NOTHING:
        for at, reason in judge.violations(answer.schema, answer.json):
            source = judge.source_of(answer.schema, at)
            yield Finding("response_schema_conformance", f"reply#{at}", reason, source)
