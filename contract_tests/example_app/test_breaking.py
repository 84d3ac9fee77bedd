"""However processes and databases end, at every step of the way: nothing lost, nothing doubled, every doubt a row."""

import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
from roark_mock import RoarkMock

from contract_tests.commands import free_port
from contract_tests.example_app.harness import (
    HARNESS,
    PATIENCE,
    STEPS,
    add_calls,
    killed_at,
    listens,
    process,
    reconcile,
    rows,
    settled,
    states,
    wait_for,
    worker,
)
from contract_tests.example_app.opening import open_outbox
from contract_tests.example_app.outbox import State
from contract_tests.example_app.postgres import KEYS_PER_JOB
from contract_tests.example_app.postgres_server import running
from contract_tests.example_app.samples import REPORT, lines_of
from contract_tests.subject import ROOT

pytestmark = pytest.mark.whole_run

# Steps of a worker that a doubt may follow: a claim is committed then, and what became of it is not.
IN_DOUBT = (
    "after uploads were claimed",
    "before an upload is sent",
    "before the first byte",
    "after the head of the answer",
    "after an upload was sent",
    "before outcomes are settled",
)
ADDING = ("before an upload is added", "after an upload was added")
OF_JOBS = tuple(step for step in STEPS if "job" in step)
WORKING = tuple(step for step in STEPS if step not in ADDING)

EACH_DAY = {
    ("after an upload was sent", "sqlite"),
    ("before a job is finished", "postgres"),
    ("before a commit", "sqlite"),
}


def _kills() -> Iterator[object]:
    for step in WORKING:
        for kind in ("sqlite", "postgres"):
            if kind == "postgres" or step not in OF_JOBS:
                marks = () if (step, kind) in EACH_DAY else (pytest.mark.nightly,)
                yield pytest.param(step, kind, marks=marks, id=f"{step}, {kind}")


@pytest.mark.parametrize(("step", "kind"), list(_kills()))
def test_worker_killed_at_a_step_loses_and_doubles_nothing(
    step: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path, roark_mock: RoarkMock
) -> None:
    """Killed there, a worker leaves what is sent, what is not, and a row for each that it alone could have known."""
    place: str = request.getfixturevalue(f"{kind}_place")
    keys = add_calls(place, KEYS_PER_JOB + 4)  # of two jobs
    words = ("work", "--at-a-time", "2", "--timeout", "5", "--retry", "0.05")
    killed_at(step, 8 if step == "before a commit" else 2, *words, place=place, log=tmp_path / "log")
    left = {key: state for key, state in states(place).items() if state is State.SENDING}
    assert bool(left) >= (step in IN_DOUBT)
    _end_leases(place)
    with worker(place):
        settled(place)
    counts = reconcile(place, roark_mock, keys)
    assert counts[State.UNCLEAR] == len(left)
    assert counts[State.DELIVERED] == len(keys) - len(left)


def _end_leases(place: str) -> None:
    """As if the time of all leases had passed."""
    with closing(open_outbox(place)) as outbox, outbox._database.transaction() as transaction:
        transaction.run("UPDATE upload SET until = :before WHERE state = 'sending'", before=transaction.now - 1)


@pytest.mark.parametrize(
    "step", [*(pytest.param(step, marks=pytest.mark.nightly) for step in ADDING), "before a commit"]
)
def test_backfill_killed_at_a_step_goes_on_where_it_was(step: str, place: str, tmp_path: Path) -> None:
    """Killed anywhere, and run again, it has added each call of its file once."""
    file = tmp_path / "calls.jsonl"
    file.write_bytes(b"".join(lines_of(2_400)))
    killed_at(step, 4 if step == "before a commit" else 2, "backfill", str(file), place=place, log=tmp_path / "log")
    before = len(states(place))
    assert 0 < before < 2_400
    with process("backfill", str(file), place=place, log=tmp_path / "again") as again:
        assert again.wait() == 0
    assert len(states(place)) == 2_400
    assert f"{2_400 - before:,} added" in (tmp_path / "again").read_text()


@pytest.mark.parametrize(
    ("step", "count"),
    [pytest.param("before an upload is added", 0, marks=pytest.mark.nightly), ("after an upload was added", 1)],
)
def test_receiver_killed_at_a_step_keeps_a_report_once(
    step: str, count: int, sqlite_place: str, tmp_path: Path
) -> None:
    """Where Vapi saw no answer it sends a report again, which is kept once, whether it was kept then or not."""
    port, webhook = free_port(), {"message": REPORT}
    words = ("receive", "--port", str(port))
    url, log = f"http://127.0.0.1:{port}/vapi", tmp_path / "log"
    with process(step, "1", *words, place=sqlite_place, log=log, module=HARNESS) as started:
        wait_for(lambda: listens(port), "it listens")
        with pytest.raises(httpx.TransportError):
            httpx.post(url, json=webhook, trust_env=False, timeout=PATIENCE)
        assert started.wait() == -signal.SIGKILL
    assert len(states(sqlite_place)) == count
    with process(*words, place=sqlite_place, log=log) as started:
        wait_for(lambda: listens(port), "it listens")
        answer = httpx.post(url, json=webhook, trust_env=False, timeout=PATIENCE)
        assert answer.text == ("known already" if count else "taken")
        started.terminate()
        assert started.wait() == 0
    assert states(sqlite_place) == {"call-1": State.WAITING}


