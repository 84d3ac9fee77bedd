"""Verbs that tests run leave nothing behind, however the test ends."""

import os
import select
import signal
import threading
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TextIO

import pytest

from contract_tests.commands import run

SECONDS = 60  # after which what should have ended has not


class Line:
    """A pipe that a verb holds open for as long as it lives, and writes to once it is at work."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end: TextIO | None = None
        os.mkfifo(path)
        self.code = (
            f"import signal\nline = open({str(path)!r}, 'w', buffering=1)\nline.write('at work\\n')\nsignal.pause()"
        )

    def wait(self) -> None:
        """Wait until the verb is at work."""
        self._end = self._path.open(encoding="utf-8")
        self._end.readline()

    def is_free(self) -> bool:
        """Whether no process holds the other end, or soon none does: one that is killed lives on for a moment."""
        assert self._end is not None
        with self._end as end:
            return bool(select.select([end], [], [], SECONDS)[0]) and end.read() == ""


def interrupt() -> None:
    """Press Ctrl-C."""
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.whole_run
def test_interrupt_ends_what_is_run(tmp_path: Path) -> None:
    """Ctrl-C ends the verb that a test waits for, and does not wait until it is done."""
    line = Line(tmp_path / "at-work")

    def strike() -> None:
        line.wait()
        interrupt()

    striking = threading.Thread(target=strike)
    striking.start()
    with pytest.raises(KeyboardInterrupt):
        run(line.code)
    striking.join()
    assert line.is_free()


@pytest.mark.whole_run
def test_interrupt_ends_what_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where a verb is at work before the test knows its process, as under load."""
    line = Line(tmp_path / "at-work")
    start = ForkServerProcess.start

    def slow_start(process: ForkServerProcess) -> None:
        start(process)
        line.wait()
        interrupt()

    monkeypatch.setattr(ForkServerProcess, "start", slow_start)
    with pytest.raises(KeyboardInterrupt):
        run(line.code)
    assert line.is_free()
