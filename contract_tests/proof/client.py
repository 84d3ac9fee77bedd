"""How the generated client is called for an operation of the contract, whatever its name."""

import importlib
from functools import lru_cache
from types import ModuleType
from typing import Any, get_type_hints

import httpx
from openapi_python_client.strings import ClassName, PythonIdentifier

from contract_tests.server import REPLY_SECONDS
from contract_tests.subject import Operation


def python_name(name: str) -> str:
    """The generator's Python name for a field, a tag or an operation."""
    return str(PythonIdentifier(name, "field_"))


@lru_cache
def model(schema: str) -> Any:
    """The generated class of a named schema; raises AttributeError where there is none."""
    return getattr(importlib.import_module("roark_client.models"), str(ClassName(schema, "field_")))


def call_module(operation: Operation) -> ModuleType:
    """The generated module of an operation; raises ImportError where there is none."""
    tag = PythonIdentifier(operation.definition.get("tags", ["default"])[0], "tag")
    return importlib.import_module(f"roark_client.api.{tag}.{python_name(operation.definition['operationId'])}")


def body(operation: Operation, value: Any) -> Any:
    """A JSON request body as the generated class of the operation's body."""
    return get_type_hints(call_module(operation).sync_detailed)["body"].from_dict(value)


def connect(url: str, token: str, headers: dict[str, str] | None = None) -> Any:
    """A generated client for a loopback server, which ignores the environment's proxies."""
    module = importlib.import_module("roark_client")
    return module.AuthenticatedClient(
        base_url=url,
        token=token,
        headers=headers or {},
        timeout=httpx.Timeout(REPLY_SECONDS),
        httpx_args={"trust_env": False},
    )


def upload(operation: Operation, connection: Any, value: Any) -> Any:
    """Upload a body of the generated class; the generated `Response` with status, content and the parsed reply."""
    with connection:
        return call_module(operation).sync_detailed(client=connection, body=value)


async def upload_async(operation: Operation, connection: Any, value: Any) -> Any:
    """The same through the asynchronous half of the client."""
    async with connection:
        return await call_module(operation).asyncio_detailed(client=connection, body=value)
