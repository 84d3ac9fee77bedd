"""A checkout that holds the set-up and a few verbs, all real. Only pip is a stand-in, since it needs the network."""

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from contract_tests.subject import ROOT

NAME = 'it\'s a "checkout" é'  # what a shell, a .pth or pip could stumble over

# What scripts/generate runs there: it prints the checkout that it works on, and its environment.
GENERATE = "import sys\nfrom pathlib import Path\nprint(Path(__file__).parents[2], sys.prefix, sep='\\n')\n"

FILES = {
    "requirements.txt": "attrs==1 --hash=sha256:0\n" * 2_000,  # more than the little room of a full disk
    "requirements-oldest.txt": "attrs==0 --hash=sha256:0\n",
    "pyproject.toml": "[project]\n",
    ".gitignore": ".venv/\n",
    "scripts/verbs/generate.py": GENERATE,
}

COPIED = {
    name: name
    for name in (
        "scripts/__init__.py",
        "scripts/environment",
        "scripts/ownership.py",
        "scripts/set_up.py",
        "scripts/generate",
        "scripts/lint-contract",
        "scripts/lint-workflows",
        ".ci/run",
    )
} | {"scripts/generate-oldest": "scripts/generate", "scripts/test": "scripts/generate"}

WHOLE = [".venv requirements.txt", ".venv ."]
"""What pip is asked for by a set-up from nothing."""

PROJECT = [".venv ."]
"""What it is asked for where only the project is installed anew."""


@dataclass(frozen=True)
class Checkout:
    """A small checkout. Beside it lie the Python that sets it up and the notes of its pip, for its copies as well."""

    root: Path
    place: Path

    @property
    def environment(self) -> Path:
        """Its `.venv`."""
        return self.root / ".venv"

    @property
    def notes(self) -> Path:
        """The notes of its pip."""
        return self.place / "notes"

    def asked(self) -> list[str]:
        """What pip was asked for since this was last called: the name of the environment and the last argument."""
        lines = self.notes.read_text(encoding="utf-8").splitlines()
        self.notes.write_text("")
        return lines

    def variables(self, **variables: str) -> dict[str, str]:
        """The environment variables of whoever calls a verb."""
        own = {"PYTHON": str(self.place / "python"), "ASKED": str(self.notes)}
        return {"PATH": os.environ["PATH"], **own, **variables}

    def start(self, **variables: str) -> subprocess.Popen[str]:
        """Start its `scripts/generate`."""
        return subprocess.Popen(
            [self.root / "scripts/generate"],
            env=self.variables(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command, or its `scripts/generate`."""
        return subprocess.run(
            command or [self.root / "scripts/generate"],
            env=self.variables(**variables),
            capture_output=True,
            text=True,
            check=False,
        )

    def refused(self, **variables: str) -> str:
        """What `scripts/generate` says, in one line, where it cannot run."""
        run = self.run(**variables)
        assert (run.returncode, run.stdout) == (2, "")
        line = run.stderr.splitlines()[-1]
        assert line.startswith("error: ")
        assert "Traceback" not in run.stderr
        return line

    def works_on_itself(self, run: subprocess.CompletedProcess[str] | None = None) -> bool:
        """Whether a run, or a new one, of its verb worked on this checkout with this checkout's environment."""
        run = run or self.run()
        assert run.returncode == 0, run.stderr
        return run.stdout == f"{self.root}\n{self.environment}\n"


def small_checkout(place: Path, name: str = NAME) -> Checkout:
    """Make one in a folder, not set up yet."""
    checkout = Checkout(place.resolve() / name, place)
    for target, source in COPIED.items():
        (checkout.root / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, checkout.root / target)
    for target, text in FILES.items():
        (checkout.root / target).parent.mkdir(exist_ok=True)
        (checkout.root / target).write_text(text, encoding="utf-8")
    checkout.notes.touch()
    python = place / "python"
    set_up = shlex.join([sys.executable, "-P", str(Path(__file__).with_name("offline_set_up.py"))])
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] || exec {set_up} "$@"\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    return checkout
