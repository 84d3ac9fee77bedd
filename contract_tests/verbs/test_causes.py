"""What a finding does to callers, and which drifts are one finding: the rules, the faults and the report."""

import io
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
import requests

from contract_tests.drift import report
from contract_tests.drift.causes import causes
from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import CLIENT_SERVER, CONTRACT_SERVER, DOCUMENTS_CONTRACT, Drift, Evidence
from contract_tests.impact import DOCUMENTED_UPLOAD, RAW_REPORT, RULES, Impact, impact_of
from contract_tests.proof.alterations import alterations
from contract_tests.proof.breaches import MISSING, WrongPlace
from contract_tests.proof.checks.answer import Answer, RunHistory
from contract_tests.proof.checks.echo import echo
from contract_tests.proof.inputs import Input
from contract_tests.proof.probe import Probe
from contract_tests.proof.refusals import fault_of
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.traits import faults, is_unusual
from contract_tests.server import Server
from contract_tests.subject import ROOT, Subject, chosen

CALL, VAPI = "POST /v1/call-analysis", "POST /v1/vapi/call"
PLACE = "/data/call/participants/*/name"


def drift(rule: str, fault: str = "", place: str = "reply", operation: str = CALL, **said: Any) -> Drift:
    """A drift of which only that matters."""
    return Drift(operation, place, said.pop("message", "message"), "test: check", rule=rule, fault=fault, **said)


def found(*drifts: Drift) -> list[PairEvidence]:
    """The evidence of a run that met these between contract and server."""
    return [PairEvidence(CONTRACT_SERVER, cases=1, drifts={each: f"command {at}" for at, each in enumerate(drifts)})]


def inputs(pointer: str, *values: Any, known: bool = True) -> list[Input]:
    """Valid inputs of one place."""
    return [Input(pointer, repr(value), value, is_accepted=True, is_known=known) for value in values]


def test_every_rule_is_named_where_something_is_found() -> None:
    """Each rule of the table is told by some module of the proof, and each that one tells is in the table."""
    sources = [*ROOT.joinpath("contract_tests/proof").rglob("*.py"), *ROOT.joinpath("contract_tests").glob("*.py")]
    text = "\n".join(each.read_text(encoding="utf-8") for each in sources if each.name != "impact.py")
    assert [name for name in RULES if f'"{name}"' not in text and name != "disagreement"] == []
    assert set(re.findall(r'rule="([a-z-]+)"', text)) <= set(RULES)


@pytest.mark.parametrize(
    ("rule", "source", "expected"),
    [
        ("valid-request-refused", "documented", Impact.BREAKS),
        ("valid-request-refused", "ours", Impact.BREAKS),
        ("value-dropped", "ours", Impact.LOSES),
        ("invalid-request-accepted", "sdk", Impact.LAXER),
        ("invalid-request-accepted", "ours", Impact.GUESS),
        ("undocumented-field", "ours", Impact.PROTOCOL),
        ("disagreement", "documented", Impact.DISAGREE),
    ],
)
def test_what_only_we_say_weighs_less_where_nobody_is_hurt(rule: str, source: str, expected: Impact) -> None:
    """A rule has one impact; only what is laxer than our own inference is a guess."""
    assert impact_of(rule, source) is expected


LONG = "a" * 300


