"""Clients of other contracts than ours, beside it in one process."""

import asyncio
import json
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from scripts.codegen import generator
from scripts.contract import METHODS, parse

WAYS = ("Roark", "AsyncRoark", "sync", "asyncio")


def contract(paths: dict[str, Any], schemes: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    """A contract, of whose operations only what is under test has to be said."""
    reply = {"200": {"description": "It", "content": {"application/json": {"schema": {}}}}}
    for path, item in paths.items():
        for method in item.keys() & set(METHODS):
            usual = {"operationId": f"{method}-{path.strip('/')}", "tags": ["Things"], "responses": reply}
            item[method] = usual | item[method]
    components = {"components": {"securitySchemes": schemes}} if schemes is not None else {}
    return {"openapi": "3.1.0", "info": {"title": "Other", "version": "1"}, "paths": paths, **components, **said}


def write(document: Mapping[str, Any], folder: Path) -> Path:
    """The folder, below another, that the client of a contract is written into."""
    folder.mkdir(exist_ok=True)
    generated = folder / "generated"
    generator.write_client(parse(folder / "openapi.yaml", json.dumps(document).encode()), generated)
    return generated


def imported(generated: Path, name: str) -> ModuleType:
    """The client in a folder, under a name of its own."""
    package = generated / generator.PACKAGE
    spec = spec_from_file_location(name, package / "__init__.py", submodule_search_locations=[str(package)])
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def client_of(document: Mapping[str, Any], folder: Path, name: str) -> ModuleType:
    """The client of a contract, written below a folder, and imported under a name of its own."""
    return imported(write(document, folder), name)


def called(module: ModuleType, way: str, url: str, operation: str, *path: Any, **arguments: Any) -> Any:
    """What a call of `tag.method` gives: through the facade or the lower layer, sync or async, without a retry.

    `options` are those of the client. Raises what the client raises.
    """
    tag, _, method = operation.partition(".")
    options = {"base_url": url, "max_retries": 0, **arguments.pop("options", {})}
    if way == "Roark":
        with module.DefaultHttpxClient(verify=False) as http:  # to read certificates takes longer than the call
            client = module.Roark(bearer_token="token", http_client=http, **options)
            return getattr(getattr(client, tag), method)(*path, **arguments)
    if way == "AsyncRoark":

        async def call() -> Any:
            async with module.DefaultAsyncHttpxClient(verify=False) as http:
                client = module.AsyncRoark(bearer_token="token", http_client=http, **options)
                return await getattr(getattr(client, tag), method)(*path, **arguments)

        return asyncio.run(call())

    function = getattr(import_module(f"{module.__name__}.api.{tag}.{method}"), way)
    lower = module.AuthenticatedClient(token="token", verify_ssl=False, **options)
    if way == "sync":
        with lower:
            return function(*path, client=lower, **arguments)

    async def call_lower() -> Any:
        async with lower:
            return await function(*path, client=lower, **arguments)

    return asyncio.run(call_lower())
