"""Why a value does not fit a schema, in the words of who wrote it, and with what to write where that is likely."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_BOOLEANS = {**dict.fromkeys(("yes", "on", "true", "y"), "true"), **dict.fromkeys(("no", "off", "false", "n"), "false")}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def misfit(error: Any, hint: str = "") -> str:
    """What an error of jsonschema_rs says. A hint what to write tells more than one that the value alone gives."""
    kind, value = error.kind, error.instance
    if types := expected_types(error):
        return f"{in_short(value)} is not of type {one_of(types)}{hint or _spelling_hint(types, value)}"
    match kind.name:
        case "enum":
            meant = did_you_mean(value, kind.options)
            return f"expected {one_of(map(in_short, kind.options))}, got {in_short(value)}{meant}"
        case "const":
            return f"expected {in_short(kind.expected_value)}, got {in_short(value)}"
        case "required":
            return f"has no {kind.property}"
        case "anyOf" | "oneOf":
            return f"{in_short(value)} fits none of {kind.name}"
        case "format":
            return f"{in_short(value)} is not a {kind.format}"
        case "uniqueItems":
            return f"names {in_short(next(each for at, each in enumerate(value) if each in value[:at]))} twice"
        case _:
            return first_line(str(error.message))


def expected_types(error: Any) -> list[str]:
    """The types of which a value has none, by one schema or by each of several; none where something else is wrong."""
    if error.kind.name == "type":
        return list(error.kind.types)
    found: list[str] = []
    for faults in error.kind.context if error.kind.name in ("anyOf", "oneOf") else ():
        types = [
            each for fault in faults if fault.instance_path == error.instance_path for each in expected_types(fault)
        ]
        if not types:
            return []
        found += types
    return list(dict.fromkeys(found))


def _spelling_hint(types: list[str], value: Any) -> str:
    """What somebody meant who wrote a value of another type."""
    if "string" in types and isinstance(value, bool | int | float):
        return "; put it in quotes"
    if "boolean" in types and isinstance(value, str) and value.lower() in _BOOLEANS:
        return f"; write {_BOOLEANS[value.lower()]}"
    if {"integer", "number"} & set(types) and isinstance(value, str) and _NUMBER.fullmatch(value):
        return f"; write {value}" if "number" in types or "." not in value else ""
    if "array" in types and isinstance(value, str | dict):
        return "; write a list of them" if isinstance(value, dict) else f"; write [{value}]"
    return ""


def did_you_mean(word: Any, known: Iterable[Any], near: float = 0.6) -> str:
    """What `nearest` finds, as the end of a sentence."""
    meant = nearest(word, known, near)
    return f"; did you mean {meant}?" if meant else ""


def nearest(word: Any, known: Iterable[Any], near: float = 0.6) -> str | None:
    """The one of those known that somebody meant who wrote the word. `near`, from 0 to 1, is how like it has to be."""
    names = {each.lower(): each for each in known if isinstance(each, str)}
    close = get_close_matches(word.lower(), names, n=1, cutoff=near) if isinstance(word, str) else ()
    return names[close[0]] if close else None


def one_of(words: Iterable[str]) -> str:
    """Words that are alternatives."""
    *some, last = words
    return f"{', '.join(some)} or {last}" if some else last


def in_short(value: Any) -> str:
    """A value as it is written, in short."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    return (
        {True: "true", False: "false", None: "null"}[value]
        if isinstance(value, bool | None)
        else first_line(repr(value))
    )


def first_line(text: str) -> str:
    """The first line of a message, of no more than 300 characters."""
    line = text.strip().splitlines()[0] if text.strip() else "no reason given"
    return line if len(line) <= 300 else line[:300] + "…"
