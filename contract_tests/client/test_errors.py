"""One tree of errors, two questions: what became of the upload, and whether the very same one will be refused again."""

import asyncio
import pickle
import ssl
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import httpx
import pytest
from roark_client import (
    APIError,
    ArgumentTypeError,
    ArgumentValueError,
    AsyncRoark,
    AuthenticatedClient,
    Client,
    ConfigurationError,
    Delivery,
    Roark,
    RoarkError,
    delivery_of,
)
from roark_client.api.integrations import create_vapi_call
from roark_mock import MockServer

from contract_tests.client.samples import REPORT, UPLOAD
from contract_tests.client.scripted_server import ScriptedServer, reply

TOKEN = "secret-7f3a9c"
NOWHERE = "http://127.0.0.1:1"
CERTIFICATE = Path(__file__).with_name("certificate.pem")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment but what a test sets."""
    for name in (
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "SSLKEYLOGFILE",
    ):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("ROARK_BASE_URL", "ROARK_API_BEARER_TOKEN", "ROARK_LOG"):
        monkeypatch.delenv(name, raising=False)


def send(client: Roark, **options: Any) -> Any:
    """An upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, **options)


def upload(**options: Any) -> Any:
    """An upload by a client of its own."""
    with Roark(**{"bearer_token": TOKEN, "base_url": NOWHERE, "max_retries": 0, **options}) as client:
        return send(client)


def async_upload(**options: Any) -> Any:
    """The same under asyncio."""

    async def main() -> Any:
        async with AsyncRoark(**{"bearer_token": TOKEN, "base_url": NOWHERE, "max_retries": 0, **options}) as client:
            return await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)

    return asyncio.run(main())


