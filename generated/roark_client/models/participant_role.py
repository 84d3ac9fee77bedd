"""Which side of the call a participant is."""

from ..enums import OpenStrEnum


class ParticipantRole(OpenStrEnum):
    """Which side of the call a participant is."""

    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"
