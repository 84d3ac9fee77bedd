"""The security schemes of the contract in Python: an argument of the clients for each, and what an operation takes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.codegen import names
from scripts.codegen.refusals import CannotExpressError, Refusals
from scripts.contract import Operation, Place

TOKEN_VARIABLE = "ROARK_API_BEARER_TOKEN"  # noqa: S105 - a name

Alternatives = tuple[tuple[str, ...], ...]
"""The ways to call an operation, each the arguments that open it together; an empty one is a call without any."""

_HTTP_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII).fullmatch  # RFC 9110, 5.6.2
_OF_THE_MESSAGE = frozenset({"accept-encoding", "content-length", "content-type", "host", "transfer-encoding"})


@dataclass(frozen=True)
class Scheme:
    """A security scheme that operations use, as the argument that gives its credential."""

    argument: str
    location: str
    name: str
    prefix: str
    variable: str | None
    documentation: str

    @property
    def type(self) -> str:
        """The type of the argument."""
        return "tuple[str, str]" if self.prefix == "Basic" else "str"


# A contract that says nothing of security may well be of a server that wants a token.
_UNSAID = Scheme(
    argument="bearer_token",
    location="header",
    name="Authorization",
    prefix="Bearer",
    variable=None,
    documentation="an API token, where the server takes one: the contract says nothing of it.",
)


class Security:
    """The schemes that the operations of a contract use, in its order.

    `refusals` take in what the client cannot send, or cannot send beside another.
    """

    def __init__(self, root: Place, operations: Sequence[Operation], refusals: Refusals) -> None:
        self._refusals = refusals
        whole = root.or_below("security", [])
        stated = {each.label: each.security for each in operations}
        self._schemes = dict(_schemes(root, list(stated.values()) or [whole], refusals))
        self.schemes = list(self._schemes.values())
        self.of_contract = self._alternatives(whole)
        """The ways to call an operation that says no other."""
        self._by_operation = {label: self._alternatives(each) for label, each in stated.items()}
        says_something = "securitySchemes" in root.raw.get("components", {}) or any(
            "security" in each for each in (root.raw, *(each.definition for each in operations))
        )
        if not says_something:
            self.schemes = [_UNSAID]
            self.of_contract = ((_UNSAID.argument,), ())
            self._by_operation = dict.fromkeys(stated, self.of_contract)

    def of_operation(self, label: str) -> Alternatives | None:
        """The ways to call an operation, where they are not those of the whole contract."""
        ways = self._by_operation[label]
        return None if ways == self.of_contract else ways

    def is_needed(self, label: str) -> bool:
        """Whether an operation cannot be called without a credential."""
        ways = self._by_operation[label]
        return bool(ways) and all(ways)

    @property
    def required(self) -> Alternatives:
        """All ways to call an operation, where none can be called without a credential."""
        if not all(map(self.is_needed, self._by_operation)):
            return ()
        return tuple(dict.fromkeys(way for ways in self._by_operation.values() for way in ways))

    def _alternatives(self, security: Place) -> Alternatives:
        return tuple(dict.fromkeys(self._alternative(security.below(at)) for at in range(len(security.raw))))

    def _alternative(self, place: Place) -> tuple[str, ...]:
        schemes = [self._schemes[name] for name in place.raw if name in self._schemes]  # the others send nothing
        places = {(each.location, each.name.lower()) for each in schemes}
        if len(places) < len(schemes):
            reason = f"{' and '.join(place.raw)} would go to the same place of a request"
            self._refusals.add(CannotExpressError(place, reason))
        return tuple(each.argument for each in schemes)


def _schemes(root: Place, used: Sequence[Place], refusals: Refusals) -> Iterator[tuple[str, Scheme]]:
    """Each scheme that sends something, by its name in the contract.

    The first bearer token is `bearer_token`: one of HTTP, else one that comes of OAuth or OpenID Connect, whose flows
    are the caller's.
    """
    wanted = {name for each in used for way in each.raw for name in way}
    named = root.raw.get("components", {}).get("securitySchemes", {})
    places = {name: root.below("components", "securitySchemes", name).followed() for name in named if name in wanted}
    bearers = sorted(
        (name for name, each in places.items() if _is_bearer(each.raw)),
        key=lambda name: places[name].raw["type"] != "http",
    )
    taken = set(names.CLIENT_OPTIONS)
    for name, place in places.items():
        if place.raw["type"] == "mutualTLS":  # which is the matter of an httpx client
            continue
        is_first = bearers[:1] == [name]
        argument = "bearer_token" if is_first else names.free(names.identifier(name), taken)
        taken.add(argument)
        with refusals.of(place):
            yield name, _scheme(place, argument, TOKEN_VARIABLE if is_first else None)


def _scheme(place: Place, argument: str, variable: str | None) -> Scheme:
    raw, said = place.raw, str(place.raw.get("description", ""))
    if raw["type"] == "apiKey":
        location, name = raw["in"], raw["name"]
        _check_name(place, location, name)
        return Scheme(argument, location, name, "", None, f"the key that goes into the {location} {name}. {said}")
    if _is_bearer(raw):
        default = f"; by default the environment variable {variable}" if variable else ""
        return Scheme(argument, "header", "Authorization", "Bearer", variable, f"the API token{default}. {said}")
    if raw["type"] == "http" and raw["scheme"].lower() == "basic":
        return Scheme(argument, "header", "Authorization", "Basic", None, f"the user name and the password. {said}")
    raise CannotExpressError(place, f"the client sends HTTP bearer and basic, not {raw.get('scheme', raw['type'])}")


def check_token(place: Place, location: str, name: str) -> None:
    """Raise CannotExpressError where HTTP has no header or cookie of that name."""
    if location in ("header", "cookie") and not _HTTP_TOKEN(name):
        raise CannotExpressError(place.below("name"), f"{name!r} is no name of a {location}")


def _check_name(place: Place, location: str, name: str) -> None:
    check_token(place, location, name)
    if location == "header" and name.lower() in _OF_THE_MESSAGE:
        raise CannotExpressError(place.below("name"), f"the header {name} is about the message, and no place for a key")


def _is_bearer(raw: Mapping[str, Any]) -> bool:
    return raw["type"] in ("oauth2", "openIdConnect") or (raw["type"] == "http" and raw["scheme"].lower() == "bearer")
