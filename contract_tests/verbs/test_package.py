"""The wheel: both packages, and a client that uploads where nothing else is installed."""

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from roark_mock import MockServer

from contract_tests.subject import ROOT

UPLOAD = """
import os
from roark_client import Roark

report = {"type": "end-of-call-report", "call": {"id": "call-123"}}
with Roark() as client:
    reply = client.integrations.create_vapi_call(vapi_end_of_call_report_payload=report)
print(reply.data.call_id)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with the build backend of the project's own environment."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel, what it requires without extras, and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    (site_packages,) = folder.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:  # a pure wheel is installed by unpacking it
        archive.extractall(site_packages)
    for required in closure("roark-client"):
        copy_into(site_packages, required)
    return python


def closure(name: str) -> Iterator[Distribution]:
    """What a distribution requires without its extras, and what these require; not itself."""
    seen, waiting = {name}, [name]
    while waiting:
        for requirement in distribution(waiting.pop()).requires or ():
            required = re.match(r"[\w.-]+", requirement)
            if required and "extra ==" not in requirement and _wanted(requirement) and required[0] not in seen:
                seen.add(required[0])
                waiting.append(required[0])
                yield distribution(required[0])


def _wanted(requirement: str) -> bool:
    """Whether a requirement holds on this Python; the few conditions of ours are all about its version."""
    older = re.search(r"python_version < ['\"]3\.(\d+)['\"]", requirement)
    return older is None or sys.version_info < (3, int(older[1]))


def copy_into(site_packages: Path, required: Distribution) -> None:
    """Install a distribution by copying the files that its record names."""
    for file in required.files or ():
        if ".." not in file.parts:
            target = site_packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(str(file.locate()), target)


def test_wheel_holds_both_packages_and_no_more(wheel: Path) -> None:
    """The wheel holds the client, its type marker and the mock; nothing of the tests or the generator."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"roark_client", "roark_mock", "roark_client-0.1.0.dist-info"}
    assert {"roark_client/py.typed", "roark_mock/py.typed", "roark_client/models/call.py"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".jinja")]


def test_client_uploads_where_only_the_wheel_is(python: Path) -> None:
    """In an empty environment, without the extra, the client uploads a call."""
    with MockServer() as mock:
        environment = {"PATH": os.environ["PATH"], "ROARK_BASE_URL": mock.url, "ROARK_API_BEARER_TOKEN": mock.token}
        run = subprocess.run(
            [python, "-I", "-c", UPLOAD.replace("import os\n", "import os\nos.environ.pop('http_proxy', None)\n", 1)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert len(mock.uploads) == 1


def test_mock_without_its_extra_says_what_to_install(python: Path) -> None:
    """Without the extra, the mock ends with one line that names it, and exit code 2."""
    run = subprocess.run([python, "-I", "-m", "roark_mock"], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "roark-client[mock]" in run.stderr
    assert "Traceback" not in run.stderr
