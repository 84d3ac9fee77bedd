"""`Prefer: code=503, delay=0.5`: how a client steers one reply (RFC 7240, as in Prism)."""

import re
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass

from roark_mock.errors import RefusalError

MAX_DELAY = 60.0  # seconds

_ELEMENT = re.compile(r'(?:[^",]|"[^"\\]*+(?:\\.[^"\\]*+)*")+')  # a comma within quotes does not separate
_CODE = re.compile(r"[2-5][0-9]{2}")
_DELAY = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a request asks of its reply; None where it does not ask."""

    code: int | None = None
    """The status, 200 to 599."""
    delay: float | None = None
    """Seconds to wait before the reply, 0 to `MAX_DELAY`."""

    @classmethod
    def parse(cls, headers: Iterable[str]) -> "Preferences":
        """Read every `Prefer` header; names beside `code` and `delay` are ignored, of a repeated one the first counts.

        Raises a RefusalError of status 400 that names a `code` or `delay` that is malformed or out of range.
        """
        asked: dict[str, str] = {}
        for element in _ELEMENT.findall(",".join(headers)):
            name, _, value = element.partition(";")[0].partition("=")
            asked.setdefault(name.strip().lower(), _unquoted(value.strip()))
        return cls(
            code=_code(asked["code"]) if "code" in asked else None,
            delay=_delay(asked["delay"]) if "delay" in asked else None,
        )

    def applied(self, status: int) -> list[tuple[bytes, bytes]]:
        """The `Preference-Applied` header of a reply with `status`; none if nothing was asked for or came true."""
        applied = []
        if self.code == status:
            applied.append(f"code={self.code}")
        if self.delay is not None:
            applied.append(f"delay={self.delay:g}")
        return [(b"preference-applied", ", ".join(applied).encode())] if applied else []


def _code(value: str) -> int:
    if not _CODE.fullmatch(value):
        raise _refusal("code", "a status from 200 to 599", value)
    return int(value)


def _delay(value: str) -> float:
    if not _DELAY.fullmatch(value) or float(value) > MAX_DELAY:
        raise _refusal("delay", f"a number of seconds from 0 to {MAX_DELAY:g}", value)
    return float(value)


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def _refusal(name: str, expected: str, value: str) -> RefusalError:
    return RefusalError(
        400, "invalid_preference", f"Expected {name} in Prefer to be {expected}, got {reprlib.repr(value)}."
    )
