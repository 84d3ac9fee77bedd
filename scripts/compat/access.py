"""How two contracts differ in who may call an operation, and where it is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

from scripts.codegen.security import scheme_arguments
from scripts.compat.change import Difference
from scripts.compat.words import is_annotation
from scripts.contract import Operation, Place, json_pointer, read_operations, root

_SCHEMES = "/components/securitySchemes"

_VARIABLE = re.compile(r"\{([^{}]*)\}")

Requirement = Mapping[str, frozenset[str]]
"""A security requirement: by what each scheme of it says, the scopes that it asks for. An empty one asks for none."""


def security_differences(was: Operation, now: Operation) -> Iterator[Difference]:
    """What credentials an operation takes. Those that a caller had for it either do as before, or not."""
    former, new = was.security, now.security
    before, after = ([_requirement(place.document, each) for each in place.raw] for place in (former, new))
    if all(each in after for each in before) and all(each in before for each in after):
        return
    was_open, is_open = (not requirements or {} in requirements for requirements in (before, after))
    if is_open or (not was_open and all(any(_meets(sent, asked) for asked in after) for sent in before)):
        name = "security-lifted"
    else:
        name = "security-required" if was_open else "security-changed"
    yield Difference(name, new.pointer, f"{_in_words(former)} → {_in_words(new)}", (former.pointer, _SCHEMES))


def argument_differences(former: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """The arguments of the constructor for schemes that are what they were by another name."""
    before, after = _arguments(former), _arguments(new)
    asked = {each.security.pointer for document in (former, new) for each in read_operations(root(document))}
    for scheme, arguments in before.items():
        others = after.get(scheme, {})
        for argument, name in arguments.items():
            same = [(given, other) for given, other in others.items() if other == name]
            if same != [(argument, name)] and others and (same or argument not in others):
                argument_now, name_now = next(iter(same or others.items()))
                covers = (_SCHEMES + json_pointer([name]), *asked)
                words = f"{argument} → {argument_now}"
                yield Difference("security-argument-renamed", _SCHEMES + json_pointer([name_now]), words, covers)


def server_differences(former: Place, new: Place) -> Iterator[Difference]:
    """The server that is called, which is the first of several."""
    one, other = (_urls(each) for each in (former, new))
    covers = (former.pointer, new.pointer)
    if one[:1] != other[:1]:
        words = f"{one[0]} → {other[0]}"
        yield Difference("server-changed", f"{new.pointer}/0/url", words, covers)
    elif one != other:
        yield Difference("server-listed", new.pointer, "another list of servers", covers)


def variable_differences(former: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """What callers choose in the URLs of servers, by name, for all operations at once."""
    before, after = _variables(former), _variables(new)
    for name in before.keys() - after.keys():
        yield Difference("server-variable-removed", before[name].pointer, f"{name} no longer", before[name].urls)
    for name in after.keys() - before.keys():
        yield Difference("server-variable-added", after[name].pointer, f"{name} is new", after[name].urls)
    for name in before.keys() & after.keys():
        values, others = before[name].values, after[name].values
        if values != others:
            is_wider = others is None or (values is not None and values <= others)
            rule = "server-variable-widened" if is_wider else "server-variable-narrowed"
            words = f"{name}: {_listed(values)} → {_listed(others)}"
            covers = (f"{before[name].pointer}/enum",)
            yield Difference(rule, f"{after[name].pointer}/enum", words, covers)


def _requirement(document: Mapping[str, Any], raw: Mapping[str, list[str]]) -> Requirement:
    return {_scheme(document, name): frozenset(scopes) for name, scopes in raw.items()}


def _meets(sent: Requirement, asked: Requirement) -> bool:
    """Whether what was sent is all that is asked for now."""
    return all(scheme in sent and scopes <= sent[scheme] for scheme, scopes in asked.items())


def _scheme(document: Mapping[str, Any], name: str) -> str:
    """What a security scheme says of what is sent, and where the credential comes from, as what two are compared by."""
    raw = root(document).below("components", "securitySchemes", name).followed().raw
    stated = {key: value for key, value in raw.items() if not is_annotation(key) and key != "bearerFormat"}
    for key in ("scheme", *(["name"] if stated.get("in") == "header" else [])):  # of which case is nothing
        if key in stated:
            stated[key] = str(stated[key]).lower()
    if "flows" in stated:  # in which scopes are listed for people
        stated["flows"] = {
            kind: {key: value for key, value in flow.items() if key != "scopes"}
            for kind, flow in stated["flows"].items()
        }
    return json.dumps(stated, sort_keys=True)


def _in_words(security: Place) -> str:
    return " or ".join(" and ".join(requirement) or "none" for requirement in security.raw) or "none"


def _arguments(document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By what a scheme says, the arguments of the constructor for it, each with the name of the scheme."""
    whole = root(document)
    found: dict[str, dict[str, str]] = {}
    for name, _, argument in scheme_arguments(whole, [each.security for each in read_operations(whole)]):
        found.setdefault(_scheme(document, name), {})[argument] = name
    return found


def _urls(servers: Place) -> list[str]:
    """The URLs of servers, with the defaults of their variables. A slash at the end changes nothing, and where none is
    named it is `/` (OpenAPI 3.1, 4.8.1)."""
    named = (_VARIABLE.sub(partial(_default, each.get("variables", {})), str(each.get("url"))) for each in servers.raw)
    return [each.rstrip("/") or "/" for each in named] or ["/"]


def _default(variables: Mapping[str, Any], name: re.Match[str]) -> str:
    return str(variables.get(name[1], {}).get("default", name[0]))


class _ServerVariable(NamedTuple):
    """A part of the URLs of servers: where it is first stated, these URLs, and the values that all of them take; None:
    any."""

    pointer: str
    urls: tuple[str, ...]
    values: frozenset[str] | None

    def as_well_as(self, other: _ServerVariable) -> _ServerVariable:
        """The same, and where another server has it."""
        known = [each for each in (self.values, other.values) if each is not None]
        values = frozenset.intersection(*known) if known else None
        return _ServerVariable(self.pointer, (*self.urls, *other.urls), values)


def _variables(document: Mapping[str, Any]) -> dict[str, _ServerVariable]:
    found: dict[str, _ServerVariable] = {}
    for servers in {each.servers.pointer: each.servers for each in read_operations(root(document))}.values():
        for server in servers.raw[:1]:
            for name in _VARIABLE.findall(str(server.get("url"))):
                enum = server.get("variables", {}).get(name, {}).get("enum")
                values = frozenset(enum) if enum else None
                variable = _ServerVariable(
                    servers.pointer + json_pointer([0, "variables", name]), (f"{servers.pointer}/0/url",), values
                )
                found[name] = found[name].as_well_as(variable) if name in found else variable
    return found


def _listed(values: frozenset[str] | None) -> str:
    return "any text" if values is None else ", ".join(sorted(values))
