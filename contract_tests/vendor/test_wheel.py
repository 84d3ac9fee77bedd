"""A release's wheel is read as its source says, whatever the generator of that day wrote, and nothing of it runs."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from contract_tests.vendor import wheel as wheels
from contract_tests.vendor.fake_registry import SOURCE, WITHDRAWN, make_wheel
from contract_tests.vendor.wheel import WheelError, read_wheel

pytestmark = pytest.mark.same_everywhere

VAPI_CALL = "POST /v1/vapi/call"
METHOD = "integrations.create_vapi_call"
PARAMS = "types/integration_create_vapi_call_params"
RESPONSE = "types/integration_create_vapi_call_response"
RESOURCE = "resources/integrations"

TYPES = "from typing_extensions import Annotated, Literal, Required, TypedDict\n"

SAID = {
    "method": METHOD,
    "sends": VAPI_CALL,
    "description": "Process and upload a VAPI call",
    "arguments": ["vapi_end_of_call_report_payload", "properties"],
    "request": {
        "type": "object",
        "required": ["vapiEndOfCallReportPayload"],
        "properties": {
            "vapiEndOfCallReportPayload": {"type": "object", "description": "Raw Vapi data"},
            "properties": {"type": "object"},
        },
    },
    "reply": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "data": {
                "type": "object",
                "required": ["callId"],
                "properties": {"callId": {"type": "string", "description": "ID of the uploaded call"}},
            }
        },
    },
}


def said(folder: Path, otherwise: dict[str, str], label: str = VAPI_CALL) -> Any:
    """What a release says of an operation; None where it has none."""
    return read_wheel(make_wheel(folder, "9.0.0", otherwise), {label: METHOD})["operations"].get(label)


def fields(folder: Path, *written: str, module: str = "") -> dict[str, Any]:
    """The fields of a request that is written so."""
    body = "".join(f"    {line}\n" for line in written)
    text = f"{TYPES}{module}\nclass IntegrationCreateVapiCallParams(TypedDict, total=False):\n{body}"
    request = said(folder, {PARAMS: text})["request"]
    return dict(request["properties"])


def test_release_is_read_as_its_source_says(tmp_path: Path) -> None:
    """Method, path, arguments, descriptions, request, reply, errors and headers come from the source of a wheel."""
    wheel = make_wheel(tmp_path, "9.0.0")
    assert read_wheel(wheel, {VAPI_CALL: METHOD, "POST /v1/call-analysis": "call_analysis.create"}) == {
        "operations": {VAPI_CALL: SAID},
        "errors": ["400", "5XX"],
        "headers": ["retry-after"],
    }


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a: bool", {"type": "boolean"}),
        ("a: float", {"type": "number"}),
        ("a: int", {"type": "integer"}),
        ("a: object", {}),
        ("a: Optional[str]", {"type": ["string", "null"]}),
        ("a: str | None", {"type": ["string", "null"]}),
        ('a: Literal["B", "C"]', {"type": "string", "enum": ["B", "C"]}),
        ('a: Optional[Literal["B"]]', {"type": ["string", "null"], "enum": ["B"]}),
        ("a: Literal[1, 2]", {"type": "integer", "enum": [1, 2]}),
        ("a: Iterable[str]", {"type": "array", "items": {"type": "string"}}),
        ("a: SequenceNotStr[str]", {"type": "array", "items": {"type": "string"}}),
        ("a: List[object]", {"type": "array"}),
        ("a: Dict[str, float]", {"type": "object", "additionalProperties": {"type": "number"}}),
        ("a: Union[str, Dict[str, object]]", {"anyOf": [{"type": "string"}, {"type": "object"}]}),
        ("a: Union[str, object]", {}),
        ("a: Union[str, int, None]", {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
        (
            'a: Annotated[Union[str, datetime], PropertyInfo(format="iso8601")]',
            {"type": "string", "format": "date-time"},
        ),
        ("a: date", {"type": "string", "format": "date"}),
        ('a: "Iterable[str]"', {"type": "array", "items": {"type": "string"}}),
        ("a: Literal[None]", {"type": "null", "enum": [None]}),
        ('a: Literal["B", None]', {"type": ["string", "null"], "enum": ["B", None]}),
        ("a: Literal[Other.MEMBER]", {"x-python": "Literal[Other.MEMBER]"}),
        ("a: typing.Optional[builtins.str]", {"type": ["string", "null"]}),
        ("a: Callable[[int], str]", {"x-python": "Callable[[int], str]"}),
        ("a: NotDefined", {"x-python": "NotDefined"}),
    ],
)
def test_type_becomes_json_schema(written: str, expected: dict[str, Any], tmp_path: Path) -> None:
    """Each type that the generator writes is told as JSON Schema, and one that is not understood as it is written."""
    assert fields(tmp_path, written) == {"a": expected}


def test_name_in_json_is_told(tmp_path: Path) -> None:
    """A field goes by its name in JSON, with its description on one line, and is required where it says so."""
    written = ('skip_it: Required[Annotated[bool, PropertyInfo(alias="skipIt")]]', '"""Skip\n\n    what is there"""')
    assert fields(tmp_path, *written) == {"skipIt": {"type": "boolean", "description": "Skip what is there"}}


def test_names_lead_to_what_they_stand_for(tmp_path: Path) -> None:
    """An alias, a class below and one that it takes over are followed; a class within itself ends."""
    module = """
