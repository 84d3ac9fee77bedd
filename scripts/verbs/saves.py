"""When a file that is watched has been saved.

An editor empties a file and writes it in pieces, puts another in its place, or moves it away and writes a new one. So
a file is taken once it has come to rest, and what cannot be used is told once it stays. Only its content counts.
"""

from collections.abc import Callable, Iterator
from typing import TypeVar

REST = 0.05  # seconds that a file is the same before it is taken; half of one can be a valid contract
PATIENCE = 1.0  # seconds that it stays the same before it is told that it cannot be used
PAUSE = 1.0  # seconds to the next look at the latest; not every folder tells of a save, and not at every time

Content = bytes | str
"""What a look at a file finds: its bytes, or in words why there are none."""

Taken = TypeVar("Taken")


def saves(
    last: Content,
    take: Callable[[Content], Taken | Exception],
    *,
    look: Callable[[], Content],
    wait: Callable[[float], None],
    now: Callable[[], float],
) -> Iterator[Taken | Exception | None]:
    """What became of each save, for ever; None where the file is again what was taken last.

    `last` was taken before. `take` uses a content, or returns the exception that says why it cannot be used.
    `wait` comes back after so many seconds, or earlier where something may have been saved.
    """

    def stays(content: Content, seconds: float) -> bool:
        until = now() + seconds
        while look() == content:
            if (left := until - now()) <= 0:
                return True
            wait(left)
        return False

    last_reported = last
    while True:
        content = look()
        if content == last_reported:
            wait(PAUSE)
            continue
        if not stays(content, REST):
            continue
        outcome = None if content == last else take(content)
        if not isinstance(outcome, Exception):
            last = content
        elif not stays(content, PATIENCE):
            continue
        last_reported = content
        yield outcome
