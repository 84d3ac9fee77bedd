"""What the server took in, for tests to ask."""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

from roark_mock.model import CallAnalysisRequest, VapiCallRequest

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Upload:
    """One accepted request."""

    operation: str
    """The operation's name, `createCallAnalysis` or `createVapiCall`."""
    request: CallAnalysisRequest | VapiCallRequest
    """The request as the mock understood it."""
    json: Any
    """The JSON value as received, unknown fields included."""
    body: bytes
    """The bytes as received."""


class Uploads:
    """The last 10,000 accepted uploads, oldest first. Safe to read from another thread while the server runs.

    An upload is here as soon as it is accepted, before its reply goes out; a refused request is not.
    """

    def __init__(self) -> None:
        self._kept: deque[Upload] = deque(maxlen=KEPT)
        self._lock = threading.Lock()

    def record(self, upload: Upload) -> None:
        """Keep `upload` and forget the oldest if there are too many."""
        with self._lock:
            self._kept.append(upload)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Upload]:
        with self._lock:
            return iter(tuple(self._kept))

    @overload
    def __getitem__(self, index: int) -> Upload: ...
    @overload
    def __getitem__(self, index: slice) -> list[Upload]: ...
    def __getitem__(self, index: int | slice) -> Upload | list[Upload]:
        return list(self)[index]
