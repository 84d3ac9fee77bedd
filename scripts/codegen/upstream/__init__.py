"""What became of the generator's own templates since ours were last held against them.

Ours replace them by name, so what an upgrade of the generator mends or moves there would go by unseen. `templates/`
keeps, word for word, each that ours replace or that is rendered as it is; `templates/sha256.txt` has the sums of all.
"""

import difflib
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from jinja2 import Environment, PackageLoader

# Neither the generator nor what drives it is imported here: after an upgrade they may not fit each other.
INSTALLED = Path(str(distribution("openapi-python-client").locate_file("openapi_python_client/templates")))
OURS = Path(__file__).parents[1] / "templates"
KEPT = Path(__file__).parent / "templates"
CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
SUMS = "sha256.txt"

# The templates that are left to the generator, and why they may be.
LEFT = {
    "api_init.py.jinja": "it is one docstring",
    "endpoint_init.py.jinja": "it is one docstring",
    "client.py.jinja": "runtime/client.py takes the place of its file",
    "errors.py.jinja": "runtime/errors.py takes the place of its file",
    "types.py.jinja": "runtime/types.py takes the place of its file",
    "literal_enum.py.jinja": "it is read and never rendered, for our enums are classes",
}
NOT_REPLACED = "none of ours replaces it"


def differences() -> Iterator[str]:
    """Each difference between the installed templates and those that were accepted, with what it means for ours."""
    accepted, installed = _accepted(), _installed()
    for name in sorted(accepted.keys() - installed):
        yield f"gone: {name}; " + (
            f"ours, templates/{name}, is not rendered any more" if name in _ours() else NOT_REPLACED
        )
    yield from _rendering_differences()
    for name in sorted(installed):
        text, former = installed[name], _text(KEPT / name)
        if accepted.get(name) == _hash(text) and (name not in _answered_for() or former == text):
            continue
        meaning = f"ours, templates/{name}, replaces it" if name in _ours() else LEFT.get(name, NOT_REPLACED)
        yield f"{'changed' if name in accepted else 'new'}: {name}; {meaning}"
        if name in _answered_for():
            yield from difflib.unified_diff(
                former.splitlines(), text.splitlines(), f"{name} as accepted", f"{name} as installed", lineterm=""
            )


def accept() -> None:
    """Keep the installed templates in the place of those that were kept."""
    installed = _installed()
    for path in KEPT.glob("*.jinja"):
        path.unlink()
    for name in _answered_for() & installed.keys():
        (KEPT / name).write_text(installed[name], encoding="utf-8")
    sums = (f"{_hash(text)}  {name}\n" for name, text in sorted(installed.items()))
    (KEPT / SUMS).write_text("".join(sums), encoding="utf-8")


def _installed() -> dict[str, str]:
    """Name to text of every template of the generator."""
    return {path.relative_to(INSTALLED).as_posix(): _text(path) for path in INSTALLED.rglob("*.jinja")}


def _accepted() -> dict[str, str]:
    """Name to hash of every template it had when they were last accepted."""
    return {name: digest for digest, name in map(str.split, (KEPT / SUMS).read_text(encoding="utf-8").splitlines())}


def _ours() -> set[str]:
    return {path.name for path in OURS.glob("*.jinja")}


def _answered_for() -> set[str]:
    """The names whose text matters to our client, and is kept where the generator has one."""
    return _ours() | LEFT.keys()


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _rendering_differences() -> Iterator[str]:
    """How the templates that our client is written with are others than ours and those left to the generator."""
    with tempfile.TemporaryDirectory() as place, _templates_read() as templates_read:
        try:
            from scripts.codegen import generator
            from scripts.contract import read

            generator.write_client(read(CONTRACT), Path(place, "generated"), templates=OURS)
        except Exception as error:  # noqa: BLE001 - whatever it is, what else differs is still to be said
            yield f"the client cannot be written: {type(error).__name__}: {error}"
            return
    for name in sorted(templates_read - LEFT.keys()):
        yield f"rendered, and not ours: {name}; replace it, or say in scripts/codegen/upstream why it may be left"
    for name in sorted(LEFT.keys() - templates_read):
        yield f"not rendered any more: {name}; take it out of the table in scripts/codegen/upstream"


@contextmanager
def _templates_read() -> Iterator[set[str]]:
    """The names of the generator's own templates that are read meanwhile: those it does not find among ours."""
    templates_read: set[str] = set()
    get_source = PackageLoader.get_source

    def noting(loader: PackageLoader, environment: Environment, template: str) -> object:
        templates_read.add(template)
        return get_source(loader, environment, template)

    PackageLoader.get_source = noting  # type: ignore[method-assign,assignment]
    try:
        yield templates_read
    finally:
        PackageLoader.get_source = get_source  # type: ignore[method-assign]
