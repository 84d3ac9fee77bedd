"""Reading YAML 1.2 as far as it says JSON (its core schema), from one pass over what libyaml's scanner finds.

libyaml knows YAML 1.1. Where the two differ in what a contract may hold, the difference is taken out here.
"""

import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from scripts.contract.tree import Reading, TextError, Tree, real_number, whole_number

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # twenty times as fast; every wheel of PyYAML has it

_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASES = {"0o": (8, re.compile("[0-7]+")), "0x": (16, re.compile("[0-9a-fA-F]+"))}
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NAMED = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

_TAG = "tag:yaml.org,2002:"
_TYPES = {_TAG + "bool": bool, _TAG + "float": float, _TAG + "int": int, _TAG + "null": type(None)}

# YAML 1.2 has no line break but LF and CR, and has JSON's halves of a surrogate pair, which libyaml refuses: both go
# past it as characters of a plane that is for private use.
_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029))
_HIDDEN = 0xF0000
_HALF_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89a-fA-F][0-9a-fA-F]{2})")
_HIDDEN_ESCAPE = re.compile(r"\\U000F([dD][89a-fA-F][0-9a-fA-F]{2})")
_HIDDEN_CHARACTER = re.compile(f"[{chr(_HIDDEN + 0x85)}{chr(_HIDDEN + 0x2028)}{chr(_HIDDEN + 0x2029)}"
                               f"{chr(_HIDDEN + 0xD800)}-{chr(_HIDDEN + 0xDFFF)}]")  # fmt: skip
