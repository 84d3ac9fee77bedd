"""The calls that are to be uploaded, in one table: what is in it survives whatever becomes of the processes.

The table is the truth, and the same in SQLite and in Postgres. A row is `sending`, and that is committed, before the
first byte of its upload goes out. So who finds such a row after its lease knows that nobody knows what became of it.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from .uploads import Operation, Upload


class State(StrEnum):
    """What is known of an upload."""

    WAITING = "waiting"
    """Roark does not have it; it is sent when it is due."""
    SENDING = "sending"
    """It is on its way."""
    DELIVERED = "delivered"
    """Roark has it."""
    REFUSED = "refused"
    """Roark does not want it as it is; sending it again would not help."""
    UNCLEAR = "unclear"
    """It was sent, and nobody knows whether it arrived: somebody must look before it is sent again."""


# `until`: of what is waiting, when it is due; of what is sending, when its lease ends. Seconds since 1970, as are
# `added` and `changed`. `ids` are the vendor's, as JSON. `job` is that of the queue which hands it out, if one does.
TABLES = {
    "upload": (
        """
        CREATE TABLE upload (
            key TEXT NOT NULL PRIMARY KEY, operation TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL,
            until DOUBLE PRECISION NOT NULL, worker TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT NOT NULL DEFAULT '', ids TEXT NOT NULL DEFAULT '{}', job BIGINT,
            added DOUBLE PRECISION NOT NULL, changed DOUBLE PRECISION NOT NULL
        )
        """,
        "CREATE INDEX upload_due ON upload (state, until)",
        "CREATE INDEX upload_held_up ON upload (state, until) WHERE reason <> ''",
        "CREATE INDEX upload_state ON upload (state, changed)",
    ),
    "pace": (
        """
        CREATE TABLE pace (
            id INTEGER PRIMARY KEY, uploads_per_second DOUBLE PRECISION NOT NULL, next_slot DOUBLE PRECISION NOT NULL,
            paused_until DOUBLE PRECISION NOT NULL
        )
        """,
        "INSERT INTO pace VALUES (1, 0, 0, 0)",
    ),
    "backfill": (
        """
        CREATE TABLE backfill (
            file TEXT PRIMARY KEY, bytes BIGINT NOT NULL, lines BIGINT NOT NULL, digest TEXT NOT NULL
        )
        """,
    ),
}

# What is added where an upload is there already: one that Roark refused is replaced by another body of the same call.
ON_KNOWN_KEY = """
    ON CONFLICT (key) DO UPDATE SET operation = excluded.operation, body = excluded.body, state = 'waiting',
    until = excluded.until, reason = '', changed = excluded.changed
    WHERE upload.state = 'refused' AND upload.body <> excluded.body RETURNING key
"""

# A later release may add others, and forwards them itself.
KNOWN_OPERATIONS = ", ".join(f"'{operation}'" for operation in Operation)

BURST_SECONDS = 0.1  # of a rate limit, that may go out at once after a time in which nothing did
MOST_SWEPT = 10_000  # lost jobs that are made again at a time


class Transaction(Protocol):
    """What is done in it is on the disk when it ends, all of it or nothing. Parameters are written `:name`."""

    now: float
    """The time by the clock that all workers share, in seconds since 1970."""

    def run(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """Execute a statement; the rows that it gives."""

    def insert(self, uploads: Sequence[Upload]) -> list[str]:
        """Add uploads that are waiting; the keys of those that were not there."""

    def hand_out(self, keys: Sequence[str], due: float) -> None:
        """Have a worker take these when they are due."""

    def without_job(self, most: int) -> list[str]:
        """Keys of uploads that are due, and that no job of the queue hands out."""


class OutageError(Exception):
    """The database cannot be used now; the message says why, and shows no password."""


class Database(Protocol):
    """SQLite or Postgres. Any thread may use it."""

    @property
    def lock(self) -> str:
        """What is added to a query so that others wait for its rows; nothing where transactions are one by one."""

    @property
    def skip_locked(self) -> str:
        """What is added to a query so that it passes over the rows of others."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction; undone where the block raises. Raises `OutageError` while it cannot be used."""

    def close(self) -> None:
        """Let go of what it holds."""


