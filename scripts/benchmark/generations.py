"""What it costs to read a contract, write its client and tell its changes, when today's operations become many."""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from ruff import find_ruff_bin

from scripts.benchmark import growth, measure
from scripts.benchmark.report import Row, beside
from scripts.contract import Contract

SIZES = (100, 250, 500)

OF_PLAIN = 1.5
OF_FEWEST = 1.2  # an operation among the most over one among the fewest, where 5 is growth by the square
SECONDS = 10.0


def rows(contract: Contract, client: Path, place: Path, quick: bool, progress: measure.Progress) -> list[Row]:
    """Rows for copies of a contract's operations, which share its schemas; `client` is what the contract gives.

    Only the last row is of copies with schemas of their own, which take many times as long to read and to write.

    The generator without our templates reads the same files and formats what it writes, as its users run it.
    """
    sizes = (2, 10) if quick else SIZES
    folders = {size: place / f"copies-{size}" for size in sizes}
    found: list[Row] = []
    of_one: dict[int, list[float]] = {}
    of_contract = sum(1 for _ in growth.operations_of(contract.document))
    for size, folder in folders.items():
        document = growth.repeated(size // of_contract, contract.document)
        row, ours = _written(document, size, "", folder, progress)
        found.append(row)
        of_one[size] = [ours / size]
    fewest, most = min(sizes), max(sizes)
    what = f"CPU of reading and writing one operation of {most}, over one of {fewest}"
    found.append(beside(what, of_one[most], of_one[fewest], lambda one: f"{one * 1e3:.0f} ms", OF_FEWEST))
    found += _changes(contract, client, folders[most], most, progress)
    document = growth.grown(fewest, contract.document)
    row, _ = _written(document, fewest, ", each with schemas of its own", place / "own", progress)
    return [*found, row]


def _written(
    document: dict[str, Any], size: int, kind: str, folder: Path, progress: measure.Progress
) -> tuple[Row, float]:
    """A row for a contract that is read and written by us and by the plain generator, and the seconds that we take."""
    folder.mkdir()
    spec = _saved(document, folder / "openapi.yaml")
    progress(f"reading and writing {size} operations{kind}")
    ours = measure.cpu_of(partial(_ours, "write", spec, folder / "ours"))
    progress(f"reading and writing {size} operations{kind}, by openapi-python-client itself")
    plain = measure.cpu_of(partial(_plain, spec, folder / "plain"))
    what = f"CPU of reading and writing {size} operations{kind}, over plain openapi-python-client"
    return beside(what + left_out(folder / "plain", size), [ours], [plain], _seconds, OF_PLAIN), ours


def left_out(client: Path, operations: int) -> str:
    """How many operations the plain generator did not write, in words; it says so and goes on. Empty for none."""
    written = [path for path in client.glob("api/*/*.py") if path.name != "__init__.py"]
    return f" (which leaves out {operations - len(written)})" if len(written) < operations else ""


def _changes(contract: Contract, client: Path, folder: Path, size: int, progress: measure.Progress) -> list[Row]:
    """Rows for the report of changes: where all is new, and where one field is."""
    spec = folder / "openapi.yaml"
    former = json.loads(spec.read_text(encoding="utf-8"))
    one_less = _saved(_without_a_field(former), folder / "former.yaml")
    found: list[Row] = []
    for which, former, former_client in (
        (f"from today's contract to {size} operations", contract.path, client),
        (f"about one field among {size} operations", one_less, folder / "ours"),
    ):
        progress(f"the report {which}")
        seconds = float(_ours("changes", former, former_client, spec, folder / "ours"))
        found.append(_within(f"CPU of the report of changes {which}", seconds))
    return found


def _ours(*arguments: str | Path) -> str:
    return measure.output_of(sys.executable, "-P", "-m", "scripts.benchmark.generation", *arguments)


def _plain(spec: Path, folder: Path) -> str:
    words: list[str | Path] = ["generate", "--path", spec, "--meta", "none", "--output-path", folder]
    path = f"{Path(find_ruff_bin()).parent}{os.pathsep}{os.environ['PATH']}"  # where it looks for what formats
    return measure.output_of(sys.executable, "-P", "-m", "openapi_python_client", *words, PATH=path)


def _saved(document: dict[str, Any], spec: Path) -> Path:
    spec.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")  # which is YAML as well
    return spec


def _without_a_field(document: dict[str, Any]) -> dict[str, Any]:
    """The same without the last field of its last object."""
    *_, last = (each for each in document["components"]["schemas"].values() if each.get("properties"))
    field, _ = last["properties"].popitem()
    last["required"] = [each for each in last.get("required", []) if each != field]
    return document


def _within(what: str, seconds: float) -> Row:
    return Row(what, _seconds(seconds), "", _seconds(seconds), seconds, SECONDS, f"≤ {SECONDS:.0f} s")


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"
