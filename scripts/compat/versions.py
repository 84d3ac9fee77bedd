"""Semantic versions: what callers of the last release hold, and the version that a breaking change asks for."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.compat import surface
from scripts.compat.change import gravest
from scripts.compat.rules import Impact
from scripts.compat.snapshot import OUTPUT, SPEC, Snapshot, compare, of_client
from scripts.contract import ContractError, read

RELEASED = Path("scripts/compat/released")
"""Below the checkout: the contract of the last release, and the surface of its client."""

_SURFACE = "surface.json"

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_HEADING = re.compile(r"^## (\S+)", re.MULTILINE)


class ReleasedError(Exception):
    """What callers of the last release hold cannot be read, or a version; the message says why."""


@dataclass(frozen=True)
class Due:
    """The version that a breaking change since the last release asks for."""

    released: str
    version: str

    def __str__(self) -> str:
        return (
            f"Callers of {self.released} break: the next release is {self.version} at least, "
            "in info.version, pyproject.toml and CHANGELOG.md"
        )


def released(root: Path) -> Snapshot:
    """What callers of the last release hold. Raises `ReleasedError` where it cannot be read."""
    place = root / RELEASED / _SURFACE
    try:
        names = surface.from_value(json.loads(place.read_text(encoding="utf-8")))
        return Snapshot(read(root / RELEASED / SPEC).document, names)
    except (OSError, ContractError) as error:
        raise ReleasedError(f"the last release cannot be read: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ReleasedError(f"the last release cannot be read: {place} is not what scripts/release wrote") from None


def due(former: Snapshot, new: Snapshot) -> Due | None:
    """The version that is due after what was released, or None where nothing broke since."""
    changes, names = compare(former, new)
    if gravest([*changes, *names]) is not Impact.BREAKING:
        return None
    version = str(former.document["info"]["version"])
    major, minor, _ = _parts(version)
    return Due(version, f"{major + 1}.0.0" if major else f"0.{minor + 1}.0")


def faults(root: Path) -> list[str]:
    """Each place of a checkout that does not say the version that is due, or not the same as the others."""
    contract, former = read(root / SPEC).document, released(root)
    asked = due(former, of_client(contract, root / OUTPUT))
    last = str(former.document["info"]["version"])
    least, reason = (asked.version, f"callers of {last} break") if asked else (last, f"{last} is released")
    versions = _versions_by_place(root, contract)
    found = [
        f"{place} says {version}; expected {least} or higher, since {reason}"
        for place, version in versions.items()
        if not _VERSION.fullmatch(version) or _parts(version) < _parts(least)
    ]
    if not found and len({*versions.values()}) > 1:
        found = [
            "expected one version, got " + ", ".join(f"{version} in {place}" for place, version in versions.items())
        ]
    return found


def keep(root: Path) -> None:
    """Write what callers of the version at hand hold, for the versions after it."""
    folder = root / RELEASED
    folder.mkdir(exist_ok=True)
    names = surface.as_value(surface.read(root / OUTPUT))
    entries = ",\n".join(f"{json.dumps(name)}: {json.dumps(each)}" for name, each in names.items())
    (folder / _SURFACE).write_text(f"{{\n{entries}\n}}\n", encoding="utf-8")
    (folder / SPEC).write_bytes((root / SPEC).read_bytes())


def _versions_by_place(root: Path, contract: Mapping[str, Any]) -> dict[str, str]:
    """By place, the version that it says."""
    try:
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise ReleasedError(f"pyproject.toml cannot be read: {error}") from None
    heading = _HEADING.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    return {
        f"info.version of {SPEC}": str(contract["info"]["version"]),
        "pyproject.toml": str(project.get("version", "none")),
        "the first heading of CHANGELOG.md": heading[1] if heading else "none",
    }


def _parts(version: str) -> tuple[int, int, int]:
    found = _VERSION.fullmatch(version)
    if not found:
        raise ReleasedError(f"expected a version such as 1.2.3 to be released, got {version!r}")
    return int(found[1]), int(found[2]), int(found[3])
