"""Enums that stay open: a value that the contract does not name becomes a member that keeps it."""

from __future__ import annotations

from enum import Enum, IntEnum, StrEnum

__all__ = ["OpenIntEnum", "OpenStrEnum"]


def _is_known(member: Enum) -> bool:
    return member.value in type(member)._value2member_map_


def _by_value(self: Enum, proto: object) -> tuple[object, ...]:  # noqa: ARG001
    """How a member is copied and pickled. Early releases of Python 3.11 do it by name, which only a known one has."""
    return type(self), (self.value,)


class OpenStrEnum(StrEnum):
    """An enum of texts. Unknown ones compare equal to their text, and are not remembered."""

    @property
    def is_known(self) -> bool:
        """Whether the contract names this value."""
        return _is_known(self)

    @classmethod
    def _missing_(cls, value: object) -> OpenStrEnum | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = str(value)
        return member

    __reduce_ex__ = _by_value


class OpenIntEnum(IntEnum):
    """An enum of integers. Unknown ones compare equal to their number, and are not remembered."""

    @property
    def is_known(self) -> bool:
        """Whether the contract names this value."""
        return _is_known(self)

    @classmethod
    def _missing_(cls, value: object) -> OpenIntEnum | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        member = int.__new__(cls, value)
        member._name_, member._value_ = str(int(value)), int(value)
        return member

    __reduce_ex__ = _by_value
