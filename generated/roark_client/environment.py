"""What httpx takes from the environment: certificates and proxies. Where it cannot, the variable is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.request import getproxies

import httpx

from .errors import ConfigurationError

C = TypeVar("C", httpx.Client, httpx.AsyncClient)


def tls_context(arguments: Mapping[str, Any]) -> Any:
    """The TLS context of these arguments of an httpx client, which reads its certificates once for many clients.

    Raises ConfigurationError.
    """
    chosen = {name: arguments[name] for name in ("verify", "cert", "trust_env") if name in arguments}
    try:
        return httpx.create_ssl_context(**chosen)
    except (OSError, ValueError, TypeError) as error:  # an ssl.SSLError is an OSError
        is_ours = chosen.get("verify", True) is not True or chosen.get("cert") or not chosen.get("trust_env", True)
        variables = [] if is_ours else [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
        if variables:
            named = f"{variables[0]}: expected certificates in PEM, got {os.environ[variables[0]]!r:.200}"
        else:
            named = "verify_ssl or httpx_args: expected certificates in PEM"
        raise ConfigurationError(f"{named}: {error}") from None


def client_made(kind: Callable[..., C], arguments: Mapping[str, Any]) -> C:
    """An httpx client of these arguments. Raises ConfigurationError, naming the variable that keeps it from working."""
    try:
        return kind(**arguments)
    except (ValueError, TypeError, ImportError, OSError, httpx.InvalidURL) as error:
        if arguments.get("trust_env", True) and (reason := _fault_of_proxies()):
            raise ConfigurationError(reason) from None
        raise ConfigurationError(f"httpx_args: {error}") from None


def _fault_of_proxies() -> str | None:
    """The variable that names a proxy which httpx cannot use, or hosts that it cannot read."""
    proxies = getproxies()
    for scheme in ("http", "https", "all"):
        if url := proxies.get(scheme):
            try:
                httpx.HTTPTransport(verify=False, proxy=url if "://" in url else f"http://{url}").close()
            except ImportError:
                return f"{_variable(scheme)}: {url_shown(url)} needs a package: python3 -m pip install 'httpx[socks]'"
            except (ValueError, httpx.InvalidURL):
                expected = "http://…, https://… or socks5://…"
                return f"{_variable(scheme)}: expected the URL of a proxy ({expected}), got {url_shown(url)}"
    if hosts := proxies.get("no"):
        return f"{_variable('no')}: expected names of hosts between commas, got {url_shown(hosts)}"
    return None


def _variable(scheme: str) -> str:
    """The variable that names the proxy of a scheme: Python prefers the one in small letters."""
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) or not os.environ.get(name.upper()) else name.upper()


def url_shown(url: object) -> str:
    """A URL, or what should be one, without its user and password."""
    before, at, rest = str(url).rpartition("@")
    scheme = f"{before.partition('//')[0]}//" if "//" in before else ""
    return f"{f'{scheme}[masked]@{rest}' if at else rest!r:.200}"


def proxy_of(client: httpx.Client | httpx.AsyncClient, url: httpx.URL) -> str | None:
    """The proxy through which a client speaks to a server, without a password; None where there is none.

    httpx keeps it for itself; where that has moved, no proxy is named.
    """
    find = getattr(client, "_transport_for_url", None)
    transport = find(url) if callable(find) else None
    proxy = getattr(getattr(transport, "_pool", None), "_proxy_url", None)
    try:
        scheme, host, port = (getattr(proxy, name) for name in ("scheme", "host", "port"))
        return f"{scheme.decode()}://{host.decode()}{f':{port}' if port else ''}"
    except AttributeError:
        return None
