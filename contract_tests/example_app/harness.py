"""How the application is run by its tests: within their process, as processes of its own, and killed at a step.

As a program, `harness STEP COUNT COMMAND …` runs a command of the application in a hurry, and kills its process with
SIGKILL when it comes to a step for the COUNTth time.
"""

import asyncio
import contextlib
import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from roark_client import AsyncRoark
from roark_mock import RoarkMock

from contract_tests.example_app.__main__ import main
from contract_tests.example_app.forwarding import Forwarder
from contract_tests.example_app.opening import open_outbox
from contract_tests.example_app.outbox import Outbox, Row, State
from contract_tests.example_app.receiver import create_app
from contract_tests.example_app.samples import line, lines_of
from contract_tests.example_app.uploads import read_line
from contract_tests.example_app.worker import work
from contract_tests.subject import ROOT

HARNESS = "contract_tests.example_app.harness"

PATIENCE = 240.0  # seconds; a test that waits so long hangs

# Waits of the application, and how long each is in its tests.
HURRIED = (
    ("forwarding", "LEASE_MARGIN", 1.0),
    ("forwarding", "OUTAGE_SECONDS", 0.05),
    ("worker", "OUTAGE_SECONDS", 0.05),
    ("worker", "IDLE_SECONDS", 0.02),
    ("worker", "SWEEP_SECONDS", 0.1),
    ("jobs", "POLL_SECONDS", 0.05),
    ("jobs", "HEARTBEAT_SECONDS", 0.2),
    ("jobs", "STALLED_SECONDS", 1.0),
    ("postgres", "GRACE_SECONDS", 0.5),
    ("__main__", "UNFINISHED_SECONDS", 1),
)

# Each step by the function that takes it, and whether it is over.
STEPS = {
    "before an upload is added": ("outbox.Outbox.add", False),
    "after an upload was added": ("outbox.Outbox.add", True),
    "before a job is fetched": ("procrastinate.manager.JobManager.fetch_job", False),
    "after a job was fetched": ("procrastinate.manager.JobManager.fetch_job", True),
    "before uploads are claimed": ("outbox.Outbox.claim", False),
    "after uploads were claimed": ("outbox.Outbox.claim", True),
    "before an upload is sent": ("forwarding.send", False),
    "before the first byte": ("httpx.AsyncHTTPTransport.handle_async_request", False),
    "after the head of the answer": ("httpx.AsyncHTTPTransport.handle_async_request", True),
    "after an upload was sent": ("forwarding.send", True),
    "before outcomes are settled": ("outbox.Outbox.settle", False),
    "after outcomes were settled": ("outbox.Outbox.settle", True),
    "before a job is finished": ("procrastinate.manager.JobManager.finish_job", False),
    "after a job was finished": ("procrastinate.manager.JobManager.finish_job", True),
    "before a commit": ("COMMIT", False),
    "before a sweep": ("outbox.Outbox.sweep", False),
    "after a sweep": ("outbox.Outbox.sweep", True),
}


@contextmanager
def application(place: str, timeout: float = 10.0) -> Iterator[httpx.Client]:
    """A receiver and a worker, from their start to their end, and a client of the receiver."""
    with worker(place, timeout), receiver(place) as client:
        yield client


@contextmanager
def receiver(place: str) -> Iterator[httpx.Client]:
    """What takes webhooks, and a client of it."""
    server = uvicorn.Server(uvicorn.Config(create_app(open_outbox(place)), log_config=None, log_level="warning"))
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


@contextmanager
def worker(place: str, timeout: float = 10.0, **options: Any) -> Iterator[Forwarder]:
    """What forwards, in a thread."""
    forwarders: list[Forwarder] = []
    loops: list[asyncio.AbstractEventLoop] = []
    ready = threading.Event()

    async def run() -> None:
        with closing(open_outbox(place)) as outbox:
            async with AsyncRoark() as client:
                loops.append(asyncio.get_running_loop())
                forwarders.append(Forwarder(outbox, [client], timeout=timeout, retry_seconds=0.05, **options))
                ready.set()
                await work(place, forwarders[0])

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    assert ready.wait(PATIENCE)
    try:
        yield forwarders[0]
    finally:
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            loops[0].call_soon_threadsafe(forwarders[0].stopping.set)
        thread.join()


@contextmanager
def process(
    *words: str, place: str, log: Path, module: str = "contract_tests.example_app", folder: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """A command as users run it; killed at exit if it still runs."""
    environment = {**os.environ, "OUTBOX": place}
    with (
        log.open("ab") as out,
        subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
        ) as started,
    ):  # fmt: skip
        try:
            yield started
        finally:
            started.kill()


