"""The findings as SARIF 2.1.0, which code hosts and editors show at the lines of the contract."""

import hashlib
from collections.abc import Sequence
from typing import Any

from contract_tests.drift.baseline import Entry
from contract_tests.drift.causes import Cause
from contract_tests.drift.location import line_at, line_of, uri_of
from contract_tests.drift.report import finding_lines
from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import Drift
from contract_tests.impact import RULES, Impact
from contract_tests.subject import Subject

LEVELS = {
    Impact.DISAGREE: "error",
    Impact.BREAKS: "error",
    Impact.LOSES: "error",
    Impact.LAXER: "warning",
    Impact.PROTOCOL: "note",
    Impact.GUESS: "note",
}


def as_sarif(pairs: Sequence[PairEvidence], causes: Sequence[Cause], subject: Subject) -> dict[str, Any]:
    """A result for each finding, the gravest first, then for each drift that the baseline accepts.

    What cannot be held is no finding: it is a notification of the run.
    """
    results = [_result_of_cause(cause, subject) for cause in causes]
    results += [_result_of_accepted(drift, entry, subject) for pair in pairs for drift, entry in pair.accepted.items()]
    not_held = [
        {
            "level": "note",
            "message": {"text": f"not held, as {reason}: {place}"},
            "locations": [_location(line_at(place, subject), subject)],
        }
        for pair in pairs
        for place, reason in pair.not_held.items()
    ]
    return {
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "scripts/drift", "rules": [_rule(name) for name in RULES]}},
                "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": not_held}],
                "results": results,
            }
        ],
    }


def _result_of_cause(cause: Cause, subject: Subject) -> dict[str, Any]:
    first, *others = cause.lines(subject)
    return {
        **_judged(cause.rule, cause.impact),
        "message": {"text": "\n".join(finding_lines(cause))},
        "locations": [_location(first, subject)],
        "relatedLocations": [_location(line, subject) for line in others],
        "partialFingerprints": {"cause/v1": _fingerprint(cause.rule, cause.heading, *cause.operations)},
        "properties": {"impact": cause.impact.label, "operations": cause.operations, "places": cause.places},
    }


def _result_of_accepted(drift: Drift, entry: Entry, subject: Subject) -> dict[str, Any]:
    return {
        **_judged(drift.rule, drift.impact),
        "message": {"text": drift.message},
        "locations": [_location(line_of(drift, subject), subject)],
        "partialFingerprints": {"cause/v1": _fingerprint(*map(str, drift.identity))},
        "properties": {"impact": drift.impact.label, "operations": [drift.operation], "places": [drift.place]},
        "suppressions": [{"kind": "external", "justification": f"until {entry.expires}: {entry.reason}"}],
    }


def _judged(rule: str, impact: Impact) -> dict[str, Any]:
    return {"ruleId": rule, "ruleIndex": list(RULES).index(rule), "level": LEVELS[impact]}


def _rule(name: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": rule.heading},
        "defaultConfiguration": {"level": LEVELS[rule.impact]},
        "properties": {"impact": rule.impact.label},
    }


def _location(line: int, subject: Subject) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri_of(subject)}, "region": {"startLine": line}}}


def _fingerprint(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()
