"""Changes written by hand, as data: of the documents, the client's templates and runtime, the mock's source."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from contract_tests.mutations.change import ClientChange, DocumentChange, MockChange, SourceChange

# Each file beside this module, the family it makes, and what its `file` is relative to.
KINDS: dict[str, tuple[str, type[SourceChange]]] = {
    "documents.yaml": ("documents", DocumentChange),
    "client.yaml": ("client: templates and runtime", ClientChange),
    "mock.yaml": ("mock", MockChange),
}


def changes() -> Iterator[SourceChange]:
    """All changes written by hand. Each entry has `name`, `hurts`, `file`, `old` and `new`; `old` occurs once."""
    for file, (family, kind) in KINDS.items():
        for entry in YAML(typ="safe", pure=True).load(Path(__file__).with_name(file)):
            yield kind(family=family, **entry)
