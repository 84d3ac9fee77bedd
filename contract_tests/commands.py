"""Verbs as people run them, each in a process of its own, forked from one that has imported what takes seconds."""

import io
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from contract_tests.subject import ROOT

SECONDS = 600  # after which a run hangs

OURS = ("contract_tests", "scripts", "roark_client", "roark_mock")  # what a checkout brings along

MAIN = "import sys\nfrom {} import main\nsys.exit(main())\n"

DRIFT = MAIN.format("contract_tests.drift.__main__")
PROVE = MAIN.format("contract_tests.mutations.__main__")
VENDOR = MAIN.format("contract_tests.vendor.__main__")
GENERATE = MAIN.format("scripts.verbs.generate")

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "anyio.pytest_plugin",
        "contract_tests.mutations.__main__",
        "contract_tests.conftest",
        "contract_tests.drift.__main__",
        "schemathesis.cli",
        "schemathesis.engine",
        "schemathesis.pytest.plugin",
        "schemathesis.specs.openapi.checks",
        "schemathesis.specs.openapi.schemas",
        "scripts.verbs.generate",
        "trio.testing",
        "werkzeug.test",
        "xdist.plugin",
    ]
)


def environment(checkout: Path, **variables: str) -> dict[str, str]:
    """An environment in which all parties are imported from a checkout, with these variables as well."""
    path = os.pathsep.join(str(checkout / name) for name in (".", "generated", "contract_tests/mock_server"))
    return {**without_git(os.environ), "PYTHONPATH": path, **variables}


def without_git(variables: Mapping[str, str]) -> dict[str, str]:
    """Variables without those by which git tells its hooks of another repository."""
    return {name: value for name, value in variables.items() if not name.startswith("GIT_")}


def command(code: str, *arguments: str) -> list[str]:
    """The same without a fork, for what is about the process itself."""
    return [sys.executable, "-P", "-c", code, *arguments]


def run(code: str, *arguments: str, checkout: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run code with arguments in a checkout, from which all parties are imported, to its end and without a terminal."""
    with tempfile.TemporaryDirectory(prefix="roark-command-") as place:
        printed = [Path(place, name) for name in ("stdout", "stderr")]
        environ = environment(checkout, **variables)
        process = PROCESSES.Process(target=_run, args=(code, arguments, checkout, environ, printed))
        try:
            with ThreadPoolExecutor() as apart:  # where Ctrl-C leaves no process behind that is not known yet
                apart.submit(process.start).result()
            process.join(SECONDS)
        finally:  # it hangs, or Ctrl-C ends the test
            if process.pid is not None and process.exitcode is None:
                _kill(process.pid)
                process.join()
        stdout, stderr = (path.read_text(encoding="utf-8") if path.exists() else "" for path in printed)
        assert process.exitcode is not None
        assert process.exitcode >= 0, f"{arguments} hung, or died by a signal: {stdout}{stderr}"
        return subprocess.CompletedProcess(list(arguments), process.exitcode, stdout, stderr)


def drift(*arguments: str, checkout: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/drift`."""
    return run(DRIFT, *arguments, checkout=checkout, **variables)


def succeed(*command: str, folder: Path, **environment: str) -> str:
    """What any command says in a folder that has to succeed there."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _kill(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has no group of its own yet
        os.kill(pid, signal.SIGKILL)


def _run(
    code: str,
    arguments: Sequence[str],
    checkout: Path,
    environ: Mapping[str, str],
    printed: Sequence[Path],
) -> None:
    os.setsid()  # so that all of it can be ended at once
    os.chdir(checkout)
    os.environ.clear()
    os.environ.update(environ)
    flags = os.O_WRONLY | os.O_CREAT
    for number, path in enumerate((Path(os.devnull), *printed)):
        opened = os.open(path, flags if number else os.O_RDONLY)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0)
    sys.argv = ["-c", *arguments]
    sys.path[:0] = environ["PYTHONPATH"].split(os.pathsep)
    if encoding := environ.get("PYTHONIOENCODING"):
        for stream in (sys.stdout, sys.stderr):
            assert isinstance(stream, io.TextIOWrapper)
            stream.reconfigure(encoding=encoding)
    for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
        del sys.modules[name]  # to be imported from the checkout
    exec(compile(code, "<command>", "exec"), {"__name__": "__main__"})  # noqa: S102 - our own words


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
