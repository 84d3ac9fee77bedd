"""What a person is told who gave something else than was meant: another library's object, another name."""

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from attrs import define
from pydantic import BaseModel
from roark_client import UNSET, ArgumentTypeError, ArgumentValueError, ConfigurationError, Roark, RoarkError
from roark_client.models import CallParticipant, ParticipantInput
from roark_client.slips import intended_name

from contract_tests.client.in_process import Server, documented_reply
from contract_tests.client.other_libraries import NumpyScalar
from contract_tests.client.samples import REPORT, UPLOAD
from contract_tests.subject import Subject

CALL = next(each for each in Subject().operations if each.label == "POST /v1/call-analysis")
VAPI_CALL = next(each for each in Subject().operations if each.label == "POST /v1/vapi/call")
SERVER = Server()


@dataclass
class OfDataclasses:
    """A report as an application has it."""

    type: str


@define
class OfAttrs:
    """A report as an application has it."""

    type: str


class OfMsgspec(msgspec.Struct):
    """A report as an application has it."""

    type: str


class OfPydantic(BaseModel):
    """A report as an application has it."""

    type: str


class OfPandas:
    """A row, as far as this goes."""

    def to_dict(self) -> dict[str, Any]:
        """As a dict."""
        return {}


# An object that stands for a report, and what is told.
OBJECTS: dict[str, tuple[Any, str]] = {
    "dataclasses": (OfDataclasses("x"), "got a OfDataclasses of contract_tests; give dataclasses.asdict(…)"),
    "attrs": (OfAttrs("x"), "got a OfAttrs of contract_tests; give attrs.asdict(…)"),
    "msgspec": (OfMsgspec("x"), "got a OfMsgspec of contract_tests; give msgspec.to_builtins(…)"),
    "pydantic": (
        OfPydantic(type="x"),
        "got a OfPydantic of contract_tests; give its model_dump(mode='json', by_alias=True)",
    ),
    "pandas": (OfPandas(), "got a OfPandas of contract_tests; give its to_dict()"),
    "another model": (CallParticipant(role="AGENT"), "got a CallParticipant of roark_client; give its to_dict()"),
    "JSON as text": ('{"type": "x"}', "got a string; give json.loads(…)"),
    "JSON as bytes": (b'{"type": "x"}', "got a Python bytes; give json.loads(…)"),
    "other text": ("x", "got a string"),
    "nothing that is known": (object(), "got a Python object"),
}


@pytest.mark.parametrize("name", OBJECTS)
def test_object_that_stands_for_a_report_is_told_what_makes_a_dict_of_it(name: str) -> None:
    """An object of another library where a mapping is expected is named, with what makes a dict of it."""
    given, told = OBJECTS[name]
    with pytest.raises(ArgumentTypeError) as refused:
        SERVER.upload(VAPI_CALL, vapi_end_of_call_report_payload=given)
    assert str(refused.value) == f"vapi_end_of_call_report_payload: expected an object, {told}"
    with pytest.raises(ArgumentTypeError) as refused:
        SERVER.upload(CALL, **{**UPLOAD, "participants": [{"role": "AGENT"}, given]})
    assert str(refused.value) == f"participants/1: expected an object, {told}"


def test_object_inside_a_report_is_told_what_makes_a_dict_of_it() -> None:
    """So is one inside a report, by its place."""
    with pytest.raises(ArgumentTypeError) as refused:
        SERVER.upload(VAPI_CALL, vapi_end_of_call_report_payload={**REPORT, "more": [OfDataclasses("x")]})
    place = "vapi_end_of_call_report_payload/more/0"
    assert str(refused.value) == (
        f"{place}: expected a JSON value, got a OfDataclasses of contract_tests; give dataclasses.asdict(…)"
    )


