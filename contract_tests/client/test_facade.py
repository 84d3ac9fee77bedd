"""`Roark` and `AsyncRoark`: construction, options, arguments, and care for the token."""

import asyncio
import copy
import json
import logging
import pickle
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, cast

import httpx
import pytest
from roark_client import (
    APIStatusError,
    AsyncRoark,
    AuthenticatedClient,
    BadRequestError,
    Client,
    Roark,
    RoarkError,
    __version__,
)
from roark_client.api.call_analysis import create_call_analysis
from roark_client.models import CallAnalysisRequestDict, CallDirection, InterfaceType, ParticipantInput, ParticipantRole
from roark_mock import MockServer

from contract_tests.client.samples import REPORT, UPLOAD, UPLOAD_AS_JSON

TOKEN = "secret-7f3a9c"


class Recorded:
    """A transport that remembers each request and answers as the vendor's page does."""

    def __init__(self, status: int = 200, body: Any = None) -> None:
        self.requests: list[httpx.Request] = []
        self._status, self._body = status, body

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.requests.append(request)
        return httpx.Response(self._status, json={"data": {"callId": "c"}} if self._body is None else self._body)

    @property
    def last(self) -> httpx.Request:
        """The request that came last."""
        return self.requests[-1]


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock server with the token of these tests."""
    with MockServer(token=TOKEN) as server:
        yield server


@pytest.fixture
def recorded() -> Recorded:
    """A transport for the Vapi call."""
    return Recorded()


def over(recorded: Recorded, **options: Any) -> Roark:
    """A client over a recording transport."""
    http_client = httpx.Client(transport=httpx.MockTransport(recorded))
    return Roark(**{"bearer_token": TOKEN, "base_url": "https://api.test", "http_client": http_client, **options})


def send_report(client: Roark, **options: Any) -> Any:
    """One Vapi upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, **options)


async def told_later(event: object) -> None:
    """A listener that nobody would wait for."""


# --- Construction -----------------------------------------------------------------------------------


