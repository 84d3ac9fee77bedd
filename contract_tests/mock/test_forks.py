"""A fork of the process that a mock runs in: it reaches the mock, and is told at once of what is not there."""

import subprocess
import sys

import pytest

PATIENCE = 120  # seconds; longer than what hangs in a fork lives

# What a fork does is said by what it prints; whatever hangs in it is ended by the alarm, and seen as that.
FORKING = """
import os
import signal
import sys
import threading
import warnings
import httpx
from roark_mock import MockServer

warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on a fork beside threads is told
UPLOAD = {"vapiEndOfCallReportPayload": {"type": "end-of-call-report", "call": {"id": "call-1"}}}

def upload(server):
    headers = {"Authorization": f"Bearer {server.token}"}
    return httpx.post(server.url + "/v1/vapi/call", json=UPLOAD, headers=headers, trust_env=False).status_code

def fork(child, *, leave=os._exit):
    process = os.fork()
    if process == 0:
        signal.alarm(60)
        child()
        sys.stdout.flush()
        leave(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
"""

HERE = "expected process %d, which this mock server runs in, got its fork "


def forked(text: str) -> subprocess.CompletedProcess[str]:
    """How a program of this text ends, which forks."""
    return subprocess.run(
        [sys.executable, "-c", FORKING + text], capture_output=True, text=True, timeout=PATIENCE, check=False
    )


ASKED = {
    "fail_next": "server.fail_next()",
    "delay_next": "server.delay_next(1)",
    "drop_next": "server.drop_next(recorded=True)",
    "drip_next": "server.drip_next(1)",
    "reply_next": "server.reply_next({})",
    "reset": "server.reset()",
    "enter": "server.__enter__()",
    "client": "server.client",
    "async_client": "server.async_client",
    "wait_for": "uploads.wait_for(1)",
    "wait_for_faults": "server.wait_for_faults()",
    "comparison": "uploads == []",
    "len": "len(uploads)",
    "iteration": "list(uploads)",
    "index": "uploads[0]",
    "dropped": "uploads.dropped",
    "an operation's": "calls.wait_for(1)",
    "an operation's length": "len(calls)",
    "skipped": "len(uploads.skipped)",
}


def test_fork_is_told_what_is_not_there() -> None:
    """In a fork all but URL and token raises at once, whatever was locked, and says in which process to ask."""
    done = forked(f"""
def child():
    for name, expression in {ASKED}.items():
        try:
            eval(expression, {{"server": server, "uploads": uploads, "calls": calls}})
        except RuntimeError as error:
            print(name, error, sep=": ")
    print(repr(uploads), repr(calls))

with MockServer() as server:
    uploads, calls = server.uploads, server.uploads.vapi_calls
    upload(server)
    print(os.getpid(), flush=True)
    with uploads._record.changed, uploads.skipped._record.changed, server._faults._changed:
        other = threading.Thread(target=fork, args=[child])
        other.start()
        other.join()
    assert len(uploads) == 1
""")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    process, *told, shown = done.stdout.splitlines()
    assert [line.partition(": ")[0] for line in told] == list(ASKED)
    assert all(HERE % int(process) in line and "only `url` and `token` are of use" in line for line in told), told
    assert shown == "<uploads in another process> <uploads of createVapiCall in another process>"


@pytest.mark.parametrize("leave", ["os._exit", "sys.exit"])
def test_fork_uploads_and_ends_and_the_server_lives_on(leave: str) -> None:
    """A fork reaches the server by its URL; when it ends, also through the block of the server, the server lives on."""
    done = forked(f"""
def child():
    server.__exit__(None, None, None)
    print(upload(server), repr(server.uploads))

with MockServer() as server:
    server.client
    server.fail_next(429, operation="createCallAnalysis")
    for _ in range(2):
        fork(child, leave={leave})
    print(upload(server), len(server.uploads.wait_for(3)))
    server.reset()
""")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.splitlines() == ["200 <uploads in another process>"] * 2 + ["200 3"]


def test_fork_has_servers_of_its_own() -> None:
    """What does not run when the fork is made is the fork's as well: a server to enter, and uploads that stayed."""
    done = forked("""
def child():
    with server:
        print(len(server.uploads), upload(server), len(server.uploads))

server = MockServer()
fork(child)
with server:
    upload(server)
fork(child)
print(len(server.uploads))
""")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.splitlines() == ["0 200 1", "1 200 2", "1"]
