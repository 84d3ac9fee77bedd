"""The table says the same in SQLite and in Postgres: each call once, claimed by one, and never sent by itself again."""

import contextlib
import functools
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from contract_tests.example_app.opening import CannotOpenError, open_outbox
from contract_tests.example_app.outbox import Claim, OutageError, Outbox, Outcome, Position, State
from contract_tests.example_app.uploads import Operation, Upload


@pytest.fixture
def outbox(place: str) -> Iterator[Outbox]:
    """An outbox, in each database."""
    with closing(open_outbox(place)) as found:
        yield found


def upload(key: str = "call-1") -> Upload:
    """A report."""
    return Upload(key, Operation.REPORT, json.dumps({"call": {"id": key}, "text": "\0é\ud800"}))


def claim(outbox: Outbox, worker: str = "me", lease: float = 60.0, most: int = 10) -> list[Claim]:
    """What a worker gets."""
    return outbox.claim(worker, lease, most)[0]


def test_call_is_added_once(outbox: Outbox) -> None:
    """A key that is there already is left as it is, also within one addition and whatever became of it."""
    assert outbox.add([upload("a"), upload("b"), upload("a")]) == 2
    (first, second) = claim(outbox)
    outbox.settle("me", [Outcome(first, State.DELIVERED), Outcome(second, State.REFUSED)])
    assert outbox.add([upload("a"), upload("b"), upload("c")]) == 1