@pytest.mark.parametrize(
    ("refused", "accepted", "expected"),
    [
        (inputs("/name", "b" * 256, LONG), inputs("/name", "a", "b" * 255), {"a long text"}),
        (inputs("/name", LONG) + inputs("/why", LONG), inputs("/name", "") + inputs("/why", ""), {"a long text"}),
        (inputs("/messages", [1, {}], [2]), inputs("/messages", [3, 4, 5]), {"some values of /messages"}),
        (inputs("/list", ["a"] * 9, [LONG]) + inputs("/name", LONG), inputs("/list", ["a"]) + inputs("/name", "a"),
         {"a large value"}),
        (inputs("/name", "", LONG), inputs("/name", "a"), {"an empty text", "a long text"}),
        (inputs("/participants/0/name", None) + inputs("/participants/1/name", None), [], {"null"}),
        (inputs("/at", "2025-02-11T01:04:32+08:00", "2025-02-11T01:04:32-01:00"), inputs("/at", "2025-02-11T01:04:32Z"),
         {"a date-time with an offset"}),
        (inputs("/at", "2025-02-11T01:04:32+08:00"), inputs("/at", "2025-02-11T01:04:32+00:00"),
         {"a date-time with another offset than zero"}),
        (inputs("/name", "a", "Zoë", "🤖"), inputs("/name", NOTHING), {"whatever /name holds"}),
        (inputs("/name", "Zoë", "é"), inputs("/name", "a"), {"characters beyond ASCII"}),
        (inputs("/name", NOTHING) + inputs("/reason", NOTHING), inputs("/name", "a"), {"a field that is left out"}),
        (inputs("/mood", "a", None, known=False), inputs("/name", "a"), {"a field that no document names"}),
        (inputs("/interface", "WEB"), inputs("/interface", "PHONE"), {"WEB in the place of /interface"}),
        (inputs("/way", "OUTBOUND"), inputs("/way", "INBOUND"), {"OUTBOUND in the place of /way"}),
        (inputs("/status", NOTHING, None), inputs("/status", "ended"), {"a field that is null or left out"}),
        (inputs("/status", None), inputs("/status", NOTHING), {"null"}),
    ],
)  # fmt: skip
def test_inputs_are_refused_for_what_they_have_in_common(
    refused: Sequence[Input], accepted: Sequence[Input], expected: set[str]
) -> None:
    """The fault is what refused inputs have and no accepted one of their place; two mistakes at one place are two."""
    assert set(faults(refused, accepted)) == expected


@pytest.mark.parametrize(("status", "fault"), [(413, "a large value"), (400, "/a and /b together")])
def test_values_that_are_too_large_together_are_one_cause(status: int, fault: str) -> None:
    """What a server takes one by one, and refuses together as too large, is large; else the values are named."""
    operation = next(each for each in chosen().operations if each.label == CALL)
    with requests.Session() as session:
        probe = Probe(Server("http://localhost", "test-token", session, None), RunHistory(), Evidence())
    assert fault_of(operation, [*inputs("/a", "x" * 3000), *inputs("/b", "x" * 3000)], status, probe) == fault


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-02-11T01:04:32+08:00", False),
        ("2025-02-11T01:04:32.123456789Z", False),
        ("2016-12-31T23:59:60Z", True),
        ("2025-02-11t01:04:32z", True),
        ("2025-02-11T01:04:32.123456789012Z", True),
        ("https://user@example.com:8443/a.wav?b=c#d", False),
        ("https://example.com/" + "a" * 3000, False),
        ("s3://bucket/a.wav", True),
        ("Zoë 🤖", False),
        ("a" * 5000, False),
        ("", True),
        (" \t", True),
        ("nul\0nul", True),
        (None, False),
    ],
)
def test_values_that_no_document_speaks_of_are_known(value: Any, expected: bool) -> None:
    """What a competent server may refuse, since nobody documents or sends it, is told from what callers send."""
    assert is_unusual(value) is expected


@pytest.mark.parametrize(
    ("sent", "came", "expected"),
    [
        ("2025-02-11T01:04:32.737Z", "2025-02-11T01:04:32Z", ["the fraction of a date-time is cut to whole seconds"]),
        ("2025-02-11T01:04:32.123456Z", "2025-02-11T01:04:32.123Z",
         ["the fraction of a date-time is cut to milliseconds"]),
        ("2025-02-11T01:04:32+08:00", "2025-02-11T01:04:32Z", ["the offset of a date-time is dropped"]),
        ("2025-02-11T01:04:32+08:00", "2025-02-11T01:04:32", ["the offset of a date-time is dropped"]),
        ("2025-02-11T01:04:32.5+08:00", "2025-02-11T01:04:32Z",
         ["the fraction of a date-time is cut to whole seconds", "the offset of a date-time is dropped"]),
        ("2025-02-11T01:04:32.5+08:00", "2025-02-10T17:04:32Z",
         ["the fraction of a date-time is cut to whole seconds"]),
        ("2025-02-11T01:04:32Z", "2025-02-11T02:04:32Z", ["a date-time becomes another instant"]),
        ("2025-02-11T01:04:32.123456789Z", "2025-02-11T01:04:32.123456Z", [""]),
        ("2025-02-11T01:04:32.123456789Z", "2025-02-11T01:04:32.123457Z", [""]),
        ("2025-12-31T23:59:59.9999999+01:00", "2025-12-31T23:00:00Z", [""]),
        ("2025-02-11T01:04:32.123456Z", "2025-02-11T01:04:32.123457Z", [f"another text at {PLACE}"]),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", [""]),
        ("  Sam ", "Sam", ["spaces around a text are cut"]),
        ("sAm", "sam", ["letters change their case"]),
        (LONG, LONG[:64], ["a long text is cut"]),
        ("Zoe\u0308", "Zo\xeb", ["a text is normalized"]),
        ("<b>", "&lt;b&gt;", ["markup is escaped"]),
        ("Zoë", "Zo?", ["characters beyond ASCII are lost"]),
        ("a", "b", [f"another text at {PLACE}"]),
        (True, "true", ["a boolean becomes a text"]),
        (True, False, [f"another value at {PLACE}"]),
        ("", None, ["an empty text"]),
        ("a", NOTHING, ["fields of /data/call/participants/*"]),
    ],
)  # fmt: skip
def test_change_of_a_value_is_named(sent: Any, came: Any, expected: list[str]) -> None:
    """What became of a value is named by the kind of change; two changes at once are two."""
    assert [fault for _, fault in alterations(sent, came, PLACE)] == expected


