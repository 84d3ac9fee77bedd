"""Certificates and proxies, which httpx takes from the environment. Where it cannot, the variable is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import getproxies

import httpx

from .errors import ConfigurationError
from .passing import raise_handler_exception

C = TypeVar("C", httpx.Client, httpx.AsyncClient)


def tls_context(arguments: Mapping[str, Any]) -> Any:
    """The TLS context of these arguments of an httpx client, which reads its certificates once for many clients.

    Raises ConfigurationError.
    """
    chosen = {name: arguments[name] for name in ("verify", "cert", "trust_env") if name in arguments}
    is_usual = chosen.get("verify", True) is True and not chosen.get("cert") and chosen.get("trust_env", True)
    file, folders = (os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if is_usual and file and not Path(file).is_file():  # which some versions of httpx pass over
        raise ConfigurationError(f"SSL_CERT_FILE: expected certificates in PEM, got {file!r:.200}: it is no file")
    if is_usual and folders and not file and not any(map(os.path.isdir, folders.split(os.pathsep))):
        raise ConfigurationError(f"SSL_CERT_DIR: expected folders of certificates, got {folders!r:.200}")
    handled = sys.exception()
    try:
        return httpx.create_ssl_context(**chosen)
    except Exception as error:  # noqa: BLE001 - whatever it is, the certificates cannot be used
        raise_handler_exception(error, handled)
        log = os.environ.get("SSLKEYLOGFILE")
        if log and getattr(error, "filename", None) == log:
            raise ConfigurationError(f"SSLKEYLOGFILE: {error}") from None
        named, got = (
            ("SSL_CERT_FILE", f", got {file!r:.200}") if is_usual and file else ("verify_ssl or httpx_args", "")
        )
        raise ConfigurationError(f"{named}: expected certificates in PEM{got}: {error}") from None


def client_made(kind: Callable[..., C], arguments: Mapping[str, Any]) -> C:
    """An httpx client of these arguments. Raises ConfigurationError, naming the variable that keeps it from working."""
    handled = sys.exception()
    try:
        return kind(**arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no client
        raise_handler_exception(error, handled)
        reason = arguments.get("trust_env", True) and _fault_of_proxies()
        proxy = arguments.get("proxy")
        other = f"httpx_args: the proxy {url_shown(proxy)} cannot be used" if proxy else f"httpx_args: {error}"
        del arguments, proxy  # they may hold a password
        raise ConfigurationError(reason or other) from None


def _fault_of_proxies() -> str | None:
    """The variable that names a proxy which httpx cannot use, or hosts that it cannot read."""
    try:
        httpx.Client(verify=False).close()  # noqa: S501 - nothing is sent
    except Exception:  # noqa: BLE001 - which of the variables it is, is told below
        proxies = getproxies()
    else:
        return None
    for scheme in ("http", "https", "all"):
        if url := proxies.get(scheme):
            try:
                httpx.HTTPTransport(verify=False, proxy=url if "://" in url else f"http://{url}").close()
            except ImportError:
                return f"{_variable(scheme)}: {url_shown(url)} needs a package: python3 -m pip install 'httpx[socks]'"
            except Exception:  # noqa: BLE001 - whatever it is, this cannot be used
                expected = "http://…, https://… or socks5://…"
                return f"{_variable(scheme)}: expected the URL of a proxy ({expected}), got {url_shown(url)}"
    return f"{_variable('no')}: expected names of hosts between commas, got {url_shown(proxies.get('no', ''))}"


def _variable(scheme: str) -> str:
    """The variable that names the proxy of a scheme: Python prefers the one in small letters."""
    name = f"{scheme}_proxy"
    return name if os.environ.get(name) or not os.environ.get(name.upper()) else name.upper()


def url_shown(url: object) -> str:
    """A URL, or what should be one, without its user and password, and without its query."""
    address, query, _ = str(url).partition("?")
    before, at, rest = address.rpartition("@")
    rest += "?…" if query else ""
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
