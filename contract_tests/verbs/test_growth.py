"""The client stays sound however the contract grows: every shape imports, type-checks and round-trips."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import succeed
from contract_tests.subject import ROOT
from contract_tests.type_checkers import STRICT
from scripts.benchmark import growth
from scripts.codegen import names
from scripts.contract import read
from scripts.verbs import generation
from scripts.verbs.generate import main

pytestmark = pytest.mark.whole_run


@pytest.fixture(autouse=True)
def nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare as outside git: contract_tests/compat is about what a change means, and to ask git takes a second."""
    monkeypatch.setattr(
        generation, "base", lambda *_, **__: generation.Base(generation.HEAD, reason="this is no git checkout")
    )


@pytest.fixture(scope="module")
def contract() -> dict[str, Any]:
    """Two copies of every shape, and a schema for each name that generated modules import."""
    contract = growth.copies(2)
    schemas, properties = contract["components"]["schemas"], {}
    for number, name in enumerate(sorted(names.MODULE_NAMES)):
        if name.lower() not in {each.lower() for each in schemas}:
            schemas[name] = {"type": "object"} if number % 2 else {"type": "string", "enum": ["a"]}
            properties[f"own-{name}"] = {"$ref": f"#/components/schemas/{name}"}
    schemas["Response"]["properties"] |= properties
    return contract


