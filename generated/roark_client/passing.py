"""What passes through a call as it is, for it is not its failure: cancellation, Ctrl-C, what a signal handler raises.

It still tells what became of the upload, in a note and to `delivery_of`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from types import FrameType
from typing import cast

from .delivery import ADVICE, Delivery, gravest
from .errors import RoarkError

__all__ = ["delivery_of"]

_DELIVERY = "_roark_delivery"  # the attribute of an exception that has passed through a call


def delivery_of(exception: BaseException) -> Delivery | None:
    """What became of the upload that an exception has ended, or None where no upload was concerned.

    Asked for what a call raises, and for what passes through it: a cancellation, KeyboardInterrupt, an exception of a
    signal handler. Its causes and contexts are followed, since `asyncio.timeout` makes a TimeoutError of the
    cancellation; of a group, the gravest counts.
    """
    for each in _with_origins(exception):
        told = each.delivery if isinstance(each, RoarkError) else getattr(each, _DELIVERY, None)
        if isinstance(told, Delivery):
            return told
        if isinstance(each, BaseExceptionGroup):
            members = map(delivery_of, cast("tuple[BaseException, ...]", each.exceptions))
            if of_members := [member for member in members if member is not None]:
                return gravest(of_members)
    return None


def tell(exception: BaseException, delivery: Delivery, operation: str) -> None:
    """Have an exception say what became of the upload that it ends."""
    with contextlib.suppress(Exception):  # an exception that takes neither
        setattr(exception, _DELIVERY, delivery)
        exception.add_note(f"roark_client: {operation} was broken off; {ADVICE[delivery]}")


def from_signal_handler(error: BaseException, handled: BaseException | None) -> BaseException | None:
    """What a signal handler has raised, if that is an error or has caused it: httpx may have made its own of it.

    `handled`: what the caller was handling when the call began, which is looked at no more.
    """
    if threading.current_thread() is not threading.main_thread():  # no other runs handlers
        return None
    return next((each for each in _with_origins(error, handled) if _passed_a_handler(each)), None)


def _with_origins(exception: BaseException, end: BaseException | None = None) -> Iterator[BaseException]:
    """An exception, its causes and their contexts, up to an end."""
    seen = {id(end)}
    waiting: list[BaseException | None] = [exception]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__context__, each.__cause__]


def _passed_a_handler(exception: BaseException) -> bool:
    """Whether its traceback leads through a signal handler: Python gives that the frame which it interrupts."""
    interrupted: FrameType | None = None
    trace = exception.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if interrupted is not None and any(_is_or_holds(each, interrupted) for each in frame.f_locals.values()):
            return True
        interrupted, trace = frame, trace.tb_next
    return False


def _is_or_holds(value: object, frame: FrameType) -> bool:
    """Whether an argument is a frame, or the arguments of a handler that takes any hold it."""
    if type(value) is tuple:
        return any(each is frame for each in cast("tuple[object, ...]", value))
    return value is frame
