"""In which process a server runs: a fork has a copy of everything but the thread that answers."""

import os


class ServerProcess:
    """The process that a server runs in, from `enter` to `leave`; any one is as good before and after."""

    def __init__(self) -> None:
        self._process: int | None = None

    def enter(self) -> None:
        """The server runs here from now on."""
        self._process = os.getpid()

    def leave(self) -> None:
        """The server runs no more."""
        self._process = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the server runs in another process, of which this one is a fork."""
        return self._process not in (None, os.getpid())

    def check(self) -> None:
        """Raise RuntimeError where the server runs elsewhere."""
        if self.is_elsewhere:
            raise RuntimeError(
                f"expected process {self._process}, which this mock server runs in, got its fork {os.getpid()}: "
                "from here only `url` and `token` are of use; ask for uploads, faults and clients there"
            )
