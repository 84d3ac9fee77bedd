"""The reports that are to go out, in a SQLite file: what is in it survives whatever becomes of the process."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

LOCKED_SECONDS = 5.0  # to wait for another process that keeps the file

TABLE = """
CREATE TABLE IF NOT EXISTS report (
    call_id TEXT PRIMARY KEY, state TEXT NOT NULL, due REAL NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL
)
"""
INDEX = "CREATE INDEX IF NOT EXISTS waiting ON report (due) WHERE state = 'waiting'"  # however many were sent before

TAKE = """
UPDATE report SET state = 'sending' WHERE call_id =
(SELECT call_id FROM report WHERE state = 'waiting' AND due <= ? ORDER BY due LIMIT 1)
RETURNING call_id, body
"""


class State(StrEnum):
    """What is known of a report."""

    WAITING = "waiting"
    """Roark does not have it; it is sent when it is due."""
    SENDING = "sending"
    """It is on its way."""
    SENT = "sent"
    """Roark has it."""
    REFUSED = "refused"
    """Roark does not want it as it is; sending it again would not help."""
    UNCLEAR = "unclear"
    """It was sent, and nobody knows whether it arrived: somebody must look before it is sent again."""


@dataclass(frozen=True)
class Report:
    """A Vapi end-of-call report, as it came."""

    call_id: str
    body: Any


class Outbox:
    """The reports of one application. One process at a time may forward from a file.

    Each method waits for the disk; those of one object may be called from any thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._connected() as database:
            database.execute(TABLE)
            database.execute(INDEX)

    def recover(self) -> None:
        """Begin after an end: what was on its way then may have arrived."""
        with self._connected() as database:
            database.execute(
                "UPDATE report SET state = ?, reason = ? WHERE state = ?",
                (State.UNCLEAR, "the application ended while it was sent", State.SENDING),
            )

    def add(self, report: Report) -> bool:
        """Keep a report, on the disk when this returns; False where its call is here already."""
        with self._connected() as database:
            added = database.execute(
                "INSERT OR IGNORE INTO report VALUES (?, ?, 0, '', ?)",
                (report.call_id, State.WAITING, json.dumps(report.body)),
            )
            return added.rowcount == 1

    def take(self) -> Report | None:
        """A report that is due, marked as on its way before anybody can send it; None where there is none."""
        with self._connected() as database:
            row = database.execute(TAKE, (time.time(),)).fetchone()
        return Report(row[0], json.loads(row[1])) if row else None

    def settle(self, report: Report, state: State, reason: str = "", wait: float = 0.0) -> None:
        """Say what became of a report; one that is `WAITING` is due again in `wait` seconds.

        Of one that was sent only the call is kept, not what was said in it.
        """
        body = "" if state is State.SENT else json.dumps(report.body)
        with self._connected() as database:
            database.execute(
                "UPDATE report SET state = ?, reason = ?, due = ?, body = ? WHERE call_id = ?",
                (state, reason, time.time() + wait, body, report.call_id),
            )

    def states(self) -> dict[str, State]:
        """What is known of each call, in the order they came."""
        with self._connected() as database:
            return {call: State(state) for call, state in database.execute("SELECT call_id, state FROM report")}

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is on the disk when the block is left."""
        database = sqlite3.connect(self._path, timeout=LOCKED_SECONDS)
        try:
            with database:
                yield database
        finally:
            database.close()
