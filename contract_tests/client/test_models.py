"""Enums are open, and models say, compare, copy and re-encode what they hold."""

from collections.abc import Callable
from typing import Any

import pytest
from roark_client import UNSET
from roark_client.models import (
    CallAnalysisResponse,
    CallParticipant,
    CallProperties,
    CallStatus,
    ParticipantInput,
    ParticipantRole,
    VapiCallUpload,
)

from contract_tests.client.changed_replies import reply_with
from contract_tests.client.copies import COPIES
from contract_tests.proof.values import text_of

# --- Enums ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["RINGING", "ON_HOLD", "", "ringing", "名前"])
def test_enum_value_is_its_text(text: str) -> None:
    """A value of an enum, named by the contract or not, is a member that equals and prints as its text."""
    member = CallStatus(text)
    assert isinstance(member, CallStatus)
    assert member == text
    assert member.value == str(member) == f"{member}" == text
    assert {member, text} == {text}
    assert member == CallStatus(text)
    assert member.is_known is (text == "RINGING")
    assert text in repr(member)
    for duplicate in (make(member) for make in COPIES):
        assert duplicate == member
        assert type(duplicate) is CallStatus
        assert duplicate.is_known is member.is_known


def test_unknown_enum_values_are_not_remembered() -> None:
    """A value that the contract does not name is no member for ever after."""
    CallStatus("ON_HOLD")
    assert [member.value for member in CallStatus] == ["RINGING", "IN_PROGRESS", "ENDED"]


def test_value_to_come_is_for_type_checkers_alone() -> None:
    """No member stands at run time for what the contract does not name."""
    assert not hasattr(CallStatus, "VALUE_TO_COME")


@pytest.mark.parametrize("value", [None, 3, b"ENDED", ["ENDED"]])
def test_enum_of_texts_takes_only_text(value: Any) -> None:
    """What is no text is no value of an enum of texts."""
    with pytest.raises(ValueError, match="CallStatus"):
        CallStatus(value)


# --- Models -----------------------------------------------------------------------------------------


def test_model_says_what_it_holds() -> None:
    """The repr of a model names its fields that are not None and those that nobody named."""
    model = CallParticipant.from_dict({"role": "AGENT", "name": None, "mood": "calm"})
    assert repr(model) == f"CallParticipant(role={ParticipantRole.AGENT!r}, additional_properties={{'mood': 'calm'}})"
    assert (model["mood"], "mood" in model, model.additional_keys) == ("calm", True, ["mood"])


def test_model_knows_its_fields_by_name() -> None:
    """`in` is asked by either name of a field, or by that of one that the contract does not name."""
    model = ParticipantInput.from_dict({"role": "AGENT", "name": None, "phoneNumber": "1", "mood": "calm"})
    there = ["role", "name", "phoneNumber", "phone_number", "mood"]
    assert [name for name in (*there, "spokeFirst", "spoke_first", "voice", 5) if name in model] == there


def test_field_that_the_contract_names_is_an_attribute() -> None:
    """Read, set or deleted by a key, a field that is an attribute is a KeyError that says so."""
    model = ParticipantInput(role="AGENT", phone_number="1")
    said = r"^\"'phone_?[nN]umber' is the attribute phone_number\"$"
    for key in ("phoneNumber", "phone_number"):
        with pytest.raises(KeyError, match=said):
            model[key]
        with pytest.raises(KeyError, match=said):
            model[key] = "2"
        with pytest.raises(KeyError, match=said):
            del model[key]
    with pytest.raises(KeyError, match=r"^'voice'$"):
        model["voice"]
    assert model.to_dict() == {"role": "AGENT", "phoneNumber": "1"}


@pytest.mark.parametrize("make", [list, dict, iter])
def test_model_says_why_it_is_no_mapping(make: Callable[[Any], Any]) -> None:
    """A model is not gone through: the error names what gives a mapping."""
    said = r"^ParticipantInput is no mapping; its to_dict\(\) is one, with names as in JSON$"
    with pytest.raises(TypeError, match=said):
        make(ParticipantInput(role="AGENT"))


def test_models_are_equal_if_they_say_the_same() -> None:
    """Two models are equal if all their fields are, whether null or absent; never to anything else."""
    model = CallParticipant.from_dict({"role": "AGENT"})
    assert model == CallParticipant.from_dict({"role": "AGENT", "name": None})
    assert model == CallParticipant(role=ParticipantRole.AGENT)
    assert model != CallParticipant.from_dict({"role": "CUSTOMER"})
    assert model != CallParticipant.from_dict({"role": "AGENT", "mood": None})
    assert model != {"role": "AGENT"}


