"""What a test asks the server to do wrong: one fault for one request, in the order they were asked for."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # so that a filter of warnings finds its class without what the server needs
    from roark_mock.reply import Reply


class FaultLeftWarning(UserWarning):
    """A test has ended before a fault that it asked for was met: what the fault was to show was not tried."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of one request to an operation. A fault without anything is none."""

    reply: "Reply | None" = None
    """What is replied: a success to what is accepted, any other status to whatever comes."""
    delay: float = 0.0
    """Seconds before the reply."""
    drip: float = 0.0
    """Seconds over which the body of the reply is spread, byte by byte."""
    drop: bool = False
    """The connection dies instead of a reply."""
    recorded: bool = True
    """What is accepted counts as an upload."""


@dataclass(slots=True, eq=False)
class _Asked:
    """A fault as it was asked for, and how many more requests it is for."""

    fault: Fault
    words: str
    times: int
    operation: str | None
    left: int

    def __str__(self) -> str:
        aimed = "" if self.operation is None else f" to {self.operation}"
        return f"{self.words}: {self.left} of {self.times} requests{aimed} never came"


class Faults:
    """The faults to come, each for any of `operations`, by name, or for one of them.

    Safe to add to from another thread while the server runs.
    """

    def __init__(self, operations: Iterable[str] = ()) -> None:
        self._operations = list(operations)
        self._to_come: list[_Asked] = []
        self._changed = threading.Condition()

    def add(self, fault: Fault, words: str, times: int, operation: str | None) -> None:
        """Let each of the next `times` requests to `operation` that no earlier fault is for meet `fault`.

        `words` say how it was asked for. Without an operation it is for requests to any. Raises ValueError for fewer
        `times` than one, and for an unknown operation.
        """
        if times < 1:
            raise ValueError(f"expected times to be 1 or more, got {times}")
        if operation is not None and operation not in self._operations:
            raise ValueError(f"expected operation to be {' or '.join(self._operations)}, got {operation!r}")
        with self._changed:
            self._to_come.append(_Asked(fault, words, times, operation, left=times))

    def take(self, operation: str | None) -> Fault:
        """The fault of the request that just came, to an operation or to none by its method."""
        with self._changed:
            for asked in self._to_come:
                if asked.operation in (None, operation):
                    asked.left -= 1
                    if asked.left == 0:
                        self._to_come.remove(asked)
                        self._changed.notify_all()
                    return asked.fault
        return Fault()

    def wait(self, timeout: float) -> None:
        """Return once there is none to come. Raises TimeoutError, with what is left, after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._to_come, timeout):
                raise TimeoutError(f"within {timeout:g} s, {'; '.join(map(str, self._to_come))}")

    def left(self) -> list[str]:
        """What was asked for and has not been met yet, each as a text."""
        with self._changed:
            return [str(asked) for asked in self._to_come]

    def clear(self) -> None:
        """Forget what has not happened yet."""
        with self._changed:
            self._to_come.clear()
            self._changed.notify_all()
