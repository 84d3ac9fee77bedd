"""`scripts/release`: date a version, and keep what its callers hold, for the versions after it."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scripts.compat import snapshot, versions
from scripts.compat.versions import ReleasedError
from scripts.contract import ContractError, read
from scripts.terminal import refuse, refuse_interrupted
from scripts.verbs import generation


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when the version is kept, 1 where it is not the one that is due, 2 when it could not run."""
    parser = argparse.ArgumentParser(
        prog="scripts/release",
        description="Date the version at hand in CHANGELOG.md, and keep its contract and the surface of its client in "
        f"{versions.RELEASED}. Breaking changes are counted from there. Nothing is published.",
        epilog="exit codes: 0 kept; 1 the version is not the one that is due, or the client is stale; 2 could not run",
    )
    parser.parse_args(arguments)
    try:
        return release(generation.ROOT, datetime.now(UTC).date().isoformat())
    except (ContractError, OSError, ReleasedError, ValueError) as error:
        return refuse(f"nothing was released: {error}")
    except KeyboardInterrupt:
        return refuse_interrupted("run it again")


def release(root: Path, day: str) -> int:
    """Release the version of a checkout on a day, such as 2026-11-21. Returns the exit code."""
    contract = read(root / snapshot.SPEC)
    faults = versions.faults(root)
    if generation.check(contract, root / snapshot.OUTPUT).stale:
        faults.append("the client is stale; run scripts/generate")
    version = str(contract.document["info"]["version"])
    changelog = root / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    heading = f"## {version} - unreleased\n"
    if not faults and heading not in text:
        faults.append(f"CHANGELOG.md holds no line {heading.strip()!r}; write what is new below one")
    if faults:
        sys.stdout.write("\n".join(faults) + "\n")
        return 1
    versions.keep(root)
    changelog.write_text(text.replace(heading, f"## {version} - {day}\n", 1), encoding="utf-8")
    where = f"in {versions.RELEASED} and dated in CHANGELOG.md"
    sys.stdout.write(f"{version} is kept {where}; commit both, and tag the commit v{version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
