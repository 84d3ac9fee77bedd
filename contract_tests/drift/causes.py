"""One finding a cause: the drifts that one mistake explains, put together for the report.

Drifts of one rule and one fault are one, whatever the place, the operation, the check and the pair that met them. The
baseline and `scripts/prove` look at each drift by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import Drift, Pair
from contract_tests.impact import DISAGREEMENT, DOCUMENTED_UPLOAD, FIELDS_OF, RAW_REPORT, RULES, Impact
from contract_tests.proof.places import shared_place


@dataclass
class Cause:
    """A mistake of one party, with all that it explains. `drifts` begin with the one that shows it best."""

    pairs: list[Pair]
    drifts: list[Drift]
    command: str
    """Shows the first of the drifts again."""
    also: list[str] = field(default_factory=list)
    """What else was said of the same places."""

    @property
    def shown(self) -> Drift:
        """The drift that shows it best: by the smallest request."""
        return self.drifts[0]

    @property
    def impact(self) -> Impact:
        """The gravest that it does to callers."""
        return max(each.impact for each in self.drifts)

    @property
    def rule(self) -> str:
        """The rule of the gravest of its drifts."""
        return max(self.drifts, key=lambda each: each.impact).rule

    @property
    def family(self) -> str:
        """The rules that may tell of it."""
        return RULES[self.rule].family or self.rule

    @property
    def is_ours_alone(self) -> bool:
        """Whether it contradicts only what we inferred."""
        return all(each.source == "ours" for each in self.drifts)

    @property
    def heading(self) -> str:
        """The cause in words."""
        gravest = max(self.drifts, key=lambda each: each.impact)
        if gravest.rule == DISAGREEMENT:
            return self.shown.message
        heading = RULES[gravest.rule].heading
        return f"{heading}: {gravest.fault}" if gravest.fault else heading

    @property
    def operations(self) -> list[str]:
        """The operations that it was met at, in the order of the drifts."""
        return list(dict.fromkeys(each.operation or "all operations" for each in self.drifts))

    @property
    def places(self) -> list[str]:
        """Where it shows, items of an array as one place."""
        return list(dict.fromkeys(_place(each.place) for each in self.drifts))

    @property
    def checks(self) -> list[str]:
        """What noticed it."""
        return list(dict.fromkeys(each.check for each in self.drifts))

    def as_value(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "impact": self.impact.label,
            "rule": self.rule,
            "heading": self.heading,
            "pair": str(self.pairs[0]),
            "operations": self.operations,
            "places": self.places,
            "checks": self.checks,
            "findings": len(self.drifts),
            "source": "ours" if self.is_ours_alone else "documented",
            "message": self.shown.message,
            "request": self.shown.request,
            "command": self.command,
        }


def causes(pairs: Sequence[PairEvidence]) -> list[Cause]:
    """The causes of all drifts that are not accepted, the gravest first."""
    found: dict[tuple[object, ...], Cause] = {}
    for evidence in pairs:
        for drift, command in evidence.drifts.items():
            key = _key(drift, evidence.pair)
            if (cause := found.get(key)) is None:
                cause = found[key] = Cause([], [], command)
            cause.also += evidence.also.get(drift, [])
            if evidence.pair not in cause.pairs:
                cause.pairs.append(evidence.pair)
            if not cause.drifts or drift.effort < cause.shown.effort:
                cause.drifts.insert(0, drift)
                cause.command = command
            else:
                cause.drifts.append(drift)
    return sorted(_joined(list(found.values())), key=lambda cause: -cause.impact)


def _joined(causes: list[Cause]) -> list[Cause]:
    """The causes, those that another one explains as part of it."""
    kept = []
    for each in causes:
        explaining = next((other for other in causes if other is not each and _explains(other, each)), None)
        if explaining is None:
            kept.append(each)
        else:
            explaining.drifts += each.drifts
    return kept


def _explains(one: Cause, other: Cause) -> bool:
    """Whether a cause is the whole of which another is a part."""
    fault, part = one.shown.fault, other.shown.fault
    if not set(other.operations) <= set(one.operations):
        return False
    match other.family:
        case "valid-request-refused" | "spelling-refused" if fault == DOCUMENTED_UPLOAD != part:
            return True  # where nothing is accepted, no other request tells more
        case "valid-request-refused" if part == RAW_REPORT:
            return one.family == other.family and fault != RAW_REPORT
        case "value-dropped":  # a field that never comes back tells nothing about its empty texts
            return one.family == other.family and fault.startswith(FIELDS_OF) and set(other.places) <= set(one.places)
    return False


def _key(drift: Drift, pair: Pair) -> tuple[object, ...]:
    """What drifts of one cause have in common."""
    if drift.rule == DISAGREEMENT:
        return pair, *drift.identity
    return RULES[drift.rule].family or drift.rule, drift.fault


def _place(place: str) -> str:
    """A place, items of an array as one."""
    message, hash_, pointer = place.partition("#")
    return message + hash_ + shared_place(pointer) if pointer.startswith("/") else place
