"""How long a call may take: a deadline over all of it, and the phases of each attempt within that."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from math import inf

import httpx

from .errors import ArgumentTypeError, ArgumentValueError, expect_type
from .types import Unset

Timeout = httpx.Timeout  # by the name that the vendor's SDK has for it

DEFAULT_SECONDS = 60.0
CONNECT_SECONDS = 5.0

SHORTEST = 0.001  # httpx takes 0 for "do not wait at all"
LONGEST = 1_000_000.0  # sockets cannot wait for much more


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds, infinite where there is no limit."""

    deadline: float = DEFAULT_SECONDS
    connect: float = CONNECT_SECONDS
    read: float = inf
    write: float = inf
    pool: float = inf

    def changed(self, timeout: float | httpx.Timeout | Unset | None) -> Timeouts:
        """These with what a caller gives: seconds for the whole call, an httpx.Timeout for the phases, None for no end.

        These as they are for UNSET. Raises ArgumentTypeError or ArgumentValueError for anything else.
        """
        if isinstance(timeout, Unset):
            return self
        if timeout is None:
            return Timeouts(inf, inf)
        if isinstance(timeout, httpx.Timeout):
            phases = (timeout.connect, timeout.read, timeout.write, timeout.pool)
            for phase in phases:
                if phase is not None and (isinstance(phase, bool) or not isinstance(phase, int | float)):  # pyright: ignore[reportUnnecessaryIsInstance]
                    raise ArgumentTypeError(f"timeout: expected seconds or None for each phase, got {timeout!r:.200}")
            return Timeouts(self.deadline, *(inf if phase is None else phase for phase in phases))
        expect_type("timeout", timeout, (int, float), "seconds, an httpx.Timeout or None")
        if not 0 < timeout <= sys.float_info.max:
            raise ArgumentValueError("timeout: expected seconds above 0, or None for no limit")
        return Timeouts(float(timeout), min(CONNECT_SECONDS, timeout))

    @property
    def as_argument(self) -> float | httpx.Timeout | None:
        """The argument by which `changed` makes these of the default ones; of phases, without the deadline."""
        deadline = None if self.deadline == inf else self.deadline
        if self == self.changed(deadline):
            return deadline
        connect, read, write, pool = (
            None if phase == inf else phase for phase in (self.connect, self.read, self.write, self.pool)
        )
        return Timeout(connect=connect, read=read, write=write, pool=pool)


class Deadline:
    """When a call has to be over, in so many seconds; infinite ones have no end."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining(self) -> float:
        """The seconds left; infinite without a deadline."""
        return self._at - time.monotonic()


class DeadlineError(Exception):
    """The deadline has passed."""


class AttemptTimeouts:
    """The timeouts of one attempt, none of which outlasts the deadline of the call.

    `phases`: seconds by phase, in the dict that httpx looks at anew before it waits.
    """

    def __init__(self, timeouts: Timeouts, deadline: Deadline) -> None:
        self._deadline, self._read = deadline, timeouts.read
        remaining = deadline.remaining()
        self.phases = {
            "connect": _seconds(timeouts.connect, remaining),
            "read": _seconds(timeouts.read, remaining),
            "write": _seconds(timeouts.write, remaining),
            "pool": _seconds(timeouts.pool, remaining),
        }

    def keep_deadline(self) -> None:
        """Raise DeadlineError if it has passed; else let what is read next, the head or the body, wait no longer."""
        remaining = self._deadline.remaining()
        if remaining < 0:
            raise DeadlineError
        self.phases["read"] = _seconds(self._read, remaining)


def _seconds(phase: float, remaining: float) -> float | None:
    """The seconds of one phase as httpx takes them: no longer than what remains, None for no end."""
    shorter = min(phase, remaining)
    return None if shorter > LONGEST else max(shorter, SHORTEST)
