"""`scripts/bench`: what an upload, an import, the mock and a growing contract cost, beside others."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from scripts import contract as contracts
from scripts.benchmark import environments, forwarding, generations, growth, measure, mocks, sizes
from scripts.benchmark.report import Row, beside, table
from scripts.codegen import generator
from scripts.terminal import progress, refuse, refuse_interrupted

SPEC = environments.ROOT / "openapi.yaml"

OF_RAW = 0.95
OF_VENDOR = 1 / 3
IMPORT_MILLISECONDS = 25.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when it could measure, whatever it found, and 2 when it could not."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the CPU of one upload, of an import and of generating a client as the contract grows, and "
        "what the mock takes, in turn with others.",
        epilog="exit codes: 0 measured, whether or not a goal was reached; 2 could not measure",
    )
    parser.add_argument(
        "--quick", action="store_true", help="a smoke run: few rounds and operations, and no need of a registry"
    )
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as place:
            contract = contracts.read(SPEC)
            generator.write_client(contract, Path(place, "generated"))
            rows = _uploads(contract, Path(place), options.quick)
            rows += _imports(Path(place), options.quick)
            rows += generations.rows(contract, Path(place, "generated"), Path(place), options.quick, progress)
            rows += forwarding.rows(Path(place), options.quick, progress)
            rows += mocks.rows(_documented(contract.document)[0], Path(place), options.quick, progress)
    except (measure.MeasurementError, contracts.ContractError, OSError) as error:
        return refuse(str(error))
    except KeyboardInterrupt:
        return refuse_interrupted("nothing was measured to its end")
    progress("")
    print(table(rows, sys.stdout))
    return 0


def _uploads(contract: contracts.Contract, place: Path, quick: bool) -> list[Row]:
    """The CPU of one upload over each of the others."""
    sample, reply = _documented(contract.document)
    (place / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    (place / "reply.json").write_text(json.dumps(reply), encoding="utf-8")
    progress("making the environments")
    clients = {
        "raw": environments.copied(place / "raw", ["httpx"]),
        "plain": environments.copied(place / "plain", ["httpx", "attrs"]),
        "ours": environments.copied(place / "ours", ["httpx", "attrs", "anyio"]),
    }
    shutil.copytree(place / "generated" / generator.PACKAGE, clients["ours"].packages / generator.PACKAGE)
    generator.write_plain(contract, clients["plain"].packages / "plain_client")
    if not quick:
        vendors = environments.vendors()
        if isinstance(vendors, environments.Environment):
            clients["vendor"] = vendors
        else:
            progress("")
            print(f"{environments.VENDOR} is left out: {vendors}", file=sys.stderr)
    with measure.answering(place / "reply.json") as url:
        commands = measure.uploading(clients, url, place / "sample.json")
        found = measure.uploads(commands, *((2, 20) if quick else (25, 200)), progress)
    others: dict[str, tuple[str, float | None, str]] = {
        "raw": ("httpx.Client.post(json=…).json()", OF_RAW, ""),
        "plain": ("plain generated code", None, ""),
        "vendor": (environments.VENDOR, OF_VENDOR, "≤ 1/3"),
    }
    documented = [
        beside(
            f"CPU of one upload, over {what}",
            found["ours"],
            found[name],
            lambda seconds: f"{seconds * 1e6:.0f} µs",
            goal,
            words,
        )
        for name, (what, goal, words) in others.items()
        if name in found
    ]
    beside_httpx = {name: clients[name] for name in ("ours", "raw")}
    return documented + sizes.rows(sample, beside_httpx, place, quick, progress)


def _imports(place: Path, quick: bool) -> list[Row]:
    """The CPU of importing clients of growing contracts, over that of importing httpx."""
    sizes = (2, 50) if quick else (2, 50, 500)
    packages: dict[str, Path] = {"the contract": place / "generated"}
    for size in sizes:
        progress(f"generating the client of {size} operations")
        contract = contracts.parse(place / f"{size}.json", json.dumps(growth.grown(size)).encode())
        generator.write_client(contract, place / f"{size}")
        packages[f"{size} operations"] = place / f"{size}"
    statements = {"httpx": "import httpx"}
    for name, package in packages.items():
        path = f"import sys; sys.path.insert(0, {str(package)!r}); import httpx"
        statements[f"import roark_client, {name}"] = f"{path}, roark_client"
        statements[f"from roark_client import Roark, {name}"] = f"{path}; from roark_client import Roark"
    environment = environments.copied(place / "imports", ["httpx", "attrs", "anyio"])
    found = measure.imports(environment.python, statements, 1 if quick else 25, progress)
    return [
        Row(
            name,
            f"{median(seconds) * 1e3:.0f} ms",
            f"{median(found['httpx']) * 1e3:.0f} ms",
            f"{(value := measure.difference(seconds, found['httpx']) * 1e3):+.1f} ms",
            value,
            IMPORT_MILLISECONDS if name.startswith("import") else None,
            f"≤ +{IMPORT_MILLISECONDS:.0f} ms" if name.startswith("import") else "",
        )
        for name, seconds in sorted(found.items(), key=lambda each: not each[0].startswith("import"))
        if name != "httpx"
    ]


def _documented(document: dict[str, Any]) -> tuple[Any, Any]:
    """The vendor's own sample of an upload, and of its reply."""
    operation = document["paths"]["/v1/call-analysis"]["post"]
    request = operation["requestBody"]["content"]["application/json"]["examples"]["documented"]["value"]
    reply = operation["responses"]["200"]["content"]["application/json"]["examples"]["documented"]["value"]
    return request, reply


if __name__ == "__main__":
    sys.exit(main())
