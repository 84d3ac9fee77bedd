"""Calling every operation of a generated client, and comparing what is sent and read with what the contract says.

Runs by itself, with the client's folder on the path: `python -m scripts.benchmark.round_trip CONTRACT`.
"""

import asyncio
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from scripts.benchmark.growth import operations_of


class Recorder:
    """The other side: keeps the last request, gives the reply that is next."""

    def __init__(self) -> None:
        self.request = httpx.Request("GET", "http://127.0.0.1")
        self.reply = httpx.Response(204)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        self.request = request
        return self.reply


class Clients:
    """The imported client before a recorder: at a URL of its own, at the servers of the contract, and async."""

    def __init__(self, contract: Mapping[str, Any]) -> None:
        import roark_client  # the one under test, wherever it lies

        self.recorder = Recorder()
        self.drift: list[object] = []
        taken = signature(roark_client.Roark).parameters
        credentials = {name: value for name, value in contract["x-credentials"].items() if name in taken}
        options: dict[str, Any] = {**credentials, "base_url": "http://127.0.0.1:1", "on_drift": self.drift.append}
        http_client = httpx.Client(transport=httpx.MockTransport(self.recorder))
        async_http = httpx.AsyncClient(transport=httpx.MockTransport(self.recorder))
        self.sync: Any = roark_client.Roark(**options, http_client=http_client)
        self.at_its_servers: Any = roark_client.Roark(**{**options, "base_url": None}, http_client=http_client)
        self.asynchronous: Any = roark_client.AsyncRoark(**options, http_client=async_http)

    def call(self, client: Any, call: "Call", arguments: Mapping[str, Any]) -> Any:
        """What a call gives, by the reply that the contract expects of it."""
        self.recorder.reply = _reply(call.expected)
        result = getattr(getattr(client, call.tag), call.expected["method"])(**arguments)
        return asyncio.run(result) if client is self.asynchronous else result


class Call(NamedTuple):
    """A call of an operation, and what the contract expects of it."""

    label: str
    tag: str
    method: str
    expected: Mapping[str, Any]


def differences(contract: Mapping[str, Any]) -> Iterator[str]:
    """Every difference between what the contract says of a call and what the imported client does."""
    operations, clients = _operations(), Clients(contract)
    for method, raw in operations_of(dict(contract)):
        expected = raw["x-call"]
        tag = raw["tags"][0].lower().replace(" ", "_")
        call = Call(f"{method.upper()} {expected['request']['path']}", tag, method, expected)
        name = f"roark_client.api.{tag}.{expected['method']}"
        operation = operations.get(name) or operations.get(f"{name}_")
        if operation is None:
            yield f"{call.label}: no api.{tag}.{expected['method']}"
            continue
        spellings = _spellings(operation, expected["arguments"])
        yield from _wrong_server(clients, call, spellings["as JSON"], contract["servers"][0]["url"])
        for kind, arguments in spellings.items():
            for name, client in (("sync", clients.sync), ("async", clients.asynchronous)):
                yield from _wrong_call(clients, client, call, arguments, f"{call.label}, {name}, {kind}")
    yield from map(str, clients.drift)


def _operations() -> dict[str, Any]:
    """The operations of the imported client, by module."""
    import roark_client

    modules = pkgutil.walk_packages(roark_client.__path__, "roark_client.")
    found = {each.name: getattr(importlib.import_module(each.name), "OPERATION", None) for each in modules}
    return {name: operation for name, operation in found.items() if operation is not None}


def _wrong_server(clients: Clients, call: Call, arguments: Mapping[str, Any], server: str) -> Iterator[str]:
    clients.call(clients.at_its_servers, call, arguments)
    sent = str(clients.recorder.request.url).partition("?")[0]
    wanted = call.expected["request"].get("server", server) + call.expected["request"]["path"]
    if sent != wanted:
        yield f"{call.label}: sent to {sent}, not {wanted}"


def _wrong_call(clients: Clients, client: Any, call: Call, arguments: Mapping[str, Any], where: str) -> Iterator[str]:
    try:
        result = clients.call(client, call, arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a difference
        yield f"{where}: {type(error).__name__}: {error}"
        return
    yield from _wrong_request(where, call.method, call.expected["request"], clients.recorder.request)
    wanted = _value(call.expected.get("result", call.expected.get("reply")))
    if "reply" in call.expected and (read := _json(result)) != wanted:
        yield f"{where}: read {read!r}, not {wanted!r}"
    if "reply" not in call.expected and result is not None:
        yield f"{where}: read {result!r} from no body"


def _spellings(operation: Any, arguments: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments as JSON values, and as the objects that they read as."""
    from roark_client.notes import GivenNotes

    arguments = {name: _value(value) for name, value in arguments.items()}
    schemas = {parameter.name: parameter.schema for parameter in operation.parameters}
    body = operation.body.schema if operation.body else None
    if "body" in arguments and "body" not in schemas and not _fields(body):
        schemas["body"] = body
    for name, schema in _fields(body):
        schemas.setdefault(name, schema)
    read = {
        name: schemas[name].read(value, None, GivenNotes()) if name in schemas else value
        for name, value in arguments.items()
    }
    return {"as JSON": arguments, "as objects": read}


def _fields(schema: Any) -> list[tuple[str, Any]]:
    return [(each.name, each.schema) for each in schema.fields.properties] if hasattr(schema, "fields") else []


def _reply(expected: Mapping[str, Any]) -> httpx.Response:
    if "reply" not in expected:
        return httpx.Response(expected["status"])
    reply = _value(expected["reply"])
    content = _content(reply) if reply is not expected["reply"] else json.dumps(reply).encode()
    media_type = expected.get("reply_type", "application/json")
    return httpx.Response(expected["status"], headers={"content-type": media_type}, content=content)


def _value(value: Any) -> Any:
    """A value as it is, or the text or bytes that it stands for."""
    if isinstance(value, dict) and value.keys() == {"hex"}:
        return bytes.fromhex(value["hex"])
    return value["text"] if isinstance(value, dict) and value.keys() == {"text"} else value


def _content(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _wrong_request(where: str, method: str, expected: Mapping[str, Any], request: httpx.Request) -> Iterator[str]:
    path, _, query = request.url.raw_path.decode().partition("?")
    pairs = [list(pair) for pair in httpx.QueryParams(query).multi_items()]
    sent = {"method": request.method, "path": path, "query": pairs}
    wanted = {"method": method.upper(), "path": expected["path"], "query": expected.get("query", [])}
    for part, value in wanted.items():
        if sent[part] != value:
            yield f"{where}: sent the {part} {sent[part]!r}, not {value!r}"
    for name, value in {"Authorization": "Bearer test-token", **expected.get("headers", {})}.items():
        if request.headers.get(name) != value:
            yield f"{where}: sent {name}: {request.headers.get(name)!r}, not {value!r}"
    plain = {key: expected[key] for key in ("hex", "text") if key in expected}
    if plain and request.content != _content(_value(plain)):
        yield f"{where}: sent the body {request.content!r}, not {plain}"
    body = json.loads(request.content) if request.content and not plain else None
    if body != expected.get("json"):
        yield f"{where}: sent the body {body!r}, not {expected.get('json')!r}"


def _json(value: Any) -> Any:
    """What was read, as JSON again."""
    if isinstance(value, list):
        return [_json(each) for each in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def main() -> int:
    """Print the differences; exit code 1 where there are any."""
    found = list(differences(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    sys.stdout.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
