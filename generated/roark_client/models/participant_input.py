"""One of the two who spoke. Both may have the same role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Required, TypedDict

from ..model import Model, model
from ..schema import (
    BOOLEAN,
    STRING,
    EnumOf,
    Field,
    Fields,
    Nullable,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from .participant_role import ParticipantRole


@model
class ParticipantInput(Model):
    """One of the two who spoke. Both may have the same role.

    Attributes (each with the source of what is known):
        role: Role of the participant in the call [documented]
        name: Name of the participant [sdk]
        phone_number: Phone number of the participant [sdk]
        spoke_first: Whether this participant spoke first [sdk]
        is_simulated: Whether this participant is simulated [sdk]
    """

    role: ParticipantRole
    name: str | None
    phone_number: str | None
    spoke_first: bool | None
    is_simulated: bool | None

    def __init__(
        self,
        *,
        role: ParticipantRole | Literal["AGENT", "CUSTOMER"],
        name: str | None | Unset = UNSET,
        phone_number: str | None | Unset = UNSET,
        spoke_first: bool | Unset = UNSET,
        is_simulated: bool | Unset = UNSET,
    ) -> None:
        self._construct(
            {
                "role": role,
                "name": name,
                "phone_number": phone_number,
                "spoke_first": spoke_first,
                "is_simulated": is_simulated,
            }
        )

    @staticmethod
    def fields() -> Fields:
        """The fields, with their names in JSON and their schemas."""
        from .participant_role import ParticipantRole

        return Fields(
            (
                Field("role", "role", EnumOf(ParticipantRole), required=True),
                Field("name", "name", Nullable(STRING)),
                Field("phone_number", "phoneNumber", Nullable(STRING)),
                Field("spoke_first", "spokeFirst", BOOLEAN),
                Field("is_simulated", "isSimulated", BOOLEAN),
            ),
        )


class ParticipantInputDict(TypedDict, total=False):
    """A `ParticipantInput` as a dict, by the names of its fields in Python."""

    role: Required[ParticipantRole | Literal["AGENT", "CUSTOMER"]]
    name: str | None
    phone_number: str | None
    spoke_first: bool
    is_simulated: bool


class ParticipantInputJson(TypedDict, total=False):
    """A `ParticipantInput` as a dict, by the names of its fields in JSON."""

    role: Required[ParticipantRole | Literal["AGENT", "CUSTOMER"]]
    name: str | None
    phoneNumber: str | None
    spokeFirst: bool
    isSimulated: bool
