"""Security schemes and servers become arguments with types; what cannot be sent is refused where it stands."""

import inspect
from pathlib import Path
from typing import Any

import pytest

from contract_tests.client import other_contracts
from contract_tests.client.checkers import mypy
from contract_tests.client.other_contracts import contract
from scripts.codegen.partial import PartialContract

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
BEARER = {"type": "http", "scheme": "bearer"}
BASIC = {"type": "http", "scheme": "basic"}
OAUTH = {"type": "oauth2", "flows": {}}


def server(url: str, **variables: Any) -> dict[str, Any]:
    """A server with variables."""
    return {"url": url, "variables": variables}


def secured(scheme: dict[str, Any], *names: str) -> dict[str, Any]:
    """A contract with an operation that takes a scheme, beside others."""
    security: list[dict[str, list[str]]] = [{name: [] for name in names or ("a",)}]
    return contract({"/x": {"get": {"security": security}}}, {"a": scheme, "b": BEARER, "c": BASIC})


SCHEME, OF_OPERATION = "/components/securitySchemes/a", "/paths/~1x/get"

REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "digest": (
        secured({"type": "http", "scheme": "digest"}),
        SCHEME,
        "the client sends HTTP bearer and basic, not digest",
    ),
    "a header that is none": (secured({**KEY, "name": "X Key"}), f"{SCHEME}/name", "'X Key' is no name of a header"),
    "a cookie that is none": (
        secured({"type": "apiKey", "in": "cookie", "name": "a=b"}),
        f"{SCHEME}/name",
        "'a=b' is no name of a cookie",
    ),
    "a header of the framing": (
        secured({**KEY, "name": "Content-Length"}),
        f"{SCHEME}/name",
        "the header Content-Length is about the message, and no place for a key",
    ),
    "two in one place": (
        secured(KEY, "b", "c"),
        f"{OF_OPERATION}/security/0",
        "b and c would go to the same place of a request",
    ),
    "a server with a password": (
        contract({"/x": {"servers": [server("https://u:p@a.test")], "get": {}}}),
        "/paths/~1x/servers/0/url",
        "expected http://… or https://… without a user, query or fragment; got https://u:p@a.test",
    ),
    "a server with a query": (
        contract({"/x": {"get": {"servers": [server("https://a.test?a=b")]}}}),
        f"{OF_OPERATION}/servers/0/url",
        "expected http://… or https://… without a user, query or fragment; got https://a.test?a=b",
    ),
    "a port that is none": (
        contract({"/x": {"get": {"servers": [server("https://a.test:{p}", p={"default": "x"})]}}}),
        f"{OF_OPERATION}/servers/0/url",
        "expected http://… or https://… without a user, query or fragment; got https://a.test:x",
    ),
    "a default outside the enum": (
        contract({"/x": {"get": {"servers": [server("https://{p}", p={"default": "a", "enum": ["b", "c"]})]}}}),
        f"{OF_OPERATION}/servers/0/variables/p/default",
        "expected one of b, c, as enum says",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_sent_is_refused_by_place(name: str, tmp_path: Path) -> None:
    """The pointer and the reason are told, and of the other operations a client can be had."""
    document, pointer, reason = REFUSED[name]
    document = {**document, "paths": {**document["paths"], **contract({"/fine": {"get": {}}})["paths"]}}
    partial = PartialContract(document)
    assert [(each.pointer, each.reason) for each in partial.faults] == [(pointer, reason)]
    assert list(partial.refused) == ["GET /x"]
    other_contracts.write(partial.document(), tmp_path / "rest")


# Schemes that operations use, in the contract's order, and the arguments that they become.
NAMED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "the first bearer token": ({"k": KEY, "one": BEARER, "two": BEARER}, ["k", "bearer_token", "two"]),
    "a bearer token before OAuth": ({"signIn": OAUTH, "one": BEARER}, ["sign_in", "bearer_token"]),
    "OAuth alone": ({"signIn": OAUTH, "again": OAUTH}, ["bearer_token", "again"]),
    "a key of that name": ({"bearerToken": KEY, "one": BEARER}, ["bearer_token_", "bearer_token"]),
    "options": ({"timeout": KEY, "self": BASIC, "serverVariables": BEARER}, ["timeout_", "self_", "bearer_token"]),
    "words of Python": ({"class": KEY, "2fa": BASIC, "X-Y": KEY, "x_y": KEY}, ["class_", "field_2fa", "x_y", "x_y_"]),
    "a reference": ({"k": {"$ref": "#/components/securitySchemes/other"}, "other": KEY}, ["k", "other"]),
    "certificates": ({"c": {"type": "mutualTLS"}}, []),
}


