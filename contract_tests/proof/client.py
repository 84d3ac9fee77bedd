"""How the generated client is called for an operation of the contract, whatever its name."""

import importlib
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType
from typing import Any

import httpx
from openapi_python_client.strings import ClassName, PythonIdentifier

from contract_tests.gate import gate_of, httpx_options
from contract_tests.server import REPLY_SECONDS
from contract_tests.subject import Operation, chosen
from scripts.codegen.names import method_name


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


def method_of(operation: Operation) -> tuple[str, str]:
    """The attribute of `Roark`, and the method of that, which call an operation."""
    tag = str(PythonIdentifier(operation.definition.get("tags", ["default"])[0], "tag"))
    return tag, method_name(python_name(operation.definition["operationId"]), tag)


def required_fields(schema: str) -> dict[str, bool]:
    """The fields of a model by their names in Python, and whether its constructor wants them."""
    parameters = inspect.signature(model(schema)).parameters.values()
    return {
        each.name: each.default is inspect.Parameter.empty
        for each in parameters
        if each.kind is inspect.Parameter.KEYWORD_ONLY
    }


def status_error() -> type[Exception]:
    """The generated class of an answer other than 2xx."""
    error: type[Exception] = importlib.import_module("roark_client.errors").APIStatusError
    return error


def connect(url: str, token: str, headers: dict[str, str] | None = None) -> Any:
    """A generated client which ignores the environment's proxies and sends once; to another machine, past no gate."""
    module = importlib.import_module("roark_client")
    gate = gate_of(chosen())
    gated = {} if gate is None else httpx_options(gate)
    return module.AuthenticatedClient(
        base_url=url,
        token=token,
        headers=headers or {},
        timeout=gated.pop("timeout", REPLY_SECONDS),
        max_retries=0,
        httpx_args={"trust_env": False, **gated},
    )


def upload(operation: Operation, connection: Any, value: Any) -> Any:
    """Upload a JSON body; the generated `Response`. Raises an APIStatusError, or httpx.TransportError for no answer."""
    with connection, _told_as_httpx():
        return call_module(operation).sync_detailed(client=connection, body=value)


async def upload_async(operation: Operation, connection: Any, value: Any) -> Any:
    """The same through the asynchronous half of the client."""
    async with connection:
        with _told_as_httpx():
            return await call_module(operation).asyncio_detailed(client=connection, body=value)


@contextmanager
def _told_as_httpx() -> Iterator[None]:
    """A server that does not answer is noticed by httpx's errors, whichever client met it."""
    errors = importlib.import_module("roark_client.errors")
    try:
        yield
    except errors.APITimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except errors.APIConnectionError as error:
        raise httpx.TransportError(str(error)) from error
