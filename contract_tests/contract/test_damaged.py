"""Whatever becomes of a contract's file, reading it ends soon: in a contract, or in faults that each have a place."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time
from typing import Any

import pytest

from contract_tests.subject import ROOT
from scripts.benchmark.growth import SHAPES
from scripts.contract import ContractError, parse, read

DAMAGED = 12  # each in its own way, for each contract, language and number

SPECS = {"ours": ROOT / "openapi.yaml", "shapes": SHAPES}

VALUES: list[Any] = [
    None, True, -1, 1.5, 10**200, "", "yes", "200", "#/", "#/info", "#/components/schemas/Nope", "(((", "a\u2028b",
    [], [None], {}, {"": None}, {"$ref": 5}, {"$ref": "#"}, {"$ref": "#/info"}, {"$ref": "#/components/schemas"},
    {"allOf": [{"$ref": "#/components/schemas/Error"}], "default": 5}, {"type": ["string", None], "required": True},
]  # fmt: skip
KEYS = ["", "$ref", "200", "a b", "allOf", "default", "discriminator", "enum", "properties", "type", "x-a", "/x/{a}"]
PIECES = ['"', "'", "\t", "{", "]", ": ", "- ", "&a ", "*a", "!x ", "<<: ", "@", "|", "\\", "\x00", "\ufeff", "\\ud83d"]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each place of a document: what holds it, and its key or index."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def damaged_document(random: Random, document: Any) -> Any:
    """A document in which some places hold what stands elsewhere, nothing, or something odd; some keys are others."""
    whole = copy.deepcopy(document)
    for _ in range(random.choice([1, 1, 2, 10])):
        found = list(places(whole))
        holder, key = random.choice(found)
        other, other_key = random.choice(found)
        value = random.choice([*VALUES, other[other_key]])
        match random.randrange(4):
            case 0:
                del holder[key]
            case 1:
                holder[key] = copy.deepcopy(value)
            case 2 if isinstance(holder, dict):
                holder[random.choice(KEYS)] = copy.deepcopy(holder.pop(key))
            case _:
                holder[key] = {random.choice(KEYS): copy.deepcopy(value)}
    return whole


def damaged_text(random: Random, text: str) -> str:
    """A text with something cut out, or put in, or with a line that is indented otherwise."""
    for _ in range(random.choice([1, 1, 3])):
        at = random.randrange(len(text))
        match random.randrange(4):
            case 0:
                text = text[:at] + text[at + random.randrange(40) :]
            case 1:
                text = text[:at] + random.choice(PIECES) + text[at:]
            case 2:
                line = text.rfind("\n", 0, at) + 1
                text = text[:line] + " " * random.randrange(9) + text[line:].lstrip(" ")
            case _:
                text = text[:at]
    return text


def ways(random: Random, spec: str) -> Iterator[tuple[str, str]]:
    """A damaged file in each language: its name and its text."""
    document = read(SPECS[spec]).document
    yield "contract.json", json.dumps(damaged_document(random, document), indent=1, ensure_ascii=False)
    yield "contract.yaml", json.dumps(damaged_document(random, document))
    yield "contract.json", damaged_text(random, json.dumps(document, indent=1))
    yield "contract.yaml", damaged_text(random, SPECS[spec].read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(DAMAGED))
@pytest.mark.parametrize("spec", SPECS)
def test_damaged_contract_is_read_or_told(spec: str, number: int) -> None:
    """Every fault has a line, and a pointer unless the text itself breaks off; none is told twice, all are in order."""
    for name, text in ways(Random(number), spec):  # noqa: S311 - the same each time
        started = process_time()
        try:
            parse(Path(name), text.encode())
        except ContractError as error:
            faults = error.faults
            assert str(error).encode()
            for fault in faults:
                assert fault.line, fault
                assert fault.pointer is not None or fault.reason.startswith("is not valid "), fault
            assert len(set(faults)) == len(faults) > 0
            assert [each.line for each in faults] == sorted(each.line or 0 for each in faults)
        assert process_time() - started < 20, "a second is much"