def test_call_that_is_added_by_many_at_once_is_added_once(place: str) -> None:
    """Of many who add the same calls at the same time, one does."""
    added: list[int] = []
    keys = [upload(f"call-{number}") for number in range(20)]

    def add(uploads: list[Upload]) -> None:
        with closing(open_outbox(place)) as outbox:
            added.extend(outbox.add([each]) for each in uploads)

    threads = [threading.Thread(target=add, args=(keys[start:] + keys[:start],)) for start in (0, 5, 10, 15)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (sum(added), len(added)) == (20, 80)


def test_claim_is_of_one_worker(outbox: Outbox) -> None:
    """What one worker has claimed no other gets, and it gets the body as it was added."""
    outbox.add([upload("a"), upload("b")])
    (first,) = claim(outbox, "one", most=1)
    (second,) = claim(outbox, "other")
    assert {first.key, second.key} == {"a", "b"}
    assert first.body == upload(first.key).body
    assert claim(outbox, "third") == []


def test_work_does_not_grow_with_what_is_waiting(sqlite_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To claim an upload, to settle it and to sweep takes a file as many steps, however many uploads are waiting."""
    steps: list[None] = []

    class Counted(sqlite3.Connection):
        def __init__(self, *arguments: Any, **how: Any) -> None:
            super().__init__(*arguments, **how)
            self.set_progress_handler(lambda: steps.append(None), 1)

    monkeypatch.setattr(sqlite3, "connect", functools.partial(sqlite3.connect, factory=Counted))

    def taken(outbox: Outbox) -> int:
        steps.clear()
        (one,) = claim(outbox, most=1)
        outbox.settle("me", [Outcome(one, State.DELIVERED)])
        outbox.sweep()
        return len(steps)

    with closing(open_outbox(sqlite_place)) as outbox:
        outbox.add([upload(f"few-{number}") for number in range(20)])
        of_few = taken(outbox)
        outbox.add([upload(f"many-{number}") for number in range(2_000)])
        assert 0 < taken(outbox) < 2 * of_few


def test_claim_of_named_uploads_takes_no_other(outbox: Outbox) -> None:
    """Who asks for some keys gets those of them that are due."""
    outbox.add([upload("a"), upload("b"), upload("c")])
    assert {each.key for each in outbox.claim("me", 60, 10, ["a", "c", "nobody"])[0]} == {"a", "c"}
    assert outbox.claim("me", 60, 10, ["a"])[0] == []


def test_what_waits_is_due_in_time(outbox: Outbox) -> None:
    """What Roark does not have is claimed again when it is due, not before."""
    outbox.add([upload()])
    (held,) = claim(outbox)
    outbox.settle("me", [Outcome(held, State.WAITING, "later", wait=0.3)])
    assert claim(outbox) == []
    time.sleep(0.35)
    assert claim(outbox)[0].attempt == 2


def test_lease_that_has_ended_is_a_doubt(outbox: Outbox) -> None:
    """What is found on its way after its lease is unclear, whoever finds it, and nobody gets it again."""
    outbox.add([upload()])
    claim(outbox, lease=0.0)
    time.sleep(0.01)
    assert outbox.sweep() == (1, 0)
    assert claim(outbox) == []
    (row,) = outbox.rows(State.UNCLEAR)
    assert "its worker ended" in row.reason


def test_who_sent_it_knows_better_than_a_sweep(outbox: Outbox) -> None:
    """A worker that comes late with what became of an upload ends the doubt, unless somebody else has."""
    outbox.add([upload("a"), upload("b")])
    first, second = claim(outbox, lease=0.0)
    time.sleep(0.01)
    outbox.sweep()
    assert outbox.resolve([second.key], State.WAITING) == [second.key]
    outbox.settle("me", [Outcome(each, State.DELIVERED) for each in (first, second)])
    assert {row.key: row.state for state in State for row in outbox.rows(state)} == {
        first.key: State.DELIVERED,
        second.key: State.WAITING,
    }


def test_worker_cannot_settle_what_another_holds(outbox: Outbox) -> None:
    """What became of a claim is written down by its holder alone, for that attempt alone."""
    outbox.add([upload()])
    (held,) = claim(outbox, "one")
    outbox.settle("another", [Outcome(held, State.DELIVERED)])
    outbox.settle("one", [Outcome(Claim(held.key, held.operation, held.body, 7), State.DELIVERED)])
    assert [row.state for row in outbox.rows(State.SENDING)] == [State.SENDING]


def test_only_what_is_unclear_is_resolved(outbox: Outbox) -> None:
    """Somebody who has looked says what became of a doubt; all else is left as it is."""
    outbox.add([upload("a"), upload("b")])
    claim(outbox, lease=0.0, most=1)
    time.sleep(0.01)
    outbox.sweep()
    ((doubt,),) = [outbox.rows(State.UNCLEAR)]
    assert outbox.resolve(["a", "b", "nobody"], State.DELIVERED) == [doubt.key]
    assert outbox.resolve([doubt.key], State.WAITING) == []


def test_body_goes_once_it_is_delivered(outbox: Outbox) -> None:
    """Of what Roark has, only key and ids are kept, unless the bodies are to be; of all else the body is."""
    outbox.add([upload(key) for key in "abc"])
    held = {each.key: each for each in claim(outbox)}
    outbox.settle(
        "me", [Outcome(held["a"], State.DELIVERED, ids={"callId": "7"}), Outcome(held["b"], State.REFUSED, "no")]
    )
    outbox.settle("me", [Outcome(held["c"], State.DELIVERED)], keep_bodies=True)
    found = {key: outbox.find(key) for key in "abc"}
    assert {key: bool(row and row.body) for key, row in found.items()} == {"a": False, "b": True, "c": True}
    assert found["a"] and found["a"].ids == {"callId": "7"}
    assert found["b"] and found["b"].body == upload("b").body


def test_rate_is_that_of_all_workers(outbox: Outbox) -> None:
    """However many ask, no more go out in a time than the limit lets."""
    outbox.add([upload(f"call-{number}") for number in range(300)])
    outbox.limit(100)
    begun, count = time.monotonic(), 0
    while (passed := time.monotonic() - begun) < 0.5:
        for worker in ("one", "other"):
            claims, wait = outbox.claim(worker, 60, 50)
            count += len(claims)
            assert claims or wait > 0
    assert count <= 100 * (passed + 0.1) + 2
    assert count >= 20
    outbox.limit(0)
    assert len(claim(outbox, most=300)) == 300 - count


def test_pause_is_that_of_all_workers(outbox: Outbox) -> None:
    """Where Roark asks to wait, nobody sends anything until then; a shorter pause does not end a longer one."""
    outbox.add([upload("a"), upload("b"), upload("c")])
    first, second = claim(outbox, most=2)
    outbox.settle("me", [Outcome(first, State.WAITING, wait=0.4, pauses_all=True)])
    outbox.settle("me", [Outcome(second, State.WAITING, wait=0.0, pauses_all=True)])
    claims, wait = outbox.claim("another", 60, 10)
    assert claims == []
    assert 0 < wait <= 0.4
    time.sleep(wait + 0.01)
    assert len(claim(outbox)) == 3


def test_counts_are_of_all_states(outbox: Outbox) -> None:
    """Each state is counted, with the age of what has been longest in it."""
    outbox.add([upload("a"), upload("b"), upload("c")])
    (held,) = claim(outbox, most=1)
    outbox.settle("me", [Outcome(held, State.DELIVERED)])
    found = outbox.summary()
    assert {each.state: each.uploads for each in found.counts if each.uploads} == {State.WAITING: 2, State.DELIVERED: 1}
    assert (found.delivered_lately, found.paused, found.held_up_by) == (1, 0.0, "")
    assert all(0 <= each.oldest < 60 for each in found.counts)


def test_place_in_a_file_is_kept_with_its_calls(outbox: Outbox) -> None:
    """How far a file was read is on the disk with what was read, or neither is."""
    assert outbox.position("calls.jsonl") == Position()
    outbox.add([upload()], "calls.jsonl", Position(120, 3, "a"))
    nameless = Upload(None, Operation.REPORT, "{}")  # type: ignore[arg-type]
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        outbox.add([nameless], "calls.jsonl", Position(500, 9, "b"))
    assert outbox.position("calls.jsonl") == Position(120, 3, "a")


def test_outbox_of_the_release_before_is_taken_over(tmp_path: Path) -> None:
    """Reports that the release before has kept go on from where they were; none is lost or sent again."""
    file = tmp_path / "outbox.db"
    with closing(sqlite3.connect(file)) as former, former:
        former.execute(
            "CREATE TABLE report (call_id TEXT PRIMARY KEY, state TEXT NOT NULL, due REAL NOT NULL, "
            "reason TEXT NOT NULL, body TEXT NOT NULL)"
        )
        for state in ("waiting", "sending", "sent", "refused", "unclear"):
            former.execute("INSERT INTO report VALUES (?, ?, 0, 'why', '{}')", (f"call-{state}", state))
    for _ in range(2):
        with closing(open_outbox(str(file))) as outbox:
            outbox.sweep()
            assert {row.key: row.state for state in State for row in outbox.rows(state)} == {
                "call-waiting": State.WAITING,
                "call-sending": State.UNCLEAR,
                "call-sent": State.DELIVERED,
                "call-refused": State.REFUSED,
                "call-unclear": State.UNCLEAR,
            }
    with closing(sqlite3.connect(file)) as former, pytest.raises(sqlite3.OperationalError, match="no such table"):
        former.execute("INSERT INTO report VALUES ('late', 'waiting', 0, '', '{}')")  # which nobody would read


def test_disk_is_waited_for(sqlite_place: str) -> None:
    """A commit in SQLite is on the disk when it returns, whatever the file's mode."""
    with closing(open_outbox(sqlite_place)) as outbox, outbox._database.transaction() as transaction:
        assert transaction.run("PRAGMA synchronous") == [(2,)]


@pytest.mark.parametrize("place", ["/nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/none?connect_timeout=1"])
def test_outbox_that_cannot_be_used_is_told(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be made, and a server that is not there, are errors that say so."""
    monkeypatch.setattr("contract_tests.example_app.postgres.CONNECT_SECONDS", 0.5)
    with pytest.raises((CannotOpenError, OutageError)):
        open_outbox(place)


def test_refused_call_is_replaced_by_a_corrected_one(outbox: Outbox) -> None:
    """What Roark refused is added again where its body is another; with the same body it is known already."""
    outbox.add([upload("a"), upload("b")])
    outbox.settle("me", [Outcome(each, State.REFUSED, "no") for each in claim(outbox)])
    corrected = Upload("a", Operation.REPORT, '{"corrected": 1}')
    assert outbox.add([corrected, upload("b")]) == 1
    (held,) = claim(outbox)
    assert (held.key, held.body) == ("a", corrected.body)
    assert outbox.resolve(["b"], State.WAITING) == ["b"]
    assert outbox.resolve(["b"], State.DELIVERED) == []


def test_upload_of_an_operation_to_come_is_left_alone(outbox: Outbox) -> None:
    """What only a later release knows how to send waits for one that does, and holds up no other."""
    outbox.add([upload("a"), upload("b")])
    with outbox._database.transaction() as transaction:
        transaction.run("UPDATE upload SET operation = 'from tomorrow' WHERE key = 'a'")
    assert [each.key for each in claim(outbox)] == ["b"]


def test_limit_that_is_raised_holds_at_once(outbox: Outbox) -> None:
    """A rate that was very low keeps nobody waiting once it is higher."""
    outbox.add([upload("a"), upload("b")])
    outbox.limit(0.001)
    assert len(claim(outbox)) == 1
    assert claim(outbox) == []
    outbox.limit(1_000)
    assert len(claim(outbox)) == 1
    assert outbox.summary().uploads_per_second == 1_000


def test_what_holds_uploads_up_is_told(outbox: Outbox) -> None:
    """Of uploads that wait since they were not delivered, the summary says why, and how long the first has waited."""
    outbox.add([upload()])
    time.sleep(0.2)
    outbox.settle("me", [Outcome(claim(outbox)[0], State.WAITING, "401: no such token")])
    found = outbox.summary()
    assert found.held_up_by == "401: no such token"
    assert found.counts[0].oldest >= 0.2


def test_body_goes_once_somebody_says_that_it_is_there(outbox: Outbox) -> None:
    """An upload that somebody calls delivered keeps no body."""
    outbox.add([upload()])
    outbox.settle("me", [Outcome(claim(outbox)[0], State.UNCLEAR)])
    outbox.resolve(["call-1"], State.DELIVERED)
    assert (row := outbox.find("call-1")) and row.body == ""


def test_same_calls_from_many_files_meet_no_deadlock(postgres_place: str) -> None:
    """Who adds, settles or resolves many at once takes them in one order."""
    failed: list[BaseException] = []
    together = threading.Barrier(2)

    def add(step: int) -> None:
        with closing(open_outbox(postgres_place)) as outbox:
            for turn in range(20):
                uploads = [upload(f"call-{turn}-{number}") for number in range(500)][::step]
                together.wait()
                try:
                    outbox.add(uploads)
                except OutageError as error:
                    failed.append(error)

    threads = [threading.Thread(target=add, args=(step,)) for step in (1, -1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


def test_outbox_is_opened_beside_an_open_transaction(postgres_place: str) -> None:
    """Opening an outbox that is there waits for nobody, and keeps nobody waiting."""
    with closing(open_outbox(postgres_place)) as outbox:
        outbox.add([upload("a")])
        with psycopg.connect(postgres_place) as other:
            other.execute("UPDATE upload SET reason = 'busy'")
            with closing(open_outbox(postgres_place)) as second:
                assert second.add([upload("b")]) == 1
                assert second.summary().counts[0].uploads == 2


def test_frozen_worker_keeps_nobody_waiting(postgres_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is idle within a transaction is ended, so that what it has locked is free."""
    monkeypatch.setattr("contract_tests.example_app.postgres.FROZEN_SECONDS", 1)
    with closing(open_outbox(postgres_place)) as frozen, closing(open_outbox(postgres_place)) as outbox:
        outbox.add([upload()])
        outbox.limit(100)
        with pytest.raises(OutageError), frozen._database.transaction() as transaction:
            transaction.run("SELECT 1 FROM pace FOR UPDATE")
            begun, claims = time.monotonic(), list[Claim]()
            while not claims and time.monotonic() - begun < 30:
                with contextlib.suppress(OutageError):  # no lock within a second
                    claims = claim(outbox)
            assert claims
            transaction.run("SELECT 1")
