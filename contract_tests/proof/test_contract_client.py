"""The generated client is what the contract says."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests import judge
from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.breaches import wrong_places
from contract_tests.proof.parametrized import operations
from contract_tests.proof.places import REMOVED, found_at
from contract_tests.proof.same_value import differences, to_the_microsecond
from contract_tests.proof.variants import complete, variants
from contract_tests.subject import chosen
from scripts.codegen import generator, output
from scripts.contract import Operation, json_pointer, named_examples, pointer_parts

ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT}, pace=Pace.BRISK)

CALLS = ("sync", "sync_detailed", "asyncio", "asyncio_detailed")


@pytest.mark.at_a_glance
@pytest.mark.of_our_bytes
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
    for sent, schema, model in client.models(operation):
        media = schema.removesuffix("/schema")
        for name, example in named_examples(chosen().contract.document, judge.value_at(media)).items():
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


@operations
def test_model_says_what_was_set(operation: Operation, evidence: Evidence) -> None:
    """A field that is set, and be it to None, is written as it was set and changes no other; models compare by it."""
    for sent, schema, model in client.models(operation):
        whole = complete(schema)
        for variant in variants(schema):
            *holders, name = pointer_parts(variant.pointer) or [""]
            if not variant.fits or name.isdecimal() or found_at(variant.value, [*holders, name]) is REMOVED:
                continue
            evidence.case()
            place = f"{sent}#{variant.pointer}"
            try:
                one, other = model.from_dict(whole), model.from_dict(variant.value)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is drift
                message = f"the client cannot read what fits: {type(error).__name__}: {error!s:.100}"
                evidence.drift(operation=operation.label, place=place, message=message, kind="read")
                continue
            if one == other and list(differences(whole, variant.value, same=_alike)):
                evidence.drift(operation=operation.label, place=place, message="models that differ are equal")
            attribute = client.python_name(name)
            setattr(_within(one, holders), attribute, getattr(_within(other, holders), attribute))
            if one != other:
                evidence.drift(operation=operation.label, place=place, message="models that say the same differ")
            for pointer, expected, actual in differences(other.to_dict(), one.to_dict(), same=_alike):
                message = f"set to {expected!r:.100}, it is written as {actual!r:.100}"
                evidence.drift(operation=operation.label, place=f"{sent}#{pointer}", message=message, kind="set")


@operations
def test_model_of_what_breaks_the_contract_cannot_be_made(operation: Operation, evidence: Evidence) -> None:
    """No model is made of what breaks the contract: not by its constructor and, where required, not by reading."""
    for sent, schema, model in client.models(operation):
        for variant in variants(schema):
            if variant.fits or not isinstance(variant.value, dict):
                continue
            wrong = list(wrong_places(schema, variant.value))
            arguments = {client.python_name(name): each for name, each in variant.value.items()}
            makes: list[tuple[str, Callable[[], object]]] = []
            if client.is_ours() and sent == "request" and not any(each.passthrough for each in wrong):
                makes.append(("the constructor", lambda: model(**arguments)))  # noqa: B023
            if any(each.optional is None and not each.unknown_value for each in wrong):
                makes.append(("from_dict", lambda: model.from_dict(variant.value)))  # noqa: B023
            for how, make in makes:
                evidence.case()
                try:
                    make()
                    message = f"{how} takes what breaks the contract"
                except (TypeError, ValueError):
                    continue
                except Exception as error:  # noqa: BLE001 - whatever it is, it says nothing to a caller
                    message = f"{how} stumbles over what breaks the contract: {type(error).__name__}: {error!s:.100}"
                place = f"{sent}#{wrong[0].pointer}"
                evidence.drift(operation=operation.label, place=place, message=message)


@operations
def test_misfit_that_is_set_to_none_is_gone(operation: Operation, evidence: Evidence) -> None:
    """What came for an optional field and does not fit is written no more once the field is set to None."""
    replies = [each for each in client.models(operation) if each[0] == "reply"]
    for _, schema, model in replies if client.is_ours() else ():
        for variant in variants(schema):
            wrong = list(wrong_places(schema, variant.value))
            if variant.fits or any(each.unknown_value or each.optional != variant.pointer for each in wrong):
                continue
            evidence.case()
            read = model.from_dict(variant.value)
            *holders, name = pointer_parts(variant.pointer)
            setattr(_within(read, holders), client.python_name(name), None)
            for pointer, reason in judge.violations(schema, read.to_dict()):
                message = f"a misfit is still written after it was set to None: {reason}"
                evidence.drift(operation=operation.label, place=f"reply#{pointer}", message=message)


def _within(model: Any, parts: list[str]) -> Any:
    """What a model holds at a place."""
    for part in parts:
        model = model[int(part)] if isinstance(model, list) else getattr(model, client.python_name(part))
    return model


def _alike(one: Any, other: Any) -> bool:
    """Whether two scalars say the same; a UUID may be written in lower case."""
    are_texts = isinstance(one, str) and isinstance(other, str)
    return to_the_microsecond(one, other) or (are_texts and one.lower() == other.lower())


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
