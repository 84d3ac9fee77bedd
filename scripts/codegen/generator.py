"""Writing the client that a contract gives, the same to the byte on any machine and in any folder."""

import contextlib
import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.parser.properties import Class
from ruff import find_ruff_bin

from scripts.codegen import python
from scripts.codegen.contract import Contract, fault_in_text, json_pointer

PACKAGE = "roark_client"
TEMPLATES = Path(__file__).parent / "templates"
RUNTIME = Path(__file__).parent / "runtime"

# Stands in the folder that is written, and marks it as one that may be replaced.
NOTICE = """\
# Generated, do not edit

`scripts/generate` writes everything in this folder from `openapi.yaml` and replaces it whole. To change the client,
change the contract or `scripts/codegen/`, then run `scripts/generate`.
"""


def write_client(contract: Contract, folder: Path) -> None:
    """Write the notice and the package `roark_client` into a new folder.

    Raises `ContractError` where the generator cannot use the contract or would leave a part of it out.
    """
    package = folder / PACKAGE
    folder.mkdir()
    if errors := _run_generator(contract, package):
        raise contract.error(
            fault_in_text(" ".join(f"{error.header} {error.detail or ''}".split())) for error in errors
        )
    for module in RUNTIME.glob("*.py"):
        shutil.copyfile(module, package / module.name)
    (package / "py.typed").write_text("", encoding="utf-8")
    (folder / "README.md").write_text(NOTICE, encoding="utf-8")
    _format(package)


def sources_of_files(contract: Contract) -> dict[str, str]:
    """For each generated file that comes from one place of the contract: its path in the folder, and that place's
    JSON pointer."""
    config = _config(contract, Path(PACKAGE))
    sources = {}
    for name in contract.document.get("components", {}).get("schemas", {}):
        module = Class.from_string(string=name, config=config).module_name
        sources[f"{PACKAGE}/models/{module}.py"] = json_pointer(["components", "schemas", name])
    data = GeneratorData.from_dict(contract.document, config=config)
    if isinstance(data, GeneratorData):
        for tag, collection in data.endpoint_collections_by_tag.items():
            for endpoint in collection.endpoints:
                path = endpoint.path.get_untrusted_value()
                pointer = json_pointer(["paths", path, endpoint.method])
                sources[f"{PACKAGE}/api/{tag}/{endpoint.name}.py"] = pointer
    return sources


def _run_generator(contract: Contract, package: Path) -> Sequence[GeneratorError]:
    config = _config(contract, package)
    try:
        data = GeneratorData.from_dict(contract.document, config=config)
        if isinstance(data, GeneratorError):
            return [data]
        if collisions := list(_collisions(data)):
            return collisions
        project = Project(openapi=data, config=config, custom_template_path=TEMPLATES)
        view = python.Python(contract.document)
        project.env.globals.update(
            python=view,
            docstring=python.docstring,
            literal=python.literal,
            imports=python.imports,
            resource_name=python.resource_name,
        )
        with contextlib.redirect_stdout(io.StringIO()):  # the generator prints where it writes
            errors = project.build()
        _write_facade(project, view, package)
        return errors
    except OSError:
        raise
    except python.CannotExpressError as error:
        return [GeneratorError(header=str(error))]
    except Exception as error:  # noqa: BLE001 - a contract it did not expect makes it fail anywhere
        return [GeneratorError(header="the generator failed on it:", detail=f"{type(error).__name__}: {error}")]


def _reason(error: GeneratorError) -> str:
    text = " ".join(f"{error.header} {error.detail or ''}".split())
    return re.sub(r"<\S+ object at 0x[0-9a-f]+>", "…", text)  # the generator shows some names by their address


def _write_facade(project: Project, view: python.Python, package: Path) -> None:
    """The modules that the generator does not know: the two clients, and a resource for each tag."""
    collections = project.openapi.endpoint_collections_by_tag
    tags = view.tags(collections)

    def write(template: str, path: Path, **values: object) -> None:
        path.write_text(project.env.get_template(template).render(**values), encoding="utf-8")

    write("contract.py.jinja", package / "contract.py")
    write("roark.py.jinja", package / "roark.py", tags=tags)
    (package / "resources").mkdir()
    (package / "resources/__init__.py").write_text('"""The operations of each tag as methods."""\n', encoding="utf-8")
    for tag, collection in collections.items():
        write("resource.py.jinja", package / f"resources/{tag}.py", tag=str(tag), collection=collection)


def _collisions(data: GeneratorData) -> Iterator[GeneratorError]:
    """Operations that the generator would write to one file, the later over the earlier, without a warning."""
    for collection in data.endpoint_collections_by_tag.values():
        taken: dict[str, str] = {}
        for endpoint in collection.endpoints:
            label = f"{endpoint.method.upper()} {endpoint.path.get_untrusted_value()}"
            first = taken.setdefault(str(endpoint.name), label)
            if first != label:
                yield GeneratorError(header=label, detail=f"has the Python name {endpoint.name}, as has {first}")


def _config(contract: Contract, package: Path) -> Config:
    return Config.from_sources(
        # Formatting is ours: the generator's own hooks inherit whatever configuration lies around the folder.
        ConfigFile(package_name_override=PACKAGE, post_hooks=[]),
        MetaType.NONE,
        document_source=contract.path,
        file_encoding="utf-8",
        overwrite=False,
        output_path=package,
    )


def _format(package: Path) -> None:
    ruff = find_ruff_bin()
    settings = ["--isolated", "--no-cache", "--quiet", "--target-version=py311", "--line-length=120"]
    for command in (["check", "--fix-only", "--select=F401,I"], ["format"]):
        subprocess.run([ruff, *command, *settings, str(package)], check=True)
