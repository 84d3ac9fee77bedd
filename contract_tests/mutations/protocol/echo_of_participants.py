"""A server that says of participants what was not uploaded."""

import re
from collections.abc import Callable
from typing import Any

from contract_tests.mutations.bends import RECORDS, Drifts, each_participant, participant_text, says, set_field
from contract_tests.mutations.bent_server import Bend


def merge_participants(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Make one participant of two that are alike."""
    one, other = call["participants"]
    if one == other:
        call["participants"] = [one]


def sort_participants(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Put agents first."""
    call["participants"].sort(key=lambda each: each["role"])


def swap_names(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Give each participant the other's name."""
    one, other = call["participants"]
    if "name" in one and "name" in other:
        one["name"], other["name"] = other["name"], one["name"]


def participant_field(field: str, value: Any, *, over: Callable[[Any], bool]) -> Bend:
    """The same of each participant; an absent field is seen as `...`."""

    def bent(participant: dict[str, Any]) -> None:
        if over(participant.get(field, ...)):
            participant[field] = value

    return each_participant(bent)


def drop_participant_field(field: str) -> Bend:
    """A bend that leaves a field of the participants out."""
    return each_participant(lambda participant: participant.pop(field, None))


DRIFTS: Drifts = {
    RECORDS: {
        "participants are swapped": says(lambda _, call: call["participants"].reverse()),
        "agents are listed first": says(sort_participants),
        "the names of participants are swapped": says(swap_names),
        "the second participant is dropped": says(lambda _, call: call["participants"].pop()),
        "participants that are alike become one": says(merge_participants),
        "a third participant is made up": says(lambda _, call: call["participants"].append({"role": "AGENT"})),
        "no participants are told": set_field("participants", []),
        "every participant is an AGENT": participant_field("role", "AGENT", over=lambda _: True),
        "names are trimmed": participant_text("name", str.strip),
        "names are in small letters": participant_text("name", str.lower),
        "names are in title case": participant_text("name", str.title),
        "names are cut at 255 characters": participant_text("name", lambda given: given[:255]),
        "names are cut at 10,000 characters": participant_text("name", lambda given: given[:10_000]),
        "names lose their astral characters": participant_text(
            "name", lambda given: re.sub("[\U00010000-\U0010ffff]", "?", given)
        ),
        "names are normalised": participant_text("name", lambda given: given.replace("e\u0308", "ë")),
        "names lose their accents": participant_text("name", lambda given: given.replace("ë", "e")),
        "names are escaped for HTML": participant_text(
            "name", lambda given: given.replace("&", "&amp;").replace("<", "&lt;")
        ),
        "a name that is the word null becomes null": participant_text(
            "name", lambda given: None if given == "null" else given
        ),
        "an empty name becomes null": participant_text("name", lambda given: given or None),
        "no name becomes an empty one": participant_field("name", "", over=lambda given: given is None),
        "a name left out becomes an empty one": participant_field("name", "", over=lambda given: given is ...),
        "a name left out is made up": participant_field("name", "Agent Smith", over=lambda given: given is ...),
        "names are not told": drop_participant_field("name"),
        "who spoke first is not told": drop_participant_field("spokeFirst"),
        "who spoke first is null where nobody said": participant_field("spokeFirst", None, over=lambda x: x is ...),
        "nobody spoke first": participant_field("spokeFirst", False, over=lambda given: given is True),
        "simulated participants become real": participant_field("isSimulated", False, over=lambda given: given is True),
        "whoever is not said to be simulated is": participant_field(
            "isSimulated", True, over=lambda given: given is ...
        ),
        "who is simulated is not told": drop_participant_field("isSimulated"),
        "who is simulated is null": participant_field("isSimulated", None, over=lambda given: given is not ...),
        "who is simulated is a text": participant_field("isSimulated", "yes", over=lambda given: given is True),
        "telephone numbers lose what is no digit": participant_text(
            "phoneNumber", lambda given: re.sub("[^0-9+]", "", given)
        ),
        "telephone numbers get a plus": participant_text(
            "phoneNumber", lambda given: given if given.startswith("+") else f"+{given}"
        ),
        "telephone numbers are masked": participant_text("phoneNumber", lambda given: given[:-4] + "****"),
        "a telephone number is made up": participant_field(
            "phoneNumber", "+10000000000", over=lambda given: given is None or given is ...
        ),
    },
}
