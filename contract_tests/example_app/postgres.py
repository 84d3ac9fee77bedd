"""The outbox in Postgres, for as many machines as one likes. Procrastinate hands the uploads out, and owns no truth."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import procrastinate
import psycopg
from procrastinate.exceptions import ConnectorException
from procrastinate.types import JSONDict
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from .outbox import ON_KNOWN_KEY, TABLES, OutageError, Transaction
from .printing import one_line
from .uploads import Upload

QUEUE = "uploads"
JOBS = "procrastinate_jobs"  # the table
FORWARD = "forward"  # the task; its argument `keys` is a list of at most KEYS_PER_JOB
KEYS_PER_JOB = 16
GRACE_SECONDS = 30.0  # after which an upload that is due, and that no job is to hand out, has lost its job

MOST_CONNECTIONS = 4  # of a process
CONNECT_SECONDS = 5.0

# For how long one that is frozen, or cut off, keeps others waiting.
FROZEN_SECONDS = 10

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7262651)"  # who makes the tables; the number is our own


OUTAGES = (
    psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.IdleInTransactionSessionTimeout,
    PoolTimeout, ConnectorException,
)  # fmt: skip


class Postgres:
    """A database. Procrastinate's jobs are added to it in the transactions of the uploads."""

    lock = "FOR UPDATE"
    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool(
            bounded(url), min_size=1, max_size=MOST_CONNECTIONS, timeout=CONNECT_SECONDS, open=False,
            check=ConnectionPool.check_connection,
        )  # fmt: skip
        self._jobs = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=bounded(url)))
        try:
            self._pool.open(wait=True, timeout=CONNECT_SECONDS)
            self._make_tables()
        except OUTAGES as error:
            self._pool.close()
            raise OutageError(f"Postgres: {one_line(error)}") from None

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; undone where the block raises. Raises `OutageError` while it cannot be used."""
        try:
            with self._pool.connection() as connection:
                yield _Transaction(connection, self._jobs)
        except OUTAGES as error:
            raise OutageError(f"Postgres: {one_line(error)}") from error

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    def _make_tables(self) -> None:
        """Make those that are not there. One that is there is left alone: to change it would wait for all who write."""
        with self._pool.connection() as connection:
            connection.execute(ONE_AT_A_TIME)
            if not _has(connection, JOBS):
                with self._jobs.open():
                    self._jobs.schema_manager.apply_schema()
            for name, statements in TABLES.items():
                for statement in statements if not _has(connection, name) else ():
                    connection.execute(statement.encode())


def bounded(url: str) -> str:
    """The URL of connections that end when their process is frozen or cut off, so that nobody waits for it."""
    settings = ("idle_in_transaction_session_timeout", "lock_timeout")
    options = [conninfo_to_dict(url).get("options"), *(f"-c {setting}={FROZEN_SECONDS}s" for setting in settings)]
    return make_conninfo(
        url,
        options=" ".join(str(option) for option in options if option),
        keepalives_idle=FROZEN_SECONDS,
        keepalives_interval=FROZEN_SECONDS // 3,
        keepalives_count=3,
        tcp_user_timeout=FROZEN_SECONDS * 1000,
    )


def _has(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone() == (True,)


class _Transaction:
    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]], jobs: procrastinate.App) -> None:
        self._connection = connection
        self._jobs = jobs
        self.now: float = self.run("SELECT extract(epoch FROM clock_timestamp())::float8")[0][0]

    def run(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(_with_names(statement), parameters or None)
        return cursor.fetchall() if cursor.description else []

    def insert(self, uploads: Sequence[Upload]) -> list[str]:
        rows = self.run(
            "INSERT INTO upload (key, operation, body, state, until, added, changed) "
            "SELECT key, operation, body, 'waiting', :now, :now, :now "
            "FROM unnest(CAST(:keys AS text[]), CAST(:operations AS text[]), CAST(:bodies AS text[])) "
            "AS given (key, operation, body) " + ON_KNOWN_KEY,
            now=self.now,
            keys=[upload.key for upload in uploads],
            operations=[upload.operation.value for upload in uploads],
            bodies=[upload.body for upload in uploads],
        )
        return [key for (key,) in rows]

    def hand_out(self, keys: Sequence[str], due: float) -> None:
        if not keys:
            return
        parts = [keys[start : start + KEYS_PER_JOB] for start in range(0, len(keys), KEYS_PER_JOB)]
        at = datetime.fromtimestamp(due, UTC) if due > self.now else None
        task = self._jobs.configure_task(
            FORWARD, allow_unknown=True, queue=QUEUE, schedule_at=at, connection=self._connection
        )
        arguments: list[JSONDict] = [{"keys": list(part)} for part in parts]
        numbers = task.batch_defer(*arguments)
        self.run(
            "UPDATE upload SET job = given.job FROM unnest(CAST(:keys AS text[]), CAST(:jobs AS bigint[])) "
            "AS given (key, job) WHERE upload.key = given.key",
            keys=list(keys),
            jobs=[number for number, part in zip(numbers, parts, strict=True) for _ in part],
        )

    def without_job(self, most: int) -> list[str]:
        rows = self.run(
            "SELECT key FROM upload WHERE state = 'waiting' AND until < :due AND NOT EXISTS "
            "(SELECT 1 FROM procrastinate_jobs WHERE id = upload.job AND status IN ('todo', 'doing')) "
            "LIMIT :most FOR UPDATE SKIP LOCKED",
            due=self.now - GRACE_SECONDS,
            most=most,
        )
        return [key for (key,) in rows]


@cache
def _with_names(statement: str) -> str:
    """A statement with parameters as psycopg writes them, and sends them in binary: to escape text takes it long."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)b", statement)
