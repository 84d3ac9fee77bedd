"""Replies: what fits is read without loss, and what does not is refused or reported, by JSON pointer."""

import asyncio
import json
import logging
from typing import Any

import httpx
import pytest
from hypothesis import given, seed
from roark_client import APIResponseValidationError, AsyncRoark, Delivery, DriftEvent, DriftKind, Roark, drift

from contract_tests import judge
from contract_tests.client.changed_replies import ABSENT, reply_with
from contract_tests.client.in_process import METHODS, Server, documented_reply
from contract_tests.client.samples import REPORT
from contract_tests.proof.breaches import WrongPlace
from contract_tests.proof.client import python_name
from contract_tests.proof.parametrized import by_subject
from contract_tests.proof.places import place_of
from contract_tests.proof.values import breaking, fitting, generously, text_of
from contract_tests.proof.wire import TOKEN
from contract_tests.subject import Subject, chosen
from scripts.contract import Operation, pointer_parts

SERVER = Server()


# Operations whose method of the facade is known.
by_the_facade = by_subject("operation", lambda subject: [each for each in subject.operations if each.label in METHODS])


@pytest.fixture
def unlogged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of drifts are not for the log."""
    monkeypatch.setattr(logging.getLogger("roark_client.drift"), "disabled", True)


# --- Any reply --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unlogged")
@by_the_facade
def test_fitting_reply_is_read_without_loss(operation: Operation) -> None:
    """Of a reply that fits, nothing is lost and exactly the fields that the contract does not name are reported."""
    schema = operation.reply_schema("200")

    @seed(chosen().seed)
    @generously
    @given(fitting(schema, unknown=True))
    def check(value: Any) -> None:
        assert not judge.violations(schema, value)
        reply = SERVER.read(operation, value)
        assert text_of(reply.to_dict()) == text_of(value)
        unknown = {place_of(at, value) for at in judge.unknown_fields(judge.schema(schema), value)}
        told = {(part, kind, place_of(at, value)) for part, kind, at in SERVER.told()}
        assert told == {("reply", "unknown field", place) for place in unknown}
        assert len(SERVER.events) == len(unknown)

    check()


@pytest.mark.usefixtures("unlogged")
@by_the_facade
def test_breaking_reply_is_refused_or_reported(operation: Operation) -> None:
    """A reply that breaks the schema is refused with every pointer; in an optional field it is reported at its own."""
    schema = operation.reply_schema("200")

    @seed(chosen().seed)
    @generously
    @given(breaking(schema))
    def check(broken: tuple[Any, list[WrongPlace]]) -> None:
        value, wrong = broken
        if any(each.optional is None and not each.unknown_value for each in wrong):
            with pytest.raises(APIResponseValidationError) as refused:
                SERVER.read(operation, value)
            error = refused.value
            assert sorted(each.pointer for each in error.violations) == sorted(
                each.pointer for each in wrong if not each.unknown_value
            )
            assert error.delivery is Delivery.DELIVERED
            assert text_of(error.body) == text_of(value)
        else:
            reply = SERVER.read(operation, value)
            assert text_of(reply.to_dict()) == text_of(value)
            for each in wrong:
                came = _attribute(reply, each.optional or each.pointer)
                assert came.is_known is False if each.unknown_value else came is None
        expected = {("unknown value" if each.unknown_value else "wrong value", each.pointer) for each in wrong}
        told = {(kind, place_of(at, value)) for part, kind, at in SERVER.told() if kind != "unknown field"}
        assert told == {(kind, place_of(at, value)) for kind, at in expected}

    check()


def _attribute(model: Any, pointer: str) -> Any:
    """What a model says at a JSON pointer."""
    for part in pointer_parts(pointer):
        model = model[int(part)] if isinstance(model, list) else getattr(model, python_name(part))
    return model


# --- Absent, null, misfit ---------------------------------------------------------------------------

OPERATION = next(each for each in Subject().operations if each.label == "POST /v1/call-analysis")

# A field of `data.call` or of its participants, what came, what it reads as, and the kind of drift that is reported.
OPTIONAL: list[tuple[str, Any, Any, str | None]] = [
    ("/summary", ABSENT, None, None),
    ("/summary", None, None, None),
    ("/summary", "", "", None),
    ("/summary", 5, None, "wrong value"),
    ("/status", ABSENT, None, None),
    ("/status", None, None, None),
    ("/status", "ENDED", "ENDED", None),
    ("/status", "ON_HOLD", "ON_HOLD", "unknown value"),
    ("/status", "", "", "unknown value"),
    ("/status", 3, None, "wrong value"),
    ("/status", ["ENDED"], None, "wrong value"),
    ("/endedAt", ABSENT, None, None),
    ("/endedAt", None, None, None),
    ("/endedAt", "garbage", None, "wrong value"),
    ("/endedAt", 1739235872, None, "wrong value"),
    ("/durationMs", ABSENT, None, None),
    ("/durationMs", None, None, None),
    ("/durationMs", 123, 123, None),
    ("/durationMs", 0.5, 0.5, None),
    ("/durationMs", -0.0, -0.0, None),
    ("/durationMs", 10**400, 10**400, None),
    ("/durationMs", "abc", None, "wrong value"),
    ("/durationMs", True, None, "wrong value"),
    ("/endedReason", {}, None, "wrong value"),
    ("/participants/0/spokeFirst", ABSENT, None, None),
    ("/participants/0/spokeFirst", False, False, None),
    ("/participants/0/spokeFirst", None, None, "wrong value"),
    ("/participants/0/spokeFirst", 0, None, "wrong value"),
    ("/participants/0/phoneNumber", None, None, None),
    ("/participants/0/phoneNumber", 4930123456, None, "wrong value"),
]

# A change of the documented reply that refuses it, and the pointers of all that is wrong.
REFUSED: list[tuple[str, Any, list[str]]] = [
    ("", None, [""]),
    ("", [], [""]),
    ("", {}, ["/data"]),
    ("/data", None, ["/data"]),
    ("/data", {"jobId": 5}, ["/data/jobId", "/data/status", "/data/call"]),
    ("/data/jobId", "not-a-uuid", ["/data/jobId"]),
    ("/data/jobId", "{3c90c3cc-0d44-4b50-8888-8dd25736052a}", ["/data/jobId"]),
    ("/data/jobId", "3c90c3cc0d444b5088888dd25736052a", ["/data/jobId"]),
    ("/data/status", None, ["/data/status"]),
    ("/data/call/isTest", "nope", ["/data/call/isTest"]),
    ("/data/call/isTest", None, ["/data/call/isTest"]),
    ("/data/call/isTest", 1, ["/data/call/isTest"]),
    ("/data/call/participants", ABSENT, ["/data/call/participants"]),
    ("/data/call/participants", {"role": "AGENT"}, ["/data/call/participants"]),
    (
        "/data/call/participants",
        [{"role": "AGENT"}, {"role": 1}, None, {"name": 2}],
        [f"/data/call/participants/{at}" for at in ("1/role", "2", "3/role", "3/name")],
    ),
]


@pytest.mark.parametrize(("field", "came", "read", "drift"), OPTIONAL)
def test_optional_field_never_refuses_a_reply(field: str, came: Any, read: Any, drift: str | None) -> None:
    """Absent, null and misfit all read as None, a misfit is reported, and re-encoding still tells which it was."""
    value = reply_with(f"/data/call{field}", came)
    reply = SERVER.read(OPERATION, value)
    actual = _attribute(reply.data.call, field)
    assert actual == read
    assert isinstance(actual, type(read))
    assert text_of(reply.to_dict()) == text_of(value)
    assert SERVER.told() == ([("reply", drift, f"/data/call{field}")] if drift else [])


@pytest.mark.parametrize(("pointer", "came", "wrong"), REFUSED)
def test_misfit_in_a_required_field_refuses_a_reply(pointer: str, came: Any, wrong: list[str]) -> None:
    """What does not fit where it is required is refused, with all that is wrong by pointer and the body at hand."""
    value = reply_with(pointer, came)
    with pytest.raises(APIResponseValidationError) as refused:
        SERVER.read(OPERATION, value)
    error = refused.value
    assert sorted(each.pointer for each in error.violations) == sorted(wrong)
    assert error.delivery is Delivery.DELIVERED
    assert (error.status_code, error.body, error.attempts) == (200, value, 1)
    assert {pointer for _, _, pointer in SERVER.told()} <= set(wrong)


def test_violation_says_what_was_expected_and_what_came() -> None:
    """A violation has what was expected in words and what came; its text and the error's show no value."""
    with pytest.raises(APIResponseValidationError) as refused:
        SERVER.read(OPERATION, reply_with("/data/call/isTest", "+15550001234"))
    (violation,) = refused.value.violations
    assert (violation.expected, violation.actual) == ("a boolean", "+15550001234")
    assert str(violation) == "/data/call/isTest: expected a boolean"
    assert "+1555" not in f"{refused.value} {violation!r} {refused.value!r}"


