"""Requests: whatever way a value is given, it arrives as the same JSON; what does not fit is not sent."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from roark_client import UNSET
from roark_client.models import (
    CallAnalysisRequest,
    InterfaceType,
    ParticipantInput,
    ParticipantRole,
    VapiCallProperties,
    VapiEndOfCallReport,
)
from roark_client.schema import INTEGER, STRING, Array, Union

from contract_tests import judge
from contract_tests.client.in_process import Server, documented_reply
from contract_tests.client.other_libraries import NumpyScalar
from contract_tests.client.samples import REPORT, UPLOAD
from contract_tests.proof import client
from contract_tests.proof.breaches import WrongPlace
from contract_tests.proof.parametrized import with_body
from contract_tests.proof.places import place_of
from contract_tests.proof.same_value import differences, to_the_letter, to_the_microsecond
from contract_tests.proof.values import breaking, fitting, generously, text_of
from contract_tests.subject import Subject, chosen
from scripts.contract import Operation, pointer_of, pointer_parts, reference

SERVER = Server()


@pytest.fixture
def unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of drifts are not for the log."""
    monkeypatch.setattr(logging.getLogger("roark_client.drift"), "disabled", True)


# --- Any request ------------------------------------------------------------------------------------


@st.composite
def as_given(draw: st.DrawFn, schema: judge.Schema, value: Any) -> Any:
    """A JSON value in one of the ways in which a caller may give it: models, Python names, members, date-times."""
    if schema.get("x-passthrough"):
        model = _model(schema)
        return draw(st.sampled_from((value, MappingProxyType(value), model.from_dict(value))))
    refers = next((each for each in (schema, *schema.get("oneOf", ())) if "$ref" in each), schema)
    parts = list(judge.alternatives(schema))
    if isinstance(value, str) and "enum" in parts[-1]:
        return draw(st.sampled_from((value, _model(refers)(value))))
    if isinstance(value, str) and schema.get("format") == "date-time":
        return draw(st.sampled_from((value, datetime.fromisoformat(value.upper()))))
    if isinstance(value, list) and "items" in parts[0]:
        items = [draw(as_given(parts[0]["items"], item)) for item in value]
        return draw(st.sampled_from((items, tuple(items))))
    if not isinstance(value, dict) or not {"properties", "additionalProperties"} & parts[0].keys():
        return value
    fields = parts[0].get("properties", {})
    inner = {name: draw(as_given(fields[name], each)) if name in fields else each for name, each in value.items()}
    in_python = {client.python_name(name) if name in fields else name: each for name, each in inner.items()}
    ways = [value, inner, in_python, MappingProxyType(inner), _model(refers).from_dict(value)]
    ways.append(
        {client.python_name(name) if draw(st.booleans()) and name in fields else name: inner[name] for name in inner}
    )
    if value.keys() <= fields.keys():
        ways.append(_model(refers)(**in_python))
    return draw(st.sampled_from(ways))


@st.composite
def uploads(draw: st.DrawFn, schema: str) -> tuple[Any, dict[str, Any], Any]:
    """A JSON body that fits, the facade's arguments for it, and the lower layer's body."""
    value = draw(fitting(schema, unknown=True))
    fields = judge.follow({"$ref": reference(schema)})["properties"]
    arguments = {
        client.python_name(name): draw(as_given(fields[name], value[name])) for name in fields if name in value
    }
    if extra := {name: each for name, each in value.items() if name not in fields}:
        arguments["extra_body"] = extra
    return value, arguments, draw(as_given({"$ref": reference(schema)}, value))


@pytest.mark.usefixtures("unlogged")
@with_body
def test_fitting_request_arrives_as_it_was_given(operation: Operation) -> None:
    """A body that fits arrives as the same JSON value, through both layers, in whatever way its parts are given.

    Fields that the contract does not name are reported, as they may be slips of the pen; not those of raw Vapi data.
    """
    schema = operation.request_schema()
    fields = judge.follow({"$ref": reference(schema)})["properties"]
    raw = tuple(f"/{name}/" for name, field in fields.items() if field.get("x-passthrough"))
    SERVER.reply = documented_reply(operation)

    @seed(chosen().seed)
    @generously
    @given(uploads(schema))
    def check(upload: tuple[Any, dict[str, Any], Any]) -> None:
        value, arguments, body = upload
        assert not judge.violations(schema, value)
        unknown = [at for at in judge.unknown_fields(judge.schema(schema), value) if not at.startswith(raw)]
        SERVER.upload(operation, **arguments)
        assert is_same(value, SERVER.received())
        _check_told(value, [at for at in unknown if at.count("/") > 1])  # not what is given on purpose, as extra_body
        SERVER.upload_body(operation, body)
        assert is_same(value, SERVER.received())
        _check_told(value, unknown)

    check()


