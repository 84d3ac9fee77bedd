"""Import every module of a client. Run as a process of its own.

`python -m contract_tests.survey.importing FOLDER` exits 1 where one cannot be imported, with each on standard error.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path


def main() -> int:
    """Return 0 where all could be imported."""
    folder = Path(sys.argv[1])
    sys.path.insert(0, str(folder))
    wrong = 0
    for name in _modules(folder):
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - whatever a generated module does
            wrong = 1
            sys.stderr.write(f"{name}: {type(error).__name__}: {error}\n")
    return wrong


def _modules(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("roark_client/**/*.py")):
        *parts, last = path.relative_to(folder).with_suffix("").parts
        yield ".".join(parts if last == "__init__" else [*parts, last])


if __name__ == "__main__":
    sys.exit(main())