@pytest.fixture(scope="module")
def folder(contract: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client of that contract, which lies beside it."""
    folder = tmp_path_factory.mktemp("growth")
    (folder / "openapi.yaml").write_text(json.dumps(contract, ensure_ascii=False), encoding="utf-8")
    generation.write(read(folder / "openapi.yaml"), folder / "generated")
    (folder / "generated/pyproject.toml").write_text(STRICT, encoding="utf-8")
    return folder


def test_every_call_round_trips(folder: Path) -> None:
    """Every module imports; every call, sync and async, sends what the contract wants and reads what comes."""
    path = f"{folder / 'generated'}{os.pathsep}{ROOT}"
    succeed(sys.executable, "-P", "-m", "scripts.benchmark.round_trip", "openapi.yaml", folder=folder, PYTHONPATH=path)


@pytest.mark.same_everywhere
def test_mypy_accepts_it(folder: Path) -> None:
    """The generated package passes mypy strict, whatever the contract."""
    cache = f"--cache-dir={folder / 'cache'}"
    succeed(sys.executable, "-m", "mypy", cache, "roark_client", folder=folder / "generated")


@pytest.mark.nightly
def test_basedpyright_accepts_it(folder: Path) -> None:
    """The generated package passes basedpyright strict, whatever the contract."""
    succeed(sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, folder=folder / "generated")


def test_text_never_becomes_code(folder: Path) -> None:
    """What descriptions, names and values hold stays text: no module imports os, and none names what they call."""
    for path in (folder / "generated").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert all(each.isprintable() or each == "\n" for each in source), f"{path} hides something"
        if not (ROOT / "scripts/codegen/runtime" / path.name).exists():
            nodes = list(ast.walk(ast.parse(source)))
            imported = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
            assert imported <= {"builtins", "datetime", "httpx", "typing"}, path
            assert "abort" not in {node.attr for node in nodes if isinstance(node, ast.Attribute)}, path


def test_no_class_shadows_an_import(folder: Path) -> None:
    """Each name in capitals that a generated module imports or defines for itself is kept from the contract."""
    package = folder / "generated/roark_client"
    models = {path.stem for path in (package / "models").glob("*.py")}
    for path in (*package.glob("models/*.py"), *package.glob("api/*/*.py"), *package.glob("resources/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and str(node.module).rpartition(".")[2] not in models | {"lazy"}:
                found = {each.asname or each.name for each in node.names}
                assert {each for each in found if each[0].isupper()} <= names.MODULE_NAMES, path


def test_a_nullable_enum_is_one_class(folder: Path) -> None:
    """An enum that may be null, named after where it stands, is one class, and the field is that or None."""
    model = (folder / "generated/roark_client/models/drawing.py").read_text(encoding="utf-8")
    assert "\n    state: DrawingState | None\n" in model
    assert "\n    stage: DrawingStage | None\n" in model
    found = {path.stem for path in (folder / "generated/roark_client/models").glob("drawing_sta*")}
    assert found == {"drawing_stage", "drawing_state"}


def test_enum_has_the_values_of_the_contract_alone(folder: Path) -> None:
    """No value of an enum, be it TYPE_CHECKING, brings the member that only type checkers see to life."""
    script = "from roark_client.models import Colour as C; print('TYPE_CHECKING' in list(C), 'VALUE_TO_COME' in dir(C))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder / "generated", capture_output=True, text=True, check=True
    )
    assert done.stdout == "True False\n"


@pytest.mark.parametrize("operations", [2, 50, 500])
def test_contracts_have_the_size_asked_for(operations: int) -> None:
    """A grown contract has exactly that many operations, and is the same each time."""
    contract = growth.grown(operations)
    assert len(list(growth.operations_of(contract))) == operations
    assert contract == growth.grown(operations)


def test_copies_of_the_contract_are_apart(tmp_path: Path) -> None:
    """Copies of the contract's operations make a contract of that many, each with a tag and schemas of its own."""
    document = read(ROOT / "openapi.yaml").document
    spec = tmp_path / "openapi.yaml"
    spec.write_text(json.dumps(growth.grown(6, document)), encoding="utf-8")
    grown = read(spec).document
    operations = [operation for _, operation in growth.operations_of(grown)]
    tags = {operation["tags"][0] for operation in operations}
    bodies = {operation["requestBody"]["content"]["application/json"]["schema"]["$ref"] for operation in operations}
    assert len(operations) == len(tags) == len(bodies) == 6
    assert len(grown["components"]["schemas"]) == 3 * len(document["components"]["schemas"])


def test_repeated_operations_share_what_they_refer_to(tmp_path: Path) -> None:
    """Operations that are repeated are as many at paths of their own, and all of one contract's components."""
    document = read(ROOT / "openapi.yaml").document
    spec = tmp_path / "openapi.yaml"
    spec.write_text(json.dumps(growth.repeated(3, document)), encoding="utf-8")
    repeated = read(spec).document
    ids = {operation["operationId"] for _, operation in growth.operations_of(repeated)}
    assert len(ids) == len(repeated["paths"]) == 3 * len(document["paths"])
    assert repeated["components"] == document["components"]


def an_operation(**changes: Any) -> dict[str, Any]:
    """An operation that can be expressed, with changes."""
    return {"operationId": "one", "tags": ["Things"], "responses": {"204": {"description": "Done"}}, **changes}


def sending(schema: Any, media_type: str = "application/json") -> dict[str, Any]:
    """An operation that sends such a body."""
    return an_operation(requestBody={"required": True, "content": {media_type: {"schema": schema}}})


def replying(media_type: str) -> dict[str, Any]:
    """An operation that is answered by such a media type."""
    return an_operation(responses={"200": {"description": "It", "content": {media_type: {"schema": {}}}}})


def taking(schema: Any, location: str = "query", **changes: Any) -> dict[str, Any]:
    """An operation with such a parameter."""
    return an_operation(parameters=[{"name": "p", "in": location, "schema": schema, **changes}])


# What the client cannot express: the operation POST /things, and what the error names.
REFUSED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "an operation whose module is another's": (
        an_operation(operationId="Two"),
        ["#/paths/~1things/post", "POST /things has the Python name two, as has GET /things"],
    ),
    "an operation named by a keyword": (
        an_operation(operationId="import"),
        ["#/paths/~1things/post", "POST /things would be the method import, which is a reserved word"],
    ),
    "an operation named as what a resource has": (
        an_operation(operationId="withRawResponse"),
        ["#/paths/~1things/post", "would be the method with_raw_response"],
    ),
    "a body of what is no media type": (
        sending({"type": "string"}, "text/csv\r\nX-More: a"),
        ["#/paths/~1things/post/requestBody/content/text~1csv", "is no media type"],
    ),
    "a form": (
        sending({"type": "object"}, "multipart/form-data"),
        ["#/paths/~1things/post/requestBody/content", "multipart/form-data: the client sends JSON, text and bytes"],
    ),
    "a reply that is a form": (
        replying("multipart/mixed"),
        ["#/paths/~1things/post/responses/200/content", "multipart/mixed: the client reads JSON, text and bytes"],
    ),
    "a deep object in the query": (
        taking({"type": "object"}, style="deepObject"),
        ["#/paths/~1things/post/parameters/0: style deepObject", "with style form or spaceDelimited or pipeDelimited"],
    ),
    "an object with spaces in the query": (
        taking({"type": "object"}, style="spaceDelimited"),
        ["#/paths/~1things/post/parameters/0/schema", "no object into the query with style spaceDelimited"],
    ),
    "an array of objects in the query": (
        taking({"type": "array", "items": {"type": "object"}}),
        ["#/paths/~1things/post/parameters/0/schema", "no array of objects, or object beside one, into the query"],
    ),
    "an object in a header": (
        taking({"type": "object"}, "header"),
        ["#/paths/~1things/post/parameters/0/schema", "no object into the header with style simple"],
    ),
    "an array of cookies": (
        taking({"type": "array", "items": {"type": "string"}}, "cookie"),
        ["#/paths/~1things/post/parameters/0", "arrays in the cookie with explode false"],
    ),
    "a parameter that is a document": (
        an_operation(parameters=[{"name": "p", "in": "query", "content": {"application/pdf": {"schema": {}}}}]),
        ["/parameters/0/content/application~1pdf", "application/pdf: the client writes a parameter as JSON or text"],
    ),
    "a schema that nothing fits": (
        sending({"type": "object", "properties": {"a": False}, "required": ["a"]}),
        ["#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a", "nothing fits"],
    ),
    "an enum of another type": (
        sending({"type": "string", "enum": [1, 2]}),
        ["/application~1json/schema/enum/0", "1 is not of type string; put it in quotes"],
    ),
    "more alternatives together than can be told apart": (
        sending(
            {"anyOf": [{"required": [f"{at}"]} for at in range(9)], "oneOf": [{"maxLength": at} for at in range(9)]}
        ),
        ["/application~1json/schema", "its alternatives together are 81"],
    ),
    "an enum of nothing": (
        taking({"enum": []}),
        ["#/paths/~1things/post/parameters/0/schema", "nothing fits"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_expressed_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the client cannot say is exit code 2 with line, pointer and reason, and nothing is written."""
    operation, named = REFUSED[name]
    contract = {
        "openapi": "3.1.0",
        "info": {"title": "Refused", "version": "1"},
        "paths": {"/things": {"get": an_operation(operationId="two"), "post": operation}},
    }
    spec = tmp_path / "openapi.yaml"
    spec.write_text(json.dumps(contract, indent=1), encoding="utf-8")
    assert main(["--spec", str(spec), "--output", str(tmp_path / "generated")]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"error: {spec}:"), "the line is missing"
    for part in named:
        assert part in captured.err
    assert captured.out == ""
    assert [path.name for path in tmp_path.iterdir()] == ["openapi.yaml"]
