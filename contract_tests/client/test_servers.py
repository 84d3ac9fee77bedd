"""Servers: each operation goes to the one that the contract names for it, its variables filled in, or to `base_url`."""

import asyncio
import importlib
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from contract_tests.client import other_contracts
from contract_tests.client.other_contracts import contract
from contract_tests.client.scripted_server import ScriptedServer, reply

TOKEN = "token-7f3a9c"
OK = (reply(200, b"{}"),)

PORT = {"p": {"default": "1"}}
HOST = {"host": {"default": "127.0.0.1", "enum": ["127.0.0.1", "localhost"]}}

# The ports are known once the servers of a test listen.
SERVERS = contract(
    {
        "/root": {"get": {}},
        "/path": {
            "servers": [{"url": "http://127.0.0.1:{paths}/of-path/", "variables": {"paths": {"default": "1"}}}],
            "get": {},
            "post": {
                "servers": [
                    {"url": "http://localhost:{own}", "variables": {"own": {"default": "1"}}},
                    {"url": "https://unused.test"},
                ]
            },
        },
        "/relative": {"get": {"servers": [{"url": "/v2"}]}},
        "/none": {"get": {"servers": []}},
    },
    {"token": {"type": "http", "scheme": "bearer"}},
    security=[{"token": []}],
    servers=[
        {
            "url": "http://{host}:{port}/{base}/v1",
            "variables": {
                **HOST,
                "port": {"default": "1"},
                "base": {"default": "api/eu", "description": 'Ends it """'},
            },
        },
        {"url": "https://staging.test", "description": "For trying out"},
    ],
)

LACKING = contract({"/x": {"get": {}}}, servers=[{"url": "https://{tenant}.test/{}/v1", "variables": {}}])
RELATIVE = contract({"/x": {"get": {}}}, servers=[{"url": "/v1"}])
ONLY_OF_OPERATIONS = contract({"/x": {"get": {"servers": [{"url": "https://own.test:8443/x/"}]}}})
IPV6 = contract({"/x": {"get": {}}}, servers=[{"url": "http://[::1]:{port}", "variables": {"port": {"default": "1"}}}])
UNENCRYPTED = contract(
    {"/x": {"get": {"servers": [{"url": "http://plain.test"}]}}, "/y": {"get": {}}}, servers=[{"url": "https://a.test"}]
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, Any]], Any]:
    """The client of a contract, made when first asked for."""
    found: dict[int, Any] = {}
    folder = tmp_path_factory.mktemp("servers")

    def client(document: dict[str, Any]) -> Any:
        if id(document) not in found:
            at = len(found)
            found[id(document)] = other_contracts.client_of(document, folder / f"{at}", f"roark_client_of_servers_{at}")
        return found[id(document)]

    return client