@dataclass(frozen=True)
class Claim:
    """An upload that its holder alone may send, until the lease ends."""

    key: str
    operation: Operation
    body: str
    attempt: int


@dataclass(frozen=True)
class Outcome:
    """What became of a claim: its state, why, and in how many seconds it is due again where it is waiting."""

    claim: Claim
    state: State
    reason: str = ""
    wait: float = 0.0
    ids: dict[str, str] = field(default_factory=dict)
    pauses_all: bool = False
    """Whether Roark asked all to wait so long."""


@dataclass(frozen=True)
class Position:
    """How far a file has been read, and the SHA-256 of all that was."""

    bytes: int = 0
    lines: int = 0
    digest: str = ""


START = Position()


@dataclass(frozen=True)
class Row:
    """An upload as somebody looks at it.

    `age` is for how many seconds it has been there, `since` for how many in its state.
    """

    key: str
    operation: Operation
    state: State
    reason: str
    worker: str
    attempts: int
    ids: dict[str, str]
    age: float
    since: float
    body: str


@dataclass(frozen=True)
class Count:
    """How many uploads are in a state, and for how many seconds the first of them has been."""

    state: State
    uploads: int
    oldest: float


@dataclass(frozen=True)
class Summary:
    """All that is to be known of an outbox at a glance."""

    counts: list[Count]
    delivered_lately: int
    uploads_per_second: float
    """That all workers together may send; 0 for any."""
    paused: float
    """For how many seconds Roark has asked all to wait."""
    held_up_by: str
    """Why one of those that are waiting was not delivered before; empty where none was tried."""


@dataclass(frozen=True)
class _Pace:
    """How many uploads may go out now, or in how many seconds the next may; of a rate limit, from which slot on."""

    allowed: int
    wait: float = 0.0
    rate: float = 0.0
    first_slot: float = 0.0


