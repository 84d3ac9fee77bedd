"""Who follows a contract is asked in the background, of the text that was saved, and nothing of the asking stays."""

import contextlib
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.checkouts import BREAKING, COMPATIBLE, SECONDS, edit, started
from scripts.compat import followers
from scripts.compat.followers import Glance, UnknownError

pytestmark = pytest.mark.whole_run


def ask(monkeypatch: pytest.MonkeyPatch, program: str, *words: str) -> None:
    """Put a program in the place of scripts/drift; it is given the contract, the place of its answer, and these."""

    def command(spec: Path, result: Path) -> list[str]:
        return [sys.executable, "-c", program, str(spec), str(result), *words]

    monkeypatch.setattr(followers, "command", command)


@pytest.mark.parametrize("text", ["as it was saved: ü\r\n", None], ids=["text", "file"])
def test_contract_is_the_one_that_was_saved(text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a save held is looked at, whatever the file holds by then; without it the file is."""
    spec = tmp_path / "openapi.yaml"
    spec.write_text("what an editor is writing", encoding="utf-8")
    program = "import json, sys; json.dump({'behind': [open(sys.argv[1], newline='').read()]}, open(sys.argv[2], 'w'))"
    ask(monkeypatch, program)
    with contextlib.closing(Glance(tmp_path, spec, text)) as glance:
        assert glance.answer() == [text or "what an editor is writing"]
        assert glance.has_ended


@pytest.mark.parametrize(
    ("said", "reason"),
    [("", "it ended without a word"), ("Traceback\nerror: no contract\n", "no contract")],
    ids=["nothing", "an error"],
)
def test_run_without_an_answer_is_told(said: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where scripts/drift gives no answer, its last line is the reason."""
    ask(monkeypatch, "import sys; sys.exit(sys.argv[3])", said)
    with pytest.raises(UnknownError, match=f"^scripts/drift could not say who follows: {reason}$"):
        followers.lagging_parties(tmp_path, tmp_path / "openapi.yaml")


# Stands in the place of scripts/drift. It begins a folder, starts somebody, says so, and never comes to an end.
AT_WORK = """
import signal, socket, subprocess, sys, tempfile
signal.signal(signal.SIGINT, signal.SIG_IGN)
tempfile.mkdtemp()
line = socket.create_connection(("127.0.0.1", {port}))
subprocess.Popen([sys.executable, "-c", "input()"], stdin=line)
line.send(b"at work")
line.recv(1)
"""


class Asked:
    """Who stands in the place of scripts/drift in a checkout, and holds a line to here."""

    def __init__(self, checkout: Path) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(SECONDS)
        program = AT_WORK.format(port=self._server.getsockname()[1])
        (checkout / "contract_tests/drift/__main__.py").write_text(program, encoding="utf-8")

    def line(self) -> socket.socket:
        """Wait until the next one is at work. Returns the line to it, which ends with the last who holds it."""
        line, _ = self._server.accept()
        line.settimeout(SECONDS)
        assert line.recv(100) == b"at work"
        return line

    def close(self) -> None:
        """Ask no more."""
        self._server.close()


@pytest.fixture
def asked(checkout: Path) -> Iterator[Asked]:
    """Who is asked in the checkout, whose contract has changed."""
    edit(checkout, COMPATIBLE)
    with contextlib.closing(Asked(checkout)) as asked:
        yield asked


@contextlib.contextmanager
def not_ignored(end: signal.Signals) -> Iterator[None]:
    """What is started here meets a signal as from a terminal, also where nohup has the tests ignore it."""
    before = signal.getsignal(end)
    if before is signal.SIG_IGN:
        signal.signal(end, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(end, before)


@pytest.mark.parametrize(
    ("end", "arguments", "code"),
    [
        pytest.param(signal.SIGINT, [], 2, id="run, by Ctrl-C"),
        pytest.param(signal.SIGTERM, [], 2, id="run, by SIGTERM"),
        pytest.param(signal.SIGINT, ["--watch"], 0, id="watching, by Ctrl-C"),
        pytest.param(signal.SIGHUP, ["--watch"], 0, id="watching, as its terminal is closed"),
    ],
)
def test_nothing_is_left_of_what_is_ended(
    end: signal.Signals, arguments: list[str], code: int, asked: Asked, checkout: Path, tmp_path: Path
) -> None:
    """A verb that is ended leaves no process behind, nor one that it started, and no folder that one works in."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with not_ignored(end), started(checkout, *arguments, TMPDIR=str(temporary)) as process, asked.line() as line:
        assert list(temporary.iterdir())
        process.send_signal(end)
        assert process.wait(SECONDS) == code
        assert line.recv(100) == b"", "somebody still holds the other end"
    assert not list(temporary.iterdir())


def test_next_save_asks_anew(asked: Asked, checkout: Path) -> None:
    """Who is asked of a save that is not the last any more is asked no longer."""
    with started(checkout, "--watch") as process, asked.line() as first:
        edit(checkout, BREAKING)
        with asked.line() as second:
            assert first.recv(100) == b"", "the former is still asked"
            process.send_signal(signal.SIGINT)
            assert second.recv(100) == b""
        assert process.wait(SECONDS) == 0
