"""Operations as the contract has none yet, with parameters or without a body: their calls are held like all others."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.compat.edits import Document, edited
from contract_tests.compat.played import CHANGES, drift_of
from contract_tests.documents import read_documents
from contract_tests.mutations.bends import failure
from contract_tests.mutations.bent_server import BentServer, Exchange, Reply
from contract_tests.subject import chosen
from scripts.codegen import generator

pytestmark = pytest.mark.whole_run

SAMPLE = next(each.request for each in read_documents() if each.operation == "POST /v1/call-analysis")

LOOK_UP = "an operation is added"
LIST = "an operation with a query and headers is added"
AMEND = "an operation with a path parameter and a body is added"

# A slip of the client's runtime: the change of the contract that adds what it concerns; file, what is replaced, by
# what; and the test that notices, since all take a while.
SLIPS = {
    "a slash of a value ends its segment": (
        AMEND,
        "parameters.py",
        'return quote(text, safe="")',
        'return quote(text, safe="/")',
        "test_parameters_go_out_as_given",
    ),
    "only the first value of an array is sent": (
        LIST,
        "parameters.py",
        "for pair in _pairs(parameter, value)]",
        "for pair in list(_pairs(parameter, value))[:1]]",
        "test_parameters_go_out_as_given",
    ),
    "a header is not sent": (
        LIST,
        "parameters.py",
        "headers.append((parameter.wire, text))",
        "pass",
        "test_parameters_go_out_as_given",
    ),
    "a parameter that need not be given is wanted": (
        LIST,
        "parameters.py",
        "        elif parameter.required:\n",
        "        elif True:\n",
        "test_parameters_go_out_as_given",
    ),
    "a parameter is not checked": (
        LOOK_UP,
        "parameters.py",
        "    check(parameter.schema, value, place, lambda: names)\n",
        "",
        "test_breaking_parameter_is_refused",
    ),
    "a value names another path": (
        AMEND,
        "parameters.py",
        'if text in ("", ".", ".."):',
        'if text == "":',
        "test_breaking_parameter_is_refused",
    ),
    "a body that nobody gave is sent": (
        AMEND,
        "operation.py",
        "(value is UNSET and not self.body.required and not extra)",
        "False",
        "test_parameters_go_out_as_given",
    ),
    "a reply without a body is read as text": (
        AMEND,
        "operation.py",
        "        if self.schema is None:\n            return None\n",
        '        if self.schema is None:\n            return ""\n',
        "test_every_function_gives_what_was_read",
    ),
    "a call that changes nothing is not sent again": (
        LOOK_UP,
        "delivery.py",
        "policy.retry_unknown or policy.method in IDEMPOTENT_METHODS",
        "policy.retry_unknown",
        "test_upload_is_sent_again_only_if_it_was_not_accepted",
    ),
}


def with_added(name: str) -> Document:
    """The contract after one of the changes."""
    (change,) = [each for each in CHANGES if each["name"] == name]
    return edited(chosen().contract.document, change["edits"])


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_of_the_client_is_noticed(slip: str, tmp_path: Path) -> None:
    """What a client does wrong only with parameters, or without a body, is told as drift of the added operation."""
    name, file, old, new, only = SLIPS[slip]
    document = with_added(name)
    shutil.copytree(generator.RUNTIME, tmp_path / "runtime")
    text = (tmp_path / "runtime" / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, "the file has changed; this slip is none any more"
    (tmp_path / "runtime" / file).write_text(text.replace(old, new), encoding="utf-8")
    (tmp_path / "slipped").mkdir()
    generator.write_client(
        replace(chosen().contract, document=document), tmp_path / "slipped" / "generated", runtime=tmp_path / "runtime"
    )
    report = drift_of(document, tmp_path, "--client", str(tmp_path / "slipped" / "generated"), "--only", only)
    assert report["behind"] == ["client"]
    named = {drift["operation"] for pair in report["pairs"] for drift in pair["drifts"]}
    plain = {each.label for each in chosen().operations if each.has_body and not each.parameters}
    assert not named & plain, "an operation that knows no such thing"


@pytest.mark.parametrize("is_there", [True, False])
def test_server_that_has_followed_is_not_behind(is_there: bool, tmp_path: Path) -> None:
    """Of a server that has learnt to look jobs up nothing is told, whether there is a job of this id or none."""

    def look_up(exchange: Exchange) -> Reply | None:
        request = exchange.request
        if not re.fullmatch("/v1/call-analysis/[^/]+", request.path):
            return None
        if request.method != "GET":
            return replace(failure(405), headers={"content-type": "application/json", "allow": "GET"})
        # The mock looks at token and `Prefer`, as for an upload, and gives what may be said of a job.
        upload, upload.method, upload.path = request, "POST", "/v1/call-analysis"
        upload.headers["content-type"], upload.json = "application/json", SAMPLE
        reply = exchange.reply()
        return reply if is_there or reply.status != 200 else failure(404)

    with BentServer(look_up) as server:
        report = drift_of(with_added(LOOK_UP), tmp_path, "--server", server.url, "--only", "GET or test_documents")
        assert server.faults == []
    assert report["behind"] == [], report
    assert all(pair["cases"] for pair in report["pairs"])
