"""How far an analysis job is. The page shows PENDING; the SDKs name the others."""

from ..enums import OpenStrEnum


class CallAnalysisJobStatus(OpenStrEnum):
    """How far an analysis job is. The page shows PENDING; the SDKs name the others."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
