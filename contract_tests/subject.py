"""What the proof is about in this run: which contract, which client, which server, and the seed."""

import argparse
import ipaddress
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests import trial
from scripts.codegen.operations import METHODS
from scripts.contract import Contract, examples_of, json_pointer, place_of, read, value_at

ROOT = Path(__file__).resolve().parent.parent
TOKEN_VARIABLE = "ROARK_API_BEARER_TOKEN"

# Headers that OpenAPI leaves to other parts of the contract: a parameter of such a name says nothing.
STATED_ELSEWHERE = ("accept", "authorization", "content-type")


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation. `location` is the part of the request it goes into, `pointer` where it is stated."""

    name: str
    location: str
    is_required: bool
    pointer: str

    @property
    def schema(self) -> str:
        """JSON pointer of its schema."""
        return self.pointer + json_pointer(["schema"])


@dataclass(frozen=True, eq=False)
class Operation:
    """An operation as a contract states it. `pointer` is its place there."""

    document: dict[str, Any] = field(repr=False)
    method: str
    path: str
    pointer: str

    @cached_property
    def definition(self) -> dict[str, Any]:
        """What the contract says of it."""
        found: dict[str, Any] = value_at(self.document, self.pointer)
        return found

    @property
    def label(self) -> str:
        """Method and path, as Schemathesis labels it."""
        return f"{self.method.upper()} {self.path}"

    @property
    def statuses(self) -> list[str]:
        """Every documented status: `200`, `4XX`, `default`."""
        return list(self.definition["responses"])

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters, its own before those of its path."""
        found: dict[tuple[str, str], Parameter] = {}
        for holder in (self.pointer, self.pointer.rpartition("/")[0]):
            for index, _ in enumerate(value_at(self.document, holder).get("parameters", ())):
                place = place_of(self.document, holder + json_pointer(["parameters", index]))
                stated = value_at(self.document, place)
                name, location = stated["name"], stated["in"]
                if location != "header" or name.lower() not in STATED_ELSEWHERE:
                    parameter = Parameter(name, location, stated.get("required") is True, place)
                    found.setdefault((name, location), parameter)
        return tuple(found.values())

    @property
    def names_a_thing(self) -> bool:
        """Whether its path has parameters: then it is about something that need not be there."""
        return any(each.location == "path" for each in self.parameters)

    def is_at(self, path: str) -> bool:
        """Whether a path is its own; a parameter of it stands for anything but a slash."""
        pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^{}]*\}", self.path))
        return re.fullmatch(pattern, path) is not None

    @property
    def has_body(self) -> bool:
        """Whether its request has a body."""
        return "requestBody" in self.definition

    @cached_property
    def body(self) -> str:
        """JSON pointer of what the contract says of the request body, or would say."""
        own = self.pointer + json_pointer(["requestBody"])
        return place_of(self.document, own) if self.has_body else own

    def request_schema(self) -> str:
        """JSON pointer of the schema of the JSON request body."""
        return self._schema(self.body)

    @property
    def examples(self) -> list[Any]:
        """Each example of the request body."""
        media = self.request_schema().removesuffix("/schema")
        return examples_of(value_at(self.document, media)) if self.has_body else []

    def example(self) -> Any:
        """The first example of the request body."""
        return self.examples[0]

    @cached_property
    def success(self) -> str:
        """The documented status of a success: `200` where there is one."""
        return min((each for each in self.statuses if each.startswith("2")), default="default")

    @cached_property
    def has_reply(self) -> bool:
        """Whether the reply to a success has a body."""
        return self.success in self.statuses and "content" in value_at(self.document, self.reply(self.success))

    @cache  # noqa: B019 - asked for with each request; an operation lives as long as the run
    def reply(self, status: str) -> str:
        """JSON pointer of what the contract says, or would say, of a reply with this documented status."""
        own = self.pointer + json_pointer(["responses", status])
        return place_of(self.document, own) if status in self.statuses else own

    def reply_schema(self, status: str) -> str:
        """JSON pointer of the schema of the JSON reply with this documented status."""
        return self._schema(self.reply(status))

    def success_schema(self) -> str:
        """JSON pointer of the schema of the JSON reply to a success."""
        return self.reply_schema(self.success)

    @cache  # noqa: B019 - as above
    def _schema(self, place: str) -> str:
        """JSON pointer of the schema of the JSON that a request body or a reply holds, or would hold."""
        try:
            content = value_at(self.document, place + json_pointer(["content"]))
        except KeyError:
            content = {}
        media_type = next((each for each in content if _is_json(each)), "application/json")
        return place + json_pointer(["content", media_type, "schema"])

    def documented_status(self, status: int) -> str:
        """The documented status that a reply counts as: its own, its class or `default`."""
        return next((each for each in (str(status), f"{status // 100}XX") if each in self.statuses), "default")


