"""`scripts/prove --shard` and `--merge`: machines share a run, and what they bring back is all of it or refused."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from contract_tests.checkouts import git
from contract_tests.evidence import Drift
from contract_tests.mutations import __main__ as prove
from contract_tests.mutations import parts
from contract_tests.mutations.catalogue import catalogue as every_drift
from contract_tests.mutations.change import Change, ServerChange
from contract_tests.mutations.parts import Part, PartError, Run, Shard
from contract_tests.mutations.run import Verdict
from contract_tests.subject import Subject
from scripts.git import RevisionError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"

CHANGES = [Change(family=f"family {number % 3}", name=f"drift {number}", hurts="nobody") for number in range(12)]
EQUIVALENT = Change(family="family 0", name="the same", hurts="nobody", equivalent="it is the same")

NOTICED = Drift("POST /v1/vapi/call", "reply#/data", "not so", "test_of_it: check")

# Who noticed each drift of a catalogue of two, where every check looked at it; and what that comes to.
BY_EVERY_CHECK = {
    "seen by two": ("test_of_it: check", "test_of_another: status"),
    "seen by one, twice": ("test_of_it: check", "test_of_a_third: check"),
}
COUNTED = """
noticed by   drifts   by nothing else
check             2                 1
status            1                 0

noticed none of them: """

# What becomes of a catalogue: verdicts beside those on CHANGES, which are noticed; and the exit code.
OUTCOMES: dict[str, tuple[list[Verdict], int]] = {
    "all noticed": ([Verdict(EQUIVALENT, 1.5)], 0),
    "one missed": ([Verdict(Change(family="family 1", name="unseen", hurts="all"), 2.5)], 1),
    "one undecided": ([Verdict(Change(family="family 1", name="dead", hurts="all"), 2.5, fault="died\n\33[2J")], 1),
    "one noticed that nobody can notice": ([Verdict(EQUIVALENT, 1.5, NOTICED)], 1),
    "one noticed by two": (
        [Verdict(Change(family="family 1", name="plain", hurts="all"), 9, NOTICED, "", ["test_of_it: check", "test"])],
        0,
    ),
}

Catalogue = Callable[[Sequence[Verdict]], None]


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """Sets the verdicts of a small catalogue, which come in another order than they are asked for, at COMMIT."""

    def set_up(others: Sequence[Verdict]) -> None:
        known = [*(Verdict(change, 0.25, NOTICED) for change in CHANGES), *others]

        def verdicts(changes: Sequence[Change], *_: object) -> Iterator[Verdict]:
            return (verdict for verdict in reversed(known) if verdict.change in changes)

        monkeypatch.setattr(prove, "catalogue", lambda _: [verdict.change for verdict in known])
        monkeypatch.setattr(prove, "verdicts", verdicts)

    monkeypatch.setattr(prove, "import_what_a_run_imports", lambda *_: None)
    monkeypatch.setattr(parts, "state", lambda _: COMMIT)
    set_up([])
    return set_up


@pytest.fixture
def three(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of a run in three parts, in the current folder."""
    catalogue([])
    monkeypatch.chdir(tmp_path)
    names = [f"{number}.json" for number in (1, 2, 3)]
    for number, name in enumerate(names, 1):
        assert prove.main(["--shard", f"{number}/3", "--seed", "7", "--json", name]) == 0
    return names


def read(file: str | Path) -> Any:
    """What a file of JSON holds."""
    return json.loads(Path(file).read_text(encoding="utf-8"))


def write(file: str, value: object) -> None:
    """Make a file of JSON hold that."""
    Path(file).write_text(json.dumps(value), encoding="utf-8")


def without_times(report: str) -> str:
    """A report but for how long all took."""
    return re.sub(r"\d+ s in all", "", report)


def part(shard: Shard, changes: Sequence[Change] = CHANGES) -> tuple[Path, Part]:
    """A part of a catalogue as it is read, and its file."""
    verdicts = [Verdict(change, 1) for change in changes if shard.holds(change)]
    run = Run(verdicts, seconds=1, seed=7, examples=100, commit=COMMIT, shard=shard)
    return Path(f"{shard.number}.json"), msgspec.json.decode(parts.as_json(run), type=Part)


