"""`scripts/try-contracts` shows step by step what becomes of a contract, and takes no failure for a success."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contract_tests.commands import MAIN, run
from contract_tests.survey import __main__ as verb
from contract_tests.survey import report
from contract_tests.survey.processes import ProcessResult
from contract_tests.survey.steps import QUICK, STEPS, StepResult, Trial, Verdict

TRY = MAIN.format("contract_tests.survey.__main__")

THING = {
    "type": "object",
    "required": ["id", "made"],
    "properties": {
        "id": {"type": "integer"},
        "made": {"type": "string", "format": "date-time"},
        "parts": {"type": "array", "items": {"type": "string"}},
        "pair": {
            "type": "array",
            "prefixItems": [{"type": "string"}, {"type": "integer"}],
            "minItems": 2,
            "maxItems": 2,
        },
        "from": {
            "unevaluatedProperties": False,
            "oneOf": [
                {"type": "object", "required": [each], "properties": {each: {"type": "string"}}}
                for each in ("card", "account")
            ],
        },
        "code": {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": "^(?=b)a"}]},
        "kind": {"type": ["string", "null"], "enum": ["round", "square", None]},
    },
}
FORM = {"multipart/form-data": {"schema": {"type": "object"}}}


def json_of(schema: Any) -> dict[str, Any]:
    """A body of JSON."""
    return {"content": {"application/json": {"schema": schema}}}


def contract(**paths: Any) -> dict[str, Any]:
    """A contract with an operation that takes and gives a thing, and more paths."""
    thing = {"$ref": "#/components/schemas/Thing"}
    change = {
        "operationId": "changeThing",
        "tags": ["Things"],
        "parameters": [
            {"name": "thing", "in": "path", "required": True, "schema": {"type": "integer"}},
            {"name": "with-parts", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
            {"name": "X-Since", "in": "header", "schema": {"type": "string", "format": "date"}},
        ],
        "requestBody": {"required": True, **json_of(thing)},
        "responses": {"200": {"description": "It", **json_of(thing)}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://things.example.com"}],
        "security": [{"bearer": []}],
        "paths": {"/things/{thing}": {"put": change}, **paths},
        "components": {
            "schemas": {"Thing": THING},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


# Replies that are no model, by which nobody knows how they were spelt; a union of types alone; an object of no field.
BARE = {
    "/ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
    "/when": {"type": "string", "format": "date-time"},
    "/count": {"type": "integer"},
    "/empty": {"type": "object", "properties": {}},
    "/either": {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}, {"type": "object"}]}}},
}
ASKED = {
    path: {"get": {"responses": {"200": {"description": "It", **json_of(schema)}}}} for path, schema in BARE.items()
}
UPLOAD = {"post": {"requestBody": {"content": FORM}, "responses": {"204": {"description": "Taken"}}}}
NULLABLE = {"get": {"responses": {"200": {"description": "It", **json_of({"type": "string", "nullable": True})}}}}


def written(folder: Path, document: Any, name: str = "things.json") -> Path:
    """A contract as a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """A contract whose client is written. Not to be changed."""
    folder = tmp_path_factory.mktemp("good")
    trial = Trial(written(folder, contract()), folder, seconds=240)
    trial.go(["read", "write"])
    return trial


@pytest.fixture
def trial(good: Trial, tmp_path: Path) -> Trial:
    """The same with a client of its own, to be spoilt at will."""
    copied = Trial(good.contract, tmp_path, seconds=240)
    subprocess.run(["cp", "-r", good.client, copied.client], check=True)  # noqa: S607
    return copied


def spoil(trial: Trial, module: str, old: str, new: str) -> None:
    """Change a module of a client in one place."""
    path = trial.client / "roark_client" / module
    source = path.read_text(encoding="utf-8")
    assert source.count(old) == 1, old
    path.write_text(source.replace(old, new), encoding="utf-8")


def append(trial: Trial, code: str) -> None:
    """Add code to the model of a client."""
    path = trial.client / "roark_client/models/thing.py"
    path.write_text(f"{path.read_text('utf-8')}\n\n{code}\n", encoding="utf-8")


@pytest.mark.whole_run
def test_a_good_contract_passes_every_step(tmp_path: Path) -> None:
    """A contract that is followed is good in each column; exit code 0, and no progress without a terminal."""
    written(tmp_path, contract(**ASKED))
    done = run(TRY, str(tmp_path), "--json", str(tmp_path / "result.txt"))
    assert (done.returncode, done.stderr) == (0, "")
    header, row = done.stdout.splitlines()
    assert header.split() == ["contract", "operations", *STEPS]
    assert row.split()[:2] == ["things.json", "6"]
    said = json.loads((tmp_path / "result.txt").read_text("utf-8"))["things.json"]
    assert {name: step["verdict"] for name, step in said["steps"].items()} == dict.fromkeys(STEPS, "good")
    assert all(step["peak"] > 10_000_000 for step in said["steps"].values())


