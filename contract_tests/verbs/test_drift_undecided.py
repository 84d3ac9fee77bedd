"""What keeps `scripts/drift` from deciding is exit code 2: wrong arguments, no server, a broken document, Ctrl-C."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from roark_mock import MockServer

from contract_tests.checkouts import copied_checkout
from contract_tests.commands import DRIFT, SECONDS, command, drift, environment, free_port
from contract_tests.mutations.bent_server import BentServer
from contract_tests.subject import ROOT

WELL_INTO_THE_PROOF = 20  # requests, of which the first ones are those that are announced


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--server", f"http://127.0.0.1:{free_port()}"], "no server answers at"),
        (["--server", "https://api.roark.ai"], "needs a token of its own"),
        (["--server", "http://127.0.0.1.example.com"], "is not this machine"),
        (["--server", "127.0.0.1:4010"], "expected http://HOST:PORT"),
        (["--server", "http://127.0.0.1:none"], "expected http://HOST:PORT"),
        (["--spec", "no/such/file.yaml"], "cannot be read"),
        (["--json", "no/such/folder/report.json"], "is not a folder"),
        (["--only", "test_of_nothing"], "NO_TESTS_COLLECTED"),
        (["--seed", "one"], "invalid int value"),
        (["--fail-on", "serious"], "expected one of breaks, loses, laxer, protocol, guess, got 'serious'"),
        (["--unknown"], "unrecognized arguments"),
    ],
)
def test_what_keeps_it_from_running_is_exit_code_2(arguments: list[str], reason: str) -> None:
    """Whatever keeps the run from starting is named on stderr, without a traceback, and is exit code 2."""
    run = drift(*arguments)
    assert run.returncode == 2, run.stdout + run.stderr
    assert reason in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("call-analysis.fields.txt", "isTest\nboolean", "isTest\nswitch"),
        ("call-analysis.request.ts", "callAnalysis.create(", "callAnalysis.make("),
        ("vapi-call.request.sh", "--url ", ""),
        ("vapi-call.reply.json", "}\n}", "}"),
    ],
)
def test_unreadable_document_is_exit_code_2(file: str, old: str, new: str, tmp_path: Path) -> None:
    """A document that is cut or says what is not understood is named; no part of it is passed over in silence."""
    checkout = copied_checkout(tmp_path)
    path = checkout / "contract_tests/documents" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    run = drift("--only", "test_documents_contract", checkout=checkout)
    assert run.returncode == 2, run.stdout + run.stderr
    assert f"documents/{file.split('.')[0]}.*: " in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.whole_run
def test_wrong_token_is_exit_code_2() -> None:
    """A running server that refuses the token is no drift: the run says what to give it."""
    with MockServer(token="right") as mock:
        run = drift("--server", mock.url, "--token", "wrong")
    assert run.returncode == 2
    assert "refuses the token (401)" in run.stderr


@pytest.mark.whole_run
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_is_exit_code_2(end: signal.Signals) -> None:
    """Ctrl-C, or who else ends the run, ends it with one line, and decides nothing."""
    arrived = threading.Semaphore(0)
    with BentServer(lambda _: arrived.release()) as server:
        process = subprocess.Popen(
            command(DRIFT, "--server", server.url),
            env=environment(ROOT),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(WELL_INTO_THE_PROOF):
            assert arrived.acquire(timeout=SECONDS)
        process.send_signal(end)
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 2, errors
    assert errors.splitlines()[-1] == "error: interrupted; nothing was decided", errors
    assert "Traceback" not in errors.partition("Exception ignored")[0]  # which Python itself says where it drops one


# Each step of the proof is interrupted, and the interrupt lost, as in a finalizer.
LOST = """
import os, signal, sys
from contract_tests.drift import __main__ as drift

def lose_an_interrupt(_):
    try:
        os.kill(os.getpid(), signal.SIGINT)
        signal.pause()
    except KeyboardInterrupt:
        pass

drift.progress = lose_an_interrupt
sys.exit(drift.main(["--only", "test_documents_contract", "--seed", "1"]))
"""

# Python remembers an interrupt that struck here, and ends a module run by -m by the signal.
WITHIN_EXEC = """
import sys
from scripts.terminal import refuse_interrupted

try:
    exec("raise KeyboardInterrupt")
except KeyboardInterrupt:
    sys.exit(refuse_interrupted("nothing was decided"))
"""

# What was at work when the interrupt struck warns when Python drops it, as old plugins of pytest do.
LEFT_AT_WORK = """
import sys, warnings
from scripts.terminal import refuse_interrupted

def at_work():
    try:
        yield
    finally:
        warnings.warn("it was at work")

left = at_work()
next(left)
sys.exit(refuse_interrupted("nothing was decided"))
"""


@pytest.mark.whole_run
@pytest.mark.parametrize("script", [LOST, WITHIN_EXEC, LEFT_AT_WORK], ids=["lost", "within exec", "left at work"])
def test_interrupt_is_heeded_wherever_it_strikes(script: str, tmp_path: Path) -> None:
    """Ctrl-C ends a verb with exit code 2 also where Python would drop it or end by the signal."""
    (tmp_path / "struck.py").write_text(script, encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path), environment(ROOT)["PYTHONPATH"]])
    run = subprocess.run(
        [sys.executable, "-P", "-m", "struck"],
        env=environment(ROOT, PYTHONPATH=paths),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stderr) == (2, "error: interrupted; nothing was decided\n")