def functions_of_ours(error: BaseException) -> Iterator[tuple[str, dict[str, Any]]]:
    """The functions of this package that an error's tracebacks lead through, with their variables."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            waiting += [each.__cause__, None if each.__suppress_context__ else each.__context__]
            for frame, _ in traceback.walk_tb(each.__traceback__):
                if "/roark_client/" in frame.f_code.co_filename:
                    yield frame.f_code.co_qualname, frame.f_locals


def functions_that_show(error: BaseException, secret: str) -> list[str]:
    """Those that have a variable whose text holds a secret, as trackers of errors show it."""
    return [name for name, variables in functions_of_ours(error) if secret in repr(list(variables.values()))]


in_both_halves = pytest.mark.parametrize("call", [upload, async_upload])


# --- arguments ------------------------------------------------------------------------------------------------------

# Arguments of a call: what is wrong, the class, and the words of the message.
OF_A_CALL: dict[str, tuple[Callable[[Roark], Any], type[RoarkError], str]] = {
    "a number for an id": (
        lambda client: client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload={"type": "x", "call": {"id": 7}}
        ),
        ArgumentTypeError,
        "vapi_end_of_call_report_payload/call/id: expected a string, got an integer",
    ),
    "NaN": (
        lambda client: client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload={**REPORT, "cost": float("nan")}
        ),
        ArgumentValueError,
        "vapi_end_of_call_report_payload/cost",
    ),
    "a value that the contract does not know": (
        lambda client: client.call_analysis.create(**{**UPLOAD, "interface_type": "FAX"}),
        ArgumentValueError,
        "interface_type: expected",
    ),
    "one that is missing": (
        lambda client: client.call_analysis.create(**{key: UPLOAD[key] for key in UPLOAD if key != "recording_url"}),
        ArgumentTypeError,
        "recording_url: expected, since create requires it",
    ),
    "one that nobody knows": (
        lambda client: client.call_analysis.create(**UPLOAD, recording="x"),  # type: ignore[call-arg]
        ArgumentTypeError,
        "recording: expected one of recording_url, ",
    ),
    "one by place": (
        lambda client: client.integrations.create_vapi_call(REPORT),  # type: ignore[call-arg]
        ArgumentTypeError,
        "expected arguments by name, as in vapi_end_of_call_report_payload=…; got 1 by place",
    ),
    "a timeout": (lambda client: send(client, timeout=-1), ArgumentValueError, "timeout: expected seconds above 0"),
    "a header": (lambda client: send(client, extra_headers={"X": 1}), ArgumentTypeError, "extra_headers: expected"),
    "a query": (lambda client: send(client, extra_query=[5]), ArgumentTypeError, "extra_query: expected a mapping"),
    "a body": (lambda client: send(client, extra_body=5), ArgumentTypeError, "extra_body: expected a mapping"),
}


@pytest.mark.parametrize("name", OF_A_CALL)
def test_argument_of_a_call_is_permanent(name: str) -> None:
    """A wrong argument is in the tree, a TypeError or ValueError too, and the very same upload is refused again."""
    call, kind, words = OF_A_CALL[name]
    with Roark(bearer_token=TOKEN, base_url=NOWHERE) as client, pytest.raises(kind) as raised:
        call(client)
    assert words in str(raised.value)
    assert isinstance(raised.value, TypeError if kind is ArgumentTypeError else ValueError)
    assert (raised.value.delivery, raised.value.is_permanent) == (Delivery.NOT_DELIVERED, True)
    assert raised.value.retry_after is None
    assert delivery_of(raised.value) is Delivery.NOT_DELIVERED


def test_no_event_loop() -> None:
    """The asynchronous half says what it lacks where no event loop runs."""
    call = AsyncRoark(bearer_token=TOKEN, base_url=NOWHERE).call_analysis.create(**UPLOAD)
    with pytest.raises(RoarkError, match="no event loop is running"):
        call.send(None)


def test_missing_argument_of_an_asynchronous_call() -> None:
    """The asynchronous half says the same, when it is awaited."""

    async def main() -> None:
        async with AsyncRoark(bearer_token=TOKEN, base_url=NOWHERE) as client:
            await client.call_analysis.create()  # type: ignore[call-arg]

    with pytest.raises(ArgumentTypeError, match=r"^recording_url, started_at, .*: expected, since create requires it$"):
        asyncio.run(main())


def test_type_error_from_within_is_left_alone() -> None:
    """A TypeError of the caller's own code, in the middle of a call, is no wrong argument."""

    class Odd(dict[str, str]):
        def items(self) -> Any:
            raise TypeError("of the caller's own")

    with Roark(bearer_token=TOKEN, base_url=NOWHERE) as client, pytest.raises(TypeError) as raised:
        send(client, extra_headers=Odd({"X": "1"}))
    assert str(raised.value) == "of the caller's own"
    assert not isinstance(raised.value, RoarkError)
    assert delivery_of(raised.value) is Delivery.NOT_DELIVERED


def client_with(**options: Any) -> Roark:
    """A client with other options than usual."""
    return Roark(**{"bearer_token": TOKEN, "base_url": NOWHERE, **options})


