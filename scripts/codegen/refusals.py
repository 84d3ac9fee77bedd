"""What the client cannot say of a contract: all of it, by place, and not the first of it alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from scripts.contract import Fault, Place


class CannotExpressError(Exception):
    """The client cannot say a part of the contract: where it stands, and why."""

    def __init__(self, place: Place, reason: str) -> None:
        self.fault = Fault(reason, place.pointer)
        super().__init__(str(self.fault))


class NothingFitsError(CannotExpressError):
    """No value at all fits a schema."""

    def __init__(self, place: Place) -> None:
        super().__init__(place, "nothing fits this schema")


class RefusedError(Exception):
    """The client cannot say all of a contract. `faults` holds at least one place and reason."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


class Refusals:
    """What was refused so far while a contract is read on, each place and reason once."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}

    @property
    def faults(self) -> list[Fault]:
        """Where, and why."""
        return list(self._faults)

    def add(self, error: CannotExpressError) -> None:
        """Take in one more."""
        self._faults[error.fault] = None

    @contextmanager
    def of(self, place: Place) -> Iterator[None]:
        """Take in what refuses a part of the contract, and go on behind it."""
        try:
            yield
        except CannotExpressError as error:
            self.add(error)
        except Exception as error:  # noqa: BLE001 - what nobody has expected of a contract is told with its place too
            self.add(CannotExpressError(place, f"the generator failed on it: {type(error).__name__}: {error}"))
