"""The commands say what they did, name what was refused, and end with 0, 1 or 2."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from roark_mock import RoarkMock

from contract_tests.example_app import __main__ as commands
from contract_tests.example_app.harness import HARNESS, add_calls, process, reconcile, rows, settled, states, wait_for
from contract_tests.example_app.opening import open_outbox
from contract_tests.example_app.outbox import Outcome, State
from contract_tests.example_app.samples import ANALYSIS, REPORT, line
from contract_tests.subject import ROOT

pytestmark = pytest.mark.whole_run

GOOD = [line(REPORT), line(ANALYSIS)]
BAD = [b"{", line({**ANALYSIS, "interfaceType": "FAX"})]


@pytest.fixture
def outbox_file(sqlite_place: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An outbox that the environment names."""
    monkeypatch.setenv("OUTBOX", sqlite_place)
    return sqlite_place


def file_of(folder: Path, *lines: bytes) -> str:
    """A file of lines."""
    file = folder / "calls.jsonl"
    file.write_bytes(b"".join(each + b"\n" for each in lines))
    return str(file)


def test_backfill_adds_what_it_can_and_names_what_it_cannot(
    outbox_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that Roark would refuse is named by its number with the reason; all others are added."""
    file = file_of(tmp_path, GOOD[0], BAD[0], b"", GOOD[1], BAD[1])
    assert commands.main(["backfill", file]) == 1
    out, err = capsys.readouterr()
    assert out == "4 lines: 2 added, 0 known already, 2 refused\n"
    assert [each.partition(": ")[0] for each in err.splitlines()] == [f"{file}:2", f"{file}:5"]
    assert "interface_type" in err
    assert len(states(outbox_file)) == 2


def test_dry_run_adds_nothing(outbox_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run says which lines would be refused, and makes no outbox."""
    assert commands.main(["backfill", "--dry-run", file_of(tmp_path, *GOOD, BAD[0])]) == 1
    assert capsys.readouterr().out == "3 lines: 2 would be taken, 1 refused\n"
    assert not Path(outbox_file).exists()


@pytest.mark.parametrize(
    ("there", "code", "become"), [(30, 1, "1 added, 0 known"), (len(GOOD[1]), 0, "0 added, 1 known")]
)
def test_file_that_has_grown_is_gone_on_with(
    there: int, code: int, become: str, outbox_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was read before is passed over; a line at the end is read again once something ends it."""
    file = Path(file_of(tmp_path, GOOD[0]))
    with file.open("ab") as more:
        more.write(GOOD[1][:there])
    assert commands.main(["backfill", str(file)]) == code
    with file.open("ab") as more:
        more.write(GOOD[1][there:] + b"\n")
    capsys.readouterr()
    assert commands.main(["backfill", str(file)]) == 0
    assert capsys.readouterr().out == f"1 lines: {become} already, 0 refused; 1 lines were added before\n"
    file.write_bytes(GOOD[1] + b"\n" + GOOD[0] + b"\n")  # another file under the same name
    assert commands.main(["backfill", str(file)]) == 0
    assert capsys.readouterr().out == "2 lines: 0 added, 2 known already, 0 refused\n"
    assert len(states(outbox_file)) == 2


def test_standard_input_is_read(outbox_file: str) -> None:
    """`-` reads lines from a pipe."""
    done = subprocess.run(
        [sys.executable, "-m", "contract_tests.example_app", "backfill", "-"],
        cwd=ROOT, input=b"\n".join(GOOD), env={**os.environ, "OUTBOX": outbox_file}, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == b"2 lines: 2 added, 0 known already, 0 refused\n"
    assert done.stderr == b""
    assert len(states(outbox_file)) == 2


def test_progress_is_shown_on_a_terminal(outbox_file: str, tmp_path: Path) -> None:
    """On a terminal a backfill shows how far it is, how fast, and the time that is left."""
    file = file_of(tmp_path, *(line({**REPORT, "call": {"id": f"{number}"}}) for number in range(1_200)))
    terminal, end = pty.openpty()
    with os.fdopen(terminal, "rb", buffering=0) as shown:
        subprocess.run(
            [sys.executable, "-m", "contract_tests.example_app", "backfill", file],
            cwd=ROOT, env={**os.environ, "OUTBOX": outbox_file}, stdout=subprocess.DEVNULL, stderr=end, check=True,
        )  # fmt: skip
        text = shown.read(10_000).decode()
        os.close(end)
    assert "calls.jsonl: 1,000 lines, " in text
    assert " a second, 83%, " in text
    assert " s left" in text


def test_status_counts_each_state(outbox_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All states are counted, with the age of the oldest, and what was delivered in the last minute."""
    add_calls(outbox_file, 3)
    with closing(open_outbox(outbox_file)) as outbox:
        (claim,), _ = outbox.claim("me", 60, 1)
        outbox.settle("me", [Outcome(claim, State.DELIVERED)])
    assert commands.main(["status"]) == 0
    shown = capsys.readouterr().out
    assert [each.split()[:2] for each in shown.splitlines()[1:6]] == [
        ["waiting", "2"], ["sending", "0"], ["delivered", "1"], ["refused", "0"], ["unclear", "0"],
    ]  # fmt: skip
    assert "delivered in the last minute: 1 (0.0 a second)" in shown


def test_doubts_are_listed_shown_and_resolved(
    outbox_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is unclear is listed, shown with its body, and said to be delivered or sent again, one by one or by file."""
    assert commands.main(["unclear"]) == 0
    keys = sorted(add_calls(outbox_file, 3))
    with closing(open_outbox(outbox_file)) as outbox:
        claims, _ = outbox.claim("me", 60, 3)
        outbox.settle("me", [Outcome(each, State.UNCLEAR, "no answer\nin time") for each in claims])
    capsys.readouterr()
    assert commands.main(["unclear", "list"]) == 1
    listed = capsys.readouterr().out
    assert sorted(each.split("\t")[0] for each in listed.splitlines()) == keys
    assert commands.main(["unclear", "show", keys[0]]) == 0
    shown = capsys.readouterr().out
    assert "no answer" in shown
    assert json.loads(shown[shown.index("{") :])
    assert commands.main(["unclear", "delivered", keys[0], "nobody"]) == 1
    assert "nobody: not unclear" in capsys.readouterr().err
    (tmp_path / "keys").write_text(listed)  # as it was listed
    assert commands.main(["unclear", "again", "--file", str(tmp_path / "keys")]) == 1
    assert capsys.readouterr().out == "2 of 3 are now waiting\n"
    found = states(outbox_file)
    assert [found[key] for key in keys] == [State.DELIVERED, State.WAITING, State.WAITING]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["backfill", "/nowhere.jsonl"], "/nowhere.jsonl"),
        (["unclear", "show", "nobody"], "there is no upload nobody"),
        (["unclear", "again"], "expected KEY, or --file"),
    ],
)
@pytest.mark.usefixtures("outbox_file")
def test_what_cannot_be_done_is_exit_code_2(words: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that could not run says why in one line."""
    assert commands.main(words) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert reason in error
    assert error.count("\n") == 1


def test_outbox_that_cannot_be_opened_is_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The password of a database that cannot be reached is shown to nobody."""
    monkeypatch.setattr("contract_tests.example_app.postgres.CONNECT_SECONDS", 0.3)
    for url, reason in (
        ("postgresql://me:pass-5ac1@127.0.0.1:1/outbox", "Postgres: "),
        ("Postgresql://me:pass-5ac1@127.0.0.1/outbox", "expected OUTBOX"),
        ("postgresql+psycopg://me:pass-5ac1@127.0.0.1/outbox", "expected OUTBOX"),
        (" postgresql://me:pass-5ac1@127.0.0.1/outbox", "expected OUTBOX"),
        ("postgresql://me:pass-5ac1%zz@127.0.0.1:1/outbox", "cannot be read"),
    ):
        monkeypatch.setenv("OUTBOX", url)
        assert commands.main(["status"]) == 2
        error = capsys.readouterr().err
        assert reason in error
        assert "pass-5ac1" not in error


@pytest.mark.usefixtures("roark_mock")
def test_work_without_a_token_is_exit_code_2(outbox_file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot send does not begin."""
    monkeypatch.delenv("ROARK_API_BEARER_TOKEN")
    add_calls(outbox_file, 1)
    assert commands.main(["work"]) == 2
    assert set(states(outbox_file).values()) == {State.WAITING}


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.nightly)])
def test_worker_ends_cleanly(number: int, place: str, tmp_path: Path, roark_mock: RoarkMock) -> None:
    """Told to end, a worker lets what is on its way arrive, and ends with 0 and without a word."""
    keys = add_calls(place, 30)
    roark_mock.delay_next(0.5, times=4)
    with process("work", "--at-a-time", "4", place=place, log=tmp_path / "log") as started:
        roark_mock.uploads.wait_for(4, timeout=60)
        started.send_signal(number)
        assert started.wait(60) == 0
    assert (tmp_path / "log").read_text() == ""
    assert State.SENDING not in reconcile(place, roark_mock, keys)


