"""Credentials: an argument for each security scheme, sent where the contract says, and seen by nobody else."""

import asyncio
import base64
import copy
import importlib
import json
import logging
import pickle
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from contract_tests.client import other_contracts
from contract_tests.client.errors.tracebacks import functions_that_show
from contract_tests.client.other_contracts import contract
from contract_tests.client.scripted_server import End, Received, ScriptedServer, reply

TOKEN, OTHER, KEY, PAGE, SESSION = "token-7f3a9c", "other-81bd22", "key-5ac1e0", "page+/40f1==", "session/9d3e77=="
USER, PASSWORD = "anna-4471", "pass word:9f61"
LOGIN = (USER, PASSWORD)
BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

SCHEMES: dict[str, Any] = {
    "certificate": {"type": "mutualTLS"},
    "ApiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "timeout": {"type": "apiKey", "in": "query", "name": "api key"},
    "session": {"type": "apiKey", "in": "cookie", "name": "sid"},
    "signIn": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "https://a.test", "scopes": {}}}},
    "login": {"type": "http", "scheme": "Basic"},
    "jwt": {"type": "http", "scheme": "bearer", "description": 'Ends it """'},
    "other": {"type": "http", "scheme": "bearer"},
    "unused": {"type": "http", "scheme": "digest"},
}

# Each operation, by its name, and the security that it states.
SECURITY: dict[str, list[dict[str, list[str]]] | None] = {
    "default": None,
    "open": [],
    "optional": [{}, {"ApiKey": []}],
    "key": [{"ApiKey": []}],
    "query": [{"timeout": []}],
    "cookie": [{"session": []}],
    "basic": [{"login": []}],
    "oauth": [{"signIn": ["read"]}],
    "second": [{"other": []}],
    "either": [{"login": []}, {"jwt": []}, {"ApiKey": [], "timeout": []}],
    "both": [{"ApiKey": [], "timeout": [], "session": []}],
    "certified": [{"certificate": []}],
    "certified_key": [{"certificate": [], "ApiKey": []}],
}

MANY = contract(
    {
        f"/{name}": {
            "parameters": [
                {"name": "q", "in": "query", "schema": {"type": "string"}},
                {"name": "theme", "in": "cookie", "schema": {"type": "string"}},
            ],
            "get": {} if security is None else {"security": security},
        }
        for name, security in SECURITY.items()
    },
    SCHEMES,
    security=[{"jwt": []}],
)

ALL: dict[str, Any] = {
    "api_key": KEY,
    "timeout_": PAGE,
    "session": SESSION,
    "sign_in": "oauth-33aa71",
    "login": LOGIN,
    "bearer_token": TOKEN,
    "other": OTHER,
}

SECRETS = [KEY, PAGE, "page%2B%2F40f1%3D%3D", SESSION, ALL["sign_in"], *LOGIN, BASIC, TOKEN, OTHER]

OK = reply(200, b"{}")