def test_scalars_of_numpy_are_taken() -> None:
    """A boolean and a number of numpy's, as a row of pandas' holds them, go out as Python's own do."""
    SERVER.reply = documented_reply(CALL)
    participants = [{"role": "AGENT", "spoke_first": NumpyScalar(value=True, kind="b")}, {"role": "CUSTOMER"}]
    tools = [
        {"name": "pay", "parameters": {"sum": NumpyScalar(2.5, "f")}, "result": "", "start_offset_ms": NumpyScalar(7)}
    ]
    SERVER.upload(CALL, **{**UPLOAD, "participants": participants, "tool_invocations": tools})
    sent = SERVER.received()
    assert sent["participants"][0]["spokeFirst"] is True
    assert sent["toolInvocations"][0] == {"name": "pay", "parameters": {"sum": 2.5}, "result": "", "startOffsetMs": 7}


def test_scalar_that_is_no_number_is_explained() -> None:
    """What of numpy's is no number of JSON's is told with the library that it is of."""
    with pytest.raises(ArgumentTypeError, match=r"^is_test: expected a boolean, got a NumpyScalar of numpy$"):
        SERVER.upload(CALL, **{**UPLOAD, "is_test": NumpyScalar(0, "M")})


# Keys of a participant, and what is told; None where they are sent.
KEYS: dict[str, tuple[dict[str, Any], str | None]] = {
    "two letters swapped": ({"spoke_frist": True}, "participants/0/spoke_frist: expected spoke_first"),
    "a letter left out": ({"phon_number": "1"}, "participants/0/phon_number: expected phone_number"),
    "a letter too many": ({"isSimulatedd": True}, "participants/0/isSimulatedd: expected is_simulated"),
    "another spelling": ({"Spoke-First": True}, "participants/0/Spoke-First: expected spoke_first"),
    "another field": ({"mood": "calm"}, None),
    "a longer name": ({"phoneNumberId": "1"}, None),
    "a name beside the one it is close to": ({"name": "Ann", "names": ["Ann"]}, None),
}


@pytest.mark.parametrize("name", KEYS)
def test_key_that_is_a_slip_of_the_pen_is_refused(name: str) -> None:
    """A key close to that of a field which is not given is an error that names it; another one is sent, and told."""
    SERVER.reply = documented_reply(CALL)
    given, told = KEYS[name]
    participants = [{"role": "AGENT", **given}, {"role": "CUSTOMER"}]
    if told is None:
        SERVER.upload(CALL, **{**UPLOAD, "participants": participants})
        assert SERVER.received()["participants"][0] == participants[0]
        assert [kind for _, kind, _ in SERVER.told()] == ["unknown field"]
        return
    with pytest.raises(ArgumentValueError) as refused:
        SERVER.upload(CALL, **{**UPLOAD, "participants": participants})
    (key,) = given
    hint = f"another field than that goes into a ParticipantInput, by [{key!r}] = …"
    assert str(refused.value) == f"{told}, got a name close to it; {hint}"
    assert not SERVER.requests


def test_key_that_is_meant_goes_out_where_it_is_said_so() -> None:
    """In `extra_body`, in a model's further fields and in a raw report any key is meant."""
    SERVER.reply = documented_reply(CALL)
    participant = ParticipantInput(role="AGENT")
    participant["spoke_frist"] = True
    further = {"participants": [participant, {"role": "CUSTOMER"}], "extra_body": {"isTst": True}}
    SERVER.upload(CALL, **{**UPLOAD, **further})
    assert SERVER.received()["participants"][0] == {"role": "AGENT", "spoke_frist": True}
    assert SERVER.received()["isTst"] is True
    SERVER.reply = documented_reply(VAPI_CALL)
    SERVER.upload(VAPI_CALL, vapi_end_of_call_report_payload={**REPORT, "artifat": {}}, properties={"proprty": 1})
    assert SERVER.received()["vapiEndOfCallReportPayload"] == {**REPORT, "artifat": {}}


