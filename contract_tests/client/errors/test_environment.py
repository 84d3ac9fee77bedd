"""What keeps httpx from working is named by its variable or argument, without a password."""

from collections.abc import Callable
from typing import Any

import pytest
from roark_client import AuthenticatedClient, ConfigurationError, Delivery, Roark
from roark_mock import MockServer

from contract_tests.client.errors.tracebacks import functions_that_show
from contract_tests.client.errors.uploads import CERTIFICATE, NOWHERE, TOKEN, in_both_halves, send

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
        ("ROARK_API_BEARER_TOKEN", f"{TOKEN}\n", "expected text without spaces that a header can carry"),
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
