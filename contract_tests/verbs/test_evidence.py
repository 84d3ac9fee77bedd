"""The evidence as data: every file of it is read, and another page, report or input takes files alone."""

import itertools
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from contract_tests.checkouts import copied_checkout
from contract_tests.commands import drift
from contract_tests.compat.edits import edited
from contract_tests.compat.played import CHANGES
from contract_tests.documents import Document, DocumentError, Section, read_documents, read_sdk_facts
from contract_tests.proof import inputs
from contract_tests.subject import ROOT, Subject

# A page that looks a job up, cut out as the others are.
GET_CALL = {
    "get-call.request.sh": "curl --request GET \\\n--url https://api.roark.ai/v1/call-analysis/{jobId} \\\n"
    "--header 'Authorization: Bearer <token>'\n",
    "get-call.reply.json": '{"data": {"jobId": "<string>", "status": "PENDING"}}',
}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A copy of the documents."""
    return Path(shutil.copytree(Subject.documents, tmp_path / "documents"))


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the chosen inputs, of which nothing is known yet."""
    shutil.copytree(inputs.FOLDER, tmp_path / "inputs")
    monkeypatch.setattr(inputs, "FOLDER", tmp_path / "inputs")
    for read in (inputs.read_inputs, inputs.read_bodies):
        monkeypatch.setattr(inputs, read.__name__, read.__wrapped__)
    return tmp_path / "inputs"


