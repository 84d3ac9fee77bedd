"""What a test of the proof reports: how many cases it tried, and every drift it met."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from contract_tests.impact import DISAGREEMENT, Impact, impact_of
from scripts.terminal import printable


@dataclass(frozen=True)
class Pair:
    """Two parties, and in a few words what is held against what. Each module of the proof is about one pair."""

    one: str
    other: str
    checked: str

    def __str__(self) -> str:
        return f"{self.one} ↔ {self.other}"


DOCUMENTS_CONTRACT = Pair("documents", "contract", checked="samples, examples, listed fields, SDKs, sources")
CONTRACT_CLIENT = Pair("contract", "client", checked="bytes, fields, calls; requests and replies on the wire")
CONTRACT_SERVER = Pair("contract", "server", checked="types, generated and chosen requests, protocol, replies")
CLIENT_SERVER = Pair("client", "server", checked="documented uploads, raw Vapi reports, errors")

_PLAIN = re.compile(r"(/[\w-]+)*", re.ASCII)  # a JSON pointer as most are

PAIRS = (DOCUMENTS_CONTRACT, CONTRACT_CLIENT, CONTRACT_SERVER, CLIENT_SERVER)


@dataclass(frozen=True)
class Drift:
    """One disagreement between two parties.

    `place` is a file or message with a JSON pointer: `openapi.yaml#/…`, `request#/…`, `reply#/…`,
    `generated/…`. `found_by` names the test of the proof, and the check where it has several. `request`, where there
    is one, is the curl command of the exchange that showed it. `rule` says what it does to callers, `fault` in words
    that are the same for the same mistake which one it is, `source` the `x-source` of what it contradicts.
    """

    operation: str | None
    place: str
    message: str
    found_by: str = ""
    request: str | None = None
    rule: str = DISAGREEMENT
    fault: str = ""
    source: str = "documented"

    @property
    def impact(self) -> Impact:
        """What it does to callers of the client."""
        return impact_of(self.rule, self.source)

    @property
    def effort(self) -> tuple[bool, bool, bool, int]:
        """How hard what shows it is to read: the longer the request and the odder its characters, the more."""
        request, pointer = self.request or "", self.place.partition("#")[2]
        return not request.startswith("curl"), not request.isascii(), not _PLAIN.fullmatch(pointer), len(request)

    @property
    def check(self) -> str:
        """What noticed it: the check, or the test that is one by itself."""
        return check_in(self.found_by)

    @property
    def identity(self) -> tuple[str | None, str, str, str, str]:
        """What makes two findings one, whichever request showed them."""
        return self.operation, self.place, self.check, self.rule, self.fault

    def __str__(self) -> str:
        lines = [f"{self.operation or 'all operations'}  {self.place}", f"  {self.message}"]
        if self.request:
            lines.append(f"  {self.request}")
        return "\n".join(lines)


def check_in(found_by: str) -> str:
    """The check that `Drift.found_by` names: the test, where it is one by itself."""
    return found_by.rpartition(": ")[2]


class DriftFoundError(AssertionError):
    """A test of the proof met drift. The message lists all of it."""

    def __init__(self, drifts: Sequence[Drift]) -> None:
        self.drifts = tuple(drifts)
        super().__init__("\n".join(map(str, drifts)))


class FirstDriftFound(BaseException):
    """Ends a test at its first drift. No `Exception`, which Hypothesis would catch and shrink."""


@dataclass
class Evidence:
    """What one test has seen so far. A test goes on after a drift, so that one does not hide the next."""

    test: str = ""
    stop_at: Impact | None = None
    """The least impact of a drift that ends the test."""
    cases: int = 0
    notes: list[str] = field(default_factory=list)
    not_held: dict[str, str] = field(default_factory=dict)
    """By place, why the contract cannot be held there; that is no drift."""
    _drifts: dict[tuple[str | None, str, str, str], Drift] = field(default_factory=dict)

    @property
    def drifts(self) -> list[Drift]:
        """Every drift, each place and kind once, with the shortest request that shows it."""
        return list(self._drifts.values())

    def case(self) -> None:
        """Count one case: one request, one sample, one field compared."""
        self.cases += 1

    def note(self, text: str) -> None:
        """Tell something that is no drift but that a reader should know."""
        self.notes.append(text)

    def cannot_hold(self, place: str, reason: str) -> None:
        """Tell a place of the contract that nobody can be held to, and why; each once."""
        self.not_held.setdefault(printable(place), printable(reason))

    def drift(
        self,
        *,
        operation: str | None,
        place: str,
        message: str,
        request: str | None = None,
        kind: str = "",
        check: str = "",
        rule: str = DISAGREEMENT,
        fault: str = "",
        source: str = "documented",
    ) -> None:
        """Report a drift. Two of one operation, place, `kind` and `fault` count as one.

        `check` names what found it within the test, `source` is the `x-source` of the fact that is contradicted;
        for `rule` and `fault` see `Drift`.
        """
        found_by = f"{self.test}: {check}" if check else self.test
        found = Drift(
            operation, printable(place), printable(message), found_by, request, rule, printable(fault), source
        )
        key = (operation, found.place, kind or found.message, found.fault)
        if key not in self._drifts or found.effort < self._drifts[key].effort:
            self._drifts[key] = found
        if self.stop_at is not None and found.impact >= self.stop_at:
            raise FirstDriftFound

    def compare(
        self,
        *,
        operation: str | None,
        place: str,
        what: str,
        expected: object,
        actual: object,
        rule: str = DISAGREEMENT,
        fault: str = "",
        source: str = "documented",
    ) -> None:
        """Count one case, and report a drift where the two are not equal."""
        self.case()
        if expected != actual:
            message = f"{what}: expected {expected!r}, got {actual!r}"
            self.drift(operation=operation, place=place, message=message, rule=rule, fault=fault, source=source)
