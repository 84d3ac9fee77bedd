"""The folder that the client is written to: how it differs from what it should hold, and how it is replaced."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.codegen.generator import NOTICE

DIFF_LINES = 12  # a file; enough to see which field it is about


@dataclass(frozen=True)
class StaleFile:
    """A file that is not what the contract gives: `missing`, `changed`, or `not generated` (dropped there by hand)."""

    path: str
    state: str
    diff: tuple[str, ...] = ()


def stale_files(folder: Path, fresh: Path) -> Iterator[StaleFile]:
    """Every difference between a folder and a freshly written one, in the order of their paths."""
    actual, expected = _files(folder), _files(fresh)
    for path in sorted(actual.keys() | expected.keys()):
        if path not in actual:
            yield StaleFile(path, "missing")
        elif path not in expected:
            yield StaleFile(path, "not generated")
        elif actual[path] != expected[path]:
            yield StaleFile(path, "changed", _diff(actual[path], expected[path]))


def may_be_replaced(folder: Path) -> bool:
    """Whether a folder is new, empty or carries the notice of a former run: nothing of anybody's is lost."""
    try:
        return (folder / "README.md").read_bytes().startswith(NOTICE.splitlines()[0].encode())
    except FileNotFoundError:
        return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def replace(folder: Path, fresh: Path, old: Path) -> None:
    """Put `fresh` in the place of `folder` and `folder` at `old`, or leave all as it was. All on one file system."""
    try:
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    except BaseException:  # Ctrl-C between the two as well
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise


def _files(folder: Path) -> dict[str, bytes]:
    """Path to content of every file; a symbolic link counts as its target's name, so that it never looks generated."""
    files = {}
    for path in folder.rglob("*") if folder.is_dir() else ():
        if "__pycache__" in path.relative_to(folder).parts:
            continue
        if path.is_symlink():
            files[path.relative_to(folder).as_posix()] = b"link to " + str(path.readlink()).encode()
        elif not path.is_dir():
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def _diff(actual: bytes, expected: bytes) -> tuple[str, ...]:
    lines = list(
        difflib.unified_diff(
            actual.decode("utf-8", "backslashreplace").splitlines(),
            expected.decode("utf-8", "backslashreplace").splitlines(),
            n=0,
            lineterm="",
        )
    )[2:]  # the two header lines name no file here
    if len(lines) > DIFF_LINES:
        return (*lines[:DIFF_LINES], f"… and {len(lines) - DIFF_LINES} more lines")
    return tuple(lines)