@pytest.mark.usefixtures("unlogged")
@with_body
def test_breaking_request_is_not_sent(operation: Operation) -> None:
    """A body that breaks the schema is refused by argument before anything is sent, but for what raw data may lack."""
    schema = operation.request_schema()
    fields = judge.follow({"$ref": reference(schema)})["properties"]
    SERVER.reply = documented_reply(operation)

    @seed(chosen().seed)
    @generously
    @given(breaking(schema))
    def check(broken: tuple[Any, list[WrongPlace]]) -> None:
        value, wrong = broken
        ways: list[tuple[Any, dict[str, Any]]] = [(SERVER.upload_body, {"body": value})]
        if isinstance(value, dict) and value.keys() <= fields.keys():
            ways.append((SERVER.upload, {client.python_name(name): each for name, each in value.items()}))
        for upload, arguments in ways:
            if all(each.passthrough and each.optional for each in wrong):
                upload(operation, **arguments)
                assert text_of(SERVER.received()) == text_of(value)
                assert not SERVER.told()
            else:
                with pytest.raises((TypeError, ValueError)) as refused:
                    upload(operation, **arguments)
                assert not SERVER.requests
                assert not SERVER.events
                _check_message(str(refused.value), wrong)

    check()


def _check_told(value: Any, unknown: list[str]) -> None:
    told = {(part, kind, place_of(at, value)) for part, kind, at in SERVER.told()}
    assert told == {("request", "unknown field", place_of(at, value)) for at in unknown}


def _check_message(message: str, wrong: list[WrongPlace]) -> None:
    named = {_argument(each.pointer) for each in wrong}
    if "requires it" in message:  # what the facade misses before it looks at anything
        assert named >= set(message.split(":")[0].split(", "))
    elif "the envelope around it" in message:
        assert {name.split("/")[0] for name in named} == {message.split(":")[0]}
    else:
        assert {line.split(": expected ")[0] for line in message.split("\n")} == named


def is_same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal to the letter, date-times as instants to the microsecond."""
    return not any(differences(one, other, same=_alike))


def _alike(one: Any, other: Any) -> bool:
    return to_the_letter(one, other) or (isinstance(one, str) and to_the_microsecond(one, other))


def _argument(pointer: str) -> str:
    """`participants/0/role`: an argument's name in Python, and a pointer into its value."""
    first, *rest = pointer_parts(pointer) or ["the body"]
    return "/".join([client.python_name(first) if pointer else first, *rest])


def _model(schema: judge.Schema) -> Any:
    return client.class_at(pointer_of(schema["$ref"]))


# --- Raw Vapi reports -------------------------------------------------------------------------------

VAPI = next(each for each in Subject().operations if each.label == "POST /v1/vapi/call")
REPORTS = sorted((Path(__file__).parent.parent / "vapi_reports").glob("*.json"))

# What a report may hold that a careless client bends.
ODD: dict[str, Any] = {
    "floats": [1e308, 5e-324, -0.0, 0.1, 1.0, 1e16, 123456789.123456789],
    "integers": [0, -1, 2**53 + 1, 2**64, -(10**400)],
    "text": [
        "",
        "\0",
        "\x7f",
        "\u2028",
        "😀",
        "\ud83d",
        "\udc00 \ud800",
        "</script>",
        "null",
        "1",
        "2025-02-11T01:04:32Z",
    ],
    "names": {
        "": 1,
        " ": 2,
        "a/b~c": 3,
        "phone_number": 4,
        "phoneNumber": 5,
        "type_": 6,
        "__class__": 7,
        "\ud83d": 8,
        "self": 9,
    },
    "nothing": [None, {}, [], [[]], [{}], False],
    "order": {"z": 1, "a": 2, "m": {"z": 1, "a": 2}},
    "deep": [[[[[{"deeper": [[[[None]]]]}]]]]],
}


