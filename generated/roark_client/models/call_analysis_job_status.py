"""How far an analysis job is. The page shows PENDING; the SDKs name the others."""

import typing

from ..enums import OpenStrEnum


class CallAnalysisJobStatus(OpenStrEnum):
    """How far an analysis job is. The page shows PENDING; the SDKs name the others."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    if typing.TYPE_CHECKING:  # has a match flagged that forgets what the contract does not name
        VALUE_TO_COME = "value to come"
