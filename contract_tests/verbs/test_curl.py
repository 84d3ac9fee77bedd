"""The commands of a report: each curl sends, from any shell, the very request that showed a finding."""

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from contract_tests.commands import drift
from contract_tests.mutations.bent_server import BentServer, Exchange, Reply
from contract_tests.proof.curl import IMPLIED, as_curl
from contract_tests.subject import TOKEN_VARIABLE, Subject

TOKEN = Subject.token
BASIC = b64encode(f"{TOKEN}:{TOKEN}".encode()).decode()
REPLY = Reply(status=200, headers={"content-type": "text/html"}, body=b'{"data": {"callId": 1}}')

pytestmark = [
    pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl to paste a command for"),
    pytest.mark.same_everywhere,
]

Sent = tuple[str, str, str, tuple[tuple[str, str], ...], bytes]


class Recorded(BentServer):
    """A server that answers every request in the same way, and keeps what came in."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(self._bend)
        self._reply = reply
        self.received: list[Sent] = []

    def _bend(self, exchange: Exchange) -> Reply:
        asked = exchange.request
        stated = {name: value for name, value in asked.headers.items() if name not in IMPLIED}
        self.received.append((asked.method, asked.path, asked.query, tuple(sorted(stated.items())), asked.body))
        return self._reply


@pytest.fixture(scope="module")
def server() -> Iterator[Recorded]:
    """A server that takes everything."""
    with Recorded(REPLY) as server:
        yield server


def paste(command: str) -> None:
    """Run a command as a person would, in a shell that knows the token by its variable."""
    shell = ["sh", "-c", command]
    environment = {"PATH": os.environ["PATH"], TOKEN_VARIABLE: TOKEN}
    done = subprocess.run(shell, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, f"{command}\n{done.stderr.decode()}"


REQUESTS: Mapping[str, Mapping[str, Any]] = {
    "JSON with quotes": {"data": b'{"name": "it\'s \\"so\\", $HOME `id` \\\\ !"}', "headers": {"Content-Type": "a/b"}},
    "a body like the name of a file": {"data": b"@/etc/hostname"},
    "a body that ends in a line": {"data": b'{"a": 1}\n\n'},
    "control characters": {"data": b"\x00\x1b[2J\r\n\t%s%d\\n\xff"},
    "signs that turn the line around": {"data": '{"name": "\u202e\u200b\ufeff"}'.encode()},
    "letters beyond ASCII": {"data": '{"name": "Zoë 李 😀"}'.encode()},
    "a long body": {"data": json.dumps({"name": "x" * 300_000}).encode()},
    "a long body of no text": {"data": bytes(range(256)) * 1000},
    "a body that begins with a dash": {"data": b"-n\x00"},
    "the token in the body": {"data": f'{{"token": "{TOKEN}"}}'.encode()},
    "the token in a body of no text": {"data": f"%\x00{TOKEN}\x00%".encode()},
    "an empty body": {"data": b"", "headers": {"Content-Length": "0"}},
    "no media type": {"data": b"{}", "headers": {"Content-Type": None}},
    "an empty header": {"headers": {"Authorization": ""}},
    "a header that ends in a space": {"headers": {"Authorization": "Bearer "}},
    "a header with a tab": {"headers": {"Authorization": f"Bearer\t{TOKEN}"}},
    "a header beyond ASCII": {"headers": {"X-Name": "Zoë"}},
    "the token within more": {"headers": {"Authorization": f"Bearer x{TOKEN}x, '{TOKEN}' \"{TOKEN}\" ${{HOME}}"}},
    "the token in a cookie": {"headers": {"Cookie": f"a={TOKEN}; b={TOKEN}"}},
    "half the token": {"headers": {"Authorization": f"Bearer {TOKEN[:5]}"}},
    "the token in another case": {"headers": {"Authorization": f"Bearer {TOKEN.swapcase()}"}},
    "the token as user and password": {"headers": {"Authorization": f"Basic {BASIC}"}},
    "another Accept": {"headers": {"Accept": "text/html"}},
    "brackets and spaces in the URL": {"path": "/v1/[a]{b}/%7Bid%7D?q=a b&token=" + TOKEN + "&x='"},
    "dots in the path": {"path": "/v1/a/./b/.hidden"},
    "slashes in the path": {"path": "//v1//call"},
    "HEAD": {"method": "HEAD"},
    "OPTIONS": {"method": "OPTIONS"},
    "GET with a body": {"method": "GET", "data": b"{}"},
}


@pytest.mark.parametrize("what", REQUESTS)
def test_command_sends_the_same_bytes(what: str, server: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a request is made of, its command sends it again, holds no token and nothing that a terminal obeys."""
    monkeypatch.setattr("contract_tests.proof.curl.chosen", lambda: Subject(server_url=server.url))
    asked = {"method": "POST", "path": "/v1/call-analysis", "headers": {}, **REQUESTS[what]}
    with requests.Session() as session:
        session.trust_env = False
        url = server.url + asked.pop("path")
        request = session.prepare_request(requests.Request(url=url, **asked))
        session.send(request, timeout=10)
    sent = server.received[-1]
    command = as_curl(request)
    assert command is not None
    assert command.isprintable()
    assert not any(secret in command for secret in (TOKEN, TOKEN.swapcase(), BASIC, f"Bearer {TOKEN[:5]}"))
    paste(command)
    assert server.received[-1] == sent, command


ANSWERS = {
    "takes everything": REPLY,
    "fails over everything": Reply(status=500, headers={"content-type": "text/plain"}, body=b"oh"),
    "finds nothing wrong but the shape": Reply(status=422, headers={"content-type": "application/json"}, body=b"[1]"),
}


@pytest.mark.whole_run
@pytest.mark.parametrize("what", ANSWERS)
def test_every_command_of_a_report_sends_what_the_proof_has_sent(what: str, tmp_path: Path) -> None:
    """Each curl of a report, pasted into a shell, is a request that the server had from the proof."""
    path = tmp_path / "report.json"
    with Recorded(ANSWERS[what]) as server:
        done = drift("--server", server.url, "--all", "--strict", "--json", str(path))
        assert done.returncode == 1, done.stdout + done.stderr
        of_proof, server.received = set(server.received), []
        report = json.loads(path.read_text("utf-8"))
        commands = {each["request"] for pair in report["pairs"] for each in pair["drifts"] if each["request"]}
        printed = {each["request"] for each in report["causes"] if each["request"]}
        assert printed <= commands
        assert all(f"\n   {each}\n" in done.stdout for each in printed), "a command is not printed as it is"
        for command in commands:
            paste(command)
            assert server.received[-1] in of_proof, command
    assert len(commands) > 1
