"""`backfill`: add the calls that files of JSON lines hold. It may be interrupted anywhere, and goes on where it was."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .outbox import START, Outbox, Position
from .printing import printable
from .uploads import Upload, read_line

STANDARD_INPUT = "-"
AT_A_TIME = 1_000  # lines that are added in one transaction
FEW_BYTES = 4 * 1024 * 1024  # of lines, after which they are added though they are fewer
LONGEST_REASON = 500  # characters


@dataclass
class Added:
    """What became of the lines so far, of which empty ones are none."""

    lines: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    skipped: int = 0
    """Lines that an earlier run has added."""


@dataclass(frozen=True)
class Progress:
    """How far a file has been read, in bytes: from where, up to where, and of how many (0: nobody knows)."""

    start: int
    position: int
    size: int


Refuse = Callable[[str], None]
Tell = Callable[[Added, Progress], None]


def backfill(outbox: Outbox | None, file: str, refuse: Refuse, tell: Tell) -> Added:
    """Add the calls of a file, or of standard input. Without an outbox, only say which lines would be refused.

    It goes on where it was, but for lines that were refused: these, and what follows them, are read again. Raises
    OSError where the file cannot be read.
    """
    found = Added()
    with ExitStack() as stack:
        if file == STANDARD_INPUT:
            lines, size, name, read = sys.stdin.buffer, 0, "", _Read()
        else:
            path = Path(file)
            lines, size, name = (
                stack.enter_context(path.open("rb")),
                path.stat().st_size,
                printable(str(path.resolve())),
            )
            read = _Read() if outbox is None else _resumed(lines, outbox.position(name))
        found.skipped = read.position.lines
        start = read.position.bytes
        for uploads in _batches(lines, printable(file), read, found, refuse):
            if outbox:
                added = outbox.add(uploads, name, read.position)
                found.added += added
                found.known += len(uploads) - added
            tell(found, Progress(start, read.bytes, size))
    return found


class _Read:
    """What was read of a file, and up to where nothing has to be read again."""

    def __init__(self) -> None:
        self.bytes = 0
        self.lines = 0
        self.position = START
        self._digest = hashlib.sha256()
        self._is_open = False

    def take(self, line: bytes) -> None:
        """Go past a line."""
        self.bytes += len(line)
        self.lines += 1
        self._digest.update(line)

    def keep_open(self) -> None:
        """Have all that is taken from now on read again by the next run."""
        self.settle()
        self._is_open = True

    def settle(self) -> None:
        """Have what was taken read no more."""
        if not self._is_open:
            self.position = Position(self.bytes, self.lines, self._digest.hexdigest())


def _resumed(lines: BinaryIO, position: Position) -> _Read:
    """What was read of a file before; nothing, if what stands there is not what was read."""
    read, left = _Read(), position.bytes
    while left > 0 and (line := lines.readline()):
        read.take(line)
        left -= len(line)
    read.settle()
    if read.position == position:
        return read
    lines.seek(0)
    return _Read()


def _batches(lines: BinaryIO, file: str, read: _Read, found: Added, refuse: Refuse) -> Iterator[list[Upload]]:
    """The uploads of so many lines at a time."""
    uploads: list[Upload] = []
    count = size = 0
    for line in lines:
        if not line.endswith(b"\n"):  # it may still be written
            read.keep_open()
        count, size = count + 1, size + len(line)
        if line.strip():
            found.lines += 1
            try:
                uploads.append(read_line(line))
            except (ValueError, TypeError) as error:
                read.keep_open()
                found.refused += 1
                refuse(f"{file}:{read.lines + 1}: {printable(str(error))[:LONGEST_REASON]}")
        read.take(line)
        if count >= AT_A_TIME or size > FEW_BYTES:
            read.settle()
            yield uploads
            uploads, count, size = [], 0, 0
    read.settle()
    yield uploads