def seen_in(text: str) -> list[str]:
    """The secrets that stand in a text."""
    return [each for each in SECRETS if each in text]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The client of a contract with every scheme."""
    return other_contracts.client_of(MANY, tmp_path_factory.mktemp("security"), "roark_client_of_security")


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a token nor a server."""
    for name in ("ROARK_API_BEARER_TOKEN", "ROARK_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


def sync_call(package: Any, url: str, operation: str, given: Mapping[str, Any], **arguments: Any) -> None:
    """By `Roark`."""
    with package.Roark(base_url=url, max_retries=0, **given) as client:
        getattr(client.things, f"get_{operation}")(**arguments)


def async_call(package: Any, url: str, operation: str, given: Mapping[str, Any], **arguments: Any) -> None:
    """By `AsyncRoark`."""

    async def call() -> None:
        async with package.AsyncRoark(base_url=url, max_retries=0, **given) as client:
            await getattr(client.things, f"get_{operation}")(**arguments)

    asyncio.run(call())


def lower_call(package: Any, url: str, operation: str, token: str, **options: Any) -> None:
    """By the lower layer, which knows one token."""
    module = importlib.import_module(f"{package.__name__}.api.things.get_{operation}")
    with package.AuthenticatedClient(url, token, max_retries=0, **options) as client:
        module.sync(client=client)


either_client = pytest.mark.parametrize("call", [sync_call, async_call])


def carried(received: Received) -> dict[str, str]:
    """Where a request carries credentials, and what."""
    _, target, _ = received.line.split(" ")
    found = {name: text for name, text in received.headers.items() if name in ("authorization", "x-api-key", "cookie")}
    return {**found, "query": target.partition("?")[2]} if "?" in target else found


# --- Where each goes --------------------------------------------------------------------------------

QUERY = {"query": "api+key=page%2B%2F40f1%3D%3D"}

SENT: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "the contract's own": ("default", ALL, {"authorization": f"Bearer {TOKEN}"}),
    "none": ("open", ALL, {}),
    "none without any": ("open", {}, {}),
    "an optional one": ("optional", ALL, {"x-api-key": KEY}),
    "an optional one without it": ("optional", {"bearer_token": TOKEN}, {}),
    "a key in a header": ("key", ALL, {"x-api-key": KEY}),
    "a key in the query": ("query", ALL, QUERY),
    "a key in a cookie": ("cookie", ALL, {"cookie": f"sid={SESSION}"}),
    "basic": ("basic", ALL, {"authorization": f"Basic {BASIC}"}),
    "a user name without a password": ("basic", {"login": ["sk-4471", ""]}, {"authorization": "Basic c2stNDQ3MTo="}),
    "a token of OAuth": ("oauth", ALL, {"authorization": "Bearer oauth-33aa71"}),
    "a second bearer token": ("second", ALL, {"authorization": f"Bearer {OTHER}"}),
    "the first alternative": ("either", ALL, {"authorization": f"Basic {BASIC}"}),
    "the first that is there": (
        "either",
        {"bearer_token": TOKEN, "api_key": KEY},
        {"authorization": f"Bearer {TOKEN}"},
    ),
    "the first that is whole": ("either", {"api_key": KEY, "timeout_": PAGE}, {"x-api-key": KEY, **QUERY}),
    "several at once": ("both", ALL, {"x-api-key": KEY, "cookie": f"sid={SESSION}", **QUERY}),
    "a certificate": ("certified", ALL, {}),
    "a key beside a certificate": ("certified_key", ALL, {"x-api-key": KEY}),
}


@either_client
@pytest.mark.parametrize("name", SENT)
def test_credential_goes_where_the_contract_says(name: str, call: Callable[..., None], many: Any) -> None:
    """An operation is sent the first alternative that was given whole, where the contract says, and no other."""
    operation, given, expected = SENT[name]
    with ScriptedServer((OK, End.CLOSE)) as server:
        call(many, server.url, operation, given)
    assert carried(server.received[0]) == expected


@either_client
def test_credentials_go_beside_the_parameters(call: Callable[..., None], many: Any) -> None:
    """A credential in the query or a cookie leaves the operation's own parameters, and the client's, as they are."""
    options = {"default_headers": {"Cookie": "team=voice; sid=mine"}, "default_query": {"a": 1}}
    with ScriptedServer((OK, End.CLOSE)) as server:
        call(many, server.url, "both", {**ALL, **options}, q="x", theme="dark", extra_query={"b": 2})
    assert carried(server.received[0]) == {
        "x-api-key": KEY,
        "cookie": "sid=mine; team=voice; theme=dark",
        "query": "a=1&q=x&b=2&" + QUERY["query"],
    }


OVERRIDDEN: dict[str, tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]] = {
    "a header of the client": ("key", {"default_headers": {"x-api-key": "mine"}}, {}, {"x-api-key": "mine"}),
    "a header of the call": ("key", {}, {"extra_headers": {"X-Api-Key": "mine"}}, {"x-api-key": "mine"}),
    "no header": ("key", {}, {"extra_headers": {"X-Api-Key": None}}, {}),
    "no token": ("default", {}, {"extra_headers": {"authorization": None}}, {}),
    "no cookie": ("cookie", {}, {"extra_headers": {"Cookie": None}}, {}),
    "another cookie": ("cookie", {}, {"extra_headers": {"Cookie": "a=b"}}, {"cookie": "a=b"}),
    "the query of the client": ("query", {"default_query": {"api key": 5}}, {}, {"query": "api+key=5"}),
    "the query of the call": ("query", {}, {"extra_query": {"api key": "x"}}, {"query": "api+key=x"}),
    "no query": ("query", {}, {"extra_query": {"api key": None}}, {}),
}


