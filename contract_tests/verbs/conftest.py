"""A checkout for each test that asks for one."""

import shutil
from pathlib import Path

import pytest

from contract_tests import checkouts


@pytest.fixture(scope="session")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of its own with one commit. Not to be changed."""
    folder = tmp_path_factory.mktemp("committed") / "checkout"
    checkouts.commit(folder)
    return folder


@pytest.fixture
def checkout(committed: Path, tmp_path: Path) -> Path:
    """A copy of that checkout, to be changed at will."""
    return Path(shutil.copytree(committed, tmp_path / "checkout"))
