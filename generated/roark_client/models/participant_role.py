"""Which side of the call a participant is."""

import typing

from ..enums import OpenStrEnum


class ParticipantRole(OpenStrEnum):
    """Which side of the call a participant is."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
