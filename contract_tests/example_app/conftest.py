"""An outbox in SQLite and one in Postgres, and an application that loses no time."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contract_tests.example_app.harness import HURRIED
from contract_tests.example_app.postgres import Postgres
from contract_tests.example_app.postgres_server import PostgresServer, running


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A Postgres for this process, with a database `prepared` that has the tables."""
    with running("fsync=off") as server:  # no test pulls the plug
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE prepared")
        Postgres(server.url("prepared")).close()
        yield server


@pytest.fixture
def sqlite_place(tmp_path: Path) -> str:
    """An outbox in a file."""
    return str(tmp_path / "outbox.db")


@pytest.fixture
def postgres_place(postgres: PostgresServer) -> str:
    """An outbox in a database of its own."""
    name = f"outbox_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE prepared".encode())
    return postgres.url(name)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest) -> str:
    """An outbox in a file, and one in a database of its own."""
    found: str = request.getfixturevalue(f"{request.param}_place")
    return found


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, seconds in HURRIED:
        monkeypatch.setattr(f"contract_tests.example_app.{module}.{name}", seconds)
