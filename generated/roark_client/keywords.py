"""Calls with the wrong keywords: an error of ours that says what is allowed, or was meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import iscoroutinefunction
from types import FunctionType
from typing import Any, ParamSpec, TypeVar, cast

from .errors import ArgumentTypeError, RoarkError
from .slips import intended_name

T = TypeVar("T")
P = ParamSpec("P")


def names_checked(method: Callable[P, T]) -> Callable[P, T]:
    """A method that says what is allowed when it is called otherwise, in an error of ours.

    What it raises of ours has a short traceback, no variable of which holds what it was given: that may be secret.
    """

    def refusal_of(error: Exception, given: int, names: Iterable[str]) -> Exception:
        if isinstance(error, RoarkError):
            return error.with_traceback(None)
        trace = error.__traceback__
        if trace is not None and trace.tb_next is not None:  # it comes from within
            return error
        refusal = ArgumentTypeError(_misuse(cast("FunctionType", method), given - 1, set(names)) or str(error))
        refusal.__cause__ = None
        return refusal

    if iscoroutinefunction(method):

        @wraps(method)
        async def call_async(*arguments: P.args, **named: P.kwargs) -> Any:
            try:
                return await method(*arguments, **named)
            except (RoarkError, TypeError) as error:
                failure = refusal_of(error, len(arguments), named)
                del arguments, named
                raise failure  # noqa: B904 - it is the same, or its cause says nothing more

        return cast("Callable[P, T]", call_async)

    @wraps(method)
    def call_sync(*arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(*arguments, **named)
        except (RoarkError, TypeError) as error:
            failure = refusal_of(error, len(arguments), named)
            del arguments, named
            raise failure  # noqa: B904 - as above

    return call_sync


def _misuse(method: FunctionType, given: int, names: set[str]) -> str | None:
    """The mistake in a call with so many arguments by place and with these by name."""
    code = method.__code__
    by_place = code.co_argcount - 1
    allowed = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    if unknown := sorted(names.difference(allowed)):
        slips = {name: intended_name(name, allowed) for name in unknown}
        if all(slips.values()):
            return "\n".join(f"{name}: expected {other}" for name, other in slips.items())
        extra = "; a field that the contract does not name goes into extra_body={…}" if "extra_body" in allowed else ""
        return f"{', '.join(unknown)}: expected one of {', '.join(allowed)}{extra}"
    if given > by_place:
        return f"expected arguments by name, as in {allowed[by_place]}=…; got {given} by place"
    optional = {*(method.__kwdefaults__ or {}), *allowed[by_place - len(method.__defaults__ or ()) : by_place]}
    if missing := [name for name in allowed[given:] if name not in names and name not in optional]:
        caller = method.__qualname__.removesuffix(".__init__").rpartition(".")[2]
        return f"{', '.join(missing)}: expected, since {caller} requires it"
    return None
