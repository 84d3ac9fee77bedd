"""`scripts/generate` ends with what the contract's change means for callers, and who does not follow yet."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from contract_tests.checkouts import (
    BREAKING,
    COMPATIBLE,
    DOCUMENTATION,
    GENERATE,
    SECONDS,
    edit,
    generate,
    git,
)
from contract_tests.commands import environment
from scripts.compat import report
from scripts.compat.change import Change, SurfaceChange
from scripts.compat.report import Report
from scripts.compat.rules import RULES
from scripts.compat.versions import Due


@pytest.mark.whole_run
def test_run_ends_with_what_it_means(checkout: Path) -> None:
    """One line a change, by operation and pointer, the gravest first; then names, followers and the version due."""
    edit(checkout, DOCUMENTATION, COMPATIBLE, BREAKING)
    ran = generate(checkout, "--json", "meaning.json", "--markdown", "meaning.md")
    assert ran.returncode == 0, ran.stderr
    commit = git(checkout, "rev-parse", "--short=7", "HEAD")
    call, schemas = "POST /v1/call-analysis", "#/components/schemas"
    words = "State of the call itself, not of its ana… → State of the call, not of its analysis"
    participant, status = f"{schemas}/ParticipantInput/properties", f"{schemas}/Call/properties/status"
    assert [line for line in ran.stdout.splitlines() if line][:5] == [
        "generated: 3 rewritten",
        f"What it means for callers, since HEAD ({commit}):",
        f"  breaking            {call}  {participant}/name: name is required now (request-field-required)",
        f"  compatible          {call}  {schemas}/CallStatus/enum: QUEUED is new (reply-enum-grown)",
        f"  documentation only  {call}  {status}/description: {words} (description-changed)",
    ]
    names = ran.stdout.partition("In Python:")[2]
    made = "models.ParticipantInput.__init__, models.ParticipantInputDict, models.ParticipantInputJson"
    assert f"  breaking            {made}: name is required now (argument-required)" in names
    assert "  compatible          models.CallStatus.QUEUED: new attribute (name-added)" in names
    assert ran.stdout.splitlines()[-3:] == [
        "In all 4 breaking, 2 compatible, 1 documentation only.",
        "Not followed yet: documents, server (at a glance; scripts/drift proves it and names each place)",
        "Callers of 0.1.0 break: the next release is 0.2.0 at least, in info.version, pyproject.toml and CHANGELOG.md",
    ]
    found = json.loads((checkout / "meaning.json").read_text(encoding="utf-8"))
    assert (found["impact"], found["against"], found["commit"]) == ("breaking", "HEAD", commit)
    assert [each["rule"] for each in found["changes"]] == [
        "request-field-required",
        "reply-enum-grown",
        "description-changed",
    ]
    assert found["changes"][0] == {
        "impact": "breaking",
        "rule": "request-field-required",
        "operation": call,
        "pointer": "/components/schemas/ParticipantInput/properties/name",
        "what": "name is required now",
        "why": RULES["request-field-required"].why,
    }
    assert found["behind"] == ["documents", "server"]
    assert found["due"] == {"version": "0.2.0", "released": "0.1.0"}
    written = (checkout / "meaning.md").read_text(encoding="utf-8")
    assert written.startswith("## What the contract's change means for callers: breaking\n")
    assert (
        f"| **breaking** | `{call}` | `{schemas}/ParticipantInput/properties/name` | `name is required now` |"
        in written
    )


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("change", "asked", "code"),
    [
        pytest.param(COMPATIBLE, "breaking", 0, id="compatible for breaking"),
        pytest.param(COMPATIBLE, "compatible", 1, id="compatible for compatible"),
        pytest.param(DOCUMENTATION, "compatible", 0, id="documentation for compatible"),
        pytest.param(BREAKING, "breaking", 1, id="breaking for breaking"),
    ],
)
def test_fail_on_is_an_exit_code(change: tuple[str, str], asked: str, code: int, checkout: Path) -> None:
    """--fail-on exits 1 for a change of that kind or a graver one, and the client is written all the same."""
    edit(checkout, change)
    assert generate(checkout, "--no-followers", "--fail-on", asked).returncode == code
    assert generate(checkout, "--no-followers", "--check").returncode == 0


@pytest.mark.whole_run
def test_renamed_class_is_seen(checkout: Path) -> None:
    """A schema of another name changes no value, but the name of a class that callers import."""
    spec = checkout / "openapi.yaml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("CallStatus", "CallState"), encoding="utf-8")
    ran = generate(checkout, "--no-followers")
    assert "models.CallState: models.CallStatus → models.CallState (class-renamed)" in ran.stdout
    state = "POST /v1/call-analysis  #/components/schemas/CallState"
    assert f"  documentation only  {state}: new (said-otherwise)" in ran.stdout
    assert "In all 1 breaking, " in ran.stdout


@pytest.mark.whole_run
def test_any_revision_can_be_compared_with(checkout: Path) -> None:
    """--against takes a branch, a tag or a commit, and compares with the contract and the client that it holds."""
    git(checkout, "tag", "before")
    edit(checkout, BREAKING)
    assert generate(checkout, "--no-followers").returncode == 0
    git(checkout, "commit", "--quiet", "--all", "--message=Two")
    assert "Callers notice nothing: no change since HEAD (" in generate(checkout).stdout
    for revision in ("before", "HEAD~1", git(checkout, "rev-parse", "before")):
        ran = generate(checkout, "--check", "--no-followers", "--against", revision, "--fail-on", "breaking")
        assert ran.returncode == 1
        assert f"since {revision} (" in ran.stdout
        assert "models.ParticipantInputJson: name is required now" in ran.stdout


@pytest.mark.whole_run
@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "HEAD:openapi.yaml", ""])
def test_unknown_revision_cannot_be_compared_with(revision: str, checkout: Path) -> None:
    """A revision that git does not know is exit code 2 and one clear line, before anything is written."""
    edit(checkout, COMPATIBLE)
    ran = generate(checkout, f"--against={revision}")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"error: git knows no revision {revision}\n"
    assert git(checkout, "status", "--short") == "M openapi.yaml"


@pytest.mark.whole_run
def test_without_git_the_client_is_written(checkout: Path) -> None:
    """Where there is no git checkout, the client is written and the report says why it is missing."""
    shutil.rmtree(checkout / ".git")
    edit(checkout, COMPATIBLE)
    ran = generate(checkout)
    assert ran.returncode == 0
    assert ran.stdout.endswith("\nWhat it means for callers is not known: this is no git checkout\n")
    assert generate(checkout, "--fail-on", "breaking").stderr == "error: this is no git checkout\n"


@pytest.mark.whole_run
def test_checkout_is_compared_with_itself(checkout: Path, tmp_path: Path) -> None:
    """What git tells its hooks of another repository does not count."""
    edit(checkout, COMPATIBLE)
    git(tmp_path, "init", "--quiet", "other")
    ran = generate(checkout, "--check", "--no-followers", GIT_DIR=str(tmp_path / "other/.git"))
    assert "\nIn all 2 compatible.\n" in ran.stdout


@pytest.mark.whole_run
def test_revision_that_git_cannot_give_is_told(checkout: Path) -> None:
    """Where an object is missing, as in a clone of a part, git's own reason is told in one line."""
    blob = git(checkout, "rev-parse", "HEAD:openapi.yaml")
    (checkout / ".git/objects" / blob[:2] / blob[2:]).unlink()
    ran = generate(checkout, "--check", "--against", "HEAD")
    assert ran.returncode == 2
    assert ran.stderr.startswith("error: git cannot give what HEAD (")
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.whole_run
def test_revision_without_a_usable_contract_is_told(checkout: Path) -> None:
    """A revision that holds no contract, or one with faults, is exit code 2 and names the first fault."""
    spec = checkout / "openapi.yaml"
    whole = spec.read_bytes()
    expected = {"gone": "holds no openapi.yaml", "broken": "holds a contract that cannot be used: "}
    for tag, damage in (("gone", spec.unlink), ("broken", lambda: spec.write_text("openapi: 3.0.0\npaths: {}\n"))):
        damage()
        git(checkout, "add", "--all")
        git(checkout, "commit", "--quiet", f"--message={tag}")
        git(checkout, "tag", tag)
    spec.write_bytes(whole)
    for tag, words in expected.items():
        ran = generate(checkout, "--check", "--no-followers", "--against", tag)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"error: {tag} (")
        assert f") {words}" in ran.stderr


