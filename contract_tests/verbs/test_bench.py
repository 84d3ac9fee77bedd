"""`scripts/bench`: what an upload and an import cost, measured and shown; never asserted."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.subject import ROOT
from scripts.benchmark import __main__ as bench
from scripts.benchmark import environments, generations, measure
from scripts.benchmark.report import Row, table


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.whole_run
def test_a_quick_run_measures_and_leaves_nothing_behind() -> None:
    """--quick needs no registry, prints one aligned table without colours or progress, and ends its processes."""
    with subprocess.Popen(
        [ROOT / "scripts/bench", "--quick"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        said, complained = process.communicate()
    assert (process.returncode, complained) == (0, "")
    header, *rows = said.splitlines()
    assert header.split() == ["what", "ours", "other", "result", "goal"]
    of_all = (
        "httpx.Client.post",
        "plain generated code",
        "2 operations",
        "50 operations",
        "report of changes",
        "Postgres",
    )
    for what in of_all:
        assert any(what in row for row in rows), f"no row about {what}"
    assert "roark-analytics" not in said
    assert "\033" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_what_cannot_be_measured_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it cannot measure, scripts/bench exits 2 and says why in one line."""
    monkeypatch.setattr(bench, "SPEC", tmp_path / "openapi.yaml")
    assert bench.main(["--quick"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"error: {tmp_path / 'openapi.yaml'}: cannot be read: No such file or directory\n"


def test_a_process_that_fails_is_named(tmp_path: Path) -> None:
    """A client that cannot run is what could not be measured, with the last line that it said."""
    (tmp_path / "client.py").write_text("import no_such_module\n", encoding="utf-8")
    with pytest.raises(measure.MeasurementError, match="no_such_module"):
        measure.uploads({"one": [sys.executable, tmp_path / "client.py"]}, 1, 1, lambda _: None)


def test_a_generator_that_fails_is_named() -> None:
    """A command that fails is what could not be measured, with the last line that it said."""
    with pytest.raises(measure.MeasurementError, match="no_such_module"):
        measure.output_of(sys.executable, "-c", "import no_such_module")


def test_cpu_is_that_of_the_work() -> None:
    """What processes spent before some work is not counted as that of the work."""
    measure.output_of(sys.executable, "-c", "sum(range(10**6))")
    assert measure.cpu_of(lambda: None) == 0


def test_what_the_plain_generator_refuses_is_told(tmp_path: Path) -> None:
    """Where the plain generator leaves operations out, the row says how many; else it says nothing."""
    for name in ("api/calls/__init__.py", "api/calls/create.py", "api/calls/list.py", "models/call.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert generations.left_out(tmp_path, 2) == ""
    assert generations.left_out(tmp_path, 5) == " (which leaves out 3)"


def test_without_a_registry_the_vendor_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the vendor's SDK cannot be fetched, the reason is given in the place of its environment."""
    monkeypatch.setattr(environments, "CACHE", tmp_path)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    reason = environments.vendors()
    assert isinstance(reason, str)
    assert reason.startswith("it could not be fetched: ")
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_missed_goal_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal is reached or not reached; a row without a goal is neither; NO_COLOR takes the colours away."""
    rows = [
        Row("one", "1", "2", "0.5", 0.5, goal=0.9, goal_shown="≤ 0.9"),
        Row("two", "2", "2", "1.0", 1.0, goal=0.9, goal_shown="≤ 0.9"),
        Row("three", "3", "2", "1.5", 1.5),
    ]
    _, one, two, three = table(rows, io.StringIO()).splitlines()
    assert one.endswith("  reached")
    assert two.endswith("  not reached")
    assert three.endswith("1.5")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033[32mreached" in table(rows, Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in table(rows, Terminal())
