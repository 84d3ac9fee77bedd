"""Credentials: what a caller gives for the security schemes of the contract, and which of it goes with an operation."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, cast

from .errors import ArgumentTypeError, ArgumentValueError, ConfigurationError, expect_type

Alternatives = tuple[tuple[str, ...], ...]
"""The ways to call an operation: each the arguments whose credentials go together. An empty one takes none."""

BEARER, BASIC = "Bearer", "Basic"

is_header_value = re.compile(r"[\t\x20-\x7e]*", re.ASCII).fullmatch
_PRINTABLE = re.compile(r"[\x20-\x7e]*", re.ASCII).fullmatch
_COOKIE_VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*", re.ASCII).fullmatch  # RFC 6265, 4.1.1


class Scheme(NamedTuple):
    """A security scheme: the argument that gives its credential, where that goes, and what stands before it there.

    `variable`: the environment variable that gives it where the argument does not.
    """

    argument: str
    location: Literal["header", "query", "cookie"]
    name: str
    prefix: str = ""
    variable: str | None = None


@dataclass(frozen=True, repr=False, slots=True)
class Credential:
    """A credential as it is sent for a scheme, and the texts in it that nobody may see."""

    scheme: Scheme
    text: str
    secrets: tuple[str, ...]


class Credentials:
    """The credentials of a client. By itself, none: those that the contract asks for are then the caller's to add."""

    secrets: tuple[str, ...] = ()
    """The texts that nobody may see."""
    header: str | None = None
    """The header that a caller has chosen for one."""

    def of(self, schemes: Sequence[Scheme], ways: Alternatives) -> Sequence[Credential]:  # noqa: ARG002 - none is sent
        """Those for an operation that can be called in these ways. Raises ConfigurationError where one lacks."""
        return ()


NO_CREDENTIALS = Credentials()


class GivenCredentials(Credentials):
    """A credential for each scheme that a caller has one for."""

    def __init__(self, credentials: Mapping[str, Credential]) -> None:
        self._credentials = dict(credentials)
        self.secrets = tuple(text for credential in self._credentials.values() for text in credential.secrets)

    def changed(self, credentials: Mapping[str, Credential]) -> GivenCredentials:
        """These, and others in the place of those of the same scheme."""
        return GivenCredentials({**self._credentials, **credentials})

    def of(self, schemes: Sequence[Scheme], ways: Alternatives) -> Sequence[Credential]:  # noqa: ARG002 - it has them
        """Those of the first way that all are given for; without one, none, where that is a way too."""
        for way in filter(None, ways):
            if self._credentials.keys() >= set(way):
                return [self._credentials[argument] for argument in way]
        if ways and all(ways):
            held = " and ".join(f"{argument}=…" for argument in self._credentials) or "none"
            raise ConfigurationError(f"expected {_named(ways)}; this client was given {held}")
        return ()


