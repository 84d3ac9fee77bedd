"""What releases say is kept as facts, each with the first and the last of them, and nothing of it is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.documents import DocumentError, read_sdk_facts
from contract_tests.documents.releases import FILE, Fact, Releases, as_text, read_releases
from contract_tests.subject import Subject
from contract_tests.vendor.__main__ import CACHE, HISTORY
from contract_tests.vendor.history import changes, groups, table
from contract_tests.vendor.registry import RegistryError, fetch_wheel
from contract_tests.vendor.wheel import read_wheel

pytestmark = pytest.mark.same_everywhere

CALL_ANALYSIS, VAPI_CALL = "POST /v1/call-analysis", "POST /v1/vapi/call"

# The first release of each kind, and the newest of all.
RECORDED = read_releases(Subject.documents)
READ_EACH_NIGHT = [*(group[0] for group in groups(RECORDED)), *[*RECORDED.dates][-1:]]

# When releases say of our operations what the pages do not: the first and the last of them.
NAMED_BY_RELEASES = {
    (VAPI_CALL, "/request/skipAlreadyImported"): ("1.184.0", "2.24.1"),
    (CALL_ANALYSIS, "/request/properties"): ("1.4.0", "1.177.0"),
    (CALL_ANALYSIS, "/reply/data/call/properties"): ("1.4.0", "1.177.0"),
    (CALL_ANALYSIS, "/request/vapiCallId"): ("1.38.0", "1.177.0"),
    (CALL_ANALYSIS, "/request/retellCallId"): ("1.38.0", "1.177.0"),
    (CALL_ANALYSIS, "/request/toolInvocations"): ("1.64.0", "1.177.0"),
    (CALL_ANALYSIS, "/request/endedStatus"): ("1.143.0", "1.177.0"),
    (CALL_ANALYSIS, "/request/participants/*/isSimulated"): ("1.0.0", "1.177.0"),
    (CALL_ANALYSIS, "/reply/data/call/participants/*/isSimulated"): ("1.0.0", "1.177.0"),
}


def said(**fields: Any) -> dict[str, Any]:
    """What a release says whose Vapi call has these fields in its request; without any, it has no Vapi call."""
    request = {"type": "object", "properties": fields}
    operation = {"method": "integrations.create_vapi_call", "sends": VAPI_CALL, "arguments": [*fields]}
    operations = {VAPI_CALL: {**operation, "request": request}} if fields else {}
    return {"operations": operations, "errors": ["400"], "headers": []}


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
RELEASES = {
    "1.2.0": said(a=TEXT),
    "1.10.0": said(a=TEXT, b={"type": "array", "items": {"type": "object", "properties": {"c": TEXT}}}),
    "1.11.0": said(a=NUMBER),
    "2.0.0": said(),
    "2.1.0": said(a=TEXT),
}


def recorded(order: list[str]) -> Releases:
    """These releases, looked at one after another in this order."""
    releases = Releases({}, ())
    for release in order:
        releases = releases.looked_at({release: ("2026-11-29", RELEASES[release])})
    return releases


@pytest.mark.parametrize("order", [[*RELEASES], [*RELEASES][::-1], ["2.0.0", "1.10.0", "2.1.0", "1.2.0", "1.11.0"]])
def test_facts_are_the_same_in_whatever_order_releases_are_read(order: list[str]) -> None:
    """Each fact spans the releases that say it without a gap, the numbers of releases compared as numbers."""
    releases = recorded(order)
    assert [*releases.dates] == [*RELEASES]
    spans = [(fact.place, fact.first, fact.last) for fact in releases.facts if fact.place.startswith("/request/")]
    assert sorted(spans) == [
        ("/request/a", "1.11.0", "1.11.0"),
        ("/request/a", "1.2.0", "1.10.0"),
        ("/request/a", "2.1.0", "2.1.0"),
        ("/request/b", "1.10.0", "1.10.0"),
        ("/request/b/*", "1.10.0", "1.10.0"),
        ("/request/b/*/c", "1.10.0", "1.10.0"),
    ]
    assert Fact("", "errors", "1.2.0", "2.1.0", ["400"]) in releases.facts


def test_release_that_says_nothing_else_changes_no_fact() -> None:
    """A release that only repackages is looked at, and moves nothing but where the facts of today end."""
    before = recorded([*RELEASES])
    after = before.looked_at({"2.1.1": ("2026-12-01", RELEASES["2.1.0"])})
    moved = [fact for fact in after.facts if fact.last == "2.1.1"]
    assert [(f.place, f.first, f.said) for f in before.facts] == [(f.place, f.first, f.said) for f in after.facts]
    assert {fact.operation for fact in moved} == {"", VAPI_CALL}
    assert after.named("2.1.1") == "2.1.1 (2026-12-01)"
    assert after.looked_at({"2.1.1": (None, RELEASES["2.1.0"])}) == after  # where no registry was asked for the day


def test_schema_is_what_the_last_release_with_the_operation_says() -> None:
    """What was said and taken back is no part of the schema, nor what came after the operation was withdrawn."""
    releases = recorded([*RELEASES])
    assert releases.schema(VAPI_CALL, "/request") == {"type": "object", "properties": {"a": TEXT}}
    array = {"type": "array", "items": {"type": "object", "properties": {"c": TEXT}}}
    former = recorded(["1.10.0", "2.0.0"]).schema(VAPI_CALL, "/request")
    assert former == {"type": "object", "properties": {"a": TEXT, "b": array}}
    assert releases.schema(VAPI_CALL, "/reply") is None
    assert releases.schema("GET /", "/reply") is None


def test_changes_are_told_in_words() -> None:
    """What came, went or changed is told by its place; of what came or went as a whole, that alone."""
    releases = recorded([*RELEASES])
    told = [
        [str(each) for each in changes(releases.said_by(one), releases.said_by(other))]
        for one, other in (("1.2.0", "1.10.0"), ("1.10.0", "1.11.0"), ("1.11.0", "2.0.0"), ("2.0.0", "2.1.0"))
    ]
    assert told == [
        [f"{VAPI_CALL}: request b: new, array"],
        [f"{VAPI_CALL}: request b: gone", f"{VAPI_CALL}: request a: type: string → number"],
        [f"{VAPI_CALL}: withdrawn"],
        [f"{VAPI_CALL}: there: integrations.create_vapi_call sends {VAPI_CALL}, 1 argument"],
    ]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"enum": ["A", "B"]}, {"enum": ["B", "C"]}, ["request a: C is new", "request a: A is gone"]),
        ({}, {"required": True}, ["request a: required now"]),
        ({"required": True}, {}, ["request a: no longer required"]),
        ({}, {"description": "Words"}, ["request a: described"]),
        ({"description": "Words"}, {"description": "More"}, ["request a: described as “More”"]),
        ({"type": "string"}, {"type": ["string", "null"]}, ["request a: type: string → string, null"]),
        ({"type": "string"}, {}, ["request a: type: string → nothing"]),
    ],
)
def test_change_of_a_field_is_told_by_keyword(one: dict[str, Any], other: dict[str, Any], told: list[str]) -> None:
    """Of a field each keyword is told in the words of its kind."""
    both = ({("GET /", "/request/a"): each} for each in (one, other))
    assert [each.text for each in changes(*both)] == told


def test_operation_that_moved_is_told() -> None:
    """Another path and another method are told with both."""
    one, other = (
        {("GET /", "method"): method, ("GET /", "sends"): sends}
        for method, sends in (("a.get", "GET /v1"), ("b.get", "GET /v2"))
    )
    assert [each.text for each in changes(one, other)] == ["method: a.get → b.get", "moved from GET /v1 to GET /v2"]


def test_headers_that_are_read_no_longer_are_told() -> None:
    """What holds for all operations is told with what it was and what it is, though it is nothing."""
    one, other = ({("", "headers"): headers} for headers in (["retry-after", "retry-after-ms"], []))
    told = "all operations: headers: retry-after, retry-after-ms → nothing"
    assert [str(each) for each in changes(one, other)] == [told]


# --- What is recorded --------------------------------------------------------------------------------


def test_recorded_facts_are_written_as_they_are_read() -> None:
    """The file is what reading and writing it makes of it, each release dated and each fact within the releases."""
    releases = read_releases(Subject.documents)
    assert as_text(releases) == (Subject.documents / FILE).read_text(encoding="utf-8")
    assert releases.looked_at({}) == releases
    assert all(releases.dates.values())


def test_recorded_history_is_the_one_that_was_read_by_hand() -> None:
    """Where releases have our operations, and since when they name what the pages do not."""
    releases = read_releases(Subject.documents)
    assert releases.span(CALL_ANALYSIS, "method") == ("1.0.0", "1.177.0")
    assert releases.span(VAPI_CALL, "method") == ("1.184.0", "2.24.1")
    assert [releases.after(last) for last in ("1.177.0", "2.24.1")] == ["1.178.0", "3.0.0"]
    assert {at: releases.span(*at) for at in NAMED_BY_RELEASES} == NAMED_BY_RELEASES
    described = releases.last_word(CALL_ANALYSIS, "/request/recordingUrl")
    assert described is not None
    assert (described.first, "WAV or MP3" in described.said["description"]) == ("1.83.0", True)


def test_committed_history_is_what_is_recorded() -> None:
    """`history.txt` beside the verb is what `scripts/vendor --history` prints of the recorded facts."""
    printed = table(read_releases(Subject.documents), [CALL_ANALYSIS, VAPI_CALL])
    assert HISTORY.read_text(encoding="utf-8") == printed + "\n"


@pytest.mark.nightly
@pytest.mark.parametrize("release", READ_EACH_NIGHT)
def test_recorded_facts_are_what_wheels_say(release: str) -> None:
    """Each release that says something else than the one before, and the newest, is read as it is recorded."""
    releases = read_releases(Subject.documents)
    try:
        wheel = fetch_wheel(release, CACHE)
    except RegistryError as error:
        pytest.skip(str(error))
    said = read_wheel(wheel, read_sdk_facts().methods)
    assert releases.looked_at({release: (releases.dates[release], said)}) == releases


# --- What others tell beside it -----------------------------------------------------------------------


def test_what_is_said_beside_releases_stands_with_them() -> None:
    """`sdk.yaml` adds formats and nulls to what releases say, and takes nothing away."""
    replies = read_sdk_facts().replies[CALL_ANALYSIS]["properties"]["data"]["properties"]
    assert replies["jobId"] == {
        "type": "string",
        "description": "Analysis job ID for tracking progress",
        "format": "uuid",
    }
    assert replies["call"]["properties"]["properties"] == {"type": ["object", "null"]}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("    /recordingUrl: {format: uri}", "    /audioUrl: {format: uri}", "audioUrl"),
        ("{Retry-After:", "{Retry-Later:", "no release reads the header Retry-Later"),
    ],
)
def test_word_beside_releases_that_no_longer_fits_is_named(old: str, new: str, reason: str, tmp_path: Path) -> None:
    """What is said of a place or a header that no release names is told, with the file."""
    for name in (FILE, "sdk.yaml"):
        text = (Subject.documents / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"sdk\.\*: .*{reason}"):
        read_sdk_facts(tmp_path)


FACT = {"operation": "", "place": "errors", "first": "1.0.0", "last": "1.0.x", "said": []}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        json.dumps({"releases": {}, "facts": [{"operation": ""}]}),
        json.dumps({"releases": {}, "facts": [FACT]}),
        json.dumps({"releases": {"new": None}, "facts": []}),
        json.dumps({"releases": ["1.0.0"], "facts": []}),
    ],
)
def test_records_that_cannot_be_read_are_named(content: str, tmp_path: Path) -> None:
    """A file of records that is cut off or something else is told."""
    (tmp_path / "sdk.yaml").write_text((Subject.documents / "sdk.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(DocumentError, match=rf"{FILE} is not what scripts/vendor wrote"):
        read_sdk_facts(tmp_path)
