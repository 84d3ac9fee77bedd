"""How the caller reached the agent - by telephone or in a web page."""

from typing import TYPE_CHECKING

from ..enums import OpenStrEnum


class InterfaceType(OpenStrEnum):
    """How the caller reached the agent - by telephone or in a web page."""

    PHONE = "PHONE"
    WEB = "WEB"
    if TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
