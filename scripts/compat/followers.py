"""Which parties do not follow a changed contract yet: scripts/drift is asked, at a glance."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path


class UnknownError(Exception):
    """Nobody can say who follows; the message says why."""


class Glance:
    """A run of `scripts/drift --quick` in the background, which leaves nothing behind once it is closed.

    With `text`, that is the contract, whatever its file holds by now.
    """

    def __init__(self, root: Path, spec: Path, text: str | None = None) -> None:
        # The last traces of a process that is killed may still come while the folder goes.
        self._place = tempfile.TemporaryDirectory(prefix="roark-followers-", ignore_cleanup_errors=True)
        place = Path(self._place.name)
        self._result, self._errors = place / "drift.json", place / "errors"
        if text is not None:
            (place / "contract").mkdir()  # whatever its name, it is in nobody's way there
            spec = place / "contract" / spec.name
            spec.write_text(text, encoding="utf-8", newline="")
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                command(spec, self._result),
                cwd=root,
                env=os.environ | {"TMPDIR": self._place.name},  # so that its temporary files go with the folder
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,  # so that it ends with all that it started, and only here
            )

    @property
    def has_ended(self) -> bool:
        """Whether the answer is there."""
        return self._process.poll() is not None

    def answer(self) -> list[str]:
        """Wait for the parties that are behind: some of `documents`, `client` and `server`. Raises `UnknownError`."""
        self._process.wait()
        try:
            lagging: list[str] = json.loads(self._result.read_text(encoding="utf-8"))["behind"]
        except (OSError, ValueError, KeyError):
            errors = self._errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            reason = errors[-1].removeprefix("error: ") if errors else "it ended without a word"
            raise UnknownError(f"scripts/drift could not say who follows: {reason}") from None
        return lagging

    def close(self) -> None:
        """End it, if it has not ended."""
        if not self.has_ended:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it has ended this very moment
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._place.cleanup()


def command(spec: Path, result: Path) -> list[str]:
    """What is run in the checkout; it writes JSON, whose `behind` is the answer."""
    words = [sys.executable, "-P", "-m", "contract_tests.drift", "--quick", "--seed", "0"]
    return [*words, "--spec", str(spec.resolve()), "--json", str(result)]


def lagging_parties(root: Path, spec: Path) -> list[str]:
    """The parties that do not follow, as `Glance.answer` says."""
    with contextlib.closing(Glance(root, spec)) as glance:
        return glance.answer()