def test_token_and_url_come_from_the_environment(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Token and URL default to the environment."""
    monkeypatch.setenv("ROARK_API_BEARER_TOKEN", TOKEN)
    monkeypatch.setenv("ROARK_BASE_URL", mock.url)
    with Roark() as client:
        assert client.base_url == mock.url
        send_report(client)
    assert len(mock.uploads) == 1


def test_url_defaults_to_the_contract(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument or a variable, the server is the contract's."""
    monkeypatch.delenv("ROARK_BASE_URL", raising=False)
    assert Roark(bearer_token=TOKEN).base_url == "https://api.roark.ai"


@pytest.mark.parametrize("client", [Roark, AsyncRoark])
@pytest.mark.parametrize("value", [None, ""])
def test_missing_token_says_how_to_set_it(
    client: type[Roark | AsyncRoark], value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing token is an error at construction that names the argument and the variable."""
    monkeypatch.delenv("ROARK_API_BEARER_TOKEN", raising=False)
    with pytest.raises(RoarkError, match=r"bearer_token=.*ROARK_API_BEARER_TOKEN"):
        client(bearer_token=value)


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"bearer_token": "hunter\n2"}, ValueError, "bearer_token"),
        ({"bearer_token": " hunter2 "}, ValueError, "bearer_token"),
        ({"bearer_token": "hünter2"}, ValueError, "bearer_token"),
        ({"bearer_token": 5}, TypeError, "bearer_token"),
        ({"base_url": "api.roark.ai"}, ValueError, "base_url"),
        ({"base_url": "ftp://api.roark.ai"}, ValueError, "base_url"),
        ({"base_url": "https://"}, ValueError, "base_url"),
        ({"base_url": "https://me:hunter2@api.roark.ai"}, ValueError, "base_url"),
        ({"base_url": "ftp://me:hunter2@api.roark.ai"}, ValueError, "base_url"),
        ({"base_url": "https://api.roark.ai?a=b"}, ValueError, "base_url"),
        ({"base_url": "https://[::1"}, ValueError, "base_url"),
        ({"timeout": 0}, ValueError, "timeout"),
        ({"timeout": -1.0}, ValueError, "timeout"),
        ({"timeout": float("nan")}, ValueError, "timeout"),
        ({"timeout": "60"}, TypeError, "timeout"),
        ({"timeout": True}, TypeError, "timeout"),
        ({"max_retries": -1}, ValueError, "max_retries"),
        ({"max_retries": 1.5}, TypeError, "max_retries"),
        ({"default_headers": {"X-A": "a\r\nX-B: b"}}, ValueError, "default_headers"),
        ({"default_headers": {"X A": "a"}}, ValueError, "default_headers"),
        ({"default_headers": {"X-A": 5}}, TypeError, "default_headers"),
        ({"default_query": {"a": object()}}, TypeError, "default_query"),
        ({"default_headers": 5}, TypeError, "default_headers"),
        ({"default_headers": {"X-A": " a "}}, ValueError, "default_headers"),
        ({"default_headers": {"Content-Length": "5"}}, ValueError, "default_headers"),
        ({"default_query": 5}, TypeError, "default_query"),
        ({"default_query": {"a": float("nan")}}, TypeError, "default_query/a"),
        ({"timeout": 10**400}, ValueError, "timeout"),
        ({"retry_unknown": "false"}, TypeError, "retry_unknown"),
        ({"on_drift": 5}, TypeError, "on_drift"),
        ({"on_drift": told_later}, TypeError, "on_drift"),
        ({"http_client": object()}, TypeError, "http_client"),
        ({"nonsense": 1}, TypeError, "nonsense"),
    ],
)
def test_wrong_option_is_refused(options: dict[str, Any], error: type[Exception], named: str) -> None:
    """A wrong option is refused at construction, by name, and without showing a secret."""
    with pytest.raises(error, match=named) as raised:
        Roark(**{"bearer_token": TOKEN, "base_url": "https://api.test", **options})
    for secret in ("nter", "X-B"):
        assert secret not in str(raised.value)


def test_http_client_must_fit_the_client() -> None:
    """Each client takes the httpx client of its own kind."""
    with pytest.raises(TypeError, match=r"http_client: AsyncRoark expects an httpx\.AsyncClient"):
        AsyncRoark(bearer_token=TOKEN, http_client=httpx.Client())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"http_client: Roark expects an httpx\.Client"):
        Roark(bearer_token=TOKEN, http_client=httpx.AsyncClient())  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["http://api.roark.ai", "http://10.0.0.1:8080", "http://localhost.example.com"])
def test_unencrypted_server_warns(url: str) -> None:
    """`http://` to anything but this machine warns."""
    with pytest.warns(UserWarning, match="unencrypted"):
        Roark(bearer_token=TOKEN, base_url=url)


@pytest.mark.parametrize(
    "url",
    ["https://api.roark.ai", "http://127.0.0.1:4010", "http://localhost", "http://[::1]:4010", "http://127.9.9.9"],
)
def test_safe_server_does_not_warn(url: str) -> None:
    """Neither https nor this machine warns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Roark(bearer_token=TOKEN, base_url=url)


# --- What is sent -----------------------------------------------------------------------------------


def test_request_says_who_sends_it(recorded: Recorded) -> None:
    """A User-Agent names the package, the contract's version, Python and httpx; the token goes as a bearer token."""
    send_report(over(recorded))
    headers = recorded.last.headers
    version = ".".join(map(str, sys.version_info[:3]))
    assert headers["user-agent"] == f"roark-client (contract {__version__}) Python/{version} httpx/{httpx.__version__}"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["content-type"] == "application/json"
    assert headers["content-length"] == str(len(recorded.last.content))


def test_options_of_the_client_and_of_the_call_are_sent(recorded: Recorded) -> None:
    """Default and extra headers, query and body fields go out; those of the call win."""
    client = over(recorded, default_headers={"X-A": "1", "X-B": "1"}, default_query={"a": [1, 2], "b": True, "c": 1})
    send_report(client, extra_headers={"X-B": "2"}, extra_query={"c": "ü &"}, extra_body={"skipAlreadyImported": True})
    assert str(recorded.last.url) == "https://api.test/v1/vapi/call?a=1&a=2&b=true&c=%C3%BC+%26"
    assert (recorded.last.headers["x-a"], recorded.last.headers["x-b"]) == ("1", "2")
    assert httpx.Response(200, content=recorded.last.content).json() == {
        "vapiEndOfCallReportPayload": REPORT,
        "skipAlreadyImported": True,
    }


def test_path_of_the_base_url_is_kept(recorded: Recorded) -> None:
    """A base URL with a path, of a gateway for instance, keeps it."""
    send_report(over(recorded, base_url="https://gateway.test/roark/"))
    assert str(recorded.last.url) == "https://gateway.test/roark/v1/vapi/call"


def test_settings_of_the_callers_client_are_used() -> None:
    """Headers, cookies and query of the caller's own httpx client go out as well, and it is not closed."""
    recorded = Recorded()
    http_client = httpx.Client(
        transport=httpx.MockTransport(recorded),
        headers={"X-Trace": "t", "Authorization": "Basic x", "User-Agent": "theirs"},
        cookies={"session": "s"},
        params={"tenant": "7"},
        auth=("user", "password"),
    )
    with Roark(bearer_token=TOKEN, base_url="https://api.test", http_client=http_client) as client:
        send_report(client)
    assert recorded.last.headers["x-trace"] == "t"
    assert recorded.last.headers["cookie"] == "session=s"
    assert recorded.last.url.params["tenant"] == "7"
    assert recorded.last.headers["authorization"] == f"Bearer {TOKEN}", "the token is the client's own"
    assert recorded.last.headers["user-agent"].startswith("roark-client")
    assert not http_client.is_closed


def test_closed_client_says_so(mock: MockServer) -> None:
    """A client that was closed raises a RoarkError that says what to do."""
    client = Roark(bearer_token=TOKEN, base_url=mock.url)
    client.close()
    with pytest.raises(RoarkError, match="make a new one"):
        send_report(client)
    http_client = httpx.Client()
    http_client.close()
    with pytest.raises(RoarkError, match="make a new one"):
        send_report(Roark(bearer_token=TOKEN, base_url=mock.url, http_client=http_client))
    assert not mock.uploads


BERLIN = timezone(timedelta(hours=1))

ARGUMENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "texts": ({}, {}),
    "an aware date-time": ({"started_at": datetime(2025, 2, 11, 1, 4, 32, 737000, UTC)}, {}),
    "a date-time with an offset": (
        {"started_at": datetime(2025, 2, 11, 2, 4, 32, tzinfo=BERLIN)},
        {"startedAt": "2025-02-11T02:04:32+01:00"},
    ),
    "text with an odd spelling": (
        {"started_at": "2025-02-11t01:04:32.7370000000z"},
        {"startedAt": "2025-02-11t01:04:32.7370000000z"},
    ),
    "members of enums": (
        {"interface_type": InterfaceType.WEB, "call_direction": CallDirection.OUTBOUND},
        {"interfaceType": "WEB", "callDirection": "OUTBOUND"},
    ),
    "models": (
        {"participants": [ParticipantInput(role=ParticipantRole.AGENT, name=None), ParticipantInput(role="AGENT")]},
        {"participants": [{"role": "AGENT", "name": None}, {"role": "AGENT"}]},
    ),
    "mappings with names as in Python": (
        {
            "participants": (
                {"role": "AGENT", "phone_number": "+1", "spoke_first": True},
                {"role": ParticipantRole.AGENT},
            )
        },
        {"participants": [{"role": "AGENT", "phoneNumber": "+1", "spokeFirst": True}, {"role": "AGENT"}]},
    ),
    "mappings with names as in JSON": (
        {"participants": [{"role": "AGENT", "phoneNumber": None, "nickname": "Al"}, {"role": "AGENT"}]},
        {"participants": [{"role": "AGENT", "phoneNumber": None, "nickname": "Al"}, {"role": "AGENT"}]},
    ),
    "optional ones": (
        {"is_test": False, "ended_reason": "", "stereo_recording_url": "https://example.com/s.wav?sig=a%2Fb#x"},
        {"isTest": False, "endedReason": "", "stereoRecordingUrl": "https://example.com/s.wav?sig=a%2Fb#x"},
    ),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_become_json(name: str, mock: MockServer) -> None:
    """Each form in which an argument may be given is sent as the JSON that it means, and what is left out is not."""
    given, expected = ARGUMENTS[name]
    with Roark(bearer_token=TOKEN, base_url=mock.url) as client:
        client.call_analysis.create(**{**UPLOAD, **given})
    assert mock.uploads[-1].json == {**UPLOAD_AS_JSON, **expected}


WRONG_ARGUMENTS: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "an unknown keyword": ({"recording": "x"}, TypeError, "recording: expected one of recording_url, .*extra_body"),
    "a value outside an enum": ({"call_direction": "UP"}, ValueError, r"call_direction: .*INBOUND, OUTBOUND.*'UP'"),
    "a member of another enum": ({"call_direction": InterfaceType.WEB}, ValueError, "call_direction: .*INBOUND"),
    "a naive date-time": ({"started_at": datetime(2025, 2, 11)}, ValueError, "started_at: .*offset.*naive"),
    "text without an offset": ({"started_at": "2025-02-11T01:04:32"}, ValueError, "started_at: .*offset"),
    "one participant": ({"participants": [{"role": "AGENT"}]}, ValueError, "participants: .*exactly 2.*array of 1"),
    "three participants": ({"participants": [{"role": "AGENT"}] * 3}, ValueError, "participants: .*exactly 2.*of 3"),
    "text as participants": ({"participants": "AB"}, TypeError, "participants: .*array.*string"),
    "a participant without a role": ({"participants": [{}, {"role": "AGENT"}]}, ValueError, "participants/0/role"),
    "both names of a field": (
        {"participants": [{"role": "AGENT", "phoneNumber": "1", "phone_number": "2"}, {"role": "AGENT"}]},
        ValueError,
        "participants/0/phoneNumber: expected one of phone_number and phoneNumber, got both",
    ),
    "None for text": ({"ended_reason": None}, TypeError, "ended_reason: .*None"),
    "None for a flag": ({"is_test": None}, TypeError, "is_test: .*None"),
    "text for a flag": ({"is_test": "yes"}, TypeError, "is_test: .*boolean.*string"),
    "a number for text": ({"ended_reason": 7}, TypeError, "ended_reason: .*string.*integer"),
    "no URL": ({"recording_url": "recording.wav"}, ValueError, "recording_url: .*URI"),
    "a URL with a space": ({"recording_url": "https://example.com/a b"}, ValueError, "recording_url: .*URI"),
}


@pytest.mark.parametrize("name", WRONG_ARGUMENTS)
def test_wrong_argument_is_refused(name: str, mock: MockServer) -> None:
    """A wrong argument is named, with what is allowed, and nothing is sent; in the lower layer as well."""
    given, error, message = WRONG_ARGUMENTS[name]
    with Roark(bearer_token=TOKEN, base_url=mock.url) as client, pytest.raises(error, match=message):
        client.call_analysis.create(**{**UPLOAD, **given})
    if "recording" not in given:
        with (
            AuthenticatedClient(base_url=mock.url, token=TOKEN) as lower,
            pytest.raises(error, match=message.partition(":")[0]),
        ):
            create_call_analysis.sync(client=lower, body=cast("CallAnalysisRequestDict", {**UPLOAD, **given}))
    assert not mock.uploads


WRONG_OPTIONS: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "text as headers": ({"extra_headers": "X-A: a"}, TypeError, "extra_headers"),
    "pairs as headers": ({"extra_headers": [("X-A", "a")]}, TypeError, "extra_headers"),
    "a header of the framing": ({"extra_headers": {"Transfer-Encoding": "chunked"}}, ValueError, "extra_headers"),
    "text as a query": ({"extra_query": "a=b"}, TypeError, "extra_query"),
    "half a surrogate pair in a query": ({"extra_query": {"a": "\ud800"}}, ValueError, "extra_query"),
    "a query beyond all bounds": ({"extra_query": {"a": "x" * 100_000}}, ValueError, "extra_query"),
    "a list as a body": ({"extra_body": [1]}, TypeError, "extra_body"),
    "a body that is no JSON": ({"extra_body": {"a": object()}}, TypeError, "extra_body/a"),
    "a number too long to write": ({"extra_body": {"a": 10**5000}}, ValueError, "the body: .*digits"),
    "no time at all": ({"timeout": 0}, ValueError, "timeout"),
}


