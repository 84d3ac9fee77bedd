"""Exceptions that pass through a call, being none of its failures: cancellation, Ctrl-C, those of signal handlers.

They still say what became of the upload, in a note and to `delivery_of`.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Set
from functools import partial
from inspect import CO_VARARGS
from itertools import pairwise
from traceback import walk_tb
from types import FrameType
from typing import Any, cast

from .delivery import ADVICE, Delivery, gravest
from .errors import RoarkError

__all__ = ["delivery_of"]

_DELIVERY = "_roark_delivery"  # the attribute of an exception that has passed through a call


def delivery_of(exception: BaseException) -> Delivery | None:
    """What became of the upload that an exception has ended; None where none was concerned, or nothing leads to it.

    Asked for what a call raises, and for what passes through it: a cancellation, KeyboardInterrupt, an exception of a
    signal handler. Its causes and contexts are followed, since `asyncio.timeout` makes a TimeoutError of the
    cancellation; of a group, the gravest counts.
    """
    for origin in _with_origins(exception):
        delivery = origin.delivery if isinstance(origin, RoarkError) else getattr(origin, _DELIVERY, None)
        if isinstance(delivery, Delivery):
            return delivery
        if isinstance(origin, BaseExceptionGroup):
            members = map(delivery_of, cast("tuple[BaseException, ...]", origin.exceptions))
            if deliveries := [member for member in members if member is not None]:
                return gravest(deliveries)
    return None


def note_delivery(exception: BaseException, delivery: Delivery, operation: str, handled: BaseException | None) -> None:
    """Have an exception say what became of the upload that it ends.

    And what a signal handler has raised, where that has led to it: an event loop then cancels what it runs. `handled`
    is as for `handler_exception`. An error of ours is about another upload, one that the handler has sent: it says
    what is graver.
    """
    raised = handler_exception(exception, handled)
    for error in (exception,) if raised is None or raised is exception else (exception, raised):
        with contextlib.suppress(Exception):  # an exception that takes neither
            if isinstance(error, RoarkError):
                error.delivery, error.is_permanent = gravest((error.delivery, delivery)), False
            else:
                setattr(error, _DELIVERY, delivery)
            error.add_note(f"roark_client: {operation} was broken off; {ADVICE[delivery]}")


def handler_exception(error: BaseException, handled: BaseException | None) -> BaseException | None:
    """The exception of a signal handler that is an error or has caused it: httpx may have made its own of it.

    `handled`: what the caller was handling when the call began, which is looked at no more.
    """
    if threading.current_thread() is not threading.main_thread():  # no other runs handlers
        return None
    handlers = {_code_of(handler) for handler in map(signal.getsignal, signal.valid_signals()) if callable(handler)}
    handlers.discard(None)
    return next((origin for origin in _with_origins(error, handled) if _passed_a_handler(origin, handlers)), None)


def raise_handler_exception(error: BaseException, handled: BaseException | None) -> None:
    """Raise the exception of a signal handler, if one has caused an error. `handled` is as above."""
    exception = handler_exception(error, handled)
    if exception is not None:
        raise exception


def passed_through(exception: BaseException, package: str) -> bool:
    """Whether an exception has broken off a package at its work, which may not be as it was."""
    frames = (frame for frame, _ in walk_tb(exception.__traceback__))
    return any(frame.f_globals.get("__name__", "").partition(".")[0] == package for frame in frames)


def _with_origins(exception: BaseException, end: BaseException | None = None) -> Iterator[BaseException]:
    """An exception, its causes and their contexts, up to an end."""
    seen = {id(end)}
    waiting: list[BaseException | None] = [exception]
    while waiting:
        error = waiting.pop()
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            yield error
            waiting += [error.__context__, error.__cause__]


def _passed_a_handler(exception: BaseException, handlers: Set[object]) -> bool:
    """Whether its traceback leads through a signal handler, one that is set or was."""
    frames = (frame for frame, _ in walk_tb(exception.__traceback__))
    return any(
        frame.f_code in handlers or _is_called_as_one(frame, interrupted) for interrupted, frame in pairwise(frames)
    )


def _is_called_as_one(frame: FrameType, interrupted: FrameType) -> bool:
    """Whether a function was given a number and the frame that it interrupts, as Python calls handlers."""
    code, variables = frame.f_code, frame.f_locals
    arguments = [variables.get(name) for name in code.co_varnames[: code.co_argcount]]
    if code.co_flags & CO_VARARGS:
        arguments += variables.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount], ())
    return any(isinstance(number, int) and argument is interrupted for number, argument in pairwise(arguments))


def _code_of(handler: Any) -> object:
    """The code of a function, a method or an object that is called; None of what is none in Python."""
    while isinstance(handler, partial):
        handler = cast("partial[Any]", handler).func
    return getattr(handler, "__code__", None) or getattr(handler.__call__, "__code__", None)
