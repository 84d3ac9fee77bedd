"""The pool says what became of each file, whichever way its processes begin and end."""

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import pytest
from roark_client import ConfigurationError
from roark_mock import MockServer, RoarkMock

from contract_tests.applications.pool import upload_files

pytestmark = [
    pytest.mark.whole_run,
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),  # from Python 3.12 on, beside threads
]

Method = Literal["fork", "spawn"]
WAYS: list[tuple[Method, bool]] = [("fork", False), ("fork", True), ("spawn", False)]
every_way = pytest.mark.parametrize(("method", "share"), WAYS)


def reports(folder: Path, number: int) -> list[Path]:
    """Files with a report each."""
    paths = [folder / f"{index}.json" for index in range(number)]
    for path in paths:
        path.write_text(json.dumps({"type": "end-of-call-report", "call": {"id": path.stem}}))
    return paths


def uploaded(mock: RoarkMock) -> list[str]:
    """The calls that the mock has, in order."""
    return sorted(upload.request.vapi_end_of_call_report_payload.call.id for upload in mock.uploads.vapi_calls)


@every_way
def test_all(roark_mock: RoarkMock, tmp_path: Path, method: Method, share: bool) -> None:
    """Each report is uploaded once, in every way of making processes."""
    paths = reports(tmp_path, 6)
    summary = upload_files(paths, method=method, share=share)
    assert sorted(summary.delivered) == paths
    assert uploaded(roark_mock) == [path.stem for path in paths]


@every_way
def test_faults(roark_mock: RoarkMock, tmp_path: Path, method: Method, share: bool) -> None:
    """Each fault ends in its own list, and disturbs no other file."""
    paths = reports(tmp_path, 8)
    paths[2].write_text("{")
    paths[3].write_text('{"type": "end-of-call-report"}')
    paths[5].unlink()
    roark_mock.drop_next(recorded=True)
    roark_mock.fail_next(status=401)
    roark_mock.fail_next(status=422)
    roark_mock.fail_next(status=500)
    summary = upload_files(paths, method=method, share=share)
    numbers = [len(each) for each in (summary.delivered, summary.look_at, summary.send_later, summary.refused)]
    assert numbers == [1, 2, 2, 3]
    assert set(paths[2:4]) <= set(summary.refused)
    assert paths[5] in summary.send_later
    assert len(roark_mock.uploads) == 2


@every_way
def test_a_process_is_killed(roark_mock: RoarkMock, tmp_path: Path, method: Method, share: bool) -> None:
    """The file of a killed process is looked at, and another process uploads the rest."""
    paths = reports(tmp_path, 3)
    roark_mock.delay_next(60)
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(upload_files, paths, processes=1, method=method, share=share)
        roark_mock.uploads.wait_for(1, timeout=60)
        (worker,) = multiprocessing.active_children()
        worker.kill()
        summary = future.result()
    assert (summary.look_at, summary.delivered) == (paths[:1], paths[1:])
    assert summary.notes[paths[0]] == "the process died"
    assert uploaded(roark_mock) == ["0", "1", "2"]


@pytest.mark.usefixtures("roark_mock")
def test_without_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a token nothing begins."""
    monkeypatch.delenv("ROARK_API_BEARER_TOKEN")
    with pytest.raises(ConfigurationError):
        upload_files(reports(tmp_path, 1))


@pytest.mark.usefixtures("roark_mock")
def test_a_client_cannot_be_shared_with_spawned_processes(tmp_path: Path) -> None:
    """A client is no thing to send to another process, and the error says so."""
    with pytest.raises(TypeError, match="pickle"):
        upload_files(reports(tmp_path, 1), method="spawn", share=True)


def test_with_a_server_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the fixture, a server of its own does the same."""
    with MockServer() as server:
        monkeypatch.setenv("ROARK_BASE_URL", server.url)
        monkeypatch.setenv("ROARK_API_BEARER_TOKEN", server.token)
        assert len(upload_files(reports(tmp_path, 2)).delivered) == 2
        assert uploaded(server) == ["0", "1"]
