"""What is `readOnly` only replies have to have, what is `writeOnly` only requests (JSON Schema Validation, 9.4)."""

import inspect
from typing import Any, get_type_hints

import pytest

from contract_tests.codegen.grown_client import GrownClient

SCHEMAS: dict[str, Any] = {
    "Id": {"type": "integer", "readOnly": True, "description": "Who it is"},
    "User": {
        "type": "object",
        "required": ["id", "name", "password", "made"],
        "properties": {
            "id": {"$ref": "#/components/schemas/Id"},
            "name": {"type": "string"},
            "password": {"type": "string", "writeOnly": True, "description": "Its secret"},
            "made": {"allOf": [{"type": ["string", "null"], "readOnly": True}, {"readOnly": False}]},
            "seen": {"type": "string", "readOnly": True},
        },
    },
    "Team": {
        "type": "object",
        "required": ["lead"],
        "properties": {
            "lead": {"$ref": "#/components/schemas/User"},
            "others": {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}]}},
        },
    },
}

GIVEN = {"name": "Ann", "password": "x"}
SAID = {"id": 1, "name": "Ann", "made": None}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> GrownClient:
    """The client of these schemas."""
    return GrownClient.of(SCHEMAS, tmp_path_factory.mktemp("directions"))


def test_reply_has_what_is_read_only(client: GrownClient) -> None:
    """It reads without what is write only, and is refused without what is read only."""
    read = client.read("User", SAID)
    assert (read.id, read.password, client.told) == (1, None, [])
    assert read.to_dict() == SAID
    with pytest.raises(client.package.APIResponseValidationError) as refused:
        client.read("Team", {"lead": GIVEN})
    assert [each.pointer for each in refused.value.violations] == ["/lead/id", "/lead/made"]


def test_request_has_what_is_write_only(client: GrownClient) -> None:
    """It is sent without what is read only, as a dict, a model or within another one; or with it, if it is given."""
    user = client.model("User")
    assert client.sent("User", GIVEN) == client.sent("User", user(**GIVEN)) == GIVEN
    assert client.sent("User", {**GIVEN, "id": 1}) == client.sent("User", user(**GIVEN, id=1)) == {**GIVEN, "id": 1}
    team = {"lead": GIVEN, "others": [GIVEN, None]}
    assert client.sent("Team", {"lead": user(**GIVEN), "others": [user(**GIVEN), None]}) == team
    for value in ({"name": "Ann"}, client.read("User", SAID)):
        with pytest.raises(client.package.ArgumentValueError, match=r"^password: expected a string; it is required"):
            client.sent("User", value)
    with pytest.raises(client.package.ArgumentTypeError, match=r"^password: expected, since User requires it$"):
        user(name="Ann")


def test_types_say_the_same(client: GrownClient) -> None:
    """Constructor and TypedDict require what requests have to have, an attribute is never None that replies have."""
    user = client.model("User")
    parameters = inspect.signature(user).parameters.values()
    required = {each.name for each in parameters if each.default is inspect.Parameter.empty}
    keys = client.model("UserDict").__annotations__.items()
    assert required == {key for key, each in keys if "Required" in str(each)} == {"name", "password"}
    hints = get_type_hints(user)
    assert (hints["id"], hints["password"], hints["seen"]) == (int, str | None, str | None)
    assert "id: Read only. Who it is\n" in user.__doc__
    assert "password: Write only. Its secret\n" in user.__doc__
