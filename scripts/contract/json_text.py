"""Reading JSON by hand, since the standard library tells neither lines nor repeated keys."""

import json
import re
from typing import NoReturn

from scripts.contract.tree import Reading, TextError, Tree, real_number, whole_number

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*')  # up to its end
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<rest>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_WORD = re.compile(r"[-+.\w]+")
_CLOSING = {"{": "}", "[": "]"}
_NAMED = {"true": True, "false": False, "null": None}


def read_json(text: str) -> Reading:
    """What a text says that is JSON."""
    scanner = _Scanner(text)
    try:
        return scanner.read()
    except TextError as error:
        return scanner.tree.failed(error)


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self.tree = Tree("JSON")
        self._position = 0
        self._line = 1

    def read(self) -> Reading:
        self._value()
        if self._next():
            self._fail("expected the end of the file")
        return self.tree.reading()

    def _value(self) -> None:
        character = self._next()
        if character in _CLOSING:
            self._container(character, _CLOSING[character])
        else:
            self._scalar(character)

    def _container(self, opening: str, closing: str) -> None:
        begin = self._line
        self.tree.start({} if opening == "{" else [], begin)  # which refuses what would nest too deep
        self._position += 1
        while self._next() != closing:
            if closing == "}":
                self._key()
            self._value()
            if self._next() == ",":
                self._position += 1
                if self._next() == closing:
                    self._fail("expected another value after the comma; leave the comma out")
            elif self._next() != closing:
                self._fail(f"expected a comma or the {closing} of what begins in line {begin}")
        self._position += 1
        self.tree.end()

    def _next(self) -> str:
        """The next character that is no space; the empty text at the end."""
        found = _SPACE.match(self._text, self._position)
        end = found.end() if found else self._position
        self._line += self._text.count("\n", self._position, end)
        self._position = end
        return self._text[end : end + 1]

    def _key(self) -> None:
        if self._next() != '"':
            self._fail("expected a key in double quotes")
        line, text = self._line, self._string()
        if self._next() != ":":
            self._fail(f'expected a colon after the key "{text}"')
        self._position += 1
        self.tree.key(text, line)

    def _scalar(self, character: str) -> None:
        line = self._line
        if character == '"':
            self.tree.scalar(self._string(), line)
            return
        word = _WORD.match(self._text, self._position)
        name = word[0] if word else ""
        number = _NUMBER.fullmatch(name)
        if number:
            value, fault = real_number(name) if number["rest"] else whole_number(name)
            self.tree.scalar(value, line, fault=fault)
        elif name in _NAMED:
            self.tree.scalar(_NAMED[name], line)
        else:
            self._fail("expected a value")
        self._position += len(name)

    def _string(self) -> str:
        found = _STRING.match(self._text, self._position)
        begin, self._position = self._position, found.end() if found else self._position
        if found is None or self._text[self._position : self._position + 1] != '"':
            character = self._text[self._position : self._position + 1]
            if character == "\\":
                self._fail("expected an escape of JSON")
            if character not in ("", "\n", "\r"):
                self._fail(f"expected \\u{ord(character):04x} in the place of the control character")
            self._fail(f"expected the end of the text that begins in column {self._column(begin)}")
        self._position += 1
        if "\\" not in found[0]:
            return found[0][1:]
        text: str = json.loads(found[0] + '"')  # which joins surrogate pairs
        return text

    def _column(self, position: int) -> int:
        return position - self._text.rfind("\n", 0, position)

    def _fail(self, reason: str) -> NoReturn:
        word = _WORD.match(self._text, self._position)
        got = repr(word[0][:20] if word else self._text[self._position : self._position + 1])
        got = "the end of the file" if self._position >= len(self._text) else got
        raise TextError(f"is not valid JSON at column {self._column(self._position)}: {reason}, got {got}", self._line)