@pytest.fixture
def package(made: Callable[[dict[str, Any]], Any]) -> Any:
    """The client of a contract with every kind of server."""
    return made(SERVERS)


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a token nor a server."""
    for name in ("ROARK_API_BEARER_TOKEN", "ROARK_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


class Network:
    """The servers of the contract, and another one."""

    def __init__(self) -> None:
        self.root, self.path, self.own, self.other = (ScriptedServer(OK) for _ in range(4))

    @property
    def ports(self) -> dict[str, str]:
        """Where they listen."""
        return {"port": f"{self.root.port}", "paths": f"{self.path.port}", "own": f"{self.own.port}"}

    def asked(self) -> dict[str, list[str]]:
        """What each was asked."""
        servers = {"root": self.root, "path": self.path, "own": self.own, "other": self.other}
        return {name: [each.line for each in server.received] for name, server in servers.items() if server.received}


@pytest.fixture
def network() -> Iterator[Network]:
    """Servers that listen."""
    network = Network()
    with network.root, network.path, network.own, network.other:
        yield network


def sync_calls(package: Any, options: Mapping[str, Any], *methods: str) -> None:
    """By `Roark`."""
    with package.Roark(bearer_token=TOKEN, max_retries=0, **options) as client:
        for name in methods:
            getattr(client.things, name)()


def async_calls(package: Any, options: Mapping[str, Any], *methods: str) -> None:
    """By `AsyncRoark`."""

    async def call() -> None:
        async with package.AsyncRoark(bearer_token=TOKEN, max_retries=0, **options) as client:
            for name in methods:
                await getattr(client.things, name)()

    asyncio.run(call())


either_client = pytest.mark.parametrize("calls", [sync_calls, async_calls])
Calls = Callable[..., None]


@either_client
def test_operation_goes_to_its_own_server(calls: Calls, package: Any, network: Network) -> None:
    """The server of an operation wins over that of its path, that over the contract's; each has its own path."""
    calls(package, {"server_variables": network.ports}, "get_root", "get_path", "post_path", "get_none")
    assert network.asked() == {
        "root": ["GET /api/eu/v1/root HTTP/1.1", "GET /api/eu/v1/none HTTP/1.1"],
        "path": ["GET /of-path/path HTTP/1.1"],
        "own": ["POST /path HTTP/1.1"],
    }
    for server, host in ((network.root, "127.0.0.1"), (network.path, "127.0.0.1"), (network.own, "localhost")):
        for received in server.received:
            assert received.headers["host"] == f"{host}:{server.port}"
            assert received.headers["authorization"] == f"Bearer {TOKEN}"


@either_client
def test_base_url_stands_for_every_server(calls: Calls, package: Any, network: Network) -> None:
    """Where a caller gives `base_url`, all operations go there, below its path and no other."""
    methods = ("get_root", "get_path", "post_path", "get_relative")
    calls(package, {"base_url": f"{network.other.url}/mock/"}, *methods)
    paths = ["GET /mock/root", "GET /mock/path", "POST /mock/path", "GET /mock/relative"]
    assert network.asked() == {"other": [f"{each} HTTP/1.1" for each in paths]}


