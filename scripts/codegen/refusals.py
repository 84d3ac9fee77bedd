"""What the client cannot say of a contract."""

from scripts.contract import Place


class CannotExpressError(Exception):
    """The client cannot say a part of the contract: where it stands, and why."""

    def __init__(self, place: Place, reason: str) -> None:
        self.pointer = place.pointer
        self.reason = reason
        super().__init__(f"#{self.pointer}: {reason}")
