"""What a verb tells a person: how far it is, and why it could not run. Progress and colour are for terminals only."""

import io
import os
import signal
import sys
import warnings
from collections.abc import Container, Sequence
from types import FrameType
from typing import TextIO

RED, GREEN, YELLOW, PLAIN = "\033[31m", "\033[32m", "\033[33m", "\033[0m"


def progress(text: str) -> None:
    """Show how far the run is, on one line of the terminal; the empty text clears it."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text[: _width()]}")
        sys.stderr.flush()


def _width() -> int:
    """The characters that a line of the terminal holds; many, where it does not say."""
    try:
        columns = os.get_terminal_size(2).columns  # of stderr, whatever masks it
    except OSError:
        columns = 0
    return (columns or 1000) - 1


def refuse(reason: str) -> int:
    """Say in one line why a verb could not run. Returns the exit code for that."""
    progress("")
    sys.stderr.write(f"error: {reason}\n")
    return 2


def heed_termination() -> None:
    """Have SIGTERM, and SIGHUP of a closed terminal, end a verb as Ctrl-C does, so that nothing it started goes on."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        heed = signal.getsignal(signal.SIGINT)
        (heed if callable(heed) else signal.default_int_handler)(number, frame)  # Ctrl-C itself may be ignored

    for each in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(each) is signal.SIG_DFL:  # nohup has the second ignored
            signal.signal(each, interrupt)


def refuse_interrupted(consequence: str) -> int:
    """Say in one line that Ctrl-C, or what is heeded as it, ended a verb. Returns the exit code for that."""
    warnings.simplefilter("ignore")  # what was dropped in the middle of its work warns when Python ends
    forget_interrupt()
    return refuse(f"interrupted; {consequence}")


def forget_interrupt() -> None:
    """Let a verb that Ctrl-C has ended choose its exit code: Python remembers one that struck within an exec()."""
    exec("")  # noqa: S102 - and ends by the signal, unless another exec() has come to its end since


def tolerate(stream: TextIO) -> None:
    """Have a stream write what its encoding does not know as an escape, and not fail over an arrow."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")


def silence(stream: TextIO) -> None:
    """Write out what a stream still holds, or drop it where that fails: Python would end with a fault of its own."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    try:
        stream.flush()
    except OSError:  # the reader has left, the disk is full
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_coloured(stream: TextIO) -> bool:
    """Whether colour is wanted there: on a terminal, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR")


def aligned(rows: Sequence[Sequence[str]], *, right: Container[int]) -> list[str]:
    """A table in lines. The columns of these numbers end together, the others begin together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        placed = [cell.rjust(width) if at in right else cell.ljust(width) for at, (cell, width) in cells]
        lines.append("   ".join(placed).rstrip())
    return lines


def printable(text: str) -> str:
    """A text on one line, without what a terminal would obey: it may come from a server, a document or a contract."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in " ".join(text.split()))