def test_several_workers_share_a_file(sqlite_place: str, tmp_path: Path, roark_mock: RoarkMock) -> None:
    """Workers in processes of their own forward each call of a file once."""
    keys = add_calls(sqlite_place, 300)
    log = tmp_path / "log"
    with process("work", place=sqlite_place, log=log), process("work", place=sqlite_place, log=log):
        wait_for(lambda: len({row.worker for row in rows(sqlite_place) if row.worker}) == 2, "both have begun")
        settled(sqlite_place)
    assert reconcile(sqlite_place, roark_mock, keys) == {State.DELIVERED: 300}
    assert log.read_text() == ""


def test_line_that_is_mended_in_its_place_is_added(
    outbox_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run after one with a refused line reads it again, names it again, and adds it once it is mended."""
    more = [line({**REPORT, "call": {"id": f"{number}"}}) for number in range(3)]
    file = file_of(tmp_path, more[0], BAD[1], more[1])
    for _ in range(2):
        assert commands.main(["backfill", file]) == 1
        assert f"{file}:2: " in capsys.readouterr().err
    file_of(tmp_path, more[0], GOOD[1], more[1], more[2])
    assert commands.main(["backfill", file]) == 0
    assert capsys.readouterr().out == "3 lines: 2 added, 1 known already, 0 refused; 1 lines were added before\n"
    assert len(states(outbox_file)) == 4


def test_file_that_was_rewritten_is_read_anew(outbox_file: str, tmp_path: Path) -> None:
    """What stands in the place of what was read before is not passed over, though it begins alike."""
    first, *others = [line({**REPORT, "call": {"id": f"{number}"}}) for number in range(6)]
    assert commands.main(["backfill", file_of(tmp_path, first, *others[:2])]) == 0
    assert commands.main(["backfill", file_of(tmp_path, first, *others[3:])]) == 0
    assert len(states(outbox_file)) == 5


def test_status_says_what_keeps_uploads_waiting(outbox_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A reason, a pause and a limit are told; what a server said steers no terminal."""
    add_calls(outbox_file, 2)
    with closing(open_outbox(outbox_file)) as outbox:
        outbox.limit(5)
        (claim,), _ = outbox.claim("me", 60, 1)
        outbox.settle("me", [Outcome(claim, State.WAITING, "401\n\033[2J", 30, pauses_all=True)])
    assert commands.main(["status"]) == 0
    shown = capsys.readouterr().out
    assert "of at most 5" in shown
    assert "Roark asked to wait: 30 s left" in shown or "Roark asked to wait: 29 s left" in shown
    assert "waiting, since: 401 \N{REPLACEMENT CHARACTER}[2J" in shown


def test_lease_that_has_ended_is_listed_without_a_worker(outbox_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever lists what is unclear finds what a worker left that has ended."""
    (key,) = add_calls(outbox_file, 1)
    with closing(open_outbox(outbox_file)) as outbox:
        outbox.claim("me", -1, 1)
    assert commands.main(["unclear"]) == 1
    assert capsys.readouterr().out.startswith(f"{key}\t")


def test_what_is_refused_is_listed_and_sent_again(outbox_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`unclear list --refused` names what Roark does not want, and `again` has it sent once more."""
    (key,) = add_calls(outbox_file, 1)
    with closing(open_outbox(outbox_file)) as outbox:
        outbox.settle("me", [Outcome(each, State.REFUSED, "422") for each in outbox.claim("me", 60, 1)[0]])
    assert commands.main(["unclear", "list", "--refused"]) == 1
    assert capsys.readouterr().out.split("\t")[::3] == [key, "422\n"]
    assert commands.main(["unclear", "again", key]) == 0
    assert states(outbox_file) == {key: State.WAITING}


@pytest.mark.parametrize("content", [b"", b"\xff\n"])
@pytest.mark.usefixtures("outbox_file")
def test_file_of_keys_that_is_none_is_exit_code_2(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file of keys, and one that is no text, change nothing."""
    (tmp_path / "keys").write_bytes(content)
    assert commands.main(["unclear", "again", "--file", str(tmp_path / "keys")]) == 2
    assert "expected" in capsys.readouterr().err


def test_receiver_says_where_it_is_and_ends_beside_an_open_request(sqlite_place: str, tmp_path: Path) -> None:
    """A receiver waits for a webhook that is still coming, but not for ever; a port that is taken is exit code 2."""
    log = tmp_path / "log"
    words = ("never", "0", "receive", "--port", "0")
    with process(*words, place=sqlite_place, log=log, module=HARNESS) as started:
        wait_for(lambda: "takes Vapi's webhooks" in log.read_text(), "it listens")
        port = int(log.read_text().split(":")[2].split("/")[0])
        with process("receive", "--port", f"{port}", place=sqlite_place, log=tmp_path / "other") as other:
            assert other.wait(60) == 2
        assert "in use" in (tmp_path / "other").read_text()
        with socket.create_connection(("127.0.0.1", port)) as open_request:
            open_request.sendall(b"POST /vapi HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{")
            started.terminate()
            assert started.wait(60) == 0
