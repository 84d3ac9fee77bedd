"""Where the contract's servers are: their URLs, with the variables in them filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .errors import ArgumentTypeError, ArgumentValueError, expect_type

# RFC 3986, 2.3: nothing in it ends a part of a URL, so a text is no other host, port or path than the contract means.
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]+", re.ASCII).fullmatch


class Variable(NamedTuple):
    """A part of a server's URL that callers choose: the default, if it has one, and the values that it can take."""

    name: str
    default: str | None = None
    values: tuple[str, ...] = ()


class Server(NamedTuple):
    """A server as the contract names it. Its variables stand in the URL in braces."""

    url: str
    variables: tuple[Variable, ...] = ()


def url_of(server: Server, chosen: Mapping[str, str]) -> str | None:
    """The URL of a server; None where it has no host, or a variable for which there is no value."""
    if variables_without_value(server, chosen):
        return None
    values = {variable.name: chosen.get(variable.name, variable.default or "") for variable in server.variables}
    url = re.sub(r"\{([^{}]*)\}", lambda match: values.get(match[1], match[0]), server.url)
    return url if url.lower().startswith(("http://", "https://")) else None


def checked_variables(servers: Sequence[Server], chosen: Mapping[str, object]) -> dict[str, str]:
    """The values that a caller has chosen for the variables of servers.

    Raises ArgumentTypeError or ArgumentValueError for a name that none has, and for a value that one does not take.
    """
    expect_type("server_variables", chosen, Mapping, "a mapping of texts")
    known = list(dict.fromkeys(variable.name for server in servers for variable in server.variables))
    checked: dict[str, str] = {}
    for name, value in chosen.items():
        if name not in known:
            raise ArgumentValueError(f"server_variables: expected one of {', '.join(known)}; got {name!r:.200}")
        if not isinstance(value, str):
            raise ArgumentTypeError(f"server_variables/{name}: expected text, got a {type(value).__name__}")
        for variable in (variable for server in servers for variable in server.variables if variable.name == name):
            if variable.values and value not in variable.values:
                allowed = ", ".join(variable.values)
                raise ArgumentValueError(f"server_variables/{name}: expected one of {allowed}; got {value!r:.200}")
            if not variable.values and value != variable.default and not _is_one_part(value):
                expected = "expected letters, digits and - . _ ~; for another server give base_url=…"
                raise ArgumentValueError(f"server_variables/{name}: {expected}; got {value!r:.200}")
        checked[name] = value
    return checked


def variables_without_value(server: Server, chosen: Mapping[str, str]) -> list[str]:
    """The variables of a server for which there is no value."""
    return [variable.name for variable in server.variables if variable.default is None and variable.name not in chosen]


def _is_one_part(value: str) -> bool:
    return _UNRESERVED(value) is not None and value not in (".", "..")