@pytest.mark.parametrize("name", WRONG_OPTIONS)
def test_wrong_option_of_a_call_is_refused(name: str, recorded: Recorded) -> None:
    """A wrong option of a single call is refused by name, before anything is sent."""
    options, error, named = WRONG_OPTIONS[name]
    with pytest.raises(error, match=named):
        send_report(over(recorded), **options)
    assert not recorded.requests


def test_query_parameters_of_httpx_are_sent_whole(recorded: Recorded) -> None:
    """A query given as httpx's own class keeps a name that it repeats."""
    send_report(over(recorded), extra_query=httpx.QueryParams("a=1&a=2"))
    assert recorded.last.url.query == b"a=1&a=2"


class Quoted(str):
    """Text of a class of its own, as template engines have it."""

    __slots__ = ()


def test_text_of_another_class_is_text(recorded: Recorded) -> None:
    """Text, numbers and flags of derived classes are sent as what they are."""
    send_report(over(recorded), properties={"text": Quoted("a")}, extra_body={"b": Quoted("b")})
    assert json.loads(recorded.last.content)["properties"] == {"text": "a"}
    assert ParticipantInput(role="AGENT", name=Quoted("Al")).to_dict() == {"role": "AGENT", "name": "Al"}


def test_missing_argument_is_refused() -> None:
    """A required argument that is left out is a TypeError that names it."""
    with pytest.raises(TypeError, match="started_at"):
        Roark(bearer_token=TOKEN).call_analysis.create(
            **{name: UPLOAD[name] for name in UPLOAD if name != "started_at"}
        )