@pytest.mark.parametrize(
    ("family", "name", "of_8"),
    [
        ("contract: schemas", "CallAnalysisRequest/properties/isTest: type boolean → string", "7/8"),
        ("documents", "the reply's isTest is a text", "2/8"),
        ("mock", "ß", "7/8"),
    ],
)
def test_part_of_a_drift_is_the_same_everywhere(family: str, name: str, of_8: str) -> None:
    """The part that holds a drift depends on its name alone: on no process, no version of Python, no other drift."""
    drift = Change(family=family, name=name, hurts="nobody")
    assert [str(Shard(number, 8)) for number in range(1, 9) if Shard(number, 8).holds(drift)] == [of_8]


@pytest.mark.parametrize("of", [1, 2, 7, 8])
def test_every_drift_is_in_one_part(of: int) -> None:
    """Each drift of the catalogue is in exactly one part, and no part has much more to do than another."""
    changes = every_drift(Subject())
    shards = [Shard(number, of) for number in range(1, of + 1)]
    sizes = Counter(shard for change in changes for shard in shards if shard.holds(change))
    assert sizes.total() == len(changes)
    assert max(sizes.values()) < 1.25 * len(changes) / of


@pytest.mark.parametrize("words", ["0/8", "9/8", "x", "3", "3/", "1/0", "-1/8", "1.5/8", "1/1000", "3/8/8", "٣/8", ""])
def test_part_that_is_none_is_refused(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no part is an argument error that says what was expected."""
    with pytest.raises(SystemExit, match="2"):
        prove.main([f"--shard={words}"])
    assert "error: argument --shard: expected " in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("words", [[], ["--every-check"]], ids=["to the first", "every check"])
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_merged_parts_are_the_whole_run(
    outcome: str, words: list[str], catalogue: Catalogue, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is printed and written of merged parts is what one run prints and writes, but for the time that it took."""
    others, code = OUTCOMES[outcome]
    catalogue(others)
    assert prove.main([*words, "--seed", "7", "--json", str(tmp_path / "whole.json")]) == code
    whole = capsys.readouterr().out
    files = [str(tmp_path / f"{number}.json") for number in (3, 1, 2)]
    for file in files:
        prove.main([*words, "--seed", "7", "--shard", f"{Path(file).stem}/3", "--json", file])
    capsys.readouterr()
    assert prove.main(["--merge", *files, "--json", str(tmp_path / "merged.json")]) == code
    merged = capsys.readouterr()
    assert without_times(merged.out) == without_times(whole)
    assert merged.err == ""
    written = read(tmp_path / "merged.json")
    assert written == read(tmp_path / "whole.json") | {"seconds": written["seconds"]}
    assert prove.main(["--merge", str(tmp_path / "merged.json")]) == code, "a whole run is a part that is all of it"


def test_what_only_one_check_noticed_is_counted(catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    """Of each check is said how many drifts it noticed, and how many nothing else did; and which noticed none."""
    found = [
        Verdict(
            ServerChange(family="family 0", name=name, hurts="all", bend=lambda _: None),
            1,
            NOTICED,
            noticed_by=noticed_by,
        )
        for name, noticed_by in BY_EVERY_CHECK.items()
    ]
    catalogue(found)
    words = ["--only", "seen by", "--seed", "7", "--every-check"]
    assert prove.main(words) == 0
    whole = capsys.readouterr().out
    assert COUNTED in whole
    idle = whole.partition(COUNTED)[2].partition("\n\n")[0].replace(",", "").split()
    assert {"echo", "test_generated_cases"} < set(idle)
    assert "test_requests_are_the_same" not in idle, "it looks at no server"


@pytest.mark.usefixtures("catalogue")
def test_part_says_which_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report of a part names it, and its file says of which commit, seed and examples it is."""
    file = tmp_path / "part.json"
    assert prove.main(["--shard", "3/3", "--seed", "7", "--json", str(file)]) == 0
    assert capsys.readouterr().out.endswith("; seed 7; part 3/3\n")
    written = read(file)
    given = {name: written[name] for name in ("commit", "seed", "examples", "shard")}
    assert given == {"commit": COMMIT, "seed": 7, "examples": 100, "shard": {"number": 3, "of": 3}}


@pytest.mark.usefixtures("catalogue")
def test_empty_part_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A part that holds none of the drifts asked for is no failure: it says so, and its file holds none."""
    empty = next(f"{number}/8" for number in range(1, 9) if not Shard(number, 8).holds(CHANGES[3]))
    file = tmp_path / "part.json"
    assert prove.main(["--only", CHANGES[3].name, "--shard", empty, "--seed", "7", "--json", str(file)]) == 0
    assert capsys.readouterr().out == f"none of these drifts is in part {empty}; seed 7\n"
    assert read(file)["drifts"] == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ([1, 3, 4, 6, 7, 8], "2/8 and 5/8 are missing; run scripts/prove --shard 2/8 --seed 7 --examples 100 --json "),
        ([1, 2, 3, 4, 5, 6, 7], "8/8 is missing; "),
        ([5, 4], "1/8, 2/8, 3/8, 6/8, 7/8 and 8/8 are missing; "),
    ],
)
def test_missing_parts_are_named(given: list[int], missing: str) -> None:
    """Parts that were not brought back are named, with the command that makes them."""
    with pytest.raises(PartError, match=re.escape(missing)):
        parts.merged([part(Shard(number, 8)) for number in given], CHANGES, COMMIT)