@either_client
def test_environment_stands_for_every_server(
    calls: Calls, package: Any, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So does ROARK_BASE_URL, also where the code chooses variables: a test run needs no other code."""
    monkeypatch.setenv("ROARK_BASE_URL", network.other.url)
    calls(package, {"server_variables": network.ports}, "get_root", "post_path")
    assert network.asked() == {"other": ["GET /root HTTP/1.1", "POST /path HTTP/1.1"]}
    client = package.Roark(bearer_token=TOKEN)
    assert client.with_options(server_variables={"base": "us"}).base_url == network.other.url
    with pytest.raises(package.ArgumentValueError, match="server_variables/host"):
        package.Roark(bearer_token=TOKEN, server_variables={"host": "evil.test"})


def test_lower_layer_goes_to_its_base_url(package: Any, network: Network) -> None:
    """The clients of the lower layer, which are given a URL, send all operations there."""
    module = importlib.import_module(f"{package.__name__}.api.things.post_path")
    with package.AuthenticatedClient(network.other.url, TOKEN) as client:
        module.sync(client=client)
    assert network.asked() == {"other": ["POST /path HTTP/1.1"]}


def test_variables_can_be_chosen(package: Any) -> None:
    """`server_variables` fills in what is chosen, else defaults; a copy adds to what was chosen before."""
    client = package.Roark(bearer_token=TOKEN)
    assert client.base_url == "http://127.0.0.1:1/api/eu/v1"
    changed = client.with_options(server_variables={"base": "us", "port": "8080"})
    assert changed.base_url == "http://127.0.0.1:8080/us/v1"
    assert changed.copy(server_variables={"host": "localhost"}).base_url == "http://localhost:8080/us/v1"
    assert changed.with_options(server_variables={"base": "api/eu"}).base_url == "http://127.0.0.1:8080/api/eu/v1"
    assert changed.with_options(base_url="https://other.test/x/").base_url == "https://other.test/x"
    assert changed.with_options(timeout=5).base_url == changed.base_url
    assert client.base_url == "http://127.0.0.1:1/api/eu/v1"


def test_copy_goes_elsewhere(package: Any, network: Network) -> None:
    """A copy sends its requests where its own variables or `base_url` say, over the same pool."""
    with package.Roark(bearer_token=TOKEN, server_variables=network.ports) as client:
        client.with_options(server_variables={"port": f"{network.other.port}"}).things.get_root()
        client.with_options(base_url=network.other.url).things.post_path()
        client.things.post_path()
    assert network.asked() == {
        "other": ["GET /api/eu/v1/root HTTP/1.1", "POST /path HTTP/1.1"],
        "own": ["POST /path HTTP/1.1"],
    }


UNSAFE = [
    *("evil.test/", "x@evil.test", "x:p@evil.test", "evil.test?", "evil.test#", "evil.test:80", "1/..", "..", ".", ""),
    *(" ", "a b", "a\r\nHost: b", "%2e%2e", "evil\\", "[::1]", "évil", "{host}", "a&b", "\u2024"),
]


@pytest.mark.parametrize("value", UNSAFE)
@pytest.mark.parametrize("name", ["base", "port", "own"])
def test_untrusted_text_becomes_no_other_host(value: str, name: str, package: Any) -> None:
    """A value that could end its part of the URL is refused by name, whatever part that is."""
    client = package.Roark(bearer_token=TOKEN)
    for make in (package.Roark, package.AsyncRoark, client.with_options):
        with pytest.raises(package.ArgumentValueError, match=rf"^server_variables/{name}: expected letters, digits"):
            make(bearer_token=TOKEN, server_variables={name: value})


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a name that none has": (
        {"server_variables": {"hots": "x"}},
        "ValueError",
        "expected one of host, port, base, paths",
    ),
    "a value outside the enum": (
        {"server_variables": {"host": "evil.test"}},
        "ValueError",
        "server_variables/host: expected one of 127.0.0.1, localhost; got 'evil.test'",
    ),
    "a port that is none": (
        {"server_variables": {"port": "x"}},
        "ValueError",
        "server_variables: expected the URL of a",
    ),
    "a port of an operation that is none": ({"server_variables": {"own": "99999"}}, "ValueError", "server_variables: "),
    "no text": ({"server_variables": {"port": 80}}, "TypeError", "server_variables/port: expected text, got a int"),
    "no mapping": ({"server_variables": ["port"]}, "TypeError", "server_variables: expected a mapping"),
    "a URL beside it": (
        {"server_variables": {"port": "1"}, "base_url": "https://a.test"},
        "TypeError",
        "server_variables: expected without base_url=…, which has none",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_variable_is_refused(name: str, package: Any) -> None:
    """What no server takes is refused by name, at construction and in a copy."""
    options, error, words = REFUSED[name]
    kind = {"ValueError": package.ArgumentValueError, "TypeError": package.ArgumentTypeError}[error]
    client = package.Roark(bearer_token=TOKEN)
    for make in (package.Roark, package.AsyncRoark, client.with_options):
        with pytest.raises(kind) as raised:
            make(bearer_token=TOKEN, **options)
        assert words in str(raised.value)


def test_variables_have_no_place_where_a_url_was_given(package: Any) -> None:
    """A client that was given `base_url` refuses variables, which would not be used."""
    client = package.Roark(bearer_token=TOKEN, base_url="https://a.test")
    with pytest.raises(package.ArgumentTypeError, match=r"server_variables: .* which this client was given"):
        client.with_options(server_variables={"port": "1"})


def test_operation_without_a_server_is_told(package: Any, network: Network) -> None:
    """An operation for which the contract names no host is not sent; the error says what to give."""
    with package.Roark(bearer_token=TOKEN, server_variables=network.ports) as client:
        with pytest.raises(package.ConfigurationError) as raised:
            client.things.get_relative()
        client.things.get_root()
    said = "the contract names no server for it: give base_url=…, or set the environment variable ROARK_BASE_URL"
    assert str(raised.value) == f"GET /relative: {said}"
    assert raised.value.delivery is package.Delivery.NOT_DELIVERED


def test_contract_without_a_host_needs_a_url(made: Callable[[dict[str, Any]], Any]) -> None:
    """Where the contract's server is only a path, or a variable has no default, the error says what to give."""
    package = made(RELATIVE)
    with pytest.raises(package.ConfigurationError, match=r"^no server: give base_url=…, or set the .* ROARK_BASE_URL$"):
        package.Roark()
    with pytest.raises(package.ArgumentTypeError, match="server_variables: expected one of bearer_token, base_url"):
        package.Roark(server_variables={})
    package = made(LACKING)
    with pytest.raises(package.ConfigurationError, match=r"^no server: give server_variables=\{'tenant': …\} or serv"):
        package.Roark()
    assert package.Roark(server_variables={"tenant": "a", "": "b"}).base_url == "https://a.test/b/v1"


def test_server_of_operations_alone_is_the_clients(made: Callable[[dict[str, Any]], Any]) -> None:
    """Where each operation has a server of its own, `base_url` shows the first of them, without its last slash."""
    assert made(ONLY_OF_OPERATIONS).Roark().base_url == "https://own.test:8443/x"


def test_operation_with_a_server_needs_no_other(made: Callable[[dict[str, Any]], Any]) -> None:
    """Where the contract's server is only a path, an operation with a server of its own can be called all the same."""
    document = contract(
        {"/x": {"get": {}}, "/own": {"get": {"servers": [{"url": "http://127.0.0.1:{p}", "variables": PORT}]}}},
        servers=[{"url": "/v1"}],
    )
    package = made(document)
    with ScriptedServer(OK) as server, package.Roark(server_variables={"p": f"{server.port}"}) as client:
        client.things.get_own()
        assert client.base_url == server.url
        with pytest.raises(package.ConfigurationError, match="GET /x: the contract names no server for it"):
            client.things.get_x()
    assert [each.line for each in server.received] == ["GET /own HTTP/1.1"]


def test_address_of_ipv6_is_a_host(made: Callable[[dict[str, Any]], Any]) -> None:
    """A server may be an address of IPv6."""
    assert made(IPV6).Roark(server_variables={"port": "8080"}).base_url == "http://[::1]:8080"


def test_unencrypted_server_of_an_operation_warns(made: Callable[[dict[str, Any]], Any]) -> None:
    """`http://` to another machine warns, also where a single operation goes there, at the line of the caller."""
    package = made(UNENCRYPTED)
    for make in (package.Roark, package.Roark(base_url="https://b.test").with_options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            make(base_url="http://c.test")
        assert [("c.test unencrypted" in str(each.message), each.filename) for each in caught] == [(True, __file__)]
    with pytest.warns(UserWarning, match=r"plain\.test unencrypted"):
        package.Roark()


def test_other_servers_are_told(package: Any) -> None:
    """Of several servers of the contract the first is used; the documentation names the others, and the variables."""
    said = " ".join(package.Roark.__init__.__doc__.split())
    assert "also names https://staging.test (For trying out)." in said
    assert "server_variables: what is chosen in the URLs of the contract's servers" in said


def test_contract_stays_text(made: Callable[[dict[str, Any]], Any]) -> None:
    """Names and texts of servers and schemes that look like code stay what they are."""
    hostile = '"""\nimport os\nos.abort()\n'
    document = contract(
        {"/x": {"get": {"security": [{"k": []}]}}},
        {"k": {"type": "apiKey", "in": "query", "name": hostile, "description": hostile}},
        servers=[
            {
                "url": "https://a.test/{" + hostile + "}",
                "variables": {hostile: {"default": "b", "enum": ["b", hostile], "description": hostile}},
                "description": hostile,
            },
            {"url": hostile, "description": hostile},
        ],
    )
    assert made(document).Roark(k="1", server_variables={hostile: "b"}).base_url == "https://a.test/b"
