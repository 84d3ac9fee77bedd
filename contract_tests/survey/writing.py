"""Write the client of a contract. Run as a process of its own.

`python -m contract_tests.survey.writing CONTRACT FOLDER` prints what the writing took, in seconds, reading left out.
"""

import sys
import time
from pathlib import Path

from scripts.codegen.generator import write_client
from scripts.contract import ContractError, read


def main() -> int:
    """Return 0 where it was written, and 1, with the faults on standard error, where not."""
    contract, folder = map(Path, sys.argv[1:])
    try:
        found = read(contract)
        began = time.monotonic()
        write_client(found, folder)
    except ContractError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{time.monotonic() - began}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