@pytest.mark.whole_run
def test_git_that_is_not_there_is_told(checkout: Path, tmp_path: Path) -> None:
    """Where there is no git to ask, the client is checked, and the report says why it is missing."""
    ran = generate(checkout, "--check", "--no-followers", PATH=str(tmp_path))
    assert ran.returncode == 0
    assert "What it means for callers is not known: git cannot be run: No such file or directory" in ran.stdout


@pytest.mark.whole_run
@pytest.mark.parametrize("gone", ["generated", "generated/roark_client/errors.py"])
def test_revision_without_a_client_is_told(gone: str, checkout: Path) -> None:
    """A revision that holds no whole client is compared by its contract alone, and that is said."""
    git(checkout, "rm", "-r", "--quiet", "--cached", gone)
    git(checkout, "commit", "--quiet", "--message=Two")
    ran = generate(checkout, "--check", "--no-followers")
    assert ran.returncode == 0, ran.stderr
    assert "The contract is the same: no change since HEAD (" in ran.stdout
    assert ran.stdout.endswith("holds no client that can be read: the names in Python were not compared.\n")
    edit(checkout, COMPATIBLE)
    assert ran.stdout.splitlines()[-1] in generate(checkout, "--check", "--no-followers").stdout


@pytest.mark.whole_run
@pytest.mark.parametrize("place", ["nowhere/meaning.md", "scripts"])
def test_report_that_cannot_be_written_is_told_before_anything(place: str, checkout: Path) -> None:
    """A report into a folder that is not there, or in the place of one, is exit code 2 before the client is touched."""
    edit(checkout, COMPATIBLE)
    ran = generate(checkout, "--markdown", place)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "a folder" in ran.stderr
    assert git(checkout, "status", "--short") == "M openapi.yaml"


