"""What a client is given for the security schemes of the contract, and what a request of it has to carry then.

Read from the contract alone: what the client's own tables say of it is what is judged.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from contract_tests.proof.client import is_ours, python_name
from contract_tests.subject import chosen
from scripts.codegen.names import CLIENT_OPTIONS, free
from scripts.contract import Operation, Parameter, followed

UNSAID = ""  # the name of a scheme that no contract has
USER = "user-4f1c"

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Scheme:
    """A security scheme that sends something: its argument, the place that it goes to, and what stands before it."""

    argument: str
    location: str
    name: str
    prefix: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells its place from others, as that of a parameter."""
        return self.location, self.name.lower() if self.location == "header" else self.name

    def given(self, token: str) -> Any:
        """What the argument is given: a token that is no other scheme's."""
        own = token if self.argument == BEARER.argument else f"{token}-{self.argument}"
        return (USER, own) if self.prefix == "Basic" else own

    def sent(self, token: str) -> str:
        """What goes out for it."""
        given = self.given(token)
        text = b64encode(":".join(given).encode()).decode() if self.prefix == "Basic" else given
        return f"{self.prefix} {text}".strip()


BEARER = Scheme("bearer_token", "header", "Authorization", "Bearer")


@dataclass(frozen=True)
class ExpectedCredentials:
    """The credentials that a request carries, and by which names it must carry no other."""

    headers: dict[str, str | None]
    query: Pairs
    cookies: Pairs


def given(token: str) -> dict[str, Any]:
    """A credential for each argument of the facade that takes one."""
    return {each.argument: each.given(token) for each in _schemes().values()}


def secrets(way: str, token: str) -> list[str]:
    """The texts that a client which calls in this way must show nobody."""
    if not way.endswith("Roark"):
        return [token]
    texts = [each for scheme in _schemes().values() for each in (scheme.given(token), scheme.sent(token).split()[-1])]
    return [text for each in texts for text in (each[1:] if isinstance(each, tuple) else (each,))]


def carried(operation: Operation, way: str, token: str, given: Iterable[Parameter] = ()) -> ExpectedCredentials:
    """What a request carries of a client that was given all credentials; of the lower layer, its one token.

    The facade sends the first alternative, the lower layer its token for the first scheme of that; neither sends one
    in the place of a parameter that is given.
    """
    schemes, is_facade = _schemes(), way.endswith("Roark")
    first = next(filter(None, _alternatives(operation)), ())
    sent = [schemes[name] for name in (first if is_facade else first[:1])]
    if not sent and not is_ours():  # which sends its token to whatever operation
        sent = [BEARER]
    taken = {each.key for each in given}
    texts = {each: each.sent(token) if is_facade else f"{each.prefix} {token}".strip() for each in sent}
    texts = {each: text for each, text in texts.items() if each.key not in taken}
    headers = dict.fromkeys(each.name for each in (BEARER, *schemes.values()) if each.location == "header")
    return ExpectedCredentials(
        {**headers, **{each.name: text for each, text in texts.items() if each.location == "header"}},
        [(each.name, text) for each, text in texts.items() if each.location == "query"],
        [(each.name, text) for each, text in texts.items() if each.location == "cookie"],
    )


def is_open(operation: Operation, *arguments: str) -> bool:
    """Whether an operation can be called by a client that was given these arguments alone."""
    schemes = _schemes()
    ways = _alternatives(operation)
    return not ways or any(all(schemes[name].argument in arguments for name in way) for way in ways)


def _alternatives(operation: Operation) -> list[tuple[str, ...]]:
    """The ways to call an operation, each the schemes that it takes at once. A certificate is not the client's."""
    schemes = _schemes()
    if UNSAID in schemes:
        return [(UNSAID,), ()]
    stated = operation.definition.get("security", chosen().contract.document.get("security", []))
    return [tuple(name for name in each if name in schemes) for each in stated]


def _schemes() -> dict[str, Scheme]:
    """Each scheme that an operation takes and that sends something, by its name in the contract."""
    return _schemes_of(chosen().spec)


@cache
def _schemes_of(spec: Path) -> dict[str, Scheme]:  # noqa: ARG001 - which tells one contract from another
    document = chosen().contract.document
    operations = [each.definition for each in chosen().operations]
    stated = document.get("components", {}).get("securitySchemes", {})
    if not stated and not any("security" in each for each in (document, *operations)):
        return {UNSAID: BEARER}
    of_contract = document.get("security", [])
    used = [each.get("security", of_contract) for each in operations] or [of_contract]
    wanted = {name for security in used for way in security for name in way}
    return dict(_named({name: followed(document, each) for name, each in stated.items() if name in wanted}))


def _named(stated: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Scheme]]:
    bearers = [name for name, each in stated.items() if each["type"] == "http" and each["scheme"].lower() == "bearer"]
    bearers += [name for name, each in stated.items() if each["type"] in ("oauth2", "openIdConnect")]
    taken = set(CLIENT_OPTIONS)
    for name, each in stated.items():
        if each["type"] == "mutualTLS":
            continue
        argument = BEARER.argument if bearers[:1] == [name] else free(python_name(name), taken)
        taken.add(argument)
        if each["type"] == "apiKey":
            yield name, Scheme(argument, each["in"], each["name"], "")
        else:
            yield name, Scheme(argument, "header", "Authorization", "Bearer" if name in bearers else "Basic")
