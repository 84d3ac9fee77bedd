"""How a call terminated."""

import typing

from ..enums import OpenStrEnum


class EndedStatus(OpenStrEnum):
    """How a call terminated."""

    AGENT_ENDED_CALL = "AGENT_ENDED_CALL"
    AGENT_TRANSFERRED_CALL = "AGENT_TRANSFERRED_CALL"
    AGENT_ERROR = "AGENT_ERROR"
    CUSTOMER_ENDED_CALL = "CUSTOMER_ENDED_CALL"
    VOICE_MAIL_REACHED = "VOICE_MAIL_REACHED"
    SILENCE_TIME_OUT = "SILENCE_TIME_OUT"
    PHONE_CALL_PROVIDER_CONNECTION_ERROR = "PHONE_CALL_PROVIDER_CONNECTION_ERROR"
    CUSTOMER_DID_NOT_ANSWER = "CUSTOMER_DID_NOT_ANSWER"
    CUSTOMER_BUSY = "CUSTOMER_BUSY"
    DIAL_ERROR = "DIAL_ERROR"
    MAX_DURATION_REACHED = "MAX_DURATION_REACHED"
    UNKNOWN = "UNKNOWN"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
