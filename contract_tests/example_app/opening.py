"""Which outbox is meant: that of a file, or of a server."""

import os
from pathlib import Path

from .outbox import Outbox
from .sqlite import SQLite

DEFAULT = "outbox.db"


def location() -> str:
    """The environment variable `OUTBOX`: a file, or the URL of a Postgres."""
    return os.environ.get("OUTBOX") or DEFAULT


def is_postgres(place: str) -> bool:
    """Whether a place is the URL of a Postgres, and no file."""
    return place.startswith(("postgres://", "postgresql://"))


class CannotOpenError(Exception):
    """The database cannot be used; the message says why, and shows no password."""


def open_outbox(place: str) -> Outbox:
    """The outbox at a place. Raises `CannotOpenError`."""
    if not is_postgres(place):
        try:
            return Outbox(SQLite(Path(place)))
        except SQLite.outage as error:
            raise CannotOpenError(f"the file {place!r} cannot be used as an outbox: {error}") from None
    from psycopg import ProgrammingError  # here, so that a file needs no driver of it
    from psycopg.conninfo import conninfo_to_dict

    from .postgres import Postgres

    try:
        conninfo_to_dict(place)
    except ProgrammingError:
        raise CannotOpenError("OUTBOX begins as the URL of a Postgres, and cannot be read as one") from None
    try:
        return Outbox(Postgres(place))
    except Postgres.outage as error:
        raise CannotOpenError(f"the Postgres that OUTBOX names cannot be used: {str(error).strip()}") from None
