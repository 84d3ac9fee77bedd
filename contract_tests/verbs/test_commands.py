"""Verbs that tests run leave nothing behind, however the test ends."""

import os
import select
import signal
import threading
from pathlib import Path
from typing import TextIO

import pytest

from contract_tests.commands import run

SECONDS = 60  # after which what should have ended has not


@pytest.mark.whole_run
def test_interrupt_ends_what_is_run(tmp_path: Path) -> None:
    """Ctrl-C ends the verb that a test waits for, and does not wait until it is done."""
    at_work = tmp_path / "at-work"
    os.mkfifo(at_work)
    lines: list[TextIO] = []

    def strike() -> None:
        lines.append(at_work.open(encoding="utf-8"))
        lines[0].readline()
        os.kill(os.getpid(), signal.SIGINT)

    striking = threading.Thread(target=strike)
    striking.start()
    code = f"import signal\nline = open({str(at_work)!r}, 'w', buffering=1)\nline.write('at work\\n')\nsignal.pause()"
    with pytest.raises(KeyboardInterrupt):
        run(code)
    striking.join()
    with lines[0] as line:
        assert select.select([line], [], [], SECONDS)[0], "somebody still holds the other end"
        assert line.read() == ""