class OneToken(Credentials):
    """A token of the lower layer, for the scheme that an operation names first, or for a header that is given.

    Raises ArgumentTypeError or ArgumentValueError where it cannot be sent, without showing it.
    """

    def __init__(self, token: str, prefix: str, header: str) -> None:
        checked_token(token)
        self._token = token
        self._chosen = None
        self.secrets = (token,)
        if (prefix, header) != (BEARER, "Authorization"):
            self.header = header
            self._chosen = Credential(Scheme("token", "header", header), f"{prefix} {token}".strip(), self.secrets)

    def of(self, schemes: Sequence[Scheme], ways: Alternatives) -> Sequence[Credential]:
        """The token where the contract says, or the caller."""
        first = next((way[0] for way in ways if way), None)
        if first is None:
            return ()
        if self._chosen is not None:
            return (self._chosen,)
        scheme = next(scheme for scheme in schemes if scheme.argument == first)
        if fault := _fault(scheme, self._token):
            raise ArgumentValueError(f"token: {fault}")
        return (_credential(scheme, self._token),)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The parts of a request that nobody may see: texts wherever they stand, and values of headers and parameters."""

    texts: tuple[str, ...] = field(default=(), repr=False)
    headers: frozenset[bytes] = frozenset()
    """Their names in small letters."""
    query: frozenset[str] = frozenset()


def secrets_of(credentials: Credentials, schemes: Sequence[Scheme]) -> Secrets:
    """The secrets in requests of a client, whichever of them an operation takes."""
    headers = {scheme.name for scheme in schemes if scheme.location == "header"} | {credentials.header or ""}
    return Secrets(
        credentials.secrets,
        frozenset(header.lower().encode() for header in headers if header),
        frozenset(scheme.name for scheme in schemes if scheme.location == "query"),
    )


def credential_of(scheme: Scheme, value: object) -> Credential:
    """A credential as a caller gives it.

    Raises ArgumentTypeError or ArgumentValueError where it cannot be sent, without showing it.
    """
    argument = scheme.argument
    if scheme.prefix == BASIC:
        return _user_and_password(scheme, value)
    if scheme.prefix == BEARER:
        checked_token(value, argument)
    if not isinstance(value, str):
        raise ArgumentTypeError(f"{argument}: expected text, got a {type(value).__name__}")
    if fault := _fault(scheme, value):
        raise ArgumentValueError(f"{argument}: {fault}")
    return _credential(scheme, value)


def checked_token(token: object, argument: str = "bearer_token") -> None:
    """Raise ArgumentTypeError or ArgumentValueError where a token cannot be sent, without showing it."""
    if not isinstance(token, str):
        raise ArgumentTypeError(f"{argument}: expected text, got a {type(token).__name__}")
    if token.lower().split()[:1] == ["bearer"]:
        raise ArgumentValueError(f"{argument}: expected the token alone, got one behind the word {token.split()[0]}")
    if not token or not is_header_value(token) or token.split() != [token]:
        raise ArgumentValueError(f"{argument}: expected text without spaces that a header can carry")


def missing_credential(schemes: Sequence[Scheme], ways: Alternatives) -> str:
    """The message about a client that was given no credential at all."""
    variables = {scheme.argument: scheme.variable for scheme in schemes if scheme.variable}
    named = [argument for way in ways for argument in way]
    text = f"no {'token' if set(named) <= variables.keys() else 'credentials'}: give {_named(ways)}"
    if variable := next((variables[argument] for argument in named if argument in variables), None):
        text += f", or set the environment variable {variable} to your API token"
    return text


def _named(ways: Alternatives) -> str:
    """The ways to call an operation, by the arguments of a client that open them."""
    return ", or ".join(" and ".join(f"{argument}=…" for argument in way) for way in ways if way)


def _fault(scheme: Scheme, value: str) -> str | None:
    """The reason why a text cannot be sent as the credential of a scheme."""
    is_cookie = scheme.location == "cookie"
    if value and value == value.strip() and (_COOKIE_VALUE if is_cookie else is_header_value)(value):
        return None
    return f"expected ASCII text without blanks around it that a {'cookie' if is_cookie else 'header'} can carry"


def _credential(scheme: Scheme, value: str) -> Credential:
    return Credential(scheme, f"{scheme.prefix} {value}".strip(), (value,))


def _user_and_password(scheme: Scheme, value: object) -> Credential:
    argument = scheme.argument
    expect_type(argument, value, (tuple, list), "a user name and a password")
    pair = cast("Sequence[object]", value)
    if len(pair) != 2:
        raise ArgumentValueError(f"{argument}: expected a user name and a password, got {len(pair)} values")
    for part in pair:
        if not isinstance(part, str):
            raise ArgumentTypeError(f"{argument}: expected text for both, got a {type(part).__name__}")
        if not _PRINTABLE(part):
            raise ArgumentValueError(f"{argument}: expected ASCII text without control characters")
    user, password = cast("tuple[str, str]", tuple(pair))
    if ":" in user:
        raise ArgumentValueError(f"{argument}: expected a user name without a colon, which would end it")
    text = b64encode(f"{user}:{password}".encode()).decode()
    return Credential(scheme, f"{scheme.prefix} {text}", (text, password, user))