# Arguments of a client, and the words of the message.
OF_A_CLIENT: dict[str, tuple[Callable[[], Any], type[RoarkError], str]] = {
    "a token that no header carries": (
        lambda: client_with(bearer_token=f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text without spaces around it that a header can carry",
    ),
    "a token that is no text": (
        lambda: client_with(bearer_token=TOKEN.encode()),
        ArgumentTypeError,
        "bearer_token: expected text, got a bytes",
    ),
    "a token by place": (
        lambda: Roark(TOKEN),  # type: ignore[call-arg]
        ArgumentTypeError,
        "expected arguments by name, as in bearer_token=…; got 1 by place",
    ),
    "a misspelt option": (
        lambda: Roark(bearer_token=TOKEN, retries=3),  # type: ignore[call-arg]
        ArgumentTypeError,
        "retries: expected one of bearer_token, base_url, ",
    ),
    "a scheme": (lambda: client_with(base_url="ftp://a"), ArgumentValueError, "base_url: expected http://… or https"),
    "retries": (lambda: client_with(max_retries=-1), ArgumentValueError, "max_retries: expected 0 or more, got -1"),
    "a timeout": (lambda: client_with(timeout="1"), ArgumentTypeError, "timeout: expected seconds"),
    "a listener": (lambda: client_with(on_drift=5), ArgumentTypeError, "on_drift: expected a plain function"),
    "a client of another kind": (
        lambda: client_with(http_client=httpx.AsyncClient()),
        ArgumentTypeError,
        "http_client: Roark expects an httpx.Client",
    ),
    "a header": (
        lambda: client_with(default_headers={"Authorization": f"Bearer {TOKEN}\n"}),
        ArgumentValueError,
        "default_headers: expected ASCII text",
    ),
    "an option of a copy": (
        lambda: client_with().with_options(bearer_token=f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text",
    ),
    "a misspelt option of a copy": (
        lambda: client_with().with_options(token=TOKEN),  # type: ignore[call-arg]
        ArgumentTypeError,
        "token: expected one of ",
    ),
    "a token of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, f"{TOKEN}\n"),
        ArgumentValueError,
        "bearer_token: expected text",
    ),
    "a header of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_headers({"X": f"{TOKEN}\n"}),
        ArgumentValueError,
        "headers: expected ASCII text",
    ),
    "headers that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_headers(None),  # type: ignore[arg-type]
        ArgumentTypeError,
        "headers: expected a mapping",
    ),
    "cookies that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, cookies=[TOKEN]),  # type: ignore[arg-type]
        ArgumentTypeError,
        "cookies: expected a mapping",
    ),
    "the name of a header that is none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, auth_header_name=[1]),  # type: ignore[arg-type]
        ArgumentTypeError,
        "auth_header_name: expected text",
    ),
    "arguments for httpx that are none": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args=5),  # type: ignore[arg-type]
        ArgumentTypeError,
        "httpx_args: expected a mapping",
    ),
    "a phase that is text": (
        lambda: client_with(timeout=httpx.Timeout("5")),  # type: ignore[arg-type]
        ArgumentTypeError,
        "timeout: expected seconds or None for each phase",
    ),
    "a URL without a text": (
        lambda: client_with(base_url=10**5000),
        ArgumentTypeError,
        "base_url: expected the URL of a server, got a int",
    ),
    "a cookie of the lower layer": (
        lambda: Client(NOWHERE).with_cookies({"session": f"{TOKEN}\n"}),
        ArgumentValueError,
        "default_headers: expected ASCII text",
    ),
    "a timeout of the lower layer": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN).with_timeout(0),
        ArgumentValueError,
        "timeout: expected seconds above 0",
    ),
    "an argument for httpx": (
        lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args={"headers": {}}),
        ArgumentTypeError,
        "httpx_args: headers would not be used",
    ),
}


@pytest.mark.parametrize("name", OF_A_CLIENT)
def test_argument_of_a_client_is_mended(name: str) -> None:
    """A wrong argument of a client is in the tree; it is about no upload, so none is given up for it."""
    make, kind, words = OF_A_CLIENT[name]
    with pytest.raises(kind) as raised:
        make()
    assert words in str(raised.value)
    assert (raised.value.delivery, raised.value.is_permanent) == (Delivery.NOT_DELIVERED, False)


# --- the environment ------------------------------------------------------------------------------------------------


# What the environment says, and how the error shows it.
ENVIRONMENTS: dict[str, tuple[dict[str, str], str]] = {
    "no certificates there": ({"SSL_CERT_FILE": "/nowhere.pem"}, "got '/nowhere.pem': "),
    "certificates that are none": ({"SSL_CERT_FILE": __file__}, f"got {__file__!r}: "),
    "a folder of certificates": ({"SSL_CERT_FILE": "/"}, "got '/': "),
    "a proxy of another kind": ({"ALL_PROXY": "ftp://a"}, "got 'ftp://a'"),
    "a proxy in small letters": ({"https_proxy": "ftp://a"}, "got 'ftp://a'"),
    "small letters first": ({"http_proxy": "ftp://a", "HTTP_PROXY": "ftp://b"}, "got 'ftp://a'"),
    "a port of words": ({"HTTP_PROXY": "http://user:secret@a:port"}, "got 'http://[masked]@a:port'"),
    "a password with odd letters": ({"HTTPS_PROXY": "ftp://user:se@cr/et@a"}, "got 'ftp://[masked]@a'"),
    "half an address": ({"HTTP_PROXY": "http://[::1"}, "got 'http://[::1'"),
    "a package that is missing": (
        {"ALL_PROXY": "socks5://user:secret@127.0.0.1:9"},
        "'socks5://[masked]@127.0.0.1:9' needs a package: python3 -m pip install 'httpx[socks]'",
    ),
    "no folder of certificates": ({"SSL_CERT_DIR": "/nowhere"}, "got '/nowhere'"),
    "a log of keys that cannot be written": ({"SSLKEYLOGFILE": "/nowhere/keys"}, "No such file or directory"),
    "hosts that are none": ({"NO_PROXY": "[::1"}, "got '[::1'"),
    "hosts that are none, with a proxy": ({"NO_PROXY": "[::1", "HTTP_PROXY": "http://127.0.0.1:9"}, "got '[::1'"),
}


