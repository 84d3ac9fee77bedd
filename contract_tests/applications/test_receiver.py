"""The receiver loses no report and doubles none, whatever fails."""

import socket
import sqlite3
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from roark_mock import RoarkMock

from contract_tests.applications.receiver import app

pytestmark = pytest.mark.whole_run


@contextmanager
def serving() -> Generator[httpx.Client]:
    """The receiver on a socket, and a client of it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=30) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def vapi(
    roark_mock: RoarkMock,  # noqa: ARG001 - the environment names it
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[httpx.Client]:
    """What Vapi is to a receiver of the mock."""
    monkeypatch.setenv("RECEIVER_DB", str(tmp_path / "db"))
    with serving() as client:
        yield client


def post(vapi: httpx.Client, call_id: Any = "c-1") -> httpx.Response:
    """Send a report as Vapi does."""
    message = {"type": "end-of-call-report", "call": {"id": call_id}, "transcript": "Hi", "newest": [1]}
    return vapi.post("/vapi-webhook", json={"message": message})


def states(tmp_path: Path) -> list[tuple[str, str]]:
    """What the receiver has kept, by call."""
    db = sqlite3.connect(tmp_path / "db")
    try:
        return db.execute("SELECT key, state FROM reports").fetchall()
    finally:
        db.close()


def test_a_report_is_uploaded_once(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """A report that Vapi sends twice is uploaded once, and both are answered with its call."""
    first, second = post(vapi), post(vapi)
    (upload,) = roark_mock.uploads.vapi_calls
    assert (first.status_code, second.status_code) == (200, 200)
    assert upload.reply is not None
    assert first.json()["call_id"] == second.json()["call_id"] == upload.reply.data.call_id
    assert upload.json["vapiEndOfCallReportPayload"]["newest"] == [1]
    assert upload.json["properties"] == {"vapi_call_id": "c-1"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"message": 1}', b'{"message": {}}'])
def test_what_is_no_webhook(vapi: httpx.Client, body: bytes) -> None:
    """What is no webhook of Vapi's is refused."""
    assert vapi.post("/vapi-webhook", content=body).status_code == 400


def test_other_messages(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """Messages of other kinds are taken, and not uploaded."""
    assert vapi.post("/vapi-webhook", json={"message": {"type": "status-update"}}).status_code == 204
    assert not roark_mock.uploads


@pytest.mark.parametrize("status", [429, 401, 404])
def test_not_delivered(vapi: httpx.Client, roark_mock: RoarkMock, status: int) -> None:
    """What was not delivered is answered so that Vapi sends it again, and then uploaded."""
    roark_mock.fail_next(status=status, times=3 if status == 429 else 1, retry_after=0, operation="createVapiCall")
    failed = post(vapi)
    assert (failed.status_code, failed.headers.get("retry-after")) == (503, "1")
    assert not roark_mock.uploads
    assert post(vapi).status_code == 200
    assert len(roark_mock.uploads) == 1


@pytest.mark.parametrize("recorded", [True, False])
def test_unknown_is_kept(vapi: httpx.Client, roark_mock: RoarkMock, recorded: bool, tmp_path: Path) -> None:
    """What may have been accepted is kept for a look, and not sent again."""
    roark_mock.drop_next(recorded=recorded)
    assert [post(vapi).status_code, post(vapi).status_code] == [202, 202]
    assert len(roark_mock.uploads) == int(recorded)
    assert states(tmp_path) == [("c-1", "look")]


def test_503_is_unknown(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """So is what the service answers 503 to."""
    roark_mock.fail_next()
    assert [post(vapi).status_code, post(vapi).status_code] == [202, 202]


def test_delivered_but_unreadable(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """An upload whose reply cannot be read is done, and not sent again."""
    roark_mock.reply_next({"data": {}})
    assert [post(vapi).json(), post(vapi).status_code] == [{"state": "done", "call_id": None}, 200]
    assert len(roark_mock.uploads) == 1


@pytest.mark.parametrize("call_id", [None, 7, {}])
def test_refused_by_the_client(vapi: httpx.Client, call_id: Any, tmp_path: Path) -> None:
    """A report that can never be uploaded is refused and kept."""
    assert [post(vapi, call_id).status_code, post(vapi, call_id).status_code] == [422, 422]
    assert [state for _, state in states(tmp_path)] == ["refused"]


def test_refused_by_the_server(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """A report that the service refuses is refused, and not sent again."""
    roark_mock.fail_next(status=422)
    assert [post(vapi).status_code, post(vapi).status_code] == [422, 422]
    assert not roark_mock.uploads


def test_two_at_once_are_one(vapi: httpx.Client, roark_mock: RoarkMock) -> None:
    """Two copies at the same time are one upload, and both are answered."""
    roark_mock.delay_next(0.3)
    with ThreadPoolExecutor(2) as threads:
        replies = [future.result() for future in [threads.submit(post, vapi) for _ in range(2)]]
    assert [reply.status_code for reply in replies] == [200, 200]
    assert len(roark_mock.uploads) == 1


def test_what_was_under_way_at_a_crash_is_looked_at(
    roark_mock: RoarkMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report that a crash left half sent is looked at, and not sent again."""
    monkeypatch.setenv("RECEIVER_DB", str(tmp_path / "db"))
    with serving() as vapi:
        post(vapi)
    db = sqlite3.connect(tmp_path / "db", isolation_level=None)
    db.execute("UPDATE reports SET state = 'sending'")
    db.close()
    with serving() as vapi:
        assert post(vapi).status_code == 202
    assert len(roark_mock.uploads) == 1


def test_vapi_hangs_up_and_the_server_stops(
    roark_mock: RoarkMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload under way ends before the receiver does, whoever has gone."""
    monkeypatch.setenv("RECEIVER_DB", str(tmp_path / "db"))
    roark_mock.delay_next(1)
    body = b'{"message": {"type": "end-of-call-report", "call": {"id": "c-1"}}}'
    with serving() as vapi, socket.create_connection((vapi.base_url.host, vapi.base_url.port or 80)) as connection:
        connection.sendall(
            b"POST /vapi-webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        roark_mock.uploads.wait_for(1)
        connection.close()
    assert states(tmp_path) == [("c-1", "done")]
