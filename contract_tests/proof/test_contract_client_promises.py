"""What callers rely on beside the contract: no upload is doubled, failures are told apart, the token stays hidden."""

import importlib
import logging
import pickle
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isclose
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx
import pytest

from contract_tests import contents, judge
from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client, credentials
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.held import is_held
from contract_tests.proof.parameters import every_value, written
from contract_tests.proof.parametrized import by_subject
from contract_tests.proof.servers import server_of
from contract_tests.proof.variants import complete, whole_body
from contract_tests.proof.wire import (
    TOKEN,
    URL,
    Call,
    Caller,
    Reply,
    Step,
    as_json,
    calling,
    differing,
    gives_fields,
    success,
    upload_by,
    whole_success,
    zipped,
)
from contract_tests.subject import Subject
from scripts.contract import Operation, is_range

ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT, Need.WIRE}, pace=Pace.BRISK)

# Calls of which another one changes nothing more (RFC 9110, 9.2.2).
IDEMPOTENT_METHODS = ("get", "head", "options", "trace", "put", "delete")


def _upload(subject: Subject) -> list[Operation]:
    """One stands for all: what is promised here is the same for each, as requests and replies are not."""
    found = [each for each in subject.operations_with_body if each.method == "post" and _is_plain(each)]
    return found[:1]


def _is_plain(operation: Operation) -> bool:
    """Whether what is promised can be seen at it: objects are sent and read, and the query is empty by itself."""
    are_objects = dict(judge.named_objects(operation)).keys() == {"request", "reply"} and gives_fields(operation)
    has_query = any(each.location == "query" for each in operation.parameters)
    return are_objects and not has_query and is_held(operation) and _tells_of_unknown_fields(operation)


def _tells_of_unknown_fields(operation: Operation) -> bool:
    schema, value = operation.success_schema(), complete(operation.success_schema())
    return "/fromTomorrow" in judge.unknown_fields(judge.schema(schema), value | {"fromTomorrow": 1})


uploads = by_subject("operation", _upload)

HTML = Reply(b"<html>no JSON</html>", headers=(("Content-Type", "text/html"),))
NOW = ("Retry-After", "0")


def status(code: int, *headers: tuple[str, str]) -> Reply:
    """An answer with a status and an error as its body."""
    return as_json({"error": {"code": "x"}}, code, *headers)


@dataclass(frozen=True)
class Scenario:
    """What is met, attempt by attempt, and what a caller may rely on to follow."""

    name: str
    steps: Sequence[Step | Callable[[Reply], Reply]]
    """A function makes its answer of a success of the operation."""
    sent: int
    """How often the upload goes out, or is tried to."""
    error: str | None
    """The class of the error; None for a success."""
    delivery: str = "not delivered"
    options: dict[str, Any] | None = None
    """What only our client can be told; without any, every client should go this way."""
    waits: tuple[tuple[float, float], ...] | None = None
    """The least and the most seconds waited before each further attempt."""


def SUCCESS(success: Reply) -> Reply:  # noqa: N802 - stands among constants
    """The success itself."""
    return success


def wrong(success: Reply) -> Reply:
    """A number in the place of the success."""
    return replace(success, content=b"5")


def cut_off(success: Reply) -> Reply:
    """The success without its last byte."""
    return replace(success, content=success.content[:-1])


def cut_off_compressed(success: Reply) -> Reply:
    """The success compressed, without the end by which a reader knows that it is whole."""
    whole = zipped(success)
    return replace(whole, content=whole.content[:-4])


def with_header(name: str, value: str) -> Callable[[Reply], Reply]:
    """The success with one more header."""
    return lambda success: replace(success, headers=(*success.headers, (name, value)))


NO_ANSWER, NO_CONNECTION, CUT_OFF = httpx.ReadTimeout, httpx.ConnectError, httpx.RemoteProtocolError

EAGER, AS_EVER = {"retry_unknown": True}, {"max_retries": 2}

