"""What the mock costs beside Prism, with the same contract and the same bodies."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from scripts.benchmark import environments, measure
from scripts.benchmark.report import Row

SPEC = environments.ROOT / "openapi.yaml"

PRISM = "@stoplight/prism-cli@5.14.2"
FETCH_SECONDS = 300
START_SECONDS = 60

TIMES_THE_REQUESTS = 8
OF_ITS_START = 1 / 5
OF_ITS_MEMORY = 1 / 2

CONNECTIONS = 16
SIZES = {"1 kB": 1_000, "10 kB": 10_000, "100 kB": 100_000, "1 MB": 1_000_000, "5 MB": 5_000_000}

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


@dataclass(frozen=True)
class Running:
    """A server that answers, and how many seconds it took to."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds: float


def rows(sample: Mapping[str, Any], place: Path, quick: bool, progress: measure.Progress) -> list[Row]:
    """Requests a second, start, memory and latency of the mock, over those of Prism where that can be had."""
    commands: measure.Commands = {"ours": [sys.executable, "-P", "-m", "roark_mock", "--port"]}
    if not quick:
        other = _prism()
        if isinstance(other, str):
            progress("")
            sys.stderr.write(f"{PRISM} is left out: {other}\n")
        else:
            commands["other"] = other
    for name, size in SIZES.items():
        (place / name).write_bytes(_request(sample, size))
    rounds, seconds = (1, 0.2) if quick else (7, 2.0)
    starts = _starts(commands, place / "1 kB", rounds, progress)
    over = f", over {PRISM}" if "other" in commands else ""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(_running(each, place / "1 kB")) for name, each in commands.items()}
        rates, _ = _load(servers, place / "1 kB", CONNECTIONS, rounds, seconds, progress)
        found = [
            _row(f"mock, uploads of 1 kB a second on one core{over}", rates, "{:.0f}", at_least=TIMES_THE_REQUESTS),
            _row(f"mock, until it answers{over}", starts, "{:.2f} s", at_most=OF_ITS_START),
            _row(
                f"mock, memory after these uploads{over}",
                {name: [measure.memory(each.process.pid)] for name, each in servers.items()},
                "{:.0f} MB",
                at_most=OF_ITS_MEMORY,
            ),
        ]
        for name in SIZES:
            _, latencies = _load(servers, place / name, 1, min(rounds, 3), seconds, progress)
            found.append(_row(f"mock, 99th percentile of latency, {name}", latencies, "{:.1f} ms"))
    return [*found, _reset()]


def _prism() -> list[str | Path] | str:
    """The command of Prism up to its port, fetched once; or why there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "Node.js is not installed"
    folder = environments.CACHE / "prism"
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), PRISM]
    if reason := environments.fetched(folder, FETCH_SECONDS, install):
        return reason
    script = folder / "node_modules/@stoplight/prism-cli/dist/index.js"
    return [node, script, "mock", SPEC, "--verboseLevel", "silent", "--port"]


def _request(sample: Mapping[str, Any], size: int) -> bytes:
    """The documented upload with a body of about so many bytes, as it goes over the wire."""
    body = json.dumps({**sample, "endedReason": ""}).encode()
    body = json.dumps({**sample, "endedReason": "a" * (size - len(body))}).encode()
    head = (
        "POST /v1/call-analysis HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer test-token\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def _running(command: list[str | Path], request: Path) -> Iterator[Running]:
    """A server on a free port and a core of its own, once it has answered an upload."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    started = time.perf_counter()
    words = [*map(str, command), str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            os.sched_setaffinity(process.pid, {SERVER_CORE})
            while not _answers(port, request):
                if process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                    process.kill()
                    said = (process.stderr.read().decode() if process.stderr else "").strip().splitlines()
                    raise measure.MeasurementError(f"{words[0]} does not answer: {[*said, 'it said nothing'][0]}")
            yield Running(process, port, time.perf_counter() - started)
        finally:
            process.kill()


def _answers(port: int, request: Path) -> bool:
    """Whether an upload is accepted there; where nobody listens yet, after a moment."""
    try:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(request.read_bytes())
            reply = http.client.HTTPResponse(connection)
            reply.begin()
    except OSError:
        time.sleep(0.002)
        return False
    if reply.status != 200:
        raise measure.MeasurementError(f"a server answered {reply.status} to the documented upload")
    return True


def _starts(commands: measure.Commands, request: Path, rounds: int, progress: measure.Progress) -> measure.Rounds:
    found: measure.Rounds = {name: [] for name in commands}
    for number in range(rounds):
        progress(f"starts of the mock, round {number + 1} of {rounds}")
        for name, command in commands.items():
            with _running(command, request) as server:
                found[name].append(server.seconds)
    return found


def _load(
    servers: Mapping[str, Running],
    request: Path,
    connections: int,
    rounds: int,
    seconds: float,
    progress: measure.Progress,
) -> tuple[measure.Rounds, measure.Rounds]:
    """Replies a second, and the 99th percentile of latency in milliseconds, by server and round."""
    rates: measure.Rounds = {name: [] for name in servers}
    latencies: measure.Rounds = {name: [] for name in servers}
    with ExitStack() as stack:
        loads = {}
        for name, server in servers.items():
            words: list[str | Path] = ["-I", measure.HERE / "load.py", str(server.port), str(connections), request]
            loads[name] = stack.enter_context(measure.process(sys.executable, *words))
            os.sched_setaffinity(loads[name].pid, {LOAD_CORE})
            measure.answer(loads[name], str(seconds / 2))  # warms up
        for number in range(rounds):
            progress(f"uploads to the mock, {request.name}, round {number + 1} of {rounds}")
            for name, each in loads.items():
                rate, latency = map(float, measure.answer(each, str(seconds)).split())
                rates[name].append(rate)
                latencies[name].append(latency * 1e3)
    return rates, latencies


def _row(
    what: str, found: measure.Rounds, unit: str, *, at_least: float | None = None, at_most: float | None = None
) -> Row:
    """Ours beside the other's; a goal is about ours over the other's."""
    ours = unit.format(median(found["ours"]))
    if "other" not in found:
        return Row(what, ours, "", "", 0.0)
    value = measure.ratio(found["ours"], found["other"])
    other, shown = unit.format(median(found["other"])), f"{value:.2f}"
    if at_least is not None:
        return Row(what, ours, other, shown, -value, -at_least, f"≥ {at_least}")
    return Row(what, ours, other, shown, value, at_most, f"≤ 1/{1 / at_most:.0f}" if at_most else "")


def _reset() -> Row:
    """How long the fixture takes to be as new for the next test."""
    from roark_mock import RoarkMock

    seconds = []
    with RoarkMock() as server:
        for _ in range(200):
            started = time.perf_counter()
            server.reset("seed")
            seconds.append(time.perf_counter() - started)
    value = median(seconds) * 1e3
    return Row("mock, made as new for the next test", f"{value:.2f} ms", "", "", value, 10.0, "< 10 ms")
