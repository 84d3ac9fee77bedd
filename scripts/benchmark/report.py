"""What `scripts/bench` prints: a row for each measurement, with its goal and whether it was reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TextIO

from scripts.benchmark.measure import ratio
from scripts.terminal import GREEN, PLAIN, YELLOW, is_coloured


@dataclass(frozen=True)
class Row:
    """One measurement. `value` is held against `goal`; without a goal it is for information."""

    what: str
    ours: str
    other: str
    shown: str
    value: float
    goal: float | None = None
    goal_shown: str = ""

    @property
    def result(self) -> str:
        """Whether the goal was reached."""
        if self.goal is None:
            return ""
        return "reached" if self.value <= self.goal else "not reached"


def beside(
    what: str, ours: list[float], other: list[float], shown: Callable[[float], str], goal: float | None, words: str = ""
) -> Row:
    """A row for what two measurements of each round give: their medians, and the median of the ratios."""
    value = ratio(ours, other)
    words = words or ("" if goal is None else f"≤ {goal}")
    return Row(what, shown(median(ours)), shown(median(other)), f"{value:.2f}", value, goal, words)


def table(rows: Sequence[Row], stream: TextIO) -> str:
    """The rows, aligned; the result in colour on a terminal."""
    header = ("what", "ours", "other", "result", "goal", "")
    cells = [(each.what, each.ours, each.other, each.shown, each.goal_shown, each.result) for each in rows]
    widths = [max(len(row[column]) for row in [header, *cells]) for column in range(len(header))]
    colours = {"reached": GREEN, "not reached": YELLOW, "": ""} if is_coloured(stream) else {}
    lines = []
    for row in [header, *cells]:
        words = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:5], widths[1:5], strict=True)),
        ]
        colour = colours.get(row[5], "")
        lines.append(f"{'  '.join(words)}  {colour}{row[5]}{PLAIN if colour else ''}".rstrip())
    return "\n".join(lines)
