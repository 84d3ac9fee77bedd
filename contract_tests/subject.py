"""What the proof is about in this run: which contract, which client, which server, and the seed."""

import argparse
import ipaddress
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests import contents, trial
from contract_tests.impact import Impact
from scripts.contract import Contract, Operation, read, read_operations, root

ROOT = Path(__file__).resolve().parent.parent
TOKEN_VARIABLE = "ROARK_API_BEARER_TOKEN"
SHORTEST_TOKEN = 8  # letters of one that can be kept out of a report; a shorter one stands in many a text


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

    documents: Path = ROOT / "contract_tests" / "documents"
    spec: Path = ROOT / "openapi.yaml"
    client: Path = ROOT / "generated"
    server_url: str | None = None
    token: str = field(default="test-token", repr=False)
    seed: int = 0
    examples: int = 100
    fail_on: Impact | None = None
    """The least impact of a finding that fails the run; see `fails_on`."""
    limits: Limits = Limits()

    @property
    def is_remote(self) -> bool:
        """Whether the server is on another machine, where an upload is real."""
        return self.server_url is not None and not _is_loopback(self.server_url)

    @property
    def fails_on(self) -> Impact:
        """The least impact that fails the run: any of our own mock; of another server, what hurts callers."""
        if self.fail_on is not None:
            return self.fail_on
        return Impact.GUESS if self.server_url is None else Impact.LOSES

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
        return trial.narrowed(document, self.recording_url) if self.is_remote else document

    def sample(self, label: str, body: Any) -> Any:
        """A documented request body as it is sent: to a server on another machine as a trial."""
        operation = self.operation(label)
        if not self.is_remote or operation is None:
            return body
        return trial.as_trial(body, self.recording_url, flagged=trial.is_flagged(operation))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation of the contract, in its order. Their examples are what may be sent."""
        return tuple(read_operations(root(self.requests_contract)))

    @property
    def operations_with_body(self) -> tuple[Operation, ...]:
        """Those whose requests hold JSON."""
        return tuple(each for each in self.operations if contents.sends_json(each))

    @property
    def operations_with_reply(self) -> tuple[Operation, ...]:
        """Those whose replies to a success hold JSON."""
        return tuple(each for each in self.operations if contents.reads_json(each))

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
