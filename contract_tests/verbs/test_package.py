"""The wheel: both packages, and a client that uploads where nothing else is installed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from roark_client import __version__
from roark_mock import MockServer

from contract_tests.subject import ROOT
from scripts.benchmark import environments

pytestmark = [pytest.mark.whole_run, pytest.mark.same_everywhere]

INFORMATION = f"roark_client-{__version__}.dist-info"

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
    environment = environments.copied(tmp_path_factory.mktemp("environment"), environments.required("roark-client"))
    with zipfile.ZipFile(wheel) as archive:  # a pure wheel is installed by unpacking it
        archive.extractall(environment.packages)
    return environment.python


def test_wheel_holds_both_packages_and_no_more(wheel: Path) -> None:
    """The wheel holds the client, its type marker and the mock; nothing of the tests or the generator."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"roark_client", "roark_mock", INFORMATION}
    assert {"roark_client/py.typed", "roark_mock/py.typed", "roark_client/models/call.py"} <= set(names)
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("roark_mock/openapi.yaml") == (ROOT / "openapi.yaml").read_bytes()
        entry_points = archive.read(f"{INFORMATION}/entry_points.txt").decode()
    assert "roark-mock = roark_mock.__main__:main" in entry_points
    assert "[pytest11]\nroark_mock = roark_mock.pytest_plugin" in entry_points
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
