"""Releases of the vendor's SDK to run beside ours, each in a folder of its own. Each needs the registry once."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

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
