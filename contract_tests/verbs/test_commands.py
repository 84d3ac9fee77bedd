"""Verbs that tests run leave nothing behind, however the test ends."""

import os
import signal
import threading
from pathlib import Path

import pytest

from contract_tests.commands import run


@pytest.mark.whole_run
def test_interrupt_ends_what_is_run(tmp_path: Path) -> None:
    """Ctrl-C ends the verb that a test waits for, and does not wait until it is done."""
    at_work = tmp_path / "at-work"
    os.mkfifo(at_work)
    pids: list[int] = []

    def strike() -> None:
        pids.append(int(at_work.read_text(encoding="utf-8")))
        os.kill(os.getpid(), signal.SIGINT)

    striking = threading.Thread(target=strike)
    striking.start()
    with pytest.raises(KeyboardInterrupt):
        run(f"import os, pathlib, signal\npathlib.Path({str(at_work)!r}).write_text(str(os.getpid()))\nsignal.pause()")
    striking.join()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)
