"""A success has the documented status, and nothing is redirected."""

from collections.abc import Iterator

from contract_tests.proof.checks.answer import Answer, Finding, RunHistory


def documented_success(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """A success has a documented status of success; the `default` of the contract is for errors."""
    documented = [status for status in answer.operation.statuses if status.startswith("2")]
    if answer.is_success and not {str(answer.status), "2XX"} & set(documented):
        message = f"expected {' or '.join(documented)} for an accepted upload, got {answer.status}"
        yield Finding(
            "documented_success",
            "reply status",
            message,
            "documented",
            rule="undocumented-status",
            fault=f"a success of {answer.status}",
        )


def no_redirect(answer: Answer, _: RunHistory) -> Iterator[Finding]:
    """No request is redirected: an upload could reach another machine, or arrive as a GET."""
    if 300 <= answer.status <= 399:
        message = f"a redirect ({answer.status}) to {answer.headers.get('location', 'nowhere')[:200]!r}"
        yield Finding("no_redirect", "reply status", message, rule="redirect")