SCENARIOS = [
    Scenario("500", [status(500), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("502 with HTML", [replace(HTML, status=502), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("520, which nobody registered", [status(520), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("500 with Retry-After", [status(500, NOW), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("503", [status(503), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("503 with Retry-After", [status(503, NOW), SUCCESS], 1, "InternalServerError", "unknown"),
    Scenario("303", [status(303, ("Location", "https://elsewhere.test/")), SUCCESS], 1, "APIStatusError", "unknown"),
    Scenario("408", [status(408), SUCCESS], 1, "APIStatusError", "unknown"),
    Scenario("no answer after sending", [NO_ANSWER, SUCCESS], 1, "APITimeoutError", "unknown"),
    Scenario("a cut connection after sending", [CUT_OFF, SUCCESS], 1, "APIConnectionError", "unknown"),
    Scenario("400", [status(400), SUCCESS], 1, "BadRequestError"),
    Scenario("401", [status(401), SUCCESS], 1, "AuthenticationError"),
    Scenario("403", [status(403), SUCCESS], 1, "PermissionDeniedError"),
    Scenario("404", [status(404), SUCCESS], 1, "NotFoundError"),
    Scenario("409", [status(409), SUCCESS], 1, "ConflictError"),
    Scenario("413", [status(413), SUCCESS], 1, "APIStatusError"),
    Scenario("415", [status(415), SUCCESS], 1, "APIStatusError"),
    Scenario("418", [status(418), SUCCESS], 1, "APIStatusError"),
    Scenario("422", [status(422), SUCCESS], 1, "UnprocessableEntityError"),
    Scenario("a redirect", [status(307, ("Location", "https://elsewhere.test/")), SUCCESS], 1, "APIStatusError"),
    Scenario("429", [status(429), SUCCESS], 2, None, waits=((0.25, 0.5),)),
    Scenario("429 with Retry-After", [status(429, ("Retry-After", "3")), SUCCESS], 2, None, waits=((3, 3),)),
    Scenario("429 with a date", [status(429, ("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")), SUCCESS], 2, None),
    Scenario("429 in milliseconds", [status(429, ("retry-after-ms", "1500")), SUCCESS], 2, None, waits=((1.5, 1.5),)),
    Scenario("429 for longer than a call may take", [status(429, ("Retry-After", "61"))], 1, "RateLimitError"),
    Scenario("429 for ever", [status(429, NOW)], 3, "RateLimitError"),
    Scenario("no connection", [NO_CONNECTION, SUCCESS], 2, None, waits=((0.25, 0.5),)),
    Scenario("no connection, ever", [NO_CONNECTION], 3, "APIConnectionError", waits=((0.25, 0.5), (0.5, 1))),
    Scenario("never again", [NO_CONNECTION, SUCCESS], 1, "APIConnectionError", options={"max_retries": 0}),
    Scenario("500, told to send again", [status(500), SUCCESS], 2, None, options=EAGER, waits=((0.25, 0.5),)),
    Scenario("400 after 500", [status(500), status(400)], 2, "BadRequestError", "unknown", EAGER),
    Scenario("gravest", [NO_ANSWER, NO_CONNECTION], 3, "APIConnectionError", "unknown", EAGER),
    Scenario("a page with the status of a success", [HTML, SUCCESS], 1, "APIResponseValidationError", "unknown"),
    Scenario("a page, told to send again", [HTML, SUCCESS], 2, None, options=EAGER, waits=((0.25, 0.5),)),
    Scenario("a success that is no JSON", [Reply(b"<html>"), SUCCESS], 1, "APIResponseValidationError", "delivered"),
    Scenario("no JSON, of no media type", [Reply(b"<html>", headers=())], 1, "APIResponseValidationError", "delivered"),
    Scenario("a success that breaks off", [cut_off], 1, "APIResponseValidationError", "delivered"),
    Scenario("a success without a body", [Reply()], 1, "APIResponseValidationError", "delivered"),
    Scenario("a success with NaN", [Reply(b'{"data": NaN}')], 1, "APIResponseValidationError", "delivered"),
    Scenario("a success that is wrong", [wrong], 1, "APIResponseValidationError", "delivered"),
    Scenario(
        "a compressed success that breaks off",
        [cut_off_compressed],
        1,
        "APIResponseValidationError",
        "delivered",
        AS_EVER,
    ),
    Scenario(
        "a success in an encoding that nobody asked for",
        [with_header("Content-Encoding", "br")],
        1,
        "APIResponseValidationError",
        "delivered",
        AS_EVER,
    ),
    Scenario(
        "a success that is too large",
        [with_header("Content-Length", "20000000")],
        1,
        "APIResponseValidationError",
        "delivered",
        AS_EVER,
    ),
]


# What goes otherwise where sending it again changes nothing more.
IDEMPOTENT_SCENARIOS = [
    Scenario("500", [status(500), SUCCESS], 2, None, waits=((0.25, 0.5),)),
    Scenario("500 for ever", [status(500)], 3, "InternalServerError", "unknown"),
    Scenario("no answer after sending", [NO_ANSWER, SUCCESS], 2, None, waits=((0.25, 0.5),)),
    Scenario("a cut connection after sending", [CUT_OFF, SUCCESS], 2, None, waits=((0.25, 0.5),)),
    Scenario("400", [status(400), SUCCESS], 1, "BadRequestError"),
]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client would have waited."""
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(anyio, "sleep", wait)
    return waited


def _scenarios(subject: Subject) -> list[tuple[Operation, Sequence[Scenario]]]:
    """The scenarios of an upload, and those of a call that may be sent again whatever became of it."""
    idempotent = [each for each in subject.operations if each.method in IDEMPOTENT_METHODS and is_held(each)]
    uploads = [(each, SCENARIOS) for each in _upload(subject)]
    return [*uploads, *((each, IDEMPOTENT_SCENARIOS) for each in idempotent[:1])]


@by_subject(
    "operation, scenarios", _scenarios, ids=lambda each: each.label if isinstance(each, Operation) else "courses"
)
def test_upload_is_sent_again_only_if_it_was_not_accepted(
    operation: Operation, scenarios: Sequence[Scenario], waits: list[float], evidence: Evidence
) -> None:
    """After each answer, and none, a call goes out as often as is safe, and the error says what became of it."""
    body, success = whole_body(operation), whole_success(operation)
    with calling(operation, evidence, "reply") as caller:
        for scenario in scenarios:
            if scenario.options and not client.is_ours():
                continue
            options = {"timeout": 60.0, "max_retries": 2, **(scenario.options or {})}
            steps = [step if isinstance(step, Reply | type) else step(success) for step in scenario.steps]
            # A success of any other status may be one that is documented without a body.
            steps = [
                replace(each, status=success.status) if isinstance(each, Reply) and each.status == 200 else each
                for each in steps
            ]
            for way, other in caller.ways().items():
                evidence.case()
                calls = []
                for half in (way, other):
                    waits.clear()
                    call = caller.call(half, body, *steps, **options)
                    calls.append(call)
                    for fault in _faults(replace(scenario, steps=steps), call, waits):
                        _drift(evidence, operation, f"reply {scenario.name}", f"{half}: {fault}", "delivery", fault)
                for fault in differing(*calls):
                    _drift(evidence, operation, f"reply {scenario.name}", fault, "sync and async")


def _faults(scenario: Scenario, call: Call, waits: list[float]) -> Iterator[str]:
    error = call.outcome.error
    if len(call.requests) != scenario.sent:
        yield f"expected {scenario.sent} requests, got {len(call.requests)}"
    if any(str(request.url.host) != httpx.URL(URL).host for request in call.requests):
        yield "it was sent to another host"
    if (type(error).__name__ if error else None) != scenario.error:
        came = f"{type(error).__name__}: {error!s:.150}" if error else f"what looks like a success: {call.outcome.body}"
        yield f"expected {scenario.error or 'a success'}, got {came:.250}"
        return
    if error is None:
        if client.is_ours() and call.outcome.attempts != scenario.sent:
            yield f"attempts of a success: expected {scenario.sent}, got {call.outcome.attempts}"
        expected = scenario.waits or ((0, 0),) * len(waits)
        if len(waits) != len(expected) or any(not a <= wait <= b for wait, (a, b) in zip(waits, expected, strict=True)):
            yield f"expected waits of {expected} s, got {waits}"
        return
    last = scenario.steps[min(scenario.sent, len(scenario.steps)) - 1]
    answered = last.status if isinstance(last, Reply) else None
    for what, stated, actual in (
        ("delivery", scenario.delivery, str(getattr(error, "delivery", None))),
        ("attempts", scenario.sent, getattr(error, "attempts", None)),
        ("status_code", answered, getattr(error, "status_code", None)),
        ("is_permanent", _is_permanent(scenario, answered), getattr(error, "is_permanent", None)),
    ):
        if stated != actual:
            yield f"{what}: expected {stated}, got {actual}"
    shown = f"{error} {error!r} {getattr(error, 'request', None) and error.request.headers}"  # type: ignore[attr-defined]
    if TOKEN in shown:
        yield "the error shows the token"
    if scenario.waits and not all(a <= wait <= b for wait, (a, b) in zip(waits, scenario.waits, strict=False)):
        yield f"expected waits of {scenario.waits} s, got {waits}"


def _is_permanent(scenario: Scenario, status: int | None) -> bool:
    """Whether the very same upload will be refused again."""
    return scenario.delivery == "not delivered" and status in (400, 413, 415, 422)


@uploads
def test_token_is_shown_nowhere(operation: Operation, evidence: Evidence, caplog: pytest.LogCaptureFixture) -> None:
    """No credential stands in a repr, an error or a log line, though a server repeats it, or in a pickle."""
    body = client.given(operation, whole_body(operation))
    with calling(operation, evidence, "reply") as caller, caplog.at_level(logging.DEBUG):
        for way in caller.ways():
            secrets = credentials.secrets(way, TOKEN)
            echo = f"your token {' '.join(secrets)}"
            repeated = {"error": {"token": secrets, echo: [f"Bearer {each}" for each in secrets]}}
            for answer in (
                as_json(repeated, 401, *(("X-Token", each) for each in secrets)),
                as_json(repeated, 200),
                replace(HTML, content=echo.encode()),
                NO_ANSWER,
            ):
                evidence.case()
                call = caller.call(way, whole_body(operation), answer)
                if (error := call.outcome.error) is None:
                    continue
                if any(secret in text for text in _texts_of(error) for secret in secrets):
                    _drift(
                        evidence, operation, "reply", f"{way}: the {type(error).__name__} shows it", "token is hidden"
                    )
        cookies = {"Cookie": "session=s3cret-cookie; last=1"}
        call = caller.lower("sync_detailed", lambda: body, status(400), headers=cookies)
        request = getattr(call.outcome.error, "request", None)
        if request is not None and "s3cret-cookie" in repr(request.headers.raw):
            _drift(evidence, operation, "request Cookie", "the error of a 400 shows it", "token is hidden")
        _check_clients_show_no_token(caller)
    if TOKEN in caplog.text:
        _drift(evidence, operation, "request Authorization", "the log shows it", "token is hidden")


def _texts_of(error: Exception) -> list[str]:
    """All that an error, its cause, its request and its reply show to whoever logs them."""
    cause, request, response = error.__cause__, getattr(error, "request", None), getattr(error, "response", None)
    texts = [str(error), repr(error), repr(getattr(error, "body", "")), repr(vars(error))]
    texts += [repr(getattr(error, "violations", "")), str(cause), str(error.__context__)]
    texts += [f"{each.actual}" for each in getattr(error, "violations", ())]
    if (request_of_cause := getattr(cause, "request", None)) is not None:
        texts.append(repr(request_of_cause.headers.raw))
    if response is not None:
        texts += [repr(response.headers.raw), response.text]
    if request is not None:
        texts.append(repr(request.headers.raw))
    return texts


def _check_clients_show_no_token(caller: Caller) -> None:
    operation, evidence = caller.operation, caller.evidence
    clients = [client.connect(URL, TOKEN, transport=caller.wire)]
    clients += [caller.facade(name) for name in ("Roark", "AsyncRoark") if client.is_ours()]
    for each in clients:
        evidence.case()
        name = type(each).__name__
        if TOKEN in f"{each!r} {each}":
            _drift(evidence, operation, "request Authorization", f"repr of {name} shows it", "token is hidden")
        try:
            pickled = pickle.dumps(each)
        except Exception:  # noqa: BLE001, S112 - whatever keeps it from being written
            continue
        if TOKEN.encode() in pickled:
            _drift(evidence, operation, "request Authorization", f"pickle of {name} holds it", "token is hidden")


@uploads
def test_copy_of_a_client_changes_only_itself(operation: Operation, evidence: Evidence) -> None:
    """A copy with other headers, a timeout or options has them, and the client it was made from stays as it was."""
    body = client.given(operation, whole_body(operation))
    with calling(operation, evidence, "reply") as caller:
        first = client.connect(URL, TOKEN, {"X-First": "1"}, transport=caller.wire)

        def headers(connection: Any) -> httpx.Headers:
            call = caller.lower("sync_detailed", lambda: body, whole_success(operation), connection=connection)
            return call.requests[0].headers if call.requests else httpx.Headers()

        before = headers(first)
        copy = first.with_headers({"X-Second": "2"})
        copied, after = headers(copy), headers(first)
        cookies = headers(first.with_cookies({"a": "b"})).get("Cookie")
        secret = [f"{name}={text}" for name, text in credentials.carried(operation, "sync", TOKEN).cookies]
        for what, expected, actual in (
            ("the client's own header", "1", before.get("X-First")),
            ("its header in a copy", "1", copied.get("X-First")),
            ("the copy's header", "2", copied.get("X-Second")),
            ("the copy's header in the first client", None, after.get("X-Second")),
            ("the copy's cookie", "; ".join([*secret, "a=b"]), cookies),
        ):
            _compare(evidence, operation, "request headers", what, expected, actual, "copies")
        if client.is_ours():
            _check_options(caller)
            _check_wrong_options(caller)


def _request(caller: Caller, facade: Any, **more: Any) -> httpx.Request:
    """What goes out where a facade is called with all arguments and more options."""
    operation = caller.operation
    call = caller.made(lambda: upload_by(facade, operation, **more), whole_success(operation))
    if call.outcome.error is not None or not call.requests:
        raise call.outcome.error or RuntimeError("nothing was sent")
    return call.requests[0]


def _check_options(caller: Caller) -> None:
    """Options of a client reach all its requests, those of a copy the copy's alone, those of a call that call alone."""
    operation, request = caller.operation, partial(_request, caller)
    facade = caller.facade("Roark", default_headers={"X-First": "1"}, default_query={"a": 1, "b": [True, None, "c"]})
    changed = facade.with_options(
        **credentials.given("other"), default_headers={"X-Second": "2"}, default_query={"a": 2}
    )
    secret, others = (
        credentials.carried(operation, "Roark", each, every_value(operation)) for each in (TOKEN, "other")
    )
    query = [f"&{urlencode(each.query)}" if each.query else "" for each in (secret, others)]
    sent, other = request(facade), request(changed)
    more = request(
        facade, extra_headers={"X-Third": "3"}, extra_query={"a": "x"}, extra_body={"isSimulated": True}, timeout=3
    )
    again = request(facade)
    for what, expected, actual in (
        ("default_headers", "1", sent.headers.get("X-First")),
        ("default_query", f"a=1&b=true&b=c{query[0]}", sent.url.query.decode()),
        ("token of a copy", others.headers, {name: other.headers.get(name) for name in others.headers}),
        ("headers of a copy", ("1", "2"), (other.headers.get("X-First"), other.headers.get("X-Second"))),
        ("query of a copy", f"a=2&b=true&b=c{query[1]}", other.url.query.decode()),
        ("extra_headers", "3", more.headers.get("X-Third")),
        ("extra_query", f"b=true&b=c&a=x{query[0]}", more.url.query.decode()),
        ("extra_body", True, b'"isSimulated":true' in more.content),
        ("timeout", True, 2 < more.extensions["timeout"]["read"] <= 3),
        ("the client afterwards", sent.headers.raw, again.headers.raw),
        ("its URL afterwards", sent.url, again.url),
        ("the truth of UNSET", False, bool(importlib.import_module("roark_client").UNSET)),
        ("base_url", URL, facade.base_url),
        ("base_url of a copy", "https://other.test", facade.with_options(base_url="https://other.test/").base_url),
    ):
        _compare(caller.evidence, operation, "request", what, expected, actual, "options")


def _check_wrong_options(caller: Caller) -> None:
    """An option that makes no sense is refused before anything is sent."""
    errors = importlib.import_module("roark_client.errors")
    operation, evidence = caller.operation, caller.evidence
    request, facade = partial(_request, caller), caller.facade("Roark")
    slip = caller.made(lambda: request(facade, nobodyKnows="x"), whole_success(operation))
    is_named = "extra_body" in str(slip.outcome.error)
    _compare(evidence, operation, "request", "an error that says which arguments there are", True, is_named, "options")
    for what, wrong in (
        ("an argument that is none", lambda: request(facade, recordingURL="x")),
        ("a header that cannot be sent", lambda: request(facade, extra_headers={"X": "a\nb"})),
        ("extra_body that is no mapping", lambda: request(facade, extra_body=[1])),
        *((f"an empty {name}", partial(caller.facade, "Roark", **{name: " "})) for name in credentials.given(TOKEN)),
        ("a base_url that is none", lambda: caller.facade("Roark", base_url="api.test")),
        ("a negative number of retries", lambda: caller.facade("Roark", max_retries=-1)),
        ("on_drift that cannot be called", lambda: caller.facade("Roark", on_drift=5)),
        ("no timeout at all", lambda: caller.facade("Roark", timeout=0)),
        ("the other half's http_client", lambda: caller.facade("Roark", http_client=httpx.AsyncClient())),
    ):
        call = caller.made(wrong, whole_success(operation))
        error = call.outcome.error
        refused = isinstance(error, TypeError | ValueError) and isinstance(error, errors.RoarkError)
        _compare(evidence, operation, "request", f"{what} is refused", True, refused and not call.requests, "options")


@uploads
def test_call_has_an_end(operation: Operation, evidence: Evidence) -> None:
    """Without a word about timeouts, no phase of a call waits for ever; what is said holds for each phase."""
    package = importlib.import_module("roark_client")
    body = client.given(operation, whole_body(operation))
    with calling(operation, evidence, "reply") as caller:
        for what, options, expected in (
            ("by default", {}, {"connect": 5, "read": 60, "write": 60, "pool": 60}),
            ("with 3 s", {"timeout": 3}, {"connect": 3, "read": 3, "write": 3, "pool": 3}),
            (
                "with phases",
                {"timeout": httpx.Timeout(9, connect=1, pool=2)},
                {"connect": 1, "read": 9, "write": 9, "pool": 2},
            ),
        ):
            evidence.case()
            if what == "with 3 s" and not client.is_ours():
                continue
            connection = package.AuthenticatedClient(URL, TOKEN, httpx_args={"transport": caller.wire}, **options)
            call = caller.lower("sync_detailed", lambda: body, whole_success(operation), connection=connection)
            phases = call.requests[0].extensions["timeout"]
            for phase, most in expected.items():
                if phases.get(phase) is None or not isclose(phases[phase], most, rel_tol=0.1):
                    message = f"{what}: {phase} waits for {phases.get(phase)} s, expected {most}"
                    _drift(evidence, operation, "request", message, "timeouts")


@uploads
def test_other_success_is_read_and_told(operation: Operation, evidence: Evidence) -> None:
    """A success with another status or media type than documented is a success, and somebody is told."""
    value = complete(operation.success_schema())
    documented, content = success(operation, value), contents.read(operation)
    statuses = [each for each in range(201, 300) if not operation.documented_status(each).startswith("2")]
    others = ["text/plain"] if content is not None and not is_range(content.media_type) else []
    with calling(operation, evidence, "reply") as caller:
        for what, answer in (
            *(("status", replace(documented, status=each)) for each in statuses[:1]),
            *(("media type", replace(documented, headers=(("Content-Type", each),))) for each in others),
        ):
            for way, call in caller.in_each_way(whole_body(operation), answer):
                expected = client.class_at(operation.success_schema())
                if not isinstance(call.outcome.reply, expected):
                    came = call.outcome.error or call.outcome.reply
                    message = f"{way}: another {what}: expected a {expected.__name__}, got {came!r:.150}"
                    _drift(evidence, operation, "reply", message, "other success")
                elif call.reported != (("reply", what, ""),):
                    _drift(
                        evidence, operation, "reply", f"{way}: another {what}: told {call.reported}", "other success"
                    )


@uploads
def test_drift_is_told_once_and_without_the_value(
    operation: Operation, evidence: Evidence, caplog: pytest.LogCaptureFixture
) -> None:
    """A place of drift is told once for a client, in an event and a log line that do not show the value."""
    if not client.is_ours():
        return
    value = complete(operation.success_schema()) | {"fromTomorrow": "+15550001234"}
    events: list[Any] = []

    def listen(event: Any) -> None:
        events.append(event)
        raise RuntimeError("a listener's own fault")

    with calling(operation, evidence, "reply") as caller:
        logging.getLogger("roark_client.drift").disabled = False
        facade = caller.facade("Roark", on_drift=listen)
        for _ in range(2):
            call = caller.made(lambda: upload_by(facade, operation), success(operation, value))
            _compare(evidence, operation, "reply#", "error of the call", None, call.outcome.error, "listener")
        wrong = caller.plainly("Roark", success(operation, "+15550001234"))
    error = wrong.outcome.error
    shown = f"{error} {getattr(error, 'violations', ())} {events} {[str(each) for each in events]} {caplog.text}"
    for what, expected, actual in (
        ("events", 1, len(events)),
        ("log lines", 1, len([each for each in caplog.records if "unknown field" in each.getMessage()])),
        ("pointer", "/fromTomorrow", events[0].pointer if events else None),
        ("value in the event", "+15550001234", events[0].actual if events else None),
        ("value in its text", False, "+1555" in shown),
        ("its operation", operation.label, events[0].operation if events else None),
    ):
        _compare(evidence, operation, "reply#/fromTomorrow", what, expected, actual, "drift events")


@uploads
def test_environment_gives_token_and_server(
    operation: Operation, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without arguments, token and server are those of the environment, else the contract's server, else an error."""
    if not client.is_ours():
        return
    package = importlib.import_module("roark_client")
    target = written(operation, every_value(operation)).target
    with_token = ("bearer_token",) if "bearer_token" in credentials.given(TOKEN) else ()
    with calling(operation, evidence, "reply") as caller:
        http_client = httpx.Client(transport=caller.wire, trust_env=False)
        for token, url in ((TOKEN, URL), (TOKEN, None), (None, URL)):
            server, given = url or server_of(operation), with_token if token else ()
            expected = f"{server}{target}" if server and credentials.is_open(operation, *given) else None
            for name, value in (("ROARK_API_BEARER_TOKEN", token), ("ROARK_BASE_URL", url)):
                if value is None:
                    monkeypatch.delenv(name, raising=False)
                else:
                    monkeypatch.setenv(name, value)
            call = caller.made(
                lambda: upload_by(package.Roark(http_client=http_client), operation), whole_success(operation)
            )
            actual = str(call.requests[0].url) if call.requests else None
            _compare(evidence, operation, "request", "URL by the environment", expected, actual, "environment")
            error = None if expected else "ConfigurationError"
            named = type(call.outcome.error).__name__ if call.outcome.error else None
            _compare(evidence, operation, "request", "error by the environment", error, named, "environment")


@uploads
def test_closed_client_says_so(operation: Operation, evidence: Evidence) -> None:
    """A client that was closed sends nothing and says so; the caller's own httpx client stays open."""
    if not client.is_ours():
        return
    errors = importlib.import_module("roark_client.errors")
    with calling(operation, evidence, "reply") as caller:
        http_client = httpx.Client(transport=caller.wire, trust_env=False)
        with caller.facade("Roark", http_client=http_client) as facade:
            pass
        call = caller.made(lambda: upload_by(facade, operation), whole_success(operation))
    refused = isinstance(call.outcome.error, errors.RoarkError) and not call.requests
    for what, expected, actual in (
        ("a closed client refuses", True, refused),
        ("the caller's own http_client is closed", False, http_client.is_closed),
    ):
        _compare(evidence, operation, "request", what, expected, actual, "closing")


def _compare(
    evidence: Evidence, operation: Operation, place: str, what: str, expected: Any, actual: Any, check: str
) -> None:
    evidence.case()
    if expected != actual:
        message = f"{what}: expected {expected!r:.100}, got {actual!r:.100}"
        evidence.drift(operation=operation.label, place=place, message=message, check=check)


def _drift(evidence: Evidence, operation: Operation, place: str, message: str, check: str, kind: str = "") -> None:
    evidence.drift(operation=operation.label, place=place, message=message, check=check, kind=kind)
