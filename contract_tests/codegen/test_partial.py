"""All that the client cannot say of a contract is told at once, and the rest can be had without it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scripts.codegen import generator
from scripts.codegen.partial import PartialContract
from scripts.contract import ContractError, Fault, parse, read_operations, root

FORM = {"multipart/form-data": {"schema": {"type": "object"}}}
NOTHING_FITS = "nothing fits this schema"


def an_object(**properties: Any) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "properties": properties}


def replying(schema: Any, **said: Any) -> dict[str, Any]:
    """An operation that is answered so."""
    content = {"application/json": {"schema": schema}}
    return {"tags": ["Things"], "responses": {"200": {"description": "It", "content": content}}, **said}


def named(name: str) -> dict[str, Any]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


IMPOSSIBLE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Impossible", "version": "1"},
    "paths": {
        "/fine": {"get": replying(named("Fine"))},
        "/form": {
            "get": replying(named("Fine")),
            "post": replying(
                named("Holder"),
                parameters=[
                    {"name": "one", "in": "query", "style": "deepObject", "schema": an_object()},
                    {"name": "two", "in": "query", "style": "deepObject", "schema": an_object()},
                ],
                requestBody={"content": FORM},
            ),
        },
        "/deep": {"$ref": "#/components/pathItems/Deep"},
        "/shared": {
            "parameters": [{"name": "p", "in": "query", "schema": {"enum": []}}],
            "get": replying({"type": "string"}),
            "put": replying({"type": "string"}),
        },
    },
    "webhooks": {"told": {"post": {"requestBody": {"content": {"application/json": {"schema": named("Holder")}}}}}},
    "components": {
        "pathItems": {"Deep": {"get": replying(named("Holder")), "delete": replying(named("Fine"))}},
        "schemas": {
            "Fine": an_object(a={"type": "integer"}),
            "Holder": an_object(held={"type": "array", "items": named("Held")}),
            "Held": {**an_object(never=False, nor=False, fine={"type": "string"}), "required": ["never", "nor"]},
            "Unused": {**an_object(never=False, held=named("Held")), "required": ["never"]},
        },
    },
}

DEEP = "style deepObject: the client writes the query with style form or spaceDelimited or pipeDelimited"
REFUSED = {
    "/paths/~1form/post/parameters/0": DEEP,
    "/paths/~1form/post/parameters/1": DEEP,
    "/paths/~1form/post/requestBody/content": "multipart/form-data: the client sends JSON, text and bytes, and no form",
    "/paths/~1shared/parameters/0/schema": NOTHING_FITS,
    "/components/schemas/Held/properties/never": NOTHING_FITS,
    "/components/schemas/Held/properties/nor": NOTHING_FITS,
    "/components/schemas/Unused/properties/never": NOTHING_FITS,
}


def test_all_refusals_are_told_at_once(tmp_path: Path) -> None:
    """Each part of each operation and schema that cannot be said is told in one run, once, by line and pointer."""
    contract = parse(tmp_path / "openapi.yaml", json.dumps(IMPOSSIBLE, indent=1).encode())
    with pytest.raises(ContractError) as caught:
        generator.write_client(contract, tmp_path / "generated")
    faults = caught.value.faults
    assert {each.pointer: each.reason for each in faults} == REFUSED
    assert len(faults) == len(REFUSED)
    assert all(each.line and each.line > 1 for each in faults)


def test_refused_operations_are_known_by_label() -> None:
    """An operation is refused for what stands in it, in its path, or in a schema that it comes to."""
    held = [pointer for pointer in REFUSED if "/Held/" in pointer]
    form = [pointer for pointer in REFUSED if "~1form" in pointer]
    shared = [pointer for pointer in REFUSED if "~1shared" in pointer]
    found = {
        label: sorted(str(each.pointer) for each in faults)
        for label, faults in PartialContract(IMPOSSIBLE).refused.items()
    }
    assert found == {
        "POST /form": sorted(form + held),
        "GET /deep": held,
        "GET /shared": shared,
        "PUT /shared": shared,
    }


def test_rest_can_be_written_without_them(tmp_path: Path) -> None:
    """Without the refused operations, webhooks and components, nothing of the contract is refused any more."""
    rest = PartialContract(IMPOSSIBLE).document()
    labels = [each.label for each in read_operations(root(rest))]
    assert labels == ["GET /fine", "GET /form", "DELETE /deep"]
    assert (list(rest["components"]["schemas"]), rest["webhooks"]) == (["Fine"], {})
    assert PartialContract(rest).faults == []
    generator.write_client(parse(tmp_path / "openapi.yaml", json.dumps(rest).encode()), tmp_path / "generated")
    assert sorted(each.name for each in (tmp_path / "generated/roark_client/models").glob("*.py")) == [
        "__init__.py",
        "fine.py",
    ]


def test_contract_that_can_be_said_stays_whole() -> None:
    """Where nothing is refused, nothing is left out."""
    fine = {**IMPOSSIBLE, "paths": {"/fine": IMPOSSIBLE["paths"]["/fine"]}, "webhooks": {}, "components": {}}
    fine["components"] = {"schemas": {"Fine": IMPOSSIBLE["components"]["schemas"]["Fine"]}}
    partial = PartialContract(fine)
    assert (partial.faults, partial.refused, partial.document()) == ([], {}, fine)


def test_failure_of_the_generator_is_told_by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has expected of a contract is refused by the pointer of the operation too, as are all others."""

    def fails(*_: object) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr("scripts.codegen.operations._successes", fails)
    fine = {**IMPOSSIBLE, "paths": {"/fine": IMPOSSIBLE["paths"]["/fine"]}}
    reason = "the generator failed on it: KeyError: 'surprise'"
    assert reason in {each.reason for each in PartialContract(fine).refused["GET /fine"]}