@in_both_halves
@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment_that_cannot_work(name: str, call: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps httpx from working is named by its variable, without a password, at the first call."""
    variables, shown = ENVIRONMENTS[name]
    for variable, text in variables.items():
        monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError) as raised:
        call()
    assert str(raised.value).startswith(f"{next(iter(variables))}: ")
    assert shown in str(raised.value)
    assert (raised.value.delivery, raised.value.is_permanent) == (Delivery.NOT_DELIVERED, False)
    assert not isinstance(raised.value, ValueError | OSError)
    assert functions_that_show(raised.value, "secret") == []


def test_environment_is_read_again_once_it_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same client works once the variable is mended."""
    with MockServer(token=TOKEN) as mock, Roark(bearer_token=TOKEN, base_url=mock.url) as client:
        monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
        with pytest.raises(ConfigurationError):
            send(client)
        monkeypatch.delenv("SSL_CERT_FILE")
        send(client)
        assert len(mock.uploads) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"verify_ssl": "/nowhere.pem"}, "verify_ssl or httpx_args: expected certificates in PEM"),
        ({"httpx_args": {"http2": True}}, "httpx_args: Using http2=True, but the 'h2' package is not installed"),
        (
            {"httpx_args": {"proxy": "http://user:secret/x@a:1"}},
            "httpx_args: the proxy 'http://[masked]@a:1' cannot be used",
        ),
        ({"httpx_args": {"unknown": 1}}, "httpx_args: "),
        ({"httpx_args": {"limits": 5}}, "httpx_args: "),
    ],
)
@pytest.mark.filterwarnings("ignore:`verify=<str>` is deprecated:DeprecationWarning")
def test_arguments_for_httpx_that_cannot_work(
    arguments: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lower layer hands on to httpx is told in the same way, and no variable blamed that works."""
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with pytest.raises(ConfigurationError) as raised:
        AuthenticatedClient(NOWHERE, TOKEN, **arguments).get_httpx_client()
    assert str(raised.value).startswith(words)
    assert functions_that_show(raised.value, "secret") == []


@pytest.mark.parametrize(
    ("variable", "text", "words"),
    [
        ("ROARK_BASE_URL", "ftp://a", "expected http://… or https://…, got 'ftp://a'"),
        ("ROARK_BASE_URL", "http://user:secret@a", "expected no user name or password in it, got 'http://[masked]@a'"),
        ("ROARK_BASE_URL", "http://user:secret@[::1", "expected the URL of a server, got 'http://[masked]@[::1'"),
        ("ROARK_BASE_URL", "user:secret@a", "expected http://… or https://…, got '[masked]@a'"),
        ("ROARK_BASE_URL", "http://a?key=secret", "expected no query or fragment in it, got 'http://a?…'"),
        ("ROARK_API_BEARER_TOKEN", f"{TOKEN}\n", "expected text without spaces around it that a header can carry"),
    ],
)
def test_own_variable_that_cannot_be_used(
    variable: str, text: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable of this package that cannot be used is named, without a password, and a token is never shown."""
    monkeypatch.setenv("ROARK_API_BEARER_TOKEN", TOKEN)
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError) as raised:
        Roark()
    assert str(raised.value).startswith(f"{variable}: {words}")
    assert not raised.value.is_permanent
    assert functions_that_show(raised.value, "secret") == []
    assert "secret@" not in str(raised.value)


# --- the token in tracebacks ----------------------------------------------------------------------------------------


