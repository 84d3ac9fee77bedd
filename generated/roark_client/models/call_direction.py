"""Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

from ..enums import OpenStrEnum


class CallDirection(OpenStrEnum):
    """Who called - the customer (INBOUND) or the agent (OUTBOUND)."""

    INBOUND = "INBOUND"
    OUTBOUND = "OUTBOUND"
