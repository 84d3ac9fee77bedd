"""Asking the server what no generator would, and checking each reply in every way."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from requests import PreparedRequest, Request

from contract_tests import judge
from contract_tests.evidence import Evidence
from contract_tests.proof.checks import strict_json
from contract_tests.proof.checks.answer import Answer, Finding, RunHistory
from contract_tests.proof.checks.every_reply import findings, schema_findings
from contract_tests.proof.curl import as_curl
from contract_tests.proof.parameters import least_values, written
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import sample_body
from contract_tests.server import REPLY_SECONDS, NoAnswerError, NotSentError, Server
from contract_tests.subject import chosen
from scripts.contract import Operation


@dataclass(frozen=True)
class CheckedExchange:
    """A request, its reply and what the checks found in it."""

    request: PreparedRequest = field(repr=False)
    answer: Answer
    findings: tuple[Finding, ...]

    @property
    def status(self) -> int:
        """The status of the reply."""
        return self.answer.status

    def curl(self) -> str | None:
        """The command that asks the same again, without the token."""
        return as_curl(self.request)


@dataclass(frozen=True)
class Probe:
    """Sends the requests of one test: to which server, what it has replied so far, and where drift is reported."""

    server: Server = field(repr=False)  # Hypothesis shows what a test was given, and warns if that is long
    history: RunHistory = field(repr=False)
    evidence: Evidence = field(repr=False)

    def ask(
        self,
        operation: Operation,
        *,
        value: Any = NOTHING,
        body: bytes | None = None,
        method: str | None = None,
        path: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> CheckedExchange:
        """Send `value` as JSON, or `body` as it is; without both, what the contract shows of the operation.

        A header of None is not sent. Raises NoAnswerError, and NotSentError where the gate keeps it back.
        """
        self.evidence.case()
        if body is None:
            value = sample_body(operation) if value is NOTHING else value
            body = None if value is NOTHING else json.dumps(value, ensure_ascii=False).encode()
        server, verb = self.server, (method or operation.method).upper()
        stated = written(operation, least_values(operation))
        url = server.url + (stated.target if path is None else path)
        own = {} if body is None else {"Content-Type": "application/json"}
        given = {"Authorization": f"Bearer {server.token}", **own, **stated.headers, **(headers or {})}
        sent = {name: each for name, each in given.items() if each is not None}
        request = server.session.prepare_request(Request(verb, url, headers=sent, data=body))
        try:
            response = server.exchange(
                lambda: server.session.send(request, timeout=REPLY_SECONDS, allow_redirects=False)
            )
        except NoAnswerError as error:
            error.request = request
            raise
        answered = {name.lower(): each for name, each in response.headers.items()}
        sent_json = strict_json.value_of(body or b"") if value is NOTHING else value
        answer = Answer(operation, verb, sent_json, response.status_code, answered, response.content)
        found = (*findings(answer, self.history), *schema_findings(answer))
        return CheckedExchange(request, answer, found)

    def report(self, exchange: CheckedExchange, what: str = "") -> None:
        """Report what the checks found in one reply; `what` says which request it was the reply to."""
        report_findings(exchange.findings, exchange.answer.operation, exchange.curl, self.evidence, what)

    def expect(
        self,
        operation: Operation,
        *,
        what: str,
        status: str,
        place: str,
        check: str,
        source: str,
        rule: str,
        fault: str = "",
        **request: Any,
    ) -> CheckedExchange | None:
        """Ask, report what the checks find, and a status that is not as expected: `200`, `4XX`, or `no 5XX`.

        A success of an operation that names a thing may be a 404 as well. `rule` and `fault` are those of a `Drift`, of
        a server that refuses what it should take or takes what it should refuse.

        Returns None where no answer came, which is reported too, or where the gate before a real service kept it back.
        """
        is_valid = status.startswith("2")
        where: dict[str, Any] = {"operation": operation.label, "source": source}
        try:
            exchange = self.ask(operation, **request)
        except NotSentError:
            return None
        except NoAnswerError as error:
            rule = "valid-request-fails" if is_valid else "invalid-request-fails"
            where |= {"place": "reply", "kind": "answers", "check": "answers", "rule": rule, "fault": "no answer"}
            self.evidence.drift(message=f"{what}: {error}", request=as_curl(error.request), **where)
            return None
        self.report(exchange, what)
        come = {str(exchange.status), f"{exchange.status // 100}XX"}
        if exchange.status == 404 and operation.names_a_thing:
            come.add(operation.success)  # only a right request is told that there is no such thing
        if status not in come if status != "no 5XX" else "5XX" in come:
            rule, fault = _weighed(rule, fault, exchange, is_valid=is_valid)
            where |= {"place": place, "check": check, "rule": rule, "fault": fault, "request": exchange.curl()}
            self.evidence.drift(message=f"{what}: expected {status}, got {exchange.status}", **where)
        return exchange


def first_history(server: Server) -> RunHistory:
    """What each run has seen before its first test: of each operation an upload, and errors.

    So a test that runs alone finds what it finds among others, where replies are compared with each other.
    """
    probe = Probe(server, RunHistory(), Evidence())
    for operation in chosen().operations:
        requests: list[dict[str, Any]] = [] if chosen().is_remote else [{}]  # which would be an upload
        if operation.has_body and not judge.is_valid(operation.request_schema(), {}):
            requests.append({"value": {}})
        for request in (*requests, {"headers": {"Authorization": None}}):
            with suppress(NoAnswerError, NotSentError):
                probe.ask(operation, **request)
    return probe.history


def _weighed(rule: str, fault: str, exchange: CheckedExchange, *, is_valid: bool) -> tuple[str, str]:
    """The rule and the fault of an unexpected status, which a server may miss the expected one by in several ways."""
    if exchange.answer.is_success and is_valid:
        return "undocumented-status", f"a success of {exchange.status}"
    if 300 <= exchange.status <= 399 and rule != "valid-request-refused":
        return "redirect", ""
    if is_valid:
        return ("valid-request-fails" if rule == "valid-request-refused" and exchange.status >= 500 else rule), fault
    if 200 <= exchange.status <= 299:
        return rule, fault
    return ("invalid-request-fails", "") if exchange.status >= 500 else ("refused-otherwise", f"by a {exchange.status}")


def report_findings(
    found: Iterable[Finding], operation: Operation, curl: Callable[[], str | None], evidence: Evidence, what: str = ""
) -> None:
    """Report findings, each place and check once."""
    for each in found:
        evidence.drift(
            operation=operation.label,
            place=each.place,
            message=f"{what}: {each.message}" if what else each.message,
            request=curl(),
            kind=each.check,
            check=each.check,
            rule=each.rule,
            fault=each.fault,
            source=each.source,
        )
