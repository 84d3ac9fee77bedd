"""`roark-mock` serves, and tells in a line what keeps it from serving."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest
from roark_mock.__main__ import main

from contract_tests.mock.documented import DOCUMENTED, PATHS, VAPI_CALL
from contract_tests.mock.exchanges import PATIENCE, is_listening, unanswered

COMMAND = [sys.executable, "-m", "roark_mock"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """The command, the line it has printed and the URL in it; ended at exit if it still runs."""
    pipe = subprocess.PIPE
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with subprocess.Popen([*COMMAND, *arguments], env=buffered, stdout=pipe, stderr=pipe, text=True) as process:
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            url = re.search(r"http://\S+:\d+", line)
            assert url is not None
            yield process, line, url[0]
        finally:
            guard.cancel()
            process.kill()


def failing(*arguments: str, **environment: str) -> str:
    """The one line that the command prints on stderr when it exits with 2."""
    ended = subprocess.run(
        [*COMMAND, *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"error: .+\n", ended.stderr)
    return ended.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped(stop: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end the command at once and quietly, whoever is connected and whatever they wait for."""
    with running("--port", "0") as (process, line, url), unanswered(url) as waiting:
        assert line == f"Roark mock server on {url}, stop it with Ctrl-C\n"
        process.send_signal(stop)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0
        assert waiting.recv(1024) == b""


def test_the_command_never_prints_the_token() -> None:
    """Neither start nor requests, let in or not, make the command print its token or a log of requests."""
    with running("--port", "0", "--token", "s3cret") as (process, line, url):
        for token, status in (("s3cret", 200), ("wrong", 401)):
            headers = {"Authorization": f"Bearer {token}"}
            response = httpx.post(url + VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
            assert response.status_code == status
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
    assert "s3cret" not in line
    assert (out, err) == ("", "")


def test_a_log_of_requests_names_no_secret() -> None:
    """--log tells each request in a line: no query, no header, no control character, and the token nowhere."""
    with running("--port", "0", "--token", "s3cret", "--log") as (process, _, url):
        for path in (VAPI_CALL, "/s3cret/%0A%1B[31m?token=s3cret"):
            headers = {"Authorization": "Bearer s3cret"}
            httpx.post(url + path, json=DOCUMENTED[VAPI_CALL], headers=headers, trust_env=False)
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
    assert out == ""
    first, second = err.splitlines()
    assert re.fullmatch(r"POST /v1/vapi/call 200 \d+\.\d ms", first)
    assert re.fullmatch(r"POST /\[token\]/\?\?\[31m 404 \d+\.\d ms", second)


def test_a_seed_repeats_a_whole_run() -> None:
    """With --seed the same requests get the same replies, byte for byte; without it no id comes again."""
    replies = []
    for seed in (["--seed", "a"], ["--seed", "a"], ["--seed", "b"], []):
        with running("--port", "0", *seed) as (_, _, url):
            headers = {"Authorization": "Bearer test-token"}
            said = [httpx.post(url + path, json=DOCUMENTED[path], headers=headers, trust_env=False) for path in PATHS]
            replies.append([each.content for each in said])
    assert replies[0] == replies[1]
    assert replies[1] != replies[2] != replies[3]


def test_the_command_listens_where_it_is_told() -> None:
    """Host and port are what the arguments say."""
    with closing(socket.create_server(("127.0.0.1", 0))) as placeholder:
        port = placeholder.getsockname()[1]
    with running("--host", "localhost", "--port", str(port)) as (_, _, url):
        assert url == f"http://127.0.0.1:{port}"
        assert is_listening(url)


def test_a_taken_port_is_told_in_one_line() -> None:
    """A port that is in use ends the command with what to do about it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        assert re.search(rf"port {port} on 127.0.0.1 is taken; .*--port", failing("--port", str(port)))


def test_a_privileged_port_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port that takes privileges ends the command with what to do about it."""

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("socket.create_server", deny)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("sys.argv", ["roark_mock", "--port", "80"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert re.fullmatch(r"error: port 80 on 127.0.0.1 takes privileges .* --port\n", capsys.readouterr().err)


@pytest.mark.parametrize("host", ["", "ä..b", "a" * 64, "192.0.2.1", "::g"])
def test_a_bad_host_is_told_in_one_line(host: str) -> None:
    """A host that is no address of this machine ends the command with what to do about it."""
    message = failing("--host", host, "--port", "0")
    assert repr(host) in message
    assert "--host" in message


@pytest.mark.parametrize(
    ("arguments", "culprit"),
    [
        (["--port", "65536"], "--port"),
        (["--port", "-1"], "--port"),
        (["--port", "http"], "--port"),
        (["--port", "9" * 5000], "--port"),
        (["--port"], "--port"),
        (["--token", ""], "--token"),
        (["--token", "two words"], "--token"),
        (["--verbose"], "--verbose"),
        (["here"], "here"),
    ],
)
def test_bad_arguments_are_told_in_one_line(arguments: list[str], culprit: str) -> None:
    """Arguments that make no sense end the command with the name of the culprit."""
    assert culprit in failing(*arguments)


@pytest.mark.parametrize("module", ["starlette", "msgspec", "uvicorn"])
def test_a_missing_dependency_is_told_in_one_line(tmp_path: Path, module: str) -> None:
    """Without the extra's dependencies the command says how to install them."""
    (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError(name={module!r})")
    message = failing(PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    assert module in message
    assert 'pip install "roark-client[mock]"' in message