def killed_at(step: str, count: int, *words: str, place: str, log: Path) -> None:
    """Run a command until it is killed at a step. Fails where it ends otherwise."""
    with process(step, str(count), *words, place=place, log=log, module=HARNESS) as started:
        code = started.wait(PATIENCE)
    assert code == -signal.SIGKILL, f"it never came to {step!r}: exit code {code}\n{log.read_text()[-2000:]}"


def listens(port: int) -> bool:
    """Whether something takes connections at a port."""
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Return once it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.02)


def add_calls(place: str, count: int) -> set[str]:
    """Add so many calls; their keys."""
    return set(add_lines(place, lines_of(count)))


def add_lines(place: str, lines: Iterable[bytes]) -> list[str]:
    """Add the calls of some lines; their keys."""
    uploads = list(map(read_line, lines))
    with closing(open_outbox(place)) as outbox:
        outbox.add(uploads)
    return [upload.key for upload in uploads]


def states(place: str) -> dict[str, State]:
    """What is known of each upload."""
    return {row.key: row.state for row in rows(place)}


def rows(place: str) -> list[Row]:
    """All uploads, in the order in which they were added."""
    with closing(open_outbox(place)) as outbox:
        found = [row for state in State for row in outbox.rows(state)]
    return sorted(found, key=lambda row: -row.age)


def settled(place: str) -> dict[str, State]:
    """What is known of each upload once nothing is waiting or on its way."""
    with closing(open_outbox(place)) as outbox:
        wait_for(lambda: not _left(outbox), "nothing is waiting or on its way")
    return states(place)


def _left(outbox: Outbox) -> int:
    return sum(count.uploads for count in outbox.summary().counts if count.state in (State.WAITING, State.SENDING))


def arrived(roark: RoarkMock) -> Counter[str]:
    """How often Roark has each call, by its key."""
    found = Counter[str]()
    for upload in roark.uploads:
        assert isinstance(upload.json, dict)
        body = upload.json.get("vapiEndOfCallReportPayload", upload.json)
        found[read_line(line(body)).key] += 1
    return found


def reconcile(place: str, roark: RoarkMock, keys: set[str]) -> dict[State, int]:
    """How many rows are in each state, which agree with what Roark has: nothing lost or doubled, every doubt a row."""
    known, there = states(place), arrived(roark)
    assert known.keys() == keys
    assert not {key: count for key, count in there.items() if count > 1}
    assert there.keys() <= keys
    for key, state in known.items():
        match state:
            case State.DELIVERED:
                assert there[key] == 1, f"{key} is said to be delivered"
            case State.UNCLEAR:
                pass
            case _:
                assert there[key] == 0, f"{key} is {state}, and Roark has it"
    return Counter(known.values())


def _die_at(step: str, count: int) -> None:
    """Have this process killed when it comes to a step for the nth time."""
    name, is_over = STEPS[step]
    left = [count]

    def come() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(PATIENCE)

    if name == "COMMIT":
        for module, kind in (("sqlite", "SQLite"), ("postgres", "Postgres")):
            owner = getattr(importlib.import_module(f"contract_tests.example_app.{module}"), kind)
            owner.transaction = _before_commit(owner.transaction, come)
        return
    module, _, path = name.rpartition(".")
    if name.startswith(("procrastinate.", "httpx.")):
        module, _, owner_name = module.rpartition(".")
        owner = getattr(importlib.import_module(module), owner_name)
    else:
        package, _, owner_name = module.partition(".")
        owner = importlib.import_module(f"contract_tests.example_app.{package}")
        owner = getattr(owner, owner_name) if owner_name else owner
    setattr(owner, path, _watched(getattr(owner, path), come, is_over=is_over))


def _before_commit(transaction: Callable[..., Any], come: Callable[[], None]) -> Callable[..., Any]:
    @contextmanager
    def watched(self: object) -> Iterator[Any]:
        with transaction(self) as found:
            yield found
            come()

    return watched


def _watched(function: Callable[..., Any], come: Callable[[], None], *, is_over: bool) -> Callable[..., Any]:
    if asyncio.iscoroutinefunction(function):

        async def watched(*arguments: Any, **named: Any) -> Any:
            if not is_over:
                come()
            found = await function(*arguments, **named)
            if is_over and (found is not None or function.__name__ != "fetch_job"):
                come()
            return found

        return watched

    def watched_too(*arguments: Any, **named: Any) -> Any:
        if not is_over:
            come()
        found = function(*arguments, **named)
        if is_over:
            come()
        return found

    return watched_too


if __name__ == "__main__":
    for module_name, constant, seconds in HURRIED:
        setattr(importlib.import_module(f"contract_tests.example_app.{module_name}"), constant, seconds)
    if sys.argv[1] != "never":
        _die_at(sys.argv[1], int(sys.argv[2]))
    raise SystemExit(main(sys.argv[3:]))