def _is_json(media_type: str) -> bool:
    """Whether what is under a media type is JSON (RFC 6839, 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


@dataclass(frozen=True)
class Limits:
    """What may reach a server on another machine, where an upload is real. `gate` keeps to it."""

    uploads: int = 0
    """Requests that the server should accept, all operations together."""
    invalid: int = 100
    """Requests that it must refuse, and others that create nothing, for each operation."""
    operations: tuple[str, ...] = ()
    """The `operationId` of each operation without a flag for tests that may be uploaded to all the same."""
    recording_url: str | None = None
    """The recording that every upload names."""
    pace: float = 0.5
    """Seconds from one request to the next, at least."""


@dataclass(frozen=True)
class Subject:
    """The four parties of one run. Without `server_url` the server is the embedded mock."""

    spec: Path = ROOT / "openapi.yaml"
    client: Path = ROOT / "generated"
    server_url: str | None = None
    token: str = field(default="test-token", repr=False)
    seed: int = 0
    examples: int = 100
    strict: bool = False
    """Whether what would be a notice is drift."""
    limits: Limits = Limits()

    @property
    def is_remote(self) -> bool:
        """Whether the server is on another machine, where an upload is real."""
        return self.server_url is not None and not _is_loopback(self.server_url)

    @property
    def contract(self) -> Contract:
        """The contract; raises `ContractError` where it cannot be used."""
        return _read_once(self.spec)

    @property
    def recording_url(self) -> str:
        """The recording that every request to another machine names, if it names one."""
        return self.limits.recording_url or trial.NO_RECORDING

    @cached_property
    def requests_contract(self) -> dict[str, Any]:
        """The contract that requests are made from. For a server on another machine each of them is a trial."""
        document = self.contract.document
        return trial.narrowed(document, METHODS, self.recording_url) if self.is_remote else document

    def sample(self, label: str, body: Any) -> Any:
        """A documented request body as it is sent: to a server on another machine as a trial."""
        operation = self.operation(label)
        if not self.is_remote or operation is None:
            return body
        flagged = trial.is_flagged(self.contract.document, operation.definition)
        return trial.as_trial(body, self.recording_url, flagged=flagged)

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation of the contract, in its order. Their examples are what may be sent."""
        document = self.requests_contract
        places = {path: place_of(document, json_pointer(["paths", path])) for path in document.get("paths", {})}
        return tuple(
            Operation(document, method, path, place + json_pointer([method]))
            for path, place in places.items()
            for method in value_at(document, place)
            if method in METHODS
        )

    @property
    def operations_with_body(self) -> tuple[Operation, ...]:
        """Those whose requests have a body."""
        return tuple(each for each in self.operations if each.has_body)

    @property
    def operations_with_reply(self) -> tuple[Operation, ...]:
        """Those whose replies to a success have a body."""
        return tuple(each for each in self.operations if each.has_reply)

    def operation(self, label: str) -> Operation | None:
        """The operation with this label, or None where the contract has none."""
        return next((operation for operation in self.operations if operation.label == label), None)


@cache
def _read_once(spec: Path) -> Contract:
    return read(spec)


def random_seed() -> int:
    """A seed short enough to be typed again."""
    return random.SystemRandom().randrange(1_000_000)


def number_from(least: int) -> Callable[[str], int]:
    """How an argument says a number of cases, or the like. What it returns raises `ArgumentTypeError` for any other."""

    def number(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and int(text) >= least):
            raise argparse.ArgumentTypeError(f"expected a number from {least}, got {text!r}")
        return int(text)

    return number


def server_url_problem(url: str) -> str | None:
    """Why a server cannot be aimed at, or None."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:  # a port that is no number, an address that is none
        return f"{url.rsplit('@', 1)[-1]} is not the URL of a server; expected http://HOST:PORT"
    if parts.username is not None or parts.password is not None:
        return f"the URL of {host} holds a name or password; give the token with --token or ${TOKEN_VARIABLE} instead"
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query or parts.fragment:
        return f"{url} is not the URL of a server; expected http://HOST:PORT"
    if parts.scheme != "https" and not _is_loopback(url):
        return f"{host} is not this machine, and http would show the token to the network; expected https://{host}"
    return None


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_chosen: Subject | None = None


def choose(subject: Subject) -> None:
    """Set what this process's run is about and make its client the one that is imported.

    To be called before anything imports the client; the modules of the proof do so only where they call it.
    """
    global _chosen
    _chosen = subject
    sys.path.insert(0, str(subject.client))


def chosen() -> Subject:
    """What this run is about."""
    if _chosen is None:
        raise RuntimeError("no subject was chosen; the tests run under contract_tests/conftest.py")
    return _chosen
