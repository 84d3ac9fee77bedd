"""Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

from typing import TYPE_CHECKING

from ..enums import OpenStrEnum


class CallDirection(OpenStrEnum):
    """Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
    if TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
