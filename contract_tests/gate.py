"""The gate before a server on another machine: every request of the proof passes it, whoever sends it.

A request that a server should accept is an upload. It passes while the budget lasts, as a trial and nothing else, and
only to an operation that has a flag for tests or was named. Any other request had to be refused: so many of them pass
for each operation, and as soon as one is accepted, or it is not known what became of it, none does any more.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import httpx
import requests
from requests.adapters import HTTPAdapter

from contract_tests import judge, trial
from contract_tests.evidence import Evidence
from contract_tests.impact import Impact
from contract_tests.server import REPLY_SECONDS, NotSentError
from contract_tests.subject import TOKEN_VARIABLE, Subject
from scripts.codegen.runtime.delivery import retry_after
from scripts.contract import Operation

USUAL_WAIT = 5.0  # seconds to wait after a 429 that does not say how long
LONGEST_WAIT = 60.0  # seconds that one 429 may ask for
WAITS = 3  # 429s in answer to one request; the next one ends the run

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")  # RFC 9110, 9.2.1: they change nothing
ELSEWHERE = "requests outside the contract"


ResponseT = TypeVar("ResponseT", requests.Response, httpx.Response)


@dataclass
class Passage:
    """One request that may be sent. `operation` is what it counts for."""

    operation: str
    is_upload: bool
    is_safe: bool
    has_token: bool
    waits: int = 0


@dataclass(frozen=True)
class Body:
    """What is known of a request's body: whether it fits the contract, and what a careless server might do with it."""

    is_valid: bool
    holds_a_call: bool
    fault: str | None


