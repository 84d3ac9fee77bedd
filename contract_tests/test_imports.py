"""What tests share lies in modules that are no tests: a test module, and a conftest, is pytest's alone."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests.subject import ROOT

FOLDER = Path(__file__).parent


def imported(source: str) -> Iterator[str]:
    """Every name that a module may be imported by."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def of_pytest_alone(source: str) -> set[str]:
    """Those imports that are of a test module or a conftest."""
    modules = {path.stem for path in FOLDER.rglob("*.py") if path.match("test_*.py") or path.stem == "conftest"}
    return {name for name in imported(source) if name.rpartition(".")[2] in modules}


def test_no_module_imports_a_test_module() -> None:
    """Nobody imports a test module or a conftest, neither another one nor what they share."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(FOLDER.rglob("*.py"))}
    assert len(sources) > 1
    found = {str(path.relative_to(FOLDER)): of_pytest_alone(source) for path, source in sources.items()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import contract_tests.test_imports",
        "from contract_tests.test_imports import imported",
        "from contract_tests import test_imports",
        "from . import conftest",
        "from .conftest import server",
    ],
)
def test_every_way_to_import_is_seen(source: str) -> None:
    """However an import is written, it is found."""
    assert of_pytest_alone(source)


@pytest.mark.parametrize(
    ("package", "libraries"),
    [
        (ROOT / "generated" / "roark_client", {"roark_client", "attrs", "httpx", "anyio"}),
        (
            ROOT / "contract_tests" / "mock_server" / "roark_mock",
            {
                "roark_mock",
                "roark_client",
                "httpx",
                "msgspec",
                "starlette",
                "uvicorn",
                "h11",
                "fastapi_swagger",
                "pytest",
            },
        ),
    ],
    ids=["client", "mock"],
)
def test_package_needs_only_what_it_names(package: Path, libraries: set[str]) -> None:
    """What users install imports the standard library and the libraries that it depends on, and nothing else."""
    sources = [path.read_text(encoding="utf-8") for path in package.rglob("*.py")]
    absolute = re.compile(r"^ *(?:from|import) ([a-z0-9_]+)", re.MULTILINE)
    names = {name for source in sources for name in absolute.findall(source)}
    assert names - sys.stdlib_module_names <= libraries