def test_a_refused_contract_is_no_failure(tmp_path: Path) -> None:
    """What is refused by its places is shown with them, and goes no further; exit code 0."""
    written(tmp_path, contract(**{"/up": UPLOAD, "/null": NULLABLE}), "sub/refused.json")
    done = run(TRY, str(tmp_path), "--quick")
    assert (done.returncode, done.stderr) == (0, "")
    header, row, *findings = done.stdout.splitlines()
    assert header.split() == ["contract", "operations", *QUICK]
    assert row.split()[:4] == ["sub/refused.json", "3", "refused:", "1"]
    assert row.split()[-3:] == ["–", "–", "–"]
    assert any(
        "#/paths/~1null/get/responses/200/content/application~1json/schema/nullable" in each for each in findings
    )


def test_what_is_refused_can_be_left_out(tmp_path: Path) -> None:
    """--without-refused goes on without the operations that are refused, and says how many and what for."""
    path = written(tmp_path, contract(**{"/up": UPLOAD, "/null": NULLABLE}))
    done = run(TRY, str(path), "--without-refused", "--steps", "write", "--json", str(tmp_path / "result.txt"))
    assert (done.returncode, done.stderr) == (0, "")
    header, row, *findings = done.stdout.splitlines()
    assert header.split() == ["contract", "operations", "read", "write"]
    assert row.split()[:5] == ["things.json", "1", "of", "3", "read"]
    assert "   left out: 1, multipart" in findings
    assert any(each.startswith("   left out: 1, is of OpenAPI 3.0") for each in findings)
    said = json.loads((tmp_path / "result.txt").read_text("utf-8"))["things.json"]
    assert sorted(said["left_out"]) == ["GET /null", "POST /up"]


class Said(Trial):
    """A trial of which each process says what it is told to."""

    ended = ProcessResult(0, "", "", 1.0, 1)

    def run(self, *_: object, **__: object) -> ProcessResult:
        """What it was told."""
        return self.ended


def test_a_fault_without_a_place_is_a_failure(tmp_path: Path) -> None:
    """A contract that is refused without saying where is wrong, and not refused."""
    trial = Said(tmp_path / "things.json", tmp_path, seconds=1)
    fault = {"reason": "1 is not of type 'string'", "pointer": None, "line": 1}
    trial.ended = ProcessResult(0, json.dumps({"operations": 1, "left_out": {}, "faults": [fault]}), "", 1.0, 1)
    trial.go(list(STEPS))
    assert {name: (each.verdict, each.summary) for name, each in trial.results.items()} == {
        "read": (Verdict.WRONG, "1 of 1 fault without a place")
    }


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_breaks_is_a_failure(tmp_path: Path, step: str) -> None:
    """A process that ends in a traceback, or not at all, is no good result of any step."""
    trial = Said(tmp_path / "things.json", tmp_path, seconds=1)
    trial.client.mkdir()
    trial.ended = ProcessResult(3, "", "Traceback …\nValueError: broken\n", 1.0, 1)
    broken = STEPS[step](trial)
    assert broken.verdict is Verdict.WRONG
    assert broken.is_failure
    trial.ended = ProcessResult(None, "", "", 1.0, 1)
    late = STEPS[step](trial)
    assert (late.verdict, late.is_failure, late.summary) == (Verdict.LATE, True, "not through in 1 s")


def test_a_client_that_cannot_be_written_is_a_failure(good: Trial, tmp_path: Path) -> None:
    """What keeps the client from being written is told."""
    trial = Trial(good.contract, tmp_path, seconds=240)
    trial.client.mkdir()
    trial.go(["read", "write", "imports"])
    assert list(trial.results) == ["read", "write"]
    assert trial.results["write"].verdict is Verdict.WRONG
    assert "FileExistsError" in trial.results["write"].findings[0]


def test_a_module_that_does_not_import_is_named(trial: Trial) -> None:
    """Each module is imported, also one that nobody asks for."""
    append(trial, "import no_such_module")
    result = STEPS["imports"](trial)
    assert result.verdict is Verdict.WRONG
    assert "roark_client.models.thing: ModuleNotFoundError: No module named 'no_such_module'" in result.findings


@pytest.mark.whole_run
@pytest.mark.parametrize(
    "mistake",
    ["number: int = 'a'", "def f(x):  # type: ignore[no-untyped-def]\n    return x"],
    ids=["mypy", "basedpyright"],
)
def test_a_type_that_is_wrong_is_found(trial: Trial, mistake: str) -> None:
    """What either type checker rejects is a failure, with its line."""
    append(trial, mistake)
    result = STEPS["types"](trial)
    assert result.verdict is Verdict.WRONG
    assert "roark_client/models/thing.py" in result.findings[0]


MODULE = "api/things/change_thing.py"

# A mistake of the client, and what the server or the caller sees of it.
MISTAKES = {
    "method": (MODULE, 'method="PUT"', 'method="POST"', "the method is POST"),
    "path": (MODULE, 'path="/things/{thing}"', 'path="/thing/{thing}"', "the path is /thing/7"),
    "query": (MODULE, '"with_parts", "with-parts"', '"with_parts", "parts"', "there is no argument for with-parts"),
    "argument": (MODULE, '"x_since", "X-Since"', '"x_since", "Since"', "there is no argument for X-Since"),
    "field": ("models/thing.py", 'Field("made", "made"', 'Field("made", "Made"', "the call fails"),
    "reply": (MODULE, "object_of(Thing)),)", "None),)", "the reply is read as None"),
}


