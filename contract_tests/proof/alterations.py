"""What became of a value that a server was to repeat: the rule, and the fault in words that name no value."""

import html
import re
import unicodedata
from typing import Any

from contract_tests.impact import FIELDS_OF
from contract_tests.proof.breaches import json_type
from contract_tests.proof.same_value import NOTHING, same_instant, within_a_microsecond

_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)


def alterations(sent: Any, came: Any, place: str) -> list[tuple[str, str]]:
    """Rule and fault of each change between what was sent and what came. `place` names what no kind of change fits."""
    if came is NOTHING or came is None:
        return [("value-dropped", _dropped(sent, place))]
    if type(sent) is not type(came):
        return [("value-changed", f"{json_type(sent)} becomes {json_type(came)}")]
    if isinstance(sent, str):
        if within_a_microsecond(sent, came) or (sent[17:19] == "60" and _DATE_TIME.fullmatch(sent)):
            return [("value-rounded", "")]  # as our client itself reads it
        found = _altered_instant(sent, came) or _altered_text(sent, came)
        return [("value-changed", fault) for fault in found or [f"another text at {place}"]]
    return [("value-changed", f"another value at {place}")]


def _dropped(sent: Any, place: str) -> str:
    if sent == "":
        return "an empty text"
    if isinstance(sent, str) and not sent.strip():
        return "a text of white space"
    return f"{FIELDS_OF}{place.rpartition('/')[0]}"


def _altered_instant(sent: str, came: str) -> list[str]:
    """How one date-time became another; nothing where they are none."""
    one, other = _DATE_TIME.fullmatch(sent), _DATE_TIME.fullmatch(came)
    if not one or not other or same_instant(sent, came):
        return []
    found = []
    digits, kept = (one[4] or "").rstrip("0"), (other[4] or "").rstrip("0")
    if digits != kept and len(kept) < len(digits):
        to = "whole seconds" if not other[4] else "milliseconds" if len(other[4]) <= 3 else "microseconds"
        found.append(f"the fraction of a date-time is cut to {to}")
    offset, answered = (_offset(each[5]) for each in (one, other))
    if answered is None or (offset != answered and one.groups()[:3] == other.groups()[:3]):
        found.append("the offset of a date-time is dropped")
    elif not _same_but_for_fraction(one, other):
        found.append("a date-time becomes another instant")
    return found


def _offset(text: str | None) -> str | None:
    """An offset, however it is written."""
    if text is None:
        return None
    plain = text.replace(":", "").upper()
    return "+0000" if plain in ("Z", "-0000") else plain


def _same_but_for_fraction(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two date-times are one instant, once each is cut to whole seconds."""
    whole = [f"{each[1]}T{each[2]}:{each[3]}{each[5] or 'Z'}" for each in (one, other)]
    return same_instant(*whole)


def _altered_text(sent: str, came: str) -> list[str]:
    """How one text became another, where that is a change that programmers make."""
    beyond_ascii = {sent.encode("ascii", how).decode() for how in ("ignore", "replace")}
    if came == sent.strip():
        return ["spaces around a text are cut"]
    if came.casefold() == sent.casefold():
        return ["letters change their case"]
    if came and sent.startswith(came.rstrip("….")):
        return ["a long text is cut"]
    if any(unicodedata.normalize(form, sent) == came for form in ("NFC", "NFD", "NFKC", "NFKD")):
        return ["a text is normalized"]
    if came in (html.escape(sent), html.escape(sent, quote=False), html.unescape(sent)):
        return ["markup is escaped"]
    if came in beyond_ascii:
        return ["characters beyond ASCII are lost"]
    if came == "".join(each for each in sent if unicodedata.category(each) != "Cc"):
        return ["control characters are lost"]
    return []
