"""The fixture `roark_mock`: a server of its own for each test, every fault on the wire, and nothing left behind."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

import httpx
import pytest
from roark_client import APIError, APIResponseValidationError, APIStatusError, Delivery, Roark
from roark_mock import FaultLeftWarning, RoarkMock
from roark_mock.operations.create_call_analysis import CallAnalysisRequest
from roark_mock.operations.create_vapi_call import VapiCallRequest

from contract_tests.client.samples import UPLOAD
from contract_tests.documents import read_documents
from contract_tests.vendor.installed import install

PATIENCE = 60.0  # seconds; a test that waits so long hangs

REPORT = {"type": "end-of-call-report", "call": {"id": "call-1"}}
SAMPLES = {document.path: document.request for document in read_documents()}


def failure(client: Roark) -> APIError:
    """How an upload through a client fails."""
    with pytest.raises(APIError) as failed:
        client.with_options(max_retries=0).call_analysis.create(**UPLOAD)
    return failed.value


# --- What the fixture gives -------------------------------------------------------------------------


def test_code_under_test_finds_the_mock(roark_mock: RoarkMock) -> None:
    """The environment names the mock, so code that makes its own client uploads to it; uploads are typed, in order."""
    with Roark() as client:
        client.call_analysis.create(**UPLOAD)
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    first, second = roark_mock.uploads
    assert isinstance(first.request, CallAnalysisRequest)
    assert first.request.recording_url == UPLOAD["recording_url"]
    assert isinstance(second.request, VapiCallRequest)
    assert second.request.vapi_end_of_call_report_payload.call.id == "call-1"
    assert second.json == {"vapiEndOfCallReportPayload": REPORT}


def test_clients_are_ready(roark_mock: RoarkMock) -> None:
    """`client` and `async_client` upload as they are, the latter in one event loop after the other."""
    roark_mock.client.call_analysis.create(**UPLOAD)
    for _ in range(2):
        asyncio.run(roark_mock.async_client.call_analysis.create(**UPLOAD))
    assert len(roark_mock.uploads) == 3


def test_proxy_of_the_environment_is_passed_by(roark_mock: RoarkMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a proxy is set, the way to the mock does not lead through it."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with Roark() as client:
        client.call_analysis.create(**UPLOAD)
    assert len(roark_mock.uploads) == 1


@pytest.mark.parametrize(
    ("variable", "value"), [("NO_PROXY", "internal.example"), ("no_proxy", "internal.example"), ("NO_PROXY", "*")]
)
def test_ways_around_a_proxy_stay(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Hosts that are reached without a proxy are reached so while the mock is there."""
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv(variable, value)
    request.getfixturevalue("roark_mock")
    assert proxy_bypass_environment("internal.example")
    assert proxy_bypass_environment("127.0.0.1")


@pytest.mark.parametrize(("seconds", "header"), [(3_600_000, "3600000"), (0.05, "0.05"), (0, "0"), (1.5, "1.5")])
def test_seconds_to_wait_are_a_plain_number(seconds: float, header: str, roark_mock: RoarkMock) -> None:
    """Retry-After is written out, however large it is."""
    roark_mock.fail_next(429, retry_after=seconds)
    assert httpx.post(f"{roark_mock.url}/v1/vapi/call").headers["retry-after"] == header


def test_uploads_in_the_background_can_be_waited_for(roark_mock: RoarkMock) -> None:
    """`uploads.wait_for` returns as soon as they are there, and says how many came where they are not."""
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(roark_mock.uploads.wait_for, 1, timeout=2 * PATIENCE)
        time.sleep(0.1)  # so that it does wait
        pool.submit(roark_mock.client.call_analysis.create, **UPLOAD)
        assert len(waiting.result(timeout=PATIENCE)) == 1
    with pytest.raises(TimeoutError, match=r"expected 2 uploads within 0\.01 s, got 1"):
        roark_mock.uploads.wait_for(2, timeout=0.01)


