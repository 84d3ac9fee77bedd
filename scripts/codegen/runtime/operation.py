"""One operation of the contract: how its arguments become a request, and what its replies are read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, cast

import httpx

from .arguments import check, convert, to_json
from .attempt import Reply
from .connection import Connection, Contract, ExtraHeaders, Query
from .content import decode_body, encode_body, is_written_as_json
from .delivery import Policy
from .errors import ArgumentTypeError, ArgumentValueError, Violation
from .media_types import JSON, is_json, is_within, may_be, media_type
from .notes import MISFIT, DriftKind, Note, Notes
from .parameters import Parameter, request_parts
from .reply_body import ReplyBodyError
from .request import PreparedRequest
from .schema import ANY, Schema
from .security import Alternatives
from .types import UNSET, Response, Unset

T = TypeVar("T")

SHOWN = 20  # violations that a message names; the error has them all


class Body(NamedTuple):
    """The body of an operation's request, and what it is sent as."""

    schema: Schema
    required: bool = True
    media_type: str = JSON


class Success(NamedTuple):
    """A range of statuses that the contract documents as a success, with a media type and the schema of their body.

    Without a schema they have no body. A range of statuses with several media types has one of these for each.
    """

    first: int
    last: int
    schema: Schema | None
    media_type: str = JSON

    @property
    def is_json(self) -> bool:
        """Whether its body is read as JSON."""
        return self.schema is None or is_written_as_json(self.schema)

    def may_be(self, media_type: str) -> bool:
        """Whether a body that says that it is of a media type may be one of this: any JSON is as good as another."""
        return is_json(media_type) if self.is_json else may_be(media_type, self.media_type)

    def read(self, reply: Reply, media_type: str, notes: Notes) -> Any:
        """Read the body of a reply: its value, or MISFIT. Raises ReplyBodyError where it cannot be read at all."""
        if self.schema is None:
            return None
        if not self.is_json and media_type and not self.may_be(media_type):
            raise ReplyBodyError(f"it is no {self.media_type}")
        if not is_within(media_type, self.media_type) and not (self.is_json and is_json(media_type)):
            notes.append(Note(DriftKind.MEDIA_TYPE, None, self.media_type, media_type))
        try:
            return self.schema.read(decode_body(self.schema, reply), None, notes)
        except RecursionError:
            raise ReplyBodyError("its body is nested too deep") from None


_UNDOCUMENTED = (Success(200, 299, None),)  # what a success is where the contract documents none


@dataclass(frozen=True, slots=True, repr=False)  # headers may be secret, and tracebacks may show locals
class Options:
    """The options of a single call."""

    extra_headers: ExtraHeaders | None = None
    extra_query: Query | None = None
    extra_body: Mapping[str, Any] | None = None
    timeout: float | httpx.Timeout | Unset | None = UNSET


NO_OPTIONS = Options()


