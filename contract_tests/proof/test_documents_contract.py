"""The contract says what the vendor's pages say."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from contract_tests import judge
from contract_tests.documents import PLACEHOLDER, Document, Field, SdkFacts, read_documents, read_sdk_facts
from contract_tests.evidence import DOCUMENTS_CONTRACT, Evidence
from contract_tests.proof import client, releases
from contract_tests.proof.about import About, Pace
from contract_tests.proof.meaning import meaning
from contract_tests.proof.parametrized import by_subject
from contract_tests.proof.places import is_within
from contract_tests.proof.same_value import differences
from contract_tests.subject import Subject, chosen
from scripts.contract import Operation, json_pointer

ABOUT = About(DOCUMENTS_CONTRACT, needs=set(), pace=Pace.INSTANT)

pytestmark = pytest.mark.at_a_glance

SOURCES = ("documented", "sdk", "ours")  # the strongest first

TYPES = {"enum<string>": "string", "object[]": "array"}  # the pages' words for a JSON Schema type


@cache
def sdk_facts(subject: Subject) -> SdkFacts:
    """What the SDKs say in the documents of a run."""
    return read_sdk_facts(subject.documents)


documents = by_subject("document", lambda subject: read_documents(subject.documents))
of_the_sdks = by_subject(
    "operation", lambda subject: [each for each in subject.operations if each.label in sdk_facts(subject).methods]
)


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
    if document.authorization != "Bearer <token>":  # which is all that a sample shows
        for name, scheme in schemes.items():
            evidence.compare(
                operation=document.operation,
                place=f"openapi.yaml#{json_pointer(['components', 'securitySchemes', name])}",
                what="description",
                expected=document.authorization,
                actual=scheme.get("description"),
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
        for at in judge.unknown_fields(judge.schema(pointer), value):
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
    for part, place, pointer, section in (
        ("/request", operation.body, operation.request_schema(), document.request_section),
        ("/reply", operation.reply("200"), operation.reply_schema("200"), document.reply_section),
    ):
        if section is None or not judge.exists(place):
            evidence.compare(
                operation=operation.label,
                place=f"openapi.yaml#{place}",
                what="is stated",
                expected=section is not None,
                actual=judge.exists(place),
            )
            continue
        stated = judge.value_at(place)
        for what, documented, actual in (
            ("media types", [section.media_type], list(stated["content"])),
            ("description", section.description, stated.get("description")),
        ):
            if documented is None:
                continue  # nothing is said beside the sample
            at = f"openapi.yaml#{place}"
            evidence.compare(operation=operation.label, place=at, what=what, expected=documented, actual=actual)
        _compare_fields(operation, part, judge.place_of(pointer), section.fields, evidence)


@of_the_sdks
def test_what_the_sdks_say_is_stated(operation: Operation, evidence: Evidence) -> None:
    """What the vendor's SDKs say of requests, replies, errors and headers stands in the contract, and no more."""
    facts = sdk_facts(chosen())
    evidence.case()
    for each in releases.differences(operation, facts):
        evidence.drift(operation=operation.label, place=each.place, message=each.message)
    evidence.compare(
        operation=operation.label,
        place=f"openapi.yaml#{operation.pointer}/operationId",
        what="the method that tag and operationId give",
        expected=sdk_facts(chosen()).methods[operation.label],
        actual=".".join(client.method_of(operation)),
    )
    for status in sdk_facts(chosen()).errors:
        place = f"openapi.yaml#{operation.pointer}/responses"
        known = {status, f"{status[0]}XX"} & {*operation.statuses}
        evidence.compare(
            operation=operation.label, place=place, what=f"states {status}", expected=True, actual=bool(known)
        )
    for status, headers in sdk_facts(chosen()).headers.items():
        for name, schema in headers.items():
            at = operation.reply(operation.documented_status(int(status))) + json_pointer(["headers", name])
            try:
                stated_at = judge.place_of(at) + "/schema"
                actual = meaning(chosen().contract.document, stated_at).keywords
            except KeyError:
                stated_at, actual = at, {}
            evidence.compare(
                operation=operation.label,
                place=f"openapi.yaml#{stated_at}",
                what=f"header {name} of {status}",
                expected=meaning(schema, "").keywords,
                actual=actual,
            )