# --- Copies, replies, errors ------------------------------------------------------------------------


def test_with_options_makes_a_changed_copy(mock: MockServer) -> None:
    """`with_options` changes a copy, which shares the connections; the client stays as it was."""
    with Roark(bearer_token=TOKEN, base_url=mock.url, default_headers={"X-A": "1"}) as client:
        failing = client.with_options(default_headers={"Prefer": "code=503"}, max_retries=0, timeout=5)
        with pytest.raises(APIStatusError):
            send_report(failing)
        send_report(client)
        wrong = client.with_options(bearer_token="wrong")
        with pytest.raises(APIStatusError, match="401"):
            send_report(wrong)
        send_report(client)
        assert client.with_options(base_url="https://other.test").base_url == "https://other.test"
        assert client.base_url == mock.url
    with pytest.raises(RoarkError, match="closed"):
        send_report(failing)
    assert len(mock.uploads) == 2


def test_raw_response_gives_all(mock: MockServer) -> None:
    """`with_raw_response` gives status, headers and body beside the model, in both clients."""
    with Roark(bearer_token=TOKEN, base_url=mock.url) as client:
        raw = client.integrations.with_raw_response.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert (raw.status_code, raw.headers["content-type"]) == (200, "application/json")
    assert raw.parsed.to_json() == raw.text.replace('":', '": ')
    assert raw.parse() is raw.parsed

    async def create() -> Any:
        async with AsyncRoark(bearer_token=TOKEN, base_url=mock.url) as client:
            return await client.call_analysis.with_raw_response.create(**UPLOAD)

    assert asyncio.run(create()).status_code == 200


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 599])
def test_error_carries_all(status: int) -> None:
    """An error has the request with its Authorization masked, the response, the status, the body and the attempts."""
    client = over(Recorded(status, {"error": {"message": "no"}}), max_retries=0)
    with pytest.raises(APIStatusError) as raised:
        send_report(client)
    error = raised.value
    assert error.request.url == "https://api.test/v1/vapi/call"
    assert error.request.headers["authorization"] == "[masked]"
    assert b"call-123" in error.request.content
    assert (error.status_code, error.response.status_code) == (status, status)
    assert error.body == error.response.json() == {"error": {"message": "no"}}
    assert error.attempts == 1
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), str(again), again.status_code, again.body, again.delivery) == (
        type(error),
        str(error),
        status,
        error.body,
        error.delivery,
    )


