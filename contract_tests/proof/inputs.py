"""The chosen inputs of contract_tests/inputs: how the files are read, and how inputs become uploads.

Each file there is read by what it holds: `operation` the inputs of one, `bodies` bytes that are no JSON, any other key
a list of values, which the inputs of an operation name (`urls accepted`).
Beside plain YAML they know `!repeat {this: a, times: 255}` (a text or list written short, with what stands before it as
`after`), `!nested 100` (objects in objects), `!fields 300` (an object of many fields) and `!absent` (a field left out).
"""

import itertools
import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from contract_tests.proof.places import changed
from contract_tests.proof.same_value import NOTHING
from scripts.contract import pointer_parts

FOLDER = Path(__file__).parent.parent / "inputs"

OPERATION, BODIES = "operation", "bodies"  # the first key of a file


@dataclass(frozen=True)
class Input:
    """One value at one place of an upload, NOTHING where it is left out.

    `is_known` says whether the contract names the place.
    """

    pointer: str
    name: str
    value: Any
    is_accepted: bool
    is_known: bool = True

    def __str__(self) -> str:
        return f"{self.pointer}: {self.name}"


@dataclass(frozen=True)
class Inputs:
    """What is tried of one operation: inputs that each stand alone, and named sets of inputs that stand together."""

    operation: str
    single: tuple[Input, ...]
    together: dict[str, tuple[Input, ...]]


@cache
def read_inputs() -> dict[str, Inputs]:
    """The inputs of every operation, by its label. Raises ValueError where two files are about one."""
    lists = {
        f"{path.stem} {name}": values
        for path in files()
        if first_key(path) not in (OPERATION, BODIES)
        for name, values in _read(path).items()
    }
    lists["left out"] = {"left out": NOTHING}
    found: dict[str, Inputs] = {}
    for path in (each for each in files() if first_key(each) == OPERATION):
        try:
            inputs = _inputs(_read(path), lists)
        except KeyError as error:
            raise ValueError(f"{path}: expected {error}, which is missing") from None
        if inputs.operation in found:
            raise ValueError(f"{FOLDER}: two files hold the inputs of {inputs.operation}")
        found[inputs.operation] = inputs
    return found


@cache
def read_bodies() -> dict[str, dict[str, Any]]:
    """Bodies that are no JSON, or hardly: by verdict and name, how each is made."""
    found: dict[str, dict[str, Any]] = {}
    for path in files():
        if first_key(path) == BODIES:
            for verdict, bodies in _read(path)[BODIES].items():
                found.setdefault(verdict, {}).update(bodies)
    return found


def files() -> list[Path]:
    """Every file of the inputs, whatever it is called."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file())


def first_key(path: Path) -> str:
    """What a file holds: the inputs of an operation, bodies, or lists that these name. Raises ValueError for none."""
    found = re.search(r"^(\w[^:\n]*):", path.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{path}: expected {OPERATION}:, {BODIES}: or the name of a list first")
    return found[1]


def _read(path: Path) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    try:
        return yaml.load(path)
    except YAMLError as error:
        raise ValueError(f"{path}: {error}") from None


def upload(example: Any, inputs: Iterable[Input]) -> Any:
    """The documented upload with these inputs; one whose surroundings another took away has no effect."""
    body = example
    for each in sorted(inputs, key=lambda each: len(each.pointer)):
        body = changed(body, pointer_parts(each.pointer), each.value)
    return body


def mixtures(inputs: Sequence[Input], count: int, seed: int) -> Iterator[tuple[Input, ...]]:
    """Inputs together: every pair of those that a field has few of, then `count` random choices of half the fields."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    fields: dict[str, list[Input]] = {}
    for each in inputs:
        fields.setdefault(each.pointer, []).append(each)
    yield from _pairwise([_few(each, chance) for each in fields.values()], chance)
    for _ in range(count):
        chosen = chance.sample(list(fields), len(fields) // 2)
        yield tuple(chance.choice(fields[pointer]) for pointer in chosen)


def smallest(inputs: Sequence[Input], fails: Callable[[Sequence[Input]], bool]) -> Sequence[Input]:
    """The inputs that it takes to fail: without any one of them it does not."""
    for each in list(inputs):
        rest = [other for other in inputs if other is not each]
        if rest and fails(rest):
            inputs = rest
    return inputs


FEW = 4  # inputs of a field of which every pair is tried


def _few(field: list[Input], chance: random.Random) -> list[Input]:
    """All inputs of a field of few; of another, one at random, and the field left out."""
    if len(field) <= FEW:
        return field
    absent = [each for each in field if each.value is NOTHING]
    return [*absent, chance.choice([each for each in field if each.value is not NOTHING])]


def _pairwise(fields: Sequence[Sequence[Input]], chance: random.Random) -> Iterator[tuple[Input, ...]]:
    """Choices of one input a field that together hold every pair of inputs, each as good as a greedy search finds."""
    numbered = [[(field, at) for at in range(len(inputs))] for field, inputs in enumerate(fields)]
    missing = {
        frozenset(pair) for one, other in itertools.combinations(numbered, 2) for pair in itertools.product(one, other)
    }
    while missing:
        row = list(min(missing, key=sorted))
        others = [field for field in numbered if not {field[0][0]} & {each[0] for each in row}]
        chance.shuffle(others)
        for field in others:
            row.append(max(field, key=lambda each: sum(frozenset((each, known)) in missing for known in row)))
        missing -= {frozenset(pair) for pair in itertools.combinations(row, 2)}
        yield tuple(fields[field][at] for field, at in row)


def _inputs(written: dict[str, Any], lists: dict[str, dict[str, Any]]) -> Inputs:
    single = [
        Input(pointer, name, value, verdict == "accepted")
        for pointer, verdicts in written["fields"].items()
        for verdict, entries in verdicts.items()
        for name, value in _named(entries, lists)
    ]
    single += [
        Input(pointer, name, value, is_accepted=True, is_known=False)
        for pointer, entries in written["unknown fields"].items()
        for name, value in _named(entries, lists)
    ]
    together = {
        name: tuple(Input(pointer, _shown(value), value, is_accepted=True) for pointer, value in values.items())
        for name, values in written["together"].items()
    }
    return Inputs(written["operation"], tuple(single), together)


def _named(entries: Sequence[Any], lists: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    for entry in entries:
        for name, value in (lists[entry] if isinstance(entry, str) else entry).items():
            yield "null" if name is None else str(name), value


def _shown(value: Any) -> str:
    text = "left out" if value is NOTHING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"


class _Constructor(SafeConstructor):
    """Builds what the tags stand for."""

    def repeat(self, node: Any) -> Any:
        written = self.construct_mapping(node, deep=True)
        repeated = written["this"] * written["times"]
        return written["after"] + repeated if "after" in written else repeated

    def nested(self, node: Any) -> Any:
        value: Any = "the innermost"
        for _ in range(int(node.value)):
            value = {"in": value}
        return value

    def fields(self, node: Any) -> Any:
        return {f"field {at}": at for at in range(int(node.value))}

    def absent(self, _: Any) -> Any:
        return NOTHING


for _tag in ("repeat", "nested", "fields", "absent"):
    _Constructor.add_constructor(f"!{_tag}", getattr(_Constructor, _tag))
