"""Calls of the generated client over a wire that can be seen, in every way in which it can be called."""

import asyncio
import gzip
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any

import httpx

from contract_tests import contents, judge
from contract_tests.contents import Content
from contract_tests.evidence import Evidence
from contract_tests.proof import client, credentials
from contract_tests.proof.client import Outcome
from contract_tests.proof.parameters import Values, every_value
from contract_tests.proof.same_value import NOTHING
from contract_tests.proof.variants import whole, whole_body
from scripts.contract import Operation

URL = "https://api.test/base"
TOKEN = "secret-7f3a9c"

ReportedDrift = tuple[str, str, str]
"""Part, kind and pointer of a drift that the client told its caller of."""


@dataclass(frozen=True)
class Reply:
    """What the wire replies."""

    content: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


def as_json(value: Any, status: int = 200, *headers: tuple[str, str]) -> Reply:
    """A JSON value as a reply, in ASCII, since half a surrogate pair cannot be written otherwise."""
    return Reply(json.dumps(value).encode(), status, (("Content-Type", "application/json"), *headers))


def zipped(reply: Reply) -> Reply:
    """The same reply, compressed."""
    return replace(reply, content=gzip.compress(reply.content), headers=(*reply.headers, ("Content-Encoding", "gzip")))


LOWER = {"sync_detailed": "asyncio_detailed"}
FACADE = {"Roark": "AsyncRoark"}

Step = Reply | type[httpx.TransportError]


