"""What was sent again is said by a success, and in the log that is switched on."""

import subprocess
import sys

import httpx
import pytest
from roark_client import APIConnectionError, Delivery, RateLimitError, Roark
from roark_mock import MockServer

from contract_tests.client.errors.uploads import TOKEN
from contract_tests.client.samples import REPORT
from contract_tests.client.scripted_server import ScriptedServer, reply


def test_success_says_how_many_attempts_it_took() -> None:
    """The raw reply of a success tells one that went through at once from one that may have been doubled."""
    with (
        MockServer(token=TOKEN) as mock,
        Roark(bearer_token=TOKEN, base_url=mock.url, retry_unknown=True) as client,
    ):
        raw = client.integrations.with_raw_response
        assert raw.create_vapi_call(vapi_end_of_call_report_payload=REPORT).attempts == 1
        mock.drop_next(recorded=True)
        assert raw.create_vapi_call(vapi_end_of_call_report_payload=REPORT).attempts == 2


LOGGING = """
import logging, sys
from roark_client import Roark, RoarkError
{application}
with Roark(bearer_token="secret-7f3a9c", base_url=sys.argv[1], max_retries=1) as client:
    try:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload={{"type": "x", "call": {{"id": "c"}}}})
    except RoarkError:
        pass
"""


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("level", "application", "lines"),
    [
        ("", "", 0),
        ("INFO", "", 1),
        ("debug", "", 3),
        ("loud", "", 1),
        ("info", "logging.getLogger('roark_client').addHandler(logging.StreamHandler())", 1),
        ("info", "logging.basicConfig(format='mine %(message)s')", 1),
    ],
)
def test_logging_is_switched_on(level: str, application: str, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """ROARK_LOG has what is sent again, or each attempt, written to stderr; once, where an application logs itself."""
    monkeypatch.setenv("ROARK_LOG", level)
    code = LOGGING.format(application=application)
    with ScriptedServer((reply(429, b"", "Retry-After: 0"),)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, server.url], capture_output=True, text=True, timeout=60, check=True
        )
    ours = [line for line in done.stderr.splitlines() if "httpx" not in line and "HTTP Request" not in line]
    assert len(ours) == lines, done.stderr
    assert TOKEN not in done.stderr
    assert all(line.startswith("mine ") for line in ours) == bool("mine" in application or not lines)
    if level == "loud":
        assert ours == ["ROARK_LOG: expected info or debug, got 'loud'; nothing is switched on"]
    elif lines == 1:
        assert ours[0].endswith("POST /v1/vapi/call: 429 Too Many Requests; sent again in 0 s (1 of 1)")


def test_wait_that_does_not_fit_is_told() -> None:
    """An error that ends a call for the wait that the server asks for says how long that is."""
    with MockServer() as server:
        server.fail_next(status=429, retry_after=3600)
        with pytest.raises(RateLimitError, match=r": 429 Too Many Requests, which asks to wait 3600 s \(1 attempt; "):
            server.client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def test_client_that_is_closed_meanwhile_is_told() -> None:
    """An upload whose client is closed under it ends in an error that says so, and that it may have arrived."""

    def close_and_break_off(_: httpx.Request) -> httpx.Response:
        own.close()
        raise httpx.ReadError("[Errno 9] Bad file descriptor")

    own = httpx.Client(transport=httpx.MockTransport(close_and_break_off))
    client = Roark(bearer_token=TOKEN, base_url="http://localhost", http_client=own)
    with pytest.raises(
        APIConnectionError, match=r": the client was closed meanwhile: ReadError \(\[Errno 9\]"
    ) as failed:
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert failed.value.delivery is Delivery.UNKNOWN
