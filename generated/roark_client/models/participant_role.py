"""Which side of the call a participant is."""

from typing import TYPE_CHECKING

from ..enums import OpenStrEnum


class ParticipantRole(OpenStrEnum):
    """Which side of the call a participant is."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"
    if TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