def send_report(report: Any, **more: Any) -> None:
    """Upload a raw Vapi report."""
    SERVER.reply = documented_reply(VAPI)
    SERVER.upload(VAPI, vapi_end_of_call_report_payload=report, **more)


def received_report() -> str:
    """The report that came, as text in its own order."""
    return json.dumps(SERVER.received()["vapiEndOfCallReportPayload"])


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_vapi_report_goes_out_as_it_came(path: Path) -> None:
    """What Vapi really sends goes out as the same JSON value, in the same order, given as it came or as a model."""
    report = json.loads(path.read_text(encoding="utf-8"))
    send_report(report)
    assert received_report() == json.dumps(report)
    send_report(VapiEndOfCallReport.from_dict(report))
    assert text_of(SERVER.received()["vapiEndOfCallReportPayload"]) == text_of(report)
    assert not SERVER.events


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("field", ["analysis", "fromTomorrow"])
def test_odd_values_of_a_vapi_report_go_out_as_they_came(name: str, field: str) -> None:
    """Whatever JSON can say goes out to the letter, in fields that the contract names and in others."""
    report = {**REPORT, field: ODD[name]}
    send_report(report, properties={"odd": ODD[name]})
    assert received_report() == json.dumps(report)
    assert json.dumps(SERVER.received()["properties"]) == json.dumps({"odd": ODD[name]})
    assert not SERVER.events


def test_names_in_a_vapi_report_are_not_converted() -> None:
    """A field of a report that is called as another is in Python keeps its name, beside the other or without it."""
    report = {**REPORT, "type_": 1, "started_at": "now", "phone_number": {}, "phoneNumber": {"number": "1"}}
    send_report(report)
    assert received_report() == json.dumps(report)


