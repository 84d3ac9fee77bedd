"""Changes written by hand, as data: of the documents, the client's templates and runtime, the mock's source."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from contract_tests.mutations.change import ClientChange, DocumentChange, MockChange, SourceChange
from contract_tests.mutations.every_shape import SHAPES, ShapeClientChange
from contract_tests.subject import ROOT, Subject

# What a file can say that its changes lie `below`, and the `contract` that they are shown by.
KINDS: dict[tuple[Path, Path], type[SourceChange]] = {
    (DocumentChange.below, Subject.spec): DocumentChange,
    (ClientChange.below, Subject.spec): ClientChange,
    (MockChange.below, Subject.spec): MockChange,
    (ShapeClientChange.below, SHAPES): ShapeClientChange,
}


def files() -> list[Path]:
    """Each file of changes: the YAML files beside this module."""
    return sorted(Path(__file__).parent.glob("*.yaml"))


def changes(_: Subject) -> Iterator[SourceChange]:
    """All changes written by hand."""
    for file in files():
        yield from changes_in(file)


def changes_in(file: Path) -> Iterator[SourceChange]:
    """The changes of a file. It says their `family`, and `below` which folder of the checkout they lie.

    Each of its `changes` has `name`, `hurts`, `file`, `old` and `new`; `old` occurs once. Those that another `contract`
    than ours shows have the `label` of its operation.
    """
    stated = YAML(typ="safe", pure=True).load(file)
    kind = KINDS[ROOT / stated["below"], ROOT / stated.get("contract", Subject.spec)]
    for entry in stated["changes"]:
        yield kind(family=stated["family"], **entry)
