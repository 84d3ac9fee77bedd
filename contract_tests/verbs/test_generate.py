"""`scripts/generate`: the client is what the contract gives, whole or not at all, the same everywhere."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.subject import ROOT
from scripts.codegen import generator, output
from scripts.verbs import generation
from scripts.verbs.generate import main

pytestmark = pytest.mark.whole_run

CONTRACT = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
EVERYTHING_WRONG = ROOT / "contract_tests/contract/everything_wrong.yaml"

# What breaks a contract: what is replaced in ours, by what, and what the error must name.
BROKEN = {
    "no YAML": ("openapi: 3.1.0", "openapi: [3.1.0", ["is not valid YAML"]),
    "a tab": ("  title: Roark", "\ttitle: Roark", ["is not valid YAML"]),
    "a repeated key": (
        "  title: Roark",
        "  title: Roark\n  title: Roark",
        ["is not valid YAML", "duplicate key", ":13"],
    ),
    "a status without quotes": ("        '200':", "        200:", ["/responses/200", "put it in quotes"]),
    "an alias of itself": ("info:\n", "x-loop: &loop [*loop]\ninfo:\n", ["#/x-loop/0", "alias"]),
    "a reference to nothing": (
        "$ref: '#/components/schemas/CallDirection'",
        "$ref: '#/components/schemas/Direction'",
        ["/components/schemas/CallAnalysisRequest/properties/callDirection/$ref", "does not exist"],
    ),
    "a reference to another file": (
        "$ref: '#/components/schemas/CallDirection'",
        "$ref: 'other.yaml#/CallDirection'",
        ["/properties/callDirection/$ref", "inside this file"],
    ),
    "a type that is none": (
        "minItems: 2\n",
        "minItems: two\n",
        ["#/components/schemas/CallAnalysisRequest/properties/participants/minItems"],
    ),
    "a misspelt keyword": (
        "          type: string\n          format: uri\n        startedAt:",
        "          type: string\n          fromat: uri\n        startedAt:",
        ["#/components/schemas/CallAnalysisRequest/properties/recordingUrl/fromat", "did you mean format?"],
    ),
    "a keyword of OpenAPI 3.0": (
        "          type: string\n          format: uri\n        startedAt:",
        "          type: string\n          nullable: true\n        startedAt:",
        ["#/components/schemas/CallAnalysisRequest/properties/recordingUrl/nullable", "type: [string, 'null']"],
    ),
    "an operation without replies": ("      responses:\n", "      answers:\n", ["#/paths/~1v1~1call-analysis/post"]),
    "an operationId twice": ("createVapiCall", "createCallAnalysis", ["#/paths/~1v1~1vapi~1call/post", "not unique"]),
    "another version": ("openapi: 3.1.0", "openapi: 3.0.3", ["#/openapi", "expected OpenAPI 3.1"]),
    "two operations of one name": (
        "operationId: createVapiCall\n      tags: [Integrations]",
        "operationId: create_call_analysis\n      tags: [Call Analysis]",
        ["#/paths/~1v1~1vapi~1call/post", "create_call_analysis, as has POST /v1/call-analysis"],
    ),
    "a part that the generator skips": (
        "application/json:\n            schema:\n              $ref: '#/components/schemas/VapiCallRequest'",
        "multipart/form-data:\n            schema:\n              $ref: '#/components/schemas/VapiCallRequest'",
        ["#/paths/~1v1~1vapi~1call/post", "multipart/form-data"],
    ),
}


@pytest.fixture(autouse=True)
def nothing_to_compare_with(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare as outside git: contract_tests/compat is about what a change means, and to ask git takes a second."""
    monkeypatch.setattr(
        generation, "base", lambda *_, **__: generation.Base(generation.HEAD, reason="this is no git checkout")
    )


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client just written. Not to be changed."""
    folder = tmp_path_factory.mktemp("fresh") / "generated"
    assert main(["--output", str(folder)]) == 0
    return folder


@pytest.fixture
def generated(fresh: Path, tmp_path: Path) -> Path:
    """A copy of that client, to be changed at will."""
    return Path(shutil.copytree(fresh, tmp_path / "generated"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_fresh_client_is_not_stale(generated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A client just written is up to date, and writing it again leaves every file in place."""
    before = {path: path.stat().st_ino for path in generated.rglob("*")}
    assert main(["--check", "--output", str(generated)]) == 0
    assert main(["--output", str(generated)]) == 0
    assert {path: path.stat().st_ino for path in generated.rglob("*")} == before
    assert "is up to date" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "text", "state"),
    [
        ("roark_client/models/call.py", "class Call: ...\n", "changed (from #/components/schemas/Call)"),
        ("roark_client/api/integrations/create_vapi_call.py", "", "changed (from #/paths/~1v1~1vapi~1call/post)"),
        ("roark_client/client.py", "", "changed"),
        ("roark_client/py.typed", "partial\n", "changed"),
        ("roark_client/mine.py", "", "not generated"),
        ("notes.txt", "remember the milk\n", "not generated"),
        ("README.md", "# Generated, do not edit\nor do\n", "changed"),
    ],
)
def test_edited_or_dropped_file_is_stale(
    generated: Path, path: str, text: str, state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Any file that differs, wherever it lies, makes the client stale; --check names it and changes nothing."""
    (generated / path).write_text(text, encoding="utf-8")
    before = contents(generated)
    assert main(["--check", "--output", str(generated)]) == 1
    assert f"\n{path}: {state}\n" in capsys.readouterr().out
    assert contents(generated) == before


def test_link_is_stale(generated: Path, fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is a link to one of the same content is none that was generated, and is restored."""
    module = generated / "roark_client/types.py"
    module.unlink()
    module.symlink_to(fresh / "roark_client/types.py")
    assert main(["--check", "--output", str(generated)]) == 1
    assert "roark_client/types.py: changed" in capsys.readouterr().out
    assert main(["--output", str(generated)]) == 0
    assert not module.is_symlink()
    assert contents(generated) == contents(fresh)


def test_missing_file_is_stale_and_restored(generated: Path, fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A deleted file makes the client stale, and writing brings back exactly what was there."""
    (generated / "roark_client/types.py").unlink()
    assert main(["--check", "--output", str(generated)]) == 1
    assert "roark_client/types.py: missing" in capsys.readouterr().out
    assert main(["--output", str(generated)]) == 0
    assert contents(generated) == contents(fresh)


def test_bytecode_is_not_stale(generated: Path) -> None:
    """What Python itself leaves beside the modules does not count."""
    cache = generated / "roark_client/__pycache__"
    cache.mkdir()
    (cache / "client.cpython-311.pyc").write_bytes(b"\0")
    assert main(["--check", "--output", str(generated)]) == 0


def test_changed_contract_makes_the_client_stale(
    generated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed contract is seen, and the short diff shows the changed name."""
    spec = tmp_path / "openapi.yaml"
    spec.write_text(CONTRACT.replace("enum: [PENDING,", "enum: [QUEUED, PENDING,"), encoding="utf-8")
    assert main(["--check", "--spec", str(spec), "--output", str(generated)]) == 1
    shown = capsys.readouterr().out
    assert (
        "roark_client/models/call_analysis_job_status.py: changed (from #/components/schemas/CallAnalysisJobStatus)"
        in shown
    )
    assert '+    QUEUED = "QUEUED"' in shown


def test_bytes_depend_on_the_contract_alone(fresh: Path, tmp_path: Path) -> None:
    """Another folder with its own linter configuration, home, locale and hash seed gives the same bytes."""
    (tmp_path / "pyproject.toml").write_text(
        '[tool.ruff]\nline-length = 40\n[tool.ruff.format]\nquote-style = "single"\n'
    )
    hostile = {
        **os.environ,
        "HOME": str(tmp_path),
        "LC_ALL": "C",
        "TZ": "Asia/Kathmandu",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": str(ROOT),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    command = [sys.executable, "-P", "-m", "scripts.verbs.generate", "--output", "here/generated"]
    subprocess.run(command, cwd=tmp_path, env=hostile, check=True, capture_output=True)
    assert contents(tmp_path / "here/generated") == contents(fresh)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "pyproject.toml"], "something was left behind"


@pytest.mark.parametrize("name", BROKEN)
def test_broken_contract_changes_nothing(
    name: str, generated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A contract that cannot be used, or only in part, is exit code 2 with line and pointer; the client stays."""
    old, new, named = BROKEN[name]
    assert old in CONTRACT, "the contract has changed; this case breaks nothing any more"
    spec = tmp_path / "openapi.yaml"
    spec.write_text(CONTRACT.replace(old, new, 1), encoding="utf-8")
    before = contents(generated)
    for arguments in (["--check"], []):
        assert main([*arguments, "--spec", str(spec), "--output", str(generated)]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith(f"error: {spec}:"), "the line is missing"
        for part in named:
            assert part in captured.err
        assert contents(generated) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["generated", "openapi.yaml"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read"),
        (b"", "expected a mapping"),
        (b"- a\n- b\n", "expected a mapping"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"a: \x00", "is not valid YAML"),
        (b"openapi: 3.1.0\n", "has neither paths nor webhooks"),
        (b"openapi: 3.1.0\npaths: {}\n", "info"),
    ],
)
def test_file_that_is_no_contract(
    content: bytes | None, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is missing or no contract at all is one clear error."""
    spec = tmp_path / "openapi.yaml"
    if content is not None:
        spec.write_bytes(content)
    assert main(["--spec", str(spec), "--output", str(tmp_path / "generated")]) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "generated").exists()


@pytest.mark.parametrize("option", ["--check", "--json=report.json", "--markdown=report.md", "--fail-on=breaking"])
def test_watch_stands_alone(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What asks for one report or one exit code cannot be asked of a run without an end."""
    assert main(["--watch", option]) == 2
    assert capsys.readouterr().err.startswith("error: --watch prints what each save means, and nothing else")


def test_all_faults_are_told_in_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A contract with many faults is one error, a line for each, in the order of the file."""
    assert main(["--spec", str(EVERYTHING_WRONG), "--output", str(tmp_path / "generated")]) == 2
    told = capsys.readouterr().err.removeprefix("error: ").splitlines()
    assert len(told) > 40
    numbers = [int(line.removeprefix(f"{EVERYTHING_WRONG}:").split(":")[0]) for line in told]
    assert numbers == sorted(numbers)
    assert not (tmp_path / "generated").exists()


def test_foreign_folder_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that scripts/generate did not write is never replaced."""
    (tmp_path / "thesis.txt").write_text("three years of work")
    assert main(["--output", str(tmp_path)]) == 2
    assert "holds files that scripts/generate did not write" in capsys.readouterr().err
    assert contents(tmp_path) == {"thesis.txt": b"three years of work"}


def test_full_disk_leaves_the_client(
    generated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the new client cannot be written, the old one stays and the error says why."""
    (generated / "notes.txt").write_text("so that there is something to do")
    before = contents(generated)

    def no_space(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(generator, "write_client", no_space)
    assert main(["--output", str(generated)]) == 2
    assert "was left as it was: [Errno 28] No space left on device" in capsys.readouterr().err
    assert contents(generated) == before


def test_output_below_a_file_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that cannot be made is exit code 2 without a traceback."""
    (tmp_path / "file").write_text("")
    assert main(["--output", str(tmp_path / "file" / "generated")]) == 2
    assert capsys.readouterr().err.startswith("error: ")


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, OSError])
def test_interrupted_replacement_restores_the_client(
    generated: Path, tmp_path: Path, interrupt: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A replacement that breaks off between its two steps puts the old client back."""
    before = contents(generated)
    shutil.copytree(generated, tmp_path / "fresh")
    rename = Path.rename

    def broken_rename(path: Path, target: Path) -> Path:
        if path.name == "fresh":
            raise interrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", broken_rename)
    with pytest.raises(interrupt):
        output.replace(generated, tmp_path / "fresh", tmp_path / "old")
    assert contents(generated) == before


def test_client_is_typed_and_well_named(fresh: Path) -> None:
    """The package says that it is typed, and no class name betrays an anonymous schema."""
    assert (fresh / "roark_client/py.typed").is_file()
    names = [path.stem for path in (fresh / "roark_client/models").glob("*.py")]
    assert len(names) > 20
    assert not [name for name in names if "type_" in name or name[-1].isdigit()]