_PAIR = re.compile("([\ud800-\udbff])([\udc00-\udfff])")

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def read_yaml(text: str) -> Reading:
    """What a text says that is YAML."""
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        reason = f"the control character U+{ord(found[0]):04X}; leave it out, or escape it in double quotes"
        return Tree("YAML").failed(TextError(f"is not valid YAML: {reason}", line))
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tree = Tree("YAML")
        needs = _HALF_ESCAPE.search(text) or any(chr(each) in text for each in _BREAKS)
        self._hides = bool(needs) and not _HIDDEN_CHARACTER.search(text)

    def read(self) -> Reading:
        text, last = self._text, None
        if self._hides:
            text = _HALF_ESCAPE.sub(r"\1\\U000F\2", text).translate({each: chr(_HIDDEN + each) for each in _BREAKS})
        try:
            for event in yaml.parse(text, Loader=_Loader):
                handle = _HANDLERS.get(type(event))
                if handle:
                    handle(self, event)
                last = event
        except yaml.MarkedYAMLError as error:
            return self._tree.failed(_error(text, error, last))
        except TextError as error:
            return self._tree.failed(error)
        return self._tree.reading()

    def document(self, event: Any) -> None:
        if self._tree.is_whole:
            raise TextError("is not valid YAML: a second document begins; a contract is one", event.start_mark.line + 1)

    def start(self, event: Any) -> None:
        line = event.start_mark.line + 1
        is_mapping = isinstance(event, MappingStartEvent)
        if self._tree.awaits_key:
            raise TextError("is not valid YAML: the key is no text but a list or a mapping", line)
        if event.tag not in (None, "!", _TAG + ("map" if is_mapping else "seq")):
            self._tree.fault(_tag_fault(event.tag), line)
        self._tree.start({} if is_mapping else [], line, event.anchor)

    def end(self, _: Any) -> None:
        self._tree.end()

    def alias(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._tree.awaits_key:
            raise TextError("is not valid YAML: the key is an alias; write it out", line)
        self._tree.alias(event.anchor, line)

    def scalar(self, event: Any) -> None:
        line, text = event.start_mark.line + 1, self._text_of(event)
        value, fault = _scalar(text, event.tag, is_plain=not event.style)
        if not self._tree.awaits_key:
            self._tree.scalar(value, line, event.anchor, fault)
        elif isinstance(value, str):
            self._tree.key(value, line, is_merge=value == "<<" and not event.style, fault=fault)
        else:
            self._tree.key(text, line, fault=f"the key {text} is no text to YAML; put it in quotes: '{text}'")

    def _text_of(self, event: Any) -> str:
        """The text of a scalar, with what was hidden from libyaml."""
        text: str = event.value
        if not self._hides or (text.isascii() and "\\U000F" not in text):
            return text
        if event.style != '"':
            text = _HIDDEN_ESCAPE.sub(r"\\u\1", text)
        text = _HIDDEN_CHARACTER.sub(lambda found: chr(ord(found[0]) - _HIDDEN), text)
        return _PAIR.sub(lambda found: found[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


_HANDLERS = {
    DocumentStartEvent: _Reader.document,
    MappingStartEvent: _Reader.start,
    SequenceStartEvent: _Reader.start,
    MappingEndEvent: _Reader.end,
    SequenceEndEvent: _Reader.end,
    AliasEvent: _Reader.alias,
    ScalarEvent: _Reader.scalar,
}


def _scalar(text: str, tag: str | None, *, is_plain: bool) -> tuple[Any, str | None]:
    """The value of a scalar, and its fault if it has one."""
    if tag is None:
        return _core(text) if is_plain else (text, None)
    if tag in ("!", _TAG + "str"):
        return text, None
    if tag not in _TYPES:
        return text, _tag_fault(tag)
    value, fault = _core(text)
    if fault or type(value) is _TYPES[tag]:
        return value, fault
    if _TYPES[tag] is float and type(value) is int:
        return float(value), None
    return text, f"is marked !!{tag.removeprefix(_TAG)}, which {text!r} is not"


def _core(text: str) -> tuple[Any, str | None]:
    """What text without quotes is by the core schema (YAML 1.2, 10.3.2). It has no dates."""
    if text in _NAMED:
        return _NAMED[text], None
    if text[0] not in "-+.0123456789":
        return text, None
    if _WHOLE.fullmatch(text):
        return whole_number(text)
    base, digits = _BASES.get(text[:2], (0, _WHOLE))
    if base and digits.fullmatch(text, 2):
        return whole_number(text[2:], base)
    if _REAL.fullmatch(text):
        return real_number(text)
    if _NO_NUMBER.fullmatch(text):
        return None, f"is {text}, which JSON cannot say"
    return text, None


def _tag_fault(tag: str) -> str:
    return f"is marked {tag.replace(_TAG, '!!')}, which JSON cannot say; leave the mark out"


# What libyaml says, and what an author did: {here} is the character that it stumbles over, {begin} the line on which
# that begins which it cannot end.
_PROBLEMS = (
    ("tab character", "a tab stands where only spaces may; indent with spaces"),
    ("mapping values are not allowed", "a ': ' too many; put a text that holds one in quotes, or mend the indentation"),
    ("did not find expected ',' or", "the bracket that opens in line {begin} is not closed before this"),
    ("cannot start any token", "a text that begins with {here} has to stand in quotes"),
    ("unknown escape character", "no escape in double quotes; write \\\\ for a backslash, or use single quotes"),
    ("block sequence entries are not allowed", "a list begins on a line of its own"),
    ("did not find expected key", "this is no part of what begins in line {begin}; look at indentation and quotes"),
    ("did not find expected '-'", "this is no part of the list that begins in line {begin}; look at the indentation"),
    ("<document start>", "what begins in line 1 has ended before this; look at indentation and quotes"),
)


def _error(text: str, error: Any, last: Any) -> TextError:
    """What an author did whose text libyaml cannot read. `last` is what it read last."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    begin = error.context_mark.line + 1 if error.context_mark else line
    here = text[mark.index : mark.index + 1] if mark else ""
    problem = "tab character" if here == "\t" else " ".join(str(error.problem or error.context).split())
    is_quoted = isinstance(last, ScalarEvent) and last.style in ("'", '"') and last.end_mark.line + 1 == line
    if "unexpected end of stream" in problem:
        line, reason = begin, "the quote that opens here is never closed"
    elif "could not find expected ':'" in problem:
        line, reason = begin, "neither 'key: value' nor '- item' nor the rest of a text"
    elif is_quoted and last.start_mark.line + 1 < line:
        reason = f"the quote that opens here closes in line {line}, and text follows; close it where it ends"
        line = last.start_mark.line + 1
    elif is_quoted and "did not find expected key" in problem:
        reason = f"text follows the quote that closes; a {last.style} within has to be written as "
        reason += "''" if last.style == "'" else '\\"'
    else:
        words = (words for part, words in _PROBLEMS if part in problem)
        reason = next(words, problem).format(here=here, begin=begin)
    return TextError(f"is not valid YAML: {reason}", line)
