"""What the example application adds and forwards a second, on SQLite and Postgres, beside a plain loop of `create`."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg
from roark_client import Roark
from roark_mock import MockServer

from scripts.benchmark import environments
from scripts.benchmark.measure import MeasurementError, Progress, memory
from scripts.benchmark.report import Row

APPLICATION = "contract_tests.example_app"
ROWS = 20_000
PLAIN = 500  # uploads of the plain loop
COMMITS = 300
PATIENCE = 900.0  # seconds

ADDED, FROM_SQLITE, FROM_POSTGRES, STATUS_SECONDS, OF_MEMORY = 5_000, 400, 150, 1.0, 1.2

LEFT = "SELECT count(*) FROM upload WHERE state IN ('waiting', 'sending')"
NOT_DELIVERED = "SELECT count(*) FROM upload WHERE state <> 'delivered'"


def rows(place: Path, quick: bool, progress: Progress) -> list[Row]:
    """Uploads a second of all steps, each reconciled with what the mock has."""
    count = 200 if quick else ROWS
    files = {number: _file(place / f"{number}.jsonl", number) for number in (max(2, count // 10), count)}
    progress("forwarding: a plain loop of create")
    found = [_row("commits a second, SQLite, synchronous=FULL", _commits(place / "commits.db"))]
    with MockServer(kept=count) as mock, ExitStack() as stack:
        found.append(_row("uploads a second, a plain loop of create", _plain(mock, 20 if quick else PLAIN)))
        outboxes = [("SQLite", str(place / "outbox.db"), 1, FROM_SQLITE)]
        outboxes.append(("Postgres", stack.enter_context(_postgres()), 2, FROM_POSTGRES))
        for name, url, workers, goal in outboxes:
            progress(f"forwarding: {count:,} uploads, {name}")
            found += _added(name, url, files, count)
            mock.reset()
            found += _forwarded(name, url, mock, count, workers, goal)
    return found


def _file(file: Path, count: int) -> Path:
    """Call analyses and reports by turns, of 1 kB each, as lines."""
    analysis = {
        "recordingUrl": "https://example.com/recording.wav",
        "startedAt": "2025-02-11T01:04:32.737Z",
        "interfaceType": "PHONE",
        "callDirection": "INBOUND",
        "participants": [{"role": "AGENT", "spokeFirst": True}, {"role": "CUSTOMER", "spokeFirst": False}],
    }
    with file.open("w", encoding="utf-8") as lines:
        for number in range(count):
            report = {"type": "end-of-call-report", "call": {"id": f"call-{number}"}, "transcript": "a" * 900}
            body = report if number % 2 else {**analysis, "endedReason": f"{number:.>700}"}
            lines.write(json.dumps(body) + "\n")
    return file


def _commits(file: Path) -> float:
    """How many commits a second the disk takes."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE one (number INTEGER)")
        started = time.perf_counter()
        for number in range(COMMITS):
            database.execute("INSERT INTO one VALUES (?)", (number,))
        return COMMITS / (time.perf_counter() - started)


def _plain(mock: MockServer, count: int) -> float:
    with Roark(base_url=mock.url, bearer_token=mock.token) as client:
        started = time.perf_counter()
        for number in range(count):
            report = {"type": "end-of-call-report", "call": {"id": f"plain-{number}"}, "transcript": "a" * 900}
            client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report)
        return count / (time.perf_counter() - started)


@contextmanager
def _postgres() -> Iterator[str]:
    """The URL of a server that waits for the disk."""
    command = [sys.executable, "-m", f"{APPLICATION}.postgres_server"]
    with subprocess.Popen(
        command, cwd=environments.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout  # noqa: S101 - it is a pipe
        if not (url := server.stdout.readline().strip()):
            raise MeasurementError("Postgres does not start")
        try:
            yield url
        finally:
            server.communicate()  # which ends standard input, and so the server


def _added(name: str, url: str, files: dict[int, Path], count: int) -> list[Row]:
    """How many lines a second are added, and what memory they take over a tenth of them."""
    (_, of_few), (seconds, of_all) = (_measured(url, str(file)) for _, file in sorted(files.items()))
    added = count - min(files)  # the smaller file is the beginning of the larger one
    return [
        _row(f"lines added a second, {name}", added / seconds, at_least=ADDED),
        Row(
            f"memory of adding {count:,} lines, {name}, over a tenth",
            f"{of_all:.0f} MB", f"{of_few:.0f} MB", f"{of_all / of_few:.2f}", of_all / of_few, OF_MEMORY,
            f"≤ {OF_MEMORY}",
        ),
    ]  # fmt: skip


def _measured(url: str, file: str) -> tuple[float, float]:
    """Seconds and megabytes that adding a file takes."""
    started, most = time.perf_counter(), 0.0
    with _command(url, "backfill", file) as process:
        while process.poll() is None:
            most = max(most, memory(process.pid, "VmHWM"))
            time.sleep(0.02)
    if process.returncode:
        raise MeasurementError(f"backfill ended with {process.returncode}")
    return time.perf_counter() - started, most


def _forwarded(name: str, url: str, mock: MockServer, count: int, workers: int, goal: float) -> list[Row]:
    """How many uploads a second go out, and how long `status` takes; all are to arrive, each once."""
    environment = {"ROARK_BASE_URL": mock.url, "ROARK_API_BEARER_TOKEN": mock.token}
    with ExitStack() as stack:
        started = time.perf_counter()
        running = [stack.enter_context(_command(url, "work", **environment)) for _ in range(workers)]
        while _asked(url, LEFT):
            if time.perf_counter() - started > PATIENCE or any(each.poll() is not None for each in running):
                raise MeasurementError(f"the uploads from {name} do not come to an end")
            time.sleep(0.2)
        seconds = time.perf_counter() - started
    looked = time.perf_counter()
    with _command(url, "status") as status:
        status.wait()
    looked = time.perf_counter() - looked
    arrived = len(mock.uploads), len({each.body for each in mock.uploads})
    if arrived != (count, count) or _asked(url, NOT_DELIVERED):
        raise MeasurementError(f"of {count} uploads from {name} {arrived[0]} arrived, {arrived[1]} of them different")
    of = "one worker" if workers == 1 else f"{workers} workers"
    return [
        _row(f"uploads a second, {name}, {of}, reconciled", count / seconds, at_least=goal),
        Row(f"status, {name}", f"{looked:.2f} s", "", "", looked, STATUS_SECONDS, f"≤ {STATUS_SECONDS} s"),
    ]


@contextmanager
def _command(url: str, *words: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    with subprocess.Popen(
        [sys.executable, "-m", APPLICATION, *words],
        cwd=environments.ROOT,
        env={**os.environ, "OUTBOX": url, **environment},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()


def _asked(url: str, query: str) -> int:
    """A number that the table gives."""
    if url.startswith("postgresql:"):
        with psycopg.connect(url) as connection:
            found = connection.execute(query.encode()).fetchone()
    else:
        with closing(sqlite3.connect(url)) as database:
            found = database.execute(query).fetchone()
    return int(found[0]) if found else 0


def _row(what: str, value: float, at_least: float | None = None) -> Row:
    if at_least is None:
        return Row(what, f"{value:,.0f}", "", "", 0.0)
    return Row(what, f"{value:,.0f}", "", "", -value, -at_least, f"≥ {at_least:,}")
