"""What the server took in, for tests to ask."""

import hashlib
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar, overload

from starlette.datastructures import Headers, QueryParams

from roark_mock.process import ServerProcess
from roark_mock.validation import decode, validate
from roark_mock.wire import Wire

KEPT = 10_000  # uploads
KEPT_BYTES = 256_000_000  # of their bodies together

RequestT = TypeVar("RequestT", bound=Wire | None)
ReplyT = TypeVar("ReplyT", bound=Wire | None)


@dataclass(frozen=True)
class Upload(Generic[RequestT, ReplyT]):
    """One accepted request. Kept as the bytes that came; what they say is read when it is asked for."""

    operation: str
    """The operation's name, such as `createCallAnalysis`."""
    body: bytes = field(repr=False)
    """The bytes as received."""
    _request: type[RequestT] = field(repr=False)
    reply: ReplyT = field(repr=False)
    """The body of its reply, typed; None where a test said another one."""
    _headers: Sequence[tuple[bytes, bytes]] = field(repr=False)
    _query: bytes = field(repr=False)

    @cached_property
    def json(self) -> Any:
        """The JSON value as received, unknown fields included."""
        return decode(self.body)

    @cached_property
    def request(self) -> RequestT:
        """The request as the mock understood it, typed."""
        return validate(self.json, self._request)

    @cached_property
    def headers(self) -> Headers:
        """The headers by name, in whichever case it is asked for; `getlist` has those that came more than once.

        The token is not kept: `headers["authorization"]` is `Bearer [token]`.
        """
        return Headers(raw=list(self._headers))

    @cached_property
    def query(self) -> QueryParams:
        """The parameters of the query by name; `getlist` has those that came more than once."""
        return QueryParams(self._query)


class _Record:
    """The uploads that are kept, oldest first, and how many of each operation came."""

    def __init__(self, process: ServerProcess) -> None:
        self.uploads: deque[Upload[Any, Any]] = deque()
        self.counts = Counter[str]()
        self.changed = threading.Condition()
        self.process = process

    @contextmanager
    def read(self) -> Iterator[None]:
        """Hold still for who reads. Raises RuntimeError in a fork: what is here is out of date, and may be locked."""
        self.process.check()
        with self.changed:
            yield


class UploadList(Generic[RequestT, ReplyT]):
    """Uploads of one operation or of all, oldest first: a view that reads as a list and is always up to date.

    Safe to read from another thread while the server runs; in a fork of its process, reading raises RuntimeError.
    """

    def __init__(self, record: _Record, operation: str | None = None) -> None:
        self._record = record
        self._operation = operation

    @property
    def dropped(self) -> int:
        """How many came and are not here any more, since newer ones needed the room."""
        with self._record.read():
            return self._count() - len(self)

    def wait_for(self, number: int, timeout: float = 10.0) -> list[Upload[RequestT, ReplyT]]:
        """All uploads, once `number` of them or more have come: for code under test that uploads in the background.

        Those that were dropped since have come too. Raises TimeoutError after `timeout` seconds.
        """
        with self._record.read():
            if not self._record.changed.wait_for(lambda: self._count() >= number, timeout):
                dropped = f", of which {self.dropped} were dropped to make room" if self.dropped else ""
                raise TimeoutError(
                    f"expected {number} uploads{self._which} within {timeout:g} s, got {self._count()}{dropped}"
                )
            return list(self)

    def _count(self) -> int:
        counts = self._record.counts
        return counts.total() if self._operation is None else counts[self._operation]

    def __len__(self) -> int:
        with self._record.read():
            return len(self._record.uploads) if self._operation is None else sum(1 for _ in self)

    def __eq__(self, other: object) -> bool:
        """Whether it holds the same as another one, or as a list."""
        return list(self) == list(other) if isinstance(other, UploadList | list) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it is never the same for long

    def __repr__(self) -> str:
        if self._record.process.is_elsewhere:
            return f"<uploads{self._which} in another process>"
        dropped = f", {self.dropped} dropped" if self.dropped else ""
        return f"<{len(self)} uploads{self._which}{dropped}>"

    def __iter__(self) -> Iterator[Upload[RequestT, ReplyT]]:
        with self._record.read():
            uploads = tuple(self._record.uploads)
        return (upload for upload in uploads if self._operation in (None, upload.operation))

    @overload
    def __getitem__(self, index: int) -> Upload[RequestT, ReplyT]: ...
    @overload
    def __getitem__(self, index: slice) -> list[Upload[RequestT, ReplyT]]: ...
    def __getitem__(self, index: int | slice) -> Upload[RequestT, ReplyT] | list[Upload[RequestT, ReplyT]]:
        return list(self)[index]

    @property
    def _which(self) -> str:
        return "" if self._operation is None else f" of {self._operation}"


class KeptUploads(UploadList[Any, Any]):
    """The last of some uploads, oldest first: 10,000 of them, or as many as have 256 MB of bodies together."""

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES, process: ServerProcess | None = None) -> None:
        super().__init__(_Record(ServerProcess() if process is None else process))
        self._most = kept
        self._most_bytes = kept_bytes
        self._bytes = 0

    def record(self, upload: Upload[Any, Any]) -> None:
        """Keep `upload` and drop the oldest while there are too many. The newest is kept however large it is."""
        record = self._record
        with record.changed:
            record.uploads.append(upload)
            record.counts[upload.operation] += 1
            self._bytes += len(upload.body)
            while len(record.uploads) > self._most or (self._bytes > self._most_bytes and len(record.uploads) > 1):
                self._bytes -= len(record.uploads.popleft().body)
            record.changed.notify_all()

    def clear(self) -> None:
        """Forget all of them."""
        with self._record.read():
            self._record.uploads.clear()
            self._record.counts.clear()
            self._bytes = 0


class Uploads(KeptUploads):
    """The last accepted uploads, and in `skipped` those that were accepted and left aside, since their call was there.

    An upload is here as soon as it is accepted, before its reply goes out; a refused request is not.
    """

    def __init__(self, kept: int = KEPT, kept_bytes: int = KEPT_BYTES, process: ServerProcess | None = None) -> None:
        super().__init__(kept, kept_bytes, process)
        self.skipped = KeptUploads(kept, kept_bytes, process)
        self._replies: OrderedDict[bytes, Wire | None] = OrderedDict()

    def remember(self, call_id: str, reply: Wire | None) -> None:
        """Know the call of an upload, and what it was answered. The last 10,000 are known, whatever else is kept."""
        call = _digest(call_id)
        with self._record.changed:
            self._replies[call] = reply
            self._replies.move_to_end(call)
            if len(self._replies) > KEPT:
                self._replies.popitem(last=False)

    def reply_to(self, call_id: str) -> Wire | None:
        """What the last upload of this call was answered; None where the call is not known."""
        self._record.process.check()
        return self._replies.get(_digest(call_id))

    def clear(self) -> None:
        """Forget all of them."""
        super().clear()
        self.skipped.clear()
        with self._record.changed:
            self._replies.clear()


def _digest(call_id: str) -> bytes:
    """The id in few bytes, however long it is."""
    return hashlib.sha256(call_id.encode("utf-8", "surrogatepass")).digest()
