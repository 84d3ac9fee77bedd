"""Whatever fails on the way to Roark, nothing is lost, nothing is sent twice, and every doubt is a row."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from roark_mock import RoarkMock

from contract_tests.example_app import sqlite
from contract_tests.example_app.harness import (
    PATIENCE,
    add_lines,
    application,
    arrived,
    receiver,
    reconcile,
    rows,
    settled,
    states,
    wait_for,
    worker,
)
from contract_tests.example_app.opening import open_outbox
from contract_tests.example_app.outbox import State
from contract_tests.example_app.samples import ANALYSIS, REPORT, line
from contract_tests.example_app.uploads import send

pytestmark = pytest.mark.whole_run

Fault = Callable[[RoarkMock], None]


def webhook(report: object = REPORT) -> dict[str, object]:
    """A webhook as Vapi sends it."""
    return {"message": report}


def report(call: str) -> dict[str, Any]:
    """The report of a call."""
    return {**REPORT, "call": {"id": call}}


def add(place: str, *bodies: object) -> list[str]:
    """Add uploads; their keys."""
    return add_lines(place, map(line, bodies))


def test_calls_are_forwarded_as_they_came(place: str, roark_mock: RoarkMock) -> None:
    """A report and a call analysis reach Roark unchanged, with fields that nobody documented; ids are kept."""
    body = {**REPORT, "fromTomorrow": {"cost": 0.1, "words": ["né", None, "\0"]}}
    (analysis,) = add(place, {**ANALYSIS, "fromTomorrow": [1]})
    with application(place) as app:
        assert app.post("/vapi", json=webhook(body)).text == "taken"
        assert settled(place) == {"call-1": State.DELIVERED, analysis: State.DELIVERED}
    uploads = {upload.operation: upload for upload in roark_mock.uploads}
    assert uploads["createVapiCall"].json == {"vapiEndOfCallReportPayload": body}
    assert uploads["createCallAnalysis"].json == {**ANALYSIS, "fromTomorrow": [1]}
    ids = {row.key: row.ids for row in rows(place)}
    assert ids["call-1"].keys() == {"callId"}
    assert ids[analysis].keys() == {"callId", "jobId"}


def test_webhook_that_comes_twice_is_one_upload(place: str, roark_mock: RoarkMock) -> None:
    """Vapi sends a webhook again where it saw no answer: it is known already, also after a restart."""
    with application(place) as app:
        assert [app.post("/vapi", json=webhook()).text for _ in range(2)] == ["taken", "known already"]
        settled(place)
    with application(place) as app:
        assert app.post("/vapi", json=webhook()).text == "known already"
    assert len(roark_mock.uploads) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps(webhook({"type": "speech-update"})), 200),
        (json.dumps(webhook([])), 400),
        ("{", 400),
        (b"\xff", 400),
        ("[" * 100_000, 400),
    ],
)
def test_what_is_no_report_is_not_kept(body: str | bytes, status: int, sqlite_place: str) -> None:
    """Other webhooks of Vapi are passed over, and what is none is refused."""
    with receiver(sqlite_place) as app:
        assert app.post("/vapi", content=body).status_code == status
    assert states(sqlite_place) == {}


def test_webhook_without_the_secret_is_refused(sqlite_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Vapi was told a secret, a webhook with another one or none is refused, and nothing is kept."""
    monkeypatch.setenv("VAPI_SECRET", "né-secret")
    with receiver(sqlite_place) as app:
        for headers in ({}, {"X-Vapi-Secret": ""}, {"X-Vapi-Secret": "secret"}):
            refused = app.post("/vapi", json=webhook(), headers=headers)
            assert refused.status_code == 401
            assert "né" not in refused.text
        assert states(sqlite_place) == {}
        secret = {b"X-Vapi-Secret": "né-secret".encode()}
        assert app.post("/vapi", json=webhook(), headers=secret).text == "taken"


