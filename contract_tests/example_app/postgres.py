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
from psycopg_pool import ConnectionPool, PoolTimeout

from .outbox import TABLES, Transaction
from .uploads import Upload

QUEUE = "uploads"
FORWARD = "forward"  # the task; its argument `keys` is a list of at most KEYS_PER_JOB
KEYS_PER_JOB = 8
GRACE_SECONDS = 30.0  # after which an upload that is due, and that no job is to hand out, has lost its job

MOST_CONNECTIONS = 4  # of a process
CONNECT_SECONDS = 10.0

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7262651)"  # who makes the tables; the number is our own


class Postgres:
    """A database. `jobs` is Procrastinate's application, which knows the tasks of this one by name."""

    outage = (psycopg.Error, PoolTimeout, ConnectorException)
    lock = "FOR UPDATE"
    skip_locked = "FOR UPDATE SKIP LOCKED"

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool(
            url, min_size=1, max_size=MOST_CONNECTIONS, timeout=CONNECT_SECONDS, open=False,
            check=ConnectionPool.check_connection,
        )  # fmt: skip
        self._pool.open(wait=True, timeout=CONNECT_SECONDS)
        self._jobs = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
        with self._pool.connection() as connection:
            connection.execute(ONE_AT_A_TIME)
            if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() == (None,):
                with self._jobs.open():
                    self._jobs.schema_manager.apply_schema()
            for statement in TABLES:
                connection.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; undone where the block raises."""
        with self._pool.connection() as connection:
            yield _Transaction(connection, self._jobs)

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


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
            "AS given (key, operation, body) ON CONFLICT (key) DO NOTHING RETURNING key",
            now=self.now,
            keys=[each.key for each in uploads],
            operations=[each.operation.value for each in uploads],
            bodies=[each.body for each in uploads],
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

    def lost(self, most: int) -> list[str]:
        rows = self.run(
            "SELECT key FROM upload WHERE state = 'waiting' AND until < :due AND NOT EXISTS "
            "(SELECT 1 FROM procrastinate_jobs WHERE id = upload.job AND status = 'todo') "
            "LIMIT :most FOR UPDATE SKIP LOCKED",
            due=self.now - GRACE_SECONDS,
            most=most,
        )
        return [key for (key,) in rows]


@cache
def _with_names(statement: str) -> str:
    """A statement with parameters as psycopg writes them."""
    return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)
