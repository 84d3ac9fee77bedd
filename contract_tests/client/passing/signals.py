"""A signal that strikes the main thread, in which the client is."""

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from contract_tests.client.scripted_server import Received

STRUCK = signal.SIGUSR1


def plain(error: BaseException) -> Callable[[int, FrameType | None], None]:
    """A handler that is a function, and raises an error."""

    def handler(_: int, __: FrameType | None) -> None:
        raise error

    return handler


@contextlib.contextmanager
def handled(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """A handler of the signal meanwhile."""
    before = signal.signal(STRUCK, handler)
    try:
        yield
    finally:
        signal.signal(STRUCK, before)


def strike() -> None:
    """Have the signal strike the main thread, in which the client is."""
    signal.pthread_kill(threading.main_thread().ident or 0, STRUCK)


def is_waiting(frame: FrameType) -> bool:
    """Whether what runs in a frame waits for a server: httpcore does, or an event loop that has nothing else to do."""
    if frame.f_globals["__name__"] == "selectors":
        return frame.f_locals.get("timeout") != 0
    return frame.f_globals["__name__"] == "httpcore._backends.sync" and frame.f_code.co_name == "read"


def strike_the_waiting(_: Received) -> bytes:
    """A step of a server: the signal strikes once the client waits, and a byte follows."""
    while not is_waiting(sys._current_frames()[threading.main_thread().ident or 0]):
        time.sleep(0.001)
    strike()
    return b"H"  # of a head or a body: a signal that meets the beginning of a wait is handled only once something comes