def test_module_that_is_no_python_is_told_by_its_place(tmp_path: Path) -> None:
    """Should the templates write what Python cannot read, the place in the contract that it comes from is told."""
    shutil.copytree(generator.TEMPLATES, tmp_path / "templates")
    template = tmp_path / "templates/model.py.jinja"
    template.write_text(template.read_text(encoding="utf-8").replace("class {{ one.name }}", "class 9{{ one.name }}"))
    fine = {**IMPOSSIBLE, "paths": {}, "webhooks": {}, "components": {"schemas": {"Fine": an_object()}}}
    contract = parse(tmp_path / "openapi.yaml", json.dumps(fine).encode())
    with pytest.raises(ContractError) as caught:
        generator.write_client(contract, tmp_path / "generated", templates=tmp_path / "templates")
    (fault,) = caught.value.faults
    assert (fault.pointer, "is no Python" in fault.reason) == ("/components/schemas/Fine", True)


@pytest.mark.parametrize("end", ["?", "#"])
def test_path_that_ends_early_is_refused(end: str) -> None:
    """What stands behind `?` or `#` is no path: the operation is named, and others can be had without it."""
    document = {
        **IMPOSSIBLE,
        "paths": {"/fine": {"get": replying({})}, f"/a{end}b": {"get": replying({})}},
        "webhooks": {},
    }
    document["components"] = {}
    partial = PartialContract(document)
    assert [each.reason for each in partial.faults] == [f"the path holds {end!r}, where a path ends"]
    assert list(partial.refused) == [f"GET /a{end}b"]


@pytest.mark.parametrize("location", ["header", "cookie"])
def test_header_or_cookie_that_http_has_no_name_for_is_refused(location: str) -> None:
    """What no call could send is told of the contract, by the pointer of the name."""
    named = {"name": "two words", "in": location, "schema": {"type": "string"}}
    paths = {"/fine": {"get": replying({})}, "/a": {"get": {**replying({}), "parameters": [named]}}}
    partial = PartialContract({**IMPOSSIBLE, "paths": paths, "webhooks": {}, "components": {}})
    (fault,) = partial.faults
    assert (fault.pointer, fault.reason) == (
        "/paths/~1a/get/parameters/0/name",
        f"'two words' is no name of a {location}",
    )
    assert list(partial.refused) == ["GET /a"]


def test_tag_with_a_fault_takes_no_operation_with_it() -> None:
    """What is wrong with the words about a tag leaves its operations alone."""
    document = {**IMPOSSIBLE, "paths": {"/fine": {"get": {**replying({}), "tags": ["a"]}}}, "webhooks": {}}
    document |= {"components": {}, "tags": [{"name": "a", "description": None}, {"name": "b"}]}
    partial = PartialContract(document, [Fault("null is not of type string", "/tags/0/description")])
    assert partial.refused == {}
    assert partial.document() == {**document, "tags": [{"name": "b"}]}
