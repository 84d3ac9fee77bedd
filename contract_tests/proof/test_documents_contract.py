"""The contract says what the vendor's pages say."""

from collections.abc import Sequence

import pytest

from contract_tests.documents import PLACEHOLDER, Document, Field, read_documents
from contract_tests.evidence import DOCUMENTS_CONTRACT, Evidence
from contract_tests.proof import judge
from contract_tests.proof.same_value import differences
from contract_tests.subject import Operation, chosen
from scripts.codegen.contract import json_pointer

PAIR = DOCUMENTS_CONTRACT

DOCUMENTS = read_documents()

TYPES = {"enum<string>": "string", "object[]": "array"}  # the pages' words for a JSON Schema type

documents = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


@documents
def test_documented_operation_is_in_the_contract(document: Document, evidence: Evidence) -> None:
    """Each documented operation stands in the contract and answers 200."""
    operation = _operation(document, evidence)
    if operation is None:
        return
    evidence.case()
    if "200" not in operation.statuses:
        place = f"openapi.yaml#{operation.pointer}/responses"
        evidence.drift(operation=document.operation, place=place, message="the documented status 200 is missing")


@documents
def test_documented_server_and_token_are_stated(document: Document, evidence: Evidence) -> None:
    """Each operation is at the documented server and asks for a bearer token, as the page shows it."""
    operation = _operation(document, evidence)
    if operation is None:
        return
    contract = chosen().contract.document
    if document.server:
        servers = [server["url"] for server in contract.get("servers", [])]
        place = "openapi.yaml#/servers"
        evidence.compare(
            operation=document.operation, place=place, what="servers", expected=[document.server], actual=servers
        )
    schemes = contract.get("components", {}).get("securitySchemes", {})
    asked = [
        [(schemes.get(name, {}).get("type"), schemes.get(name, {}).get("scheme")) for name in requirement]
        for requirement in operation.definition.get("security", contract.get("security", []))
    ]
    assert "Bearer <token>" in document.authorization
    evidence.compare(
        operation=document.operation,
        place=f"openapi.yaml#{operation.pointer}/security",
        what="authentication",
        expected=[[("http", "bearer")]],
        actual=asked,
    )


@documents
def test_documented_sample_is_valid(document: Document, evidence: Evidence) -> None:
    """Each documented sample, word for word, is valid by the contract."""
    for sent, pointer, value in _samples(document, evidence):
        for at, reason in judge.violations(pointer, value, placeholders=True):
            message = f"the documented {sent} is not valid by openapi.yaml#{pointer}: {reason}"
            evidence.drift(operation=document.operation, place=f"{sent}#{at}", message=message)


@documents
def test_documented_sample_holds_no_unknown_field(document: Document, evidence: Evidence) -> None:
    """Each field of a documented sample is named by the contract."""
    for sent, pointer, value in _samples(document, evidence):
        for at in judge.unknown_fields(judge.value_at(pointer), value):
            message = f"the documented field is not named by openapi.yaml#{pointer}"
            evidence.drift(operation=document.operation, place=f"{sent}#{at}", message=message)


@documents
def test_example_is_the_documented_sample(document: Document, evidence: Evidence) -> None:
    """Each example of the contract is the documented sample, save for its placeholders, and is valid."""
    for sent, pointer, value in _samples(document, evidence):
        media = pointer.removesuffix("/schema")
        place = f"openapi.yaml#{media}/examples/documented/value"
        try:
            example = judge.value_at(f"{media}/examples/documented/value")
        except KeyError:
            evidence.drift(operation=document.operation, place=place, message=f"the documented {sent} is not here")
            continue
        for at, documented, stated in differences(value, example):
            if documented == PLACEHOLDER and isinstance(stated, str) and stated != PLACEHOLDER:
                continue
            message = f"expected the documented {documented!r}, got {stated!r}"
            evidence.drift(operation=document.operation, place=place + at, message=message)
        for at, reason in judge.violations(pointer, example):
            evidence.drift(operation=document.operation, place=place + at, message=reason)


@documents
def test_listed_fields_are_stated_alike(document: Document, evidence: Evidence) -> None:
    """What a page says of request and reply stands in the contract: media type, description and each listed field."""
    operation = _operation(document, evidence)
    if operation is None or "200" not in operation.statuses:
        return
    for pointer, section in (
        (operation.request_schema(), document.request_section),
        (operation.reply_schema("200"), document.reply_section),
    ):
        place = pointer.removesuffix("/content/application~1json/schema")
        stated = judge.value_at(place)
        for what, documented, actual in (
            ("media types", [section.media_type], list(stated["content"])),
            ("description", section.description, stated.get("description")),
        ):
            at = f"openapi.yaml#{place}"
            evidence.compare(operation=operation.label, place=at, what=what, expected=documented, actual=actual)
        _compare_fields(operation, judge.place_of(pointer), section.fields, evidence)


def _compare_fields(operation: Operation, pointer: str, fields: Sequence[Field], evidence: Evidence) -> None:
    for field in fields:
        _compare_field(operation, pointer, field, evidence)
    listed = {field.name for field in fields}
    for name, stated in judge.value_at(pointer).get("properties", {}).items() if fields else ():
        if stated.get("x-source") == "documented" and name not in listed:
            place = f"openapi.yaml#{pointer}/properties/{name}"
            evidence.drift(
                operation=operation.label, place=place, message="called documented, but the page lists no such field"
            )


def _compare_field(operation: Operation, pointer: str, field: Field, evidence: Evidence) -> None:
    schema = judge.value_at(pointer)
    place = f"openapi.yaml#{pointer}/properties/{field.name}"
    stated = schema.get("properties", {}).get(field.name)
    if stated is None:
        evidence.drift(
            operation=operation.label, place=place, message="the page lists this field, the contract does not"
        )
        return
    type_ = judge.follow(stated)
    for what, documented, actual in (
        ("type", TYPES.get(field.type, field.type), type_.get("type")),
        ("options", sorted(field.options), sorted(type_.get("enum", ()))),
        ("required", field.required, field.name in schema.get("required", ())),
        ("description", field.description, stated.get("description")),
        ("x-source", "documented", stated.get("x-source")),
    ):
        evidence.compare(operation=operation.label, place=place, what=what, expected=documented, actual=actual)


def _operation(document: Document, evidence: Evidence) -> Operation | None:
    operation = chosen().operation(document.operation)
    if operation is None:
        place = f"openapi.yaml#{json_pointer(['paths', document.path, document.method.lower()])}"
        evidence.drift(operation=document.operation, place=place, message="the documented operation is missing")
    return operation


def _samples(document: Document, evidence: Evidence) -> list[tuple[str, str, object]]:
    """Request and reply of a page, each with the pointer of the schema that it must fit."""
    operation = _operation(document, evidence)
    if operation is None or "200" not in operation.statuses:
        return []
    evidence.case()
    evidence.case()
    return [
        ("request", operation.request_schema(), document.request),
        ("reply", operation.reply_schema("200"), document.reply),
    ]
