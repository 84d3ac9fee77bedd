"""Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

import typing

from ..enums import OpenStrEnum


class CallDirection(OpenStrEnum):
    """Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
