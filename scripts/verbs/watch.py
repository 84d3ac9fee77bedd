"""`scripts/generate --watch`: each save of the contract rewrites the client, and what it changed is told."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import traceback
from collections.abc import Generator
from pathlib import Path

import watchfiles

from scripts import contract as contracts
from scripts.compat import report
from scripts.compat.followers import Glance, UnknownError
from scripts.compat.snapshot import Snapshot
from scripts.terminal import forget_interrupt, progress
from scripts.verbs import generation
from scripts.verbs.saves import Content, saves

_TICK = 0.05  # seconds in which a folder says at least whether something has happened
_QUIET = 0.02  # seconds without anything more that has happened, before it says so


def watch(spec: Path, folder: Path, base: generation.Base, *, asks: bool) -> int:
    """Rewrite the client at each save until Ctrl-C. Returns the exit code.

    With `asks`, it is also looked who follows the contract, in the background.

    Raises what `contract.read` and `generation.write` raise at the first write; later, the last good client is kept and
    watching goes on.
    """
    with contextlib.closing(_Watcher(spec, folder, base, asks=asks)) as watcher:
        try:
            first = watcher.begin()
            for outcome in saves(first, watcher.take, look=watcher.look, wait=watcher.wait, now=time.monotonic):
                watcher.tell(outcome)
        except KeyboardInterrupt:
            forget_interrupt()
            _say(f"\n{generation.name_of(folder)} is that of the last good save")
    return 0


class _MissingError(Exception):
    """There is no contract any more; the message says why."""


class _Watcher:
    def __init__(self, spec: Path, folder: Path, base: generation.Base, *, asks: bool) -> None:
        self._spec = spec
        self._name = generation.name_of(spec)
        self._folder = folder
        self._base = base
        self._asks = asks
        self._last: Snapshot | None = None
        self._glance: Glance | None = None
        self._events = events(spec)

    def begin(self) -> bytes:
        """Write the client of the contract as it is, and tell all that has changed since the base. Returns its bytes.

        Raises what `contract.read` and `generation.write` raise.
        """
        next(self._events)  # from here on they are heard, so that a save during the first run is taken right after it
        contract = contracts.read(self._spec)
        self._accept(generation.write(contract, self._folder), self._base)
        _say(f"\nWatching {self._name}; Ctrl-C ends it.")
        return contract.text.encode()

    def look(self) -> Content:
        """What the file holds."""
        try:
            return self._spec.read_bytes()
        except FileNotFoundError:
            return "is gone"
        except OSError as error:
            return f"cannot be read: {error.strerror}"

    def wait(self, seconds: float) -> None:
        """Wait so many seconds, or until something happens beside the contract. Tells the followers meanwhile."""
        until = time.monotonic() + seconds
        for has_happened in self._events:
            self._tell_followers()
            if has_happened or time.monotonic() >= until:
                return

    def take(self, content: Content) -> generation.Written | Exception:
        """Rewrite the client, or keep the last good one and return why."""
        progress("rewriting the client")
        try:
            if isinstance(content, str):
                raise _MissingError(content)
            return generation.write(contracts.parse(self._spec, content), self._folder)
        except Exception as error:  # noqa: BLE001 - it is told if the file stays so
            return error
        finally:
            progress("")

    def tell(self, outcome: generation.Written | Exception | None) -> None:
        """Tell what became of a save. Whatever it was, watching goes on."""
        if outcome is None:
            _say(f"\n{self._name} is that of the last good save again")
            return
        if isinstance(outcome, _MissingError):
            _say(f"\n{self._name} {outcome}; the last good client is kept")
            return
        _say(f"\n--- saved at {time.strftime('%H:%M:%S')}")
        try:
            if isinstance(outcome, Exception):
                raise outcome
            self._accept(outcome, generation.Base("the last good save", former=self._last))
        except (contracts.ContractError, generation.ForeignFolderError) as error:
            _say(f"{error}\nThe last good client is kept.")
        except (OSError, subprocess.CalledProcessError) as error:
            _say(f"{generation.name_of(self._folder)} was left as it was: {error}")
            _say(f"The next change of {self._name} tries again.")
        except Exception:  # noqa: BLE001 - a fault of ours must not end it
            _say(f"{traceback.format_exc()}This is a fault of scripts/generate itself; a good client is kept.")

    def close(self) -> None:
        """Leave no process behind, and nothing that listens."""
        self._close_glance()
        self._events.close()

    def _accept(self, save: generation.Written, base: generation.Base) -> None:
        """Tell what a save changed since a base, how much since the first one, and in a while who does not follow."""
        self._close_glance()
        self._last = save.snapshot
        _say(generation.written_in_words(save, self._folder))
        comparison = generation.judge(base, self._last)
        if comparison is None:
            _say(f"\nWhat it means for callers is not known: {base.reason}")
            return
        generation.tell(comparison, sys.stdout)
        since = comparison if base is self._base else generation.judge(self._base, self._last)
        if since is not None and since is not comparison:
            _say(f"Since {since.since}: {report.counted(since)}.{f' {since.due}' if since.due else ''}")
        if since is not None and since.changes and self._asks:
            self._glance = Glance(generation.ROOT, self._spec, save.contract.text)

    def _tell_followers(self) -> None:
        """Tell who does not follow, once that is known."""
        if self._glance is None or not self._glance.has_ended:
            return
        try:
            _say(report.followers(self._glance.answer()))
        except UnknownError as error:
            _say(str(error))
        finally:
            self._close_glance()

    def _close_glance(self) -> None:
        if self._glance is not None:
            self._glance.close()
            self._glance = None


def events(path: Path) -> Generator[bool, None, None]:
    """Some times a second, for ever, whether something has happened in the folder of a file, or of what it links to."""
    with contextlib.suppress(OSError, RuntimeError):  # a folder that is gone, more watches than the system allows
        folders = {path.absolute().parent, path.resolve().parent}
        for changes in watchfiles.watch(
            *folders,
            watch_filter=None,
            recursive=False,
            step=int(_QUIET * 1000),
            debounce=int(_TICK * 1000),
            rust_timeout=int(_TICK * 1000),
            yield_on_timeout=True,
        ):
            yield bool(changes)
    while True:  # nobody tells any more; `saves` looks from time to time anyway
        time.sleep(_TICK)
        yield False


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
