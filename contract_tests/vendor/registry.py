"""The vendor's releases in the registry of packages: which there are, when they came out, and their wheels.

pip does the fetching, from the registry that it is set up for. Nothing of a wheel is installed, imported or run.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from packaging.version import Version

from contract_tests.vendor.wheel import PACKAGE

DISTRIBUTION = PACKAGE.replace("_", "-")

_WHEELS = ("--only-binary", ":all:", "--ignore-requires-python")  # of which nothing is run by this Python
_PATIENCE = 300  # seconds for one call of pip
_SIMPLE = "application/vnd.pypi.simple.v1+json"  # a page of the registry as JSON, which dates its files


class RegistryError(Exception):
    """The registry does not give what was asked for; the message says what it said."""


def known_releases() -> dict[str, str | None]:
    """Every release with a wheel but pre-releases, the oldest first, each with its day, as `2025-03-02`, where told."""
    told = _pip("index", "versions", DISTRIBUTION, *_WHEELS, "-vv")
    listed = re.search(r"^ *Available versions: (.+)$", told, re.MULTILINE)
    wheels = set(re.findall(rf"^ *Found link \S+/{PACKAGE}-([^-/\s]+)-\S+\.whl", told, re.MULTILINE))
    if listed is None or not wheels:
        raise RegistryError(f"pip listed no wheel of {DISTRIBUTION}")
    releases = sorted(wheels & set(listed[1].replace(" ", "").split(",")), key=Version)
    pages = re.findall(r"^ *Fetching project page and analyzing links: (http\S+)$", told, re.MULTILINE)
    dates = dict(date for page in pages for date in _dates(page))
    return {release: dates.get(release) for release in releases}


def fetch_wheel(release: str, cache: Path) -> Path:
    """The wheel of a release, from the cache where it is there. Raises RegistryError or OSError."""
    if wheel := cached_wheel(release, cache):
        return wheel
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache, prefix=".part-") as part:  # so that half a wheel is never taken for one
        _pip("download", "--quiet", "--no-deps", *_WHEELS, "--dest", part, f"{DISTRIBUTION}=={release}")
        for wheel in Path(part).glob("*.whl"):
            wheel.replace(cache / wheel.name)
    wheel = cached_wheel(release, cache)
    if wheel is None:
        raise RegistryError(f"pip gave another version than {release} of {DISTRIBUTION}")
    return wheel


def cached_wheel(release: str, cache: Path) -> Path | None:
    """The wheel of a release that was fetched before, or None."""
    return next(iter(sorted(cache.glob(f"{PACKAGE}-{release}-*.whl"))), None)


def _dates(page: str) -> Iterator[tuple[str, str]]:
    """The day of each release by a page of a registry; nothing of one that does not tell, as many a mirror."""
    try:
        answer = httpx.get(page, headers={"Accept": _SIMPLE}, follow_redirects=True, timeout=30)
        files = answer.raise_for_status().json()["files"]
        for file in files:
            if file["filename"].endswith(".whl"):
                yield file["filename"].split("-")[1], date.fromisoformat(file["upload-time"][:10]).isoformat()
    except (httpx.HTTPError, OSError, AttributeError, LookupError, TypeError, ValueError):
        return  # what it told until then is told


def _pip(*words: str) -> str:
    command: Sequence[str] = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", *words]
    environment = {name: value for name, value in os.environ.items() if name not in ("PIP_QUIET", "PIP_VERBOSE")}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        raise RegistryError(f"pip took longer than {_PATIENCE} s") from None
    if done.returncode != 0:
        errors = [line.removeprefix("ERROR: ") for line in done.stderr.splitlines() if line.startswith("ERROR: ")]
        said = errors[-1] if errors else f"exit code {done.returncode}"
        raise RegistryError(f"pip says: {said}; can it reach the registry of packages that it is set up for?")
    return done.stdout + done.stderr