# --- Faults -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [302, 400, 401, 404, 408, 429, 500, 503])
def test_failure_is_replied_and_nothing_recorded(status: int, roark_mock: RoarkMock) -> None:
    """`fail_next` replies with the status, and with Retry-After only where it was asked for."""
    roark_mock.fail_next(status)
    roark_mock.fail_next(status=status, retry_after=7)
    for expected in (None, 7.0):
        error = failure(roark_mock.client)
        assert isinstance(error, APIStatusError)
        assert (error.status_code, error.retry_after) == (status, expected)
    assert len(roark_mock.uploads) == 0
    roark_mock.client.call_analysis.create(**UPLOAD)


def test_failure_comes_so_many_times(roark_mock: RoarkMock) -> None:
    """`times` requests fail, the next one does not: a client that sends again gets through."""
    roark_mock.fail_next(status=429, times=2, retry_after=0)
    roark_mock.client.call_analysis.create(**UPLOAD)
    assert len(roark_mock.uploads) == 1


def test_delayed_reply_is_late_and_its_upload_is_not(roark_mock: RoarkMock) -> None:
    """`delay_next` holds back the reply; the upload counts at once."""
    roark_mock.delay_next(PATIENCE)
    error = failure(roark_mock.client.with_options(timeout=0.5))
    assert error.delivery is Delivery.UNKNOWN
    assert len(roark_mock.uploads) == 1
    started = time.monotonic()
    roark_mock.delay_next(0.2)
    roark_mock.client.call_analysis.create(**UPLOAD)
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("recorded", [True, False])
def test_dropped_connection_dies_on_the_wire(recorded: bool, roark_mock: RoarkMock) -> None:
    """`drop_next` resets the connection without a byte of a reply; the upload counts, or does not."""
    roark_mock.drop_next(recorded=recorded)
    body = json.dumps(SAMPLES["/v1/call-analysis"])
    headers = {"Authorization": f"Bearer {roark_mock.token}", "Content-Type": "application/json"}
    with pytest.raises(httpx.ReadError):
        httpx.post(f"{roark_mock.url}/v1/call-analysis", content=body, headers=headers, timeout=PATIENCE)
    assert len(roark_mock.uploads) == int(recorded)
    roark_mock.drop_next(recorded=recorded)
    assert failure(roark_mock.client).delivery is Delivery.UNKNOWN


def test_dripped_reply_is_whole_in_the_end(roark_mock: RoarkMock) -> None:
    """`drip_next` spreads the body over its time: who waits reads it, who does not was understood all the same."""
    roark_mock.drip_next(0.2)
    reply = roark_mock.client.call_analysis.create(**UPLOAD)
    assert reply.data.status == "PENDING"
    roark_mock.drip_next(PATIENCE)
    error = failure(roark_mock.client.with_options(timeout=0.5))
    assert error.delivery is Delivery.DELIVERED
    assert len(roark_mock.uploads) == 2


def test_reply_is_what_the_test_says(roark_mock: RoarkMock) -> None:
    """`reply_next` takes the place of the usual success, bytes go out as they are, and an error is one."""
    roark_mock.reply_next({"data": {"callId": "call-of-mine"}})
    upload = roark_mock.client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
    assert upload.data.call_id == "call-of-mine"
    roark_mock.reply_next(b'{"data": ')
    assert isinstance(failure(roark_mock.client), APIResponseValidationError)
    assert len(roark_mock.uploads) == 2
    roark_mock.reply_next(b"<html>", media_type="text/html")
    assert failure(roark_mock.client).delivery is Delivery.UNKNOWN
    assert len(roark_mock.uploads) == 3
    roark_mock.reply_next({"why": "no more calls"}, status=402)
    error = failure(roark_mock.client)
    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.body) == (402, {"why": "no more calls"})
    assert len(roark_mock.uploads) == 3


def test_reply_does_not_hide_a_mistake(roark_mock: RoarkMock) -> None:
    """Where the upload is wrong, a success that a test asked for does not take the place of the refusal."""
    roark_mock.reply_next({"data": {"callId": "call-of-mine"}})
    reply = httpx.post(f"{roark_mock.url}/v1/vapi/call", json={}, headers={"Authorization": "Bearer wrong"})
    assert reply.status_code == 401


