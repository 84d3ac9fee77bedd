"""What a changed schema is judged to be, however it is written: by the way that its values go."""

from typing import Any

from scripts.codegen.changes.contracts import compare


def contract(said: Any) -> dict[str, Any]:
    """A contract that gives a schema."""
    content = {"content": {"application/json": {"schema": said}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1.0.0"},
        "paths": {"/get": {"get": {"responses": {"200": {"description": "It", **content}}}}},
    }


def test_data_is_no_reference() -> None:
    """A `$ref` within an example or a default is data, whatever it names."""
    former = contract({"type": "object", "example": {"$ref": "#/nowhere"}, "default": {"$ref": "#/nowhere"}})
    new = contract({"type": "object", "example": {"$ref": "#/elsewhere"}, "default": {"$ref": "#/nowhere"}})
    assert {each.rule.name for each in compare(former, new)} == {"description-changed"}