# --- Care -------------------------------------------------------------------------------------------

CLIENTS: dict[str, Callable[[], Any]] = {
    "Roark": lambda: Roark(bearer_token=TOKEN, base_url="https://api.test"),
    "AsyncRoark": lambda: AsyncRoark(bearer_token=TOKEN, base_url="https://api.test"),
    "a copy": lambda: Roark(bearer_token=TOKEN).with_options(timeout=5),
    "Client": lambda: Client("https://api.test", headers={"Authorization": TOKEN}),
    "AuthenticatedClient": lambda: AuthenticatedClient("https://api.test", TOKEN, "", "X-Api-Key"),
}


@pytest.mark.parametrize("name", CLIENTS)
def test_client_does_not_show_its_token(name: str) -> None:
    """No text of a client or of its parts shows the token."""
    client = CLIENTS[name]()
    parts = [client, vars(client), getattr(client, "call_analysis", None), getattr(client, "connection", None)]
    for part in parts:
        assert TOKEN not in f"{part!r} {part}"


@pytest.mark.parametrize("name", CLIENTS)
@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_client_refuses_to_be_pickled_or_copied(name: str, duplicate: Callable[[Any], Any]) -> None:
    """Pickling or copying a client is a TypeError that says what to do."""
    with pytest.raises(TypeError, match="Make a new one where it is needed") as raised:
        duplicate(CLIENTS[name]())
    assert TOKEN not in str(raised.value)


