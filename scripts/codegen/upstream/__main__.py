"""`scripts/upstream`: show what became of the generator's own templates, or with --accept keep them as they are now."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from scripts.codegen import upstream
from scripts.terminal import refuse

WHAT_TO_DO = """
Port what matters to scripts/codegen/templates/ and scripts/codegen/runtime/, run scripts/generate and scripts/drift,
and then keep what is installed for the next time: scripts/upstream --accept"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where the generator's templates are those that were accepted, 1 where not, 2 when it could not run."""
    parser = argparse.ArgumentParser(
        prog="scripts/upstream",
        description="Show what became of openapi-python-client's own templates since ours were held against them.",
        epilog="exit codes: 0 nothing; 1 what is printed; 2 could not run",
    )
    parser.add_argument("--accept", action="store_true", help="keep the installed ones: what matters has been ported")
    options = parser.parse_args(arguments)
    try:
        if options.accept:
            upstream.accept()
        found = list(upstream.differences())
    except OSError as error:
        return refuse(str(error))
    templates = f"the templates of openapi-python-client {version('openapi-python-client')}"
    if not found:
        print(f"{templates} are those that ours were held against")
        return 0
    print(f"{templates} are not those that ours were held against\n")
    print(*found, WHAT_TO_DO, sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