# A name, the known ones, and which is meant.
NAMES = [
    ("spoke_frist", ["role", "spoke_first"], "spoke_first"),
    ("recordingUrl", ["recording_url"], "recording_url"),
    ("rol", ["role"], "role"),
    ("game", ["name"], None),
    ("participents", ["participants"], "participants"),
    ("ip", ["id"], None),
    ("address2", ["address1"], None),
    ("endedAt", ["startedAt"], None),
    ("phoneNumberId", ["phoneNumber"], None),
    (5, ["role"], None),
]


@pytest.mark.parametrize(("name", "known", "expected"), NAMES)
def test_name_is_meant_by_one_that_differs_in_a_letter_or_in_spelling(
    name: object, known: list[str], expected: str | None
) -> None:
    """One letter more, less, other or swapped is a slip; a short name, a digit and a longer word are another name."""
    assert intended_name(name, known) == expected


def test_argument_by_its_name_in_json_is_told_the_one_in_python() -> None:
    """A keyword in another spelling, or with a slip, is told the argument that is meant, and nothing else."""
    given = {**UPLOAD, "recordingUrl": "x", "is_tst": True}
    with pytest.raises(ArgumentTypeError, match=r"^is_tst: expected is_test\nrecordingUrl: expected recording_url$"):
        SERVER.upload(CALL, **given)


# The arguments of a model's constructor, and what is told.
CONSTRUCTED: list[tuple[dict[str, Any], str]] = [
    ({"role": "AGENT", "spokeFirst": True}, "spokeFirst: expected spoke_first"),
    ({"role": "AGENT", "nam": "x"}, "nam: expected name"),
    ({"role": "AGENT", "mood": "calm"}, "mood: expected one of role, name, phone_number, spoke_first, is_simulated"),
    ({}, "role: expected, since ParticipantInput requires it"),
]


@pytest.mark.parametrize(("given", "told"), CONSTRUCTED)
def test_argument_of_a_model_is_told_as_that_of_a_call_is(given: dict[str, Any], told: str) -> None:
    """A constructor says what is allowed, or was meant, in an error of ours."""
    with pytest.raises(ArgumentTypeError) as refused:
        ParticipantInput(**given)
    assert str(refused.value) == told


def test_key_beside_one_that_is_left_out_is_a_slip() -> None:
    """UNSET leaves a field out, so a key close to it is meant for it."""
    participants = [{"role": "AGENT", "name": UNSET, "nam": "Ann"}, {"role": "CUSTOMER"}]
    with pytest.raises(ArgumentValueError, match=r"^participants/0/nam: expected name, got a name close to it"):
        SERVER.upload(CALL, **{**UPLOAD, "participants": participants})


def test_key_that_nobody_can_print_is_escaped() -> None:
    """A message can be printed, whatever key it names."""
    with pytest.raises(ArgumentTypeError, match=r"/\\ud83d: expected a JSON value, got") as refused:
        SERVER.upload(VAPI_CALL, vapi_end_of_call_report_payload={**REPORT, "\ud83d": object()})
    assert str(refused.value).encode()


@pytest.mark.parametrize("token", ["two words", "a\tb", "a\u00a0b"])
def test_token_with_a_space_is_refused(token: str) -> None:
    """A token is one word, which is hidden as a whole."""
    with pytest.raises(ArgumentValueError, match=r"^bearer_token: expected text without spaces"):
        Roark(bearer_token=token)


@pytest.mark.parametrize("word", ["Bearer", "bearer"])
def test_token_behind_the_word_bearer_is_refused(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token copied with the word before it is an error that says so, and does not show it."""
    said = f"expected the token alone, got one behind the word {word}"
    with pytest.raises(ArgumentValueError, match=f"^bearer_token: {said}$"):
        Roark(bearer_token=f"{word} secret-token")
    monkeypatch.setenv("ROARK_API_BEARER_TOKEN", f"{word} secret-token")
    with pytest.raises(ConfigurationError, match=f"^ROARK_API_BEARER_TOKEN: {said}$") as refused:
        Roark()
    assert isinstance(refused.value, RoarkError)