class Common(TypedDict, total=False):
    name: Required[str]

class Tool(Common, total=False):
    tools: Iterable[Tool]

Given: TypeAlias = Union[Tool, str]
"""
    tool = {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "tools": {"type": "array", "items": {"x-python": "Tool"}}},
    }
    assert fields(tmp_path, "a: Given", module=module) == {"a": {"anyOf": [tool, {"type": "string"}]}}


REQUIRED = [
    ("class P(TypedDict, total=False):\n    a: str\n    b: Required[str]\n", ["b"]),
    ("class P(TypedDict):\n    a: str\n    b: NotRequired[str]\n", ["a"]),
    ("class P(typing.TypedDict, total=False):\n    a: typing.Required[str]\n    b: str\n", ["a"]),
    ("class Base(TypedDict):\n    a: str\n\nclass P(Base, total=False):\n    b: str\n", ["a"]),
    ('_P = TypedDict("_P", {"a": str}, total=False)\n\nclass P(_P, total=False):\n    b: str\n', None),
]


@pytest.mark.parametrize(("written", "required"), REQUIRED)
def test_class_of_a_request_tells_what_is_required(written: str, required: list[str] | None, tmp_path: Path) -> None:
    """Whether a field of a TypedDict must be there follows from its mark, or from the class that writes it."""
    text = TYPES + written.replace("class P(", "class IntegrationCreateVapiCallParams(")
    request = said(tmp_path, {PARAMS: text})["request"]
    assert request["properties"] == {"a": {"type": "string"}, "b": {"type": "string"}}
    assert request.get("required") == required


def test_field_that_is_taken_over_is_read_where_it_is_written(tmp_path: Path) -> None:
    """Types of an inherited field are those of the module that it is written in."""
    base = """
from ..._models import BaseModel
from .status import Status

class Inner(BaseModel):
    id: str

class Base(BaseModel):
    status: Status
    inner: Inner
