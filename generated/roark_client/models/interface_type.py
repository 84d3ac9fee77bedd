"""How the caller reached the agent - by telephone or in a web page."""

from ..enums import OpenStrEnum


class InterfaceType(OpenStrEnum):
    """How the caller reached the agent - by telephone or in a web page."""

    PHONE = "PHONE"
    WEB = "WEB"
