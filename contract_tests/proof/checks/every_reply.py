"""All checks of one reply, whatever was asked."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from types import FunctionType
from typing import get_type_hints

from contract_tests import judge
from contract_tests.impact import RULES, Impact
from contract_tests.proof import checks
from contract_tests.proof.breaches import wrong_places
from contract_tests.proof.checks.answer import Answer, Check, Finding, RunHistory
from contract_tests.proof.same_value import NOTHING

SIGNATURE = [Answer, RunHistory, Iterator[Finding]]


def _found() -> Iterator[Check]:
    """Every check of this package, module by module: a public function that is known by its type."""
    for module in sorted(pkgutil.walk_packages(checks.__path__, f"{checks.__name__}.")):
        if module.name == __name__:
            continue
        for function in vars(importlib.import_module(module.name)).values():
            if isinstance(function, FunctionType) and function.__module__ == module.name and is_check(function):
                yield function


def is_check(function: FunctionType) -> bool:
    """Whether a function is a check: it takes an answer and what was seen, and yields what it finds."""
    return not function.__name__.startswith("_") and list(get_type_hints(function).values()) == SIGNATURE


CHECKS: tuple[Check, ...] = tuple(_found())


def findings(answer: Answer, history: RunHistory) -> Iterator[Finding]:
    """What the checks beyond the schema find in a reply."""
    for check in CHECKS:
        for found in check(answer, history):
            yield weighed(found, answer)


def weighed(found: Finding, answer: Answer) -> Finding:
    """A finding as it is weighed: what a server says to a request that it should have refused hurts no caller."""
    if answer.breach is None or RULES[found.rule].impact < Impact.LOSES:
        return found
    is_json = answer.sent is not NOTHING
    return replace(
        found,
        place=f"request#{answer.breach.pointer}",
        message=f"an invalid request was accepted, and {found.place} is wrong as well: {found.message}",
        rule="invalid-request-accepted" if is_json else "no-json-accepted",
        fault=answer.breach.fault_of_request if is_json else "",
    )


def schema_findings(answer: Answer) -> Iterator[Finding]:
    """Where a success breaks its schema, for requests that do not go through Schemathesis, which checks it itself."""
    if answer.schema is None:
        return
    if answer.media_type != "application/json":
        message = f"expected application/json, got {answer.headers.get('content-type', 'no media type')!r}"
        where = f"reply {answer.status} Content-Type"
        yield Finding("content_type_conformance", where, message, "documented", rule="undocumented-media-type")
    if answer.json is not NOTHING:
        reasons = dict(reversed(judge.violations(answer.schema, answer.json)))
        for wrong in wrong_places(answer.schema, answer.json):
            source = judge.source_of(answer.schema, wrong.pointer)
            where, what = f"reply#{wrong.pointer}", {"rule": wrong.rule_of_reply, "fault": wrong.fault_of_reply}
            found = Finding("response_schema_conformance", where, reasons[wrong.pointer], source, **what)
            yield weighed(found, answer)
