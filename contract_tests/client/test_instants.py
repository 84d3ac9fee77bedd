"""Date-times: all that RFC 3339 allows is read, nothing else is, and what is written can be read by anyone."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from roark_client import APIResponseValidationError
from roark_client.models import Call

from contract_tests.client.in_process import Server, documented_reply
from contract_tests.subject import Subject

SERVER = Server()

OPERATION = next(each for each in Subject().operations if each.label == "POST /v1/call-analysis")

READ = {
    "2025-02-11T01:04:32Z": "2025-02-11T01:04:32+00:00",
    "2025-02-11t01:04:32z": "2025-02-11T01:04:32+00:00",
    "2025-02-11T01:04:32.7Z": "2025-02-11T01:04:32.700000+00:00",
    "2025-02-11T01:04:32.737Z": "2025-02-11T01:04:32.737000+00:00",
    "2025-02-11T01:04:32.123456Z": "2025-02-11T01:04:32.123456+00:00",
    "2025-02-11T01:04:32.123456789Z": "2025-02-11T01:04:32.123456+00:00",
    "2025-02-11T01:04:32.999999999999+08:00": "2025-02-11T01:04:32.999999+08:00",
    "2025-02-11T01:04:32-00:00": "2025-02-11T01:04:32+00:00",
    "2025-02-11T01:04:32+23:59": "2025-02-11T01:04:32+23:59",
    "2025-02-11T01:04:32-23:59": "2025-02-11T01:04:32-23:59",
    "2024-02-29T23:59:59Z": "2024-02-29T23:59:59+00:00",
    "0001-01-01T00:00:00Z": "0001-01-01T00:00:00+00:00",
    "0001-01-01T00:00:00+23:59": "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999Z": "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:59:59-23:59": "9999-12-31T23:59:59-23:59",
}

LEAP_SECONDS = {
    "2016-12-31T23:59:60Z": "2016-12-31T23:59:59.999999+00:00",
    "2016-12-31t23:59:60.5z": "2016-12-31T23:59:59.999999+00:00",
    "2016-12-31T23:59:60.000000001-00:00": "2016-12-31T23:59:59.999999+00:00",
    "2017-01-01T08:59:60+09:00": "2017-01-01T08:59:59.999999+09:00",
    "2016-12-31T15:29:60-08:30": "2016-12-31T15:29:59.999999-08:30",
    "1990-06-30T23:59:60Z": "1990-06-30T23:59:59.999999+00:00",
    "9999-12-31T23:59:60Z": "9999-12-31T23:59:59.999999+00:00",
}

REFUSED = [
    "",
    "2025-02-11",
    "2025-02-11T01:04:32",
    "2025-02-11T01:04Z",
    "2025-02-11 01:04:32Z",
    "2025-02-11_01:04:32Z",
    " 2025-02-11T01:04:32Z",
    "2025-02-11T01:04:32Z\n",
    "20250211T010432Z",
    "2025-W07-2T01:04:32Z",
    "2025-042T01:04:32Z",
    "2025-02-11T24:00:00Z",
    "2025-02-11T01:60:00Z",
    "2025-02-11T01:04:61Z",
    "2025-02-11T12:00:60Z",  # a leap second ends a day in UTC
    "2016-12-31T23:59:60+09:00",
    "0001-01-01T00:00:60+23:59",
    "9999-12-31T23:59:60-23:59",
    "2025-02-11T01:04:32.Z",
    "2025-02-11T01:04:32,5Z",
    "2025-02-11T01:04:32+08",
    "2025-02-11T01:04:32+0800",
    "2025-02-11T01:04:32+24:00",
    "2025-02-11T01:04:32+08:60",
    "2025-02-11T01:04:32+08:00:30",
    "2025-02-30T01:04:32Z",
    "2023-02-29T01:04:32Z",
    "2025-00-11T01:04:32Z",
    "2025-13-11T01:04:32Z",
    "0000-01-01T00:00:00Z",  # RFC 3339 has this year, Python has not
    "12025-02-11T01:04:32Z",
    "٢٠٢٥-02-11T01:04:32Z",
    "2025-02-11T01:04:32.５Z",
]

WRITTEN: list[tuple[datetime, str]] = [
    (datetime(2025, 2, 11, 1, 4, 32, tzinfo=UTC), "2025-02-11T01:04:32Z"),
    (datetime(2025, 2, 11, 1, 4, 32, 737_000, UTC), "2025-02-11T01:04:32.737Z"),
    (datetime(2025, 2, 11, 1, 4, 32, 737_001, UTC), "2025-02-11T01:04:32.737001Z"),
    (datetime(2025, 2, 11, 1, 4, 32, tzinfo=timezone(timedelta(hours=8))), "2025-02-11T01:04:32+08:00"),
    (datetime(2025, 2, 11, 1, 4, 32, 5, timezone(-timedelta(hours=3, minutes=30))), "2025-02-11T01:04:32.000005-03:30"),
    (datetime(2025, 2, 11, 1, 4, 32, tzinfo=timezone(timedelta(0), "GMT")), "2025-02-11T01:04:32Z"),
    # Amsterdam's until 1937: the seconds of an offset are more than RFC 3339 can say.
    (datetime(1937, 1, 1, tzinfo=timezone(timedelta(minutes=19, seconds=32))), "1936-12-31T23:40:28Z"),
    (datetime(2025, 2, 11, 1, 4, 32, tzinfo=timezone(timedelta(microseconds=1))), "2025-02-11T01:04:31.999999Z"),
    (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    (
        datetime(9999, 12, 31, 23, 59, 59, 999_999, timezone(-timedelta(hours=23, minutes=59))),
        "9999-12-31T23:59:59.999999-23:59",
    ),
]


class Undecided(tzinfo):
    """A time zone that knows nothing of itself, which makes a date-time naive."""

    def utcoffset(self, _: datetime | None) -> None:
        """Unknown."""

    dst = tzname = utcoffset


UNWRITABLE: list[tuple[datetime, str]] = [
    (datetime(2025, 2, 11, 1, 4, 32), "naive"),
    (datetime(2025, 2, 11, 1, 4, 32, tzinfo=Undecided()), "naive"),
    (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1, seconds=1))), "out of range"),
]


def reply_with(field: str, text: str) -> Any:
    """The documented reply with another text in a field of its call."""
    reply = documented_reply(OPERATION)
    return {"data": {**reply["data"], "call": {**reply["data"]["call"], field: text}}}


def upload(started_at: Any) -> Any:
    """The documented upload with another start."""
    SERVER.reply = documented_reply(OPERATION)
    return SERVER.upload(
        OPERATION,
        recording_url="https://example.com/recording.wav",
        started_at=started_at,
        interface_type="PHONE",
        call_direction="INBOUND",
        participants=[{"role": "AGENT"}, {"role": "CUSTOMER"}],
    )


@pytest.mark.parametrize("text", READ)
def test_every_form_of_rfc_3339_is_read(text: str) -> None:
    """What RFC 3339 allows is read as an aware datetime, to the microsecond, and re-encoded as it came."""
    reply = SERVER.read(OPERATION, reply_with("startedAt", text))
    assert reply.data.call.started_at.isoformat() == READ[text]
    assert reply.to_dict()["data"]["call"]["startedAt"] == text
    assert not SERVER.events


@pytest.mark.parametrize("field", ["startedAt", "endedAt"])
@pytest.mark.parametrize("text", LEAP_SECONDS)
def test_leap_second_is_clamped_and_reported(text: str, field: str) -> None:
    """A leap second, at whatever offset, is read as the microsecond before it, reported, and re-encoded as it came."""
    reply = SERVER.read(OPERATION, reply_with(field, text))
    read = reply.data.call.started_at if field == "startedAt" else reply.data.call.ended_at
    assert read.isoformat() == LEAP_SECONDS[text]
    assert reply.to_dict()["data"]["call"][field] == text
    assert SERVER.told() == [("reply", "leap second", f"/data/call/{field}")]


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_nothing_else_is_read(text: str) -> None:
    """Other text refuses the reply in a required field, and reads as None and is reported in an optional one."""
    with pytest.raises(APIResponseValidationError) as refused:
        SERVER.read(OPERATION, reply_with("startedAt", text))
    assert [each.pointer for each in refused.value.violations] == ["/data/call/startedAt"]
    reply = SERVER.read(OPERATION, reply_with("endedAt", text))
    assert reply.data.call.ended_at is None
    assert reply.to_dict()["data"]["call"]["endedAt"] == text
    assert SERVER.told() == [("reply", "wrong value", "/data/call/endedAt")]


@pytest.mark.parametrize("text", [*READ, *LEAP_SECONDS])
def test_text_is_sent_unchanged(text: str) -> None:
    """A date-time given as text is sent as that text."""
    upload(text)
    assert SERVER.received()["startedAt"] == text


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_text_that_is_no_date_time_is_not_sent(text: str) -> None:
    """Text that is no date-time with an offset is refused before anything is sent."""
    with pytest.raises(ValueError, match=r"^started_at: expected a date-time with an offset"):
        upload(text)
    assert not SERVER.requests


@pytest.mark.parametrize(("instant", "text"), WRITTEN, ids=str)
def test_datetime_is_written_as_it_usually_is(instant: datetime, text: str) -> None:
    """A datetime is sent in RFC 3339: `Z` for UTC, milliseconds if they do, and always the same instant."""
    upload(instant)
    assert SERVER.received()["startedAt"] == text
    assert datetime.fromisoformat(text) == instant


@pytest.mark.parametrize(("instant", "reason"), UNWRITABLE, ids=str)
def test_datetime_that_names_no_instant_is_not_sent(instant: datetime, reason: str) -> None:
    """A naive datetime, or one without a place in UTC, is refused before anything is sent; a model says so as well."""
    with pytest.raises(ValueError, match=f"^started_at: expected a date-time .*{reason}"):
        upload(instant)
    assert not SERVER.requests
    call = Call.from_dict(documented_reply(OPERATION)["data"]["call"])
    call.started_at = instant
    with pytest.raises(ValueError, match=f"^started_at: expected a date-time .*{reason}"):
        call.to_dict()
