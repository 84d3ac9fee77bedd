"""The generated client is what the contract says."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests import intent, judge
from contract_tests.evidence import CONTRACT_CLIENT, Evidence
from contract_tests.proof import client, credentials
from contract_tests.proof.about import About, Need, Pace
from contract_tests.proof.breaches import refused_places
from contract_tests.proof.held import unheld, unheld_fields, unheld_parameters
from contract_tests.proof.parametrized import all_operations, operations
from contract_tests.proof.places import found_at, way_to
from contract_tests.proof.same_value import NOTHING, differences, to_the_microsecond
from contract_tests.proof.values import broken
from contract_tests.proof.variants import variants
from contract_tests.subject import chosen
from scripts.codegen import generator, output
from scripts.contract import ANNOTATIONS, Operation, json_pointer, named_examples, pointer_parts

ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT}, pace=Pace.BRISK)

NO_VALUE = "no value that surely fits was found"

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
    for name in chosen().contract.document.get("components", {}).get("schemas", {}):
        pointer = json_pointer(["components", "schemas", name])
        schema = judge.follow(judge.schema(pointer))
        if judge.place_of(pointer) != pointer or _wraps_another(judge.value_at(pointer)):
            continue
        if judge.is_open_enum(schema):
            _compare_enum(pointer, schema["enum"], evidence)
        elif "properties" in schema and not judge.members(schema):
            _compare_fields(pointer, schema, evidence)


def test_every_model_is_of_the_contract(evidence: Evidence) -> None:
    """The client has a model for each class that the contract gives, with the values of its enum, and no other."""
    expected, there = client.expected_models(), client.models_there()
    for module, pointer in expected.items():
        evidence.case()
        place = f"openapi.yaml#{pointer}"
        if module not in there:
            message = f"the client has no module {module}"
            evidence.drift(operation=judge.operations_at(pointer), place=place, message=message)
        elif judge.is_open_enum(schema := judge.follow(judge.schema(pointer))):
            _compare_enum(pointer, schema["enum"], evidence)
    for module in sorted(there - expected.keys()) if expected else ():
        message = "the client has this module, and the contract no such schema"
        evidence.drift(operation=None, place=f"generated/{module.replace('.', '/')}.py", message=message)


@all_operations
def test_every_operation_is_held(operation: Operation, evidence: Evidence) -> None:
    """Of each operation requests and replies can be made that the contract surely allows; else it is named."""
    evidence.case()
    for pointer in (*unheld(operation), *unheld_parameters(operation)):
        evidence.cannot_hold(f"openapi.yaml#{pointer}", NO_VALUE)
    for place in unheld_fields(operation):
        evidence.cannot_hold(place, NO_VALUE)


def test_what_no_client_is_held_to_is_named(evidence: Evidence) -> None:
    """Each keyword is named that only narrows what fits, and that a client does not look at."""
    for pointer in intent.unheld(chosen().contract.document):
        evidence.cannot_hold(f"openapi.yaml#{pointer}", "the client takes the keyword for words to a reader")


@all_operations
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
    _compare_parameters(operation, evidence)
    tag, method = client.method_of(operation)
    for name in ("Roark", "AsyncRoark") if client.is_ours() else ():
        with_tag = getattr(importlib.import_module("roark_client"), name)(
            **credentials.given("t"), base_url="http://127.0.0.1"
        )
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{operation.pointer}",
            what=f"{name}.{tag}.{method} is callable",
            expected=True,
            actual=callable(getattr(getattr(with_tag, tag, None), method, None)),
        )


def _compare_parameters(operation: Operation, evidence: Evidence) -> None:
    """The generated functions take the parameters of the contract, and no other beside the client and the body."""
    taken = inspect.signature(client.call_module(operation).sync_detailed).parameters
    names = client.parameter_names(operation)
    for parameter, name in names.items():
        is_required = name in taken and taken[name].default is inspect.Parameter.empty
        evidence.compare(
            operation=operation.label,
            place=f"openapi.yaml#{parameter.pointer}",
            what=f"the argument {name} has to be given",
            expected=parameter.is_required,
            actual=is_required if name in taken else "no such argument",
        )
    for name in taken.keys() - {"client", "body", *names.values()}:
        message = f"the client takes an argument {name}, and the contract has no such parameter"
        evidence.drift(operation=operation.label, place=f"openapi.yaml#{operation.pointer}", message=message)


@operations
def test_examples_survive_the_client(operation: Operation, evidence: Evidence) -> None:
    """Each example, read into the client's models and written again, is the same value."""
    for sent, schema, model in client.models(operation):
        media = schema.removesuffix("/schema")
        for name, example in named_examples(chosen().contract.document, judge.value_at(media)).items():
            if not judge.is_valid(schema, example["value"]):
                continue
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
        for variant in variants(schema):
            parts = pointer_parts(variant.pointer)
            way = way_to(judge.schema(schema), variant.value, parts)
            if not (variant.fits and way) or found_at(variant.value, parts) is NOTHING:
                continue
            if not all(judge.fits(judge.as_reply(schema), each) for each in (variant.whole, variant.value)):
                continue  # a request that lacks what only replies have
            *holders, (parent, name) = way
            if name not in client.attributes(parent):
                continue
            evidence.case()
            place = f"{sent}#{variant.pointer}"
            try:
                one, other = model.from_dict(variant.whole), model.from_dict(variant.value)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is drift
                message = f"the client cannot read what fits: {type(error).__name__}: {error!s:.100}"
                evidence.drift(operation=operation.label, place=place, message=message, kind="read")
                continue
            is_same_in_python = variant.whole == variant.value  # as are 1 and true
            if one == other and not is_same_in_python and list(differences(variant.whole, variant.value, same=_alike)):
                evidence.drift(operation=operation.label, place=place, message="models that differ are equal")
            attribute = client.attributes(parent)[name]
            setattr(client.within(one, holders), attribute, getattr(client.within(other, holders), attribute))
            if one != other:
                evidence.drift(operation=operation.label, place=place, message="models that say the same differ")
            for pointer, expected, actual in differences(other.to_dict(), one.to_dict(), same=_alike):
                message = f"set to {expected!r:.100}, it is written as {actual!r:.100}"
                evidence.drift(operation=operation.label, place=f"{sent}#{pointer}", message=message, kind="set")


