"""Stand-ins for what callers get from libraries that the tests do not install."""

from types import SimpleNamespace


class NumpyScalar:
    """A scalar as numpy has it, which a row of pandas' holds: no number of Python's, and `item()` gives one."""

    __module__ = "numpy"
    shape = ()

    def __init__(self, value: float, kind: str = "i") -> None:
        self._value = value
        self.dtype = SimpleNamespace(kind=kind)

    def item(self) -> float:
        """The number as Python's own."""
        return self._value