def test_faults_come_in_their_order_one_a_request(roark_mock: RoarkMock) -> None:
    """The first request meets the first fault, whichever operation it is for."""
    roark_mock.fail_next(500)
    roark_mock.fail_next(404, times=2)
    roark_mock.reply_next({"data": {"callId": "x"}})
    statuses = []
    for path in ("/v1/vapi/call", "/v1/call-analysis", "/v1/vapi/call", "/v1/vapi/call", "/v1/call-analysis"):
        headers = {"Authorization": f"Bearer {roark_mock.token}"}
        statuses.append(httpx.post(roark_mock.url + path, json=SAMPLES[path], headers=headers).status_code)
    assert statuses == [500, 404, 404, 200, 200]


def statuses(roark_mock: RoarkMock, *paths: str, method: str = "POST") -> list[int]:
    """How the documented uploads to these paths are answered."""
    headers = {"Authorization": f"Bearer {roark_mock.token}"}
    return [
        httpx.request(method, roark_mock.url + path, json=SAMPLES[path], headers=headers, timeout=PATIENCE).status_code
        for path in paths
    ]


def test_faults_in_the_background_can_be_waited_for(roark_mock: RoarkMock) -> None:
    """`wait_for_faults` returns once each fault is met, at once where none is to come, and else says what is left."""
    roark_mock.wait_for_faults(timeout=0)
    roark_mock.fail_next(status=429, times=2, retry_after=0)
    with ThreadPoolExecutor() as threads:
        uploading = threads.submit(roark_mock.client.call_analysis.create, **UPLOAD)
        roark_mock.wait_for_faults(timeout=60)
        uploading.result()
    roark_mock.drop_next(recorded=True, times=3, operation="createVapiCall")
    left = r"within 0 s, drop_next\(recorded=True\): 3 of 3 requests to createVapiCall never came"
    with pytest.raises(TimeoutError, match=left):
        roark_mock.wait_for_faults(timeout=0)
    roark_mock.reset()


def test_fault_is_for_the_operation_that_it_names(roark_mock: RoarkMock) -> None:
    """The first fault in order that fits a request is met: one that is aimed at another operation waits for that."""
    analysis, call = "/v1/call-analysis", "/v1/vapi/call"
    roark_mock.fail_next(500, times=2, operation="createVapiCall")
    roark_mock.fail_next(501)
    roark_mock.fail_next(502, operation="createCallAnalysis")
    assert statuses(roark_mock, analysis, call, analysis, call, call) == [501, 500, 502, 500, 200]


def test_fault_for_an_operation_is_not_for_a_request_to_none(roark_mock: RoarkMock) -> None:
    """A request by a method that its path does not know is to no operation: it meets only what is aimed at none."""
    roark_mock.fail_next(500, operation="createVapiCall")
    assert statuses(roark_mock, "/v1/vapi/call", method="PUT") == [405]
    roark_mock.fail_next(501)
    assert statuses(roark_mock, "/v1/vapi/call", method="PUT") == [501]
    assert statuses(roark_mock, "/v1/vapi/call") == [500]


AIMED: dict[str, Callable[[RoarkMock, str], None]] = {
    "fail_next": lambda roark, operation: roark.fail_next(operation=operation),
    "delay_next": lambda roark, operation: roark.delay_next(0, operation=operation),
    "drop_next": lambda roark, operation: roark.drop_next(recorded=True, operation=operation),
    "drip_next": lambda roark, operation: roark.drip_next(0, operation=operation),
    "reply_next": lambda roark, operation: roark.reply_next({}, operation=operation),
}


@pytest.mark.parametrize("name", AIMED)
def test_every_fault_can_be_aimed_at_what_is_known(name: str, roark_mock: RoarkMock) -> None:
    """Each kind of fault takes an operation, and refuses one that there is not, by those that there are."""
    with pytest.raises(ValueError, match=r"^expected operation to be createCallAnalysis or createVapiCall, got 'x'$"):
        AIMED[name](roark_mock, "x")
    AIMED[name](roark_mock, "createVapiCall")
    assert statuses(roark_mock, "/v1/call-analysis") == [200]
    with pytest.warns(FaultLeftWarning, match=rf"^{name}\(.*\): 1 of 1 requests to createVapiCall never came\."):
        roark_mock.warn_of_faults_left()
    roark_mock.reset()


