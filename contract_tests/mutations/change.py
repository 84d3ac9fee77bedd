"""A single change of one party, and how it is applied to one run of the proof."""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from contract_tests.drift.run import AT_ONCE, SERVERLESS, TO_THE_FIRST, WITH_CLIENT, Modules
from contract_tests.mutations.bent_server import Bend, BentServer
from contract_tests.mutations.edits import Edit, with_edit
from contract_tests.subject import ROOT, Subject
from scripts.codegen import generator


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one party. `name` says what changes and `hurts` whom, each in a few words.

    `place` is a part of the place that a precise finding names. `equivalent` says why nobody could notice the change,
    for the few of which that is true.
    """

    family: str
    name: str
    hurts: str
    place: str = ""
    equivalent: str = ""

    rounds: ClassVar[tuple[Modules, ...]] = TO_THE_FIRST
    """The modules of the proof that look at what changes. The next round runs where one has found nothing."""

    @property
    def identity(self) -> tuple[str, str]:
        """What it is known by: its family, and its name there."""
        return self.family, self.name

    @property
    def before(self) -> "Change":
        """The parties that it changes, as they are: where they drift already, nothing is shown."""
        return AS_THEY_ARE

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:  # noqa: ARG002
        """The parties with this change, here none. To be used in a process of its own, which ends with the run.

        Raises `ContractError` where the changed contract cannot be used, which is a way to notice the change.
        """
        yield subject


AS_THEY_ARE = Change(family="", name="", hurts="")


@dataclass(frozen=True, kw_only=True)
class ContractChange(Change):
    """The contract is edited, and the client generated from it. `edit` changes a document in place."""

    edit: Edit

    rounds = (AT_ONCE, tuple(each for each in TO_THE_FIRST[0] if each not in AT_ONCE), TO_THE_FIRST[1])

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The changed contract and its client, with the mock that did not follow."""
        spec = folder / "openapi.yaml"
        spec.write_text(json.dumps(with_edit(subject.contract.document, self.edit)), encoding="utf-8")  # JSON is YAML
        changed = replace(subject, spec=spec, client=folder / "generated")
        generator.write_client(changed.contract, changed.client)
        yield changed


@dataclass(frozen=True, kw_only=True)
class ServerChange(Change):
    """The server answers otherwise. It is a server like any other: nothing but its replies can be looked at."""

    bend: Bend

    rounds = (tuple(each for each in TO_THE_FIRST[0] if each not in SERVERLESS), TO_THE_FIRST[1])

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:  # noqa: ARG002
        """The parties with the bent server on a loopback port. Raises RuntimeError at the end where the bend failed."""
        with BentServer(self.bend, subject.token) as server:
            yield replace(subject, server_url=server.url)
            if server.faults:
                raise RuntimeError("the bend itself failed, so nothing was shown") from server.faults[0]


@dataclass(frozen=True, kw_only=True)
class SourceChange(Change):
    """A text is replaced in a file. `old` occurs in it once."""

    below: ClassVar[Path]
    """The folder that `file` is relative to."""

    file: str
    old: str
    new: str

    def change(self, folder: Path) -> None:
        """Replace the text in the file below a folder. Raises ValueError where the file has moved on."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} has {text.count(self.old)} times, not once: {self.old!r}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, kw_only=True)
class DocumentChange(SourceChange):
    """A document of the vendor says something else."""

    below = Subject.documents

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The parties with the documents read from a changed copy."""
        changed = replace(subject, documents=folder / "documents")
        shutil.copytree(self.below, changed.documents)
        self.change(changed.documents)
        yield changed


@dataclass(frozen=True, kw_only=True)
class ClientChange(SourceChange):
    """A template or a runtime module changes, and the client is generated anew."""

    below = ROOT / "scripts" / "codegen"

    rounds = (WITH_CLIENT,)

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The parties with a client that a changed generator writes."""
        for part in ("templates", "runtime"):
            shutil.copytree(self.below / part, folder / part)
        self.change(folder)
        changed = replace(subject, client=folder / "generated")
        templates, runtime = folder / "templates", folder / "runtime"
        generator.write_client(changed.contract, changed.client, templates=templates, runtime=runtime)
        yield changed


@dataclass(frozen=True, kw_only=True)
class MockChange(SourceChange):
    """The mock's own source changes."""

    below = ROOT / "contract_tests" / "mock_server" / "roark_mock"

    @contextmanager
    def applied(self, subject: Subject, folder: Path) -> Iterator[Subject]:
        """The parties with a changed copy of the mock, whichever was imported before.

        The proof imports the mock by its name, as its users do. So the copy goes where Python looks first, and what was
        imported is forgotten; the process ends with the run.
        """
        shutil.copytree(self.below, folder / "mock" / "roark_mock")
        self.change(folder / "mock" / "roark_mock")
        sys.path.insert(0, str(folder / "mock"))
        for name in [name for name in sys.modules if name.partition(".")[0] == "roark_mock"]:
            del sys.modules[name]
        yield subject
