"""`backfill`: add the calls that files of JSON lines hold. It may be interrupted anywhere, and goes on where it was."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .outbox import Outbox, Position
from .uploads import Upload, read_line

STANDARD_INPUT = "-"
AT_A_TIME = 500  # lines that are added in one transaction
FEW_BYTES = 4 * 1024 * 1024  # of lines, after which they are added though they are fewer
LONGEST_REASON = 500  # characters


@dataclass
class Added:
    """What became of the lines so far."""

    lines: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    skipped: int = 0
    """Lines that an earlier run has added."""


Refuse = Callable[[str], None]
Tell = Callable[
    [Added, float | None], None
]  # the second is the share of the file that has been read, where it is known


def backfill(outbox: Outbox | None, file: str, refuse: Refuse, tell: Tell) -> Added:
    """Add the calls of a file, or of standard input. Without an outbox, only say which lines would be refused.

    Raises OSError where it cannot be read.
    """
    found = Added()
    with ExitStack() as stack:
        if file == STANDARD_INPUT:
            lines, size, name = sys.stdin.buffer, 0, ""
        else:
            lines, size = stack.enter_context(Path(file).open("rb")), Path(file).stat().st_size
            name = _name(lines, file)
        start = outbox.position(name) if outbox and name else Position()
        if name:
            lines.seek(start.bytes)
        found.skipped = start.lines
        for uploads, position in _batches(lines, file, start, found, refuse):
            if outbox:
                added = outbox.add(uploads, name, position)
                found.added += added
                found.known += len(uploads) - added
            tell(found, position.bytes / size if size else None)
    return found


def _name(lines: BinaryIO, file: str) -> str:
    """The name of a file by its path and its first line, so that another one in its place is begun anew."""
    first = lines.readline()
    return f"{Path(file).resolve()} {hashlib.sha256(first).hexdigest()[:16]}"


def _batches(
    lines: BinaryIO, file: str, position: Position, found: Added, refuse: Refuse
) -> Iterator[tuple[list[Upload], Position]]:
    """The uploads of so many lines at a time, each with the position after them."""
    uploads: list[Upload] = []
    count = size = 0
    for number, line in enumerate(lines, position.lines + 1):
        found.lines, count, size = found.lines + 1, count + 1, size + len(line)
        if line.strip():
            try:
                uploads.append(read_line(line))
            except (ValueError, TypeError) as error:
                found.refused += 1
                refuse(f"{file}:{number}: {' '.join(str(error).split())[:LONGEST_REASON]}")
        if line.endswith(b"\n"):  # one that is still being written is read again
            position = Position(position.bytes + len(line), number)
        if count >= AT_A_TIME or size > FEW_BYTES:
            yield uploads, position
            uploads, count, size = [], 0, 0
    yield uploads, position
