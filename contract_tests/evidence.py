"""What a test of the proof reports: how many cases it tried, and every drift it met."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pair:
    """Two parties, and in a few words what is held against what. Each module of the proof is about one pair."""

    one: str
    other: str
    checked: str

    def __str__(self) -> str:
        return f"{self.one} ↔ {self.other}"


DOCUMENTS_CONTRACT = Pair("documents", "contract", checked="samples, examples, listed fields, token")
CONTRACT_CLIENT = Pair("contract", "client", checked="bytes, fields, enums, calls, examples")
CONTRACT_SERVER = Pair("contract", "server", checked="generated requests, media types, statuses, replies")
CLIENT_SERVER = Pair("client", "server", checked="documented uploads, raw Vapi reports, errors; sync and async")

PAIRS = (DOCUMENTS_CONTRACT, CONTRACT_CLIENT, CONTRACT_SERVER, CLIENT_SERVER)

CURL_LENGTH = 600  # characters of a request that a report shows


@dataclass(frozen=True)
class Drift:
    """One disagreement between two parties.

    `place` is a file or message with a JSON pointer: `openapi.yaml#/…`, `request#/…`, `reply#/…`,
    `generated/…`. `request`, where there is one, is the curl command of the exchange that showed it.
    """

    operation: str | None
    place: str
    message: str
    request: str | None = None

    def __str__(self) -> str:
        lines = [f"{self.operation or 'all operations'}  {self.place}", f"  {self.message}"]
        if self.request:
            lines.append(f"  {_shortened(self.request)}")
        return "\n".join(lines)


class DriftFoundError(AssertionError):
    """A test of the proof met drift. The message lists all of it."""

    def __init__(self, drifts: Sequence[Drift]) -> None:
        self.drifts = tuple(drifts)
        super().__init__("\n".join(map(str, drifts)))


@dataclass
class Evidence:
    """What one test has seen so far. A test goes on after a drift, so that one does not hide the next."""

    cases: int = 0
    notes: list[str] = field(default_factory=list)
    _drifts: dict[tuple[str | None, str, str], Drift] = field(default_factory=dict)

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

    def drift(
        self, *, operation: str | None, place: str, message: str, request: str | None = None, kind: str = ""
    ) -> None:
        """Report a drift. Two of one operation, place and `kind` count as one."""
        place, message = printable(place), printable(message)
        key = (operation, place, kind or message)
        known = self._drifts.get(key)
        if known is None or len(request or "") < len(known.request or ""):
            self._drifts[key] = Drift(operation, place, message, request)

    def compare(self, *, operation: str | None, place: str, what: str, expected: object, actual: object) -> None:
        """Count one case, and report a drift where the two are not equal."""
        self.case()
        if expected != actual:
            self.drift(operation=operation, place=place, message=f"{what}: expected {expected!r}, got {actual!r}")


def printable(text: str) -> str:
    """A text on one line, without what a terminal would obey: it may come from a server or a document."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in " ".join(text.split()))


def _shortened(request: str) -> str:
    return request if len(request) <= CURL_LENGTH else f"{request[:CURL_LENGTH]}… ({len(request)} characters)"