@pytest.mark.parametrize("name", NAMED)
def test_schemes_are_arguments_by_their_names(name: str, tmp_path: Path) -> None:
    """Each scheme is an argument by a name that is free, in the contract's order; a bearer token is `bearer_token`."""
    schemes, expected = NAMED[name]
    document = contract({"/x": {"get": {"security": [{each: []} for each in schemes]}}}, schemes)
    package = other_contracts.client_of(
        document, tmp_path / "client", f"roark_client_of_names_{list(NAMED).index(name)}"
    )
    for kind in (package.Roark, package.AsyncRoark):
        for method in (kind.__init__, kind.with_options):
            arguments = list(inspect.signature(method).parameters)
            assert arguments[1 : arguments.index("base_url")] == expected


CALLS = """
from roark_client import AsyncRoark, Roark

Roark(key="k", login=("u", "p"), server_variables={"region": "us", "base": "x"}).with_options(key="k")
AsyncRoark(server_variables={"region": "eu"}).with_options(login=("u", "p"), server_variables={"base": "y"})
Roark(key=5)  # wrong
Roark(login="u")  # wrong
Roark(login=("u", "p", "q"))  # wrong
Roark(bearer_token="t")  # wrong
Roark(server_variables={"region": "mars"})  # wrong
AsyncRoark(server_variables={"regoin": "us"})  # wrong
Roark(server_variables={"base": 5})  # wrong
Roark().with_options(sign_in="t")  # wrong
"""


@pytest.mark.whole_run
@pytest.mark.same_everywhere
def test_type_checker_knows_them(tmp_path: Path) -> None:
    """A type checker at its strictest sees a wrong credential or server variable, and passes the package itself."""
    document = contract(
        {"/x": {"get": {"security": [{"key": [], "login": []}]}}},
        {"key": KEY, "login": BASIC},
        servers=[
            server(
                "https://{region}.test/{base}", region={"default": "eu", "enum": ["eu", "us"]}, base={"default": "v1"}
            )
        ],
    )
    folder = other_contracts.write(document, tmp_path / "client")
    (folder / "calls.py").write_text(CALLS, encoding="utf-8")
    wrong = [number for number, line in enumerate(CALLS.splitlines(), 1) if line.endswith("# wrong")]
    found = mypy(tmp_path / "cache", [folder / "roark_client", folder / "calls.py"])
    assert {path: list(lines) for path, lines in found.items()} == {folder / "calls.py": wrong}


def test_what_is_generated_is_the_same_each_time(tmp_path: Path) -> None:
    """The same contract gives the same bytes."""
    document = contract(
        {"/x": {"get": {"security": [{"c": [], "a": []}, {"b": []}], "servers": [server("https://b.test")]}}},
        {"a": KEY, "b": BEARER, "c": BASIC},
        servers=[server("https://{one}.{two}.test", two={"default": "2"}, one={"default": "1"})],
    )
    folders = [other_contracts.write(document, tmp_path / name) for name in ("one", "two")]
    one, two = ({path.relative_to(each): path.read_bytes() for path in each.rglob("*.py")} for each in folders)
    assert one == two
