"""Which parties do not follow a changed contract yet: scripts/drift is asked, at a glance."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path


class UnknownError(Exception):
    """Nobody can say who follows; the message says why."""


def command(spec: Path, result: Path) -> list[str]:
    """What is run in the checkout; it writes JSON, whose `behind` is the answer."""
    words = [sys.executable, "-P", "-m", "contract_tests.drift", "--quick", "--seed", "0"]
    return [*words, "--spec", str(spec.resolve()), "--json", str(result)]


def behind(root: Path, spec: Path) -> list[str]:
    """The parties that are behind: some of `documents`, `client` and `server`. Raises `UnknownError`."""
    with tempfile.TemporaryDirectory(prefix="roark-followers-") as place:
        result = Path(place, "drift.json")
        done = subprocess.run(command(spec, result), cwd=root, capture_output=True, text=True, check=False)
        return read(result, done.stderr)


def read(result: Path, errors: str) -> list[str]:
    """The answer of a run that has ended. Raises `UnknownError` where it gave none."""
    try:
        found: list[str] = json.loads(result.read_text(encoding="utf-8"))["behind"]
    except (OSError, ValueError, KeyError):
        reason = next(reversed(errors.strip().splitlines()), "it ended without a word")
        raise UnknownError(f"scripts/drift could not say who follows: {reason.removeprefix('error: ')}") from None
    return found
