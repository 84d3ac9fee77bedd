"""Setting up a client: what is wrong there is not about an upload, and shows no token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from .errors import RoarkError

S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")


def about_client(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """A method that is given settings: its errors are about the client, and their traceback holds no token."""

    @wraps(method)
    def checked(self: S, /, *arguments: P.args, **named: P.kwargs) -> T:
        try:
            return method(self, *arguments, **named)
        except BaseException as error:
            del arguments, named
            if isinstance(error, RoarkError):
                error.is_permanent = False
                error.__traceback__ = None  # whose frames hold what the method was given
            raise

    return checked
