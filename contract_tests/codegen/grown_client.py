"""A client generated from a few schemas: what it sends, what it reads, and what it tells of drift."""

import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx

from scripts import contract
from scripts.codegen import generator


def document_of(schemas: Mapping[str, Any]) -> dict[str, Any]:
    """A contract with an operation that takes each schema, and one that gives it."""
    paths = {}
    for number, name in enumerate(schemas):
        content = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}
        taken = {"requestBody": {"required": True, **content}, "responses": {"204": {"description": "Taken"}}}
        given = {"responses": {"200": {"description": "Given", **content}}}
        paths[f"/{name}"] = {
            "post": {"operationId": f"take {number}", "tags": ["Shapes"], **taken},
            "get": {"operationId": f"give {number}", "tags": ["Shapes"], **given},
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shapes", "version": "1.0.0"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "paths": paths,
        "components": {"schemas": dict(schemas)},
    }


def write(document: Mapping[str, Any], folder: Path) -> Path:
    """Write the client of a contract to `generated` in a folder, and give the package's place."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    parsed = contract.parse(folder / "openapi.json", text.encode())
    generator.write_client(parsed, folder / "generated")
    return folder / "generated" / generator.PACKAGE


@dataclass
class GrownClient:
    """The client of `document_of` some schemas, with a server that answers what it is told."""

    package: ModuleType
    names: list[str]
    """Of its schemas."""
    reply: Any = None
    request: Any = None
    told: list[str] = field(default_factory=list[str])
    """What `on_drift` was told of the last call: kind, pointer and expectation."""

    @classmethod
    def of(cls, schemas: Mapping[str, Any], folder: Path) -> "GrownClient":
        """The client of some schemas, written to a folder."""
        place = write(document_of(schemas), folder)
        name = f"client_of_{folder.name}_{len(sys.modules)}"
        spec = importlib.util.spec_from_file_location(
            name, place / "__init__.py", submodule_search_locations=[str(place)]
        )
        assert spec is not None
        assert spec.loader is not None
        package = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(package)
        return cls(package, [*schemas])

    def model(self, name: str) -> Any:
        """A class of its models."""
        return getattr(self.package.models, name)

    def sent(self, name: str, value: Any) -> Any:
        """The JSON that is sent where a caller gives a value."""
        self._call("take", name, body=value)
        return self.request

    def read(self, name: str, value: Any) -> Any:
        """What a JSON value reads as in a reply."""
        self.reply = value
        return self._call("give", name)

    def _call(self, verb: str, name: str, **arguments: Any) -> Any:
        self.told.clear()
        with self.package.Client(
            "http://127.0.0.1:9",
            httpx_args={"transport": httpx.MockTransport(self._answer)},
            on_drift=lambda event: self.told.append(f"{event.kind} {event.pointer}: {event.expected}"),
        ) as client:
            module = importlib.import_module(f"{self.package.__name__}.api.shapes.{verb}_{self.names.index(name)}")
            return module.sync(client=client, **arguments)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.request = json.loads(request.content) if request.content else None
        return (
            httpx.Response(204)
            if request.method == "POST"
            else httpx.Response(
                200, headers={"content-type": "application/json"}, content=json.dumps(self.reply).encode()
            )
        )
