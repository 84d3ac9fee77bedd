"""Keeping the token, phone numbers and URLs out of all that a run against a real service prints and writes."""

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from typing import Any, TextIO
from urllib.parse import urlsplit

from contract_tests.subject import SHORTEST_TOKEN

_URL = r"(?:[A-Za-z][A-Za-z0-9+.-]{0,20})?(?::|%3[Aa])(?:\\?/|%2[Ff]){2}[^\s'\"<>]*"
# With a plus, or as many digits as a number has, with its usual separators; no date, and no part of a word or UUID.
_PHONE = r"\+\(?\d[\d ().-]{4,}\d|(?<![\w.:/#-])\(?(?!\d{4}-\d\d-\d\d)\d(?:[ ().-]{0,2}\d){6,14}(?![\w:-])"


class Mask:
    """Replaces secrets in texts. The token is found also where a text was cut off within it."""

    def __init__(self, token: str, server_url: str) -> None:
        begun = re.escape(token[:SHORTEST_TOKEN])
        self._patterns = (
            (re.compile(rf"{re.escape(token)}|(?:{begun}|(?<=Bearer )[^\s'\"$\[])[^\s'\"\\]*"), "[token]"),
            (re.compile(rf"{_URL}|{re.escape(urlsplit(server_url).netloc)}"), "[URL]"),
            (re.compile(re.escape(urlsplit(server_url).hostname or ""), re.IGNORECASE), "[URL]"),
            (re.compile(_PHONE), "[phone number]"),
        )

    def text(self, text: str) -> str:
        """A text without them."""
        for pattern, name in self._patterns:
            text = pattern.sub(name, text)
        return text

    def value(self, value: Any) -> Any:
        """A JSON value without them, its keys included."""
        if isinstance(value, dict):
            return {self.text(name): self.value(child) for name, child in value.items()}
        if isinstance(value, list):
            return [self.value(child) for child in value]
        return self.text(value) if isinstance(value, str) else value


class _Stream(io.TextIOBase):
    """A stream that masks what is written, whole lines at a time so that nothing is cut in two."""

    def __init__(self, stream: TextIO, mask: Mask) -> None:
        self._stream = stream
        self._mask = mask
        self._waiting = ""

    def write(self, text: str) -> int:
        """Keep the last line until it is complete or flushed."""
        lines, end, rest = (self._waiting + text).rpartition("\n")
        self._waiting = rest
        self._stream.write(self._mask.text(lines) + end)
        return len(text)

    def flush(self) -> None:
        """Write the last line as far as it is there."""
        self._stream.write(self._mask.text(self._waiting))
        self._waiting = ""
        self._stream.flush()

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream.isatty()


@contextlib.contextmanager
def masked_output(mask: Mask) -> Iterator[None]:
    """Mask all that is written to stdout and stderr meanwhile, whoever writes it."""
    out, err = _Stream(sys.stdout, mask), _Stream(sys.stderr, mask)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            yield
        finally:
            out.flush()
            err.flush()