def test_drifts_of_one_cause_are_one_finding() -> None:
    """One rule and one fault are one finding with its places, whatever the operation, the check and the pair."""
    number = "a number in the place of a text"
    one = PairEvidence(CONTRACT_SERVER, cases=1)
    one.drifts = {
        drift("reply-unreadable", number, "reply#/data/call/id"): "first",
        drift("reply-unreadable", number, "reply#/data/callId", VAPI, request="curl"): "second",
        drift("reply-unreadable", "a required field is missing, /data"): "third",
    }
    other = PairEvidence(
        CLIENT_SERVER, cases=1, drifts={drift("reply-unreadable", number, "reply#/data/jobId"): "last"}
    )
    whole, missing = causes([one, other])
    assert (whole.operations, whole.command, whole.pairs) == ([VAPI, CALL], "second", [CONTRACT_SERVER, CLIENT_SERVER])
    assert whole.places == ["reply#/data/callId", "reply#/data/call/id", "reply#/data/jobId"]
    assert (
        missing.heading == "the client cannot read the reply to an accepted upload: a required field is missing, /data"
    )


@pytest.mark.parametrize(
    ("whole", "part"),
    [
        (drift("valid-request-refused", DOCUMENTED_UPLOAD), drift("valid-request-refused", "null")),
        (drift("valid-request-refused", DOCUMENTED_UPLOAD), drift("spelling-refused", "of the scheme")),
        (drift("valid-request-fails", "null"), drift("valid-request-refused", RAW_REPORT)),
        (drift("valid-request-refused", "a long text"), drift("unusual-value-refused", "a long text")),
        (drift("value-dropped", "fields of /data"), drift("value-dropped", "an empty text")),
        (
            drift("reply-unreadable", "a required field is missing, in /data", "reply#/data/call"),
            drift("value-dropped", "fields of /data/call/participants", "reply#/data/call/participants/1/name"),
        ),
        (
            drift("valid-request-refused", "a field that is null or left out", "request#/status"),
            drift("valid-request-refused", "null", "request#/status"),
        ),
        (
            drift("reply-unreadable", "a required field is missing, in /data/call", "reply#/data/call/id"),
            drift("value-dropped", "fields of /data/call", "reply#/data/call/endedReason"),
        ),
        (
            drift("value-changed", "another value at /spokeFirst", "reply#/participants/0/spokeFirst"),
            drift("values-swapped", "the two participants", "reply#/participants/1/spokeFirst"),
        ),
        (
            drift("value-dropped", "fields of /data/call", "reply#/data/call/summary"),
            drift("documented-field-missing", place="reply#/data/call/summary"),
        ),
    ],
)
def test_part_of_another_cause_is_no_finding_of_its_own(whole: Drift, part: Drift) -> None:
    """What another cause explains is told with it, in whichever order they were met."""
    for drifts in ((whole, part), (part, whole)):
        (cause,) = causes(found(*drifts))
        assert cause.impact is whole.impact and set(cause.drifts) == {whole, part}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (drift("valid-request-refused", DOCUMENTED_UPLOAD), drift("valid-request-refused", "null", operation=VAPI)),
        (drift("valid-request-refused", DOCUMENTED_UPLOAD), drift("value-dropped", "an empty text")),
        (drift("value-dropped", "fields of /data", "reply#/data/a"),
         drift("value-dropped", "an empty text", "reply#/data/b")),
        (drift("value-changed", "a long text is cut"), drift("value-changed", "markup is escaped")),
        (drift("disagreement"), drift("disagreement", message="another")),
    ],
)  # fmt: skip
def test_causes_that_differ_stay_apart(one: Drift, other: Drift) -> None:
    """Two mistakes are two findings, even at one place."""
    assert len(causes(found(one, other))) == len({one.identity, other.identity})