def test_calls_of_a_good_client_are_good(trial: Trial) -> None:
    """A client that follows its contract passes."""
    result = STEPS["calls"](trial)
    assert (result.verdict, list(result.findings)) == (Verdict.GOOD, [])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_a_call_is_found(trial: Trial, mistake: str) -> None:
    """What a client sends or reads otherwise than the contract says is told, by operation."""
    module, old, new, seen = MISTAKES[mistake]
    spoil(trial, module, old, new)
    result = STEPS["calls"](trial)
    assert (result.verdict, result.summary) == (Verdict.WRONG, "1 of 1 operations")
    assert any(each.startswith("PUT /things/{thing}: ") and seen in each for each in result.findings), result.findings


@pytest.mark.whole_run
def test_the_proof_is_asked(trial: Trial) -> None:
    """A client that the proof does not agree with is a failure."""
    module, old, new, _ = MISTAKES["path"]
    spoil(trial, module, old, new)
    result = STEPS["proof"](trial)
    assert result.verdict is Verdict.WRONG
    assert any("PUT /things/{thing}" in each for each in result.findings)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["."], "error: . holds no contract; give a folder of files named .json, .yaml, .yml, or one\n"),
        ([".", "--json", "no/such/folder.json"], "is not a folder\n"),
        (["no-such-folder"], "no-such-folder holds no contract"),
    ],
)
def test_what_cannot_be_tried_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    """Where nothing can be tried, it exits 2 and says why in one line."""
    monkeypatch.chdir(tmp_path)
    assert verb.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert captured.err.count("\n") == 1


def test_a_contract_may_be_named_from_the_folder_that_one_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each step finds it, whichever folder that runs in."""
    written(tmp_path, contract())
    monkeypatch.chdir(tmp_path)
    assert verb.main(["things.json", "--steps", "read"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["things.json", "1", "read"]


@pytest.mark.parametrize(
    ("asked", "done"), [("read", "read"), ("proof", "read write proof"), ("calls,imports", "read write imports calls")]
)
def test_steps_bring_those_that_they_rest_on(asked: str, done: str) -> None:
    """A step that rests on others is not taken without these."""
    assert verb.chosen_steps(asked) == tuple(done.split())


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--steps=read,fly", "expected some of read,write,imports,types,calls,proof, got 'fly'"),
        ("--timeout=0", "expected seconds from 0 to 86400, got '0'"),
    ],
)
def test_an_option_that_says_nothing_is_refused(option: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A step that there is none of is named, and a limit that leaves no time."""
    with pytest.raises(SystemExit) as caught:
        verb.main([".", option])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


def test_an_interrupt_shows_what_was_found_and_ends_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C prints the contracts that were tried, says how many were not, and exits 2."""
    for name in ("a.json", "b.json", "c.json"):
        written(tmp_path, contract(), name)

    def go(trial: Trial, _: object) -> None:
        if trial.contract.name == "b.json":
            raise KeyboardInterrupt
        trial.results["read"] = StepResult(Verdict.GOOD, "read")

    monkeypatch.setattr(Trial, "go", go)
    assert verb.main([str(tmp_path), "--steps", "read"]) == 2
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["contract  operations  read", "a.json    0           read"]
    assert captured.err == "error: interrupted; 2 contracts were not tried\n"


def test_left_out_operations_are_counted_by_kind(tmp_path: Path) -> None:
    """What the client never does has a name of its own; all else is counted by its reason."""
    trial = Trial(tmp_path / "a.json", tmp_path, seconds=1)
    trial.left_out = {
        "POST /a": "#/paths/~1a/post/requestBody/content: multipart/form-data: the client sends JSON only",
        "POST /b": "#/paths/~1b/post/requestBody/content: multipart/mixed: the client sends JSON only",
        "POST /c": "#/paths/~1c/post/requestBody/content: application/x-www-form-urlencoded: the client …",
        "GET /d": "#/components/schemas/D/nullable: is of OpenAPI 3.0",
    }
    assert report.kinds(trial) == {"multipart": 2, "form": 1, "is of OpenAPI 3.0": 1}


def test_many_findings_are_shown_in_part() -> None:
    """Of many reasons and many findings the first are printed, and the rest is counted."""
    trial = Trial(Path("/all/things.json"), Path("/out"), seconds=1)
    trial.left_out = {f"GET /{number}": f"#/paths/{number}: reason {number}" for number in range(8)}
    trial.results["calls"] = StepResult(Verdict.WRONG, "5 wrong", tuple(f"call {number}" for number in range(5)))
    lines = report.findings([trial], Path("/all")).splitlines()
    assert lines[0] == "things.json"
    assert [line.strip() for line in lines[-5:]] == [
        "left out: 2 for other reasons",
        *(f"calls: call {number}" for number in range(3)),
        "calls: and 2 more",
    ]
