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
from typing import Any

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


def differences(contract: Mapping[str, Any]) -> Iterator[str]:
    """Every difference between what the contract says of a call and what the imported client does."""
    import roark_client  # the one under test, wherever it lies

    modules = pkgutil.walk_packages(roark_client.__path__, "roark_client.")
    operations = {}
    for module in modules:
        operation = getattr(importlib.import_module(module.name), "OPERATION", None)
        if operation is not None:
            operations[module.name] = operation
    recorder = Recorder()
    drift: list[object] = []
    taken = signature(roark_client.Roark).parameters
    credentials = {name: value for name, value in contract["x-credentials"].items() if name in taken}
    options: dict[str, Any] = {**credentials, "base_url": "http://127.0.0.1:1", "on_drift": drift.append}
    http_client = httpx.Client(transport=httpx.MockTransport(recorder))
    client: Any = roark_client.Roark(**options, http_client=http_client)
    at_its_servers: Any = roark_client.Roark(**{**options, "base_url": None}, http_client=http_client)
    async_http = httpx.AsyncClient(transport=httpx.MockTransport(recorder))
    async_client: Any = roark_client.AsyncRoark(**options, http_client=async_http)
    for method, raw in operations_of(dict(contract)):
        expected = raw["x-call"]
        label = f"{method.upper()} {expected['request']['path']}"
        tag = raw["tags"][0].lower().replace(" ", "_")
        name = f"roark_client.api.{tag}.{expected['method']}"
        operation = operations.get(name) or operations.get(f"{name}_")
        if operation is None:
            yield f"{label}: no api.{tag}.{expected['method']}"
            continue
        recorder.reply = _reply(expected)
        _, arguments = next(_spellings(operation, expected["arguments"]))
        getattr(getattr(at_its_servers, tag), expected["method"])(**arguments)
        sent = str(recorder.request.url).partition("?")[0]
        wanted = expected["request"].get("server", contract["servers"][0]["url"]) + expected["request"]["path"]
        if sent != wanted:
            yield f"{label}: sent to {sent}, not {wanted}"
        for kind, arguments in _spellings(operation, expected["arguments"]):
            for one, name in ((client, "sync"), (async_client, "async")):
                recorder.reply = _reply(expected)
                try:
                    called = getattr(getattr(one, tag), expected["method"])(**arguments)
                    result = asyncio.run(_awaited(called)) if name == "async" else called
                except Exception as error:  # noqa: BLE001 - whatever it is, it is a difference
                    yield f"{label}, {name}, {kind}: {type(error).__name__}: {error}"
                    continue
                where = f"{label}, {name}, {kind}"
                yield from _wrong_request(where, method, expected["request"], recorder.request)
                wanted = _value(expected.get("result", expected.get("reply")))
                if "reply" in expected and (written := _json(result)) != wanted:
                    yield f"{where}: read {written!r}, not {wanted!r}"
                if "reply" not in expected and result is not None:
                    yield f"{where}: read {result!r} from no body"
    yield from map(str, drift)


def _spellings(operation: Any, arguments: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The arguments as JSON values, and as the objects that they read as."""
    arguments = {name: _value(value) for name, value in arguments.items()}
    yield "as JSON", arguments
    from roark_client.notes import GivenNotes

    schemas = {parameter.name: parameter.schema for parameter in operation.parameters}
    body = operation.body.schema if operation.body else None
    if "body" in arguments and "body" not in schemas and not _fields(body):
        schemas["body"] = body
    for name, schema in _fields(body):
        schemas.setdefault(name, schema)
    yield (
        "as objects",
        {
            name: schemas[name].read(value, None, GivenNotes()) if name in schemas else value
            for name, value in arguments.items()
        },
    )


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


async def _awaited(called: Any) -> Any:
    return await called


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
    other = {key: expected[key] for key in ("hex", "text") if key in expected}
    if other and request.content != _content(_value(other)):
        yield f"{where}: sent the body {request.content!r}, not {other}"
    body = json.loads(request.content) if request.content and not other else None
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
