from enum import StrEnum


class ParticipantRole(StrEnum):
    AGENT = "AGENT"
    CUSTOMER = "CUSTOMER"

    def __str__(self) -> str:
        return str(self.value)
