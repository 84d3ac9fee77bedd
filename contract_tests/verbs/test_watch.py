"""`scripts/generate --watch` rewrites the client at each save, keeps the last good one, and leaves nothing behind."""

import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import watchfiles

from contract_tests.checkouts import BREAKING, COMPATIBLE, SECONDS, edit, generate, started
from contract_tests.commands import environment
from contract_tests.subject import ROOT
from scripts.verbs import saves, watch
from scripts.verbs.generate import main
from scripts.verbs.generation import Base

FIRST = "enum: [RINGING, "


class Watching:
    """A process that watches the contract of a checkout, and the lines that it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, text: str) -> list[str]:
        """The lines that come, up to one with a text."""
        lines: list[str] = []
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                line = self._lines.get(timeout=deadline - time.monotonic())
            except (queue.Empty, ValueError):
                raise AssertionError(f"it has not told {text!r} for {SECONDS} seconds: {lines}") from None
            if line is None:
                raise AssertionError(f"it ended before {text!r}: {lines}")
            lines.append(line)
            if text in line:
                return lines

    def interrupt(self) -> int:
        """Press Ctrl-C. Returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.until("generated is that of the last good save")
        return self.process.wait(SECONDS)

    def close(self) -> None:
        """End it, and read the rest."""
        self.process.kill()
        self._reader.join()


@contextmanager
def watching(checkout: Path, *arguments: str) -> Iterator[Watching]:
    """A checkout that is watched from here on."""
    with started(checkout, "--watch", *arguments) as process, closing(Watching(process)) as watched:
        watched.until("Ctrl-C ends it.")
        yield watched


@pytest.mark.whole_run
def test_save_is_told_and_a_broken_one_keeps_the_client(checkout: Path) -> None:
    """Each save rewrites the client and tells its own change; a broken one says line and reason and changes nothing."""
    status = checkout / "generated/roark_client/models/call_status.py"
    with watching(checkout) as watched:
        edit(checkout, COMPATIBLE)
        told = watched.until("Since HEAD")
        assert any("#/components/schemas/CallStatus/enum: QUEUED is new (reply-enum-grown)" in line for line in told)
        assert 'QUEUED = "QUEUED"' in status.read_text(encoding="utf-8")
        assert watched.until("Not followed yet: documents, server")

        edit(checkout, BREAKING, ("enum: [PHONE, WEB]", "enum: [PHONE, WEB"))
        told = watched.until("The last good client is kept.")
        (reason,) = [line for line in told if "openapi.yaml:" in line]
        assert "is not valid YAML" in reason
        assert 'QUEUED = "QUEUED"' in status.read_text(encoding="utf-8")

        edit(checkout, ("enum: [PHONE, WEB", "enum: [PHONE, WEB]"))
        told = watched.until("Since HEAD")
        assert any("request-field-required" in line for line in told)
        assert not any("reply-enum-grown" in line for line in told), "that was the save before"
        assert "breaking" in told[-1]

        assert watched.interrupt() == 0
    assert generate(checkout, "--check", "--no-followers").returncode == 0


def in_pieces(spec: Path, content: bytes) -> None:
    """Truncate and write."""
    with spec.open("wb", buffering=0) as file:
        for start in range(0, len(content), 4096):
            file.write(content[start : start + 4096])


def by_rename(spec: Path, content: bytes) -> None:
    """Write a file beside it and rename that over it."""
    beside = spec.with_name(".openapi.yaml.swp")
    beside.write_bytes(content)
    beside.replace(spec)


def after_a_backup(spec: Path, content: bytes) -> None:
    """Rename it away and write anew."""
    spec.rename(spec.with_name("openapi.yaml~"))
    spec.write_bytes(content)


def after_it_is_deleted(spec: Path, content: bytes) -> None:
    """Delete and create."""
    spec.unlink()
    in_pieces(spec, content)


@pytest.mark.whole_run
def test_editors_are_followed(checkout: Path) -> None:
    """However a contract is really saved, the client is that of the save."""
    spec = checkout / "openapi.yaml"
    text = spec.read_text(encoding="utf-8")
    assert FIRST in text, "the contract has changed; this test saves nothing any more"
    status = checkout / "generated/roark_client/models/call_status.py"
    with watching(checkout, "--no-followers") as watched:
        for number, save in enumerate((in_pieces, by_rename, after_a_backup, after_it_is_deleted)):
            save(spec, text.replace(FIRST, f"{FIRST}SAVED_{number}, ", 1).encode())
            assert watched.until(f"CallStatus/enum: SAVED_{number} is new")
            assert f'"SAVED_{number}"' in status.read_text(encoding="utf-8")


def in_place_of_a_folder(spec: Path) -> None:
    """Make it a folder."""
    spec.unlink()
    spec.mkdir()


