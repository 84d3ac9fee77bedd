"""`scripts/upstream`: an upgrade of the generator does not change a template behind the back of ours."""

import shutil
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest

from scripts.codegen import upstream
from scripts.codegen.upstream.__main__ import WHAT_TO_DO, main

pytestmark = pytest.mark.whole_run


def test_templates_are_those_that_ours_were_held_against() -> None:
    """Ours were held against the very templates of the installed generator."""
    if found := list(upstream.differences()):
        pytest.fail("\n".join([*found, WHAT_TO_DO]), pytrace=False)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The generator's templates, those kept of them, and ours: each a copy, to be changed at will."""
    for name in ("INSTALLED", "KEPT", "OURS"):
        monkeypatch.setattr(upstream, name, Path(shutil.copytree(getattr(upstream, name), tmp_path / name)))
    return upstream.INSTALLED


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that `scripts/upstream` prints about what differs, and that it then says what to do."""
    assert main([]) == 1
    out = capsys.readouterr().out
    assert out.endswith(f"\n{WHAT_TO_DO}\n")
    return out.removesuffix(f"\n{WHAT_TO_DO}\n").splitlines()[2:]


def test_changed_text_is_shown_until_it_is_accepted(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A template that ours replaces and that has changed is shown line by line, and --accept ends that."""
    path = installed / "models_init.py.jinja"
    former = path.read_text(encoding="utf-8")
    path.write_text(former.replace("alls | sort", "alls | unique"), encoding="utf-8")
    lines = shown(capsys)
    assert lines[:3] == [
        "changed: models_init.py.jinja; ours, templates/models_init.py.jinja, replaces it",
        "--- models_init.py.jinja as accepted",
        "+++ models_init.py.jinja as installed",
    ]
    assert "-    {% for all in alls | sort %}" in lines
    assert "+    {% for all in alls | unique %}" in lines
    assert main(["--accept"]) == 0
    assert main([]) == 0


@pytest.mark.parametrize("name", upstream.LEFT)
def test_change_of_what_is_left_to_the_generator_is_shown(
    name: str, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed template that is rendered as it is, or whose file the runtime replaces, is shown with that reason."""
    with (installed / name).open("a", encoding="utf-8") as file:
        file.write("# new\n")
    lines = shown(capsys)
    assert lines[0] == f"changed: {name}; {upstream.LEFT[name]}"
    assert "+# new" in lines


def test_change_of_what_ours_leave_out_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed template that only the generator's own would have rendered is named: ours may need the like."""
    (installed / "property_templates/union_property.py.jinja").write_text("mended", encoding="utf-8")
    assert shown(capsys) == [f"changed: property_templates/union_property.py.jinja; {upstream.NOT_REPLACED}"]
    assert main(["--accept"]) == 0


@pytest.mark.usefixtures("installed")
def test_template_that_ours_newly_replace_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """A template that ours have come to replace is shown whole, so that its text is kept from then on."""
    (upstream.OURS / "setup.py.jinja").write_text("", encoding="utf-8")
    lines = shown(capsys)
    assert lines[0] == "changed: setup.py.jinja; ours, templates/setup.py.jinja, replaces it"
    assert any(line.startswith("+from setuptools") for line in lines)


def test_template_that_vanished_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A template that the generator has no more is named, and whether ours still stood in its place."""
    (installed / "str_enum.py.jinja").unlink()
    (installed / "setup.py.jinja").unlink()
    assert shown(capsys) == [
        f"gone: setup.py.jinja; {upstream.NOT_REPLACED}",
        "gone: str_enum.py.jinja; ours, templates/str_enum.py.jinja, is not rendered any more",
    ]
    assert main(["--accept"]) == 0
    assert not (upstream.KEPT / "str_enum.py.jinja").exists()


def test_new_template_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A template that the generator did not have is named; one that ours would replace unasked, with its text."""
    (installed / "property_templates/time_property.py.jinja").write_text("", encoding="utf-8")
    (installed / "resource.py.jinja").write_text("class Resource: ...\n", encoding="utf-8")
    lines = shown(capsys)
    assert lines[:2] == [
        f"new: property_templates/time_property.py.jinja; {upstream.NOT_REPLACED}",
        "new: resource.py.jinja; ours, templates/resource.py.jinja, replaces it",
    ]
    assert lines[-1] == "+class Resource: ..."
    assert main(["--accept"]) == 0


@pytest.mark.usefixtures("installed")
def test_template_that_is_rendered_and_not_ours_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A template of the generator that reaches our client is ours or in the table; accepting does not put it there."""
    (upstream.OURS / "int_enum.py.jinja").unlink()
    name = "rendered, and not ours: int_enum.py.jinja"
    assert any(line.startswith(name) for line in shown(capsys))
    assert main(["--accept"]) == 1
    assert name in capsys.readouterr().out


@pytest.mark.usefixtures("installed")
def test_template_that_is_left_for_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A template in the table that is not rendered any more is named."""
    monkeypatch.setitem(upstream.LEFT, "setup.py.jinja", "it was")
    assert any(line.startswith("not rendered any more: setup.py.jinja") for line in shown(capsys))


@pytest.mark.usefixtures("installed")
def test_generator_that_fails_on_ours_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Where ours cannot be rendered any more, that is one line among what else differs."""
    (upstream.OURS / "model.py.jinja").write_text("{{ model.gone.name }}", encoding="utf-8")
    (line,) = shown(capsys)
    assert line.startswith("the client cannot be written: ContractError: ")


def test_generator_that_cannot_be_imported_hides_nothing(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the generator lacks what ours are driven with, what became of its templates is shown all the same."""
    monkeypatch.setitem(sys.modules, "scripts.codegen.generator", None)
    monkeypatch.delattr("scripts.codegen.generator", raising=False)
    (installed / "setup.py.jinja").unlink()
    gone, failed = shown(capsys)
    assert gone == f"gone: setup.py.jinja; {upstream.NOT_REPLACED}"
    assert failed.startswith("the client cannot be written: ModuleNotFoundError: ")


@pytest.mark.usefixtures("installed")
def test_missing_copy_is_one_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Where what was kept cannot be read, that is exit code 2 in one line."""
    (upstream.KEPT / upstream.SUMS).unlink()
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_copies_carry_their_licence() -> None:
    """What is kept of the generator comes with the licence that it is under."""
    kept = (upstream.KEPT / "LICENSE").read_text(encoding="utf-8")
    assert kept == distribution("openapi-python-client").read_text("licenses/LICENSE")