def test_reply_is_read_the_same_by_the_asynchronous_client() -> None:
    """The asynchronous client reads as the other does: same values, same drift."""
    value = reply_with("/data/call/summary", 5)
    events: list[DriftEvent] = []

    async def read() -> Any:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json=value))
        async with httpx.AsyncClient(transport=transport) as http_client:
            client = AsyncRoark(bearer_token=TOKEN, http_client=http_client, on_drift=events.append)
            return await client.call_analysis.create(
                recording_url="https://example.com/recording.wav",
                started_at="2025-02-11T01:04:32.737Z",
                interface_type="PHONE",
                call_direction="INBOUND",
                participants=[{"role": "AGENT"}, {"role": "CUSTOMER"}],
            )

    reply = asyncio.run(read())
    assert reply.to_dict() == value
    assert reply.data.call.summary is None
    assert [event.pointer for event in events] == ["/data/call/summary"]


@pytest.mark.parametrize("depth", [100, 700])
def test_deep_reply_is_re_encoded(depth: int) -> None:
    """What came nested deep, in a field that nobody named, is kept and re-encoded."""
    value = reply_with("/data/deep", json.loads("[" * depth + "]" * depth))
    reply = SERVER.read(OPERATION, value)
    assert reply.to_dict() == value
    assert json.loads(reply.to_json()) == value