class Gate:
    """What has passed so far, and whether the next request may. `clock` and `sleep` are those of `time`."""

    def __init__(
        self,
        subject: Subject,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.subject = subject
        self.limits = subject.limits
        self.uploads = 0
        """Requests that were accepted, or may have been."""
        self.others: Counter[str] = Counter()
        """Requests that create nothing, by operation."""
        self.not_sent: Counter[tuple[str, str]] = Counter()
        """Requests that were kept back, by operation and reason."""
        self.stopped: str | None = None
        """Why nothing is sent any more."""
        self._closed: dict[str, str] = {}
        self._accepted: list[tuple[str, str]] = []
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    @property
    def patience(self) -> float:
        """The seconds that one request may be held back for, at most."""
        return self.limits.pace + WAITS * LONGEST_WAIT

    def may_upload(self, operation: Operation) -> bool:
        """Whether uploads to an operation are allowed at all."""
        named = operation.definition.get("operationId") in self.limits.operations
        return self.limits.uploads > 0 and (named or trial.is_flagged(operation))

    def admit(self, method: str, url: str, headers: Mapping[str, str], content: object) -> Passage:
        """Let a request pass when its time has come. Raises NotSentError where it may not be sent."""
        operation = self._operation(method, url)
        label = operation.label if operation else ELSEWHERE
        has_token = any(self.subject.token in unquote(text) for text in (url, *headers.values()))
        body = self._body(operation, content)
        is_json = "json" in headers.get("content-type", "").lower()
        passage = Passage(
            operation=label,
            is_upload=operation is not None and has_token and is_json and body.is_valid,
            is_safe=method.upper() in SAFE_METHODS,
            has_token=has_token,
        )
        if reason := self._objection(passage, operation, url, headers, body):
            self.not_sent[label, reason] += 1
            raise NotSentError(f"{label}: not sent, since {reason}")
        if passage.is_upload:
            self.uploads += 1
        else:
            self.others[label] += 1
        self._wait()
        return passage

    def _objection(
        self, passage: Passage, operation: Operation | None, url: str, headers: Mapping[str, str], body: Body
    ) -> str | None:
        """Why a request may not be sent. What a careless server might accept counts, not only what it should."""
        if self.stopped:
            return self.stopped
        if _origin(url) != _origin(self.subject.server_url or ""):
            return "it would go to another server"
        if "prefer" in headers:
            return "`Prefer` steers a mock, and to a real service it is one more upload"
        if operation is None:
            if not passage.is_safe:
                return "the contract does not say what it would do"
        elif passage.operation in self._closed:
            return self._closed[passage.operation]
        elif body.fault:
            return body.fault
        elif (
            passage.has_token and body.holds_a_call and not (trial.is_flagged(operation) or self.may_upload(operation))
        ):
            return "it holds a call and cannot be marked as a test; the operation was not named for uploads"
        if passage.is_upload:
            return None if self.uploads < self.limits.uploads else "no upload is left"
        return None if self.others[passage.operation] < self.limits.invalid else "as many as allowed were sent"

    def answered(self, passage: Passage, answer: requests.Response | httpx.Response) -> bool:
        """Take in an answer. True after the wait that a 429 asks for: the same request is to be sent again."""
        status = answer.status_code
        if status == 429:
            self._hold_on(passage, retry_after(answer.headers))
            return True
        if status in (401, 403) and passage.has_token and passage.operation != ELSEWHERE:
            # It would refuse everything, which would pass for agreement.
            self.stopped = f"the server refuses the token ({status}); give one that may upload, as ${TOKEN_VARIABLE}"
        if not passage.is_upload and not passage.is_safe:
            if 200 <= status < 300:
                self._accepted.append((passage.operation, f"a request that must be refused was accepted ({status})"))
                self._close(passage, "the server accepts what it must refuse")
            elif status == 408 or status >= 500:
                self._close(passage, f"a {status} does not say what became of a request that must be refused")
        return False

    def unanswered(self, passage: Passage) -> None:
        """Take in that no answer came: it may have been accepted."""
        if not passage.is_upload and not passage.is_safe:
            self._close(passage, "it is not known what became of a request that must be refused")

    def exchange(self, passage: Passage, send: Callable[[], ResponseT]) -> ResponseT:
        """Send what was admitted, again after each wait that a 429 asks for."""
        while True:
            try:
                response = send()
            except BaseException:
                self.unanswered(passage)
                raise
            if not self.answered(passage, response):
                return response
            response.close()

    @contextmanager
    def watched(self, evidence: Evidence) -> Iterator[None]:
        """End a test quietly at a request that was not sent, and report what was accepted wrongly meanwhile."""
        before = self.not_sent.total()
        try:
            yield
        except NotSentError:
            pass
        finally:
            evidence.cases = max(0, evidence.cases - (self.not_sent.total() - before))
            accepted, self._accepted = self._accepted, []
            for operation, message in accepted:
                told = [drift for drift in evidence.drifts if drift.operation == operation]
                if not any(drift.impact >= Impact.LOSES for drift in told):
                    where = {"operation": operation, "place": "request"}
                    evidence.drift(**where, message=message, check="gate", rule="unwanted-upload")

    def notes(self) -> list[str]:
        """What a reader should know of what was and was not sent."""
        notes = [f"{self.uploads} of {self.limits.uploads} uploads, {self.others.total()} other requests were sent"]
        notes += [f"{operation}: stopped, since {reason}" for operation, reason in self._closed.items()]
        notes += [
            f"{operation}: {number} not sent, since {reason}"
            for (operation, reason), number in sorted(self.not_sent.items())
        ]
        return notes

    def _close(self, passage: Passage, reason: str) -> None:
        self.uploads += 1
        self._closed[passage.operation] = reason

    def _hold_on(self, passage: Passage, asked: float | None) -> None:
        wait = USUAL_WAIT if asked is None else asked
        passage.waits += 1
        if wait > LONGEST_WAIT:
            self.stopped = f"the server asks to wait for {wait:.0f} s (429); run again after that"
        elif passage.waits > WAITS:
            self.stopped = f"the server answers 429 after {WAITS} waits; run again later, or with a greater --pace"
        if self.stopped:
            raise NotSentError(self.stopped)
        self._next = max(self._next, self._clock() + wait)
        self._wait()

    def _wait(self) -> None:
        if (wait := self._next - self._clock()) > 0:
            self._sleep(wait)
        self._next = self._clock() + self.limits.pace

    def _operation(self, method: str, url: str) -> Operation | None:
        """The operation that a request is for."""
        path = unquote(urlsplit(url).path)
        known = (each for each in self.subject.operations if each.is_at(path))
        return next((each for each in known if each.method == method.lower()), None)

    def _body(self, operation: Operation | None, content: object) -> Body:
        if operation is None:
            return Body(is_valid=False, holds_a_call=False, fault=None)
        if not (operation.request and operation.request.sent):
            return Body(is_valid=True, holds_a_call=True, fault=None)
        data = content.encode() if isinstance(content, str) else content or b""
        if not isinstance(data, bytes):
            return Body(is_valid=False, holds_a_call=True, fault="its body cannot be looked at")
        fields = trial.fields_of_a_call(operation)
        try:
            value = json.loads(data, object_pairs_hook=_object)
        except (ValueError, RecursionError):
            named = any(field.encode() in data for field in fields)
            fault = "its body cannot be read, and names a field of a call" if named else None
            return Body(is_valid=False, holds_a_call=named, fault=fault)
        return Body(
            is_valid=judge.is_valid(operation.request_schema(), value),
            holds_a_call=next(trial.calls(value, fields), None) is not None,
            fault=trial.fault(value, self.subject.recording_url, flagged=trial.is_flagged(operation), fields=fields),
        )


@lru_cache(maxsize=1)
def gate_of(subject: Subject) -> Gate | None:
    """The gate of a run; None where the server is on this machine. One for a subject, whoever asks."""
    return Gate(subject) if subject.is_remote else None


def gated_session(gate: Gate) -> requests.Session:
    """A session of requests that sends nothing past the gate."""
    session = requests.Session()
    session.mount("https://", Adapter(gate))
    session.mount("http://", Adapter(gate))
    return session


def httpx_options(gate: Gate) -> dict[str, Any]:
    """What makes the generated client send nothing past the gate; its deadline allows for the waits there."""
    return {"transport": Transport(gate), "timeout": REPLY_SECONDS + gate.patience}


class Adapter(HTTPAdapter):
    """Sends what the gate lets pass, for requests."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self._gate = gate

    def send(self, request: requests.PreparedRequest, *arguments: Any, **options: Any) -> requests.Response:
        """The answer. Raises NotSentError where the gate keeps the request back."""
        passage = self._gate.admit(request.method or "", request.url or "", _lower(request.headers), request.body)
        send = super().send
        return self._gate.exchange(passage, lambda: send(request, *arguments, **options))


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Sends what the gate lets pass, for both halves of httpx."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._sync: httpx.HTTPTransport | None = None  # made when it is first used, since TLS takes its time
        self._async: httpx.AsyncHTTPTransport | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. Raises NotSentError where the gate keeps the request back."""
        passage = self._admit(request, request.read())
        transport = self._sync = self._sync or httpx.HTTPTransport(trust_env=False)
        return self._gate.exchange(passage, lambda: transport.handle_request(request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same in the asynchronous half, which waits as the other does: nothing else is to go on meanwhile."""
        passage = self._admit(request, await request.aread())
        self._async = self._async or httpx.AsyncHTTPTransport(trust_env=False)
        while True:
            try:
                response = await self._async.handle_async_request(request)
            except BaseException:
                self._gate.unanswered(passage)
                raise
            if not self._gate.answered(passage, response):
                return response
            await response.aclose()

    def close(self) -> None:
        """Close the connections of the synchronous half."""
        if self._sync:
            self._sync.close()

    async def aclose(self) -> None:
        """Close those of the other."""
        if self._async:
            await self._async.aclose()

    def _admit(self, request: httpx.Request, content: bytes) -> Passage:
        passage = self._gate.admit(request.method, str(request.url), _lower(request.headers), content)
        phases = request.extensions.get("timeout", {})
        for name, seconds in phases.items():  # the deadline is long, a phase is not
            phases[name] = REPLY_SECONDS if seconds is None else min(seconds, REPLY_SECONDS)
        return passage


def _lower(headers: Mapping[str, Any]) -> dict[str, str]:
    """Header fields as text, their names in small letters."""
    return {
        name.lower(): value.decode("latin-1") if isinstance(value, bytes) else value for name, value in headers.items()
    }


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object. Raises ValueError where a field stands twice, since a server might read the other one."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a field stands twice")
    return dict(pairs)
