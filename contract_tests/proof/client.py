"""How the generated client is called for an operation of the contract, whatever its name and whatever generated it.

It may be ours, or what openapi-python-client writes by itself (`--client plain`): that has no facade, tells of no
drift, takes only its own models, and returns an error as it returns a success.
"""

import importlib
import inspect
import pkgutil
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
from openapi_python_client.strings import ClassName

from contract_tests import judge
from contract_tests.gate import gate_of, httpx_options
from contract_tests.proof.same_value import NOTHING
from contract_tests.server import REPLY_SECONDS
from contract_tests.subject import chosen
from scripts.codegen import generator
from scripts.codegen.names import CALL_NAMES, MODEL_NAMES, MODULE_NAMES, free, identifier
from scripts.codegen.operation_names import OperationName, operation_names
from scripts.contract import Operation, Parameter, pointer_parts, read_operations, root

_CALLED: dict[str, Any] = {}  # the contract that was asked for last, and what its operations are called

LOCATIONS = ("path", "query", "header", "cookie")  # in whose order the generator names parameters


@cache
def python_name(name: str) -> str:
    """The generator's Python name for a field, a tag or an operation."""
    return identifier(name)


@cache
def is_ours() -> bool:
    """Whether it is our client, and not what the generator writes by itself."""
    return hasattr(importlib.import_module("roark_client.errors"), "APIError")


def attributes(schema: judge.Schema) -> dict[str, str]:
    """The names in Python of the fields that a followed schema names, by those in JSON."""
    fields = schema.get("properties", {})
    taken = {*MODEL_NAMES, *MODULE_NAMES} if is_ours() else set[str]()
    found: dict[str, str] = {}
    for name in (*fields, *sorted({*schema.get("required", ())} - fields.keys())):
        # A name in Python that is another field's in JSON would be read as the other one.
        found[name] = free(identifier(name), taken | (fields.keys() - {name}))
        taken.add(found[name])
    return found


def call_module(operation: Operation) -> ModuleType:
    """The generated module of an operation; raises ImportError where there is none."""
    called = _called(operation)
    return importlib.import_module(f"roark_client.api.{called.tag}.{called.name}")


def method_of(operation: Operation) -> tuple[str, str]:
    """The attribute of `Roark`, and the method of that, which call an operation."""
    called = _called(operation)
    return called.attribute, called.method


def method(facade: Any, operation: Operation, *, raw: bool = False) -> Any:
    """The method of a client of the facade that calls an operation; with `raw`, the one that gives all of a reply."""
    called = _called(operation)
    resource = getattr(facade, called.attribute)
    return getattr(resource.with_raw_response if raw else resource, called.method)


def _called(operation: Operation) -> OperationName:
    """The generator's Python names for the tag of an operation, and for itself."""
    if _CALLED.get("document") is not operation.document:
        _CALLED["document"] = operation.document
        _CALLED["names"] = operation_names(read_operations(root(operation.document)))
    found: OperationName = _CALLED["names"][operation.label]
    return found


@lru_cache(maxsize=1_000)
def parameter_names(operation: Operation) -> dict[Parameter, str]:
    """The arguments of a call that are parameters, by the generator's Python names."""
    found: dict[Parameter, str] = {}
    for each in sorted(operation.parameters, key=lambda each: LOCATIONS.index(each.location)):
        found[each] = free(python_name(each.name), {*CALL_NAMES, *found.values()})
    return found


def field_names(operation: Operation) -> dict[str, str]:
    """The arguments of the facade's method that are fields of the request body, by their names in JSON."""
    taken = {*CALL_NAMES, *parameter_names(operation).values()} - {"body"}
    found: dict[str, str] = {}
    for wire, name in attributes(judge.only(judge.schema(operation.request_schema()))).items():
        found[wire] = free(name, taken)
        taken.add(found[wire])
    return found


def required_fields(model: Any) -> dict[str, bool]:
    """The fields of a model by their names in Python, and whether its constructor wants them."""
    parameters = inspect.signature(model).parameters.values()
    return {
        each.name: each.default is inspect.Parameter.empty
        for each in parameters
        if each.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    }


@dataclass(frozen=True)
class Outcome:
    """What a caller sees of a call: a reply, or an error that was raised or, in plain code, returned."""

    status: int | None = None
    """The status of the answer, if the caller is told."""
    reply: Any = None
    """The model that a success was read as."""
    content: bytes = b""
    """The bytes of the answer."""
    body: Any = None
    """What an answer other than a success says."""
    retry_after: float | None = None
    """How long the server asks to wait, in seconds."""
    error: Exception | None = None
    attempts: int | None = None
    """How many attempts a success took, if the caller is told."""


def is_bare(read: Any) -> bool:
    """Whether what was read holds no model, which alone keeps how a value was written."""
    return all(map(is_bare, read)) if isinstance(read, list) else not hasattr(read, "to_dict")