def called(call: Callable[[Roark], Any]) -> Any:
    """A call by a client of its own."""
    with client_with() as client:
        return call(client)


FAILING: dict[str, Callable[[], Any]] = {
    **{f"of a client: {name}": make for name, (make, _, _) in OF_A_CLIENT.items()},
    **{f"of a call: {name}": partial(called, call) for name, (call, _, _) in OF_A_CALL.items()},
    "no connection": upload,
    "no connection, asynchronous": async_upload,
    "a header of a call": lambda: send(client_with(), extra_headers={"Authorization": f"Bearer {TOKEN}\n"}),
    "an argument for httpx": lambda: AuthenticatedClient(NOWHERE, TOKEN, httpx_args={"http2": 1}).get_httpx_client(),
}


@pytest.mark.parametrize("name", FAILING)
def test_no_variable_of_a_traceback_holds_the_token(name: str) -> None:
    """No function of this package that an error's traceback leads through has a variable that shows the token."""
    with pytest.raises(RoarkError) as raised:
        FAILING[name]()
    assert functions_that_show(raised.value, TOKEN) == []
    assert TOKEN not in str(raised.value)


def test_variables_are_looked_at() -> None:
    """What shows the token would be found: the function that the lower layer calls has a client among its variables."""
    with pytest.raises(APIError) as raised:
        lower = AuthenticatedClient(NOWHERE, TOKEN, max_retries=0)
        create_vapi_call.sync(client=lower, body={"vapiEndOfCallReportPayload": REPORT})
    assert functions_that_show(raised.value, "AuthenticatedClient") == ["sync"]
    assert functions_that_show(raised.value, TOKEN) == []


# --- who was spoken to ----------------------------------------------------------------------------------------------


