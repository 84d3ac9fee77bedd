"""Measuring CPU time in turn: what runs one after the other in each round meets the same machine."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from scripts.benchmark.environments import ROOT, Environment

HERE = Path(__file__).resolve().parent

Commands = dict[str, list[str | Path]]
Rounds = dict[str, list[float]]
Progress = Callable[[str], None]


class MeasurementError(Exception):
    """Something could not be measured. The message says what, and what it said itself."""


@contextmanager
def process(*command: str | Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that answers each line on its standard input with one line; ended with the block."""
    with subprocess.Popen(
        [str(each) for each in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def answer(running: "subprocess.Popen[str]", question: str = "") -> str:
    """The next line that a process says, after one was said to it. Raises `MeasurementError` where it says none."""
    assert running.stdin is not None  # noqa: S101 - tells type checkers
    assert running.stdout is not None  # noqa: S101
    assert running.stderr is not None  # noqa: S101
    try:
        if question:
            running.stdin.write(f"{question}\n")
            running.stdin.flush()
        line = running.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        said = running.stderr.read().strip().splitlines() or ["it said nothing"]
        raise MeasurementError(said[-1])
    return line.strip()


def memory(process_id: int, field: str = "VmRSS") -> float:
    """Megabytes that a process holds now, or has held at most (`VmHWM`); 0 once it has ended."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii", errors="replace")
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{field}:")), 0) / 1000


@contextmanager
def answering(reply: Path) -> Iterator[str]:
    """The URL of a server that answers each upload with a file."""
    with process(sys.executable, HERE / "server.py", reply) as server:
        yield f"http://127.0.0.1:{answer(server)}"


def uploading(clients: Mapping[str, Environment], url: str, body: Path) -> Commands:
    """What runs each client, each in its environment, to upload what a file says."""
    return {
        name: [each.python, "-I", HERE / "uploads.py", name, url, "test-token", body] for name, each in clients.items()
    }


def uploads(commands: Commands, rounds: int, count: int, progress: Progress, what: str = "uploads") -> Rounds:
    """Seconds of CPU of one upload, by client and round. Each client is a process that runs all the time."""
    found: Rounds = {name: [] for name in commands}
    with ExitStack() as stack:
        running = {name: stack.enter_context(process(*command)) for name, command in commands.items()}
        for each in running.values():
            answer(each, str(count))  # warms up
        for number in range(rounds):
            progress(f"{what}, round {number + 1} of {rounds}")
            for name, each in running.items():
                found[name].append(float(answer(each, str(count))) / count)
    return found


def imports(python: Path, statements: Mapping[str, str], rounds: int, progress: Progress) -> Rounds:
    """Seconds of CPU of a fresh interpreter that runs each statement, by its name and round."""
    found: Rounds = {name: [] for name in statements}
    for number in range(rounds + 1):
        progress(f"imports, round {number} of {rounds}")
        for name, statement in statements.items():
            code = f"{statement}; import time; print(time.process_time())"
            done = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise MeasurementError(f"{statement!r}: {done.stderr.strip().splitlines()[-1]}")
            if number > 0:  # the first compiles
                found[name].append(float(done.stdout))
    return found


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of CPU of the processes that are started and end during some work, and of what these start."""
    before = _cpu_of_children()
    work()
    return _cpu_of_children() - before


def output_of(*command: str | Path, **environment: str) -> str:
    """What a command prints. Raises `MeasurementError` where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise MeasurementError(said[-1])
    return done.stdout


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ratio(one: list[float], other: list[float]) -> float:
    """The median of the rounds' ratios."""
    return median(a / b for a, b in zip(one, other, strict=True))


def difference(one: list[float], other: list[float]) -> float:
    """The median of the rounds' differences."""
    return median(a - b for a, b in zip(one, other, strict=True))