def written(value: Any) -> Any:
    """The JSON value that what was read is written as again."""
    if isinstance(value, list):
        return [written(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value.to_dict() if hasattr(value, "to_dict") else value


def connect(url: str, token: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
    """A generated client which ignores the environment's proxies and, unless told otherwise, sends once.

    `transport` is httpx's; `on_drift` and what else only our client knows is left out for plain code. What goes to
    another machine passes the gate.
    """
    arguments: dict[str, Any] = {"trust_env": False}
    if "transport" in options:
        arguments["transport"] = options.pop("transport")
    elif gate := gate_of(chosen()):
        gated = httpx_options(gate)
        options = {"timeout": gated.pop("timeout")} | options
        arguments |= gated
    if is_ours():
        options = {"timeout": REPLY_SECONDS, "max_retries": 0} | options
    else:
        options = {"timeout": options.get("timeout", httpx.Timeout(REPLY_SECONDS))}
    module = importlib.import_module("roark_client")
    return module.AuthenticatedClient(
        base_url=url, token=token, headers=headers or {}, verify_ssl=_tls(), httpx_args=arguments, **options
    )


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """One for all connections of a run: to make it takes longer than an upload."""
    return httpx.create_ssl_context(trust_env=False)


def given(operation: Operation, value: Any) -> Any:
    """A JSON body as the client takes it. Raises whatever the client's model raises that cannot hold it."""
    return value if is_ours() or value is NOTHING else request_model(operation).from_dict(value)


def request_model(operation: Operation) -> Any:
    """The generated class of an operation's request body, which has a name."""
    return class_at(operation.request_schema())


def models(operation: Operation) -> Iterator[tuple[str, str, Any]]:
    """What an operation sends and replies that is a named object: part, JSON pointer of the schema, generated class."""
    for part, pointer in judge.named_objects(operation):
        yield part, pointer, class_at(pointer)


def within(model: Any, way: Sequence[tuple[judge.Schema, str]]) -> Any:
    """What a model holds at a place, to which `way` leads."""
    for schema, key in way:
        if isinstance(model, list):
            model = model[int(key)]
        elif (name := attributes(schema).get(key)) is not None:
            model = getattr(model, name)
        else:
            model = model.additional_properties[key]
    return model


def class_at(pointer: str) -> Any:
    """The generated class of the object at a pointer of the contract, or of what that refers to, as callers import it.

    Raises AttributeError where there is none.
    """
    place, package = judge.place_of(pointer), importlib.import_module("roark_client.models")
    module = importlib.import_module(_modules().get(place, package.__name__))
    # Whatever it is called: one without a name, or whose name is another's or a reserved one, is after where it stands.
    own = [each for each in vars(module).values() if isinstance(each, type) and each.__module__ == module.__name__]
    found = [each for each in own if hasattr(each, "from_dict") or issubclass(each, Enum)]
    return getattr(package, found[0].__name__ if found else str(ClassName(pointer_parts(place)[-1], "field_")))


@cache
def _modules() -> dict[str, str]:
    """The generated module of each schema that has one, by its pointer."""
    return {pointer: module for module, pointer in expected_models().items()}


@cache
def expected_models() -> dict[str, str]:
    """The modules of models that a client of the contract has, each with the pointer of its schema."""
    if not is_ours():
        return {}
    sources = generator.sources_of_files(chosen().contract)
    return {
        path.removesuffix(".py").replace("/", "."): pointer for path, pointer in sources.items() if "/models/" in path
    }


def models_there() -> set[str]:
    """The modules of models that the client has."""
    package = importlib.import_module("roark_client.models")
    return {f"{package.__name__}.{each.name}" for each in pkgutil.iter_modules(package.__path__)}


def arguments(operation: Operation, body: Any, values: Mapping[Parameter, Any]) -> dict[str, Any]:
    """What a function of the lower layer is given beside the client: parameters, and a body unless it is NOTHING."""
    found = {name: values[each] for each, name in parameter_names(operation).items() if each in values}
    return found if body is NOTHING else {**found, "body": body}


def call(operation: Operation, connection: Any, body: Any, values: Mapping[Parameter, Any]) -> Any:
    """Call an operation; the generated `Response`. Raises the client's errors, httpx.TransportError for no answer."""
    with connection, _told_as_httpx():
        given_arguments = arguments(operation, given(operation, body), values)
        return call_module(operation).sync_detailed(client=connection, **given_arguments)


async def call_async(operation: Operation, connection: Any, body: Any, values: Mapping[Parameter, Any]) -> Any:
    """The same through the asynchronous half of the client."""
    async with connection:
        with _told_as_httpx():
            given_arguments = arguments(operation, given(operation, body), values)
            return await call_module(operation).asyncio_detailed(client=connection, **given_arguments)


def outcome(call: Callable[[], Any]) -> Outcome:
    """What becomes of a call that returns a generated `Response`."""
    try:
        return _outcome(call())
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller sees it
        return _failure(error)


def _outcome(response: Any) -> Outcome:
    if not hasattr(response, "status_code"):
        return Outcome(reply=response)
    status = int(response.status_code)
    if 200 <= status < 300:
        attempts = getattr(response, "attempts", None)
        return Outcome(status, reply=response.parsed, content=response.content, attempts=attempts)
    wait = response.headers.get("Retry-After", "")
    number = float(wait) if wait.replace(".", "", 1).isdigit() else None
    return Outcome(status, body=response.parsed, content=response.content, retry_after=number)


def _failure(error: Exception) -> Outcome:
    status, body, wait = (getattr(error, name, None) for name in ("status_code", "body", "retry_after"))
    content = getattr(getattr(error, "response", None), "content", b"")
    return Outcome(status, content=content, body=body, retry_after=wait, error=error)


@contextmanager
def _told_as_httpx() -> Iterator[None]:
    """A server that does not answer is noticed by httpx's errors, whichever client met it."""
    errors = importlib.import_module("roark_client.errors")
    if not is_ours():
        yield
        return
    try:
        yield
    except errors.APITimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except errors.APIConnectionError as error:
        raise httpx.TransportError(str(error)) from error