class Wire(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Keeps each request, and answers or fails as it is told; the last step holds for all that follow.

    What fails before it is sent is kept without being read, as no byte of it goes out.
    """

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.steps: Sequence[Step] = ()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        step = self._step(request)
        if step is not httpx.ConnectError:
            request.read()
        return _answered(step, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same in the asynchronous half."""
        step = self._step(request)
        if step is not httpx.ConnectError:
            await request.aread()
        return _answered(step, request)

    def _step(self, request: httpx.Request) -> Step:
        self.requests.append(request)
        return self.steps[min(len(self.requests), len(self.steps)) - 1]


def _answered(step: Step, request: httpx.Request) -> httpx.Response:
    if isinstance(step, Reply):
        return httpx.Response(step.status, headers=list(step.headers), stream=httpx.ByteStream(step.content))
    raise step("no answer", request=request)


@dataclass(frozen=True)
class Call:
    """What became of one call: what was sent, what the caller sees of it, and what drift it was told of."""

    outcome: Outcome
    requests: tuple[httpx.Request, ...] = ()
    reported: tuple[ReportedDrift, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether it was refused before anything was sent."""
        return self.outcome.error is not None and not self.requests

    def sent(self, content: Content | None = None) -> Any:
        """The value that was sent last, JSON unless said otherwise. Raises ValueError where it is none."""
        sent: bytes = self.requests[-1].content
        return json.loads(sent) if content is None else content.decoded(sent)

    def account(self) -> dict[str, Any]:
        """All that can be said of it, to be compared with what became of the same call in the other half."""
        error, outcome = self.outcome.error, self.outcome
        return {
            "requests": [(each.method, str(each.url), each.headers.raw, _content(each)) for each in self.requests],
            "status": outcome.status,
            "reply": client.written(outcome.reply),
            "body": outcome.body,
            "error": error and (type(error).__name__, str(error).replace("Async", "")),
            "delivery": getattr(error, "delivery", None),
            "violations": [str(each) for each in getattr(error, "violations", ())],
            "reported": self.reported,
        }


@dataclass
class Caller:
    """Calls an operation in every way that the client offers, and reports what is wrong with what it sees."""

    operation: Operation
    evidence: Evidence
    part: str
    """What of a call is looked at: `request` or `reply`."""
    runner: asyncio.Runner
    wire: Wire = field(default_factory=Wire)
    _reported: list[ReportedDrift] = field(default_factory=list)
    _turn: bool = True

    def __post_init__(self) -> None:
        self._sync = httpx.Client(transport=self.wire, trust_env=False)
        self._async = httpx.AsyncClient(transport=self.wire, trust_env=False)

    def ways(self) -> Mapping[str, str]:
        """The ways in which the client can be called, and the one in the other half that each must be like."""
        return LOWER | FACADE if client.is_ours() else LOWER

    def layer_by_turns(self) -> Mapping[str, str]:
        """The same of one layer, another each time: what is read and written is the same for both."""
        self._turn = not self._turn
        return FACADE if self._turn and client.is_ours() else LOWER

    def in_each_way(self, body: Any, *steps: Step, values: Values | None = None) -> Iterator[tuple[str, Call]]:
        """Each way with what becomes of a call."""
        for way in self.ways():
            self.evidence.case()
            yield way, self.call(way, body, *steps, values=values)

    def in_both_halves(
        self, ways: Mapping[str, str], body: Any, *steps: Step, values: Values | None = None
    ) -> Iterator[tuple[str, Call]]:
        """Each of some ways with what became of a call, which must go alike in the other half."""
        for way, other in ways.items():
            self.evidence.case()
            call = self.call(way, body, *steps, values=values)
            for difference in differing(call, self.call(other, body, *steps, values=values)):
                self.drift("", difference, "sync and async")
            yield way, call

    def call(self, way: str, body: Any, *steps: Step, values: Values | None = None, **options: Any) -> Call:
        """Call with a JSON body in one of the ways. `values` are those of parameters, else some that fit.

        `options` are those of the client's constructor.
        """
        if way.endswith("Roark"):
            method = client.method(self.facade(way, **options), self.operation, raw=True)
            return self._made(way, partial(method, **arguments_of(self.operation, body, values)), steps)
        return self.lower(way, lambda: client.given(self.operation, body), *steps, values=values, **options)

    def lower(
        self,
        way: str,
        body: Callable[[], Any],
        *steps: Step,
        values: Values | None = None,
        connection: Any = None,
        **options: Any,
    ) -> Call:
        """Call with what `body()` gives, through a function of the lower layer, by `connection` or a new one."""
        function = getattr(client.call_module(self.operation), way)
        if connection is None:
            connection = client.connect(URL, TOKEN, transport=self.wire, on_drift=self._tell, **options)
        values = every_value(self.operation) if values is None else values
        return self._made(
            way, lambda: function(client=connection, **client.arguments(self.operation, body(), values)), steps
        )

    def plainly(self, way: str, *steps: Step) -> Call:
        """Call through the facade, whose method gives no more than what was read."""
        facade = self.facade(way)
        return self._made(way, lambda: upload_by(facade, self.operation), steps)

    def facade(self, way: str, **options: Any) -> Any:
        """A new client of the facade on this wire."""
        http_client = self._async if way.startswith("Async") else self._sync
        defaults = {**credentials.given(TOKEN), "base_url": URL, "http_client": http_client, "max_retries": 0}
        make = getattr(importlib.import_module("roark_client"), way)
        return make(**{**defaults, "on_drift": self._tell, **options})

    def made(self, function: Any, *steps: Step) -> Call:
        """What became of a call that is made by a function without arguments."""
        self.wire.requests, self.wire.steps, self._reported = [], steps, []
        outcome = client.outcome(function)
        return Call(outcome, tuple(self.wire.requests), tuple(self._reported))

    def _made(self, way: str, function: Callable[[], Any], steps: Sequence[Step]) -> Call:
        """The same in the half of a way."""
        if way.lower().startswith("async"):
            return self.made(lambda: self.runner.get_loop().run_until_complete(function()), *steps)
        return self.made(function, *steps)

    def drift(self, at: str, message: str, check: str) -> None:
        """Report drift at a pointer into what is looked at."""
        place = f"{self.part}#{at}"
        self.evidence.drift(operation=self.operation.label, place=place, message=message, kind=check, check=check)

    def _tell(self, event: Any) -> None:
        self._reported.append((event.part, str(event.kind), event.pointer))


def _content(request: httpx.Request) -> bytes | None:
    try:
        return request.content
    except httpx.RequestNotRead:  # none of it went out
        return None


def differing(one: Call, other: Call) -> Iterator[str]:
    """What differs between two calls that should have gone alike, one in each half."""
    first, second = one.account(), other.account()
    for what, value in first.items():
        if value != second[what] and repr(value) != repr(second[what]):  # NaN is not even equal to itself
            yield f"{what}: sync {value!r:.150}, async {second[what]!r:.150}"


@contextmanager
def calling(operation: Operation, evidence: Evidence, part: str) -> Iterator[Caller]:
    """A caller with an event loop of its own. The client's log is silent: thousands of drifts are not for it."""
    import logging

    logger = logging.getLogger("roark_client.drift")
    before, logger.disabled = logger.disabled, True
    try:
        with asyncio.Runner() as runner:
            yield Caller(operation, evidence, part, runner)
    finally:
        logger.disabled = before


def upload_by(facade: Any, operation: Operation, **more: Any) -> Any:
    """What a client of the facade gives for the complete body, values for parameters that fit, and more arguments."""
    return client.method(facade, operation)(**arguments_of(operation, whole_body(operation)), **more)


def arguments_of(operation: Operation, body: Any, values: Values | None = None) -> dict[str, Any]:
    """A JSON body, and values for parameters or some that fit, as the arguments of the facade's method."""
    values = every_value(operation) if values is None else values
    if not gives_fields(operation):
        return client.arguments(operation, body, values)
    names = client.field_names(operation)
    arguments = client.arguments(operation, NOTHING, values)
    arguments |= {names[name]: each for name, each in body.items() if name in names}
    extra = {name: each for name, each in body.items() if name not in names}
    return {**arguments, "extra_body": extra} if extra else arguments


@cache
def gives_fields(operation: Operation) -> bool:
    """Whether the facade takes the fields of the body as arguments: it has to be there, as an object of these."""
    if not contents.sends_json(operation) or judge.value_at(operation.body).get("required") is not True:
        return False
    schema = judge.only(judge.schema(operation.request_schema()))
    is_one = schema.get("type", "object") == "object" and not judge.members(schema) and judge.enum_of(schema) is None
    is_map = "patternProperties" in schema or judge.entry_of(schema, FURTHER) is not None
    return is_one and not is_map and bool(client.attributes(schema))


FURTHER = "a field of another name"


def success(operation: Operation, value: Any, *headers: tuple[str, str]) -> Reply:
    """A value as the answer that the operation documents for a success; NOTHING where that is without a body."""
    return holding(contents.read(operation), value, operation.success, *headers)


def holding(content: Content | None, value: Any, status: str, *headers: tuple[str, str]) -> Reply:
    """A value as the answer with a documented status."""
    code = int(status.replace("XX", "00").replace("default", "200"))
    if content is None or value is NOTHING:
        return Reply(status=code, headers=headers)
    return Reply(content.encoded(value), code, (("Content-Type", content.sent_as), *headers))


def whole_success(operation: Operation) -> Reply:
    """The complete reply to a success."""
    return success(operation, whole(contents.read(operation)))


def documented_statuses(operation: Operation) -> Iterator[tuple[str, int]]:
    """Each documented status with those that stand for it: `4XX` is also a status that nobody registered."""
    named = {int(each) for each in operation.statuses if each.isdecimal()}
    for status in operation.statuses:
        if status.isdecimal():
            yield status, int(status)
        elif status == "default":
            yield from ((status, each) for each in (302, 600) if each not in named)
        else:
            first = int(status[0]) * 100
            yield from ((status, first + each) for each in (0, 4, 18, 61, 99) if first + each not in named)