@operations
def test_model_of_what_breaks_the_contract_cannot_be_made(operation: Operation, evidence: Evidence) -> None:
    """No model is made of what breaks the contract: not by its constructor and, where required, not by reading."""
    for sent, schema, model in client.models(operation):
        for value, wrong in broken(schema):
            if not isinstance(value, dict):
                continue
            names = client.attributes(judge.only(judge.schema(schema)))
            arguments = {names.get(str(name), str(name)): each for name, each in value.items()}
            makes: list[tuple[str, Callable[[], object]]] = []
            if client.is_ours() and sent == "request" and not any(each.passthrough for each in wrong):
                makes.append(("the constructor", lambda: model(**arguments)))  # noqa: B023
            if any(each.optional is None and not (each.unknown_value or each.in_union) for each in wrong):
                makes.append(("from_dict", lambda: model.from_dict(value)))  # noqa: B023
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
            wrong = list(refused_places(schema, variant.value))
            is_other = any(each.unknown_value or each.in_union or each.optional != variant.pointer for each in wrong)
            way = way_to(judge.schema(schema), variant.value, pointer_parts(variant.pointer))
            if variant.fits or is_other or way is None:
                continue
            evidence.case()
            read = model.from_dict(variant.value)
            *holders, (parent, name) = way
            setattr(client.within(read, holders), client.attributes(parent)[name], None)
            for pointer, reason in judge.violations(schema, read.to_dict()):
                message = f"a misfit is still written after it was set to None: {reason}"
                evidence.drift(operation=operation.label, place=f"reply#{pointer}", message=message)


def _alike(one: Any, other: Any) -> bool:
    """Whether two scalars say the same; a UUID may be written in lower case."""
    are_texts = isinstance(one, str) and isinstance(other, str)
    return to_the_microsecond(one, other) or (are_texts and one.lower() == other.lower())


def _wraps_another(stated: Any) -> bool:
    """Whether a schema adds nothing to a single other one, and so has no class of its own."""
    keywords = {key for key in stated if key not in ANNOTATIONS} if isinstance(stated, dict) else set[str]()
    return keywords == {"allOf"} and len(stated["allOf"]) == 1


def _compare_enum(pointer: str, values: list[Any], evidence: Evidence) -> None:
    operation, place = judge.operations_at(pointer), f"openapi.yaml#{pointer}/enum"
    expected = sorted(each for each in values if each is not None)
    actual = sorted(member.value for member in client.class_at(pointer))
    evidence.compare(operation=operation, place=place, what="values in the client", expected=expected, actual=actual)


def _compare_fields(pointer: str, schema: judge.Schema, evidence: Evidence) -> None:
    operation, place = judge.operations_at(pointer), f"openapi.yaml#{pointer}"
    fields = client.required_fields(client.class_at(pointer))
    for wire_name, name in client.attributes(schema).items():
        at = f"{place}{json_pointer(['properties', wire_name])}"
        stated = judge.follow(schema.get("properties", {}).get(wire_name, True))
        field = fields.pop(name, None)
        evidence.compare(
            operation=operation, place=at, what="is in the client", expected=True, actual=field is not None
        )
        if field is not None and not {"readOnly", "writeOnly"} & stated.keys():
            expected, actual = wire_name in schema.get("required", ()), field
            evidence.compare(
                operation=operation, place=at, what="required in the client", expected=expected, actual=actual
            )
    for left in fields:
        evidence.drift(operation=operation, place=place, message=f"the client has a field {left}, the contract has not")
