"""The call as Vapi knows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..model import Model, model
from ..schema import (
    ANY,
    STRING,
    Field,
    Fields,
    Nullable,
    object_of,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .vapi_monitor import VapiMonitor


@model
class VapiCall(Model):
    """The call as Vapi knows it.

    Attributes (each with the source of what is known):
        id: Vapi's ID of the call [documented]
        type_: Kind of call, such as `inboundPhoneCall`, `outboundPhoneCall`, `webCall` or
            `vapi.websocketCall` [documented]
        monitor: Where the live call could be listened to [documented]
        org_id: Vapi's ID of the organisation [ours]
    """

    id: str
    type_: str | None
    monitor: VapiMonitor | None
    org_id: Any

    def __init__(
        self,
        *,
        id: str,
        type_: str | None | Unset = UNSET,
        monitor: VapiMonitor | Mapping[str, Any] | None | Unset = UNSET,
        org_id: Any | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "id": id,
                "type_": type_,
                "monitor": monitor,
                "org_id": org_id,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .vapi_monitor import VapiMonitor

        return Fields(
            (
                Field("id", "id", STRING, required=True),
                Field("type_", "type", Nullable(STRING)),
                Field("monitor", "monitor", Nullable(object_of(VapiMonitor))),
                Field("org_id", "orgId", ANY),
            ),
        )
