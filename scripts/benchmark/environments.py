"""Clean environments: one for each client that is measured, with what that requires and nothing else."""

import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".venv-bench"  # what was fetched is kept; the rest is made anew in a moment

VENDOR = "roark-analytics==1.44.0"
SECONDS = 120  # to fetch the vendor's SDK


class Environment:
    """An interpreter and the folder of its packages."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "bin/python"
        (self.packages,) = folder.glob("lib/python*/site-packages")


def copied(folder: Path, names: Iterable[str]) -> Environment:
    """A new environment with distributions copied from this one, and what they require. Needs no network."""
    venv.create(folder, with_pip=False)
    environment = Environment(folder)
    for each in _closure(names):
        for file in each.files or ():
            if ".." not in file.parts:
                target = environment.packages / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), target)
    return environment


def vendors() -> Environment | str:
    """The environment of the vendor's SDK, with the httpx that the others have; or why there is none."""
    folder = CACHE / VENDOR.replace("==", "-")
    if not (folder / "complete").exists():
        if find_spec("uv") is None:
            return "uv is not installed"
        folder.mkdir(parents=True, exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
        uv = [sys.executable, "-m", "uv"]
        packages = [VENDOR, f"httpx=={distribution('httpx').version}"]
        try:
            for command in (
                [*uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
                [*uv, "pip", "install", "--quiet", "--python", str(folder / "bin/python"), *packages],
            ):
                subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return f"it could not be fetched within {SECONDS} s"
        except subprocess.CalledProcessError as error:
            reasons = [line.strip(" ×╰─▶│├") for line in str(error.stderr).splitlines() if line.strip()]
            return f"it could not be fetched: {(reasons or ['no reason given'])[0]}"
        (folder / "complete").touch()
    return Environment(folder)


def _closure(names: Iterable[str]) -> Iterator[Distribution]:
    """Distributions and what they require without their extras, as far as it is installed here."""
    waiting, seen = list(names), set(names)
    while waiting:
        try:
            found = distribution(waiting.pop())
        except PackageNotFoundError:  # required on another Python only
            continue
        yield found
        for requirement in found.requires or ():
            name = re.match(r"[\w.-]+", requirement)
            if name and "extra ==" not in requirement and name[0] not in seen:
                seen.add(name[0])
                waiting.append(name[0])