class Outbox:
    """The table, by whichever database. Each method is one transaction, and waits for the disk.

    Each raises `OutageError` while the database cannot be used.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def add(self, uploads: Sequence[Upload], file: str = "", position: Position = START) -> int:
        """Keep uploads, on the disk when this returns; how many were not there. And how far a file has been read."""
        with self._database.transaction() as transaction:
            by_key = {upload.key: upload for upload in reversed(uploads)}
            new = transaction.insert([by_key[key] for key in sorted(by_key)])  # in the order in which all lock them
            transaction.hand_out(new, 0)
            if file:
                transaction.run(
                    "INSERT INTO backfill (file, bytes, lines, digest) VALUES (:file, :bytes, :lines, :digest) "
                    "ON CONFLICT (file) DO UPDATE SET bytes = excluded.bytes, lines = excluded.lines, "
                    "digest = excluded.digest",
                    file=file,
                    bytes=position.bytes,
                    lines=position.lines,
                    digest=position.digest,
                )
            return len(new)

    def position(self, file: str) -> Position:
        """How far a file was read before."""
        with self._database.transaction() as transaction:
            rows = transaction.run("SELECT bytes, lines, digest FROM backfill WHERE file = :file", file=file)
        return Position(*rows[0]) if rows else START

    def claim(
        self, worker: str, lease: float, most: int, keys: Sequence[str] | None = None
    ) -> tuple[list[Claim], float]:
        """At most so many uploads that are due, of these keys or any, for a lease in seconds.

        And the seconds to wait before more may go out.
        """
        with self._database.transaction() as transaction:
            now = transaction.now
            pace = self._pace(transaction, most)
            if not pace.allowed:
                return [], pace.wait
            names = [f":key{index}" for index in range(len(keys or ()))]
            among_keys = "" if keys is None else f"AND key IN ({', '.join(names)})"
            rows = transaction.run(
                "UPDATE upload SET state = 'sending', worker = :worker, until = :until, attempts = attempts + 1, "  # noqa: S608 - our own words
                "changed = :now WHERE key IN (SELECT key FROM upload WHERE state = 'waiting' AND until <= :now "
                f"AND operation IN ({KNOWN_OPERATIONS}) {among_keys} "
                f"ORDER BY until LIMIT :allowed {self._database.skip_locked}) "
                "RETURNING key, operation, body, attempts",
                worker=worker,
                until=now + lease,
                now=now,
                allowed=pace.allowed,
                **{f"key{index}": key for index, key in enumerate(keys or ())},
            )
            wait = 0.0
            if rows and pace.rate:
                next_slot = pace.first_slot + len(rows) / pace.rate
                transaction.run("UPDATE pace SET next_slot = :next_slot", next_slot=next_slot)
                wait = max(0.0, next_slot - now) if len(rows) < most else 0.0
        return [Claim(key, Operation(kind), body, attempt) for key, kind, body, attempt in rows], wait

    def _pace(self, transaction: Transaction, most: int) -> _Pace:
        """How many of so many may go out now. A rate limit is for one worker at a time to use up."""
        now, of_pace = transaction.now, "SELECT uploads_per_second, next_slot, paused_until FROM pace"
        rate, slot, paused = transaction.run(of_pace)[0]
        if paused > now:
            return _Pace(0, paused - now)
        if not rate:
            return _Pace(most)
        rate, slot, _ = transaction.run(f"{of_pace} {self._database.lock}")[0]
        first = max(slot, now - BURST_SECONDS)
        return _Pace(min(most, max(0, int((now - first) * rate + 1))), max(0.0, first - now), rate, first)

    def settle(self, worker: str, outcomes: Iterable[Outcome], *, keep_bodies: bool = False) -> None:
        """Write down what became of claims of a worker.

        One whose lease has ended meanwhile is unclear; who sent it knows better, unless somebody else was faster.
        """
        with self._database.transaction() as transaction:
            now, due_again, pause = transaction.now, dict[float, list[str]](), 0.0
            for outcome in sorted(outcomes, key=lambda outcome: outcome.claim.key):
                due = now + outcome.wait
                body = "" if outcome.state is State.DELIVERED and not keep_bodies else None
                updated = transaction.run(
                    "UPDATE upload SET state = :state, reason = :reason, until = :due, ids = :ids, "
                    "changed = CASE WHEN :state = 'waiting' THEN added ELSE :now END, "
                    "body = COALESCE(CAST(:body AS TEXT), body) "
                    "WHERE key = :key AND worker = :worker AND attempts = :attempt AND state IN ('sending', 'unclear') "
                    "RETURNING key",
                    state=outcome.state,
                    reason=outcome.reason,
                    due=due,
                    ids=json.dumps(outcome.ids),
                    now=now,
                    body=body,
                    key=outcome.claim.key,
                    worker=worker,
                    attempt=outcome.claim.attempt,
                )
                if updated and outcome.state is State.WAITING:
                    due_again.setdefault(due, []).append(outcome.claim.key)
                if outcome.pauses_all:
                    pause = max(pause, due)
            for due, keys in due_again.items():
                transaction.hand_out(keys, due)
            if pause:
                transaction.run("UPDATE pace SET paused_until = :pause WHERE paused_until < :pause", pause=pause)

    def sweep(self) -> tuple[int, int]:
        """Find what was left: how many uploads became unclear since their lease ended, and how many had no job."""
        with self._database.transaction() as transaction:
            expired = transaction.run(
                "UPDATE upload SET state = 'unclear', changed = :now, reason = :reason WHERE key IN "  # noqa: S608
                f"(SELECT key FROM upload WHERE state = 'sending' AND until < :now {self._database.skip_locked}) "
                "RETURNING key",
                now=transaction.now,
                reason="its worker ended, or lost the database, while it was sent",
            )
        without_job = 0
        while True:
            with self._database.transaction() as transaction:
                keys = transaction.without_job(MOST_SWEPT)
                transaction.hand_out(keys, 0)
            without_job += len(keys)
            if len(keys) < MOST_SWEPT:
                return len(expired), without_job

    def hand_out(self, keys: Sequence[str]) -> None:
        """Have these taken by another worker."""
        with self._database.transaction() as transaction:
            transaction.hand_out(keys, 0)

    def limit(self, uploads_per_second: float) -> None:
        """Let all workers together upload no more than that; 0 is without limit."""
        with self._database.transaction() as transaction:
            transaction.run("UPDATE pace SET uploads_per_second = :rate, next_slot = 0", rate=uploads_per_second)

    def summary(self, lately: float = 60.0) -> Summary:
        """How things are; `lately` is so many seconds."""
        with self._database.transaction() as transaction:
            now = transaction.now
            rows = transaction.run("SELECT state, count(*), min(changed) FROM upload GROUP BY state")
            ((delivered,),) = transaction.run(
                "SELECT count(*) FROM upload WHERE state = 'delivered' AND changed > :since", since=now - lately
            )
            ((rate, paused),) = transaction.run("SELECT uploads_per_second, paused_until FROM pace")
            held_up = transaction.run(
                "SELECT reason FROM upload WHERE state = 'waiting' AND reason <> '' ORDER BY until DESC LIMIT 1"
            )
        by_state = {state: Count(State(state), count, max(0.0, now - since)) for state, count, since in rows}
        return Summary(
            counts=[by_state.get(state, Count(state, 0, 0.0)) for state in State],
            delivered_lately=delivered,
            uploads_per_second=rate,
            paused=max(0.0, paused - now),
            held_up_by=held_up[0][0] if held_up else "",
        )

    def rows(self, state: State) -> list[Row]:
        """The uploads in a state, those that have been longest in it first, without their bodies."""
        return self._select("'' FROM upload WHERE state = :state ORDER BY changed, key", state=state)

    def find(self, key: str) -> Row | None:
        """An upload, with its body."""
        return next(iter(self._select("body FROM upload WHERE key = :key", key=key)), None)

    def resolve(self, keys: Iterable[str], state: State) -> list[str]:
        """Say of unclear uploads that they are delivered, or have these and refused ones sent again (`WAITING`).

        The keys of those of which that was done.
        """
        with self._database.transaction() as transaction:
            now, resolved = transaction.now, list[str]()
            for key in sorted(keys):
                resolved += [
                    row_key
                    for (row_key,) in transaction.run(
                        "UPDATE upload SET state = :state, reason = :reason, worker = '', until = :now, "
                        "changed = :now, body = CASE WHEN :state = 'delivered' THEN '' ELSE body END WHERE key = :key "
                        "AND (state = 'unclear' OR (state = 'refused' AND :state = 'waiting')) RETURNING key",
                        state=state,
                        reason="somebody looked",
                        now=now,
                        key=key,
                    )
                ]
            if state is State.WAITING:
                transaction.hand_out(resolved, 0)
        return resolved

    def _select(self, body_from_where: str, **parameters: Any) -> list[Row]:
        columns = "key, operation, state, reason, worker, attempts, ids, added, changed"
        with self._database.transaction() as transaction:
            now = transaction.now
            rows = transaction.run(f"SELECT {columns}, {body_from_where}", **parameters)
        return [
            Row(
                key=key,
                operation=Operation(operation),
                state=State(state),
                reason=reason,
                worker=worker,
                attempts=attempts,
                ids=json.loads(ids),
                age=now - added,
                since=now - changed,
                body=body,
            )
            for key, operation, state, reason, worker, attempts, ids, added, changed, body in rows
        ]
