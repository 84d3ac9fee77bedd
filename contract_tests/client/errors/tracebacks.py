"""What the tracebacks of an error show."""

import traceback
from collections.abc import Iterator
from typing import Any


def functions_of_ours(error: BaseException) -> Iterator[tuple[str, dict[str, Any]]]:
    """The functions of this package that an error's tracebacks lead through, with their variables."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            waiting += [each.__cause__, None if each.__suppress_context__ else each.__context__]
            for frame, _ in traceback.walk_tb(each.__traceback__):
                if "/roark_client/" in frame.f_code.co_filename:
                    yield frame.f_code.co_qualname, frame.f_locals


def functions_that_show(error: BaseException, secret: str) -> list[str]:
    """Those that have a variable whose text holds a secret, as trackers of errors show it."""
    return [name for name, variables in functions_of_ours(error) if secret in repr(list(variables.values()))]
