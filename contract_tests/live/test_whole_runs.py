"""`scripts/drift --server` and a real service: whole runs, each told by `AIMED` to take any server for a remote one."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from roark_mock import MockServer

from contract_tests.commands import drift, environment, run
from contract_tests.live.other_servers import PlainHandler, serving
from contract_tests.live.recorder import CALL, RECORDING, TOKEN, VAPI, Recorder
from contract_tests.subject import chosen, server_url_problem

AIMED = """
import sys
from contract_tests.subject import Subject
Subject.is_remote = property(lambda subject: subject.server_url is not None)
from contract_tests.drift.__main__ import main
sys.exit(main())
"""


def aimed(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/drift`, of few generated cases, with the server taken for a remote one."""
    words = ["--server", url, "--pace", "0", "--seed", "1", "--examples", "20", *arguments]
    return run(AIMED, *words, ROARK_API_BEARER_TOKEN=TOKEN)


class CarelessHandler(PlainHandler):
    """A server that accepts everything, and that looks as documented."""

    bodies: list[tuple[str, bytes]]

    def answer(self, body: bytes) -> None:
        """200, whatever came."""
        self.bodies.append((self.path, body))
        self.reply(200, self.replies[self.path].encode())


@pytest.mark.whole_run
def test_whole_run_with_budget_0_uploads_nothing(tmp_path: Path) -> None:
    """Without a budget no valid request reaches the server in a whole run; what it sends is announced first."""
    report = tmp_path / "report.json"
    with MockServer(token=TOKEN) as mock:
        done = aimed(mock.url, "--yes", "--json", str(report))
        assert len(mock.uploads) == 0
    assert done.returncode == 0, done.stdout + done.stderr
    announced = done.stdout.split("The documented uploads")[0]
    for told in (mock.url, "uploads   none (", CALL, VAPI, "100 that it must refuse", "isTest: true", "createVapiCall"):
        assert told in announced
    assert f"{CALL}: not sent, since no upload is left" in done.stdout
    assert "note: 0 of 0 uploads, " in done.stdout
    value = json.loads(report.read_text(encoding="utf-8"))
    assert any(note.startswith("0 of 0 uploads") for note in value["notes"])
    server = next(pair for pair in value["pairs"] if pair["parties"] == ["contract", "server"])
    assert server["cases"] > 50, "the proof has no teeth left"


@pytest.mark.whole_run
def test_whole_run_keeps_to_its_budget() -> None:
    """With a budget of two, two uploads are accepted, and each is a trial with the given recording."""
    with MockServer(token=TOKEN) as mock:
        arguments = ["--yes", "--allow-uploads", "2", "--recording-url", RECORDING, "--allow-invalid", "5"]
        done = aimed(mock.url, *arguments, "--only", "server")
        bodies = [upload.json for upload in mock.uploads]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(body["isTest"], body["recordingUrl"]) for body in bodies] == [(True, RECORDING)] * 2
    assert "200 CallAnalysisResponse(" in done.stdout
    assert "not named for uploads" in done.stdout
    assert "note: 2 of 2 uploads, " in done.stdout


@pytest.mark.whole_run
def test_whole_run_generates_trials() -> None:
    """What is generated from the contract uses the budget too: it is made of trials, and most of it is sent."""
    with MockServer(token=TOKEN) as mock:
        arguments = ["--yes", "--allow-uploads", "9", "--recording-url", RECORDING]
        done = aimed(mock.url, *arguments, "--only", f"test_generated_cases and {CALL.split()[1]}")
        bodies = [upload.json for upload in mock.uploads]
    assert done.returncode == 0, done.stdout + done.stderr
    assert [(body["isTest"], body["recordingUrl"]) for body in bodies] == [(True, RECORDING)] * 9
    assert len({json.dumps(body) for body in bodies}) > 5, "they are hardly generated"


@pytest.mark.whole_run
def test_whole_run_leaves_a_careless_server_alone() -> None:
    """A server that accepts everything is told so once for each operation, and then hears nothing of it any more."""

    class Careless(CarelessHandler):
        bodies: list[tuple[str, bytes]] = []  # noqa: RUF012 - of this test alone

    with serving(Careless) as url:
        done = aimed(url, "--yes", "--only", "server and not test_generated_cases")
    assert done.returncode == 1, done.stdout + done.stderr
    assert sorted(path for path, _ in Careless.bodies) == ["/v1/call-analysis", "/v1/vapi/call"]
    told = re.search(r"^1\. loses: a real service made an upload .*\n   (.*)  request$", done.stdout, re.MULTILINE)
    assert told
    for label in (CALL, VAPI):
        assert label in told[1]
        assert f"note: {label}: stopped, since the server accepts what it must refuse" in done.stdout


class TellingHandler(PlainHandler):
    """A server that tells all it knows in errors and replies: token, numbers and URLs."""

    def answer(self, body: bytes) -> None:
        """Accept an upload, and refuse the rest, with secrets in either."""
        told = [f"{name}: {value}" for name, value in self.headers.items()] + SECRETS
        if b'"SIDEWAYS"' in body or b"callDirection" not in body:
            self.reply(500, json.dumps({"error": {"details": [{"path": "/".join(told)}], "told": told}}).encode())
        else:
            reply = json.loads(self.replies[self.path])
            reply["data"]["call"]["summary"] = " ".join(told)
            reply["data"]["call"]["participants"] = [{"role": "AGENT", "name": told[-1], "phoneNumber": SECRETS[0]}]
            reply["data"]["status"] = " ".join(told)
            self.reply(200, json.dumps(reply).encode())


SECRETS = ["+1 (555) 010-9999", "5550109998", "https://user:pw@secret.example.com/a?b=c", TOKEN]


