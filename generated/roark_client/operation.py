"""One operation of the contract: how its arguments become a request, and what its replies are read as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar, cast

import httpx

from .arguments import check, convert, to_json
from .attempt import Reply
from .connection import Connection, Contract, ExtraHeaders, Query
from .content import decoded, encoded, is_written_as_json
from .delivery import Policy
from .errors import ArgumentTypeError, ArgumentValueError, Violation
from .media_types import JSON, is_json, is_within, may_be, media_type
from .notes import MISFIT, DriftKind, Note, Notes
from .parameters import Parameter, placed
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

    def may_be(self, came: str) -> bool:
        """Whether a body that says that it is of a media type may be one of this: any JSON is as good as another."""
        return is_json(came) if self.is_json else may_be(came, self.media_type)

    def read(self, reply: Reply, came: str, noted: Notes) -> Any:
        """What the body of a reply says, or MISFIT. Raises ReplyBodyError where it cannot be read at all."""
        if self.schema is None:
            return None
        if not self.is_json and came and not self.may_be(came):
            raise ReplyBodyError(f"it is no {self.media_type}")
        if not is_within(came, self.media_type) and not (self.is_json and is_json(came)):
            noted.append(Note(DriftKind.MEDIA_TYPE, None, self.media_type, came))
        try:
            return self.schema.read(decoded(self.schema, reply), None, noted)
        except RecursionError:
            raise ReplyBodyError("its body is nested too deep") from None


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
        path, query, headers = placed(self.path, self.parameters, arguments)
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
        """What a success says. Raises ReplyBodyError where it does not say what the contract wants."""
        notes = Notes()
        candidates = [each for each in self.successes if each.first <= reply.status <= each.last]
        candidates = [each for each in candidates if each.first == each.last] or candidates  # a range is for the others
        if not candidates:
            if self.successes:  # else the contract says nothing of one
                expected = " or ".join(dict.fromkeys(f"{each.first}" for each in self.successes))
                notes.append(Note(DriftKind.STATUS, None, expected, reply.status))
            with_body = [each for each in self.successes if each.schema is not None] if reply.content else []
            candidates = with_body or list(self.successes) or [Success(200, 299, None)]
        parsed, noted = self._read_as(candidates, reply)
        notes += noted
        connection.drift.report(self.label, "reply", notes)
        if parsed is MISFIT:
            _refuse(noted)
        return Response(reply.status, reply.headers, reply.content, cast("T", parsed), reply.attempts, _sent=reply.sent)

    def is_foreign(self, came: str) -> bool:
        """Whether a reply says that it is what no success is documented as: a page of a portal, a proxy, a CDN."""
        with_body = [each for each in self.successes if each.schema is not None]
        return came != "" and not any(each.may_be(came) for each in with_body or [Success(200, 299, None)])

    def _read_as(self, candidates: Sequence[Success], reply: Reply) -> tuple[Any, Notes]:
        """The first reading that fits, of what the reply says that it is before others; else the first."""
        came = media_type(reply.headers)
        if len(candidates) > 1:
            candidates = sorted(
                candidates, key=lambda each: each.schema is None or not is_within(came, each.media_type)
            )
        readings: list[tuple[Any, Notes]] = []
        failures: list[ReplyBodyError] = []
        for success in candidates:
            noted = Notes()
            try:
                readings.append((success.read(reply, came, noted), noted))
            except ReplyBodyError as error:
                failures.append(error)
                continue
            if readings[-1][0] is not MISFIT:
                return readings[-1]
        if not readings:
            raise failures[0]
        return readings[0]

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
                if not isinstance(body, dict) or not isinstance(extra, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
                    raise ArgumentTypeError(
                        f"extra_body: expected a mapping, for a request body that is an object ({self.label})"
                    )
                body = {**cast("dict[str, Any]", body), **to_json(ANY, extra, (None, "extra_body"), ANY.names)}
            content = encoded(schema, body, self.body.media_type, schema.names)
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


def _refuse(notes: Notes) -> NoReturn:
    violations = tuple(
        Violation(note.pointer, note.expected, note.actual) for note in notes if note.kind is DriftKind.WRONG_VALUE
    )
    places = "; ".join(map(str, violations[:SHOWN]))
    more = f"; and {len(violations) - SHOWN} more" if len(violations) > SHOWN else ""
    raise ReplyBodyError(f"its body is not what the contract says: {places}{more}", violations)