@dataclass(frozen=True, eq=False)
class Operation(Generic[T]):
    """One operation.

    `label` is its method and its path in the contract, `POST /v1/call-analysis`; `path` holds its parameters by their
    names in Python: `/things/{thing_id}`; `accept` names the media types of all its replies.
    """

    contract: Contract
    label: str
    method: str
    path: str
    successes: tuple[Success, ...]
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    accept: str = JSON
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
    ) -> PreparedRequest:
        """The request. `arguments`: the parameters by their names in Python, and the body as `body`.

        Raises ArgumentTypeError or ArgumentValueError, naming the argument, where the contract does not allow it, and
        ConfigurationError where the client lacks what this operation takes.
        """
        security = self.contract.security if self.security is None else self.security
        target = connection.target(self.label, self.contract, security, self.server)
        path, query, headers = request_parts(self.path, self.parameters, arguments)
        content = self._content(connection, arguments.get("body", UNSET), options.extra_body)
        return PreparedRequest(
            operation=self.label,
            method=self.method,
            url=connection.url(target, path, query, options.extra_query),
            headers=connection.request_headers(
                target,
                self.contract,
                self.method,
                headers,
                options.extra_headers,
                content,
                accept=self.accept,
                content_type=JSON if self.body is None else self.body.media_type,
            ),
            left_out=[name for name, text in (options.extra_headers or {}).items() if text is None],
            content=content or b"",
            is_foreign=self.is_foreign,
            secrets=target.secrets,
            callers_client=callers_client,
            timeouts=connection.timeouts.changed(options.timeout),
            policy=Policy(self.method, connection.max_retries, connection.retry_unknown),
        )

    def read(self, connection: Connection, reply: Reply) -> Response[T]:
        """Read the reply of a success. Raises ReplyBodyError where it does not say what the contract wants."""
        notes = Notes()
        parsed, body_notes = _first_reading(self._candidates(reply, notes), reply)
        notes += body_notes
        connection.drift.report(self.label, "reply", notes)
        if parsed is MISFIT:
            _refuse(body_notes)
        return Response(reply.status, reply.headers, reply.content, cast("T", parsed), reply.attempts, _sent=reply.sent)

    def is_foreign(self, media_type: str) -> bool:
        """Whether a reply says that it is what no success is documented as: a page of a portal, a proxy, a CDN."""
        return media_type != "" and not any(
            success.may_be(media_type) for success in self._with_body() or _UNDOCUMENTED
        )

    def _candidates(self, reply: Reply, notes: Notes) -> Sequence[Success]:
        """The successes that a reply may be by its status. A status that the contract does not name is noted."""
        matching = [success for success in self.successes if success.first <= reply.status <= success.last]
        if matching:
            exact = [success for success in matching if success.first == success.last]
            return exact or matching  # a range is for the others
        if self.successes:  # else the contract says nothing of one
            expected = " or ".join(dict.fromkeys(f"{success.first}" for success in self.successes))
            notes.append(Note(DriftKind.STATUS, None, expected, reply.status))
        return (self._with_body() if reply.content else []) or self.successes or _UNDOCUMENTED

    def _with_body(self) -> list[Success]:
        return [success for success in self.successes if success.schema is not None]

    def _content(self, connection: Connection, value: Any, extra: Mapping[str, Any] | None) -> bytes | None:
        """The request body; None where there is none."""
        if self.body is None or (value is UNSET and not self.body.required and not extra):
            if extra:
                raise ArgumentTypeError(f"extra_body: {self.label} takes no request body")
            return None
        schema = self.body.schema
        try:
            body = convert(schema, {} if value is UNSET else value, None, schema.names)
            notes = check(schema, body, None, schema.names)
            if extra is not None:
                body = self._with_extra(body, extra)
            content = encode_body(schema, body, self.body.media_type, schema.names)
        except RecursionError:
            raise ArgumentValueError("the body is nested too deep, or holds itself") from None
        # An unknown field may be a slip of the pen; a leap second goes out as it was given.
        if unknown_fields := [note for note in notes if note.kind is DriftKind.UNKNOWN_FIELD]:
            connection.drift.report(self.label, "request", unknown_fields)
        return content

    def _with_extra(self, body: Any, extra: Mapping[str, Any]) -> dict[str, Any]:
        """A body with the fields of `extra_body`."""
        if not isinstance(body, dict) or not isinstance(extra, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ArgumentTypeError(
                f"extra_body: expected a mapping, for a request body that is an object ({self.label})"
            )
        return {**cast("dict[str, Any]", body), **to_json(ANY, extra, (None, "extra_body"), ANY.names)}


def _first_reading(candidates: Sequence[Success], reply: Reply) -> tuple[Any, Notes]:
    """The first reading that fits, of what the reply says that it is before others; else the first."""
    named = media_type(reply.headers)
    if len(candidates) > 1:
        candidates = sorted(
            candidates, key=lambda success: success.schema is None or not is_within(named, success.media_type)
        )
    readings: list[tuple[Any, Notes]] = []
    failures: list[ReplyBodyError] = []
    for success in candidates:
        notes = Notes()
        try:
            readings.append((success.read(reply, named, notes), notes))
        except ReplyBodyError as error:
            failures.append(error)
            continue
        if readings[-1][0] is not MISFIT:
            return readings[-1]
    if not readings:
        raise failures[0]
    return readings[0]


def _refuse(notes: Notes) -> NoReturn:
    violations = tuple(
        Violation(note.pointer, note.expected, note.actual) for note in notes if note.kind is DriftKind.WRONG_VALUE
    )
    places = "; ".join(map(str, violations[:SHOWN]))
    more = f"; and {len(violations) - SHOWN} more" if len(violations) > SHOWN else ""
    raise ReplyBodyError(f"its body is not what the contract says: {places}{more}", violations)