def test_missing_part_by_every_check_is_asked_for_so() -> None:
    """The command that makes a missing part lets every check look, where the other parts did."""
    path, half = part(Shard(1, 2))
    with pytest.raises(PartError, match=" --examples 100 --every-check --json "):
        parts.merged([(path, msgspec.structs.replace(half, every_check=True))], CHANGES, COMMIT)


def test_many_missing_parts_are_counted() -> None:
    """Of many missing parts a line names the first ones, and how many more there are."""
    with pytest.raises(PartError, match=r"^2/40, .* 8/40, 9/40 and 31 more are missing; "):
        parts.merged([part(Shard(1, 40))], CHANGES, COMMIT)


def test_part_of_a_smaller_catalogue_is_refused() -> None:
    """A part of --family, --only, --sample or a catalogue of fewer drifts is not the whole, and says what it lacks."""
    halves = [Shard(1, 2), Shard(2, 2)]
    (half,) = (half for half in halves if half.holds(CHANGES[-1]))
    lacks = f"{half.number}.json lacks 1 of the drifts of {half}, first family 2: drift 11; run that part without "
    with pytest.raises(PartError, match=re.escape(lacks)):
        parts.merged([part(half, CHANGES[:-1]) for half in halves], CHANGES, COMMIT)


ALL = (1, 2, 3)

# What three good parts are made to say, which of them, and how that is refused.
SPOILT: dict[str, tuple[Sequence[int], dict[str, Any], str]] = {
    "one of another commit": ([2], {"commit": OTHER}, f"1.json is of commit {COMMIT} and 2.json of commit {OTHER}; "),
    "one of another seed": ([3], {"seed": 8}, "1.json is of seed 7 and 3.json of seed 8; "),
    "one of other examples": ([2], {"examples": 5}, "1.json is of examples 100 and 2.json of examples 5; "),
    "one by every check": (
        [2],
        {"every_check": True},
        "1.json is without --every-check and 2.json with --every-check; ",
    ),
    "all of another commit": (ALL, {"commit": OTHER}, f"1.json is of commit {OTHER}, and this checkout of {COMMIT}; "),
    "all of no commit": (ALL, {"commit": None}, "1.json is of commit unknown, which does not tell whether "),
    "uncommitted": (ALL, {"commit": f"{COMMIT}-dirty"}, f"1.json is of commit {COMMIT}-dirty, which does not tell "),
    "a commit that a terminal obeys": ([2], {"commit": "\33[2J"}, r"and 2.json of commit \x1b[2J; "),
    "another division": (
        [2],
        {"shard": {"number": 2, "of": 4}},
        "1.json is 1/3 and 2.json 2/4; expected parts of ",
    ),
    "the same part twice": ([2], {"shard": {"number": 1, "of": 3}}, "1.json and 2.json are both 1/3; give each part "),
    "a part that is none": ([2], {"shard": {"number": 4, "of": 3}}, "2.json is not what --json wrote: expected part K"),
    "another format": ([2], {"format": "roark-prove 2"}, "2.json is not what --json wrote: Invalid enum value "),
    "a seed that is none": ([2], {"seed": "7"}, "2.json is not what --json wrote: Expected `int`, got `str` - at `$.s"),
    "no drifts": ([2], {"drifts": []}, "2.json lacks 8 of the drifts of 2/3, first family 0: drift 0; "),
}