@in_both_halves
def test_server_is_named(call: Callable[..., Any]) -> None:
    """An error names scheme, host and port, also those that go without saying."""
    for url, named in (
        (NOWHERE, "http://127.0.0.1:1"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("https://nonexistent.invalid", "https://nonexistent.invalid:443"),
    ):
        with pytest.raises(APIError) as raised:
            call(base_url=url)
        assert str(raised.value).startswith(f"POST /v1/vapi/call to {named}: ")


@in_both_halves
def test_proxy_is_named(call: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An error names the proxy, without its password; not where NO_PROXY leaves it out."""
    monkeypatch.setenv("ALL_PROXY", "http://user:secret@127.0.0.1:2")
    with pytest.raises(APIError) as raised:
        call(base_url="https://api.test")
    through = "POST /v1/vapi/call to https://api.test:443 through the proxy http://127.0.0.1:2: "
    assert str(raised.value).startswith(through)
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(APIError) as raised:
        call()
    assert "proxy" not in str(raised.value)


def test_proxy_of_a_callers_client_is_not_looked_for() -> None:
    """Through which proxy a caller's own httpx client speaks is the caller's affair."""
    with httpx.Client(proxy="http://127.0.0.1:2") as http_client, pytest.raises(APIError) as raised:
        upload(base_url="https://api.test", http_client=http_client)
    assert str(raised.value).startswith("POST /v1/vapi/call to https://api.test:443: ")


@in_both_halves
def test_redirect_and_request_are_named(call: Callable[..., Any]) -> None:
    """An error says where a redirect leads, and how the server names the request."""
    redirect = reply(308, b"", "Location: https://api.test/v1", "X-Request-ID: req_1")
    with ScriptedServer((redirect,)) as server, pytest.raises(APIError) as raised:
        call(base_url=server.url)
    assert "308 Permanent Redirect to https://api.test/v1 " in str(raised.value)
    assert "(1 attempt, request req_1; " in str(raised.value)
    assert raised.value.request_id == "req_1"
    assert pickle.loads(pickle.dumps(raised.value)).request_id == "req_1"  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ((), None),
        (("Request-Id: a",), "a"),
        (("X-Correlation-ID: a",), "a"),
        (("x-amzn-RequestId: a",), "a"),
        (("CF-RAY: edge", "X-Request-Id: server"), "server"),
        (("CF-RAY: edge",), "edge"),
        (("X-Request-Id:", "CF-RAY: edge"), "edge"),
    ],
)
def test_request_id(headers: tuple[str, ...], named: str | None) -> None:
    """The name of a request comes from the usual headers, a server's before a gateway's."""
    with ScriptedServer((reply(400, b"", *headers),)) as server, pytest.raises(APIError) as raised:
        upload(base_url=server.url)
    assert raised.value.request_id == named


# --- a certificate that does not fit --------------------------------------------------------------------------------


class _Handler(StreamRequestHandler):
    """Shakes hands, as far as the client does."""

    def handle(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server = self.server
        assert isinstance(server, TlsServer)
        server.connections += 1
        try:
            context.wrap_socket(self.connection, server_side=True).recv(65536)
        except OSError:  # the client has left
            return


class TlsServer(ThreadingTCPServer):
    """Speaks TLS as elsewhere.test, and counts."""

    daemon_threads = True
    connections = 0


@pytest.fixture
def tls() -> Iterator[TlsServer]:
    """The server, on a port of its own."""
    with TlsServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def callers(**options: Any) -> Any:
    """By a caller's own httpx client."""
    with httpx.Client() as http_client:
        return upload(http_client=http_client, **options)


@pytest.mark.parametrize("is_trusted", [False, True], ids=["of nobody known", "of another host"])
@pytest.mark.parametrize("call", [upload, async_upload, callers])
def test_certificate_that_does_not_fit_is_met_once(
    call: Callable[..., Any], is_trusted: bool, tls: TlsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that is not trusted, or is another host's, ends the call at the first attempt."""
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with pytest.raises(APIError, match="certificate verify failed") as raised:
        call(base_url=f"https://127.0.0.1:{tls.server_address[1]}", max_retries=2)
    assert (raised.value.delivery, raised.value.attempts, tls.connections) == (Delivery.NOT_DELIVERED, 1, 1)
    assert not raised.value.is_permanent


# --- attempts and logs ----------------------------------------------------------------------------------------------


def test_success_says_how_many_attempts_it_took() -> None:
    """The raw reply of a success tells one that went through at once from one that may have been doubled."""
    with (
        MockServer(token=TOKEN) as mock,
        Roark(bearer_token=TOKEN, base_url=mock.url, retry_unknown=True) as client,
    ):
        raw = client.integrations.with_raw_response
        assert raw.create_vapi_call(vapi_end_of_call_report_payload=REPORT).attempts == 1
        mock.drop_next(recorded=True)
        assert raw.create_vapi_call(vapi_end_of_call_report_payload=REPORT).attempts == 2


LOGGING = """
import logging, sys
from roark_client import Roark, RoarkError
{application}
with Roark(bearer_token="secret-7f3a9c", base_url=sys.argv[1], max_retries=1) as client:
    try:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload={{"type": "x", "call": {{"id": "c"}}}})
    except RoarkError:
        pass
"""


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("level", "application", "lines"),
    [
        ("", "", 0),
        ("INFO", "", 1),
        ("debug", "", 3),
        ("loud", "", 1),
        ("info", "logging.getLogger('roark_client').addHandler(logging.StreamHandler())", 1),
        ("info", "logging.basicConfig(format='mine %(message)s')", 1),
    ],
)
def test_logging_is_switched_on(level: str, application: str, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """ROARK_LOG has what is sent again, or each attempt, written to stderr; once, where an application logs itself."""
    monkeypatch.setenv("ROARK_LOG", level)
    code = LOGGING.format(application=application)
    with ScriptedServer((reply(429, b"", "Retry-After: 0"),)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, server.url], capture_output=True, text=True, timeout=60, check=True
        )
    ours = [line for line in done.stderr.splitlines() if "httpx" not in line and "HTTP Request" not in line]
    assert len(ours) == lines, done.stderr
    assert TOKEN not in done.stderr
    assert all(line.startswith("mine ") for line in ours) == bool("mine" in application or not lines)
    if level == "loud":
        assert ours == ["ROARK_LOG: expected info or debug, got 'loud'; nothing is switched on"]
    elif lines == 1:
        assert ours[0].endswith("POST /v1/vapi/call: 429 Too Many Requests; sent again in 0 s (1 of 1)")