@either_client
@pytest.mark.parametrize("name", OVERRIDDEN)
def test_caller_overrides_a_credential(name: str, call: Callable[..., None], many: Any) -> None:
    """What a caller says for the client or the call wins over a credential, and None leaves it out."""
    operation, options, arguments, expected = OVERRIDDEN[name]
    with ScriptedServer((OK, End.CLOSE)) as server:
        call(many, server.url, operation, {**ALL, **options}, **arguments)
    assert carried(server.received[0]) == expected


@either_client
def test_redirect_takes_no_credential_along(call: Callable[..., None], many: Any) -> None:
    """A redirect, to whatever host, is an error and not followed."""
    with ScriptedServer((OK, End.CLOSE)) as elsewhere:
        leads = reply(307, b"", f"Location: {elsewhere.url}/x")
        with ScriptedServer((leads, End.CLOSE)) as server, pytest.raises(many.APIStatusError, match="307"):
            call(many, server.url, "both", ALL)
        assert not elsewhere.received


def test_copy_has_other_credentials(many: Any) -> None:
    """`with_options` changes each credential of a copy, and leaves the others and the client as they are."""
    with ScriptedServer((OK,)) as server, many.Roark(base_url=server.url, **ALL) as client:
        for changed in (client.with_options(api_key="k", login=("u", "p")), client.copy(timeout_="t"), client):
            changed.things.get_key()
            changed.things.get_basic()
            changed.things.get_query()
    found = [carried(each) for each in server.received]
    key, basic = {"x-api-key": KEY}, {"authorization": f"Basic {BASIC}"}
    assert found[:3] == [{"x-api-key": "k"}, {"authorization": "Basic dTpw"}, QUERY]
    assert found[3:6] == [key, basic, {"query": "api+key=t"}]
    assert found[6:] == [key, basic, QUERY]


# --- What is lacking --------------------------------------------------------------------------------

# What an operation takes, and what there is.
LACKING: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "all": ("default", {}, "bearer_token=…", "none"),
    "one of three": (
        "both",
        {"bearer_token": TOKEN, "api_key": KEY},
        "api_key=… and timeout_=… and session=…",
        "api_key=… and bearer_token=…",
    ),
    "any alternative": (
        "either",
        {"session": SESSION},
        "login=…, or bearer_token=…, or api_key=… and timeout_=…",
        "session=…",
    ),
}