def test_every_fact_names_its_source(evidence: Evidence) -> None:
    """Each `x-source` is true: `documented` where a page shows it, else `sdk` where an SDK says it, else `ours`."""
    expected: dict[str, str] = {}
    pages = {each.operation: each for each in read_documents(chosen().documents)}
    evident = [each for each in chosen().operations if each.label in pages or each.label in sdk_facts(chosen()).methods]
    unheard_of = [each.label for each in chosen().operations if each not in evident]
    if unheard_of:
        evidence.note(f"no document speaks of {_listed(unheard_of)}, which are held to none")
    for operation in chosen().operations:
        page = pages.get(operation.label)
        expected[operation.pointer] = "documented" if page else "ours"
        for part, root, sample, section in (
            ("/request", operation.request_schema(), page and page.request, page and page.request_section),
            ("/reply", operation.success_schema(), page and page.reply, page and page.reply_section),
        ):
            listed = {f"/{field.name}": field for field in section.fields} if section else {}
            paths = set(_paths(sample)) | {*listed}
            for path, place, is_enum in releases.schemas(root) if judge.exists(root) else ():
                # Of an enum a sample shows one value, and only a list all of them.
                known = path in listed and bool(listed[path].options) if is_enum else path in paths
                is_said = releases.is_said(operation.label, sdk_facts(chosen()), part + path)
                source = "documented" if known else "sdk" if is_said else "ours"
                expected[place] = min(expected.get(place, "ours"), source, key=SOURCES.index)
    components = chosen().contract.document.get("components", {})
    for kind, source in (("securitySchemes", "documented"), ("headers", "sdk"), ("responses", "ours")):
        for name in components.get(kind, {}):
            expected[json_pointer(["components", kind, name])] = source
    for name in components.get("schemas", {}):
        expected.setdefault(json_pointer(["components", "schemas", name]), "ours")
    # What the page of a missing operation shows may stand anywhere; that it is missing is told by itself.
    are_all_there = all(chosen().operation(each.operation) for each in read_documents(chosen().documents))
    held = {place for each in evident for place in judge.places_of(each)}
    for place, source in expected.items():
        stated = judge.value_at(place).get("x-source") if isinstance(judge.value_at(place), dict) else None
        if source == "ours" and (not are_all_there or (stated is None and not _is_held(place, held))):
            continue
        evidence.compare(
            operation=judge.operations_at(place),
            place=f"openapi.yaml#{place}",
            what="x-source",
            expected=source,
            actual=stated,
        )


def _listed(labels: Sequence[str], shown: int = 3) -> str:
    more = f" and {len(labels) - shown} operations more" if len(labels) > shown else ""
    return ", ".join(labels[:shown]) + more


def _is_held(place: str, held: Collection[str]) -> bool:
    """Whether a place is part of an operation that documents speak of."""
    return any(is_within(place, each) for each in held)


def _paths(sample: object, path: str = "") -> Iterator[str]:
    """The path of each value of a sample, `*` for the items of an array."""
    if sample is not None:
        yield path
    if isinstance(sample, dict):
        for name, value in sample.items():
            yield from _paths(value, path + json_pointer([name]))
    elif isinstance(sample, list):
        for value in sample:
            yield from _paths(value, f"{path}/*")


def _compare_fields(operation: Operation, part: str, pointer: str, fields: Sequence[Field], evidence: Evidence) -> None:
    for field in fields:
        described = releases.description(
            operation, sdk_facts(chosen()), part + json_pointer([field.name]), field.description
        )
        _compare_field(operation, pointer, replace(field, description=described), evidence)
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
        message = "the documented operation is missing"  # one finding, whichever tests would have looked at it
        evidence.drift(operation=document.operation, place=place, message=message, check="documented_operation")
    return operation


def _samples(document: Document, evidence: Evidence) -> list[tuple[str, str, object]]:
    """Request and reply of a page, each with the pointer of the schema that it must fit."""
    operation = _operation(document, evidence)
    if operation is None or "200" not in operation.statuses:
        return []
    samples = [("reply", operation.reply_schema("200"), document.reply)]
    if document.request is not None:
        samples.insert(0, ("request", operation.request_schema(), document.request))
    found: list[tuple[str, str, object]] = []
    for sent, pointer, value in samples:
        evidence.case()
        if judge.exists(pointer):
            found.append((sent, pointer, value))
        else:
            place = f"openapi.yaml#{pointer.removesuffix('/schema')}"
            evidence.drift(operation=operation.label, place=place, message=f"the {sent} is not stated as JSON")
    return found
