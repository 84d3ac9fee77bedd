"""Drift that is known and accepted for a while: a file of findings, each with a reason and the day that it expires.

    - check: test_wrong_token_is_refused
      operation: POST /v1/vapi/call
      place: reply
      reason: the service checks the token after the body, ticket 123
      expires: 2027-01-31

What identifies a finding is the check, the operation and the place, since its message and its request change with
the seed. `*` in a place stands for any one part of a pointer, such as an index. `operation` is left out of a finding
that is of none.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from contract_tests.evidence import Drift
from scripts.terminal import printable

REQUIRED = ("check", "place", "reason", "expires")
KNOWN = (*REQUIRED, "operation")


class BaselineError(Exception):
    """A baseline cannot be used; the message names the file and the line."""


@dataclass(frozen=True)
class Entry:
    """One accepted finding. `at` is the file and the line that it stands on; it counts up to its day and on it."""

    at: str
    check: str
    operation: str | None
    place: str
    reason: str
    expires: date

    def accepts(self, drift: Drift) -> bool:
        """Whether it is this finding, whatever its message."""
        here, there = self.place.split("/"), drift.place.split("/")
        return (
            (self.check, self.operation, len(here)) == (drift.check, drift.operation, len(there))
            and all(mine in ("*", theirs) for mine, theirs in zip(here, there, strict=True))
        )  # fmt: skip

    def is_expired(self, today: date) -> bool:
        """Whether its day has passed."""
        return self.expires < today

    def __str__(self) -> str:
        return f"{self.at}: {self.operation or 'all operations'}  {self.place}"


def today() -> date:
    """The day by which entries expire, the same wherever a run takes place."""
    return datetime.now(UTC).date()


def read(path: Path) -> list[Entry]:
    """The entries of a file. Raises BaselineError where it cannot be read or an entry is not what it must be."""
    try:
        listed = YAML(typ="rt", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path} cannot be read: {error}") from None
    except MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BaselineError(f"{path}{line}: {printable(str(error.problem or error.context))}") from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: {printable(str(error))}") from None
    if listed is None:
        return []
    if not isinstance(listed, CommentedSeq):
        raise BaselineError(f"{path}:1: expected a list of findings, each with {', '.join(REQUIRED)}")
    return [_entry(path, listed.lc.item(number)[0] + 1, each) for number, each in enumerate(listed)]


def _entry(path: Path, line: int, value: Any) -> Entry:
    at = f"{path}:{line}"
    if not isinstance(value, CommentedMap):
        raise BaselineError(f"{at}: expected a finding with {', '.join(REQUIRED)}, got {printable(repr(value))}")
    if unknown := [str(name) for name in value if name not in KNOWN]:
        raise BaselineError(f"{at}: {printable(unknown[0])} is not known; expected {', '.join(KNOWN)}")
    for name in REQUIRED:
        if value.get(name) in (None, "") or not str(value[name]).strip():
            raise BaselineError(f"{at}: {name} is missing or empty")
    for name in ("check", "operation", "place", "reason"):
        if not isinstance(value.get(name, ""), str):
            raise BaselineError(f"{path}:{value.lc.key(name)[0] + 1}: {name}: expected a text; put it in quotes")
    try:
        day = value["expires"]
        expires = date.fromisoformat(day) if isinstance(day, str) else day
        if not isinstance(expires, date) or isinstance(expires, datetime):
            raise ValueError
    except ValueError:
        shown = printable(str(value["expires"]))
        raise BaselineError(
            f"{path}:{value.lc.key('expires')[0] + 1}: expires: expected 2027-01-31, got {shown}"
        ) from None
    return Entry(at, value["check"], value.get("operation"), value["place"], printable(value["reason"]), expires)


def as_entry(drift: Drift) -> str:
    """An entry for a finding, ready but for the reason and the day, without which it is not valid."""
    place = re.sub(r"(?<=/)[0-9]+(?=/|$)", "*", drift.place)
    fields = {"check": drift.check, "operation": drift.operation, "place": place}
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items() if text is not None]
    return "- " + "\n  ".join([*lines, "reason:", "expires:"])
