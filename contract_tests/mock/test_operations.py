"""An operation is found where it lies, whatever its method; and what decides in the mock is a statement of its own."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
import roark_mock
from msgspec import UNSET
from roark_mock import MockServer
from roark_mock.errors import RefusalError
from roark_mock.operation import MockOperation, RequestContext
from roark_mock.operations import OPERATIONS
from roark_mock.wire import Omittable, Wire

from contract_tests.mock.documented import CALL_ANALYSIS, DOCUMENTED, VAPI_CALL
from contract_tests.mock.exchanges import PATIENCE, refused

FOLDER = Path(roark_mock.__file__).parent

# The page shows the contract, and the fixture hands out a client.
MAY_KNOW = {"page": "roark_client", "testing": "openapi|yaml"}


def test_the_mock_is_a_statement_of_its_own() -> None:
    """What decides in the mock knows neither the contract file nor the client: else drift could not be seen."""
    for module in FOLDER.rglob("*.py"):
        foreign = MAY_KNOW.get(module.stem, "openapi|yaml|roark_client")
        assert not re.search(foreign, module.read_text(encoding="utf-8")), module


def test_every_public_name_is_there() -> None:
    """What type checkers take from the package, its users find when the code runs."""
    assert all(getattr(roark_mock, name).__module__.startswith("roark_mock.") for name in roark_mock.__all__)
    source = (FOLDER / "__init__.py").read_text(encoding="utf-8")
    assert set(re.findall(r" as (\w+)$", source, re.MULTILINE)) == set(roark_mock.__all__)


def test_no_module_names_an_operation() -> None:
    """An operation more is a module more: no module that runs the mock imports it, but the one that types the lists."""
    modules = {module for module in FOLDER.rglob("*.py") if module.parent.name != "operations"}
    modules.remove(FOLDER / "typed_uploads.py")
    for module in modules:
        assert not re.search(
            r"roark_mock\.operations(\.| import (?!OPERATIONS\n))", module.read_text(encoding="utf-8")
        ), module
    assert FOLDER / "app.py" in modules


def imported(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """How the import of a mock ends whose operations have a module more, of this text."""
    shutil.copytree(FOLDER, folder / "roark_mock")
    (folder / "roark_mock" / "operations" / "another.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-c", "from roark_mock.app import OPERATIONS; print([each.label for each in OPERATIONS])"],
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("text", ["", "OPERATION = 'GET /v1/call'\n"])
def test_a_module_without_an_operation_is_an_error(tmp_path: Path, text: str) -> None:
    """A module among the operations that states none is not passed over: the mock does not start."""
    done = imported(tmp_path, text)
    assert done.returncode == 1
    expected = "TypeError: roark_mock.operations.another states no operation; expected OPERATION = MockOperation(…)"
    assert done.stderr.splitlines()[-1] == expected


def test_an_operation_stated_twice_is_an_error(tmp_path: Path) -> None:
    """Two modules that state the same method and path are an error: one of them would never be asked."""
    done = imported(tmp_path, "from roark_mock.operations.create_vapi_call import OPERATION as OPERATION\n")
    assert done.returncode == 1
    expected = "TypeError: roark_mock.operations.create_vapi_call states POST /v1/vapi/call, as another module does"
    assert done.stderr.splitlines()[-1] == expected


# --- Another operation ----------------------------------------------------------------------------


class Lookup(Wire):
    """What is asked for: an id in the path, and how it is to be said in the query."""

    id: UUID
    shown: Omittable[int] = UNSET


class Found(Wire):
    """The upload of an id."""

    id: UUID
    shown: Omittable[int] = UNSET


def look_up(context: RequestContext[None, Lookup]) -> Found:
    """Find the call analysis that was replied to with this id."""
    asked = context.parameters
    for upload in context.uploads:
        if upload.operation == "createCallAnalysis" and upload.reply.data.call.id == asked.id:
            return Found(id=asked.id, shown=asked.shown)
    raise RefusalError(404, "not_found", f"Expected the id of a call, got {asked.id}.")


def forget(_: RequestContext[None, None]) -> None:
    """Reply with nothing."""


PATH = "/v1/call/{id}"
LOOK_UP = MockOperation(name="getCall", method="GET", path=PATH, parameters=Lookup, answer=look_up)
FORGET = MockOperation(name="deleteCalls", method="DELETE", path=PATH, answer=forget, status=204)
LATEST = MockOperation(name="deleteLatest", method="DELETE", path="/v1/call/latest", answer=forget, status=204)


@pytest.fixture
def mock(monkeypatch: pytest.MonkeyPatch) -> Iterator[MockServer]:
    """A mock that knows three operations more, two of one path."""
    monkeypatch.setattr("roark_mock.app.OPERATIONS", (*OPERATIONS, LOOK_UP, FORGET, LATEST))
    with MockServer() as running:
        yield running


@pytest.fixture
def caller(mock: MockServer) -> Iterator[httpx.Client]:
    """A client that `mock` lets in."""
    headers = {"Authorization": f"Bearer {mock.token}"}
    with httpx.Client(base_url=mock.url, headers=headers, trust_env=False, timeout=PATIENCE) as opened:
        yield opened


def test_what_was_uploaded_can_be_looked_up(mock: MockServer, caller: httpx.Client) -> None:
    """An operation reads the parameters of its path and query, and knows what was uploaded; it is no upload itself."""
    caller.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL])
    call = caller.post(CALL_ANALYSIS, json=DOCUMENTED[CALL_ANALYSIS]).json()["data"]["call"]["id"]
    response = caller.get(f"/v1/call/{call}")
    assert (response.status_code, response.json()) == (200, {"id": call})
    assert caller.get(f"/v1/call/{call}?shown=2&other=x").json() == {"id": call, "shown": 2}
    assert refused(caller.get(f"/v1/call/{uuid4()}"), 404, "not_found") == []
    assert len(mock.uploads) == 2


@pytest.mark.parametrize(
    ("rest", "status", "message"),
    [
        ("x", 400, "Invalid UUID as the parameter `id`."),
        (f"{UUID(int=7)}?shown=two", 400, "Expected `int`, got `str` as the parameter `shown`."),
        (f"{UUID(int=7)}?id={UUID(int=8)}", 404, f"Expected the id of a call, got {UUID(int=7)}."),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(caller: httpx.Client, rest: str, status: int, message: str) -> None:
    """A parameter is text that is read as its type; one of the query cannot stand for one of the path."""
    response = caller.get(f"/v1/call/{rest}")
    assert (response.status_code, response.json()["error"]["message"]) == (status, message)


def test_a_path_lists_the_methods_it_knows(caller: httpx.Client) -> None:
    """Another method is a 405 whose `Allow` has those of the path, asked for or not."""
    for method in ("POST", "HEAD", "OPTIONS"):
        response = caller.request(method, "/v1/call/7")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, DELETE"), method
    preferred = caller.delete("/v1/call/7", headers={"Prefer": "code=405"})
    assert (preferred.status_code, preferred.headers["allow"]) == (405, "GET, DELETE")
    assert caller.post("/v1/call/7").json()["error"]["message"] == "Expected GET or DELETE, got POST."
    assert caller.get("/v1/call/latest").headers["allow"] == "DELETE"
    assert caller.get(VAPI_CALL).headers["allow"] == "POST"


def test_an_unknown_path_is_told_every_operation(caller: httpx.Client) -> None:
    """The 404 of a path that no operation is at lists those that there are."""
    message = caller.get("/v1/call/7/8").json()["error"]["message"]
    assert all(f"{operation.method} {operation.path}" in message for operation in (*OPERATIONS, LOOK_UP, FORGET))


def test_a_success_without_a_body_has_none(caller: httpx.Client, mock: MockServer) -> None:
    """An operation has the status that it states; what is sent to one that takes no body is not looked at."""
    response = caller.request("DELETE", "/v1/call/7", content=b"{")
    assert (response.status_code, response.content) == (204, b"")
    assert refused(httpx.delete(f"{mock.url}/v1/call/7", trust_env=False), 401, "unauthorized") == []
    assert refused(caller.delete("/v1/call/7", headers={"Prefer": "code=503"}), 503, "preferred_status") == []
