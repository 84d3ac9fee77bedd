"""What a test of the proof reports: how many cases it tried, every drift it met, and what it only gives notice of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

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

PAIRS = (DOCUMENTS_CONTRACT, CONTRACT_CLIENT, CONTRACT_SERVER, CLIENT_SERVER)

CURL_LENGTH = 600  # characters of a request that a report shows


@dataclass(frozen=True)
class Drift:
    """One disagreement between two parties.

    `place` is a file or message with a JSON pointer: `openapi.yaml#/…`, `request#/…`, `reply#/…`,
    `generated/…`. `found_by` names the test of the proof, and the check where it has several. `request`, where there
    is one, is the curl command of the exchange that showed it.
    """

    operation: str | None
    place: str
    message: str
    found_by: str = ""
    request: str | None = None

    @property
    def check(self) -> str:
        """What noticed it: the check, or the test that is one by itself."""
        return check_in(self.found_by)

    @property
    def identity(self) -> tuple[str | None, str, str]:
        """What makes two findings one, whichever request showed them."""
        return self.operation, self.place, self.check

    def __str__(self) -> str:
        lines = [f"{self.operation or 'all operations'}  {self.place}", f"  {self.message}"]
        if self.request:
            lines.append(f"  {_shortened(self.request)}")
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
    strict: bool = False
    """Whether what would be a notice is drift."""
    guesses_are_notices: bool = False
    """Whether what contradicts only `x-source: ours` is a notice: it shows that we guessed wrong."""
    stop_at_first: bool = False
    cases: int = 0
    notes: list[str] = field(default_factory=list)
    _drifts: dict[tuple[str | None, str, str], Drift] = field(default_factory=dict)
    _notices: dict[tuple[str | None, str, str], Drift] = field(default_factory=dict)

    @property
    def drifts(self) -> list[Drift]:
        """Every drift, each place and kind once, with the shortest request that shows it."""
        return list(self._drifts.values())

    @property
    def notices(self) -> list[Drift]:
        """The same of what a reader should look at, and that fails nothing."""
        return list(self._notices.values())

    def case(self) -> None:
        """Count one case: one request, one sample, one field compared."""
        self.cases += 1

    def note(self, text: str) -> None:
        """Tell something that is no drift but that a reader should know."""
        self.notes.append(text)

    def drift(
        self,
        *,
        operation: str | None,
        place: str,
        message: str,
        request: str | None = None,
        kind: str = "",
        check: str = "",
        source: str = "documented",
    ) -> None:
        """Report a drift. Two of one operation, place and `kind` count as one.

        `check` names what found it within the test, `source` is the `x-source` of the fact that is contradicted.
        """
        found = self._found(operation, place, message, request, check)
        if source == "ours" and self.guesses_are_notices and not self.strict:
            _keep(self._notices, found, kind)
            return
        _keep(self._drifts, found, kind)
        if self.stop_at_first:
            raise FirstDriftFound

    def notice(
        self,
        *,
        operation: str | None,
        place: str,
        message: str,
        request: str | None = None,
        kind: str = "",
        check: str = "",
    ) -> None:
        """Report what contradicts nothing and should still be looked at; with `strict` it is drift."""
        if self.strict:
            self.drift(operation=operation, place=place, message=message, request=request, kind=kind, check=check)
        else:
            _keep(self._notices, self._found(operation, place, message, request, check), kind)

    def compare(self, *, operation: str | None, place: str, what: str, expected: object, actual: object) -> None:
        """Count one case, and report a drift where the two are not equal."""
        self.case()
        if expected != actual:
            self.drift(operation=operation, place=place, message=f"{what}: expected {expected!r}, got {actual!r}")

    def _found(self, operation: str | None, place: str, message: str, request: str | None, check: str) -> Drift:
        found_by = f"{self.test}: {check}" if check else self.test
        return Drift(operation, printable(place), printable(message), found_by, request)


def _keep(known: dict[tuple[str | None, str, str], Drift], found: Drift, kind: str) -> None:
    key = (found.operation, found.place, kind or found.message)
    if key not in known or len(found.request or "") < len(known[key].request or ""):
        known[key] = found


def _shortened(request: str) -> str:
    return request if len(request) <= CURL_LENGTH else f"{request[:CURL_LENGTH]}… ({len(request)} characters)"