"""
    modules = {
        "types/shared/__init__": "",
        "types/shared/status": 'from typing_extensions import Literal, TypeAlias\n\nStatus: TypeAlias = Literal["A"]\n',
        "types/shared/base": base,
        RESPONSE: "from .shared.base import Base\n\n\nclass IntegrationCreateVapiCallResponse(Base):\n    pass\n",
    }
    assert said(tmp_path, modules)["reply"]["properties"] == {
        "status": {"type": "string", "enum": ["A"]},
        "inner": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
    }


def test_marks_of_pydantic_are_no_fields(tmp_path: Path) -> None:
    """What a model says of itself under a name with underscores is no field of the reply."""
    text = SOURCE[RESPONSE].replace("    data: Data\n", "    data: Data\n    __pydantic_extra__: Dict[str, object]\n")
    assert said(tmp_path, {RESPONSE: text}) == SAID


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cast_to=IntegrationCreateVapiCallResponse", "cast_to=cast(Any, IntegrationCreateVapiCallResponse)"),
        ('"""\n        Process', '"""\nProcess'),
        ("    def close(self", "    def fetch(self, url):\n        return self._get(url)\n\n    def close(self"),
        (
            "    def close(self",
            "    @property\n    def other(self):\n        return self._client\n\n    def close(self",
        ),
    ],
)
def test_method_is_read_however_it_is_written(old: str, new: str, tmp_path: Path) -> None:
    """A cast, a text that is not indented and what other methods do changes nothing of what a release says."""
    assert SOURCE[RESOURCE].count(old) >= 1
    found = said(tmp_path, {RESOURCE: SOURCE[RESOURCE].replace(old, new), "lib/other": "class (", "lib/tools": "x = 1"})
    assert found == SAID


def test_argument_beside_the_fields_is_told(tmp_path: Path) -> None:
    """An argument that is no field of the request, such as a key against sending twice, is among the arguments."""
    resource = SOURCE[RESOURCE].replace(
        "        extra_headers:", "        idempotency_key: str | None = None,\n        extra_headers:"
    )
    assert said(tmp_path, {RESOURCE: resource})["arguments"][-1] == "idempotency_key"


def test_text_that_is_no_text_is_told(tmp_path: Path) -> None:
    """Half a surrogate pair in a description does not keep a release from being recorded."""
    assert fields(tmp_path, "a: str", '"""x \\ud800 y"""') == {"a": {"type": "string", "description": "x ? y"}}


def test_reply_tells_what_may_be_absent(tmp_path: Path) -> None:
    """Of a reply, a field with a default may be absent; `Optional` says no more then, and null where there is none."""
    text = """
from .._models import BaseModel


class IntegrationCreateVapiCallResponse(BaseModel):
    always: Optional[str]
    sometimes: Optional[str] = None
    by_name: Optional[List[int]] = FieldInfo(alias="byName", default=None)
    either: Union[str, int, None] = None