@pytest.mark.parametrize(
    "ask",
    [
        lambda roark: roark.fail_next(200),
        lambda roark: roark.fail_next(600),
        lambda roark: roark.fail_next(times=0),
        lambda roark: roark.fail_next(retry_after=-1),
        lambda roark: roark.delay_next(float("nan")),
        lambda roark: roark.drip_next(float("inf")),
        lambda roark: roark.reply_next({}, status=100),
        lambda roark: roark.drop_next(recorded=True, times=-1),
        lambda roark: roark.reply_next(object()),
        lambda roark: roark.reply_next({}, media_type="text/html\r\nX-Other: 1"),
    ],
)
def test_fault_that_makes_no_sense_is_refused(ask: Callable[[RoarkMock], None], roark_mock: RoarkMock) -> None:
    """What cannot be done is an error at once, and no fault to come."""
    with pytest.raises((ValueError, TypeError), match="expected"):
        ask(roark_mock)
    roark_mock.client.call_analysis.create(**UPLOAD)


# --- From test to test --------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::roark_mock.FaultLeftWarning")
@pytest.mark.parametrize("_", range(2))
def test_each_test_begins_anew(_: int, roark_mock: RoarkMock) -> None:
    """Neither uploads nor faults nor clients of one test are there in the next."""
    assert len(roark_mock.uploads) == 0
    roark_mock.client.call_analysis.create(**UPLOAD)
    roark_mock.fail_next(500, times=100)


def test_upload_of_an_earlier_test_does_not_arrive_late(roark_mock: RoarkMock) -> None:
    """What is still being answered when a test ends is cut off, and leaves nothing in the next one."""
    roark_mock.delay_next(PATIENCE)
    with ThreadPoolExecutor() as pool:
        late = pool.submit(failure, roark_mock.client)
        roark_mock.uploads.wait_for(1, timeout=PATIENCE)
        roark_mock.reset()
        assert late.result(PATIENCE).delivery is Delivery.UNKNOWN
    assert len(roark_mock.uploads) == 0


def test_upload_that_waits_to_be_accepted_does_not_arrive_late(roark_mock: RoarkMock) -> None:
    """What a client sent before the reset is of the test before, also where the server had not looked at it yet."""
    body = json.dumps(SAMPLES["/v1/vapi/call"]).encode()
    head = f"POST /v1/vapi/call HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer {roark_mock.token}\r\n"
    request = f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    address = urlsplit(roark_mock.url)
    for _ in range(100):
        with ExitStack() as stack:
            for _ in range(3):
                late = stack.enter_context(socket.create_connection((address.hostname, address.port), PATIENCE))
                late.sendall(request)
            roark_mock.reset()
            assert len(roark_mock.uploads) == 0
            roark_mock.client.call_analysis.create(**UPLOAD)
            assert len(roark_mock.uploads) == 1


def test_ids_are_those_of_the_seed(roark_mock: RoarkMock) -> None:
    """The same seed makes the same ids in the same order, another seed others, and none ids by chance."""

    def ids(seed: int | str | None) -> list[str]:
        roark_mock.reset(seed)
        replies = [roark_mock.client.call_analysis.create(**UPLOAD) for _ in range(3)]
        return [str(each) for reply in replies for each in (reply.data.job_id, reply.data.call.id)]

    assert ids("a") == ids("a")
    assert len({*ids("a"), *ids("b"), *ids(None), *ids(None)}) == 4 * 6


# --- In other people's suites -------------------------------------------------------------------------

SUITE = """
import os
import threading
import pytest
from roark_client import Roark

def upload():
    with Roark() as client:
        return client.integrations.create_vapi_call(
            vapi_end_of_call_report_payload={"type": "end-of-call-report", "call": {"id": "call-1"}}
        ).data.call_id

@pytest.mark.parametrize("number", range(8))
def test_upload(number, roark_mock):
    assert not roark_mock.uploads
    print("ID", number, upload(), roark_mock.url)
    assert len(roark_mock.uploads) == 1

def test_without_the_mock():
    assert "ROARK_BASE_URL" not in os.environ
"""


