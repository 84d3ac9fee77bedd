from enum import StrEnum


class InterfaceType(StrEnum):
    PHONE = "PHONE"
    WEB = "WEB"

    def __str__(self) -> str:
        return str(self.value)
