"""The rules by which a change of the contract is judged for callers of the client."""

import ast
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract_tests.compat.edits import Document, edited
from contract_tests.compat.verdicts import Side, Way, contradiction
from contract_tests.mutations.edits import with_edit
from contract_tests.mutations.schemas import schema_changes
from contract_tests.proof import variants
from contract_tests.proof.inputs import read_inputs, upload
from contract_tests.proof.same_value import NOTHING
from contract_tests.subject import chosen
from scripts.codegen.refusals import RefusedError
from scripts.compat import rules
from scripts.compat.change import gravest
from scripts.compat.contracts import compare
from scripts.compat.rules import CONTRACT_RULES, RULES, Impact
from scripts.contract import reference, references

COMPAT = Path(rules.__file__).parent
REDOCLY = "@redocly/cli@2.77.0"  # exact: its `diff` is new, and its verdicts may change


@dataclass(frozen=True)
class Pair:
    """Two contracts, the rules that the change from one to the other falls under, and what redocly asks for."""

    name: str
    former: Document
    new: Document
    rules: frozenset[str]
    redocly: str

    @property
    def is_breaking(self) -> bool:
        """Whether one of its rules is."""
        return any(CONTRACT_RULES[each].impact is Impact.BREAKING for each in self.rules)


@cache
def pairs() -> tuple[Pair, ...]:
    """The pairs of rules.yaml, each there and back."""
    written = YAML(typ="safe").load(Path(__file__).with_name("rules.yaml").read_text(encoding="utf-8"))
    contract: Document = json.loads(json.dumps(written["contract"]))
    found = []
    for number, each in enumerate(written["pairs"]):
        former = edited(contract, each.get("first", ()))
        new = edited(former, each["edits"])
        there, back = each["redocly"]
        found.append(Pair(f"{number}: {each['there']}", former, new, frozenset(each["there"].split()), there))
        found.append(Pair(f"{number}, back: {each['back']}", new, former, frozenset(each["back"].split()), back))
    return tuple(found)


@pytest.mark.parametrize("pair", pairs(), ids=lambda pair: pair.name)
def test_pair_falls_under_its_rules(pair: Pair) -> None:
    """A change is told by the rules for it, and by no other."""
    assert {each.rule.name for each in compare(pair.former, pair.new)} == pair.rules


def test_every_rule_has_a_pair() -> None:
    """Each rule about the contract is tried on a pair."""
    assert {each for pair in pairs() for each in pair.rules} == CONTRACT_RULES.keys()


def test_every_rule_is_named_where_it_is_told() -> None:
    """Whoever searches for the name of a rule finds the code that tells it: no name is put together from pieces."""
    nodes = [node for path in sorted(COMPAT.glob("*.py")) if path.name != "rules.py" for node in _nodes(path)]
    literals = {node.value for node in nodes if isinstance(node, ast.Constant)}
    assert RULES.keys() <= literals
    assert [ast.unparse(node) for node in nodes if isinstance(node, ast.JoinedStr) and _may_name_a_rule(node)] == []


def test_redocly_is_contradicted_with_a_reason_only() -> None:
    """A rule says why redocly judges otherwise where it does, and nowhere else."""
    differing = [pair for pair in pairs() if pair.is_breaking != (pair.redocly == "major")]
    grave = {name for name, rule in CONTRACT_RULES.items() if rule.impact is Impact.BREAKING}
    found = {each for pair in differing for each in (pair.rules & grave if pair.is_breaking else pair.rules)}
    assert {rule.name for rule in CONTRACT_RULES.values() if rule.redocly} == found


