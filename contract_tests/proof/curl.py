"""A request as a command of curl, which sends the same bytes again when it is pasted into a POSIX shell."""

import base64
import gzip
import re
import shlex
from collections.abc import Iterator
from urllib.parse import quote

from requests import PreparedRequest

from contract_tests.subject import SHORTEST_TOKEN, TOKEN_VARIABLE, chosen

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

_PLAIN = re.compile(rb"[a-zA-Z0-9 :/.,;=?&()+-]*")  # what means itself between double quotes, and behind a variable


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
    if (escaped := quote(chosen().token, safe="")) != chosen().token:
        url = url.replace(escaped, "TOKEN")  # no shell escapes it for us, and nobody is to read it
    body = request.body.encode() if isinstance(request.body, str) else request.body
    assert body is None or isinstance(body, bytes), "a body that is a stream"
    words = ["curl -i", *_method(request.method or "GET"), *(["-g"] if re.search(r"[][{}]", url) else [])]
    words += [f"-H {_word(each, is_credential=True)}" for each in _headers(request, body)]
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
    is_masked = chosen().is_remote  # which finds nothing in what is packed
    if len(body) > INLINE_BYTES and token not in body and not is_masked:
        return f"printf %s {base64.b64encode(gzip.compress(body, mtime=0)).decode()} | base64 -d | gunzip |"
    form, values = "%s".join(map(_printf, body.split(token))), [f'"${TOKEN_VARIABLE}"'] * body.count(token)
    return " ".join(["printf", f"'{form}'", *values, "|"])


def _disguises(token: str) -> dict[bytes, str]:
    """What the token is tried as, and how a shell makes that of the token: nobody is to read it from a report."""
    given = f'printf %s "${TOKEN_VARIABLE}"'
    return {
        base64.b64encode(
            f"{token}:{token}".encode()
        ): f'printf %s "${TOKEN_VARIABLE}:${TOKEN_VARIABLE}" | base64 | tr -d "\\n"',
        token.encode(): "",
        token.swapcase().encode(): f"{given} | tr a-zA-Z A-Za-z",
        token[: len(token) // 2].encode(): f"{given} | cut -c1-{len(token) // 2}",
    }


def _word(content: bytes, *, is_credential: bool = False) -> str:
    """One word of a shell, the token as its variable."""
    token = chosen().token
    made = _disguises(token) if is_credential and len(token) >= SHORTEST_TOKEN else {token.encode(): ""}
    pieces = re.split(b"(" + b"|".join(map(re.escape, made)) + b")", content)
    if len(pieces) == 3 and pieces[1] == token.encode() and not pieces[2] and _PLAIN.fullmatch(pieces[0]):
        return f'"{pieces[0].decode()}${TOKEN_VARIABLE}"'
    words = []
    for at, each in enumerate(pieces):
        if at % 2:
            words.append(f'"$({made[each]})"' if made[each] else f'"${TOKEN_VARIABLE}"')
        elif each or len(pieces) == 1:
            words.append(_piece(each))
    return "".join(words)


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