# A fault, what is known in the end, and how many uploads Roark has.
FAULTS: dict[str, tuple[Fault, State, int]] = {
    "an outage that passes": (lambda roark: roark.fail_next(429, times=7, retry_after=0), State.DELIVERED, 1),
    "too many requests": (lambda roark: roark.fail_next(429, times=5, retry_after=0.01), State.DELIVERED, 1),
    "a token that is mended": (lambda roark: roark.fail_next(401, times=3), State.DELIVERED, 1),
    "a redirect that ends": (lambda roark: roark.fail_next(302, times=2), State.DELIVERED, 1),
    "a report that Roark does not want": (lambda roark: roark.fail_next(422), State.REFUSED, 0),
    "an error of the server": (lambda roark: roark.fail_next(500), State.UNCLEAR, 0),
    "unavailable, and no word of when": (lambda roark: roark.fail_next(503), State.UNCLEAR, 0),
    "unavailable, and told when": (lambda roark: roark.fail_next(503, retry_after=0), State.UNCLEAR, 0),
    "a page of somebody else": (lambda roark: roark.reply_next(b"<html>", media_type="text/html"), State.UNCLEAR, 1),
    "a connection that dies before": (lambda roark: roark.drop_next(recorded=False), State.UNCLEAR, 0),
    "a connection that dies after": (lambda roark: roark.drop_next(recorded=True), State.UNCLEAR, 1),
    "a reply that comes too late": (lambda roark: roark.delay_next(PATIENCE), State.UNCLEAR, 1),
    "a reply that comes late": (lambda roark: roark.delay_next(0.1), State.DELIVERED, 1),
    "a reply in drips": (lambda roark: roark.drip_next(0.2), State.DELIVERED, 1),
    "a reply in drips, too slow": (lambda roark: roark.drip_next(PATIENCE), State.DELIVERED, 1),
    "a reply of nonsense": (lambda roark: roark.reply_next({"data": {}}), State.DELIVERED, 1),
    "half a reply": (lambda roark: roark.reply_next(b'{"data": '), State.DELIVERED, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_neither_loses_nor_doubles(name: str, sqlite_place: str, roark_mock: RoarkMock) -> None:
    """Whatever fails, an upload is at Roark once, or the outbox knows that it is not or may not be."""
    _check_fault(name, sqlite_place, roark_mock)


@pytest.mark.parametrize(
    "name", ["too many requests", "a report that Roark does not want", "a connection that dies after"]
)
def test_fault_is_the_same_on_postgres(name: str, postgres_place: str, roark_mock: RoarkMock) -> None:
    """So it is where Procrastinate hands out the uploads."""
    _check_fault(name, postgres_place, roark_mock)


def _check_fault(name: str, place: str, roark: RoarkMock) -> None:
    fault, state, uploads = FAULTS[name]
    fault(roark)
    add(place, REPORT)
    with worker(place, timeout=0.8):
        assert settled(place) == {"call-1": state}
    with worker(place):  # begun anew, it sends nothing again
        time.sleep(0.1)
    assert (states(place), len(roark.uploads)) == ({"call-1": state}, uploads)


def test_roark_that_is_away_is_waited_for(place: str, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, uploads are kept over restarts, and go out when Roark is there again."""
    keys = add(place, *(report(f"call-{number}") for number in range(5)))
    with monkeypatch.context() as away:
        away.setenv("ROARK_BASE_URL", "http://127.0.0.1:9")
        with worker(place):
            wait_for(lambda: all(row.attempts for row in rows(place)), "each was tried")
    assert set(states(place).values()) == {State.WAITING}
    with worker(place):
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED)
    assert arrived(roark_mock) == dict.fromkeys(keys, 1)


@pytest.mark.parametrize(("at_a_time", "begun"), [(4, 4), (30, 20)])
def test_worker_that_is_to_stop_ends_what_it_has_begun(
    at_a_time: int, begun: int, place: str, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on its way when a worker is told to stop arrives; what is not stays for another."""
    with worker(place, at_a_time=at_a_time) as forwarder:

        async def on_its_way(client: Any, operation: Any, body: Any) -> dict[str, str]:
            await forwarder.stopping.wait()
            return await send(client, operation, body)

        monkeypatch.setattr("contract_tests.example_app.forwarding.send", on_its_way)
        keys = add(place, *(report(f"call-{number}") for number in range(20)))
        wait_for(lambda: list(states(place).values()).count(State.SENDING) == begun, "they are on their way")
    assert sorted(states(place).values()) == [State.DELIVERED] * begun + [State.WAITING] * (20 - begun)
    with worker(place):
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED)
    assert arrived(roark_mock) == dict.fromkeys(keys, 1)


def test_pause_that_roark_asks_for_is_that_of_all(place: str, roark_mock: RoarkMock) -> None:
    """After a 429 no worker sends anything until the time that it names."""
    keys = add(place, *(report(f"call-{number}") for number in range(6)))
    roark_mock.fail_next(429, retry_after=1)
    with worker(place, at_a_time=1), worker(place, at_a_time=1):
        wait_for(lambda: any(row.attempts for row in rows(place)), "one was tried")
        roark_mock.wait_for_faults()
        before = len(roark_mock.uploads)
        time.sleep(0.5)
        assert len(roark_mock.uploads) <= before + 1  # what the other had on its way
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED)


def test_file_that_is_kept_by_others_is_waited_for(
    sqlite_place: str, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process keeps the file, as for a backup, nothing is lost; afterwards all goes on."""
    monkeypatch.setattr(sqlite, "LOCKED_SECONDS", 0.1)
    with application(sqlite_place) as app:
        app.post("/vapi", json=webhook())
        settled(sqlite_place)
        roark_mock.delay_next(0.5)
        app.post("/vapi", json=webhook(report("call-2")))
        roark_mock.uploads.wait_for(2)
        with closing(sqlite3.connect(sqlite_place, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(1)  # well after the reply
            assert app.post("/vapi", json=webhook(report("call-3"))).status_code == 503
            other.execute("COMMIT")
        assert app.post("/vapi", json=webhook(report("call-3"))).text == "taken"
        assert settled(sqlite_place) == dict.fromkeys(["call-1", "call-2", "call-3"], State.DELIVERED)
    assert len(roark_mock.uploads) == 3


def test_many_uploads_meet_many_faults(place: str, roark_mock: RoarkMock) -> None:
    """Each of many calls is at Roark at most once, and those that are not known to be there are known by name."""
    for _ in range(5):
        roark_mock.fail_next(429, times=2, retry_after=0)
        roark_mock.drop_next(recorded=True)
        roark_mock.delay_next(0.01)
        roark_mock.fail_next(429, retry_after=0)
        roark_mock.drop_next(recorded=False)
        roark_mock.reply_next({})
    keys = add(place, *(report(f"call-{number}") for number in range(40)), ANALYSIS)
    with worker(place), worker(place):
        settled(place)
    counts = reconcile(place, roark_mock, set(keys))
    assert counts[State.DELIVERED] == 41 - 10
    assert counts[State.UNCLEAR] == 10


@pytest.mark.usefixtures("roark_mock")
def test_upload_that_breaks_the_application_is_a_doubt(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload on which the application itself fails is unclear, is not tried again, and holds up no other."""
    keys = add(place, report("call-1"), report("poisoned"), report("call-2"))
    faults: list[str] = []

    async def poisoned(client: Any, operation: Any, body: Any) -> dict[str, str]:
        if body["call"]["id"] == "poisoned":
            faults.append("poisoned")
            raise ZeroDivisionError("a fault of ours")
        return await send(client, operation, body)

    monkeypatch.setattr("contract_tests.example_app.forwarding.send", poisoned)
    with worker(place):
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED) | {"poisoned": State.UNCLEAR}
    (row,) = [row for row in rows(place) if row.key == "poisoned"]
    assert (row.reason, faults) == ("ZeroDivisionError: a fault of ours", ["poisoned"])


def test_worker_that_was_stopped_does_not_send_what_it_had_claimed(
    place: str, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thawed after its lease, a worker does not send an upload that somebody else may have looked at meanwhile."""
    keys = add(place, REPORT)
    clock = iter([0.0, 1_000.0])  # when it claims, and when it would send
    monkeypatch.setattr("contract_tests.example_app.forwarding.now", lambda: next(clock, 2_000.0))
    with worker(place):
        wait_for(lambda: any(row.attempts for row in rows(place)), "it was claimed")
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED)
    (row,) = rows(place)
    assert (row.attempts, len(roark_mock.uploads)) == (2, 1)


def test_as_many_are_sent_at_a_time_as_may_be(postgres_place: str, roark_mock: RoarkMock) -> None:
    """Uploads that were added one by one go out side by side all the same."""
    for number in range(12):
        add(postgres_place, report(f"call-{number}"))
    roark_mock.delay_next(1.0, times=12)
    begun = time.monotonic()
    with worker(postgres_place, at_a_time=12):
        settled(postgres_place)
        passed = time.monotonic() - begun
    assert len(roark_mock.uploads) == 12
    assert passed < 6, "one after the other they take twelve seconds"


@pytest.mark.parametrize("seconds", [1e10, 1e13])
def test_nobody_is_asked_to_wait_for_ever(seconds: float, place: str, roark_mock: RoarkMock) -> None:
    """However long Roark asks to wait, it is an hour, and somebody else may end it."""
    add(place, REPORT)
    roark_mock.fail_next(429, retry_after=seconds)
    with worker(place):
        roark_mock.wait_for_faults()
        with closing(open_outbox(place)) as outbox:
            wait_for(lambda: outbox.summary().paused > 0, "all wait")
            assert outbox.summary().paused <= 3_600


def test_outage_that_roark_tells_pauses_all(sqlite_place: str, roark_mock: RoarkMock) -> None:
    """Where a 503 asks to wait, its own upload is a doubt, and all others wait."""
    add(sqlite_place, *(report(f"call-{number}") for number in range(10)))
    roark_mock.fail_next(503, retry_after=60, times=10)
    with worker(sqlite_place, at_a_time=1):
        wait_for(lambda: State.UNCLEAR in states(sqlite_place).values(), "one was tried")
        time.sleep(0.3)
    assert sorted(states(sqlite_place).values()) == [State.UNCLEAR] + [State.WAITING] * 9
    roark_mock.reset()


@pytest.mark.usefixtures("roark_mock")
def test_body_that_cannot_be_read_holds_up_no_other(place: str) -> None:
    """A row that somebody has damaged is refused, and others beside it are forwarded."""
    keys = add(place, report("damaged"), report("call-1"))
    with closing(open_outbox(place)) as outbox, outbox._database.transaction() as transaction:
        transaction.run("UPDATE upload SET body = '{' WHERE key = 'damaged'")
    with worker(place):
        assert settled(place) == dict.fromkeys(keys, State.DELIVERED) | {"damaged": State.REFUSED}
