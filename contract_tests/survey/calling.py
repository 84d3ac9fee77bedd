"""Call each operation of a client over loopback; compare what is sent and what is read. Run as a process of its own.

`python -m contract_tests.survey.calling CONTRACT FOLDER` prints one JSON object: how many `operations` and `calls`;
what was `wrong`, each with the operation and the reason; and of each operation that is `untried`, why.
"""

import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from datetime import time as datetime_time
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from contract_tests.proof.same_value import differences
from contract_tests.survey.requests import ExpectedRequest, ReceivedRequest, mistakes
from contract_tests.survey.samples import NoSampleError, samples
from scripts.contract import (
    Form,
    MediaType,
    Operation,
    Parameter,
    essence,
    examples_of,
    is_range,
    read,
    read_operations,
)

JSON = Any

PREFIX = "/base"
SECONDS = 10.0

BODILESS = (204, 205, 304)  # whatever the contract says (RFC 9110, 15.3.5)

# What stands for a range that admits it, such as `*/*`.
ONE_OF_A_RANGE = {Form.JSON: "application/json", Form.TEXT: "text/plain", Form.BYTES: "application/octet-stream"}


@dataclass(frozen=True)
class PlannedReply:
    """A success that the server gives in answer to a call."""

    status: int
    media_type: MediaType | None
    value: JSON

    @property
    def content(self) -> bytes:
        """Its body."""
        if self.media_type is None:
            return b""
        if self.media_type.form is Form.JSON:
            return json.dumps(self.value).encode()
        return self.value if isinstance(self.value, bytes) else str(self.value).encode()

    @property
    def content_type(self) -> str | None:
        """What its body says it is: one of a range of media types, where the contract allows a range."""
        if self.media_type is None:
            return None
        if not is_range(self.media_type.name):
            return self.media_type.name
        usual, its = ONE_OF_A_RANGE[self.media_type.form], essence(self.media_type.name).removesuffix("*")
        return usual if its == "*/" or usual.startswith(its) else f"{its}example"  # RFC 4735


class LoopbackServer(ThreadingHTTPServer):
    """Answers every request alike, and keeps the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = PlannedReply(200, None, None)
        self.requests: list[ReceivedRequest] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}{PREFIX}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def handle_any(self) -> None:
        """Keep the request, and answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(ReceivedRequest(self.command, self.path, headers, body))
        answer = self.server.answer
        self.send_response(answer.status)
        if answer.content_type is not None:
            self.send_header("Content-Type", answer.content_type)
        if answer.status not in BODILESS:
            self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        if self.command != "HEAD" and answer.status not in BODILESS:
            self.wfile.write(answer.content)

    do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = do_HEAD = do_PATCH = do_TRACE = handle_any  # noqa: N815


@dataclass
class Survey:
    """The calls of one client."""

    server: LoopbackServer
    calls: int = 0
    mistakes: list[dict[str, str]] = field(default_factory=list)
    untried: dict[str, str] = field(default_factory=dict)
    drift_events: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # What functions of the lower layer take, with a credential for each security scheme.
        schemes = importlib.import_module("roark_client.contract").CONTRACT.schemes
        credentials = {each.argument: ("user", "secret") if each.prefix == "Basic" else "secret" for each in schemes}
        facade = importlib.import_module("roark_client").Roark(
            **credentials,
            base_url=self.server.url,
            timeout=SECONDS,
            max_retries=0,
            on_drift=lambda event: self.drift_events.append(str(event)),
        )
        self.client = SimpleNamespace(connection=facade._connection)

    def call(self, operation: Operation, module: Any) -> None:
        """Call an operation with every sample of a request, and answer with every sample of a reply."""
        try:
            requests, answers = list(_requests(operation)), list(_answers(operation))
        except NoSampleError as error:
            self.untried[operation.label] = str(error)
            return
        for at in range(max(len(requests), len(answers))):
            values, media_type, body = requests[at % len(requests)]
            answer = answers[at % len(answers)]
            self.calls += 1
            expected = ExpectedRequest(operation, values, media_type, body, answer.content_type)
            for reason in dict.fromkeys(self._mistakes(module, expected, answer)):
                self.mistakes.append({"operation": operation.label, "reason": reason})

    def _mistakes(self, module: Any, expected: ExpectedRequest, answer: PlannedReply) -> Iterator[str]:
        self.server.answer = answer
        self.server.requests.clear()
        self.drift_events.clear()
        names = {(each.location, each.wire.lower()): each.name for each in module.OPERATION.parameters}
        arguments = {}
        for parameter, value in expected.values.items():
            name = names.get((parameter.location, parameter.name.lower()))
            if name is None:
                yield f"there is no argument for {parameter.name} in the {parameter.location}"
                return
            arguments[name] = value
        if expected.media_type is not None:
            arguments["body"] = expected.body
        try:
            reply = module.sync_detailed(client=self.client, **arguments)
        except Exception as error:  # noqa: BLE001 - whatever a generated client raises
            yield f"the call fails: {type(error).__name__}: {str(error)[:400]}"
            return
        if len(self.server.requests) != 1:
            yield f"{len(self.server.requests)} requests came"
            return
        yield from mistakes(expected, self.server.requests[0], PREFIX)
        yield from _misread(answer, reply)
        yield from (f"the caller is told of drift: {each}" for each in self.drift_events)


