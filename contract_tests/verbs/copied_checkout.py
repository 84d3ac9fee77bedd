"""A copy of the checkout in which a party can be changed."""

import shutil
from pathlib import Path

from contract_tests.subject import ROOT


def copied_checkout(folder: Path) -> Path:
    """A copy of what a run of the proof reads."""
    for name in ("openapi.yaml", "pyproject.toml", "contract_tests", "generated", "scripts"):
        source, copy = ROOT / name, folder / "checkout" / name
        if source.is_dir():
            shutil.copytree(source, copy)  # with what Python has compiled, which to do again takes a second
        else:
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    return folder / "checkout"