@either_client
@pytest.mark.parametrize("name", LACKING)
def test_lacking_credential_is_told_before_sending(name: str, call: Callable[..., None], many: Any) -> None:
    """An operation for which nothing fits is not sent; the error says what it takes and what there is."""
    operation, given, takes, held = LACKING[name]
    with ScriptedServer((OK, End.CLOSE)) as server:
        with pytest.raises(many.ConfigurationError) as raised:
            call(many, server.url, operation, given)
        assert not server.received
        call(many, server.url, "open", {})
    assert str(raised.value) == f"GET /{operation}: expected {takes}; this client was given {held}"
    assert (raised.value.delivery, raised.value.is_permanent) == (many.Delivery.NOT_DELIVERED, False)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "a key with a line break": ({"api_key": "hunter\n2"}, "ValueError", "api_key: expected ASCII text"),
    "a key in other letters": ({"api_key": "hünter2"}, "ValueError", "api_key: expected ASCII text"),
    "a key with a blank": ({"timeout_": " hunter2"}, "ValueError", "timeout_: expected ASCII text without blanks"),
    "an empty key": ({"api_key": ""}, "ValueError", "api_key: expected ASCII text"),
    "a key that is no text": ({"api_key": 5}, "TypeError", "api_key: expected text, got a int"),
    "a cookie that would be two": ({"session": "hunter;2"}, "ValueError", "session: .* that a cookie can carry"),
    "a token in two words": ({"other": "hunter 2"}, "ValueError", "other: expected text without spaces"),
    "a token behind its word": ({"sign_in": "Bearer hunter2"}, "ValueError", "sign_in: expected the token alone"),
    "a user alone": ({"login": "hunter2"}, "TypeError", "login: expected a user name and a password, got a str"),
    "three": ({"login": ("a", "b", "hunter2")}, "ValueError", "login: .*got 3 values"),
    "a password that is no text": ({"login": ("hunter2", None)}, "TypeError", "login: .*got a NoneType"),
    "a colon in a user name": ({"login": ("hunter:2", "p")}, "ValueError", "login: .*without a colon"),
    "a line break in a password": ({"login": ("u", "hunter\n2")}, "ValueError", "login: .*control characters"),
    "a password in other letters": ({"login": ("u", "hünter2")}, "ValueError", "login: expected ASCII"),
    "a scheme that nothing uses": (
        {"unused": "hunter2"},
        "TypeError",
        "unused: expected one of api_key, timeout_, ses",
    ),
    "a certificate": ({"certificate": "hunter2"}, "TypeError", "certificate: expected one of"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_credential_is_refused(name: str, many: Any) -> None:
    """A credential that cannot be sent is refused by its name, at construction and in a copy, without being shown."""
    given, error, words = WRONG[name]
    kind = {"ValueError": many.ArgumentValueError, "TypeError": many.ArgumentTypeError}[error]
    client = many.Roark(base_url="https://a.test", **ALL)
    for make in (many.Roark, many.AsyncRoark, client.with_options):
        with pytest.raises(kind, match=words) as raised:
            make(base_url="https://a.test", **given)
        assert functions_that_show(raised.value, "nter") == []
        assert "nter" not in str(raised.value)
        assert not raised.value.is_permanent


# --- What nobody sees -------------------------------------------------------------------------------


def echo(received: Received) -> bytes:
    """An error that repeats all that came with the request, in headers too."""
    said = json.dumps({"line": received.line, "headers": received.headers, "password": PASSWORD, "user": USER})
    shown = [f"X-Echo-{at}: {value}" for at, value in enumerate(carried(received).values())]
    return reply(400, said.encode(), *shown)


@either_client
@pytest.mark.parametrize("operation", ["key", "query", "cookie", "basic", "second", "both", "default", "open"])
def test_credential_that_is_echoed_is_masked(
    operation: str, call: Callable[..., None], many: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """No error, log line, traceback or pickle shows a credential, though the server repeats it; httpx's log neither."""
    caplog.set_level(logging.DEBUG)
    with ScriptedServer((echo, End.CLOSE)) as server, pytest.raises(many.BadRequestError) as raised:
        call(many, server.url, operation, ALL)
    error = raised.value
    came = error.response
    logged = [each.getMessage() for each in caplog.records if each.name.startswith(("httpx", "roark_client"))]
    assert "HTTP Request: GET" in " ".join(logged)
    shown = [error, error.request.url, error.request.headers.raw, came.headers.raw, came.text, error.body, logged]
    for text in (repr(shown), f"{error}", repr(pickle.dumps(error))):
        assert seen_in(text) == []
    assert [secret for secret in SECRETS if functions_that_show(error, secret)] == []


def test_short_key_is_masked(many: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Where a key is too short to be looked for in every text, its place is masked all the same."""
    caplog.set_level(logging.INFO)
    with ScriptedServer((reply(400, b"{}"), End.CLOSE)) as server, pytest.raises(many.BadRequestError) as raised:
        sync_call(many, server.url, "both", {"api_key": "k7", "timeout_": "k7", "session": "k7"}, q="k")
    request = raised.value.request
    assert request.url.query == b"q=k&api+key=[masked]"
    assert (request.headers["x-api-key"], request.headers["cookie"]) == ("[masked]", "[masked]")
    assert "k7" not in caplog.text


def test_successful_reply_shows_no_credential(many: Any) -> None:
    """The request and the reply that a `Response` shows, and its copies, are without them too."""
    with ScriptedServer((lambda received: reply(200, echo(received).partition(b"\r\n\r\n")[2]), End.CLOSE)) as server:
        with many.Roark(base_url=server.url, **ALL) as client:
            response = client.things.with_raw_response.get_both()
        again = pickle.loads(pickle.dumps(response))  # noqa: S301 - our own
    for each in (response, again):
        request, came = each.http_request, each.http_response
        shown = repr([request.url, request.headers.raw, came.headers.raw, came.content])
        assert seen_in(shown) == []
    assert again.http_request.url.query == b"api+key=[masked]"


def test_failure_before_sending_shows_no_credential(many: Any) -> None:
    """Neither does what keeps a request from being sent, with all variables of its frames, in both layers."""
    with pytest.raises(many.ArgumentValueError, match="extra_query") as raised:
        sync_call(many, "http://127.0.0.1:1", "both", ALL, extra_query={"a": "x" * 100_000})
    found = [raised.value]
    module = importlib.import_module(f"{many.__name__}.api.things.get_cookie")
    client = many.AuthenticatedClient("http://127.0.0.1:1", "hunter;2")
    with pytest.raises(many.ArgumentValueError, match=r"token: .* that a cookie can carry") as raised:
        module.sync(client=client)
    for error in (*found, raised.value):
        for secret in (KEY, PAGE, SESSION, "hunter"):
            assert functions_that_show(error, secret) == []
            assert secret not in str(error)


def test_client_shows_and_hands_out_no_credential(many: Any) -> None:
    """No text of a client or of its parts shows a credential, and it is neither pickled nor copied."""
    for client in (many.Roark(base_url="https://a.test", **ALL), many.AsyncRoark(base_url="https://a.test", **ALL)):
        connection = client._connection
        for part in (
            client,
            vars(client),
            client.things,
            connection,
            connection.credentials,
            *vars(connection.credentials),
        ):
            assert seen_in(f"{part!r} {part}") == []
        for duplicate in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError, match="Make a new one"):
                duplicate(client)
        for name in ALL:
            assert not hasattr(client, name) or name == "timeout_"
            with pytest.raises(AttributeError, match=rf"with_options\({name}=…\)"):
                setattr(client, name, "x")


# --- The lower layer --------------------------------------------------------------------------------

LOWER: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "the contract's own": ("default", {}, {"authorization": "Bearer t-7f3a"}),
    "none": ("open", {}, {}),
    "a key in a header": ("key", {}, {"x-api-key": "t-7f3a"}),
    "a key in the query": ("query", {}, {"query": "api+key=t-7f3a"}),
    "a key in a cookie": ("cookie", {}, {"cookie": "sid=t-7f3a"}),
    "basic": ("basic", {}, {"authorization": "Basic t-7f3a"}),
    "an optional one": ("optional", {}, {"x-api-key": "t-7f3a"}),
    "the first alternative": ("either", {}, {"authorization": "Basic t-7f3a"}),
    "the first of several": ("both", {"cookies": {"sid": "s"}}, {"x-api-key": "t-7f3a", "cookie": "sid=s"}),
    "a header that is given": ("key", {"prefix": "", "auth_header_name": "X-Own"}, {}),
    "a certificate": ("certified", {}, {}),
}


@pytest.mark.parametrize("name", LOWER)
def test_token_of_the_lower_layer_goes_where_the_contract_says(name: str, many: Any) -> None:
    """`AuthenticatedClient` sends its token for the scheme that an operation names first, or where it is told to."""
    operation, options, expected = LOWER[name]
    with ScriptedServer((OK, End.CLOSE)) as server:
        lower_call(many, server.url, operation, "t-7f3a", **options)
    assert carried(server.received[0]) == expected
    assert server.received[0].headers.get("x-own") == ("t-7f3a" if "prefix" in options else None)


def test_client_of_the_lower_layer_sends_none(many: Any) -> None:
    """`Client` sends no credential, and asks for none."""
    module = importlib.import_module(f"{many.__name__}.api.things.get_both")
    with ScriptedServer((OK, End.CLOSE)) as server, many.Client(server.url) as client:
        module.sync(client=client)
    assert carried(server.received[0]) == {}


# --- Other contracts --------------------------------------------------------------------------------

KEY_SCHEME = {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}
OAUTH = {"signIn": {"type": "openIdConnect", "openIdConnectUrl": "https://a.test"}, **KEY_SCHEME}

OTHERS: dict[str, dict[str, Any]] = {
    "a key alone": contract({"/x": {"get": {}}}, KEY_SCHEME, security=[{"key": []}]),
    "a key or a token": contract({"/x": {"get": {}}}, OAUTH, security=[{"key": []}, {"signIn": []}]),
    "a token that is optional": contract({"/x": {"get": {}}}, OAUTH, security=[{"signIn": []}, {}]),
    "a scheme that nothing uses": contract({"/x": {"get": {}}}, KEY_SCHEME),
    "nobody is kept out": contract({"/x": {"get": {}}}, security=[]),
    "nothing is said": contract({"/x": {"get": {}}}),
    "no operation": contract({}, KEY_SCHEME, security=[{"key": []}]),
}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    """The client of each, made when first asked for."""
    made: dict[str, Any] = {}
    folder = tmp_path_factory.mktemp("others")

    def client(name: str) -> Any:
        if name not in made:
            at = len(made)
            made[name] = other_contracts.client_of(OTHERS[name], folder / f"{at}", f"roark_client_of_security_{at}")
        return made[name]

    return client


# What a contract takes, given none: what is lacking at construction, if anything.
LACKING_ALL = {
    "a key alone": "no credentials: give key=…",
    "a key or a token": "no credentials: give key=…, or bearer_token=…, or set the environment variable "
    "ROARK_API_BEARER_TOKEN to your API token",
    "a token that is optional": None,
    "a scheme that nothing uses": None,
    "nobody is kept out": None,
    "nothing is said": None,
    "no operation": None,
}


@pytest.mark.parametrize("name", LACKING_ALL)
def test_client_without_a_credential_is_refused_where_each_operation_needs_one(
    name: str, others: Callable[[str], Any]
) -> None:
    """A client that could call nothing is an error at construction that says what to give; any other is made."""
    package, words = others(name), LACKING_ALL[name]
    for kind in (package.Roark, package.AsyncRoark):
        if words is None:
            kind(base_url="https://a.test")
            continue
        with pytest.raises(package.ConfigurationError) as raised:
            kind(base_url="https://a.test")
        assert str(raised.value) == words


TAKEN = {
    "a key alone": ["key"],
    "a key or a token": ["bearer_token", "key"],
    "a token that is optional": ["bearer_token"],
    "a scheme that nothing uses": [],
    "nobody is kept out": [],
    "nothing is said": ["bearer_token"],
    "no operation": ["key"],
}


@pytest.mark.parametrize("name", TAKEN)
def test_only_schemes_that_are_used_are_arguments(name: str, others: Callable[[str], Any]) -> None:
    """A scheme that no operation uses is no argument; without a bearer token there is no `bearer_token`."""
    package = others(name)
    for argument in ("bearer_token", "key", "sign_in"):
        for make in (package.Roark, package.AsyncRoark):
            if argument in TAKEN[name]:
                make(base_url="https://a.test", **{argument: "t"})
                continue
            with pytest.raises(package.ArgumentTypeError, match=rf"^{argument}: expected one of "):
                make(base_url="https://a.test", **{argument: "t"})


FROM_THE_ENVIRONMENT = {
    "a key or a token": "Bearer from-outside",
    "a token that is optional": "Bearer from-outside",
    "nobody is kept out": None,
    "nothing is said": None,
}


@pytest.mark.parametrize("name", FROM_THE_ENVIRONMENT)
def test_bearer_token_alone_comes_from_the_environment(
    name: str, others: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment gives the bearer token that the contract names, and nothing where it names none."""
    monkeypatch.setenv("ROARK_API_BEARER_TOKEN", "from-outside")
    with ScriptedServer((OK, End.CLOSE)) as server:
        sync_call(others(name), server.url, "x", {})
    assert server.received[0].headers.get("authorization") == FROM_THE_ENVIRONMENT[name]


def test_contract_that_says_nothing_leaves_a_token_to_the_caller(others: Callable[[str], Any]) -> None:
    """Where the contract says nothing of security, a bearer token that is given is sent, and none is needed."""
    package = others("nothing is said")
    with ScriptedServer((OK, End.CLOSE)) as server:
        sync_call(package, server.url, "x", {"bearer_token": TOKEN})
        sync_call(package, server.url, "x", {})
        lower_call(package, server.url, "x", TOKEN)
    sent = [each.headers.get("authorization") for each in server.received]
    assert sent == [f"Bearer {TOKEN}", None, f"Bearer {TOKEN}"]


def test_callers_httpx_client_is_not_asked_for_credentials(many: Any) -> None:
    """Over an httpx client of the caller's, what the contract says is sent all the same, and shown in no log."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={})

    own = httpx.Client(transport=httpx.MockTransport(answer), headers={"X-Api-Key": "theirs"}, params={"p": "1"})
    with many.Roark(base_url="https://a.test", http_client=own, **ALL) as client:
        client.things.get_both()
    (request,) = requests
    assert (request.headers["x-api-key"], request.headers["cookie"]) == (KEY, f"sid={SESSION}")
    assert dict(request.url.params) == {"api key": PAGE, "p": "1"}
