"""Which outbox is meant: that of a file, or of a server."""

import os
import sqlite3
from pathlib import Path

from .outbox import Outbox
from .printing import printable
from .sqlite import SQLite

DEFAULT = "outbox.db"


def location() -> str:
    """The environment variable `OUTBOX`: a file, or the URL of a Postgres."""
    return os.environ.get("OUTBOX") or DEFAULT


def is_postgres(place: str) -> bool:
    """Whether a place is the URL of a Postgres, and no file."""
    return place.startswith(("postgres://", "postgresql://"))


class CannotOpenError(Exception):
    """There is no outbox at a place, nor can one be made; the message says why, and shows no password."""


def open_outbox(place: str) -> Outbox:
    """The outbox at a place. Raises `CannotOpenError`, and `OutageError` where it cannot be used now."""
    if not is_postgres(place):
        if "://" in place:
            raise CannotOpenError("expected OUTBOX to be a file, or a URL that begins with postgresql://")
        try:
            return Outbox(SQLite(Path(place)))
        except (sqlite3.DatabaseError, OSError) as error:
            raise CannotOpenError(f"the file {printable(place)} cannot be used as an outbox: {error}") from None
    from psycopg import ProgrammingError  # here, so that a file needs no driver of it

    from .postgres import Postgres

    try:
        return Outbox(Postgres(place))
    except ProgrammingError:
        raise CannotOpenError("OUTBOX begins as the URL of a Postgres, and cannot be read or used as one") from None
