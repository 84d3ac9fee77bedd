"""`.github/workflows`: they call our verbs, may only read, and let nobody else's text into a shell."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from contract_tests.mutations.parts import Shard
from contract_tests.subject import ROOT

WORKFLOWS: dict[str, dict[str, Any]] = {
    path.name: YAML(typ="safe", pure=True).load(path) for path in sorted((ROOT / ".github/workflows").iterdir())
}
JOBS: dict[str, dict[str, Any]] = {
    f"{name} {key}": job for name, workflow in WORKFLOWS.items() for key, job in workflow["jobs"].items()
}
COMMANDS: list[str] = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]

SUPPORTED = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Events whose workflows run with rights, or with text, that a stranger's pull request must not get at.
FOR_STRANGERS = {"pull_request_target", "workflow_run", "issue_comment", "issues"}


def set_up(job: dict[str, Any]) -> dict[str, Any]:
    """What a job asks of its Python."""
    (step,) = (step for step in job["steps"] if step.get("uses", "").startswith("actions/setup-python@"))
    asked: dict[str, Any] = step["with"]
    return asked


def test_ci_calls_every_verb_it_is_there_for() -> None:
    """The tests, the oldest dependencies, the stale client, the vendor's releases, the proof and its own proof."""
    called = {shlex.split(command)[0] for command in COMMANDS}
    assert called == {f"scripts/{verb}" for verb in ("test", "test-oldest", "generate", "drift", "prove", "vendor")}


@pytest.mark.parametrize("command", COMMANDS)
def test_step_is_one_verb(command: str) -> None:
    """A step runs one verb of the checkout and nothing beside it, so that all of CI can be run by hand."""
    assert os.access(ROOT / shlex.split(command)[0], os.X_OK)
    assert command.startswith("scripts/")
    assert not set(command) & set(";&|<>`()\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_no_text_of_others_becomes_a_command(command: str) -> None:
    """What others choose, such as the name of a branch, reaches a step as a variable in quotes, never pasted in."""
    assert "${{" not in command
    assert "$" not in re.sub(r'"[^"]*"', "", command)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_may_read_and_no_more(name: str) -> None:
    """A workflow and its jobs may read the code, know no secret, and do not run at a stranger's bidding."""
    workflow = WORKFLOWS[name]
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    assert not FOR_STRANGERS & set(workflow["on"])
    assert "secrets." not in str(workflow)


@pytest.mark.parametrize("name", WORKFLOWS)
def test_newer_run_takes_the_place_of_an_older(name: str) -> None:
    """No two runs of a workflow for the same branch go on side by side."""
    assert WORKFLOWS[name]["concurrency"] == {
        "group": "${{ github.workflow }}-${{ github.ref }}",
        "cancel-in-progress": True,
    }


@pytest.mark.parametrize("name", JOBS)
def test_job_ends_and_leaves_no_token_behind(name: str) -> None:
    """Each job has a time-out, and its checkout keeps no credentials that a later step could find."""
    assert JOBS[name]["timeout-minutes"] <= 90
    (checkout,) = (step for step in JOBS[name]["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"]["persist-credentials"] is False


def test_report_compares_with_the_branch_that_is_merged_into() -> None:
    """The report of a contract change has what that branch holds to compare with, and is written for people."""
    job = JOBS["pull-request.yml contract"]
    (command,) = (step["run"] for step in job["steps"] if "run" in step)
    assert command == 'scripts/generate --check --against HEAD^1 --markdown "$GITHUB_STEP_SUMMARY"'
    assert job["steps"][0]["with"]["fetch-depth"] == 2, "the other branch would not be there"


def test_pull_request_fails_for_its_change_and_the_night_for_any() -> None:
    """The proof of a pull request repeats one seed, so that no chance fails it; that of a night takes a new one."""
    assert "scripts/drift --strict --seed 1" in {step.get("run") for step in JOBS["pull-request.yml proof"]["steps"]}
    assert "scripts/drift --strict" in {step.get("run") for step in JOBS["nightly.yml proof"]["steps"]}


def pythons(job: dict[str, Any]) -> list[str]:
    """The versions of Python that a job runs on."""
    version = set_up(job)["python-version"]
    return job["strategy"]["matrix"]["python"] if version == "${{ matrix.python }}" else [version]


def test_what_is_the_same_on_every_python_runs_once() -> None:
    """All runs on the newest Python that is supported, and on each other one only what can differ."""
    jobs = WORKFLOWS["test.yml"]["jobs"].values()
    assert {step["run"]: pythons(job) for job in jobs for step in job["steps"] if "run" in step} == {
        "scripts/test": [SUPPORTED[-1]],
        "scripts/test --differs": SUPPORTED[:-1],
        "scripts/test-oldest": [SUPPORTED[0]],
    }
    assert len(jobs) == 3


def test_what_only_a_night_can_afford_runs_each_night() -> None:
    """The tests that are too long for each push run in the night."""
    assert "scripts/test --all" in {step.get("run") for step in JOBS["nightly.yml test"]["steps"]}


@pytest.mark.parametrize("name", JOBS)
def test_packages_are_cached(name: str) -> None:
    """A job downloads a package once, until the locks change that its verb installs from."""
    set_up_by = set_up(JOBS[name])
    oldest = ["requirements-oldest.txt"] if name == "test.yml oldest" else []
    assert set_up_by["cache"] == "pip"
    assert set_up_by["cache-dependency-path"].split() == ["requirements.txt", *oldest]


def test_parts_of_the_night_are_the_whole_catalogue() -> None:
    """The machines of a night take parts 1 to N of N with one seed, and bring each back, whatever it found."""
    job = JOBS["nightly.yml catalogue"]
    numbers = job["strategy"]["matrix"]["part"]
    shards = [Shard.read(job["env"]["SHARD"].replace("${{ matrix.part }}", str(number))) for number in numbers]
    assert shards == [Shard(number, len(numbers)) for number in range(1, len(numbers) + 1)]
    assert job["env"]["SEED"] == "${{ github.run_number }}"
    assert job["strategy"]["fail-fast"] is False
    run, bring_back = job["steps"][-2:]
    assert run["run"] == 'scripts/prove --shard "$SHARD" --seed "$SEED" --json part.json'
    assert bring_back["uses"].startswith("actions/upload-artifact@")
    assert bring_back["if"] == "${{ !cancelled() }}"
    assert bring_back["with"] == {"name": "part-${{ matrix.part }}", "path": "part.json", "overwrite": True}


def test_parts_of_the_night_are_merged() -> None:
    """All parts that were brought back are merged, also where one has failed: then the whole fails, and says why."""
    job = JOBS["nightly.yml whole"]
    assert (job["needs"], job["if"]) == ("catalogue", "${{ !cancelled() }}")
    fetch, merge = job["steps"][-2:]
    assert fetch["uses"].startswith("actions/download-artifact@")
    assert fetch["with"] == {"pattern": "part-*", "path": "parts"}
    assert merge["run"] == "scripts/prove --merge parts/*/part.json"


@pytest.mark.parametrize("verb", ["lint-workflows", "lint-contract"])
def test_linter_without_node_says_what_to_install(verb: str, tmp_path: Path) -> None:
    """Where Node is missing, a linter that needs it says so in one line and ends with exit code 2."""
    found = shutil.which("readlink")
    assert found is not None
    (tmp_path / "readlink").symlink_to(found)
    run = subprocess.run(
        [ROOT / "scripts" / verb], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr.startswith("error: ")
    assert "install Node.js" in run.stderr
    assert len(run.stderr.splitlines()) == 1
