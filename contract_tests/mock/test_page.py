"""The mock's page: the API reference in a browser, whose "try it out" uploads to the mock and to nobody else."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from roark_mock import MockServer

from contract_tests.subject import ROOT

PATIENCE = 60.0  # seconds; a browser that takes so long hangs

# A browser reads from descriptor 3 and writes to 4, whichever they are here.
ON_3_AND_4 = """
import fcntl, os, sys
pipe = [fcntl.fcntl(int(each), fcntl.F_DUPFD, 10) for each in sys.argv[1:3]]
for ours, theirs in zip(pipe, (3, 4)):
    os.dup2(ours, theirs)
os.execv(sys.argv[3], sys.argv[3:])
"""

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


@pytest.fixture
def mock() -> Iterator[MockServer]:
    """A mock whose uploads are this test's alone."""
    with MockServer() as server:
        yield server


def get(mock: MockServer, path: str, method: str = "GET") -> httpx.Response:
    """What the mock replies to who has no token."""
    return httpx.request(method, mock.url + path, trust_env=False, timeout=PATIENCE)


def test_page_takes_everything_from_the_mock(mock: MockServer) -> None:
    """Whatever the page loads comes from the mock itself, and its policy lets nothing else in."""
    page = get(mock, "/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'self';")
    assert "//" not in page.text.replace("<!doctype", "")
    for path in ("/reference/swagger-ui.css", "/reference/swagger-ui-bundle.js", "/reference/reference.js"):
        assert path in page.text
        assert len(get(mock, path).content) > 500, path


def test_contract_is_handed_on_as_it_is(mock: MockServer) -> None:
    """The contract comes byte for byte, and HEAD tells its size."""
    contract = (ROOT / "openapi.yaml").read_bytes()
    assert get(mock, "/openapi.yaml").content == contract
    head = get(mock, "/openapi.yaml", "HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(contract)))


@pytest.mark.parametrize("path", ["/", "/openapi.yaml"])
def test_page_is_only_to_be_read(path: str, mock: MockServer) -> None:
    """Another method than GET and HEAD is refused like any other error."""
    reply = get(mock, path, "POST")
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")
    assert reply.json()["error"]["code"] == "method_not_allowed"


def test_viewer_that_is_not_installed_is_named(mock: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the files of the viewer are not installed, what asks for one is told which package is missing."""
    monkeypatch.setattr("roark_mock.page.find_spec", lambda _: None)
    answer = get(mock, "/reference/swagger-ui.css")
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].endswith("got none of fastapi-swagger.")


def test_page_does_not_give_a_token_away() -> None:
    """A token of one's own is not in the page: whoever tries something out has to know it."""
    with MockServer(token="s3cret") as server:
        assert "s3cret" not in get(server, "/").text


@pytest.mark.skipif(BROWSER is None, reason="no browser: apt-get install chromium")
def test_upload_tried_out_in_a_browser_reaches_the_mock(mock: MockServer, tmp_path: Path) -> None:
    """Both operations are shown, and "try it out" uploads the documented sample of the first to the mock."""
    with Browser(tmp_path) as browser:
        browser.open(mock.url)
        browser.wait_until("document.querySelectorAll('.opblock').length == 2")
        shown = browser.evaluate("document.body.innerText")
        assert "/v1/call-analysis" in shown
        assert "/v1/vapi/call" in shown
        assert "api.roark.ai" not in browser.evaluate("document.querySelector('.servers').innerText")
        browser.wait_until(OPENED)
        browser.wait_until("document.querySelector('button.execute') !== null")
        browser.evaluate("document.querySelector('button.execute').click()")
        browser.wait_until("document.querySelector('.live-responses-table .response-col_status') !== null")
        assert browser.evaluate(
            "document.querySelector('.live-responses-table tbody .response-col_status').innerText"
        ).startswith("200")
    (upload,) = mock.uploads
    assert upload.operation == "createCallAnalysis"
    assert browser.asked
    assert [url for url in browser.asked if not url.startswith((mock.url, "data:"))] == []


# What is clicked before the page listens does nothing.
OPENED = """
document.querySelector('.opblock.is-open') !== null
|| (document.querySelector('.opblock-summary-control').click(), false)
"""


class Browser:
    """Headless Chromium, told what to do over a pipe (the DevTools protocol)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = 0
        self._session: dict[str, str] = {}
        self.asked: list[str] = []
        """The URLs of all requests that the page made."""

    def __enter__(self) -> "Browser":
        theirs_to_read, self._to = os.pipe()
        self._from, theirs_to_write = os.pipe()
        words = [BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions"]
        words += ["--remote-debugging-pipe", f"--user-data-dir={self._folder / 'profile'}"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", ON_3_AND_4, str(theirs_to_read), str(theirs_to_write), *map(str, words)],
            pass_fds=(theirs_to_read, theirs_to_write),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_to_read)
        os.close(theirs_to_write)
        self._messages = self._read()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._to)
        os.close(self._from)

    def open(self, url: str) -> None:
        """Open a page."""
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._session = {"sessionId": session}
        self._ask("Network.enable")
        self._ask("Page.navigate", url=url)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        result = self._ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Return once a JavaScript expression is true."""
        deadline = time.monotonic() + PATIENCE
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}: {self.evaluate('document.body.innerText')}"
            time.sleep(0.05)

    def _ask(self, method: str, **parameters: object) -> Any:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        for answer in self._messages:
            if answer.get("method") == "Network.requestWillBeSent":
                self.asked.append(answer["params"]["request"]["url"])
            if answer.get("id") == self._number:
                assert "error" not in answer, answer["error"]
                return answer["result"]
        raise EOFError("the browser ended")

    def _read(self) -> Iterator[dict[str, Any]]:
        pending = b""
        while chunk := os.read(self._from, 65536):
            *whole, pending = (pending + chunk).split(b"\0")
            yield from map(json.loads, whole)
