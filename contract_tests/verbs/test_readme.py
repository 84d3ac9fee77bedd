"""The documents of the project: every command and example in them works as it stands."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from roark_client import AsyncRoark, Roark
from roark_mock import MockServer, RoarkMock

from contract_tests.client.checkers import CHECKERS, Checker
from contract_tests.drift import baseline
from contract_tests.subject import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


def blocks(language: str) -> list[str]:
    """The README's code blocks in one language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def run(command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the README in the checkout."""
    return subprocess.run(
        shlex.split(command),
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def succeeds(command: str) -> None:
    """The command ends with exit code 0."""
    done = run(command)
    assert done.returncode == 0, done.stdout + done.stderr


def serves(command: str) -> None:
    """The command runs a server until Ctrl-C. On a free port: the documented one may be taken."""
    words = shlex.split(command.replace("--port 4010", "--port 0"))
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "http://127.0.0.1:" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0


def proves_a_server(command: str) -> None:
    """The command holds a running server to the contract. A mock on a free port stands in for the documented one."""
    with MockServer() as mock:
        succeeds(command.replace("http://127.0.0.1:4010", mock.url) + " --only test_documented")


def is_shown_elsewhere(_: str) -> None:
    """Another test, or whoever runs this one, shows the command."""


# How each command of the README is shown to work.
COMMANDS: dict[str, Callable[[str], None]] = {
    "scripts/drift": lambda command: succeeds(f"{command} --only test_documents_contract"),  # whole: test_drift.py
    "scripts/test": is_shown_elsewhere,  # it runs this very test
    "scripts/generate": is_shown_elsewhere,  # test_generate.py, on a copy: tests leave the checkout alone
    'python3 -m pip install ".[mock]"': is_shown_elsewhere,  # test_package.py, without the network
    "scripts/bench": is_shown_elsewhere,  # test_bench.py, its quick form
    "scripts/mock --port 4010 --token test-token": serves,
    "scripts/drift --server http://127.0.0.1:4010 --token test-token": proves_a_server,
}


def test_every_command_is_known() -> None:
    """Each command of the README stands in the table above, and the table holds no other."""
    commands = {line for block in blocks("sh") for line in block.splitlines() if line}
    assert commands == COMMANDS.keys()


@pytest.mark.whole_run
@pytest.mark.parametrize("command", COMMANDS)
def test_command_works(command: str) -> None:
    """Each command of the README works as it stands."""
    COMMANDS[command](command)


def example(words: str) -> dict[str, Any]:
    """What the README's one Python example with these words defines."""
    (code,) = (block for block in blocks("python") if words in block)
    defined: dict[str, Any] = {}
    exec(code, defined)  # noqa: S102 - our own README
    return defined


def test_baseline_example_can_be_used(tmp_path: Path) -> None:
    """The README's known drift, word for word, is a baseline that can be read."""
    (known,) = blocks("yaml")
    (tmp_path / "known.yaml").write_text(known, encoding="utf-8")
    (entry,) = baseline.read(tmp_path / "known.yaml")
    assert entry.operation == "POST /v1/vapi/call"


def test_first_upload_works(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The README's first upload, word for word, uploads a call without a token, and then with the one it speaks of."""
    upload = example("call_analysis.create(")["upload"]
    assert capsys.readouterr().out.endswith(" PENDING\n")
    with MockServer() as mock:
        monkeypatch.setenv("ROARK_BASE_URL", mock.url)
        monkeypatch.setenv("ROARK_API_BEARER_TOKEN", mock.token)
        with Roark() as client:
            upload(client)
        assert len(mock.uploads) == 1


def test_webhook_example_works() -> None:
    """The README's webhook handler uploads the report inside the envelope."""
    report = {"type": "end-of-call-report", "call": {"id": "call-123"}}

    async def handle() -> None:
        with MockServer() as mock:
            async with AsyncRoark(bearer_token=mock.token, base_url=mock.url) as client:
                on_message = example("async def on_message")["on_message"]
                assert await on_message({"message": report}, client)
                assert await on_message({"message": {"type": "hang"}}, client) is None
            assert mock.uploads[-1].json["vapiEndOfCallReportPayload"] == report

    asyncio.run(handle())


def test_example_of_the_fixture_works(roark_mock: RoarkMock) -> None:
    """The README's test, word for word, passes."""
    example("roark_mock.fail_next")["test_upload_waits_its_turn"](roark_mock)


def test_what_is_sent_again_as_the_readme_says_doubles_no_call(roark_mock: RoarkMock) -> None:
    """A Vapi call that is sent again after a lost reply is taken once, and told by the id that it has."""
    said = "`client.with_options(retry_unknown=True).integrations.create_vapi_call(…, skip_already_imported=True)`"
    assert said in " ".join(README.split())
    roark_mock.drop_next(recorded=True)
    client = roark_mock.client.with_options(retry_unknown=True)
    reply = client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT, skip_already_imported=True)
    (upload,), (skipped,) = roark_mock.uploads, roark_mock.uploads.skipped
    assert upload.reply.data.call_id == skipped.reply.data.call_id == reply.data.call_id


REPORT: dict[str, object] = {"type": "end-of-call-report", "call": {"id": "call-123"}}

# What keeps an upload from getting through, and the list that has to have it.
FAILURES: dict[str, tuple[dict[str, object], dict[str, object], str | None]] = {
    "nothing": ({}, REPORT, None),
    "500": ({"default_headers": {"Prefer": "code=500"}}, REPORT, "look_first"),
    "503, which asks to wait": ({"default_headers": {"Prefer": "code=503"}}, REPORT, "look_first"),
    "401": ({"bearer_token": "wrong"}, REPORT, "send_later"),
    "no server": ({"base_url": "http://127.0.0.1:1", "max_retries": 0}, REPORT, "send_later"),
    "422": ({"default_headers": {"Prefer": "code=422"}}, REPORT, "give_up"),
    "NaN": ({}, {**REPORT, "cost": float("nan")}, "give_up"),
    "no report": ({}, {"type": 1}, "give_up"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failure_example_keeps_the_upload(name: str) -> None:
    """The README's handling of a failure loses no upload, doubles none, and keeps none that is refused for ever."""
    options, report, kept = FAILURES[name]
    lists: dict[str, list[object]] = {"look_first": [], "send_later": [], "give_up": []}
    with (
        MockServer() as mock,
        Roark(**{"bearer_token": mock.token, "base_url": mock.url, **options}) as client,  # type: ignore[arg-type]
    ):
        example("Delivery.UNKNOWN")["upload"](client, report, **lists)
    assert [name for name, reports in lists.items() if reports] == ([kept] if kept else [])


def test_failure_example_keeps_the_upload_of_a_broken_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that cannot work is mended, and the upload sent later."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    lists: dict[str, list[object]] = {"look_first": [], "send_later": [], "give_up": []}
    with MockServer() as mock, Roark(bearer_token=mock.token, base_url=mock.url) as client:
        example("Delivery.UNKNOWN")["upload"](client, REPORT, **lists)
    assert lists == {"look_first": [], "send_later": [REPORT], "give_up": []}


def test_example_of_a_client_of_ones_own_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The README's client with a certificate and a proxy, word for word, is made."""
    shutil.copy(ROOT / "contract_tests/client/certificate.pem", tmp_path / "ca.pem")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROARK_API_BEARER_TOKEN", "test-token")
    assert not example("proxy=")["client"].is_closed()


def test_listener_of_the_readme_prints_drift(roark_mock: RoarkMock, capsys: pytest.CaptureFixture[str]) -> None:
    """`on_drift=print`, as the README has it, prints an event without its value."""
    assert "`Roark(on_drift=print)`" in README
    roark_mock.reply_next({"data": {"callId": "call-123", "phone": "+49170"}})
    with Roark(on_drift=print) as client:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert capsys.readouterr().out == (
        "POST /v1/vapi/call reply#/data/phone: unknown field: expected no field of this name, got a string\n"
    )


@pytest.mark.whole_run
@pytest.mark.same_everywhere
@pytest.mark.parametrize("checker", CHECKERS)
def test_examples_pass_the_type_checkers(checker: Checker, tmp_path: Path) -> None:
    """Each Python example of the README is right in the eyes of both checkers at their strictest."""
    examples = [tmp_path / f"example_{number}.py" for number, _ in enumerate(blocks("python"))]
    for path, block in zip(examples, blocks("python"), strict=True):
        path.write_text(block, encoding="utf-8")
    assert not checker(tmp_path, examples)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_named_files_exist(name: str) -> None:
    """Each file of the project that a document links to or names exists."""
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    named = re.findall(r"`((?:scripts/|contract_tests/|generated/|openapi\.yaml)[\w./-]*)`", text)
    missing = [path for path in [*linked, *named] if not Path(ROOT, path).exists()]
    assert not missing


@pytest.mark.whole_run
@pytest.mark.parametrize("verb", ["drift", "generate"])
def test_help_says_what_a_verb_does(verb: str) -> None:
    """--help of a verb names the verb and its exit codes."""
    done = run(f"scripts/{verb} --help", COLUMNS="100")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: scripts/{verb} ")
    assert "exit codes" in done.stdout