OUR_PLUGINS = ("anyio", "hypothesispytest", "schemathesis")


def suite(folder: Path, *words: str, text: str = SUITE, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a suite of somebody else's, who has none of our other plugins, in a folder of its own."""
    (folder / "test_suite.py").write_text(text, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ROARK_", "PYTEST_"))}
    without = [word for name in ("cacheprovider", *OUR_PLUGINS) for word in ("-p", f"no:{name}")]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", *without, *words],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.whole_run
def test_suite_repeats_its_ids(tmp_path: Path) -> None:
    """Each test has ids of its own, and the same in every run."""
    first, second = suite(tmp_path), suite(tmp_path)
    assert (first.returncode, second.returncode) == (0, 0), first.stdout + first.stderr
    ids = [re.findall(r"ID (\d) (\S+)", each.stdout) for each in (first, second)]
    assert ids[0] == ids[1]
    assert len({name for _, name in ids[0]}) == 8


FAULTS_LEFT = """
import httpx
import pytest

def request(roark_mock):
    return httpx.post(roark_mock.url + "/v1/vapi/call", trust_env=False).status_code

def test_left(roark_mock):
    roark_mock.fail_next(503, times=3)
    roark_mock.delay_next(0.5, operation="createCallAnalysis")
    assert request(roark_mock) == 503

def test_met(roark_mock):
    roark_mock.fail_next(503, times=2)
    assert [request(roark_mock) for _ in range(3)] == [503, 503, 401]

def test_met_by_another_fixture(uploading):
    pass

@pytest.fixture
def uploading(roark_mock):
    roark_mock.fail_next(503)
    yield
    assert request(roark_mock) == 503

def test_forgotten(roark_mock):
    roark_mock.fail_next(503)
    roark_mock.reset()

@pytest.mark.filterwarnings("ignore::roark_mock.FaultLeftWarning")
def test_meant(roark_mock):
    roark_mock.fail_next(503, times=99)

def test_failed(roark_mock):
    roark_mock.fail_next(503)
    assert not "reached"

def test_skipped(roark_mock):
    roark_mock.fail_next(503)
    pytest.skip("no time")

@pytest.mark.xfail(strict=True)
def test_expected_to_fail(roark_mock):
    roark_mock.fail_next(503)
    assert not "reached"

def test_whose_setup_failed(roark_mock, broken):
    pass

@pytest.fixture
def broken(roark_mock):
    roark_mock.fail_next(503)
    assert not "made"
"""


def test_fault_that_is_left_is_told_of_a_test_that_passed(tmp_path: Path) -> None:
    """A fault that no request met is a warning of its test, unless that test forgot it or has not passed anyway."""
    done = suite(tmp_path, text=FAULTS_LEFT)
    outcomes = set(re.findall(r"^(?:ERROR|FAILED) \S+::(\w+)", done.stdout, re.MULTILINE))
    assert outcomes == {"test_left", "test_failed", "test_whose_setup_failed"}, done.stdout
    assert "1 failed, 5 passed, 1 skipped, 1 xfailed, 2 errors" in done.stdout, done.stdout
    assert set(re.findall(r"FaultLeftWarning: (.*?)\. What was", done.stdout)) == {
        "fail_next(503): 2 of 3 requests never came; delay_next(0.5): 1 of 1 requests to createCallAnalysis never came"
    }


def test_fault_that_is_left_where_a_run_is_broken_off_is_not_told(tmp_path: Path) -> None:
    """A test that did not come to its end, as by Ctrl-C, has no fault too many."""
    text = """
import pytest

def test_broken_off(roark_mock):
    roark_mock.fail_next(503)
    pytest.exit("enough")
"""
    done = suite(tmp_path, text=text)
    assert "_pytest.outcomes.Exit: enough" in done.stdout, done.stdout + done.stderr
    assert "FaultLeftWarning" not in done.stdout + done.stderr


@pytest.mark.whole_run
def test_suite_runs_in_parallel(tmp_path: Path) -> None:
    """Under xdist each process has a server of its own, and one process one server for all its tests."""
    done = suite(tmp_path, "-n", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout
    assert 1 <= len(set(re.findall(r"http://\S+", done.stdout))) <= 3


@pytest.mark.whole_run
def test_plugin_is_silent_until_asked(tmp_path: Path) -> None:
    """Without the extra a suite runs as if there were no plugin; a test that asks for it is told what is missing."""
    for module in ("starlette", "msgspec", "uvicorn"):
        blocked = tmp_path / module
        blocked.mkdir()
        (blocked / f"{module}.py").write_text(f"raise ModuleNotFoundError(name={module!r})", encoding="utf-8")
        path = os.pathsep.join([str(blocked), os.environ.get("PYTHONPATH", "")])
        done = suite(tmp_path, "-k", "without", PYTHONPATH=path)
        assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr
        done = suite(tmp_path, "-k", "upload and 0", PYTHONPATH=path)
        assert done.returncode == 1
        assert f'the fixture roark_mock needs {module}; install it: pip install "roark-client[mock]"' in done.stdout


def test_plugin_imports_nothing_by_itself(tmp_path: Path) -> None:
    """A suite that does not ask for the mock does not pay for it."""
    text = """
import sys

def test_nothing_is_imported():
    assert "roark_mock.pytest_plugin" in sys.modules
    assert not {"starlette", "uvicorn", "msgspec", "httpx", "roark_client"} & set(sys.modules)
"""
    done = suite(tmp_path, text=text)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.whole_run
def test_nothing_is_left_behind(tmp_path: Path) -> None:
    """After the last test the server is gone, with its thread, its port and what it set in the environment."""
    text = (
        SUITE
        + """

@pytest.fixture(scope="session", autouse=True)
def nothing_is_left():
    before = dict(os.environ)
    yield
    del before["PYTEST_CURRENT_TEST"]
    assert {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"} == before
"""
    )
    plugin = tmp_path / "last.py"
    plugin.write_text(
        "import threading\n\n"
        "def pytest_unconfigure():\n"
        "    print('LEFT', [each.name for each in threading.enumerate()])\n",
        encoding="utf-8",
    )
    done = suite(
        tmp_path, "-p", "last", text=text, PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "LEFT ['MainThread']" in done.stdout
    url = re.findall(r"http://\S+", done.stdout)[0]
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


# --- Other people's clients ---------------------------------------------------------------------------

VENDORS_CALLS = {
    "1.44.0": """
reply = client.call_analysis.create(
    recording_url="https://example.com/recording.wav",
    started_at="2025-02-11T01:04:32.737Z",
    interface_type="PHONE",
    call_direction="INBOUND",
    participants=[{"role": "AGENT", "spoke_first": True}, {"role": "CUSTOMER", "phone_number": "+1234567890"}],
)
print(reply.data.status, reply.data.call.participants[1].phone_number)
""",
    "2.0.0": """
reply = client.integrations.create_vapi_call(
    vapi_end_of_call_report_payload={"type": "end-of-call-report", "call": {"id": "call-1"}},
    properties={"business_id": "b-17"},
)
print("upload", bool(reply.data.call_id))
""",
}
VENDORS_WORDS = {"1.44.0": "PENDING +1234567890\n", "2.0.0": "upload True\n"}


@pytest.mark.whole_run
@pytest.mark.parametrize("version", VENDORS_CALLS)
def test_vendors_own_sdk_uploads_unchanged(version: str, roark_mock: RoarkMock) -> None:
    """The vendor's SDK, configured by the environment alone, uploads to the mock and reads its reply."""
    folder = install(version)
    opening = f"import sys; sys.path.insert(0, {str(folder)!r})\nfrom roark_analytics import Roark\nclient = Roark()\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", opening + VENDORS_CALLS[version]],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, VENDORS_WORDS[version]), done.stderr
    assert len(roark_mock.uploads) == 1
