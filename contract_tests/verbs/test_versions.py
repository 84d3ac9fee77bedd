"""Semantic versions: what breaks callers of the last release asks for a step in the version, wherever it is written."""

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from contract_tests.compat.edits import edited
from contract_tests.subject import ROOT
from scripts.codegen import generator
from scripts.compat import versions
from scripts.compat.versions import ReleasedError
from scripts.contract import read
from scripts.verbs.release import main, release

pytestmark = pytest.mark.whole_run

Edits = Iterable[Mapping[str, Any]]

BREAKING: Edits = [{"remove": "/components/schemas/Call/properties/summary"}]
COMPATIBLE: Edits = [{"set": "/components/schemas/Call/properties/mood", "to": {"type": "string"}}]

PLACES = {
    "openapi.yaml": "info.version of openapi.yaml",
    "pyproject.toml": "pyproject.toml",
    "CHANGELOG.md": "the first heading of CHANGELOG.md",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what versions are read from, just released as 0.1.0."""
    for name in ("openapi.yaml", "pyproject.toml", "CHANGELOG.md"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "generated", tmp_path / "generated", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / versions.RELEASED).mkdir(parents=True)
    state(tmp_path, "0.1.0")
    versions.keep(tmp_path)
    return tmp_path


def change(checkout: Path, edits: Edits) -> None:
    """Edit the contract and write its client."""
    spec = checkout / "openapi.yaml"
    spec.write_text(json.dumps(edited(read(spec).document, edits)), encoding="utf-8")
    shutil.rmtree(checkout / "generated")
    generator.write_client(read(spec), checkout / "generated")


def state(checkout: Path, version: str, places: Iterable[str] = PLACES) -> None:
    """Write a version in these places."""
    for name in places:
        path = checkout / name
        text = path.read_text(encoding="utf-8")
        if name == "openapi.yaml":
            path.write_text(json.dumps(edited(read(path).document, [{"set": "/info/version", "to": version}])))
        elif name == "pyproject.toml":
            path.write_text(re.sub(r'^version = ".*"$', f'version = "{version}"', text, count=1, flags=re.MULTILINE))
        else:
            path.write_text(re.sub(r"^## .*$", f"## {version} - unreleased", text, count=1, flags=re.MULTILINE))


def test_checkout_states_the_version_that_is_due() -> None:
    """What breaks callers of the last release has its step in info.version, in pyproject.toml and in CHANGELOG.md."""
    assert versions.faults(ROOT) == []


def test_breaking_change_without_a_step_is_refused(checkout: Path) -> None:
    """A breaking change is refused in each place that does not say the version that is due."""
    change(checkout, BREAKING)
    assert versions.faults(checkout) == [
        f"{place} says 0.1.0; expected 0.2.0 or higher, since callers of 0.1.0 break" for place in PLACES.values()
    ]
    state(checkout, "0.1.1")
    assert len(versions.faults(checkout)) == 3


@pytest.mark.parametrize("left_out", PLACES)
def test_step_is_needed_in_every_place(checkout: Path, left_out: str) -> None:
    """A step in two of the three places is not enough; in all of them it is."""
    change(checkout, BREAKING)
    state(checkout, "0.2.0", [name for name in PLACES if name != left_out])
    assert versions.faults(checkout) == [
        f"{PLACES[left_out]} says 0.1.0; expected 0.2.0 or higher, since callers of 0.1.0 break"
    ]
    state(checkout, "0.2.0")
    assert versions.faults(checkout) == []


def test_breaking_change_after_one_needs_a_major_step(checkout: Path) -> None:
    """From 1.0.0 on, a breaking change asks for a major version."""
    state(checkout, "1.4.2")
    versions.keep(checkout)
    change(checkout, BREAKING)
    state(checkout, "1.5.0")
    assert all("expected 2.0.0 or higher, since callers of 1.4.2 break" in each for each in versions.faults(checkout))
    state(checkout, "2.0.0")
    assert versions.faults(checkout) == []


def test_compatible_change_needs_no_step(checkout: Path) -> None:
    """What breaks nobody may keep the version until it is released."""
    change(checkout, COMPATIBLE)
    assert versions.faults(checkout) == []


def test_change_of_names_alone_needs_a_step(checkout: Path) -> None:
    """A name that callers use and that is gone breaks them, though the contract is the same."""
    facade = checkout / "generated/roark_client/facade.py"
    text = facade.read_text(encoding="utf-8")
    assert "def close(" in text
    facade.write_text(text.replace("def close(", "def shut("), encoding="utf-8")
    assert len(versions.faults(checkout)) == 3


def test_versions_agree_and_do_not_go_back(checkout: Path) -> None:
    """The three places say one version, and none before the last release."""
    state(checkout, "0.1.2", ["CHANGELOG.md"])
    (fault,) = versions.faults(checkout)
    assert fault.startswith(
        "expected one version, got 0.1.0 in info.version of openapi.yaml, 0.1.0 in pyproject.toml, "
    )
    state(checkout, "0.0.9")
    assert all("expected 0.1.0 or higher, since 0.1.0 is released" in each for each in versions.faults(checkout))
    state(checkout, "next", ["CHANGELOG.md"])
    assert "the first heading of CHANGELOG.md says next; expected 0.1.0 or higher" in versions.faults(checkout)[-1]


def test_what_cannot_be_released_is_told(checkout: Path) -> None:
    """A last version that is none, and a pyproject.toml that cannot be read, are named before anything is kept."""
    project = checkout / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text("[project", encoding="utf-8")
    with pytest.raises(ReleasedError, match=r"^pyproject\.toml cannot be read: "):
        release(checkout, "2027-01-31")
    project.write_text(text, encoding="utf-8")
    state(checkout, "0.2")
    versions.keep(checkout)
    change(checkout, BREAKING)
    with pytest.raises(ReleasedError, match=r"^expected a version such as 1\.2\.3 to be released, got '0\.2'$"):
        release(checkout, "2027-01-31")
    assert "2027" not in (checkout / "CHANGELOG.md").read_text(encoding="utf-8")


def test_release_is_asked_for_without_a_word_more(capsys: pytest.CaptureFixture[str]) -> None:
    """`scripts/release` takes no argument: what is given one, such as a version, releases nothing."""
    with pytest.raises(SystemExit) as ended:
        main(["0.3.0"])
    assert ended.value.code == 2
    assert "unrecognized arguments: 0.3.0" in capsys.readouterr().err


def test_release_dates_the_version_and_counts_from_it(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A release is dated, and what broke before it is no longer counted against the version."""
    change(checkout, BREAKING)
    assert release(checkout, "2027-01-31") == 1, "0.1.0 is not the version that is due"
    state(checkout, "0.2.0")
    assert release(checkout, "2027-01-31") == 1, "the client has the old version"
    assert "the client is stale" in capsys.readouterr().out
    change(checkout, [])
    assert release(checkout, "2027-01-31") == 0
    assert "## 0.2.0 - 2027-01-31\n" in (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    assert versions.faults(checkout) == []
    assert release(checkout, "2027-02-01") == 1, "it is released already"
    change(checkout, [{"remove": "/components/schemas/Call/properties/endedAt"}])
    assert all("since callers of 0.2.0 break" in each for each in versions.faults(checkout))