Drifts = list[dict[str, Any]]

# What is done to the drifts of 2.json, given those of 1.json, and how that is refused.
FALSE_DRIFTS: dict[str, tuple[Callable[[Drifts, Drifts], object], str]] = {
    "one less": (lambda drifts, _: drifts.pop(0), "2.json lacks 1 of the drifts of 2/3, first family 0: drift 0; "),
    "one twice": (lambda drifts, _: drifts.append(drifts[0]), "family 0: drift 0 stands there twice; "),
    "one of another part": (lambda drifts, others: drifts.append(others[0]), " is of another part; "),
    "one that nobody knows": (lambda drifts, _: drifts[0].update(name="\33[2J"), r" \x1b[2J is not in the catalogue; "),
    "one without a name": (lambda drifts, _: drifts[0].pop("name"), "missing required field `name` - at `$.drifts[0]`"),
}


def expect_refused(files: Sequence[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Merging these is exit code 2 with one line that a terminal shows as it is."""
    capsys.readouterr()
    assert prove.main(["--merge", *files]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("error: ")
    assert reason in line
    assert line.isprintable()


@pytest.mark.parametrize("name", SPOILT)
def test_parts_of_no_whole_are_refused(name: str, three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Parts that are not the whole of one run of this commit are refused, with the file and what was expected."""
    numbers, values, reason = SPOILT[name]
    for number in numbers:
        write(three[number - 1], read(three[number - 1]) | values)
    expect_refused(three, reason, capsys)


@pytest.mark.parametrize("name", FALSE_DRIFTS)
def test_drifts_that_are_not_the_parts_are_refused(
    name: str, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each drift of the catalogue is in the part that holds it, once; another one is refused by name."""
    change, reason = FALSE_DRIFTS[name]
    part = read(three[1])
    change(part["drifts"], read(three[0])["drifts"])
    write(three[1], part)
    expect_refused(three, reason, capsys)


def test_text_of_a_part_is_shown_as_text(three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What a part says was noticed is printed without what a terminal would obey."""
    part = read(three[1])
    part["drifts"][0]["found_by"] = "\33[2J"
    write(three[1], part)
    capsys.readouterr()
    assert prove.main(["--merge", *three]) == 0
    assert r"\x1b[2J" in (shown := capsys.readouterr().out)
    assert "\33" not in shown


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"text", b"\xff\xfe", b'{"format": "\xff"}', b"{}", b'{"a": ' + b"[" * 100_000],
    ids=["empty", "cut", "a list", "null", "no JSON", "no text", "no text within", "nothing", "endless"],
)
def test_file_that_is_no_part_is_refused(content: bytes, three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A file that --json did not write, or not to its end, is refused by name, and is no part without drifts."""
    Path(three[1]).write_bytes(content)
    expect_refused(three, "2.json is not what --json wrote: ", capsys)


def test_part_cut_anywhere_is_refused(three: list[str]) -> None:
    """A part that was not written or copied to its end is refused, wherever it was cut."""
    whole = Path(three[1]).read_bytes().rstrip()
    for end in range(0, len(whole), 97):
        Path("cut.json").write_bytes(whole[:end])
        with pytest.raises(PartError, match=r"^cut\.json is not what --json wrote: "):
            parts.read(Path("cut.json"))


@pytest.mark.parametrize(("name", "reason"), [("none.json", "No such file"), (".", "Is a directory")])
def test_file_that_cannot_be_read_is_refused(
    name: str, reason: str, three: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is not there, or none, is refused by name."""
    expect_refused([*three, name], f"{name} cannot be read: {reason}", capsys)


@pytest.mark.parametrize(
    "words",
    [
        ["--family", "mock"],
        ["--only", "a"],
        ["--sample", "2"],
        ["--seed", "-1"],
        ["--examples", "5"],
        ["--stock"],
        ["--every-check"],
        ["--jobs", "4000"],
        ["--shard", "1/2"],
    ],
    ids=lambda words: words[0],
)
def test_merging_takes_no_other_option(words: list[str], three: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What chooses a run is refused where nothing runs, and not left out in silence."""
    capsys.readouterr()
    assert prove.main([*words, "--merge", *three]) == 2
    assert capsys.readouterr().err == (
        f"error: --merge runs nothing, so {words[0]} says nothing; leave out one of them\n"
    )


@pytest.mark.usefixtures("catalogue")
def test_stock_looks_at_whole_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The score of stock Schemathesis, which is of a sample of all, is refused for a part."""
    assert prove.main(["--stock", "--shard", "1/2"]) == 2
    assert capsys.readouterr().err.startswith("error: --stock looks at what a whole run has noticed; leave out ")
    assert prove.main(["--stock", "--every-check"]) == 2
    assert capsys.readouterr().err.startswith("error: --stock asks who is the first to notice, ")


@pytest.mark.usefixtures("catalogue")
def test_result_that_cannot_be_written_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be written is exit code 2 before anything runs."""
    assert prove.main(["--json", "no/such/folder/part.json"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.endswith("is not a folder\n")


@pytest.mark.parametrize("state", [f"{COMMIT}-dirty", None])
@pytest.mark.usefixtures("catalogue")
def test_part_that_will_not_be_merged_is_told_first(
    state: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A part of no commit is told so before it runs, and a checkout that is of none merges nothing."""

    def known(_: Path) -> str:
        if state is None:
            raise RevisionError("this is no git checkout")
        return state

    monkeypatch.setattr(parts, "state", known)
    file = tmp_path / "part.json"
    assert prove.main(["--shard", "1/2", "--json", str(file)]) == 0
    assert capsys.readouterr().err.endswith(", so --merge will not take this part\n")
    assert parts.read(file).commit == state
    assert prove.main(["--merge", str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


# What is done to a checkout that is committed, and whether its state is still that commit alone.
TOUCHED: dict[str, tuple[str, str, bool]] = {
    "a part is written beside": ("part.json", "{}", True),
    "the README is edited": ("README.md", "edited", True),
    "the contract is edited": ("openapi.yaml", "edited", False),
    "a test is edited": ("contract_tests/gate.py", "edited", False),
    "an input is new": ("contract_tests/inputs/new.yaml", "new", False),
}


@pytest.mark.parametrize("name", TOUCHED)
def test_state_is_the_commit_and_no_more(name: str, tmp_path: Path) -> None:
    """A checkout in which something that decides a run is not committed is not taken for its commit."""
    file, text, is_committed = TOUCHED[name]
    for path in ("README.md", "openapi.yaml", "contract_tests/gate.py", "contract_tests/inputs/urls.yaml"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("as it was", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message=One")
    commit = git(tmp_path, "rev-parse", "HEAD")
    assert parts.state(tmp_path) == commit
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert parts.state(tmp_path) == (commit if is_committed else f"{commit}-dirty")
    assert parts.is_committed(parts.state(tmp_path)) is is_committed


def test_state_without_git_is_unknown(tmp_path: Path) -> None:
    """Where there is no commit, the reason is given."""
    with pytest.raises(RevisionError, match="this is no git checkout"):
        parts.state(tmp_path)