@pytest.mark.whole_run
def test_whole_run_tells_no_secret(tmp_path: Path) -> None:
    """No token, phone number or URL stands in any report, not even where the server repeats them."""
    report = tmp_path / "report.json"
    with serving(TellingHandler) as url:
        arguments = ["--yes", "--allow-uploads", "3", "--recording-url", RECORDING, "--json", str(report)]
        baseline = tmp_path / "known.yaml"
        baseline.write_text("")
        arguments += ["--baseline", str(baseline), "--allow-invalid", "9"]
        done = aimed(url, *arguments, "--only", "server")
    assert done.returncode == 1, done.stdout + done.stderr
    told = done.stdout.split("The documented uploads")[1] + done.stderr + report.read_text(encoding="utf-8")
    for secret in (
        *SECRETS,
        "secret.example.com",
        "0109999",
        "5550109",
        TOKEN[:10],
        RECORDING,
        "recordings.example",
        url,
    ):
        assert secret not in told
    for mask in ("[token]", "[phone number]", "[URL]"):
        assert mask in told
    assert "://" not in told
    announced = done.stdout.split("The documented uploads")[0]
    assert url in announced
    assert "https://recordings.example.org/trial.wav\n" in announced
    assert "signature=abc" not in done.stdout + done.stderr
    assert TOKEN not in done.stdout


@pytest.mark.whole_run
def test_whole_run_ends_at_a_429_that_takes_too_long(recorder: Recorder) -> None:
    """A server that has had enough is left alone: exit code 2, with what to do, and no drift."""
    recorder.answers = [(429, {"Retry-After": "3600"})] * 99
    with recorder.serving() as url:
        done = aimed(url, "--yes", "--only", "test_wrong_token_is_refused or test_chosen_inputs")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "asks to wait for 3600 s (429); run again after that" in done.stderr
    assert len(recorder.arrived) == 1


@pytest.mark.whole_run
def test_whole_run_asks_first(recorder: Recorder) -> None:
    """Without a terminal and without --yes nothing is sent, nor where a person says no."""
    with recorder.serving() as url:
        done = aimed(url)
        assert done.returncode == 2
        assert "is another machine, where an upload is real" in done.stdout
        assert "say --yes" in done.stderr
        for answer, sent in ((b"\n", False), (b"n\n", False), (b"yes\n", True)):
            ours, theirs = pty.openpty()
            os.write(ours, answer)
            with subprocess.Popen(
                [sys.executable, "-P", "-c", AIMED, "--server", url, "--only", "test_wrong_token"],
                env=environment(chosen().spec.parent, ROARK_API_BEARER_TOKEN=TOKEN),
                stdin=theirs,
                stdout=theirs,
                stderr=subprocess.PIPE,
            ) as process:
                os.close(theirs)
                assert process.stderr is not None
                assert process.wait(60) == (1 if sent else 2)
                assert (b"nothing was sent" in process.stderr.read()) is not sent
            assert b"Send this? [y/N]" in os.read(ours, 1 << 16)
            os.close(ours)
            assert bool(recorder.arrived) is sent


REMOTE = ("--server", "https://api.roark.ai", "--yes")


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("arguments", "token", "reason"),
    [
        (["--server", "http://api.roark.ai", "--yes"], TOKEN, "expected https://api.roark.ai"),
        (["--server", "https://user:hush-hush@api.roark.ai", "--yes"], TOKEN, "holds a name or password"),
        ([*REMOTE], "", "needs a token of its own"),
        ([*REMOTE, "--token", "test-token"], "", "needs a token of its own"),
        ([*REMOTE, "--token", "short"], "", "could not be kept out of the report"),
        ([*REMOTE, "--allow-uploads", "2"], TOKEN, "needs the recording"),
        ([*REMOTE, "--allow-uploads", "-1"], TOKEN, "expected a number from 0"),
        ([*REMOTE, "--pace", "-1"], TOKEN, "expected seconds"),
        ([*REMOTE, "--pace", "nan"], TOKEN, "expected seconds"),
        ([*REMOTE, "--operation", "createVapiCall"], TOKEN, "say how many with --allow-uploads"),
        ([*REMOTE, "--operation", "deleteCall"], TOKEN, "expected one of createCallAnalysis, "),
        ([*REMOTE, "--allow-uploads", "2", "--recording-url", "file:///a.wav"], TOKEN, "expected https://HOST/PATH"),
        (["--allow-uploads", "2"], TOKEN, "--allow-uploads is about a server on another machine"),
        (["--recording-url", RECORDING], TOKEN, "--recording-url is about a server on another machine"),
    ],
)
def test_contradictory_arguments_are_exit_code_2(arguments: list[str], token: str, reason: str) -> None:
    """What would send a token in clear text, a wrong one, or uploads without a recording, sends nothing at all."""
    done = drift(*arguments, ROARK_API_BEARER_TOKEN=token)
    assert done.returncode == 2, done.stdout + done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert "hush-hush" not in done.stdout + done.stderr


@pytest.mark.whole_run
def test_proof_by_itself_is_for_this_machine() -> None:
    """pytest, which asks nothing, does not aim the proof at another machine."""
    command = [sys.executable, "-P", "-m", "pytest", "contract_tests/proof", "--server", "https://api.roark.ai", "-q"]
    done = subprocess.run(command, cwd=chosen().spec.parent, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 4
    assert "use scripts/drift, which asks first" in done.stderr


def test_https_is_for_another_machine() -> None:
    """Another machine is asked over https; this one over either."""
    assert server_url_problem("https://api.roark.ai") is None
    assert server_url_problem("http://127.0.0.1:4010") is None
    assert server_url_problem("http://127.0.0.1.example.com") is not None
