"""The caller's own code around a call - transports, hooks, processes, event loops - loses and doubles no upload."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from roark_client import APIConnectionError, APIError, AsyncRoark, AuthenticatedClient, Delivery, Roark, RoarkError
from roark_mock import MockServer

from contract_tests.client.samples import REPORT, UPLOAD


def send(client: Roark) -> Any:
    """One Vapi upload."""
    return client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def failing(hook: Callable[[httpx.Response], None], mock: MockServer) -> APIError:
    """The error of an upload that the mock accepts and a response hook of the caller's then fails."""
    with httpx.Client(event_hooks={"response": [hook]}) as http_client:
        client = Roark(bearer_token=mock.token, base_url=mock.url, http_client=http_client, retry_unknown=True)
        with pytest.raises(APIError) as raised:
            send(client)
    return raised.value


def translated(request: httpx.Request) -> httpx.Response:
    """A transport on another library, which sends the content and then translates a reset to a connect error."""
    assert request.content
    try:
        raise ConnectionResetError("Server disconnected")
    except ConnectionResetError as error:
        raise httpx.ConnectTimeout("Server disconnected", request=request) from error


def test_translated_connect_error_proves_nothing() -> None:
    """A connect error that another library was translated to may follow a whole upload: it is not sent again."""
    with httpx.Client(transport=httpx.MockTransport(translated)) as http_client:
        client = Roark(bearer_token="test-token", base_url="https://api.test", http_client=http_client)
        with pytest.raises(APIConnectionError) as raised:
            send(client)
    assert (raised.value.delivery, raised.value.attempts) == (Delivery.UNKNOWN, 1)


def test_status_of_another_request_is_not_ours() -> None:
    """A hook's own request that is refused with 429 does not make an accepted upload one that is sent again."""

    def audit(_: httpx.Response) -> None:
        request = httpx.Request("POST", "https://audit.test")
        httpx.Response(429, headers={"Retry-After": "0"}, request=request).raise_for_status()

    with MockServer() as mock:
        error = failing(audit, mock)
        assert len(mock.uploads) == 1
    assert (error.delivery, error.attempts, error.status_code) == (Delivery.UNKNOWN, 1, None)


@pytest.mark.parametrize("error", [ValueError("bad hook"), httpx.ConnectError("audit is down"), KeyError("x")])
def test_failing_hook_sends_nothing_again(error: Exception) -> None:
    """What a hook raises after an accepted upload, and be it a connect error of its own, sends nothing again."""

    def hook(_: httpx.Response) -> None:
        if isinstance(error, httpx.RequestError):
            error.request = httpx.Request("POST", "https://audit.test")
        raise error

    with MockServer() as mock:
        raised = failing(hook, mock)
        assert len(mock.uploads) == 1
    assert (raised.delivery, raised.attempts) == (Delivery.UNKNOWN, 1)


def test_hook_that_uses_up_the_body_leaves_the_status() -> None:
    """A hook that reads the stream and raises for the status leaves an error with that status."""

    def hook(response: httpx.Response) -> None:
        for _ in response.iter_bytes():
            pass
        response.raise_for_status()

    with (
        MockServer() as mock,
        httpx.Client(event_hooks={"response": [hook]}, headers={"Prefer": "code=400"}) as http_client,
        Roark(bearer_token=mock.token, base_url=mock.url, http_client=http_client) as client,
        pytest.raises(APIError) as raised,
    ):
        send(client)
    assert (raised.value.status_code, raised.value.delivery) == (400, Delivery.NOT_DELIVERED)


def test_exception_that_the_caller_handles_stays_whole() -> None:
    """A call that fails inside an except block leaves the exception that is being handled as it is."""
    mine = ValueError("mine, with secret-token-1")
    with MockServer(token="secret-token-1") as mock:
        client = Roark(bearer_token=mock.token, base_url="http://127.0.0.1:9", max_retries=0, timeout=5)
        try:
            raise mine
        except ValueError:
            with pytest.raises(APIConnectionError):
                send(client)
        client.close()
    assert mine.__traceback__ is not None
    assert mine.args == ("mine, with secret-token-1",)


BODIES: dict[str, tuple[str, str]] = {
    "a number beyond all bounds": ('{"data": {"callId": "c", "n": 1e99999999999999999999}}', "digits"),
    "a number of more digits than Python writes": ('{"data": {"callId": "c", "n": 1e5000}}', "digits"),
    "very many faults": ('{"data": {"callId": 5}, "callId": [' + "1," * 50_000 + "1]}", "/data/callId"),
}


