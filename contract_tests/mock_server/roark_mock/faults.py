"""What a test asks the server to do wrong: one fault for one request, in the order they were asked for."""

from collections import deque
from dataclasses import dataclass

from roark_mock.reply import Reply


@dataclass(frozen=True, slots=True)
class Fault:
    """What becomes of one request to an operation. A fault without anything is none."""

    reply: Reply | None = None
    """What is replied: a success to what is accepted, any other status to whatever comes."""
    delay: float = 0.0
    """Seconds before the reply."""
    drip: float = 0.0
    """Seconds over which the body of the reply is spread, byte by byte."""
    drop: bool = False
    """The connection dies instead of a reply."""
    recorded: bool = True
    """What is accepted counts as an upload."""


NONE = Fault()


class Faults:
    """The faults to come. Safe to add to from another thread while the server runs."""

    def __init__(self) -> None:
        self._to_come: deque[Fault] = deque()

    def add(self, fault: Fault, times: int) -> None:
        """Let each of the next `times` requests that no earlier fault is for meet `fault`."""
        if times < 1:
            raise ValueError(f"expected times to be 1 or more, got {times}")
        self._to_come.extend([fault] * times)

    def take(self) -> Fault:
        """The fault of the request that just came."""
        try:
            return self._to_come.popleft()
        except IndexError:
            return NONE

    def clear(self) -> None:
        """Forget what has not happened yet."""
        self._to_come.clear()
