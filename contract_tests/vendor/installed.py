"""Releases of the vendor's SDK to run beside ours, each in a folder of its own. Each needs the registry once."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from contract_tests.vendor.registry import DISTRIBUTION

# Inside the project's own environment, so that both go together.
ENVIRONMENTS = Path(sys.prefix) / "vendor-sdks"


def install(version: str) -> Path:
    """A folder with a release and what it requires; made once. Skips the test where the registry does not give it."""
    folder = ENVIRONMENTS / version
    if not folder.exists():
        ENVIRONMENTS.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=ENVIRONMENTS) as new:
            command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable]
            made = subprocess.run(
                [*command, "--target", f"{new}/{version}", f"{DISTRIBUTION}=={version}"],
                capture_output=True,
                text=True,
                check=False,
            )
            if made.returncode != 0:
                reason = " … ".join(line.strip() for line in made.stderr.strip().splitlines())
                pytest.skip(f"the registry of packages did not give {DISTRIBUTION} {version}: {reason}")
            with suppress(OSError):  # another worker was faster
                Path(new, version).rename(folder)
    return folder


def run(script: str, folder: Path | None, *words: str, given: Any, timeout: float) -> str:
    """What a script prints that is told a folder, these words and, on its standard input, a JSON value.

    It runs with the packages of the folder alone; without one, with ours of this environment.
    """
    isolated = ["-I"] if folder is None else ["-I", "-S"]
    done = subprocess.run(
        [sys.executable, *isolated, "-c", script, str(folder or ""), *words],
        input=json.dumps(given),
        env={"PATH": os.environ["PATH"]},  # no proxy, and no token
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
