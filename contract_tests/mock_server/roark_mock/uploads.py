"""What the server took in, for tests to ask."""

import hashlib
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, overload

from roark_mock.validation import decode, validate
from roark_mock.wire import Wire

KEPT = 10_000  # uploads
KEPT_BYTES = 256_000_000  # of their bodies together


@dataclass(frozen=True)
class Upload:
    """One accepted request. Kept as the bytes that came; what they say is read when it is asked for."""

    operation: str
    """The operation's name, such as `createCallAnalysis`."""
    body: bytes = field(repr=False)
    """The bytes as received."""
    _request: type[Wire] = field(repr=False)
    reply: Any = field(default=None, repr=False)
    """The body of its reply, typed; None where a test said another one."""

    @cached_property
    def json(self) -> Any:
        """The JSON value as received, unknown fields included."""
        return decode(self.body)

    @cached_property
    def request(self) -> Any:
        """The request as the mock understood it, typed."""
        return validate(self.json, self._request)


class KeptUploads:
    """The last of some uploads, oldest first: 10,000 of them, or as many as have 256 MB of bodies together.

    Safe to read from another thread while the server runs.
    """

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept: deque[Upload] = deque()
        self._most = kept
        self._most_bytes = kept_bytes
        self._bytes = 0
        self._changed = threading.Condition()

    def record(self, upload: Upload) -> None:
        """Keep `upload` and forget the oldest while there are too many. The newest is always kept."""
        with self._changed:
            self._kept.append(upload)
            self._bytes += len(upload.body)
            while len(self._kept) > self._most or (self._bytes > self._most_bytes and len(self._kept) > 1):
                self._bytes -= len(self._kept.popleft().body)
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget all of them."""
        with self._changed:
            self._kept.clear()
            self._bytes = 0

    def wait_for(self, number: int, timeout: float = 10.0) -> "list[Upload]":
        """All uploads, once there are `number` of them or more: for code under test that uploads in the background.

        Raises TimeoutError after `timeout` seconds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._kept) >= number, timeout):
                raise TimeoutError(f"expected {number} uploads within {timeout:g} s, got {len(self._kept)}")
            return list(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"<{len(self)} uploads>"

    def __iter__(self) -> Iterator[Upload]:
        with self._changed:
            return iter(tuple(self._kept))

    @overload
    def __getitem__(self, index: int) -> Upload: ...
    @overload
    def __getitem__(self, index: slice) -> list[Upload]: ...
    def __getitem__(self, index: int | slice) -> Upload | list[Upload]:
        return list(self)[index]


class Uploads(KeptUploads):
    """The last accepted uploads, and in `skipped` those that were accepted and left aside, since their call was there.

    An upload is here as soon as it is accepted, before its reply goes out; a refused request is not.
    """

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES) -> None:
        super().__init__(kept, kept_bytes)
        self.skipped = KeptUploads(kept, kept_bytes)
        self._replies: OrderedDict[bytes, Wire | None] = OrderedDict()

    def remember(self, call_id: str, reply: Wire | None) -> None:
        """Know the call of an upload, and what it was answered. The last 10,000 are known, whatever else is kept."""
        call = _digest(call_id)
        with self._changed:
            self._replies[call] = reply
            self._replies.move_to_end(call)
            if len(self._replies) > KEPT:
                self._replies.popitem(last=False)

    def reply_to(self, call_id: str) -> Wire | None:
        """What the last upload of this call was answered; None where the call is not known."""
        return self._replies.get(_digest(call_id))

    def clear(self) -> None:
        """Forget all of them."""
        super().clear()
        self.skipped.clear()
        with self._changed:
            self._replies.clear()


def _digest(call_id: str) -> bytes:
    """The id in few bytes, however long it is."""
    return hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).digest()