def test_logs_hold_no_value(mock: MockServer, caplog: pytest.LogCaptureFixture) -> None:
    """A request is a DEBUG line with method, path, status, milliseconds and attempt, sending it again one at INFO.

    Neither has the value of a header, or a body.
    """
    caplog.set_level(logging.DEBUG)
    with Roark(bearer_token=TOKEN, base_url=mock.url, default_headers={"X-A": "header-value"}, max_retries=1) as client:
        client.call_analysis.create(**{**UPLOAD, "ended_reason": "body-value"})
        with pytest.raises(APIStatusError):
            client.with_options(default_headers={"Prefer": "code=429"}).call_analysis.create(**UPLOAD)
    lines = [record for record in caplog.records if record.name == "roark_client"]
    shown = [record.getMessage() for record in lines if record.levelno == logging.DEBUG]
    again = [record.getMessage() for record in lines if record.levelno == logging.INFO]
    assert len(shown) + len(again) == len(lines)
    assert again == ["POST /v1/call-analysis: 429 Too Many Requests; sent again in 1 s (1 of 1)"]
    assert [line.split(" ")[:3] for line in shown] == [
        ["POST", "/v1/call-analysis", status] for status in ("200", "429", "429")
    ]
    assert [line.split(", ")[-1] for line in shown] == ["attempt 1", "attempt 1", "attempt 2"]
    assert all(" ms, " in line for line in shown)
    for secret in (TOKEN, "header-value", "body-value"):
        assert secret not in caplog.text


def test_failure_shows_no_token_even_with_the_variables_of_its_frames() -> None:
    """An error's traceback with all local variables, and the causes behind it, hold no token."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"refused with {len(request.headers)} headers", request=request)

    client = Roark(
        bearer_token=TOKEN,
        base_url="https://api.test",
        http_client=httpx.Client(transport=httpx.MockTransport(refuse)),
        max_retries=0,
    )
    with pytest.raises(RoarkError) as raised:
        send_report(client)
    shown = "".join(traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())
    assert "refused with" in shown
    assert TOKEN not in shown
    assert TOKEN.encode() not in pickle.dumps(raised.value)


def test_echoed_token_is_masked() -> None:
    """A token that a server echoes in its error is masked before anybody sees it."""
    with pytest.raises(BadRequestError) as raised:
        send_report(over(Recorded(400, {"error": f"bad token {TOKEN}"})))
    assert raised.value.body == {"error": "bad token [masked]"}
    assert TOKEN not in f"{raised.value!r} {raised.value} {raised.value.response.text}"


# --- Sharing ----------------------------------------------------------------------------------------


def test_client_is_shared_between_threads(mock: MockServer) -> None:
    """Threads that share a client each get the reply to their own upload."""
    found: list[tuple[int, str | None]] = []

    def upload(number: int) -> None:
        reply = client.call_analysis.create(**{**UPLOAD, "ended_reason": f"thread {number}"})
        found.append((number, reply.data.call.ended_reason))

    with Roark(bearer_token=TOKEN, base_url=mock.url) as client:
        threads = [threading.Thread(target=upload, args=[number]) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(found) == [(number, f"thread {number}") for number in range(16)]


def test_client_is_shared_between_tasks(mock: MockServer) -> None:
    """Tasks that share a client each get the reply to their own upload."""

    async def upload_all() -> list[Any]:
        async with AsyncRoark(bearer_token=TOKEN, base_url=mock.url) as client:
            uploads = (client.call_analysis.create(**{**UPLOAD, "ended_reason": f"task {n}"}) for n in range(16))
            return await asyncio.gather(*uploads)

    replies = asyncio.run(upload_all())
    assert [reply.data.call.ended_reason for reply in replies] == [f"task {number}" for number in range(16)]


def test_import_is_light() -> None:
    """Importing the package imports neither httpx nor attrs nor a model; they come when they are asked for."""
    code = (
        "import sys, roark_client; heavy = {'httpx', 'attrs', 'anyio'} & sys.modules.keys(); assert not heavy, heavy\n"
        "assert not [name for name in sys.modules if name.startswith('roark_client.')] > ['roark_client.lazy']\n"
        "assert 'Roark' in dir(roark_client); from roark_client import Roark; roark_client.models.Call"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
