"""The security schemes of the contract in Python: an argument of the clients for each, and what an operation takes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from scripts.codegen import names
from scripts.codegen.refusals import CannotExpressError, Refusals
from scripts.contract import Operation, Place

_BEARER = "bearer_token"  # the argument for it, which the facade of every client has
TOKEN_VARIABLE = "ROARK_API_BEARER_TOKEN"  # noqa: S105 - a name

Requirements = tuple[tuple[str, ...], ...]
"""The security requirements of an operation, of which a call meets one: each the arguments that are given together, an
empty one a call without any."""

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
    argument=_BEARER,
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
        self.of_contract = self._requirements(whole)
        """Those of an operation that states none."""
        self._by_operation = {label: self._requirements(each) for label, each in stated.items()}
        says_something = "securitySchemes" in root.raw.get("components", {}) or any(
            "security" in each for each in (root.raw, *(each.definition for each in operations))
        )
        if not says_something:
            self.schemes = [_UNSAID]
            self.of_contract = ((_UNSAID.argument,), ())
            self._by_operation = dict.fromkeys(stated, self.of_contract)

    def of_operation(self, label: str) -> Requirements | None:
        """The requirements of an operation, where they are not those of the whole contract."""
        requirements = self._by_operation[label]
        return None if requirements == self.of_contract else requirements

    def is_needed(self, label: str) -> bool:
        """Whether an operation cannot be called without a credential."""
        requirements = self._by_operation[label]
        return bool(requirements) and all(requirements)

    @property
    def required(self) -> Requirements:
        """The requirements of all operations, where none can be called without a credential."""
        if not all(map(self.is_needed, self._by_operation)):
            return ()
        return tuple(dict.fromkeys(chain.from_iterable(self._by_operation.values())))

    def _requirements(self, security: Place) -> Requirements:
        return tuple(dict.fromkeys(self._requirement(security.below(at)) for at in range(len(security.raw))))

    def _requirement(self, place: Place) -> tuple[str, ...]:
        schemes = [self._schemes[name] for name in place.raw if name in self._schemes]  # the others send nothing
        places = {(each.location, each.name.lower()) for each in schemes}
        if len(places) < len(schemes):
            reason = f"{' and '.join(place.raw)} would go to the same place of a request"
            self._refusals.add(CannotExpressError(place, reason))
        return tuple(each.argument for each in schemes)


def scheme_arguments(root: Place, used: Iterable[Place]) -> Iterator[tuple[str, Place, str]]:
    """Each scheme that sends something: its name in the contract, its place, and the argument for its credential.

    `used` are the lists of security requirements that hold it. The first bearer token is `bearer_token`: one of HTTP,
    else one that comes of OAuth or OpenID Connect, whose flows are the caller's.
    """
    wanted = {name for security in used for requirement in security.raw for name in requirement}
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
        argument = _BEARER if bearers[:1] == [name] else names.free(names.identifier(name), taken)
        taken.add(argument)
        yield name, place, argument


def _schemes(root: Place, used: Sequence[Place], refusals: Refusals) -> Iterator[tuple[str, Scheme]]:
    """Each scheme that sends something, by its name in the contract."""
    for name, place, argument in scheme_arguments(root, used):
        with refusals.of(place):
            yield name, _scheme(place, argument)


def _scheme(place: Place, argument: str) -> Scheme:
    raw, text = place.raw, str(place.raw.get("description", ""))
    if raw["type"] == "apiKey":
        location, name = raw["in"], raw["name"]
        _check_name(place, location, name)
        return Scheme(argument, location, name, "", None, f"the key that goes into the {location} {name}. {text}")
    if _is_bearer(raw):
        variable = TOKEN_VARIABLE if argument == _BEARER else None
        default = f"; by default the environment variable {variable}" if variable else ""
        return Scheme(argument, "header", "Authorization", "Bearer", variable, f"the API token{default}. {text}")
    if raw["type"] == "http" and raw["scheme"].lower() == "basic":
        return Scheme(argument, "header", "Authorization", "Basic", None, f"the user name and the password. {text}")
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
