"""The generated client is what the contract says."""

import importlib
from pathlib import Path

import pytest

from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client, judge
from contract_tests.proof.same_value import differences
from contract_tests.subject import Operation, chosen
from scripts.codegen import generator, output
from scripts.codegen.contract import json_pointer

PAIR = CONTRACT_CLIENT

CALLS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")

operations = pytest.mark.parametrize("operation", chosen().operations, ids=lambda operation: operation.label)


def test_client_is_generated_from_the_contract(tmp_path: Path, evidence: Evidence) -> None:
    """The client is to the byte what the generator makes of the contract."""
    subject = chosen()
    fresh = tmp_path / "generated"
    generator.write_client(subject.contract, fresh)
    sources = generator.sources_of_files(subject.contract)
    for path in fresh.rglob("*"):
        evidence.cases += path.is_file()
    for file in output.stale_files(subject.client, fresh):
        source = sources.get(file.path, "")
        origin = f" (from openapi.yaml#{source})" if source else ""
        message = f"{file.state}{origin}; scripts/generate --check shows the difference"
        evidence.drift(operation=judge.operations_at(source), place=f"generated/{file.path}", message=message)


def test_every_schema_is_in_the_client(evidence: Evidence) -> None:
    """Each field, each `required` and each enum value of the contract is in the client, and no other."""
    for name, schema in chosen().contract.document.get("components", {}).get("schemas", {}).items():
        if "enum" in schema:
            _compare_enum(name, schema["enum"], evidence)
        elif "properties" in schema:
            _compare_fields(name, schema, evidence)


@operations
def test_every_operation_can_be_called(operation: Operation, evidence: Evidence) -> None:
    """Each operation has its four generated functions, and its method of both clients where there are such."""
    module = client.call_module(operation)
    for call in CALLS:
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{operation.pointer}",
            what=f"{module.__name__}.{call} is callable",
            expected=True,
            actual=callable(getattr(module, call, None)),
        )
    tag, method = client.method_of(operation)
    for name in ("Roark", "AsyncRoark") if client.is_ours() else ():
        with_tag = getattr(importlib.import_module("roark_client"), name)(bearer_token="t", base_url="http://127.0.0.1")
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{operation.pointer}",
            what=f"{name}.{tag}.{method} is callable",
            expected=True,
            actual=callable(getattr(getattr(with_tag, tag, None), method, None)),
        )


@operations
def test_examples_survive_the_client(operation: Operation, evidence: Evidence) -> None:
    """Each example, read into the client's models and written again, is the same value."""
    for sent, schema in (("request", operation.request_schema()), ("reply", operation.reply_schema("200"))):
        media = schema.removesuffix("/schema")
        model = client.model(judge.place_of(schema).rsplit("/", 1)[-1])
        for name, example in judge.value_at(media).get("examples", {}).items():
            evidence.case()
            place = f"openapi.yaml#{media}/examples/{name}/value"
            try:
                written = model.from_dict(example["value"]).to_dict()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is drift
                message = f"the client cannot read it: {type(error).__name__}: {error}"
                evidence.drift(operation=operation.label, place=place, message=message)
                continue
            for at, before, after in differences(example["value"], written):
                message = f"in the {sent}, {before!r} came out of the client as {after!r}"
                evidence.drift(operation=operation.label, place=place + at, message=message)


def _compare_enum(name: str, values: list[str], evidence: Evidence) -> None:
    pointer = json_pointer(["components", "schemas", name])
    operation, place = judge.operations_at(pointer), f"openapi.yaml#{pointer}/enum"
    expected, actual = sorted(values), sorted(member.value for member in client.model(name))
    evidence.compare(operation=operation, place=place, what="values in the client", expected=expected, actual=actual)


def _compare_fields(name: str, schema: judge.Schema, evidence: Evidence) -> None:
    pointer = json_pointer(["components", "schemas", name])
    operation, place = judge.operations_at(pointer), f"openapi.yaml#{pointer}"
    fields = client.required_fields(name)
    required = schema.get("required", [])
    for wire_name in schema["properties"]:
        at = f"{place}/properties/{wire_name}"
        field = fields.pop(client.python_name(wire_name), None)
        evidence.compare(
            operation=operation, place=at, what="is in the client", expected=True, actual=field is not None
        )
        if field is not None:
            expected, actual = wire_name in required, field
            evidence.compare(
                operation=operation, place=at, what="required in the client", expected=expected, actual=actual
            )
    for left in fields:
        evidence.drift(operation=operation, place=place, message=f"the client has a field {left}, the contract has not")
