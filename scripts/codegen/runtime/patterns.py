"""Regular expressions as a contract has them (ECMA-262, with its `u` flag), for Python to search by.

What Python's `re` cannot say, such as a lookbehind of any width or a script, is not held against values. Where the
author wrote for Python (`(?P<name>…)`, `(?i)`, `\\A`, `\\Z`), it means what it means there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

Search = Callable[[str], "re.Match[str] | None"]

LAST = 0x10FFFF

# Characters by their code points, each range from its first to its last.
Ranges = Sequence[tuple[int, int]]

_DIGITS: Ranges = [(0x30, 0x39)]
_WORD: Ranges = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
_SPACE: Ranges = [
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
    (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
]  # fmt: skip
_LINE_ENDS: Ranges = [(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]
_SETS = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_NAMED: dict[str, Ranges] = {"ASCII": [(0, 0x7F)], "Any": [(0, LAST)]}

_CONTROLS = {"0": 0x00, "f": 0x0C, "n": 0x0A, "r": 0x0D, "t": 0x09, "v": 0x0B}

# The long names of general categories (Unicode, PropertyValueAliases.txt).
_CATEGORIES = {
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Combining_Mark": "M", "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs",
    "Private_Use": "Co", "Unassigned": "Cn",
}  # fmt: skip

_ESCAPE = re.compile(
    r"""
    \\(?: (?P<set>[dDwWsS]) | (?P<boundary>[bB]) | (?P<property>[pP])\{(?P<of>[^{}]*)\} | k<(?P<group>\w+)>
        | u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})
        | u\{(?P<code>[0-9a-fA-F]+)\} | u(?P<four>[0-9a-fA-F]{4}) | x(?P<two>[0-9a-fA-F]{2})
        | c(?P<control>[A-Za-z]) | (?P<back>[1-9][0-9]*) | (?P<letter>0(?![0-9])|[fnrtv]) | (?P<anchor>[AZz])
        | (?P<itself>[^A-Za-z0-9]) )
    """,
    re.VERBOSE | re.DOTALL,
)
_QUANTIFIER = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


class _NotInPythonError(Exception):
    """Python has no way to say it."""


@lru_cache(maxsize=1024)
def search_by(pattern: str) -> Search | None:
    """The function that searches a text for a pattern; None where Python cannot."""
    try:
        return re.compile("".join(_translated(pattern))).search
    except (_NotInPythonError, re.error, OverflowError, RecursionError, ValueError):
        return None


def _translated(pattern: str) -> Iterator[str]:
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            escape = _escape_at(pattern, at)
            yield _outside(escape)
            at = escape.end()
        elif letter == "[":
            text, at = _class(pattern, at)
            yield text
        else:
            text, length = _plain(pattern, at)
            yield text
            at += length


def _plain(pattern: str, at: int) -> tuple[str, int]:
    """The Python for a part of a pattern outside of classes and escapes, and how long that part is."""
    letter = pattern[at]
    if pattern.startswith("(?<", at) and pattern[at + 3 : at + 4] not in ("=", "!"):
        return "(?P<", 3
    if letter == "{":
        quantifier = _QUANTIFIER.match(pattern, at)
        return (quantifier[0], len(quantifier[0])) if quantifier else ("\\{", 1)
    if letter in "]}":
        return f"\\{letter}", 1
    return {".": _set(_complement(_LINE_ENDS)), "$": "\\Z"}.get(letter, letter), 1


def _escape_at(pattern: str, at: int) -> re.Match[str]:
    escape = _ESCAPE.match(pattern, at)
    if escape is None:
        raise _NotInPythonError
    return escape


def _outside(escape: re.Match[str]) -> str:
    """An escape that stands outside of classes."""
    if (ranges := _ranges(escape)) is not None:
        return _set(ranges)
    if escape["boundary"]:
        return f"(?a:\\{escape['boundary']})"
    if escape["group"]:
        return f"(?P={escape['group']})"
    if escape["back"]:
        return f"(?:\\{escape['back']})"
    if escape["anchor"]:
        return "\\A" if escape["anchor"] == "A" else "\\Z"
    return re.escape(chr(_code(escape)))


def _class(pattern: str, start: int) -> tuple[str, int]:
    """A class of characters, and where it ends. A hyphen that joins no two characters stands for itself."""
    at = start + 1
    negated = pattern.startswith("^", at)
    at += negated
    ranges: list[tuple[int, int]] = []
    while not pattern.startswith("]", at):
        first, at = _atom(pattern, at)
        if not pattern.startswith("-", at) or pattern.startswith("-]", at):
            ranges += _ranges_of(first)
            continue
        last, at = _atom(pattern, at + 1)
        if not (isinstance(first, int) and isinstance(last, int)):
            ranges += [*_ranges_of(first), *_ranges_of(ord("-")), *_ranges_of(last)]
        elif first <= last:
            ranges.append((first, last))
        else:
            raise _NotInPythonError
    return _set(_complement(ranges) if negated else ranges), at + 1


def _atom(pattern: str, at: int) -> tuple[int | Ranges, int]:
    """A character of a class by its code point, or a set of such; and where it ends."""
    if at == len(pattern):
        raise _NotInPythonError
    if pattern[at] != "\\":
        return ord(pattern[at]), at + 1
    escape = _escape_at(pattern, at)
    ranges = _ranges(escape)
    return _code(escape) if ranges is None else ranges, escape.end()


def _ranges_of(atom: int | Ranges) -> Ranges:
    return [(atom, atom)] if isinstance(atom, int) else atom


def _code(escape: re.Match[str]) -> int:
    """The code point that an escape stands for."""
    if escape["high"]:
        high, low = int(escape["high"], 16), int(escape["low"], 16)
        return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
    for name in ("code", "four", "two"):
        if escape[name]:
            return int(escape[name], 16)
    if escape["control"]:
        return ord(escape["control"]) % 32
    if escape["letter"]:
        return _CONTROLS[escape["letter"]]
    if escape["boundary"] == "b":  # within a class
        return 0x08
    if escape["itself"]:
        return ord(escape["itself"])
    raise _NotInPythonError


def _ranges(escape: re.Match[str]) -> Ranges | None:
    """The characters that an escape stands for; None where it stands for one, or for none."""
    if escape["set"]:
        ranges = _SETS[escape["set"].lower()]
        return ranges if escape["set"].islower() else _complement(ranges)
    if escape["property"]:
        name = escape["of"].removeprefix("General_Category=").removeprefix("gc=")
        ranges = _NAMED.get(name) or _of_category(_CATEGORIES.get(name, name))
        return ranges if escape["property"] == "p" else _complement(ranges)
    return None


@lru_cache(maxsize=64)
def _of_category(name: str) -> Ranges:
    """The characters of a general category of Unicode, as this Python knows it."""
    import unicodedata  # here, as most contracts have no need of it

    members = ("Lu", "Ll", "Lt") if name == "LC" else (name,)
    if name not in {"LC", *_CATEGORIES.values()}:
        raise _NotInPythonError
    of_category: list[tuple[int, int]] = []
    for code in range(LAST + 1):
        if unicodedata.category(chr(code)).startswith(members):
            if of_category and of_category[-1][1] == code - 1:
                of_category[-1] = (of_category[-1][0], code)
            else:
                of_category.append((code, code))
    return of_category


def _complement(ranges: Ranges) -> Ranges:
    rest: list[tuple[int, int]] = []
    start = 0
    for first, last in sorted(ranges):
        if first > start:
            rest.append((start, first - 1))
        start = max(start, last + 1)
    return [*rest, (start, LAST)] if start <= LAST else rest


def _set(ranges: Ranges) -> str:
    """Any of these characters; nothing, where there are none."""
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges) + "]"
