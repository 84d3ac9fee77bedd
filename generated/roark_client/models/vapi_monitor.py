"""Where the live call could be listened to."""

from __future__ import annotations

from ..model import Model, model
from ..schema import (
    STRING,
    Field,
    Fields,
    Nullable,
)
from ..types import UNSET, Unset


@model
class VapiMonitor(Model):
    """Where the live call could be listened to.

    Attributes (each with the source of what is known):
        listen_url: URL of the live audio; `wss://` in real life [documented]
    """

    listen_url: str | None

    def __init__(
        self,
        *,
        listen_url: str | None | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "listen_url": listen_url,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""

        return Fields(
            (Field("listen_url", "listenUrl", Nullable(STRING)),),
        )
