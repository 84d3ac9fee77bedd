"""`scripts/vendor` tells what releases say anew, records it, and says what the contract does not follow."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract_tests import commands
from contract_tests.checkouts import copied_checkout, edit
from contract_tests.documents.releases import FILE, Releases, as_text, read_releases
from contract_tests.live.other_servers import running
from contract_tests.subject import Subject
from contract_tests.vendor.fake_registry import SKIPPING, SOURCE, WITHDRAWN, FakeRegistry, make_wheel
from contract_tests.vendor.registry import RegistryError, fetch_wheel, known_releases

pytestmark = [pytest.mark.whole_run, pytest.mark.same_everywhere]

VAPI_CALL = "POST /v1/vapi/call"
METHOD = "integrations.create_vapi_call"
RESOURCE = "resources/integrations"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[FakeRegistry]:
    """A registry without any release yet."""
    folder = tmp_path / "registry"
    folder.mkdir()
    server = FakeRegistry(folder)
    with running(server):
        yield server


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout that knows what releases say of call analysis, and of no Vapi call."""
    checkout = copied_checkout(tmp_path)
    known = read_releases(Subject.documents)
    kept = tuple(fact for fact in known.facts if fact.operation != VAPI_CALL)
    (checkout / "contract_tests/documents" / FILE).write_text(as_text(Releases(known.dates, kept)), encoding="utf-8")
    return checkout


