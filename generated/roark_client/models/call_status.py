"""State of a call. The page shows IN_PROGRESS; the SDKs name the others."""

import typing

from ..enums import OpenStrEnum


class CallStatus(OpenStrEnum):
    """State of a call. The page shows IN_PROGRESS; the SDKs name the others."""

    RINGING = "RINGING"
    IN_PROGRESS = "IN_PROGRESS"
    ENDED = "ENDED"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