@pytest.mark.whole_run
@pytest.mark.parametrize("spoilt", ["{}x", '{"Roark": {}}', None], ids=["no JSON", "no surface", "missing"])
def test_last_release_that_cannot_be_read_is_told_before_anything(spoilt: str | None, checkout: Path) -> None:
    """What was released and cannot be read is exit code 2 in one line, and the client is left as it was."""
    kept = checkout / "scripts/compat/released/surface.json"
    kept.unlink()
    if spoilt is not None:
        kept.write_text(spoilt, encoding="utf-8")
    edit(checkout, COMPATIBLE)
    ran = generate(checkout, "--no-followers")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("error: generated was left as it was: the last release cannot be read: ")
    assert len(ran.stderr.splitlines()) == 1
    assert "generated" not in git(checkout, "status", "--short")


@pytest.mark.whole_run
def test_reader_that_leaves_is_no_traceback(checkout: Path) -> None:
    """Where nobody reads on, the verb ends in one line at most."""
    command = [*GENERATE, "--rules"]
    with subprocess.Popen(
        command, cwd=checkout, env=environment(checkout), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert len(process.stderr.read().splitlines()) <= 1
        assert process.wait(SECONDS) == 2


@pytest.mark.whole_run
def test_terminal_that_knows_no_arrows_gets_escapes(checkout: Path) -> None:
    """What a terminal's encoding does not know is written as an escape."""
    edit(checkout, DOCUMENTATION)
    ran = generate(checkout, "--no-followers", PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "\\u2192 State of the call" in ran.stdout


@pytest.mark.whole_run
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_cannot_be_written_is_told(unbuffered: str, checkout: Path) -> None:
    """Where nobody takes the report, one line says so, and that the client is written."""
    edit(checkout, COMPATIBLE)
    command = [*GENERATE, "--no-followers"]
    environ = environment(checkout, PYTHONUNBUFFERED=unbuffered)
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            command, cwd=checkout, env=environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert ran.stderr.startswith("error: generated is written; what it means was not told: ")


@pytest.mark.whole_run
def test_rules_are_printed(checkout: Path) -> None:
    """--rules prints each rule with its impact and reason, and why redocly differs where it does."""
    ran = generate(checkout, "--rules")
    assert ran.returncode == 0
    for rule in RULES.values():
        (line,) = [line for line in ran.stdout.splitlines() if f" {rule.name} " in line]
        assert line.startswith(rule.impact.label)
        assert line.endswith(rule.why)
    assert "redocly: takes enums for closed; those of the client are open" in ran.stdout


# --- The words of a contract are never more than words --------------------------------------------------------------

HOSTILE = "a|b `c` ``d`` <script>alert(1)</script> [x](javascript:y) \x1b[2J\r\n# heading"


def hostile() -> Report:
    """A report whose every word is meant to be something else."""
    return Report(
        HOSTILE,
        "1234567",
        [Change(RULES["request-field-added"], HOSTILE, f"/{HOSTILE}", HOSTILE)],
        [SurfaceChange(RULES["name-added"], HOSTILE, HOSTILE)],
        lagging=["documents"],
        due=Due("0.1.0", "0.2.0"),
    )


@pytest.mark.parametrize(
    ("lagging", "said"),
    [(["client", "server"], "Not followed yet: client, server ("), ([], "Documents, client and server follow (")],
)
def test_who_follows_is_said(lagging: list[str], said: str) -> None:
    """After a change it is said which parties do not follow, or that all do."""
    assert report.followers(lagging).startswith(said)


def test_words_of_a_contract_do_not_reach_the_terminal() -> None:
    """Nothing that a contract holds moves the cursor or begins a line."""
    told = "\n".join(report.lines(hostile(), io.StringIO()))
    assert "\x1b" not in told
    assert "\r" not in told
    assert not [line for line in told.splitlines() if line.startswith("# heading")]


def test_words_of_a_contract_are_code_in_markdown() -> None:
    """Nothing that a contract holds ends the code that it stands in, or its cell."""
    told = report.markdown(hostile())
    (row,) = [line for line in told.splitlines() if "request-field-added" in line]
    assert row.count("|") - row.count("\\|") == 6
    assert "```a\\|b `c` ``d`` <script>" in row
    assert not [line for line in told.splitlines() if line.startswith("# heading")]


def test_place_of_a_change_is_never_cut() -> None:
    """However many names a change has, and however deep it stands, all of its place is told, and some of its words."""
    names = [f"api.calls.call_{number}.asyncio_detailed" for number in range(100)]
    pointer = "/properties" * 100
    found = Report(
        "HEAD",
        "1234567",
        [Change(RULES["request-field-added"], "POST /", pointer, "x" * 1000)],
        [SurfaceChange(RULES["name-added"], name, "new") for name in names],
    )
    for told in ("\n".join(report.lines(found, io.StringIO())), report.markdown(found)):
        assert all(each in told for each in (*names, pointer, "x…"))
        assert "x" * 301 not in told
