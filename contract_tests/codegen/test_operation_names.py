"""What an operation is called in Python: short where that is free, and never refused for a name that nobody gave it."""

import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from contract_tests.client.other_contracts import called, client_of
from contract_tests.client.scripted_server import ScriptedServer, reply
from scripts.codegen.operation_names import operation_names
from scripts.contract import parse, read_operations


def names_of(*operations: tuple[str, str | None, str | None]) -> dict[str, str]:
    """The attribute and method of each operation: of label, tag and operationId."""
    paths: dict[str, Any] = {}
    for label, tag, operation_id in operations:
        method, path = label.split()
        said: dict[str, Any] = {"responses": {"204": {"description": "Done"}}}
        said["parameters"] = [
            {"name": each, "in": "path", "required": True, "schema": {}} for each in re.findall(r"{(\w+)}", path)
        ]
        said |= {"tags": [tag]} if tag is not None else {}
        said |= {"operationId": operation_id} if operation_id is not None else {}
        paths.setdefault(path, {})[method.lower()] = said
    document = {"openapi": "3.1.0", "info": {"title": "Names", "version": "1"}, "paths": paths}
    contract = parse(Path("openapi.yaml"), json.dumps(document).encode())
    found = operation_names(read_operations(contract.root))
    return {label: f"{each.attribute}.{each.method}" for label, each in found.items()}


NAMES: dict[str, tuple[list[tuple[str, str | None, str | None]], list[str]]] = {
    "the words of the tag are left out": ([("GET /", "Things", "listThings")], ["things.list"]),
    "both are whole where the short ones collide": (
        [("GET /", "Users", "getUsers"), ("GET /a", "Users", "usersGet"), ("PUT /", "Users", "putUsers")],
        ["users.get_users", "users.users_get", "users.put"],
    ),
    "the one is whole that has more words": (
        [("GET /", "Things", "list"), ("GET /a", "Things", "listThings")],
        ["things.list", "things.list_things"],
    ),
    "one becomes whole since another does": (
        [("GET /", "A", "getA"), ("GET /a", "A", "aGet"), ("PUT /", "A", "get_a_a")],
        ["a.get_a", "a.a_get", "a.get_a_a"],
    ),
    "a short one that is reserved is whole": ([("GET /", "Things", "importThings")], ["things.import_things"]),
    "of other tags it is no matter": (
        [("GET /", "Users", "getUsers"), ("GET /a", "Dogs", "getDogs")],
        ["users.get", "dogs.get"],
    ),
    "without an operationId it is the place": ([("GET /things/{id}", "Users", None)], ["users.get_things_id"]),
    "two places of one name have a number": (
        [("GET /a/{b}", None, None), ("GET /a/b", None, None), ("GET /a-b", None, None)],
        ["default.get_a_b", "default.get_a_b_2", "default.get_a_b_3"],
    ),
    "a place gives way to an operationId": (
        [("GET /a", None, None), ("PUT /a", None, "getA"), ("POST /a", None, "get_a_2")],
        ["default.get_a_3", "default.get_a", "default.get_a_2"],
    ),
    "tags that are one word are one": (
        [("GET /", "user", "a"), ("GET /a", "User", "b"), ("GET /b", "user-", "c")],
        ["user.a", "user.b", "user.c"],
    ),
    "a tag that a client has for itself": (
        [("GET /", "Close", "a"), ("GET /a", "copy", "b"), ("GET /b", "Timeout", "c"), ("GET /c", "made once", "d")],
        ["close_.a", "copy_.b", "timeout_.c", "made_once_.d"],
    ),
    "a tag that is a keyword or nothing": (
        [("GET /", "class", "a"), ("GET /a", "", "b"), ("GET /b", "2nd", "c")],
        ["class_.a", "default.b", "tag2nd.c"],
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_operations_have_the_shortest_name_that_is_free(name: str) -> None:
    """Shortened by the words of its tag, whole where that collides, else named after its place with a number."""
    operations, expected = NAMES[name]
    found = names_of(*operations)
    assert [found[label] for label, _, _ in operations] == expected


def an_operation(**said: Any) -> dict[str, Any]:
    """An operation that is answered by a text."""
    content = {"application/json": {"schema": {"type": "string"}}}
    return {"responses": {"200": {"description": "It", "content": content}}, **said}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """A client with such names."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Names", "version": "1"},
        "paths": {
            "/a/{b}": {
                "parameters": [{"name": "b", "in": "path", "required": True, "schema": {"type": "string"}}],
                "get": an_operation(),
            },
            "/a/b": {"get": an_operation()},
            "/close": {"get": an_operation(tags=["Close"], operationId="closeNow")},
            "/user": {"get": an_operation(tags=["user"], operationId="getUser")},
            "/users": {"get": an_operation(tags=["User"], operationId="userGet")},
        },
    }
    return client_of(document, tmp_path_factory.mktemp("names"), "client_of_names")


@pytest.mark.parametrize("way", ["Roark", "AsyncRoark"])
def test_each_is_called_by_its_name(client: ModuleType, way: str) -> None:
    """Each of them is called, through the facade and the raw one, at its own path."""
    with ScriptedServer((reply(200, b'"a"'),)) as server:
        assert called(client, way, server.url, "default.get_a_b", "c") == "a"
        for method in ("default.get_a_b_2", "close_.now", "user.get_user", "user.user_get"):
            assert called(client, way, server.url, method) == "a"
    paths = [each.line.split()[1] for each in server.received]
    assert paths == ["/a/c", "/a/b", "/close", "/user", "/users"]


@pytest.mark.parametrize("way", ["sync", "asyncio"])
def test_lower_layer_has_the_whole_names(client: ModuleType, way: str) -> None:
    """In the lower layer each is a module below that of its tag, which needs no underscore."""
    with ScriptedServer((reply(200, b'"a"'),)) as server:
        for module in ("default.get_a_b_2", "close.close_now", "user.get_user", "user.user_get"):
            assert called(client, way, server.url, module) == "a"
    assert [each.line.split()[1] for each in server.received] == ["/a/b", "/close", "/user", "/users"]
