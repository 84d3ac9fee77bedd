"""What it costs to read a contract, to write its client and to tell what changed, run as a process of its own."""

import io
import sys
import time
from pathlib import Path

from scripts import contract as contracts
from scripts.codegen import generator
from scripts.compat import report, snapshot


def write(spec: Path, folder: Path) -> None:
    """Read a contract and write its client into a new folder."""
    generator.write_client(contracts.read(spec), folder)


def changes(former_spec: Path, former_client: Path, spec: Path, client: Path) -> float:
    """Seconds of CPU that it takes to tell what changed between two contracts and their clients.

    Of the new contract not the reading, which comes before its client is written.
    """
    document = contracts.read(spec).document
    before = time.process_time()
    former = snapshot.of_client(contracts.read(former_spec).document, former_client)
    changes, surface = snapshot.compare(former, snapshot.of_client(document, client))
    found = report.Report("", "", changes, surface, surface_known=former.surface is not None)
    list(report.lines(found, io.StringIO()))
    return time.process_time() - before


if __name__ == "__main__":
    paths = [Path(each) for each in sys.argv[2:]]
    if sys.argv[1] == "write":
        write(*paths)
    else:
        sys.stdout.write(f"{changes(*paths)}\n")