@pytest.mark.whole_run
def test_contract_that_cannot_be_read_is_told_and_taken_up_again(checkout: Path) -> None:
    """A contract that is missing, or its whole folder, is told; and as well that it is back."""
    spec = checkout / "contract/openapi.yaml"
    spec.parent.mkdir()
    content = (checkout / "openapi.yaml").read_bytes()
    spec.write_bytes(content)
    with watching(checkout, "--no-followers", "--spec", "contract/openapi.yaml") as watched:
        for spoil, reason in (
            (Path.unlink, "is gone"),
            (in_place_of_a_folder, "cannot be read: Is a directory"),
            (lambda spec: shutil.rmtree(spec.parent), "is gone"),
        ):
            spoil(spec)
            assert watched.until(f"contract/openapi.yaml {reason}; the last good client is kept")
            shutil.rmtree(spec.parent, ignore_errors=True)
            spec.parent.mkdir()
            spec.write_bytes(content)
            assert watched.until("contract/openapi.yaml is that of the last good save again")


@pytest.mark.whole_run
def test_client_that_cannot_be_written_is_told(checkout: Path) -> None:
    """A folder that may not be replaced is told at a save, watching goes on, and the next save writes it."""
    readme = checkout / "generated/README.md"
    notice = readme.read_bytes()
    with watching(checkout, "--no-followers") as watched:
        readme.write_bytes(b"Mine.")
        edit(checkout, COMPATIBLE)
        assert "holds files that scripts/generate did not write" in watched.until("client is kept.")[-2]
        readme.write_bytes(notice)
        edit(checkout, BREAKING)
        assert watched.until("Since HEAD")


@pytest.mark.whole_run
def test_contract_that_is_broken_from_the_start_is_not_watched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no good client yet, watching does not begin: exit code 2."""
    spec = tmp_path / "openapi.yaml"
    spec.write_text("openapi: [3.1.0", encoding="utf-8")
    assert main(["--watch", "--spec", str(spec), "--output", str(tmp_path / "generated")]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "is not valid YAML" in told.err
    assert list(tmp_path.iterdir()) == [spec]


# Python remembers an interrupt that struck here, and ends a module run by -m by the signal.
WITHIN_EXEC = """
import sys
from scripts.verbs import watch
from scripts.verbs.generate import main
from scripts.verbs.generation import Base

def interrupted(_):
    yield False
    exec("raise KeyboardInterrupt")

watch.events = interrupted
sys.exit(main(["--watch", "--no-followers"]))
"""


@pytest.mark.whole_run
def test_interrupt_is_heeded_wherever_it_strikes(checkout: Path) -> None:
    """Ctrl-C ends watching with exit code 0 also where Python would end by the signal."""
    (checkout / "struck.py").write_text(WITHIN_EXEC, encoding="utf-8")
    command = [sys.executable, "-P", "-m", "struck"]
    ran = subprocess.run(
        command, cwd=checkout, env=environment(checkout), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("\ngenerated is that of the last good save\n")


# --- What wakes it ---------------------------------------------------------------------------------------------------


def happens(events: Iterator[bool]) -> bool:
    """Whether something is told to have happened, within a time that is generous."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if next(events):
            return True
    return False


@pytest.mark.parametrize("is_link", [False, True], ids=["file", "link"])
def test_folder_tells_of_a_save(is_link: bool, tmp_path: Path) -> None:
    """What happens in the folder of a file is told, and where it is a link, in that of the file it leads to as well."""
    spec = target = tmp_path / "openapi.yaml"
    if is_link:
        target = tmp_path / "elsewhere/contract.yaml"
        target.parent.mkdir()
        spec.symlink_to(target)
    with closing(watch.events(spec)) as events:
        next(events)
        target.write_bytes(b"saved")
        assert happens(events)
        by_rename(spec, b"saved")
        assert happens(events)


@pytest.mark.whole_run
@pytest.mark.parametrize("error", [OSError, RuntimeError])
@pytest.mark.parametrize("before", [0, 1], ids=["at once", "later"])
def test_folder_that_cannot_be_watched_ends_nothing(
    before: int, error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where watching a folder fails, nothing is told to happen from then on."""

    def fail(*_: object, **__: object) -> Iterator[set[object]]:
        yield from [set[object]()] * before
        raise error

    monkeypatch.setattr(watchfiles, "watch", fail)
    with closing(watch.events(tmp_path / "openapi.yaml")) as events:
        assert [next(events) for _ in range(3)] == [False, False, False]


@pytest.mark.whole_run
def test_save_wakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A save is taken when its folder tells of it, and not only at the next look."""
    spec, folder = tmp_path / "openapi.yaml", tmp_path / "generated"
    text = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    spec.write_text(text, encoding="utf-8")

    def save_once(_: Path) -> Iterator[bool]:
        yield False
        spec.write_text(text.replace(FIRST, f"{FIRST}SAVED, ", 1), encoding="utf-8")
        yield True
        while "saved at" not in capsys.readouterr().out:
            yield False
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "events", save_once)
    monkeypatch.setattr(saves, "PAUSE", float("inf"))
    assert watch.watch(spec, folder, Base("HEAD", reason="nobody asks"), asks=False) == 0
    assert '"SAVED"' in (folder / "roark_client/models/call_status.py").read_text(encoding="utf-8")
