"""The outbox in a SQLite file, for one machine."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .outbox import ON_KNOWN_KEY, TABLES, OutageError, Transaction
from .uploads import Upload

LOCKED_SECONDS = 5.0  # to wait for another process that keeps the file

# Of the releases before: one table, of reports alone.
TAKE_OVER_REPORTS = (
    """
    INSERT OR IGNORE INTO upload (key, operation, body, state, until, reason, added, changed)
    SELECT call_id, 'report', body, CASE state WHEN 'sent' THEN 'delivered' ELSE state END, due, reason, :now, :now
    FROM report
    """,
    "DROP TABLE report",
)


class SQLite:
    """A file. Transactions are one by one, and on the disk when they end (`synchronous` is FULL)."""

    lock = skip_locked = ""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections = threading.local()
        self._opened: list[sqlite3.Connection] = []
        if not self._has(*TABLES) or self._has("report"):
            with self.transaction() as transaction:
                for name, statements in TABLES.items():
                    for statement in statements if not self._has(name) else ():
                        transaction.run(statement)
                if self._has("report"):
                    for statement in TAKE_OVER_REPORTS:
                        transaction.run(statement, now=transaction.now)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction; undone where the block raises. Raises `OutageError` while it cannot be used."""
        try:
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield _Transaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise OutageError(f"SQLite: {error}") from error

    def _has(self, *tables: str) -> bool:
        rows = self._connection().execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return set(tables) <= {name for (name,) in rows}

    def close(self) -> None:
        """Close the connections of all threads."""
        for connection in self._opened:
            connection.close()

    def _connection(self) -> sqlite3.Connection:
        """That of this thread."""
        connection: sqlite3.Connection | None = getattr(self._connections, "of_thread", None)
        if connection is None:
            connection = sqlite3.connect(
                self._path, timeout=LOCKED_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._opened.append(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            self._connections.of_thread = connection
        return connection


class _Transaction:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.now = time.time()

    def run(self, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, parameters).fetchall()

    def insert(self, uploads: Sequence[Upload]) -> list[str]:
        insert = (
            "INSERT INTO upload (key, operation, body, state, until, added, changed) "
            "VALUES (:key, :operation, :body, 'waiting', :now, :now, :now) " + ON_KNOWN_KEY
        )
        inserted = (
            self.run(insert, key=upload.key, operation=upload.operation, body=upload.body, now=self.now)
            for upload in uploads
        )
        return [key for rows in inserted for (key,) in rows]

    def hand_out(self, keys: Sequence[str], due: float) -> None:
        """Nothing to do: workers look for themselves."""

    def without_job(self, most: int) -> list[str]:  # noqa: ARG002 - there are no jobs
        return []
