"""A request with its reply, as every check sees them, and what a check finds in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any

from contract_tests import judge
from contract_tests.proof.breaches import WrongPlace, wrong_places
from contract_tests.proof.checks import strict_json
from contract_tests.proof.inputs import Input
from contract_tests.proof.same_value import NOTHING
from scripts.contract import Operation


@dataclass(frozen=True)
class Answer:
    """What an operation was asked and what came back. Names of headers are lower case.

    `method` is the one that was used; `sent` is the JSON value of the request, NOTHING where it had none.
    """

    operation: Operation
    method: str
    sent: Any
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def is_success(self) -> bool:
        """Whether the upload was accepted: a success of another method, such as OPTIONS, is none."""
        return 200 <= self.status <= 299 and self.method == self.operation.method.upper()

    @cached_property
    def schema(self) -> str | None:
        """JSON pointer of the schema of this success; None where it is none, or none that the contract documents."""
        status = self.operation.documented_status(self.status)
        pointer = self.operation.reply_schema(status)
        is_success = self.is_success and (status.startswith("2") or status == self.operation.success)
        return pointer if is_success and judge.exists(pointer) else None

    @property
    def media_type(self) -> str:
        """The media type of the reply, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def json(self) -> Any:
        """The JSON value of the reply, NOTHING where it is none."""
        return strict_json.value_of(self.content)

    @cached_property
    def breach(self) -> WrongPlace | None:
        """Where the request breaks the contract first, if it does."""
        if not self.operation.has_body:
            return None
        if self.sent is NOTHING:
            return WrongPlace("", unknown_value=False, optional=None, passthrough=False, fault="a body that is no JSON")
        return next(wrong_places(self.operation.request_schema(), self.sent), None)

    @property
    def is_documented_upload(self) -> bool:
        """Whether a valid upload was accepted: only of these is it known what the reply must say."""
        return self.status == 200 and self.operation.has_body and self.breach is None


@dataclass(frozen=True)
class Finding:
    """What a check found. `source` is the `x-source` of the fact that the reply contradicts, `rule` and `fault` are
    those of a `Drift`.
    """

    check: str
    place: str
    message: str
    source: str = "ours"
    _: KW_ONLY
    rule: str
    fault: str = ""


@dataclass
class RunHistory:
    """What the run has seen so far, for the checks that compare replies with each other."""

    ids: dict[str, str] = field(default_factory=dict)
    """By id, the place of the reply where it was met first."""
    ids_of_calls: dict[str, set[str]] = field(default_factory=dict)
    """By its caller's id of a call, the ids that the uploads of the call were answered with."""
    error_shape: tuple[int, Mapping[str, str]] | None = None
    """The status of the first error that was JSON, and the JSON type of each of its fields."""
    tried: dict[str, tuple[list[tuple[Input, str]], list[Input]]] = field(default_factory=dict)
    """By operation, valid inputs that the server refused, each with the fault, and those that it took."""


Check = Callable[[Answer, RunHistory], Iterator[Finding]]