def test_number_that_no_float_holds_is_read_without_loss() -> None:
    """A number with an exponent, too large for a float, is the integer that it stands for."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b'{"data": {"callId": "c", "n": 1.5e400}}'))
    with httpx.Client(transport=transport) as http_client:
        client = Roark(bearer_token=TOKEN, http_client=http_client)
        reply = client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert reply.to_dict() == {"data": {"callId": "c", "n": 15 * 10**399}}


# --- Drift ------------------------------------------------------------------------------------------

PHONE = "+15550001234"  # what must never be seen in a log

# A change of the documented reply, and the kind, the pointer and the log line of what is reported.
DRIFTS: list[tuple[str, Any, DriftKind, str]] = [
    ("/data/call/phone", PHONE, DriftKind.UNKNOWN_FIELD, "unknown field: expected no field of this name, got a string"),
    (
        "/data/call/status",
        PHONE,
        DriftKind.UNKNOWN_VALUE,
        "unknown value: expected one of RINGING, IN_PROGRESS, ENDED, got a string",
    ),
    ("/data/call/summary", [PHONE], DriftKind.WRONG_VALUE, "wrong value: expected a string, or null, got an array"),
    (
        "/data/call/endedAt",
        "2016-12-31T23:59:60Z",
        DriftKind.LEAP_SECOND,
        "leap second: expected a second from 00 to 59, got a string",
    ),
    (
        "/data/call/participants/0/spokeFirst",
        {"phone": PHONE},
        DriftKind.WRONG_VALUE,
        "wrong value: expected a boolean, got an object",
    ),
]


@pytest.mark.parametrize(("pointer", "came", "kind", "line"), DRIFTS)
def test_drift_is_told_without_the_value(
    pointer: str, came: Any, kind: DriftKind, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Drift comes as an event with all that is known, and as a log line with the type of what came, not the value."""
    SERVER.read(OPERATION, reply_with(pointer, came))
    (event,) = SERVER.events
    assert (event.operation, event.part, event.pointer) == ("POST /v1/call-analysis", "reply", pointer)
    assert (event.kind, event.actual) == (kind, came)
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("roark_client.drift", "WARNING")
    assert record.getMessage() == f"POST /v1/call-analysis reply#{pointer}: {line}"
    assert PHONE not in f"{event!r} {event} {caplog.text}"