def _requests(operation: Operation) -> Iterator[tuple[dict[Parameter, JSON], MediaType | None, JSON]]:
    """What a request may hold: a value for each parameter, and a body; at last no more than has to be there."""
    values = {each: _parameters(each) for each in operation.parameters}
    sent = None if operation.request is None else operation.request.sent
    bodies: list[tuple[MediaType | None, JSON]] = []
    if sent is not None:
        bodies += [(sent, body) for body in _bodies(sent, of_reply=False)]
    if operation.request is None or not operation.request.is_required:
        bodies.append((None, None))
    for at in range(max([len(bodies), *map(len, values.values())])):
        yield {each: found[at % len(found)] for each, found in values.items() if found}, *bodies[at % len(bodies)]
    yield {each: found[0] for each, found in values.items() if each.is_required and found}, *bodies[-1]


def _parameters(parameter: Parameter) -> list[JSON]:
    """Values of a parameter that can be written; none, where it can be left out instead."""
    shown = examples_of(parameter.place.document, parameter.place.raw)
    found = samples(parameter.stated_schema, of_reply=False, shown=shown)
    if found := [each for each in found if parameter.content or _can_be_written(each)]:
        return found
    if parameter.is_required:
        raise NoSampleError(f"no value was found that can be written for {parameter.pointer}")
    return []


def _can_be_written(value: JSON) -> bool:
    """Whether a value has a text that says it, anywhere in a request."""
    parts = value if isinstance(value, list) else [value]
    return bool(parts) and all(each not in (None, "") and not isinstance(each, dict | list) for each in parts)


def _bodies(media_type: MediaType, *, of_reply: bool) -> list[JSON]:
    if media_type.form is Form.JSON:
        return samples(media_type.schema, of_reply=of_reply, shown=media_type.examples)
    return ["text, é"] if media_type.form is Form.TEXT else [b"\x00\xff bytes"]


def _answers(operation: Operation) -> Iterator[PlannedReply]:
    """Each documented success with every sample of its body; where none is, one that is empty."""
    if not operation.successes:
        yield PlannedReply(204, None, None)
    for status, reply in operation.successes.items():
        number = int(status) if status.isdecimal() else 200
        read_as = None if operation.method == "head" or number in BODILESS else reply.read
        if read_as is None:
            yield PlannedReply(number, None, None)
        else:
            yield from (PlannedReply(number, read_as, each) for each in _bodies(read_as, of_reply=True))


def _misread(answer: PlannedReply, reply: Any) -> Iterator[str]:
    """Where what was read, written again, differs from what was answered."""
    if reply.status_code != answer.status:
        yield f"the status is {reply.status_code}, not {answer.status}"
    value = None if answer.media_type is None else answer.value
    for pointer, expected, found in differences(value, written(reply.parsed)):
        yield f"the reply is read as {found!r:.80} at {pointer or 'its top'}, not {expected!r:.80}"


def written(value: Any) -> JSON:
    """What was read, as JSON."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {name: written(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [written(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime_time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def main() -> None:
    """Print what was found."""
    contract, folder = map(Path, sys.argv[1:])
    sys.path.insert(0, str(folder))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        os.environ.pop(name, None)  # loopback alone
    modules = {}
    for path in sorted(folder.glob("roark_client/api/*/*.py")):
        if path.stem != "__init__":
            module = importlib.import_module(f"roark_client.api.{path.parent.name}.{path.stem}")
            modules[module.OPERATION.label] = module
    survey = Survey(LoopbackServer())
    operations = list(read_operations(read(contract).root))
    for each in operations:
        if each.label in modules:
            survey.call(each, modules[each.label])
        else:
            survey.mistakes.append({"operation": each.label, "reason": "the client does not have it"})
    found = {"operations": len(operations), "calls": survey.calls, "wrong": survey.mistakes, "untried": survey.untried}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