@pytest.mark.parametrize("make", COPIES)
def test_copy_of_a_model_says_the_same(make: Callable[[Any], Any]) -> None:
    """A copied or pickled model is equal, and re-encodes as the same JSON."""
    value = reply_with("/data/call/participants/0/name", None)
    value["data"]["call"] |= {"status": "ON_HOLD", "endedAt": "garbage", "mood": ["calm"]}
    reply = CallAnalysisResponse.from_dict(value)
    duplicate = make(reply)
    assert duplicate == reply
    assert duplicate is not reply
    assert text_of(duplicate.to_dict()) == text_of(value)


def test_changed_model_is_re_encoded_as_changed() -> None:
    """What is set is what is written, None as null where that is allowed and UNSET as nothing, and no other field."""
    value = reply_with("/data/call/summary", None)
    value["data"]["call"] |= {"endedAt": "garbage", "durationMs": 5, "mood": "calm"}
    reply = CallAnalysisResponse.from_dict(value)
    call = reply.data.call
    call.summary = "new"
    call.ended_at = call.started_at
    call.duration_ms = None
    call.participants.append(CallParticipant(role="CUSTOMER"))
    call["mood"] = "angry"
    setattr(call, "status", UNSET)  # noqa: B010 - as an attribute it has no such type
    assert call.status is None
    del value["data"]["call"]["status"]
    value["data"]["call"] |= {
        "summary": "new",
        "durationMs": None,
        "endedAt": "2025-02-11T01:04:32.737Z",
        "mood": "angry",
    }
    value["data"]["call"]["participants"].append({"role": "CUSTOMER"})
    assert reply.to_dict() == value


def test_misfit_that_is_set_to_none_is_gone() -> None:
    """What came for a field that does not fit is not written any more once the field is set, and be it to None."""
    participant = ParticipantInput.from_dict({"role": "AGENT", "spokeFirst": "yes"})
    assert participant.to_dict() == {"role": "AGENT", "spokeFirst": "yes"}
    participant.spoke_first = None
    assert participant.to_dict() == {"role": "AGENT"}


def test_what_is_done_to_a_dict_is_not_done_to_the_model() -> None:
    """`to_dict()` gives a value of its own."""
    value = reply_with("/data/call/mood", [["calm"]])
    reply = CallAnalysisResponse.from_dict(value)
    reply.to_dict()["data"]["call"]["mood"][0].append("angry")
    assert reply.to_dict()["data"]["call"]["mood"] == [["calm"]]


def test_what_a_model_is_read_from_is_not_kept() -> None:
    """`from_dict` shares nothing with what it is given, and refuses what is no JSON by its place."""
    given = {"a": {"b": 1}}
    properties = CallProperties.from_dict(given)
    properties["a"]["b"] = 2
    assert given == {"a": {"b": 1}}
    with pytest.raises(TypeError, match=r"^a/b: expected a JSON value, got a Python object$"):
        CallProperties.from_dict({"a": {"b": object()}})


def test_model_is_written_as_json_text() -> None:
    """`to_json()` is the same value as text, on one line or indented, with letters as they are."""
    model = VapiCallUpload.from_dict({"callId": "né"})
    assert model.to_json() == '{"callId": "né"}'
    assert model.to_json(indent=2) == '{\n  "callId": "né"\n}'


# What `from_dict` refuses, and what it says.
MISREAD: list[tuple[Any, str]] = [
    ({}, "/role: expected one of AGENT, CUSTOMER; it is required"),
    ({"role": None}, "/role: expected one of AGENT, CUSTOMER"),
    ({"role": 1, "name": 2, "mood": 3}, "/role: expected one of AGENT, CUSTOMER\n/name: expected a string, or null"),
]


@pytest.mark.parametrize(("value", "message"), MISREAD)
def test_from_dict_names_what_does_not_fit(value: Any, message: str) -> None:
    """`from_dict` refuses by pointer what does not fit where it is required, and says nothing of what may stay."""
    with pytest.raises(ValueError, match="expected") as refused:
        CallParticipant.from_dict(value)
    assert str(refused.value) == message


def test_from_dict_takes_an_object() -> None:
    """What is no mapping is a TypeError, as a wrong argument of Python's own classes is."""
    with pytest.raises(TypeError, match=r"^CallParticipant: expected a mapping, got a list$"):
        CallParticipant.from_dict([("role", "AGENT")])  # type: ignore[arg-type]
