from enum import StrEnum


class CallStatus(StrEnum):
    ENDED = "ENDED"
    IN_PROGRESS = "IN_PROGRESS"
    RINGING = "RINGING"

    def __str__(self) -> str:
        return str(self.value)
