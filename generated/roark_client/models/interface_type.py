"""How the caller reached the agent - by telephone or in a web page."""

import typing

from ..enums import OpenStrEnum


class InterfaceType(OpenStrEnum):
    """How the caller reached the agent - by telephone or in a web page."""

    PHONE = "PHONE"
    WEB = "WEB"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
