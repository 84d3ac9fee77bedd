"""Changes written by hand, as data: of the documents, the client's templates and runtime, the mock's source."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from contract_tests.mutations.change import ClientChange, DocumentChange, MockChange, SourceChange
from contract_tests.subject import ROOT, Subject

# What a file can say that its changes lie `below`.
KINDS: dict[Path, type[SourceChange]] = {kind.below: kind for kind in (DocumentChange, ClientChange, MockChange)}


def files() -> list[Path]:
    """Each file of changes: the YAML files beside this module."""
    return sorted(Path(__file__).parent.glob("*.yaml"))


def changes(_: Subject) -> Iterator[SourceChange]:
    """All changes written by hand."""
    for file in files():
        yield from changes_in(file)


def changes_in(file: Path) -> Iterator[SourceChange]:
    """The changes of a file. It says their `family`, and `below` which folder of the checkout they lie.

    Each of its `changes` has `name`, `hurts`, `file`, `old` and `new`; `old` occurs once.
    """
    stated = YAML(typ="safe", pure=True).load(file)
    kind = KINDS[ROOT / stated["below"]]
    for entry in stated["changes"]:
        yield kind(family=stated["family"], **entry)
