"""`scripts/generate --watch`: each save of the contract rewrites the client, and what it changed is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from scripts.codegen import contract as contracts
from scripts.codegen import run
from scripts.codegen.changes import followers, report
from scripts.codegen.changes.followers import UnknownError
from scripts.codegen.changes.side import Side

_LOOK = 0.1  # seconds between two looks at the file
_GONE = 1.0  # seconds after which a missing file is told; some editors put a new one in its place

_PATIENCE = 2.0  # seconds for one who is asked to stop

_Stamp = tuple[int, int, int]


def watch(spec: Path, folder: Path, base: run.Base, *, asks: bool) -> int:
    """Rewrite the client at each save until Ctrl-C. Returns the exit code.

    With `asks`, it is also looked who follows the contract, in the background.

    Raises what `run.write` raises at the first write; later, the last good client is kept and watching goes on.
    """
    watcher = _Watcher(spec, folder, base, asks=asks)
    try:
        watcher.begin()
        while True:
            time.sleep(_LOOK)
            watcher.look()
    except KeyboardInterrupt:
        _say(f"\n{run.name_of(folder)} is that of the last good save")
        return 0
    finally:
        watcher.end()


class _Watcher:
    def __init__(self, spec: Path, folder: Path, base: run.Base, *, asks: bool) -> None:
        self._spec = spec
        self._folder = folder
        self._base = base
        self._stamp: _Stamp | None = None
        self._missing_since: float | None = None
        self._last: Side | None = None
        self._asks = asks
        self._followers = _Followers(spec)

    def begin(self) -> None:
        """Write the client of the contract as it is, and tell all that has changed since the base."""
        self._stamp = _stamp(self._spec)
        self._write()
        self._tell(self._base)
        _say(f"\nWatching {run.name_of(self._spec)}; Ctrl-C ends it.")

    def look(self) -> None:
        """Take in a save, if there was one, and what is known of the followers by now."""
        if told := self._followers.told():
            _say(told)
        stamp = _stamp(self._spec)
        if stamp is None:
            self._miss()
            return
        self._missing_since = None
        if stamp != self._stamp:
            self._stamp = stamp
            self._save()

    def end(self) -> None:
        """Leave no process behind."""
        self._followers.stop()

    def _miss(self) -> None:
        now = time.monotonic()
        self._missing_since = self._missing_since or now
        if self._stamp is not None and now - self._missing_since > _GONE:
            self._stamp = None
            _say(f"\n{run.name_of(self._spec)} is gone; the last good client is kept")

    def _save(self) -> None:
        """Rewrite the client, or say why the last good one is kept. Whatever a save brings, watching goes on."""
        self._followers.stop()
        _say(f"\n--- saved at {time.strftime('%H:%M:%S')}")
        former = self._last
        try:
            self._write()
            self._tell(run.Base("the last good save", former=former))
        except (contracts.ContractError, run.ForeignFolderError) as error:
            _say(f"{error}\nThe last good client is kept.")
        except (OSError, subprocess.CalledProcessError) as error:
            _say(f"{run.name_of(self._folder)} was left as it was: {error}")
        except Exception:  # noqa: BLE001 - a fault of ours must not end it
            _say(f"{traceback.format_exc()}This is a fault of scripts/generate itself; a good client is kept.")

    def _write(self) -> None:
        written = run.write(contracts.read(self._spec), self._folder)
        _say(run.written_in_words(written, self._folder))
        self._last = written.side

    def _tell(self, base: run.Base) -> None:
        """Tell what has changed since a base, how much since the first one, and in a while who does not follow."""
        assert self._last is not None  # noqa: S101 - tells type checkers
        found = run.judge(base, self._last)
        if found is None:
            _say(f"\nWhat it means for callers is not known: {base.reason}")
            return
        run.tell(found, sys.stdout)
        since = found if base is self._base else run.judge(self._base, self._last)
        if since is not None and since is not found:
            _say(f"Since {since.since}: {report.counted(since)}.{f' {since.due}' if since.due else ''}")
        if since is not None and since.changes and self._asks:
            self._followers.start()


class _Followers:
    """Asks in the background who follows the contract."""

    def __init__(self, spec: Path) -> None:
        self._spec = spec
        self._place: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to ask."""
        self._place = tempfile.TemporaryDirectory(prefix="roark-followers-")
        with Path(self._place.name, "errors").open("wb") as errors:
            self._process = subprocess.Popen(
                followers.command(self._spec, Path(self._place.name, "drift.json")),
                cwd=run.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # Ctrl-C is for the one who watches
            )

    def told(self) -> str | None:
        """The answer, once, as soon as there is one."""
        if self._process is None or self._place is None or self._process.poll() is None:
            return None
        place = Path(self._place.name)
        try:
            errors = (place / "errors").read_text("utf-8", "replace")
            return report.followers(followers.read(place / "drift.json", errors))
        except UnknownError as error:
            return str(error)
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask no longer."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # so that it clears up
            try:
                self._process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
        if self._place is not None:
            self._place.cleanup()
        self._process = self._place = None


def _stamp(path: Path) -> _Stamp | None:
    """What changes with each save; None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
