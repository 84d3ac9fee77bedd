"""The servers of the contract in Python: which of them an operation goes to, and what callers may choose of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from scripts.codegen.refusals import CannotExpressError, Refusals
from scripts.codegen.text import literal
from scripts.contract import Operation, Place

_VARIABLE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class ServerVariable:
    """A part of a server's URL that callers choose."""

    name: str
    default: str | None
    values: tuple[str, ...]
    documentation: str


@dataclass(frozen=True)
class Server:
    """A server. Its variables stand in the URL in braces."""

    url: str
    variables: tuple[ServerVariable, ...]


class Servers:
    """The servers that operations go to, each once: of several that a contract offers it is the first.

    `refusals` take in one that no request can go to.
    """

    def __init__(self, root: Place, operations: Sequence[Operation], refusals: Refusals) -> None:
        self._offered = root.or_below("servers", [])
        stated = {each.label: each.servers for each in operations}
        places = {each.pointer: each for each in stated.values()} or {self._offered.pointer: self._offered}
        found = {pointer: _first(place, refusals) for pointer, place in places.items()}
        of_contract = [each for pointer, each in found.items() if pointer == self._offered.pointer]
        self.all = list(dict.fromkeys([*of_contract, *found.values()]))
        """The one of the whole contract before those of single operations."""
        self._by_operation = {label: self.all.index(found[place.pointer]) for label, place in stated.items()}

    def of_operation(self, label: str) -> int:
        """Which of them an operation goes to."""
        return self._by_operation[label]

    @property
    def variables(self) -> dict[str, list[ServerVariable]]:
        """What callers may choose, by name: the same may stand in several servers."""
        found: dict[str, list[ServerVariable]] = {}
        for each in (variable for server in self.all for variable in server.variables):
            found.setdefault(each.name, []).append(each)
        return found

    def type(self, name: str) -> str:
        """The type of a variable: what each server that has it can take."""
        listed = [each.values for each in self.variables[name] if each.values]
        common = [literal(each) for each in listed[0] if all(each in values for values in listed)] if listed else []
        return f"Literal[{', '.join(common)}]" if common else "str"

    def others(self) -> str:
        """What the contract names beside the server that is used."""
        named = [(each["url"], each.get("description", "")) for each in self._offered.raw[1:]]
        texts = [f"{url} ({said.rstrip('.')})" if said else url for url, said in named]
        return f"The contract also names {', '.join(texts)}." if texts else ""

    def documentation(self) -> str:
        """What the contract says of the variables."""
        said = (
            (name, next((each.documentation for each in found if each.documentation), ""))
            for name, found in self.variables.items()
        )
        return "; ".join(f"{name}: {text}" if text else name for name, text in said)


def _first(servers: Place, refusals: Refusals) -> Server:
    """The first of some servers; without any, the place that the contract is from (OpenAPI 3.1, 4.8.1)."""
    server = Server("/", ())
    if servers.raw:
        place = servers.below(0)
        with refusals.of(place):
            url, variables = place.raw["url"], place.raw.get("variables", {})
            named = dict.fromkeys(_VARIABLE.findall(url))
            found = (
                _variable(place, each) if each in variables else ServerVariable(each, None, (), "") for each in named
            )
            server = Server(url, tuple(found))
            _check(place, server)
    return server


def _variable(server: Place, name: str) -> ServerVariable:
    place = server.below("variables", name)
    raw = place.raw
    values = tuple(raw.get("enum", ()))
    if values and raw["default"] not in values:
        raise CannotExpressError(place.below("default"), f"expected one of {', '.join(values)}, as enum says")
    return ServerVariable(name, raw["default"], values, str(raw.get("description", "")))


def _check(place: Place, server: Server) -> None:
    """Refuse a URL that no path can follow."""
    defaults = {each.name: each.default for each in server.variables}
    url = _VARIABLE.sub(lambda found: defaults[found[1]] or "", server.url)
    if None in defaults.values() or not url.lower().startswith(("http://", "https://")):
        return  # callers give what is lacking
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and (parts.port or 1) > 0 and not re.search(r"[\s\\]", url)
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment or parts.username is not None:
        raise CannotExpressError(
            place.below("url"), f"expected http://… or https://… without a user, query or fragment; got {url}"
        )
