"""Whatever fails on the way to Roark, and whenever the application ends: nothing is lost, nothing is sent twice."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from roark_mock import RoarkMock

from contract_tests.example_app import outbox
from contract_tests.example_app.app import create_app
from contract_tests.example_app.outbox import Outbox, State
from contract_tests.subject import ROOT

pytestmark = pytest.mark.whole_run

REPORT: dict[str, Any] = {"type": "end-of-call-report", "call": {"id": "call-1"}, "endedReason": "customer-ended-call"}

PATIENCE = 30.0  # seconds; a test that waits so long hangs

Fault = Callable[[RoarkMock], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the application keeps its reports."""
    return tmp_path / "outbox.db"


@contextmanager
def application(file: Path, timeout: float = 10.0) -> Iterator[httpx.Client]:
    """The application, from its start to its end, and a client of it."""
    app = create_app(file, timeout=timeout, retry_seconds=0.05)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="warning"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            host, port = listener.getsockname()
            with httpx.Client(base_url=f"http://{host}:{port}", trust_env=False, timeout=PATIENCE) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


def webhook(report: object = REPORT) -> dict[str, object]:
    """A webhook as Vapi sends it."""
    return {"message": report}


def settled(file: Path) -> dict[str, State]:
    """What is known of each call once nothing is waiting or on its way."""
    deadline = time.monotonic() + PATIENCE
    while {State.WAITING, State.SENDING} & set(states(file).values()):
        assert time.monotonic() < deadline, f"still on the way: {states(file)}"
        time.sleep(0.01)
    return states(file)


def states(file: Path) -> dict[str, State]:
    """What is known of each call."""
    return Outbox(file).states()


def test_report_is_forwarded_as_it_came(file: Path, roark_mock: RoarkMock) -> None:
    """An end-of-call report reaches Roark unchanged, the fields that nobody documented among it."""
    report = {**REPORT, "fromTomorrow": {"cost": 0.1, "words": ["né", None]}}
    with application(file) as app:
        assert app.post("/vapi", json=webhook(report)).text == "taken"
        assert settled(file) == {"call-1": State.SENT}
    (upload,) = roark_mock.uploads
    assert upload.operation == "createVapiCall"
    assert upload.json == {"vapiEndOfCallReportPayload": report}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps(webhook({"type": "speech-update"})), 200),
        (json.dumps(webhook({"type": "end-of-call-report", "call": {}})), 400),
        (json.dumps(webhook({"type": "end-of-call-report", "call": {"id": None}})), 400),
        (json.dumps(webhook({"type": "end-of-call-report", "call": {"id": 1}})), 400),
        (json.dumps(webhook({"type": "end-of-call-report", "call": {"id": ""}})), 400),
        (json.dumps(webhook({"type": "end-of-call-report", "call": {"id": "\ud800"}})), 400),
        ("[" * 100_000, 400),
        (json.dumps(webhook([])), 400),
        (json.dumps({}), 400),
        ("{", 400),
        (b"\xff", 400),
    ],
)
def test_what_is_no_report_is_not_forwarded(body: str | bytes, status: int, file: Path, roark_mock: RoarkMock) -> None:
    """Other webhooks of Vapi are passed over, and what is none is refused."""
    with application(file) as app:
        assert app.post("/vapi", content=body).status_code == status
    assert states(file) == {}
    assert len(roark_mock.uploads) == 0


def test_webhook_that_comes_twice_is_one_upload(file: Path, roark_mock: RoarkMock) -> None:
    """Vapi sends a webhook again where it saw no answer: it is known already, also after a restart."""
    with application(file) as app:
        assert [app.post("/vapi", json=webhook()).text for _ in range(2)] == ["taken", "known already"]
        settled(file)
    with application(file) as app:
        assert app.post("/vapi", json=webhook()).text == "known already"
    assert len(roark_mock.uploads) == 1


