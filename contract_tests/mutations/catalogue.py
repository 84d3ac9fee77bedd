"""The catalogue: every drift that the proof must notice, found where it lies."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from contract_tests import mutations
from contract_tests.mutations.change import Change, ServerChange
from contract_tests.subject import Subject


def catalogue(subject: Subject) -> list[Change]:
    """Every drift that the proof must notice, and the few that nobody can."""
    return [change for module in sources() for change in drifts_of(module, subject)]


def sources() -> Iterator[ModuleType]:
    """Each module of this package that gives drifts: as a table, or by a function of what a run is about."""
    for found in pkgutil.walk_packages(mutations.__path__, f"{mutations.__name__}."):
        if not found.name.endswith(".__main__"):  # which runs already, under its own name
            module = importlib.import_module(found.name)
            if hasattr(module, "changes") or hasattr(module, "DRIFTS"):
                yield module


def drifts_of(module: ModuleType, subject: Subject) -> list[Change]:
    """The drifts that a module gives."""
    changes: list[Change] = list(module.changes(subject)) if hasattr(module, "changes") else []
    for hurts, bends in getattr(module, "DRIFTS", {}).items():
        for name, bend in bends.items():
            changes.append(ServerChange(family="server: protocol", name=name, hurts=hurts, bend=bend))
    return changes