"""
    assert said(tmp_path, {RESPONSE: text})["reply"] == {
        "type": "object",
        "required": ["always"],
        "properties": {
            "always": {"type": ["string", "null"]},
            "sometimes": {"type": "string"},
            "byName": {"type": "array", "items": {"type": "integer"}},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
    }


@pytest.mark.parametrize(
    ("label", "written"),
    [
        ("POST /v1/vapi/call/{id}", 'f"/v1/vapi/call/{call_id}"'),
        ("POST /v1/vapi/call/{id}", 'path_template("/v1/vapi/call/{call_id}", call_id=call_id)'),
    ],
)
def test_parameter_of_a_path_may_have_another_name(label: str, written: str, tmp_path: Path) -> None:
    """A path with a parameter is found however it is written."""
    resource = SOURCE[RESOURCE].replace('"/v1/vapi/call"', written)
    assert said(tmp_path, {RESOURCE: resource}, label)["sends"] == "POST /v1/vapi/call/{}"


def test_operation_that_moved_is_found(tmp_path: Path) -> None:
    """A method that sends elsewhere is found by its name, and one of another name by where it sends."""
    moved = SOURCE[RESOURCE].replace("/v1/vapi/call", "/v2/vapi/call")
    assert said(tmp_path, {RESOURCE: moved})["sends"] == "POST /v2/vapi/call"
    made = SOURCE[RESOURCE].replace('"/v1/vapi/call"', "PREFIX + '/call'")
    assert said(tmp_path, {RESOURCE: made})["sends"] == "POST PREFIX + '/call'"
    renamed = SOURCE[RESOURCE].replace("create_vapi_call(", "import_vapi_call(")
    assert said(tmp_path, {RESOURCE: renamed})["method"] == "integrations.import_vapi_call"
    nested = {
        RESOURCE: "",
        "resources/vapi/__init__": "",
        "resources/vapi/vapi": "",
        "resources/vapi/calls": SOURCE[RESOURCE],
    }
    nested["resources/vapi/calls"] = SOURCE[RESOURCE].replace("from ..", "from ...")
    assert said(tmp_path, nested)["method"] == "vapi.calls.create_vapi_call"


def test_operation_that_is_gone_is_not_there(tmp_path: Path) -> None:
    """Where no method has the name or sends there, the release has no such operation."""
    assert said(tmp_path, WITHDRAWN) is None


def test_nothing_but_source_is_unpacked(tmp_path: Path) -> None:
    """A wheel that would write beside its package writes nothing there."""
    folder = tmp_path / "registry"
    folder.mkdir()
    wheel = make_wheel(folder, "9.0.0")
    with zipfile.ZipFile(wheel, "a") as archive:
        for name in ("../escaped.py", "roark_analytics/../../escaped.py", "roark_analytics/other.so", "/escaped.py"):
            archive.writestr(name, "x = 1")
    assert VAPI_CALL in read_wheel(wheel, {VAPI_CALL: METHOD})["operations"]
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [wheel.name]
    assert not Path(tmp_path.anchor, "escaped.py").exists()


@pytest.mark.parametrize(
    ("otherwise", "reason"),
    [
        ({RESOURCE: "class ("}, "KeyError"),
        ({"_client": ""}, "KeyError"),
        ({PARAMS: ""}, None),
        ({RESOURCE: SOURCE[RESOURCE].replace("cast_to=", "other=")}, "KeyError"),
    ],
)
def test_release_that_is_not_understood_is_named(otherwise: dict[str, str], reason: str | None, tmp_path: Path) -> None:
    """Source that is broken, or written in another way, is told by the name of the wheel; a type alone is told of."""
    if reason is None:
        assert said(tmp_path, otherwise)["request"] == {
            "x-python": "integration_create_vapi_call_params.IntegrationCreateVapiCallParams"
        }
        return
    with pytest.raises(WheelError, match=rf"roark_analytics-9\.0\.0-py3-none-any\.whl cannot be read: .*{reason}"):
        said(tmp_path, otherwise)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a wheel"])
def test_wheel_that_is_none_is_named(content: bytes, tmp_path: Path) -> None:
    """A file that is cut off or no wheel at all is told by its name."""
    wheel = tmp_path / "roark_analytics-9.0.0-py3-none-any.whl"
    wheel.write_bytes(content)
    with pytest.raises(WheelError, match=r"roark_analytics-9\.0\.0-py3-none-any\.whl cannot be read"):
        read_wheel(wheel, {VAPI_CALL: METHOD})


def test_wheel_that_is_damaged_is_named(tmp_path: Path) -> None:
    """A wheel whose bytes changed on the way, in whatever place, is told by its name, or read."""
    wheel = make_wheel(tmp_path, "9.0.0")
    whole = wheel.read_bytes()
    told = 0
    for at in range(0, len(whole), 97):
        wheel.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_wheel(wheel, {VAPI_CALL: METHOD})
        except WheelError as error:
            told += 1
            assert str(error).startswith(wheel.name)
    assert told


def test_wheel_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a wheel that would fill the disk nothing is unpacked."""
    monkeypatch.setattr(wheels, "LARGEST", 100)
    with pytest.raises(WheelError, match="expected at most 100 bytes of source"):
        said(tmp_path, {})