@pytest.mark.parametrize("depth", [100, 700])
def test_deep_vapi_report_goes_out(depth: int) -> None:
    """A report may be nested as deep as Python reads JSON."""
    report = {**REPORT, "deep": json.loads('{"a":[' * (depth // 2) + "]}" * (depth // 2))}
    send_report(report)
    assert received_report() == json.dumps(report)


def test_vapi_report_without_an_end_is_not_sent() -> None:
    """A report that holds itself is refused before anything is sent."""
    endless: list[Any] = []
    endless += [endless, endless]
    with pytest.raises(ValueError, match="holds itself"):
        send_report({**REPORT, "endless": endless})
    assert not SERVER.requests


def test_vapi_report_is_not_touched() -> None:
    """The caller's own report is not changed, nor read again once it is sent."""
    report = json.loads(json.dumps({**REPORT, "customer": {"number": 5}, "more": [{}]}))
    before = json.dumps(report)
    send_report(report)
    assert json.dumps(report) == before


def test_incomplete_report_is_no_envelope() -> None:
    """A report that lacks something required is told what, and not taken for an envelope around one of its parts."""
    report = {"call": {"id": "call-123", "type": "inboundPhoneCall"}}
    with pytest.raises(ValueError, match="vapi_end_of_call_report_payload/type: expected a string; it is required"):
        send_report(report)


def test_iterator_is_used_once_for_all_alternatives() -> None:
    """An iterator given where one of several arrays fits is sent whole."""
    either = Union(Array(INTEGER), Array(STRING))
    assert either.write(iter(["a", "b"]), None) == ["a", "b"]


@pytest.mark.parametrize("key", ["message", "body"])
def test_envelope_of_the_webhook_is_refused(key: str) -> None:
    """The whole webhook body given for the report is an error that says what to give instead."""
    with pytest.raises(ValueError, match="envelope") as refused:
        send_report({key: REPORT, "timestamp": 1})
    assert str(refused.value) == (
        f"vapi_end_of_call_report_payload: expected the object inside {key!r}, "
        f"got the envelope around it; give [{key!r}]"
    )
    assert not SERVER.requests


class Mood(StrEnum):
    """Text of an application's own."""

    CALM = "calm"


# What no contract would have in an optional part of a report, or Python's JSON encoder writes in its own way.
TOLERATED: list[dict[str, Any]] = [
    {"status": 5},
    {"customer": "+15550001234"},
    {"artifact": {"messages": [{"role": "bot"}, {"role": 5}]}},
    {"artifact": {"messages": {}}},
    {"call": {"id": "c", "monitor": {"listenUrl": False}}},
    {"startedAt": 1739235872},
    {"more": {2: 2, True: 3, None: 4, 1.5: 5}},
    {"more": ("a", {"b": (1,)})},
    {"half": "\ud83d", "mood": Mood.CALM},
]


@pytest.mark.parametrize("part", TOLERATED)
def test_optional_part_of_a_report_goes_out_unread(part: dict[str, Any]) -> None:
    """What is in an optional part of a report is Vapi's: it goes out as `json.dumps` writes it, and is not told."""
    report = {**REPORT, **part}
    send_report(report)
    assert received_report() == json.dumps(report)
    assert not SERVER.told()


@pytest.mark.parametrize("beside", [None, MappingProxyType({})], ids=["written as it is", "copied"])
def test_keys_become_text_wherever_a_mapping_is_free(beside: Any) -> None:
    """A key that is a number is its text in a report, in properties and in further fields, copied or not."""
    free = {1: "a", "beside": beside}
    said: dict[str, Any] = {"1": "a", "beside": None if beside is None else {}}
    SERVER.reply = documented_reply(CALL)
    SERVER.upload(CALL, **{**UPLOAD, "properties": {**free, "in": free}, "extra_body": {"more": free}})
    sent = SERVER.received()
    assert (sent["properties"], sent["more"]) == ({**said, "in": said}, said)
    send_report({**REPORT, "more": free})
    assert json.loads(received_report())["more"] == said


def test_nothing_of_a_report_is_read_but_what_is_required() -> None:
    """A report is asked for what the contract requires, and else only by the encoder, once."""
    asked: list[str] = []

    class Watched(dict[str, Any]):
        def __getitem__(self, key: str) -> Any:
            asked.append(key)
            return super().__getitem__(key)

        def get(self, key: str, default: Any = None) -> Any:
            asked.append(key)
            return super().get(key, default)

        def __iter__(self) -> Iterator[str]:
            asked.append("all")
            return super().__iter__()

        def items(self) -> Any:
            asked.append("items")
            return super().items()

    send_report(Watched({**REPORT, "call": Watched(REPORT["call"]), "artifact": Watched(messages=[Watched()])}))
    assert received_report() == json.dumps({**REPORT, "artifact": {"messages": [{}]}})
    assert sorted(asked) == ["call", "id", *["items"] * 3, "type"]


# A value that is no plain one of JSON's, and what goes out.
NOT_PLAIN: dict[str, tuple[Any, Any]] = {
    "a mapping": (MappingProxyType({"a": [1]}), {"a": [1]}),
    "a number of another library": (NumpyScalar(1), 1),
    "values of enums": (
        MappingProxyType({"status": HTTPStatus.OK, "mood": Mood.CALM}),
        {"status": 200, "mood": "calm"},
    ),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_goes_out_in_a_report(name: str) -> None:
    """A report may hold mappings and numbers of other libraries, and values of enums: it is copied then."""
    value, expected = NOT_PLAIN[name]
    send_report({**REPORT, "more": [value]})
    assert json.loads(received_report()) == {**REPORT, "more": [expected]}


# What is no report, and the argument that the error names.
NO_REPORTS: list[tuple[Any, type[Exception], str]] = [
    (None, TypeError, ""),
    ("{}", TypeError, ""),
    ([REPORT], TypeError, ""),
    ({}, ValueError, "/type"),
    ({"type": "end-of-call-report"}, ValueError, "/call"),
    ({"type": "end-of-call-report", "call": {}}, ValueError, "/call/id"),
    ({"type": None, "call": {"id": "c"}}, TypeError, "/type"),
    ({**REPORT, "at": datetime(2025, 2, 11, tzinfo=UTC)}, TypeError, "/at"),
    ({**REPORT, "cost": Decimal("0.1")}, TypeError, "/cost"),
    ({**REPORT, "more": {"cost": float("nan")}}, ValueError, "/more/cost"),
    ({**REPORT, "more": [float("inf")]}, ValueError, "/more/0"),
    ({**REPORT, "more": {(1, 2): 2}}, TypeError, "/more"),
    ({**REPORT, "more": {float("nan"): 2}}, ValueError, "/more"),
    ({**REPORT, "more": {"a", "b"}}, TypeError, "/more"),
    ({**REPORT, "more": b"bytes"}, TypeError, "/more"),
]


@pytest.mark.parametrize(("report", "error", "place"), NO_REPORTS)
def test_what_is_no_vapi_report_is_not_sent(report: Any, error: type[Exception], place: str) -> None:
    """What is no JSON, or lacks what the contract requires of a report, is refused by its place."""
    with pytest.raises(error, match=f"^vapi_end_of_call_report_payload{place}: expected "):
        send_report(report)
    assert not SERVER.requests


# --- Arguments --------------------------------------------------------------------------------------

CALL = next(each for each in Subject().operations if each.label == "POST /v1/call-analysis")
AGENT = {"role": "AGENT"}

# An argument, and the whole message of the error.
WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"is_test": None}, TypeError, "is_test: expected a boolean, got None; leave it out instead"),
    ({"ended_reason": None}, TypeError, "ended_reason: expected a string, got None; leave it out instead"),
    ({"recording_url": None}, TypeError, "recording_url: expected an absolute URI (RFC 3986), got None"),
    ({"is_test": "yes"}, TypeError, "is_test: expected a boolean, got a string"),
    ({"is_test": 1}, TypeError, "is_test: expected a boolean, got an integer"),
    (
        {"recording_url": "recording.wav"},
        ValueError,
        "recording_url: expected an absolute URI (RFC 3986), got a string that does not fit",
    ),
    (
        {"recording_url": b"https://example.com"},
        TypeError,
        "recording_url: expected an absolute URI (RFC 3986), got a Python bytes",
    ),
    ({"interface_type": "FAX"}, ValueError, "interface_type: expected one of PHONE, WEB, got 'FAX'"),
    ({"interface_type": "phone"}, ValueError, "interface_type: expected one of PHONE, WEB, got 'phone'"),
    ({"interface_type": InterfaceType("FAX")}, ValueError, "interface_type: expected one of PHONE, WEB, got 'FAX'"),
    ({"interface_type": 5}, TypeError, "interface_type: expected one of PHONE, WEB, got an integer"),
    ({"participants": [AGENT]}, ValueError, "participants: expected an array of exactly 2 items, got an array of 1"),
    (
        {"participants": [AGENT] * 3},
        ValueError,
        "participants: expected an array of exactly 2 items, got an array of 3",
    ),
    ({"participants": AGENT}, TypeError, "participants: expected an array of exactly 2 items, got an object"),
    ({"participants": "AGENT"}, TypeError, "participants: expected an array of exactly 2 items, got a string"),
    ({"participants": [AGENT, "AGENT"]}, TypeError, "participants/1: expected an object, got a string"),
    (
        {"participants": [AGENT, {}]},
        ValueError,
        "participants/1/role: expected one of AGENT, CUSTOMER; it is required, got nothing",
    ),
    (
        {"participants": [AGENT, {"role": "AGENT", "spoke_first": None}]},
        TypeError,
        "participants/1/spokeFirst: expected a boolean, got None; leave it out instead",
    ),
    (
        {"participants": [AGENT, {"role": "AGENT", "phone_number": "1", "phoneNumber": "2"}]},
        ValueError,
        "participants/1/phoneNumber: expected one of phone_number and phoneNumber, got both",
    ),
    (
        {"is_test": "yes", "call_direction": "UP"},
        TypeError,
        "call_direction: expected one of INBOUND, OUTBOUND, got 'UP'\nis_test: expected a boolean, got a string",
    ),
]


@pytest.mark.parametrize(("argument", "error", "message"), WRONG, ids=[each[2] for each in WRONG])
def test_wrong_argument_is_not_sent(argument: dict[str, Any], error: type[Exception], message: str) -> None:
    """A wrong argument is named, with what is allowed and what came, before anything is sent."""
    with pytest.raises(error) as refused:
        SERVER.upload(CALL, **{**UPLOAD, **argument})
    assert str(refused.value) == message
    assert not SERVER.requests


def test_null_is_sent_where_the_contract_allows_it() -> None:
    """None is sent as null where the contract allows null; what is left out, or UNSET, is not sent at all."""
    SERVER.reply = documented_reply(CALL)
    participants = [{"role": "AGENT", "name": None, "phone_number": UNSET}, ParticipantInput(role="AGENT", name=None)]
    SERVER.upload(CALL, **{**UPLOAD, "participants": participants, "is_test": UNSET})
    assert SERVER.received()["participants"] == [{"role": "AGENT", "name": None}] * 2
    assert "isTest" not in SERVER.received()


def test_further_fields_are_sent() -> None:
    """Fields that the contract does not name are sent: in `extra_body`, in mappings and in models."""
    SERVER.reply = documented_reply(CALL)
    participant = ParticipantInput(role="AGENT")
    participant["mood"] = "calm"
    more = {"participants": [participant, {"role": "AGENT", "mood": "calm"}], "extra_body": {"isSimulated": True}}
    SERVER.upload(CALL, **{**UPLOAD, **more})
    assert SERVER.received()["participants"] == [{"role": "AGENT", "mood": "calm"}] * 2
    assert SERVER.received()["isSimulated"] is True


# --- Models that callers make -----------------------------------------------------------------------


def test_constructor_converts_as_a_request_does() -> None:
    """A constructor takes members and their texts, datetimes and theirs, and says the same however it was given."""
    start = datetime(2025, 2, 11, 1, 4, 32, 737_000, UTC)
    one = CallAnalysisRequest(**{**UPLOAD, "started_at": start, "interface_type": InterfaceType.PHONE})
    other = CallAnalysisRequest(**UPLOAD)
    assert one == other
    assert (one.started_at, one.interface_type, one.is_test) == (start, InterfaceType.PHONE, None)
    assert one.participants[0] == ParticipantInput(role=ParticipantRole.AGENT)
    assert one.to_dict() == other.to_dict() == CALL_JSON


CALL_JSON = {
    "recordingUrl": "https://example.com/recording.wav",
    "startedAt": "2025-02-11T01:04:32.737Z",
    "interfaceType": "PHONE",
    "callDirection": "INBOUND",
    "participants": [{"role": "AGENT"}, {"role": "CUSTOMER"}],
}


@pytest.mark.parametrize(("argument", "error", "message"), WRONG, ids=[each[2] for each in WRONG])
def test_constructor_refuses_what_a_request_does(
    argument: dict[str, Any], error: type[Exception], message: str
) -> None:
    """A constructor refuses what would not be sent, in the same words."""
    with pytest.raises(error) as refused:
        CallAnalysisRequest(**{**UPLOAD, **argument})
    assert str(refused.value) == message


def test_change_of_a_model_is_checked_when_it_is_sent() -> None:
    """What is set on a model later is held against the contract before it is sent."""
    request = CallAnalysisRequest(**UPLOAD)
    request.participants.pop()
    with pytest.raises(ValueError, match=r"^participants: expected an array of exactly 2 items, got an array of 1$"):
        SERVER.upload_body(CALL, request)
    assert not SERVER.requests
    participant = ParticipantInput(role="AGENT")
    participant["at"] = datetime(2025, 2, 11, tzinfo=UTC)
    with pytest.raises(TypeError, match=r"^at: expected a JSON value, got a Python datetime$"):
        participant.to_dict()
    with pytest.raises(TypeError, match=r"^participants/1/at: expected a JSON value, got a Python datetime$"):
        SERVER.upload(CALL, **{**UPLOAD, "participants": [AGENT, participant]})


def test_properties_may_have_any_name() -> None:
    """Custom properties are sent under the names and with the values that they were given."""
    SERVER.reply = documented_reply(VAPI)
    properties: dict[str, Any] = {"business_name": "a", "self": None, "kept": [1.0], "to_dict": {}, "": -0.0}
    for given_as in (properties, VapiCallProperties.from_dict(properties)):
        SERVER.upload(VAPI, vapi_end_of_call_report_payload=REPORT, properties=given_as)
        assert text_of(SERVER.received()["properties"]) == text_of(properties)
