"""Writing the client that a contract gives, the same to the byte on any machine and in any folder."""

import ast
import contextlib
import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from ruff import find_ruff_bin

from scripts.codegen import python
from scripts.codegen.refusals import RefusedError
from scripts.codegen.text import docstring, literal
from scripts.contract import Contract, ContractError, Fault

PACKAGE = "roark_client"
TEMPLATES = Path(__file__).parent / "templates"
RUNTIME = Path(__file__).parent / "runtime"

# Stands in the folder that is written, and marks it as one that may be replaced.
NOTICE = """\
# Generated, do not edit

`scripts/generate` writes everything in this folder from `openapi.yaml` and replaces it whole. To change the client,
change the contract or `scripts/codegen/`, then run `scripts/generate`.
"""


def write_client(contract: Contract, folder: Path, *, templates: Path = TEMPLATES, runtime: Path = RUNTIME) -> None:
    """Write the notice and the package `roark_client` into a new folder.

    Raises `ContractError` where the client cannot say a part of the contract, or the generator cannot use it.
    """
    package = folder / PACKAGE
    folder.mkdir()
    if faults := list(_write_package(contract, package, templates)):
        raise contract.error(faults)
    for module in runtime.glob("*.py"):
        shutil.copyfile(module, package / module.name)
    (package / "py.typed").write_text("", encoding="utf-8")
    (folder / "README.md").write_text(NOTICE, encoding="utf-8")
    try:
        _format(package)
    except subprocess.CalledProcessError:
        if faults := list(_unreadable(contract, folder)):
            raise contract.error(faults) from None
        raise


def expect_expressible(contract: Contract) -> None:
    """Raise `ContractError` with all that the client cannot say of a contract."""
    if faults := python.refused(contract.document):
        raise contract.error(faults)


def write_plain(contract: Contract, package: Path) -> None:
    """Write what the generator makes of a contract by itself, for comparison. Raises `ContractError` if it refuses."""
    project = _project(contract, contract.document, package)
    with contextlib.redirect_stdout(io.StringIO()):  # the generator prints where it writes
        project.build()


def sources_of_files(contract: Contract) -> dict[str, str]:
    """For each generated file that comes from one place of the contract: its path in the folder, and that place's
    JSON pointer. Empty for a contract that the client cannot express."""
    try:
        view = python.Python(contract.document)
    except RefusedError:
        return {}
    models = {f"models/{each.module}.py": each.place for each in view.classes.values()}
    operations = {f"api/{each.tag}/{each.name}.py": each.place for each in view.operations}
    return {f"{PACKAGE}/{path}": place.pointer for path, place in (models | operations).items()}


def _write_package(contract: Contract, package: Path, templates: Path) -> Iterator[Fault]:
    """The modules that come from the contract. Gives what keeps them from being written."""
    try:
        view = python.Python(contract.document)
        project = _project(contract, view.outline(), package, templates)
        project.env.globals.update(python=view, docstring=docstring, literal=literal)
        project.env.globals.update(imports=python.imports, annotations=python.annotations)
        with contextlib.redirect_stdout(io.StringIO()):  # the generator prints where it writes
            errors = project.build()
        yield from (Fault(_reason(error)) for error in errors)
        _write_facade(project, view, package)
    except (OSError, ContractError):
        raise
    except RefusedError as error:
        yield from error.faults
    except Exception as error:  # noqa: BLE001 - a contract it did not expect makes it fail anywhere
        yield Fault(f"the generator failed on it: {type(error).__name__}: {error}")


def _unreadable(contract: Contract, folder: Path) -> Iterator[Fault]:
    """The modules that Python cannot read, which a formatter only calls by their names in a temporary folder."""
    sources = sources_of_files(contract)
    for path in sorted(folder.rglob("*.py")):
        try:
            ast.parse(path.read_bytes())
        except (SyntaxError, ValueError) as error:
            name = path.relative_to(folder).as_posix()
            yield Fault(f"the generator failed on it: {name} is no Python: {error.args[0]}", sources.get(name))


def _reason(error: GeneratorError) -> str:
    return " ".join(f"{error.header} {error.detail or ''}".split())


def _write_facade(project: Project, view: python.Python, package: Path) -> None:
    """The modules that the generator does not know: the two clients, and a resource for each tag."""

    def write(template: str, path: Path, **values: object) -> None:
        path.write_text(project.env.get_template(template).render(**values), encoding="utf-8")

    write("contract.py.jinja", package / "contract.py")
    write("roark.py.jinja", package / "roark.py")
    (package / "resources").mkdir()
    (package / "resources/__init__.py").write_text('"""The operations of each tag as methods."""\n', encoding="utf-8")
    for tag in view.tags:
        write("resource.py.jinja", package / f"resources/{tag}.py", tag=tag)


def _project(contract: Contract, document: dict[str, Any], package: Path, templates: Path | None = None) -> Project:
    """What writes a document as a package, in any folder the same. Raises `ContractError` if the generator refuses."""
    settings = Config.from_sources(
        # Formatting is ours: the generator's own hooks inherit whatever configuration lies around the folder.
        ConfigFile(package_name_override=package.name, post_hooks=[]),
        MetaType.NONE,
        document_source=contract.path,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )
    data = GeneratorData.from_dict(document, config=settings)
    if isinstance(data, GeneratorError):
        raise contract.error([Fault(_reason(data))])
    return Project(openapi=data, config=settings, custom_template_path=templates)


def _format(package: Path) -> None:
    ruff = find_ruff_bin()
    settings = ["--isolated", "--no-cache", "--quiet", "--target-version=py311", "--line-length=120"]
    for command in (["check", "--fix-only", "--select=F401,I"], ["format"]):
        subprocess.run([ruff, *command, *settings, str(package)], check=True)