def vendor(
    checkout: Path, registry: FakeRegistry, *arguments: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run `scripts/vendor` in a checkout, with the wheels beside it."""
    cache = ("--cache", str(checkout / "wheels"))
    return commands.run(commands.VENDOR, *arguments, *cache, checkout=checkout, **registry.environment, **variables)


def facts(checkout: Path) -> Releases:
    """What a checkout has recorded."""
    return read_releases(checkout / "contract_tests/documents")


# --- The registry ------------------------------------------------------------------------------------


@pytest.fixture
def asked(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch) -> FakeRegistry:
    """A registry that pip asks from this process."""
    for name, value in registry.environment.items():
        monkeypatch.setenv(name, value)
    return registry


def test_releases_are_listed_with_their_days(asked: FakeRegistry) -> None:
    """Every release but pre-releases is listed, the oldest first by its number, with the day that it came out."""
    for release in ("8.10.0", "8.9.0", "9.0.0rc1", "8.9.1"):
        make_wheel(asked.folder, release)
    assert known_releases() == dict.fromkeys(["8.9.0", "8.9.1", "8.10.0"], "2026-11-29")


def test_release_without_a_wheel_is_none(asked: FakeRegistry) -> None:
    """A release that is there as source alone, which somebody would have to run, is not listed."""
    make_wheel(asked.folder, "8.0.0")
    (asked.folder / "roark_analytics-8.1.0.tar.gz").write_bytes(b"")
    assert [*known_releases()] == ["8.0.0"]


@pytest.mark.parametrize("day", ["\x1b[31mred", "2026-99-99", ""])
def test_day_that_is_none_is_not_told(day: str, asked: FakeRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a registry says in the place of a day goes no further; pip may have been told to say little."""
    asked.day = day
    monkeypatch.setenv("PIP_QUIET", "1")
    make_wheel(asked.folder, "8.0.0")
    assert known_releases() == {"8.0.0": None}


def test_wheel_is_fetched_once(asked: FakeRegistry, tmp_path: Path) -> None:
    """A wheel comes from the registry byte by byte as it is there; once it is kept, no registry is asked."""
    wheel = make_wheel(asked.folder, "8.0.0")
    fetched = fetch_wheel("8.0.0", tmp_path / "cache")
    assert fetched.read_bytes() == wheel.read_bytes()
    wheel.unlink()
    assert fetch_wheel("8.0.0", tmp_path / "cache") == fetched
    assert list((tmp_path / "cache").iterdir()) == [fetched]


def test_wheel_that_is_not_there_is_told_with_what_pip_says(asked: FakeRegistry, tmp_path: Path) -> None:
    """What the registry does not have leaves nothing in the cache."""
    make_wheel(asked.folder, "8.0.0")
    with pytest.raises(RegistryError, match=r"pip says: No matching distribution found for roark-analytics==9\.0\.0"):
        fetch_wheel("9.0.0", tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


# --- The verb -----------------------------------------------------------------------------------------


def test_new_release_is_told_and_recorded(checkout: Path, registry: FakeRegistry) -> None:
    """What the newest release says otherwise fails the run once, is on the job's page, and is recorded for the next."""
    make_wheel(registry.folder, "8.0.0", SKIPPING)
    page = checkout / "page.md"
    run = vendor(checkout, registry, GITHUB_STEP_SUMMARY=str(page))
    assert run.returncode == 1, run.stderr
    assert "roark-analytics 8.0.0 (2026-11-29) says otherwise than 7.6.0 (2026-10-24):\n" in run.stdout
    assert f"  {VAPI_CALL}: there: {METHOD} sends {VAPI_CALL}, 2 arguments\n" in run.stdout
    lacking = "openapi.yaml#/components/schemas/VapiCallRequest/properties/skipCalls: releases name it"
    assert f"{VAPI_CALL}: {lacking}, the contract does not (said by 8.0.0 (2026-11-29))\n" in run.stdout
    vain = "VapiCallRequest/properties/skipAlreadyImported: its x-source is sdk, and no release names it\n"
    assert vain in run.stdout
    assert run.stdout.strip() in page.read_text(encoding="utf-8")
    assert facts(checkout).span(VAPI_CALL, "/request/skipCalls") == ("8.0.0", "8.0.0")
    again = vendor(checkout, registry)
    assert again.stdout.startswith("roark-analytics 8.0.0 (2026-11-29): nothing new\n")
    assert again.returncode == 1  # for what the contract still lacks


def test_release_that_only_repackages_is_no_news(checkout: Path, registry: FakeRegistry) -> None:
    """A release that says what the one before said passes, and so does one in which the operations stay withdrawn."""
    shutil.copyfile(Subject.documents / FILE, checkout / "contract_tests/documents" / FILE)
    real = {"_client": _errors(["400", "401", "403", "404", "409", "422", "429"])}
    headers = SOURCE["_base_client"] + '        return response_headers.get("retry-after-ms", None)\n'
    make_wheel(registry.folder, "8.0.0", {**WITHDRAWN, **real, "_base_client": headers})
    run = vendor(checkout, registry)
    assert run.stdout.startswith("roark-analytics 8.0.0 (2026-11-29): nothing new\n"), run.stdout + run.stderr
    assert f"{VAPI_CALL}: {METHOD}, 1.184.0 (2025-06-12) to 2.24.1 (2026-08-24); withdrawn in 3.0.0" in run.stdout
    assert run.returncode == 0
    assert [*facts(checkout).dates][-1] == "8.0.0"


def _errors(statuses: list[str]) -> str:
    checks = "".join(f"        if response.status_code == {each}:\n            return None\n" for each in statuses)
    last = "        if response.status_code >= 500:\n            return None\n"
    return f"class Roark:\n    def _make_status_error(self, response):\n{checks}{last}"


def test_operation_that_moves_and_goes_is_told(checkout: Path, registry: FakeRegistry) -> None:
    """Of several releases each is told of what it says otherwise than the one before."""
    make_wheel(registry.folder, "8.0.0")
    make_wheel(registry.folder, "8.1.0", {RESOURCE: SOURCE[RESOURCE].replace("/v1/vapi", "/v2/vapi")})
    make_wheel(registry.folder, "8.2.0", WITHDRAWN)
    run = vendor(checkout, registry, "--since", "8.0.0")
    assert (
        f"8.1.0 (2026-11-29) says otherwise than 8.0.0 (2026-11-29):\n  {VAPI_CALL}: moved from {VAPI_CALL}"
        in run.stdout
    )
    assert f"8.2.0 (2026-11-29) says otherwise than 8.1.0 (2026-11-29):\n  {VAPI_CALL}: withdrawn\n" in run.stdout
    assert f"{VAPI_CALL}: {METHOD}, sends POST /v2/vapi/call, 8.0.0" in run.stdout
    assert run.returncode == 1
    table = vendor(checkout, registry, "--history").stdout
    assert [line.split()[0] for line in table.splitlines() if line.endswith("withdrawn")] == ["8.2.0"]
    assert (checkout / "contract_tests/vendor/history.txt").read_text(encoding="utf-8") == table


def test_what_was_taken_back_is_asked_of_nobody(checkout: Path, registry: FakeRegistry) -> None:
    """A field, an argument and a header are told as they come and go; of what is gone, nothing is asked any more."""
    asking = {RESOURCE: SOURCE[RESOURCE].replace("extra_headers:", "dry_run: bool,\n        extra_headers:", 1)}
    silent = {"_base_client": SOURCE["_base_client"].replace('"retry-after"', '"x-other"')}
    make_wheel(registry.folder, "8.0.0")
    make_wheel(registry.folder, "8.1.0", {**asking, **SKIPPING})
    make_wheel(registry.folder, "8.2.0", silent)
    first = vendor(checkout, registry, "8.0.0", "8.1.0")
    assert f"  {VAPI_CALL}: argument dry_run: new\n  {VAPI_CALL}: request skipCalls: new, boolean\n" in sorted_(first)
    assert "/post/parameters: releases take an argument dry_run, and the contract has no such parameter" in first.stdout
    last = vendor(checkout, registry)
    assert f"  {VAPI_CALL}: argument dry_run: gone\n  {VAPI_CALL}: request skipCalls: gone\n" in sorted_(last)
    assert "  all operations: headers: retry-after → x-other\n" in last.stdout
    again = vendor(checkout, registry)
    assert again.stdout.startswith("roark-analytics 8.2.0 (2026-11-29): nothing new\n")
    assert "skipCalls" not in again.stdout
    assert "dry_run" not in again.stdout


def sorted_(run: "subprocess.CompletedProcess[str]") -> str:
    """What a run printed, by line."""
    return "\n".join(sorted(run.stdout.splitlines()))


def test_record_that_no_wheel_says_is_told(checkout: Path, registry: FakeRegistry) -> None:
    """A release that was looked at before is held to what was recorded of it, with no registry where it is kept."""
    make_wheel(registry.folder, "8.0.0")
    vendor(checkout, registry, "8.0.0")
    data = checkout / "contract_tests/documents" / FILE
    data.write_text(
        data.read_text(encoding="utf-8").replace("ID of the uploaded call", "ID of a call"), encoding="utf-8"
    )
    registry.shutdown()
    run = vendor(checkout, registry, "8.0.0")
    assert run.stdout.startswith(
        "roark-analytics 8.0.0 (2026-11-29) says otherwise than recorded:\n"
        f"  {VAPI_CALL}: reply data/callId: described as “ID of the uploaded call”\n"
    ), run.stdout + run.stderr
    assert run.returncode == 1


def test_contract_that_claims_what_no_release_says_is_told(checkout: Path, registry: FakeRegistry) -> None:
    """A field that the contract has from the SDKs in vain is named, as one of ours is, and one that it lacks."""
    make_wheel(registry.folder, "8.0.0", WITHDRAWN)
    edit(checkout, ("        vapiCallId:\n", "        mood: {type: string, x-source: ours}\n        twilioCallId:\n"))
    run = vendor(checkout, registry)
    place = "POST /v1/call-analysis: openapi.yaml#/components/schemas/CallAnalysisRequest/properties"
    assert f"{place}/twilioCallId: its x-source is sdk, and no release names it\n" in run.stdout
    assert f"{place}/mood: the contract has it as ours, releases do not\n" in run.stdout
    said = "said by 1.38.0 (2025-03-11) to 1.177.0 (2025-06-03)"
    assert f"{place}/vapiCallId: releases name it, the contract does not ({said})\n" in run.stdout
    assert run.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "error: nothing was recorded: pip says: No matching distribution found for roark-analytics; "),
        (("9.0.0",), "error: nothing was recorded: pip says: No matching distribution found for roark-analytics; "),
        (("--since", "new"), "expected the number of a release, such as 2.24.1, got 'new'"),
        (("--all", "8.0.0"), "not allowed with argument"),
    ],
)
def test_run_that_cannot_start_says_why(
    arguments: tuple[str, ...], said: str, checkout: Path, registry: FakeRegistry
) -> None:
    """Without a registry, or with arguments that make no sense, nothing is recorded, and one line says why."""
    data = checkout / "contract_tests/documents" / FILE
    before = data.read_bytes()
    run = vendor(checkout, registry, *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr.splitlines()[-1]
    assert data.read_bytes() == before


def test_release_that_cannot_be_read_leaves_the_record(checkout: Path, registry: FakeRegistry) -> None:
    """A wheel that is not understood, a release that is not there and a record that is torn end the run as errors."""
    make_wheel(registry.folder, "8.0.0", {"_client": ""})
    data = checkout / "contract_tests/documents" / FILE
    before = data.read_bytes()
    for arguments, said in (
        ((), "error: nothing was recorded: roark_analytics-8.0.0-py3-none-any.whl cannot be read: "),
        (("9.0.0",), "error: nothing was recorded: roark-analytics has no release 9.0.0; the newest is 8.0.0\n"),
    ):
        run = vendor(checkout, registry, *arguments)
        assert (run.returncode, run.stdout) == (2, "")
        assert run.stderr.startswith(said)
    assert data.read_bytes() == before
    data.write_text(json.dumps({"releases": {}}), encoding="utf-8")
    torn = vendor(checkout, registry)
    assert torn.returncode == 2
    assert f"{FILE} is not what scripts/vendor wrote" in torn.stderr


def test_report_that_cannot_be_written_is_an_error(checkout: Path, registry: FakeRegistry) -> None:
    """Whoever reads the report through a full disk is not told that nothing is new."""
    command = commands.command(commands.VENDOR, "--history")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command,
            cwd=checkout,
            env=commands.environment(checkout, **registry.environment),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: what was found could not be told: ")