@pytest.mark.nightly
def test_recorded_verdicts_are_those_of_redocly(tmp_path: Path) -> None:
    """What rules.yaml says of redocly is what it says itself. Skipped where it cannot be had."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("needs npx")
    for way in (pairs()[::2], pairs()[1::2]):
        merged = [pair for pair in way if _differs_within_an_operation(pair)]
        verdicts = _asked(
            npx, tmp_path, _as_one([pair.former for pair in merged]), _as_one([pair.new for pair in merged])
        )
        for number, pair in enumerate(merged):
            mine = [impact for path, impact in verdicts if f"~1pair{number}~1" in path]
            assert _gravest(mine) == pair.redocly, pair.name
        for pair in [each for each in way if each not in merged]:
            mine = [impact for _, impact in _asked(npx, tmp_path, pair.former, pair.new)]
            assert _gravest(mine) == pair.redocly, pair.name


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _may_name_a_rule(text: ast.JoinedStr) -> bool:
    """Whether the text between its braces could be part of the name of a rule."""
    pieces = [each.value if isinstance(each, ast.Constant) else None for each in text.values]
    pattern = "".join(".*" if piece is None else re.escape(str(piece)) for piece in pieces)
    return any(pieces) and any(re.fullmatch(pattern, name) for name in RULES)


def _differs_within_an_operation(pair: Pair) -> bool:
    former, new = ({**each, "paths": each["paths"].keys()} for each in (pair.former, pair.new))
    return all(former[key] == new[key] for key in ("info", "servers", "security", "paths"))


def _as_one(documents: list[Document]) -> Document:
    """One contract of many, the paths, names and components of each with a prefix: redocly takes a second to start."""
    whole: Document = json.loads(json.dumps(documents[0]))
    whole["paths"], whole["components"]["schemas"] = {}, {}
    for number, each in enumerate(documents):
        text = json.dumps(each).replace("#/components/schemas/", f"#/components/schemas/Pair{number}")
        own = json.loads(text)
        for path, item in own["paths"].items():
            for operation in item.values():
                operation["operationId"] += str(number)
            whole["paths"][f"/pair{number}{path}"] = item
        for name, schema in own["components"]["schemas"].items():
            whole["components"]["schemas"][f"Pair{number}{name}"] = schema
    return whole


def _asked(npx: str, folder: Path, former: Document, new: Document) -> list[tuple[str, str]]:
    """What redocly asks for, by the place of each change."""
    for name, document in (("former.json", former), ("new.json", new)):
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    command = [
        npx,
        "--yes",
        "--package",
        REDOCLY,
        "--",
        "redocly",
        "diff",
        "former.json",
        "new.json",
        "--format",
        "json",
    ]
    asked = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if not asked.stdout:
        pytest.skip(f"{REDOCLY} cannot be had: {asked.stderr.strip().splitlines()[-1:]}")
    return [(each["path"], each["impact"]) for each in json.loads(asked.stdout)["changes"]]


def _gravest(impacts: list[str]) -> str:
    return max(impacts, key=("patch", "minor", "major").index, default="patch")


# --- Whatever is said of a change, values must bear it out ---------------------------------------------------------


@cache
def contract() -> Document:
    """The contract, as values that can be changed."""
    found: Document = json.loads(json.dumps(chosen().contract.document))
    return found


@cache
def tried() -> tuple[tuple[Way, tuple[Any, ...]], ...]:
    """The requests and replies of each operation: values that differ in one place each."""
    found = []
    for operation in chosen().operations:
        reply = operation.reply_schema("200")
        if operation.has_body:
            request, stated = operation.request_schema(), read_inputs().get(operation.label)
            inputs = [each for each in stated.single if each.value is not NOTHING] if stated else []
            uploads = [upload(operation.example(), [each]) for each in inputs]
            values = (*(each.value for each in variants.variants(request)), *uploads)
            found.append((Way(operation.label, request, is_request=True), values))
        values = tuple(each.value for each in variants.variants(reply))
        found.append((Way(operation.label, reply, is_request=False), values))
    return tuple(found)


PARTS, OF_ALL = 4, 29  # one change in so many is tried by a part; a prime, so that each kind is met in some place


@pytest.mark.whole_run
@pytest.mark.parametrize("part", range(PARTS))
def test_verdict_is_borne_out_by_values(part: int) -> None:
    """A change that is not breaking refuses no request, and every reply reads on; one that is none changes nothing."""
    wrong = []
    first = Side(contract())
    for change in list(schema_changes(contract()))[part::OF_ALL]:
        document = with_edit(contract(), change.edit)
        try:
            second = Side(document)
        except RefusedError:
            continue
        pairs = (("there", contract(), first, document, second), ("back", document, second, contract(), first))
        for direction, before, one, after, other in pairs:
            told = compare(before, after)
            # An open object may have held anything by the name of a new field; nobody knew of it.
            if gravest(told) is Impact.BREAKING or {each.rule.name for each in told} == {"request-field-added"}:
                continue
            for way, values in tried():
                if _is_reached(change.pointer, way) and (
                    reason := contradiction(one, other, gravest(told), way, values)
                ):
                    wrong.append(f"{direction}, {change.name}: {[each.rule.name for each in told]}, though {reason}")
    assert not wrong, "\n".join(wrong)


def _is_reached(pointer: str, way: Way) -> bool:
    places = references(contract(), {"$ref": reference(way.pointer)})
    return any(pointer == each or pointer.startswith(f"{each}/") for each in places)