def test_other_status_and_media_type_are_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    """A success with another status or media type than documented is read, and reported."""
    monkeypatch.setattr(SERVER, "status", 201)
    monkeypatch.setattr(SERVER, "media_type", "text/plain; charset=utf-8")
    value = documented_reply(OPERATION)
    assert SERVER.read(OPERATION, value).to_dict() == value
    assert SERVER.told() == [("reply", "status", ""), ("reply", "media type", "")]
    assert [event.actual for event in SERVER.events] == [201, "text/plain"]


def upload(client: Roark) -> Any:
    """The documented upload."""
    body = OPERATION.example()
    return client.call_analysis.create(**{python_name(name): each for name, each in body.items()})


def test_drift_is_told_once_for_each_place_and_client() -> None:
    """A place is told once for a client and its copies, array items being one place; another client tells it too."""
    participants = [{"role": "AGENT", "mood": at, "name": at} for at in range(5)]
    SERVER.reply = reply_with("/data/call/participants", participants)
    client = SERVER.roark()
    told = [
        ("reply", "wrong value", "/data/call/participants/0/name"),
        ("reply", "unknown field", "/data/call/participants/0/mood"),
    ]
    for each in (client, client, client.with_options(timeout=5)):
        upload(each)
        assert SERVER.told() == told
    SERVER.reply = reply_with("/data/call/mood", "other place")
    upload(client)
    assert SERVER.told() == [*told, ("reply", "unknown field", "/data/call/mood")]
    SERVER.reply = reply_with("/data/call/participants", participants)
    upload(SERVER.roark())
    assert SERVER.told() == told


@pytest.mark.parametrize(("number", "told"), [(20, 20), (21, 1), (5_000, 1)])
def test_many_unknown_fields_of_one_object_are_one_event(number: int, told: int) -> None:
    """More than 20 unknown fields of one object are told as one, with their number and, in the event, all of them."""
    fields = {f"field {at}": at for at in range(number)}
    value = reply_with("/data/call/field 0", 0)
    value["data"]["call"] |= fields
    assert SERVER.read(OPERATION, value).data.call.additional_properties == fields
    assert len(SERVER.events) == told
    event = SERVER.events[0]
    assert event.kind is DriftKind.UNKNOWN_FIELD
    if told == 1:
        assert (event.count, event.pointer, event.actual) == (number, "/data/call", fields)
        said = f"unknown field: expected no fields of such names, got {number} of them"
        assert str(event) == f"POST /v1/call-analysis reply#/data/call: {said}"
    else:
        assert (event.count, event.pointer, event.actual) == (1, "/data/call/field 0", 0)


def test_fields_with_odd_names_are_places_of_their_own() -> None:
    """A field whose name looks like an index, or holds a slash, is no other field's place."""
    names = ["0", "1", "*", "[]", "", "a/b", "a~b", "a", "\0"]
    value = reply_with("/data/call/more", 1)
    value["data"]["call"] |= dict.fromkeys(names)
    SERVER.read(OPERATION, value)
    assert [at for _, _, at in SERVER.told()] == [
        f"/data/call/{name}" for name in ("more", "0", "1", "*", "[]", "", "a~1b", "a~0b", "a", "\0")
    ]


def test_places_told_are_bounded_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that invents field names for ever does not fill the memory: its places are forgotten, and told again."""
    monkeypatch.setattr(drift, "REMEMBERED", 2)
    client = SERVER.roark()
    for name in ("a", "b", "c", "a"):
        SERVER.reply = reply_with(f"/data/{name}", 1)
        upload(client)
    assert [at for _, _, at in SERVER.told()] == ["/data/a", "/data/b", "/data/c", "/data/a"]


def test_listener_that_raises_does_not_fail_the_call(caplog: pytest.LogCaptureFixture) -> None:
    """What `on_drift` raises is logged without the value, and the upload is the success that it was."""

    def listener(event: DriftEvent) -> None:
        raise RuntimeError(event.actual)

    SERVER.reply = reply_with("/data/call/phone", PHONE)
    client = SERVER.roark().with_options(on_drift=listener)
    assert upload(client).to_dict() == SERVER.reply
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert PHONE not in caplog.text


def test_drift_is_logged_without_a_listener(caplog: pytest.LogCaptureFixture) -> None:
    """Without `on_drift`, the logger tells all the same."""
    SERVER.reply = reply_with("/data/call/phone", PHONE)
    upload(SERVER.roark().with_options(on_drift=None))
    assert [record.name for record in caplog.records] == ["roark_client.drift"]
