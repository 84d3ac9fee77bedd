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
class Counts:
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


ReportRefusal = Callable[[str], None]
ShowProgress = Callable[[Counts, Progress], None]


def backfill(outbox: Outbox | None, file: str, refuse: ReportRefusal, show_progress: ShowProgress) -> Counts:
    """Add the calls of a file, or of standard input. Without an outbox, only say which lines would be refused.

    It goes on where it was, but for lines that were refused: these, and what follows them, are read again. Raises
    OSError where the file cannot be read.
    """
    counts = Counts()
    with ExitStack() as stack:
        if file == STANDARD_INPUT:
            lines, size, name, reading = sys.stdin.buffer, 0, "", _Reading()
        else:
            path = Path(file)
            lines = stack.enter_context(path.open("rb"))
            size, name = path.stat().st_size, printable(str(path.resolve()))
            reading = _Reading() if outbox is None else _resume(lines, outbox.position(name))
        counts.skipped = reading.position.lines
        start = reading.position.bytes
        for uploads in _batches(lines, printable(file), reading, counts, refuse):
            if outbox:
                added = outbox.add(uploads, name, reading.position)
                counts.added += added
                counts.known += len(uploads) - added
            show_progress(counts, Progress(start, reading.bytes, size))
    return counts


class _Reading:
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


def _resume(lines: BinaryIO, position: Position) -> _Reading:
    """What was read of a file before; nothing, if what stands there is not what was read."""
    reading, left = _Reading(), position.bytes
    while left > 0 and (line := lines.readline()):
        reading.take(line)
        left -= len(line)
    reading.settle()
    if reading.position == position:
        return reading
    lines.seek(0)
    return _Reading()


def _batches(
    lines: BinaryIO, file: str, reading: _Reading, counts: Counts, refuse: ReportRefusal
) -> Iterator[list[Upload]]:
    """The uploads of so many lines at a time."""
    uploads: list[Upload] = []
    count = size = 0
    for line in lines:
        if not line.endswith(b"\n"):  # it may still be written
            reading.keep_open()
        count, size = count + 1, size + len(line)
        if line.strip():
            counts.lines += 1
            try:
                uploads.append(read_line(line))
            except (ValueError, TypeError) as error:
                reading.keep_open()
                counts.refused += 1
                refuse(f"{file}:{reading.lines + 1}: {printable(str(error))[:LONGEST_REASON]}")
        reading.take(line)
        if count >= AT_A_TIME or size > FEW_BYTES:
            reading.settle()
            yield uploads
            uploads, count, size = [], 0, 0
    reading.settle()
    yield uploads
