"""State of a call. The page shows IN_PROGRESS; the SDKs name the others."""

from ..enums import OpenStrEnum


class CallStatus(OpenStrEnum):
    """State of a call. The page shows IN_PROGRESS; the SDKs name the others."""

    RINGING = "RINGING"
    IN_PROGRESS = "IN_PROGRESS"
    ENDED = "ENDED"
