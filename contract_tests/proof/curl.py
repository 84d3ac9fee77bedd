"""A request as a command of curl, which sends the same bytes again when it is pasted into a POSIX shell."""

import base64
import gzip
import re
import shlex
from collections.abc import Iterator

from requests import PreparedRequest

from contract_tests.subject import TOKEN_VARIABLE, chosen

MOCK_URL = "http://127.0.0.1:4010"  # of scripts/mock; the embedded mock is gone when a person reads the report

INLINE_BYTES = 1500  # of a body that a command holds as it is
CONTINUE_BYTES = 1024  # of a body before which some versions of curl ask whether to send it

# What curl or the connection states by itself, and what only marks where a request came from.
IMPLIED = {
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "host",
    "user-agent",
    "x-schemathesis-testcaseid",
}

_PLAIN = re.compile(r"[a-zA-Z0-9 :/.,;=?&()+-]*")  # what means itself between double quotes, and behind a variable


def as_curl(request: PreparedRequest | None) -> str | None:
    """The command, which shows status, headers and body of the reply; None where the request is not known.

    The token is in no command: a shell puts it in, from `$ROARK_API_BEARER_TOKEN`. A body that is long, or that a
    terminal could not show, goes into curl from a pipe.
    """
    if request is None:
        return None
    url = request.url or ""
    if chosen().server_url is None:
        url = re.sub(r"^http://[^/]+", MOCK_URL, url)
    body = request.body.encode() if isinstance(request.body, str) else request.body
    assert body is None or isinstance(body, bytes), "a body that is a stream"
    words = ["curl -i", *_method(request.method or "GET"), *(["-g"] if re.search(r"[][{}]", url) else [])]
    words += ["--path-as-is"] if "/." in url else []
    words += [f"-H {_word(each)}" for each in _headers(request, body)]
    if body is None and "content-length" in request.headers:
        body = b""
    piped = body is not None and (len(body) > INLINE_BYTES or not _is_printable(body))
    words += [] if body is None else ["--data-binary @-" if piped else f"--data-raw {_word(body)}"]
    return " ".join([*([_pipe(body)] if body is not None and piped else []), *words, _word(url.encode())])


def _method(method: str) -> list[str]:
    return ["--head"] if method == "HEAD" else [f"-X {shlex.quote(method)}"]


def _headers(request: PreparedRequest, body: bytes | None) -> Iterator[bytes]:
    for name, value in request.headers.items():
        if name.lower() not in IMPLIED or (name.lower() == "accept" and value != "*/*"):
            sent = value if isinstance(value, bytes) else value.encode("latin-1")
            yield name.encode() + (b": " + sent if sent else b";")  # so curl writes a header that is empty
    names = {name.lower() for name in request.headers}
    if "content-type" not in names and (body is not None or "content-length" in names):
        yield b"Content-Type:"  # so curl writes one that is not there
    if body is not None and len(body) > CONTINUE_BYTES:
        yield b"Expect:"


def _pipe(body: bytes) -> str:
    token = chosen().token.encode()
    if len(body) > INLINE_BYTES and token not in body:
        return f"printf %s {base64.b64encode(gzip.compress(body, mtime=0)).decode()} | base64 -d | gunzip |"
    form, values = "%s".join(map(_printf, body.split(token))), [f'"${TOKEN_VARIABLE}"'] * body.count(token)
    return " ".join(["printf", f"'{form}'", *values, "|"])


def _word(content: bytes) -> str:
    """One word of a shell, the token as its variable."""
    pieces = content.split(chosen().token.encode())
    texts = [piece.decode() for piece in pieces if _is_printable(piece)]
    if len(pieces) > 1 and len(texts) == len(pieces) and all(map(_PLAIN.fullmatch, texts)):
        rest = "".join(
            f"${TOKEN_VARIABLE}{each}" if not each[:1].isalnum() else f"${{{TOKEN_VARIABLE}}}{each}"
            for each in texts[1:]
        )
        return f'"{texts[0]}{rest}"'
    return f'"${TOKEN_VARIABLE}"'.join(_piece(each) if each or len(pieces) == 1 else "" for each in pieces)


def _piece(content: bytes) -> str:
    if not _is_printable(content):
        return f"\"$(printf '{_printf(content)}')\""
    return "'" + content.decode().replace("'", "'\"'\"'") + "'"


def _printf(content: bytes) -> str:
    """The format of which printf makes these bytes."""
    return re.sub(
        rb"[^\x20-\x7e]|['\\]|^-", lambda found: b"\\%03o" % found[0][0], content.replace(b"%", b"%%")
    ).decode("ascii")


def _is_printable(content: bytes) -> bool:
    try:
        return content.decode().isprintable()
    except UnicodeDecodeError:
        return False
