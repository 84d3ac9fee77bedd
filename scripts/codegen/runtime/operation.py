"""One operation of the contract: how its arguments become a request, and what its replies are read as."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from json import JSONDecoder, JSONEncoder, detect_encoding
from math import isfinite
from typing import Any, Generic, Literal, NamedTuple, NoReturn, TypeVar, cast
from urllib.parse import quote

import httpx

from .arguments import Names, check, convert, to_json
from .connection import Connection, Contract, ExtraHeaders, Query, checked_headers, text_of
from .delivery import Policy
from .errors import ArgumentTypeError, ArgumentValueError, Violation
from .exchange import Prepared, Reply
from .notes import MISFIT, DriftKind, Note, Notes
from .reply_body import ReplyBodyError, media_type
from .schema import ANY, Schema
from .security import Alternatives
from .types import UNSET, Response, Unset, no_constant

T = TypeVar("T")

SHOWN = 20  # violations that a message names; the error has them all
MAX_DIGITS = 4300  # of an integer, as Python itself limits them


class Parameter(NamedTuple):
    """A parameter of an operation: its names in Python and in the request, where it goes, and its schema."""

    name: str
    wire: str
    location: Literal["path", "query", "header", "cookie"]
    schema: Schema
    required: bool = False


class Body(NamedTuple):
    """The JSON body of an operation's request."""

    schema: Schema
    required: bool = True


class Success(NamedTuple):
    """A range of statuses that the contract documents as a success, and the schema of their JSON body, if any."""

    first: int
    last: int
    schema: Schema | None


@dataclass(frozen=True, slots=True, repr=False)  # headers may be secret, and tracebacks may show locals
class Options:
    """What a single call may change."""

    extra_headers: ExtraHeaders | None = None
    extra_query: Query | None = None
    extra_body: Mapping[str, Any] | None = None
    timeout: float | httpx.Timeout | Unset | None = UNSET


NO_OPTIONS = Options()


