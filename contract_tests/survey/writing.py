"""Write the client of a contract. Run as a process of its own.

`python -m contract_tests.survey.writing CONTRACT FOLDER` prints what the writing took, in seconds, reading left out.
"""

import sys
import time
from pathlib import Path

from scripts.codegen.generator import write_client
from scripts.contract import ContractError, read


def main() -> None:
    """Exits 1, with the faults on standard error, where it cannot be written."""
    contract, folder = map(Path, sys.argv[1:])
    try:
        found = read(contract)
        began = time.monotonic()
        write_client(found, folder)
    except ContractError as error:
        sys.exit(str(error))
    sys.stdout.write(f"{time.monotonic() - began}")


if __name__ == "__main__":
    main()
