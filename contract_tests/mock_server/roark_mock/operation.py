"""An operation as the mock states it: where it is, what it takes, how it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from roark_mock.uploads import ReplyT, RequestT, Uploads
from roark_mock.wire import Wire

NewId: TypeAlias = Callable[[], UUID]
ParametersT = TypeVar("ParametersT", bound=Wire | None)


@dataclass(frozen=True, slots=True)
class RequestContext(Generic[RequestT, ParametersT]):
    """What came to an operation and is valid, and what the mock has to answer it with."""

    request: RequestT
    """The body."""
    parameters: ParametersT
    """Those of the path and of the query."""
    new_id: NewId
    uploads: Uploads
    """What was accepted before."""


@dataclass(frozen=True, slots=True)
class ImportedCall:
    """The call that an upload brings in, and whether the upload is to be skipped where that call is there already."""

    call_id: str
    is_skipped_if_there: bool


@dataclass(frozen=True, slots=True)
class MockOperation(Generic[RequestT, ParametersT, ReplyT]):
    """A `method` on `path`; `answer` makes the body of the reply, or raises a `RefusalError`.

    `request` is the type of the body, `parameters` that of the parameters by name: those that `path` has in braces, and
    those of the query. What an operation has none of is left out.
    """

    name: str
    method: str
    path: str
    answer: Callable[[RequestContext[RequestT, ParametersT]], ReplyT]
    request: type[RequestT] | None = None
    parameters: type[ParametersT] | None = None
    status: int = 200
    """That of a success."""
    imports: Callable[[RequestT], ImportedCall] | None = None
    """What an upload brings in, where its caller names the call; a skipped one is answered as the first was."""

    @property
    def label(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"
