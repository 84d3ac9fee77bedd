"""What a module of the proof says of itself, in one statement:

    ABOUT = About(CONTRACT_CLIENT, needs={Need.CLIENT, Need.WIRE}, pace=Pace.SECONDS)

A run chooses and orders by it what it hands to pytest. It is read from the source: the processes of `scripts/prove`
import the proof for themselves, each with another client, mock or document, so nothing of it may be imported before.
"""

import ast
from collections.abc import Set
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from pathlib import Path
from typing import TypeGuard

from contract_tests.evidence import CLIENT_SERVER, CONTRACT_CLIENT, CONTRACT_SERVER, DOCUMENTS_CONTRACT, Pair


class Need(Enum):
    """What the tests of a module take beside the contract, the documents and the mock's types."""

    SERVER = auto()
    CLIENT = auto()
    WIRE = auto()
    """A wire of our own, on which each request of the client is seen."""
    GENERATION = auto()
    """Requests that Schemathesis makes, which takes it a second to prepare."""


class Pace(IntEnum):
    """How long the tests of a module take where all agree, about."""

    INSTANT = auto()
    """Hundredths of a second."""
    BRISK = auto()
    """Tenths of a second, up to one."""
    SECONDS = auto()
    LONG = auto()
    """Longer than all others together."""


@dataclass(frozen=True)
class About:
    """The pair of parties that a module is about, what it needs and how quick it is."""

    pair: Pair
    needs: Set[Need]
    pace: Pace

    def __post_init__(self) -> None:
        """Raise TypeError for anything else."""
        is_set = isinstance(self.needs, Set) and all(isinstance(each, Need) for each in self.needs)
        if not (isinstance(self.pair, Pair) and is_set and isinstance(self.pace, Pace)):
            raise TypeError(f"expected a pair, a set of needs and a pace, got {self}")


class UnstatedError(Exception):
    """A module does not say what it is about; the message names it and says what to write."""


_WORDS = {
    "About": About,
    "CLIENT_SERVER": CLIENT_SERVER,
    "CONTRACT_CLIENT": CONTRACT_CLIENT,
    "CONTRACT_SERVER": CONTRACT_SERVER,
    "DOCUMENTS_CONTRACT": DOCUMENTS_CONTRACT,
    "Need": Need,
    "Pace": Pace,
    "set": set,
}


def about(module: Path) -> About:
    """What a module says of itself. Raises UnstatedError where it says nothing, twice, or what cannot be read."""
    text, found = module.read_text(encoding="utf-8"), list[str]()
    try:
        found = [ast.unparse(each.value) for each in ast.parse(text).body if _is_statement(each) and each.value]
        (statement,) = found
        return eval(statement, {"__builtins__": {}}, _WORDS)  # type: ignore[no-any-return] # noqa: S307
    except SyntaxError as error:
        raise UnstatedError(f"{module}:{error.lineno}: {error.msg}") from None
    except Exception as error:
        raise UnstatedError(
            f"{module}: expected one statement such as ABOUT = About(CONTRACT_SERVER, needs={{Need.SERVER}}, "
            f"pace=Pace.SECONDS), got {' and '.join(found) or 'none'}"
        ) from error


def _is_statement(node: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    """Whether a statement gives `ABOUT` its value."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(each, ast.Name) and each.id == "ABOUT" for each in targets)
