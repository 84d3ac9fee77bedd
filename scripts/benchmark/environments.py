"""Clean environments: one for each client that is measured, with what that requires and nothing else."""

import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import distribution
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from scripts.contract import reachable

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".venv-bench"  # what was fetched is kept; the rest is made anew in a moment

VENDOR = "roark-analytics==1.44.0"
SECONDS = 120  # to fetch the vendor's SDK
COMPLETE = "complete"  # stands in a folder of the cache that was filled to its end


class Environment:
    """An interpreter and the folder of its packages."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "bin/python"
        (self.packages,) = folder.glob("lib/python*/site-packages")


def copied(folder: Path, names: Iterable[str]) -> Environment:
    """A new environment with distributions copied from this one, and what they require. Needs no network."""
    venv.create(folder, with_pip=False)
    environment = Environment(folder)
    for name in reachable(names, required):
        for file in distribution(name).files or ():
            if ".." not in file.parts:
                target = environment.packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), target)
    return environment


def vendors() -> Environment | str:
    """The environment of the vendor's SDK, with the httpx that the others have; or why there is none."""
    folder = CACHE / VENDOR.replace("==", "-")
    if find_spec("uv") is None and not (folder / COMPLETE).exists():
        return "uv is not installed"
    uv = [sys.executable, "-m", "uv"]
    packages = [VENDOR, f"httpx=={distribution('httpx').version}"]
    reason = fetched(
        folder,
        SECONDS,
        [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
        [*uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python"), *packages],
    )
    return reason or Environment(folder)


def fetched(folder: Path, seconds: int, *commands: list[str]) -> str:
    """Fill a folder of the cache once, by commands of so many seconds each; why that could not be done, or nothing."""
    if (folder / COMPLETE).exists():
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"it could not be fetched within {seconds} s"
    except subprocess.CalledProcessError as error:
        reasons = [line.strip(" ×╰─▶│├") for line in str(error.stderr).splitlines() if line.strip()]
        return f"it could not be fetched: {(reasons or ['no reason given'])[0]}"
    (folder / COMPLETE).touch()
    return ""


def required(name: str) -> list[str]:
    """The names of what a distribution requires on this Python, without its extras."""
    requirements = map(Requirement, distribution(name).requires or ())
    return [each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})]