@dataclass(frozen=True, eq=False)
class Operation(Generic[T]):
    """One operation.

    `label` is its method and its path in the contract, `POST /v1/call-analysis`; `path` holds its parameters by their
    names in Python: `/things/{thing_id}`.
    """

    contract: Contract
    label: str
    method: str
    path: str
    successes: tuple[Success, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    security: Alternatives | None = None
    """The ways to be let in, where they are not those of the whole contract."""
    server: int = 0
    """Which of the contract's servers it is sent to."""

    def prepare(
        self,
        connection: Connection,
        callers_client: httpx.Client | httpx.AsyncClient | None,
        arguments: Mapping[str, Any],
        options: Options = NO_OPTIONS,
    ) -> Prepared:
        """The request. `arguments`: the parameters by their names in Python, and the JSON body as `body`.

        Raises ArgumentTypeError or ArgumentValueError, naming the argument, where the contract does not allow it, and
        ConfigurationError where the client lacks what this operation takes.
        """
        security = self.contract.security if self.security is None else self.security
        target = connection.target(self.label, self.contract, security, self.server)
        path, query, headers = self._placed(arguments)
        content = self._content(connection, arguments.get("body", UNSET), options.extra_body)
        return Prepared(
            operation=self.label,
            method=self.method,
            url=connection.url(target, path, query, options.extra_query),
            headers=connection.request_headers(
                target, self.contract, self.method, headers, options.extra_headers, content
            ),
            left_out=[name for name, text in (options.extra_headers or {}).items() if text is None],
            content=content or b"",
            secrets=target.secrets,
            callers_client=callers_client,
            timeouts=connection.timeouts.changed(options.timeout),
            policy=Policy(self.method, connection.max_retries, connection.retry_unknown),
        )

    def read(self, connection: Connection, reply: Reply) -> Response[T]:
        """What a success says. Raises ReplyBodyError where it does not say what the contract wants."""
        notes = Notes()
        candidates = [each.schema for each in self.successes if each.first <= reply.status <= each.last]
        if not candidates:
            expected = " or ".join(f"{each.first}" for each in self.successes) or "another status"
            notes.append(Note(DriftKind.STATUS, None, expected, reply.status))
            candidates = list(dict.fromkeys(each.schema for each in self.successes)) or [None]
        parsed, noted = self._read_as(candidates, reply)
        notes += noted
        connection.drift.report(self.label, "reply", notes)
        if parsed is MISFIT:
            _refuse(noted)
        return Response(reply.status, reply.headers, reply.content, cast("T", parsed), reply.attempts, _sent=reply.sent)

    def _read_as(self, candidates: Sequence[Schema | None], reply: Reply) -> tuple[Any, Notes]:
        """The first reading that fits; else the first."""
        readings: list[tuple[Any, Notes]] = []
        for schema in candidates:
            noted = Notes()
            if schema is None:
                readings.append((None, noted))
            else:
                came = media_type(reply.headers)
                if came != "application/json" and not came.endswith("+json"):
                    noted.append(Note(DriftKind.MEDIA_TYPE, None, "application/json", came))
                try:
                    readings.append((schema.read(_json_value(reply), None, noted), noted))
                except RecursionError:
                    raise ReplyBodyError("its body is nested too deep") from None
            if readings[-1][0] is not MISFIT:
                return readings[-1]
        return readings[0]

    def _placed(self, arguments: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]], list[tuple[str, str]]]:
        """The path, the query and the headers that the parameters give."""
        query: list[tuple[str, str]] = []
        headers: list[tuple[str, str]] = []
        cookies: list[str] = []
        in_path: dict[str, str] = {}
        for parameter in self.parameters:
            name = parameter.name
            value = arguments.get(name, UNSET)
            if value is UNSET:
                if parameter.required:
                    raise ArgumentTypeError(f"{name}: expected {parameter.schema.expected}; it is required")
                continue
            place = (None, parameter.wire)
            given = convert(parameter.schema, value, place, self._parameter_names)
            check(parameter.schema, given, place, self._parameter_names)
            values = cast("list[Any]", given) if isinstance(given, list) else [given]
            texts = [text_of(each, name) for each in values if each is not None]
            if parameter.location == "query":
                query += [(parameter.wire, text) for text in texts]
            elif parameter.location == "path":
                in_path[name] = _segment(",".join(texts), name)
            elif texts and parameter.location == "header":
                headers.append((parameter.wire, ",".join(texts)))
            elif texts:
                cookies.append(f"{parameter.wire}={quote(','.join(texts), safe='')}")
        if cookies:
            headers.append(("Cookie", "; ".join(cookies)))
        if headers:
            checked_headers("header", dict(headers))
        return self.path.format_map(in_path) if in_path else self.path, query, headers

    def _parameter_names(self) -> Mapping[str, str]:
        return {parameter.wire: parameter.name for parameter in self.parameters}

    def _content(self, connection: Connection, value: Any, extra: Mapping[str, Any] | None) -> bytes | None:
        """The request body as JSON text; None where there is none."""
        if self.body is None or (value is UNSET and not self.body.required and not extra):
            if extra:
                raise ArgumentTypeError(f"extra_body: {self.label} takes no request body")
            return None
        schema = self.body.schema
        try:
            body = convert(schema, {} if value is UNSET else value, None, schema.names)
            notes = check(schema, body, None, schema.names)
            if extra is not None:
                if not isinstance(body, dict) or not isinstance(extra, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
                    raise ArgumentTypeError(
                        f"extra_body: expected a mapping, for a request body that is an object ({self.label})"
                    )
                body = {**cast("dict[str, Any]", body), **to_json(ANY, extra, (None, "extra_body"), ANY.names)}
            content = _json_text(body, schema.names)
        except RecursionError:
            raise ArgumentValueError("the body is nested too deep, or holds itself") from None
        if told := [note for note in notes if _is_told(note)]:
            connection.drift.report(self.label, "request", told)
        return content


def _is_told(note: Note) -> bool:
    """Whether a note about a request that is sent all the same is told: an unknown field may be a slip of the pen.

    A leap second goes out as it was given.
    """
    return note.kind is DriftKind.UNKNOWN_FIELD


def _segment(text: str, name: str) -> str:
    """One segment of a path. Raises ArgumentValueError for one that would name another path."""
    if text in ("", ".", ".."):
        raise ArgumentValueError(f"{name}: expected text that is a segment of a path, got {text!r}")
    return quote(text, safe="")


def _refuse(notes: Notes) -> NoReturn:
    violations = tuple(
        Violation(note.pointer, note.expected, note.actual) for note in notes if note.kind is DriftKind.WRONG_VALUE
    )
    places = "; ".join(map(str, violations[:SHOWN]))
    more = f"; and {len(violations) - SHOWN} more" if len(violations) > SHOWN else ""
    raise ReplyBodyError(f"its body is not what the contract says: {places}{more}", violations)


def _number(text: str) -> float:
    """A number with a fraction or an exponent; one that no float holds as the integer that it is."""
    number = float(text)
    if isfinite(number):
        return number
    with contextlib.suppress(InvalidOperation):  # an exponent that even a decimal does not hold
        exact = Decimal(text)
        if exact.adjusted() < MAX_DIGITS:
            return int(exact)
    raise ValueError(f"a number of more than {MAX_DIGITS} digits")


_decode = JSONDecoder(parse_constant=no_constant, parse_float=_number).decode
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_encode_ascii = JSONEncoder(separators=(",", ":"), allow_nan=False).encode


def _json_value(reply: Reply) -> Any:
    if not reply.content:
        raise ReplyBodyError("it has no body")
    try:
        return _decode(reply.content.decode(detect_encoding(reply.content)))
    except (ValueError, RecursionError) as error:  # a JSONDecodeError and a UnicodeDecodeError are ValueErrors too
        raise ReplyBodyError(f"its body is no JSON: {error}") from None


def _json_text(value: Any, names: Names) -> bytes:
    """A value as JSON text. Where it is none, looks for the place, which may take long: it has failed already."""
    with contextlib.suppress(TypeError, ValueError):
        return _text(value)
    value = to_json(ANY, value, None, names)
    try:
        return _text(value)  # of what held another library's mappings or numbers
    except ValueError as error:  # an integer with more digits than Python writes
        raise ArgumentValueError(f"the body: {error}") from None


def _text(value: Any) -> bytes:
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can only carry escaped
        return _encode_ascii(value).encode()