@pytest.mark.parametrize("name", BODIES)
def test_hostile_reply_ends_in_one_short_error(name: str) -> None:
    """A reply that is made to be hard to read ends in a short error of ours."""
    body, named = BODIES[name]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=body.encode(), headers={"Content-Type": "application/json"})

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client = Roark(bearer_token="test-token", base_url="https://api.test", http_client=http_client)
        with pytest.raises(APIError, match=named) as raised:
            send(client)
    assert raised.value.delivery is Delivery.DELIVERED
    assert len(str(raised.value)) < 5000


def test_many_violations_are_named_in_short() -> None:
    """An error's message names the first violations and counts the rest; the error has them all."""
    call = {"id": 1, "callDirection": 2, "isTest": 3, "startedAt": 4, "participants": [5] * 50_000}
    body = {"data": {"jobId": 6, "status": 7, "call": call}}

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=body)

    with httpx.Client(transport=httpx.MockTransport(answer)) as http_client:
        client = Roark(bearer_token="test-token", base_url="https://api.test", http_client=http_client)
        with pytest.raises(APIError, match="and 49986 more") as raised:
            client.call_analysis.create(**UPLOAD)
    assert len(getattr(raised.value, "violations", ())) == 50_006
    assert len(str(raised.value)) < 5000


FORKED = """
import os, sys
from roark_client import Roark
client = Roark(base_url=sys.argv[1], bearer_token="test-token")
report = {"type": "end-of-call-report", "call": {"id": "c"}}
send = lambda: client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report).data.call_id
found = {send()}
children = []
for _ in range(3):
    read, write = os.pipe()
    if os.fork() == 0:
        os.write(write, " ".join(send() for _ in range(20)).encode())
        os._exit(0)
    children.append(read)
for read in children:
    os.wait()
    found.update(os.read(read, 100_000).decode().split())
found.add(send())
print(len(found))
"""


@pytest.mark.whole_run
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_forked_processes_do_not_share_connections() -> None:
    """A client that was used before a fork makes connections of its own in each process: no reply goes astray."""
    with MockServer() as mock:
        run = subprocess.run(
            [sys.executable, "-c", FORKED, mock.url], capture_output=True, text=True, timeout=60, check=False
        )
        assert (run.stdout, run.stderr) == ("62\n", "")
        assert len(mock.uploads) == 62


def test_client_follows_from_one_event_loop_to_the_next() -> None:
    """A client that is used in one event loop after another works in each; in two at once it says what to do."""
    with MockServer() as mock:
        client = AsyncRoark(bearer_token=mock.token, base_url=mock.url)

        async def upload() -> str:
            reply = await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
            return reply.data.call_id

        assert len({asyncio.run(upload()) for _ in range(3)}) == 3

        async def while_another_runs() -> None:
            await upload()
            raised: list[BaseException] = []

            def other() -> None:
                try:
                    asyncio.run(upload())
                except RoarkError as error:
                    raised.append(error)

            thread = threading.Thread(target=other)
            thread.start()
            await asyncio.to_thread(thread.join)
            assert "one for each" in str(raised[0])
            await client.close()

        asyncio.run(while_another_runs())


@pytest.mark.whole_run
@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_client_needs_no_asserts(flag: str) -> None:
    """A call and a refusal work where Python strips asserts."""
    code = (
        "import sys; from roark_client import Roark; client = Roark(base_url=sys.argv[1], bearer_token='test-token')\n"
        "report = {'type': 'end-of-call-report', 'call': {'id': 'c'}}\n"
        "client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report)\n"
        "try: client.integrations.create_vapi_call(vapi_end_of_call_report_payload={'type': 1})\n"
        "except TypeError as error: print(error)"
    )
    with MockServer() as mock:
        run = subprocess.run(
            [sys.executable, flag, "-c", code, mock.url], capture_output=True, text=True, timeout=60, check=False
        )
    assert run.stdout.startswith("vapi_end_of_call_report_payload/type: expected a string"), run.stderr


def test_httpx_arguments_that_would_be_lost_are_refused() -> None:
    """What the lower layer's requests would not take from httpx's clients is refused by name."""
    with pytest.raises(TypeError, match="httpx_args: headers, params"):
        AuthenticatedClient("https://api.test", "t", httpx_args={"headers": {}, "params": {}})