def unread_documents(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files of the documents that nobody opens who reads them all."""
    opened = set(folder.glob("*.py"))
    text = Path.read_text

    def noted(path: Path, encoding: str) -> str:
        opened.add(path)
        return text(path, encoding)

    monkeypatch.setattr(Path, "read_text", noted)
    read_documents(folder)
    read_sdk_facts(folder)
    return {path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc" and path not in opened}


def unread_inputs() -> set[str]:
    """The lists that no operation's inputs name."""
    kinds = {path: inputs.first_key(path) for path in inputs.files()}
    named = {
        entry
        for path, kind in kinds.items()
        if kind == inputs.OPERATION
        for verdicts in inputs._read(path)["fields"].values()
        for entry in itertools.chain(*verdicts.values(), *inputs._read(path)["unknown fields"].values())
        if isinstance(entry, str)
    }
    others = [path for path, kind in kinds.items() if kind not in (inputs.OPERATION, inputs.BODIES)]
    return {f"{path.stem} {name}" for path in others for name in inputs._read(path)} - named


def test_every_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file among the vendor's pages lies there unread."""
    assert unread_documents(Subject.documents, monkeypatch) == set()


def test_document_that_nobody_reads_is_noticed(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reply without the request that makes it a page is read by nobody, which the test above would tell."""
    (pages / "half.reply.json").write_text("{}", encoding="utf-8")
    assert unread_documents(pages, monkeypatch) == {"half.reply.json"}


def test_page_takes_files_alone(pages: Path) -> None:
    """A third page, of a call without a body and with a path parameter, is found by its files."""
    for name, text in GET_CALL.items():
        (pages / name).write_text(text, encoding="utf-8")
    assert [page.name for page in read_documents(pages)] == ["call-analysis", "get-call", "vapi-call"]
    assert read_documents(pages)[1] == Document(
        name="get-call",
        method="GET",
        path="/v1/call-analysis/{jobId}",
        request=None,
        reply={"data": {"jobId": "<string>", "status": "PENDING"}},
        authorization="Bearer <token>",
        request_section=None,
        reply_section=Section("application/json", None),
        server="https://api.roark.ai",
    )


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"new.request.sh": GET_CALL["get-call.request.sh"]}, "No such file"),
        ({"new.request.ts": "await client.new.create({});", "new.reply.json": "{}"}, "which says method and path"),
        ({"new.request.py": "client.new.create()", "new.reply.json": "{}"}, "expected .sh, or .ts and "),
        ({"vapi-call.request.ts": "await client.new.create({});"}, "too many values"),
        (
            {"vapi-call.fields.txt": "POST /v1/other\nAuthorizations\n\nResponse\n200\na\nb"},
            "the page for POST /v1/other",
        ),
    ],
)
def test_page_that_cannot_be_read_is_named(files: dict[str, str], reason: str, pages: Path) -> None:
    """A page of which a file is missing, strange or about something else is told by its name."""
    for name, text in files.items():
        (pages / name).write_text(text, encoding="utf-8")
    name = next(iter(files)).partition(".")[0]
    with pytest.raises(DocumentError, match=rf"documents/{name}\.\*: .*{re.escape(reason)}"):
        read_documents(pages)


@pytest.mark.whole_run
def test_page_of_another_operation_is_held_to_the_contract(tmp_path: Path) -> None:
    """Of a third page the proof tells that the contract lacks it and, once it has it, where the two differ."""
    checkout = copied_checkout(tmp_path)
    for name, text in GET_CALL.items():
        (checkout / "contract_tests/documents" / name).write_text(text, encoding="utf-8")
    report = tmp_path / "report.json"
    run = drift("--only", "test_documents_contract and get-call", "--json", str(report), checkout=checkout)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "GET /v1/call-analysis/{jobId}\nnot in the contract\n" in run.stdout
    assert [each["message"] for each in drifts(report)] == ["the documented operation is missing"]
    (change,) = [each for each in CHANGES if each["name"] == "an operation is added"]
    (checkout / "openapi.yaml").write_text(
        json.dumps(edited(Subject().contract.document, change["edits"])), encoding="utf-8"
    )
    drift("--only", "test_documents_contract and get-call", "--json", str(report), checkout=checkout)
    reply = "/paths/~1v1~1call-analysis~1{jobId}/get/responses/200/content/application~1json"
    assert {each["place"] for each in drifts(report)} == {
        "reply#/data/call",  # which the contract requires and the page does not show
        f"openapi.yaml#{reply}/examples/documented/value",
    }


def drifts(report: Path) -> list[dict[str, Any]]:
    """Every drift in a report for machines."""
    found = json.loads(report.read_text(encoding="utf-8"))
    return [each for pair in found["pairs"] for each in pair["drifts"]]


def test_every_chosen_input_is_read() -> None:
    """Each file of the inputs says what it holds, and each list is named by the inputs of an operation."""
    assert unread_inputs() == set()
    assert inputs.read_inputs()
    assert inputs.read_bodies()


def test_list_that_nobody_names_is_noticed(lists: Path) -> None:
    """A list of values that no operation's inputs name is tried nowhere, which the test above would tell."""
    (lists / "of").mkdir()
    (lists / "of" / "numbers.yaml").write_text("accepted: {one: 1}\n", encoding="utf-8")
    urls = lists / "urls.yaml"
    urls.write_text(f"{urls.read_text(encoding='utf-8')}\nodd: {{one: 1}}\n", encoding="utf-8")
    assert unread_inputs() == {"numbers accepted", "urls odd"}


@pytest.mark.parametrize(
    ("text", "reason"), [("operation: [\n", "while parsing"), ("operation: GET /v1/call\n", "expected 'fields'")]
)
def test_input_that_cannot_be_read_is_named(text: str, reason: str, lists: Path) -> None:
    """Inputs that are no YAML, or lack what they must have, are told by the name of the file."""
    (lists / "new.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"new\.yaml: .*{reason}"):
        inputs.read_inputs()


def test_inputs_take_a_file_alone(lists: Path) -> None:
    """Inputs of another operation, bodies and lists are found, whatever their file is called; two of one are told."""
    path = lists / "look-up.yaml"
    text = "operation: GET /v1/call\nfields: {/id: {accepted: [numbers few]}}\nunknown fields: {}\ntogether: {}\n"
    path.write_text(text, encoding="utf-8")
    (lists / "numbers.yaml").write_text("few: {one: 1}\n", encoding="utf-8")
    (lists / "torn.yaml").write_text("bodies: {refused: {torn: {cut: 3}}}\n", encoding="utf-8")
    (one,) = inputs.read_inputs()["GET /v1/call"].single
    assert (one.pointer, one.name, one.value, one.is_accepted) == ("/id", "one", 1, True)
    refused = inputs.read_bodies()["refused"]
    assert refused["torn"] == {"cut": 3}
    assert "NaN" in refused
    (lists / "again.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="two files hold the inputs of GET /v1/call"):
        inputs.read_inputs()


def test_input_that_says_nothing_is_named(lists: Path) -> None:
    """A file in which no key stands is told by its name."""
    (lists / "notes.md").write_text("# Notes\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"notes\.md: expected operation:, bodies: or the name of a list"):
        inputs.read_inputs()


def test_every_raw_report_is_read() -> None:
    """Each file of contract_tests/vapi_reports is a report, which all that look at `*.json` there send."""
    for path in (ROOT / "contract_tests" / "vapi_reports").iterdir():
        assert path.suffix == ".json", f"{path} is read by nobody"
        assert isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
