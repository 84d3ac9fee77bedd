"""What is wrong with a contract, and what of it can be had all the same. Run as a process of its own.

`python -m contract_tests.survey.reading CONTRACT [LEFT]` prints one JSON object: how many `operations` it has; its
`faults`, each with `reason`, `pointer` and `line`. With LEFT, that is where the contract goes without the operations
that are refused, as JSON; `left_out` says of each why, and `faults` are those that no operation can be left out for.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scripts.codegen.partial import PartialContract
from scripts.contract import METHODS, ContractError, Fault, parse
from scripts.contract.text import read_text

ROUNDS = 8  # of leaving out: what is found wrong first can hide what is found last


def main() -> None:
    """Print what was found."""
    path, *left = map(Path, sys.argv[1:])
    content = path.read_bytes()
    faults = faults_of(path, content)
    document = loaded(path, content)
    found: dict[str, Any] = {"operations": operations_of(document), "left_out": {}}
    if faults and left:
        document, found["left_out"], faults = without_refused(path, document, faults)
    if left:
        left[0].write_text(as_text(document), encoding="utf-8")
    sys.stdout.write(json.dumps({**found, "faults": [asdict(each) for each in faults]}))


def loaded(path: Path, content: bytes) -> dict[str, Any]:
    """What the text of a contract holds; nothing, where it is no contract at all."""
    found = read_text(content.decode("utf-8-sig", "replace"), is_json=path.suffix == ".json")
    return deepcopy(found.value) if found.is_whole and isinstance(found.value, dict) else {}


def faults_of(path: Path, content: bytes) -> Sequence[Fault]:
    """What is wrong with the text of a contract, or else what the client cannot say of it."""
    try:
        contract = parse(path, content)
        return contract.error(PartialContract(contract.document).faults).faults
    except ContractError as error:
        return error.faults


def operations_of(document: Mapping[str, Any]) -> int:
    """How many operations a document has, whatever is wrong with it."""
    paths = document.get("paths")
    items = paths.values() if isinstance(paths, dict) else ()
    return sum(1 for item in items if isinstance(item, dict) for method in METHODS if method in item)


def without_refused(
    path: Path, document: dict[str, Any], faults: Sequence[Fault]
) -> tuple[dict[str, Any], dict[str, str], Sequence[Fault]]:
    """A document without what rests on a fault, why each operation is not there, and the faults that remain."""
    left_out: dict[str, str] = {}
    for _ in range(ROUNDS):
        part = PartialContract(document, faults)
        smaller = part.document()
        if not faults or smaller == document:
            break
        left_out |= {label: str(found[0]) for label, found in part.refused.items()}
        document = smaller
        faults = faults_of(path, as_text(document).encode())
    return document, left_out, faults


def as_text(document: Mapping[str, Any]) -> str:
    """A document as JSON."""
    return json.dumps(document, ensure_ascii=False)


if __name__ == "__main__":
    main()
