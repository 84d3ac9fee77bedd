"""A command in a process of its own: how it ended, what it said, its time and memory. Nothing outlives its limit."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PAUSE = 0.05  # seconds from one look at a process to the next


@dataclass(frozen=True)
class ProcessResult:
    """How a command ended: its exit code, or None where it was over its limit."""

    code: int | None
    stdout: str
    stderr: str
    seconds: float
    peak: int
    """The bytes of memory that it, or the largest of the processes that it waited for, held at most.

    No less than this process has held, at which Linux begins to count.
    """


def run(
    command: Sequence[str | Path],
    seconds: float,
    *,
    folder: Path,
    tick: Callable[[], None] = lambda: None,
) -> ProcessResult:
    """Run a command to its end, or for so many seconds at most. `tick` is called while it runs.

    It and all that it started is ended when the limit is over, and when Ctrl-C ends the run.
    """
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,  # so that all of it can be ended at once
        )
        pid = status = 0
        try:
            while not pid and time.monotonic() - began < seconds:
                tick()
                time.sleep(PAUSE)
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if not pid:
                _, _, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)  # which was collected here
        return ProcessResult(
            code=process.returncode if pid else None,
            stdout=_text(stdout),
            stderr=_text(stderr),
            seconds=time.monotonic() - began,
            peak=usage.ru_maxrss * 1024,
        )


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