def test_gravest_comes_first_and_the_lesser_are_folded() -> None:
    """What fails the run is listed from the gravest on; of the rest a line says how many, until all is asked for."""
    listed = [
        drift("undocumented-field"),
        drift("value-dropped", "fields of /data"),
        drift("invalid-request-accepted", "null"),
        drift("valid-request-refused", "null", source="ours"),
    ]
    told = causes(found(*listed))
    assert [each.impact.label for each in told] == ["breaks", "loses", "laxer", "protocol"]
    folded = report.findings(told, Subject(fail_on=Impact.LOSES), unfold=False)
    assert re.findall(r"^\d\. (.*):", folded, re.MULTILINE) == [
        "breaks, by our guess only (x-source: ours): a valid request is refused",
        "loses: a value does not come back",
    ]
    assert "\nlaxer: 1 more, " in folded and "\nprotocol: 1 more, " in folded
    assert (
        len(re.findall(r"^\d\. ", report.findings(told, Subject(fail_on=Impact.LOSES), unfold=True), re.MULTILINE)) == 4
    )


def test_run_agrees_where_nobody_is_hurt() -> None:
    """A pair with lesser findings alone agrees, with their count; a disagreement fails, whatever is asked for."""
    pairs = found(drift("undocumented-field"))
    assert not pairs[0].fails(Impact.LOSES) and pairs[0].fails(Impact.GUESS)
    assert "agree, 1 protocol" in report.table(pairs, causes(pairs), Impact.LOSES, io.StringIO())
    other = PairEvidence(DOCUMENTS_CONTRACT, drifts={drift("disagreement"): ""})
    assert other.fails(Impact.BREAKS)


@pytest.mark.parametrize(
    ("pointer", "unknown_value", "fault", "expected"),
    [
        ("/data/status", True, "a value that the enum does not list", "at /data/status"),
        ("/data/call/participants/1/role", False, MISSING, f"{MISSING}, in /data/call/participants/*"),
        ("/data", False, MISSING, f"{MISSING}, in the whole reply"),
        ("/data/call/id", False, "a number in the place of a text", "a number in the place of a text"),
    ],
)
def test_fault_of_a_reply_names_a_place_where_that_is_the_fault(
    pointer: str, unknown_value: bool, fault: str, expected: str
) -> None:
    """What is missing is told by its object and what is not listed by its place; a wrong type is one wherever it is."""
    wrong = WrongPlace(pointer, unknown_value=unknown_value, optional=None, passthrough=False, fault=fault)
    assert wrong.fault_of_reply == expected


PARTICIPANTS = [{"role": "AGENT", "spokeFirst": True}, {"role": "CUSTOMER"}]


@pytest.mark.parametrize(
    ("came", "expected"),
    [
        ([{"role": "CUSTOMER"}, {"role": "AGENT", "spokeFirst": True}], {"the two participants"}),
        ([{"role": "CUSTOMER", "spokeFirst": False}, {"role": "AGENT", "spokeFirst": True}], {"the two participants"}),
        ([{"role": "AGENT", "spokeFirst": False}, {"role": "CUSTOMER", "spokeFirst": True}],
         {"the spokeFirst of participants"}),
    ],
)  # fmt: skip
def test_swap_is_told_as_one(came: list[Any], expected: set[str]) -> None:
    """Participants that change their places are one fault, also where the server completes who spoke first."""
    operation = Subject().operation(CALL)
    assert operation is not None
    sent = {**operation.example(), "participants": PARTICIPANTS}
    said = {name: sent[name] for name in ("callDirection", "startedAt")}
    reply = {"data": {"call": {**said, "isTest": False, "participants": came}}}
    answer = Answer(operation, "POST", sent, 200, {"content-type": "application/json"}, json.dumps(reply).encode())
    assert {each.fault for each in echo(answer, RunHistory())} == expected


def test_smallest_plain_request_shows_a_drift() -> None:
    """Of several requests that meet one drift the shortest is shown, a plain one before an odd one."""
    evidence = Evidence()
    for request in ("curl a long one", "curl \uffff", "curl a"):
        evidence.drift(operation=CALL, place="reply", message="m", request=request, rule="value-dropped", kind="one")
    assert [each.request for each in evidence.drifts] == ["curl a"]