# A fault, what is known in the end, and how many uploads Roark has.
FAULTS: dict[str, tuple[Fault, State, int]] = {
    "an outage that passes": (lambda roark: roark.fail_next(429, times=7, retry_after=0), State.SENT, 1),
    "too many requests": (lambda roark: roark.fail_next(429, times=5, retry_after=0.01), State.SENT, 1),
    "a token that is mended": (lambda roark: roark.fail_next(401, times=3), State.SENT, 1),
    "a redirect that ends": (lambda roark: roark.fail_next(302, times=2), State.SENT, 1),
    "a report that Roark does not want": (lambda roark: roark.fail_next(422), State.REFUSED, 0),
    "an error of the server": (lambda roark: roark.fail_next(500), State.UNCLEAR, 0),
    "unavailable, and no word of when": (lambda roark: roark.fail_next(503), State.UNCLEAR, 0),
    "unavailable, and told when": (lambda roark: roark.fail_next(503, retry_after=0), State.UNCLEAR, 0),
    "a page of somebody else": (lambda roark: roark.reply_next(b"<html>", media_type="text/html"), State.UNCLEAR, 1),
    "a connection that dies before": (lambda roark: roark.drop_next(recorded=False), State.UNCLEAR, 0),
    "a connection that dies after": (lambda roark: roark.drop_next(recorded=True), State.UNCLEAR, 1),
    "a reply that comes too late": (lambda roark: roark.delay_next(PATIENCE), State.UNCLEAR, 1),
    "a reply that comes late": (lambda roark: roark.delay_next(0.1), State.SENT, 1),
    "a reply in drips": (lambda roark: roark.drip_next(0.2), State.SENT, 1),
    "a reply in drips, too slow": (lambda roark: roark.drip_next(PATIENCE), State.SENT, 1),
    "a reply of nonsense": (lambda roark: roark.reply_next({"data": {}}), State.SENT, 1),
    "half a reply": (lambda roark: roark.reply_next(b'{"data": '), State.SENT, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_neither_loses_nor_doubles(name: str, file: Path, roark_mock: RoarkMock) -> None:
    """Whatever fails, a report is at Roark once, or the application knows that it is not or may not be."""
    fault, state, uploads = FAULTS[name]
    fault(roark_mock)
    with application(file, timeout=0.8) as app:
        app.post("/vapi", json=webhook())
        assert settled(file) == {"call-1": state}
    with application(file):  # begun anew, it sends nothing again
        pass
    assert (states(file), len(roark_mock.uploads)) == ({"call-1": state}, uploads)


def test_roark_that_is_away_is_waited_for(file: Path, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens, reports are kept over restarts, and go out when Roark is there again."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        nowhere = f"http://127.0.0.1:{taken.getsockname()[1]}"
    calls = [f"call-{number}" for number in range(5)]
    with monkeypatch.context() as away:
        away.setenv("ROARK_BASE_URL", nowhere)
        with application(file) as app:
            for call in calls:
                app.post("/vapi", json=webhook({**REPORT, "call": {"id": call}}))
    assert set(states(file).values()) == {State.WAITING}
    with application(file):
        assert settled(file) == dict.fromkeys(calls, State.SENT)
    assert sorted(upload.json["vapiEndOfCallReportPayload"]["call"]["id"] for upload in roark_mock.uploads) == calls


def test_file_that_is_kept_by_others_is_waited_for(
    file: Path, roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another process keeps the file, as for a backup, nothing is lost; afterwards all goes on."""
    monkeypatch.setattr(outbox, "LOCKED_SECONDS", 0.1)
    with application(file) as app:
        app.post("/vapi", json=webhook())
        settled(file)
        roark_mock.delay_next(0.5)
        app.post("/vapi", json=webhook({**REPORT, "call": {"id": "call-2"}}))
        roark_mock.uploads.wait_for(2)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(1)  # well after the reply
            assert app.post("/vapi", json=webhook({**REPORT, "call": {"id": "call-3"}})).status_code == 503
            other.execute("COMMIT")
        assert app.post("/vapi", json=webhook({**REPORT, "call": {"id": "call-3"}})).text == "taken"
        assert settled(file) == dict.fromkeys(["call-1", "call-2", "call-3"], State.SENT)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            time.sleep(0.5)  # in which it looks for reports in vain
            other.execute("COMMIT")
        app.post("/vapi", json=webhook({**REPORT, "call": {"id": "call-4"}}))
        assert settled(file)["call-4"] is State.SENT
    assert len(roark_mock.uploads) == 4


def test_many_reports_meet_many_faults(file: Path, roark_mock: RoarkMock) -> None:
    """Each of many calls is at Roark at most once, and those that are not known to be there are known by name."""
    for _ in range(5):
        roark_mock.fail_next(429, times=2, retry_after=0)
        roark_mock.drop_next(recorded=True)
        roark_mock.delay_next(0.01)
        roark_mock.fail_next(429, retry_after=0)
        roark_mock.drop_next(recorded=False)
        roark_mock.reply_next({})
    calls = [f"call-{number}" for number in range(40)]
    with application(file) as app:
        for call in calls:
            app.post("/vapi", json=webhook({**REPORT, "call": {"id": call}}))
        known = settled(file)
    arrived = [upload.json["vapiEndOfCallReportPayload"]["call"]["id"] for upload in roark_mock.uploads]
    assert len(arrived) == len(set(arrived))
    assert list(known) == calls
    assert {call for call in calls if known[call] is State.SENT} <= set(arrived)
    assert set(calls) - set(arrived) <= {call for call in calls if known[call] is State.UNCLEAR}


# --- The application as a process -------------------------------------------------------------------


@contextmanager
def process(file: Path, log: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The application as users run it, and its URL; killed at exit if it still runs."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    words = ["uvicorn", "--factory", "contract_tests.example_app.app:create_app", "--port", str(port)]
    with (
        log.open("ab") as out,
        subprocess.Popen(
            [sys.executable, "-m", *words], cwd=ROOT, env={**os.environ, "OUTBOX": str(file)}, stdout=out, stderr=out
        ) as started,
    ):
        try:
            wait_until_it_listens(port, started)
            yield started, f"http://127.0.0.1:{port}/vapi"
        finally:
            started.kill()


def wait_until_it_listens(port: int, started: subprocess.Popen[bytes]) -> None:
    """Return once something takes connections at the port."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert started.poll() is None, "the application ended"
        with closing(socket.socket()) as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError(f"nothing listens at port {port}")


def test_process_that_is_killed_loses_and_doubles_nothing(file: Path, tmp_path: Path, roark_mock: RoarkMock) -> None:
    """Killed in the midst of an upload, it sends what was waiting and not again what may have arrived."""
    roark_mock.delay_next(PATIENCE)
    log = tmp_path / "log"
    with process(file, log) as (started, url):
        for call in ("call-1", "call-2"):
            report = {**REPORT, "call": {"id": call}}
            assert httpx.post(url, json=webhook(report), trust_env=False, timeout=PATIENCE).text == "taken"
        roark_mock.uploads.wait_for(1, timeout=PATIENCE)
        started.kill()
        started.wait()
    assert states(file) == {"call-1": State.SENDING, "call-2": State.WAITING}
    with process(file, log):
        roark_mock.uploads.wait_for(2, timeout=PATIENCE)
        assert settled(file) == {"call-1": State.UNCLEAR, "call-2": State.SENT}
    assert len(roark_mock.uploads) == 2