def test_table_of_procrastinate_is_emptied(postgres_place: str, roark_mock: RoarkMock) -> None:
    """Jobs that are lost in the middle are made again, and those that come twice find their uploads taken."""
    keys = add_calls(postgres_place, 200)
    with worker(postgres_place), worker(postgres_place):
        roark_mock.uploads.wait_for(20)
        with psycopg.connect(postgres_place, autocommit=True) as connection:
            connection.execute("DELETE FROM procrastinate_jobs")
        assert settled(postgres_place) == dict.fromkeys(keys, State.DELIVERED)
    assert reconcile(postgres_place, roark_mock, keys) == {State.DELIVERED: 200}


def test_jobs_that_come_twice_find_the_uploads_taken(postgres_place: str, roark_mock: RoarkMock) -> None:
    """Of several jobs for one upload one sends it."""
    keys = add_calls(postgres_place, 40)
    with closing(open_outbox(postgres_place)) as outbox:
        for _ in range(3):
            outbox.hand_out(sorted(keys))
    with worker(postgres_place), worker(postgres_place):
        settled(postgres_place)
    assert reconcile(postgres_place, roark_mock, keys) == {State.DELIVERED: 40}


@pytest.mark.nightly
def test_connections_that_are_cut_are_made_anew(postgres_place: str, roark_mock: RoarkMock) -> None:
    """While its connections to the database are cut again and again, a worker goes on, and doubts what it must."""
    keys = add_calls(postgres_place, 150)
    with worker(postgres_place, timeout=2.0), _cutting(postgres_place):
        settled(postgres_place)
    reconcile(postgres_place, roark_mock, keys)


@contextmanager
def _cutting(place: str) -> Iterator[None]:
    """All connections to a database but this one's are cut, ten times a second."""
    over = threading.Event()

    def cut() -> None:
        with psycopg.connect(place, autocommit=True) as connection:
            while not over.wait(0.1):
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'watcher'"
                )
                time.sleep(0.4)

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        time.sleep(2.0)
        over.set()
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.nightly
@pytest.mark.parametrize("how", ["INT", "QUIT"])
def test_database_that_is_restarted_is_waited_for(how: str, roark_mock: RoarkMock) -> None:
    """Postgres may be stopped, or crash, and start again while workers run."""
    with running() as server:  # with fsync, since it crashes
        place = server.url()
        keys = add_calls(place, 300)
        with worker(place, timeout=2.0), worker(place, timeout=2.0):
            for count in (20, 60, 100):
                roark_mock.uploads.wait_for(count)
                server.stop(how)  # type: ignore[arg-type]
                time.sleep(0.3)
                server.start()
            settled(place)
        reconcile(place, roark_mock, keys)


@pytest.mark.nightly
@pytest.mark.parametrize("workers", [1, 4])
def test_workers_killed_at_random_lose_and_double_nothing(
    workers: int, place: str, tmp_path: Path, roark_mock: RoarkMock
) -> None:
    """Killed again and again under load while Roark fails now and then, they leave no call lost or doubled."""
    chance = random.Random(workers)  # noqa: S311 - nothing secret
    keys = add_calls(place, 1_500)
    for _ in range(40):
        fault = chance.choice((roark_mock.drop_next, roark_mock.drop_next, None))
        if fault:
            fault(recorded=chance.random() < 0.5)
        roark_mock.fail_next(429, retry_after=0)
        roark_mock.delay_next(0.05)
    words = ("never", "0", "work", "--at-a-time", "8", "--timeout", "5", "--retry", "0.05")
    with ExitStack() as stack:

        def start() -> subprocess.Popen[bytes]:
            return stack.enter_context(process(*words, place=place, log=tmp_path / "log", module=HARNESS))

        running_now = [start() for _ in range(workers)]
        for _ in range(8):
            time.sleep(chance.uniform(0.8, 2.0))
            killed = running_now.pop(chance.randrange(workers))
            killed.kill()
            killed.wait()
            running_now.append(start())
        settled(place)
    counts = reconcile(place, roark_mock, keys)
    assert counts[State.DELIVERED] > 1_000


@pytest.mark.nightly
def test_next_release_works_beside_this_one(postgres_place: str, tmp_path: Path, roark_mock: RoarkMock) -> None:
    """A release that adds columns and tasks, and says more in its jobs, shares the table with this one."""
    keys = add_calls(postgres_place, 30)
    with psycopg.connect(postgres_place, autocommit=True) as connection:
        connection.execute("ALTER TABLE upload ADD COLUMN from_tomorrow TEXT NOT NULL DEFAULT 'x'")
        connection.execute("UPDATE procrastinate_jobs SET args = args || '{\"from_tomorrow\": 1}'")
        connection.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES ('from_tomorrow', 'uploads', '{}')"
        )
    shutil.copytree(ROOT / "contract_tests" / "example_app", tmp_path / "next_release")
    words = ("work", "--retry", "0.05")
    with (
        process(*words, place=postgres_place, log=tmp_path / "log", module="next_release", folder=tmp_path),
        worker(postgres_place),
    ):
        keys |= add_calls(postgres_place, 400)
        settled(postgres_place)
    assert len({row.worker.rpartition(":")[0] for row in rows(postgres_place)}) == 2
    assert reconcile(postgres_place, roark_mock, keys) == {State.DELIVERED: 400}
