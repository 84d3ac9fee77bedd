"""The contract beside the vendor's releases: what they say and it does not, and what it claims of them in vain."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests import judge
from contract_tests.documents import SdkFacts
from contract_tests.proof.client import python_name
from contract_tests.proof.meaning import Difference, Meaning, meaning
from contract_tests.proof.meaning import differences as differences_in_meaning
from contract_tests.subject import chosen
from scripts.contract import Operation, json_pointer, pointer_of, pointer_parts

OPEN_OBJECT = Meaning("", {"type": ["object"]})


@dataclass(frozen=True)
class Unlike:
    """Where the contract says something else than releases do, and the first and last of those that say it."""

    place: str
    message: str
    said_by: tuple[str, ...] = ()


def differences(operation: Operation, facts: SdkFacts) -> Iterator[Unlike]:
    """Every place where the contract lacks what releases say, or says it otherwise.

    Held against it is the last release that has the operation: what earlier ones said and took back, it may still say.
    """
    if (span := facts.releases.span(operation.label, "method")) is None:
        return
    last = span[1:]
    for part, root, schema in _parts(operation, facts):
        if schema is None:
            continue
        if not judge.exists(root):
            yield Unlike(f"openapi.yaml#{root}", "releases say what it is, the contract does not", last)
            continue
        released = meaning(schema, "")
        for each in differences_in_meaning(meaning(chosen().contract.document, root), released):
            if not _is_left_open(each, released):
                named = facts.releases.span(operation.label, part + each.at) if each.keyword == "properties" else None
                said_by = () if each.other is None else named or last
                yield Unlike(f"openapi.yaml#{each.place}", _told(each), said_by)
        for path, place, _ in schemas(root):
            words = description(operation, facts, part + path, None)
            described = judge.value_at(place).get("description", "")
            if words is not None and "/properties/" in place and words not in described:
                yield Unlike(
                    f"openapi.yaml#{place}", f"releases describe it as {words!r}, which is not in {described!r}", last
                )
    yield from _parameters(operation, facts, last)


def unsaid(operation: Operation, facts: SdkFacts) -> Iterator[Unlike]:
    """Every place of the contract that is known from the SDKs by its `x-source`, and that no release names."""
    for part, root, _ in _parts(operation, facts):
        for path, place, _ in schemas(root) if judge.exists(root) else ():
            if judge.value_at(place).get("x-source") == "sdk" and not is_said(operation.label, facts, part + path):
                yield Unlike(f"openapi.yaml#{place}", "its x-source is sdk, and no release names it")


def is_said(operation: str, facts: SdkFacts, place: str) -> bool:
    """Whether any release names a place, such as `/request/participants/*/role`."""
    return facts.releases.span(operation, place) is not None


def other_arguments(arguments: Iterable[str], fields: Iterable[str]) -> list[str]:
    """The arguments of an SDK's method that are no fields of its request; `fields` by their names in JSON."""
    names = {python_name(name) for name in fields}
    return [each for each in arguments if each not in names]


def description(operation: Operation, facts: SdkFacts, said_at: str, documented: str | None) -> Any:
    """How a place is described, by its page and by the last word of the releases; None where neither says.

    The page comes first; where the releases came to say it in other words, these follow, with when they began to.
    """
    fact = facts.releases.last_word(operation.label, said_at)
    words = None if fact is None else fact.said.get("description")
    if fact is None or words is None or words == documented:
        return documented
    if documented is None:
        return words
    return f"{documented}{'' if documented.endswith('.') else '.'} Since {fact.first}, the SDKs say: {words}"


def schemas(pointer: str, path: str = "", above: tuple[str, ...] = ()) -> Iterator[tuple[str, str, bool]]:
    """Every place at or below a schema that names its source: path of fields, pointer, and whether it is an enum."""
    schema = judge.value_at(pointer)
    if pointer in above:
        return
    above = (*above, pointer)
    if pointer_parts(pointer)[-2] in ("properties", "schemas"):
        yield path, pointer, "enum" in schema
    if "$ref" in schema:
        yield from schemas(pointer_of(schema["$ref"]), path, above)
    for name in schema.get("properties", {}):
        yield from schemas(pointer + json_pointer(["properties", name]), path + json_pointer([name]), above)
    if "items" in schema:
        yield from schemas(f"{pointer}/items", f"{path}/*", above)
    for keyword in ("oneOf", "anyOf", "allOf"):
        for at in range(len(schema.get(keyword, ()))):
            yield from schemas(f"{pointer}/{keyword}/{at}", path, above)


def _parts(operation: Operation, facts: SdkFacts) -> list[tuple[str, str, dict[str, Any] | None]]:
    """Request and reply of an operation: where releases speak of it, its pointer in the contract, what they say."""
    return [
        ("/request", operation.request_schema(), facts.requests.get(operation.label)),
        ("/reply", operation.success_schema(), facts.replies.get(operation.label)),
    ]


def _parameters(operation: Operation, facts: SdkFacts, last: tuple[str, ...]) -> Iterator[Unlike]:
    """Each argument of the SDKs' method that is neither a field of the request nor a parameter of the contract."""
    arguments = facts.releases.last_word(operation.label, "arguments")
    fields = facts.requests.get(operation.label, {}).get("properties", {})
    others = other_arguments(arguments.said if arguments else (), fields)
    in_path = [each for each in operation.parameters if each.location == "path"]
    named = {python_name(each.name) for each in operation.parameters}
    for argument in others[len(in_path) :]:  # those of the path come first, whatever they are called
        if argument not in named:
            place = f"openapi.yaml#{operation.pointer}/parameters"
            yield Unlike(place, f"releases take an argument {argument}, and the contract has no such parameter", last)


def _told(each: Difference) -> str:
    if each.keyword == "properties":
        if each.one is None:
            return "releases name it, the contract does not"
        return "the contract has it as ours, releases do not"
    contract, releases = ("nothing" if said is None else repr(said) for said in (each.one, each.other))
    return f"{each.keyword}: the contract says {contract}, releases say {releases}"


def _is_left_open(each: Difference, released: Meaning) -> bool:
    """Whether releases say nothing of what differs: a field that a page names, or what is in an open object."""
    if each.other is not None:
        return False
    if each.keyword == "properties":
        around = _below(released, each.at.rpartition("/")[0])
        return around == OPEN_OBJECT or judge.value_at(each.place).get("x-source") != "ours"  # of sdk: see unsaid()
    return _below(released, each.at) == OPEN_OBJECT


def _below(stated: Meaning, path: str) -> Meaning | None:
    """What is stated at a path of fields; None where nothing is."""
    found: Meaning | None = stated
    for part in pointer_parts(path):
        if found is None:
            return None
        found = found.items if part == "*" else found.fields.get(part)
    return found
