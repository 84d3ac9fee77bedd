"""One finding a cause: the drifts that one mistake explains, put together for the report.

Drifts of one rule and one fault are one, whatever the place, the operation, the check and the pair that met them. The
baseline and `scripts/prove` look at each drift by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from contract_tests.drift.location import line_of
from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import Drift, Pair
from contract_tests.impact import DISAGREEMENT, DOCUMENTED_UPLOAD, FIELDS_OF, RAW_REPORT, RULES, Impact
from contract_tests.proof.breaches import MISSING
from contract_tests.proof.places import shared_place
from contract_tests.proof.traits import LEFT_OUT, NOTHING_THERE, NULL
from contract_tests.subject import Subject


@dataclass
class Cause:
    """A mistake of one party, with all that it explains. `drifts` begin with the one that shows it best."""

    pairs: list[Pair]
    drifts: list[Drift]
    commands: dict[Drift, str] = field(default_factory=dict)
    """By drift, the command that shows it again."""
    also: list[str] = field(default_factory=list)
    """What else was said of the same places."""

    @property
    def shown(self) -> Drift:
        """The drift that shows it best: by the smallest request."""
        return self.drifts[0]

    @property
    def command(self) -> str:
        """The command that shows it again."""
        return self.commands[self.shown]

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

    def lines(self, subject: Subject) -> list[int]:
        """The lines of the contract that its places stand on, that of the drift which shows it best first."""
        return list(dict.fromkeys(line_of(each, subject) for each in self.drifts))

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
                cause = found[key] = Cause([], [])
            cause.commands[drift] = command
            cause.also += evidence.also.get(drift, [])
            if evidence.pair not in cause.pairs:
                cause.pairs.append(evidence.pair)
            if not cause.drifts or drift.effort < cause.shown.effort:
                cause.drifts.insert(0, drift)
            else:
                cause.drifts.append(drift)
    return sorted(_joined(list(found.values())), key=lambda cause: -cause.impact)


def _joined(causes: Sequence[Cause]) -> list[Cause]:
    """The causes, each with the drifts of others that it explains as parts of it."""
    kept: list[Cause] = []
    for each in sorted(causes, key=_rank):  # those first that may explain others
        left: list[Drift] = []
        for drift in each.drifts:
            explaining = next((one for one in kept if _explains(one, drift)), None)
            (explaining.drifts if explaining else left).append(drift)
        if left:
            each.drifts = left
            kept.append(each)
    return [each for each in causes if any(each is one for one in kept)]


def _rank(cause: Cause) -> int:
    """The place of a cause among those that explain others: one explains only what comes behind it."""
    fault = cause.shown.fault
    order = (
        fault == DOCUMENTED_UPLOAD,
        fault == NOTHING_THERE,
        cause.family == "valid-request-refused" and fault != RAW_REPORT,
        fault.startswith(MISSING),
        fault.startswith(FIELDS_OF),
        cause.family == "value-changed",
        True,
    )
    return order.index(True)


def _explains(cause: Cause, drift: Drift) -> bool:
    """Whether a cause is the whole of which a drift shows a part."""
    fault, family = cause.shown.fault, RULES[drift.rule].family or drift.rule
    if (drift.operation or "all operations") not in cause.operations:
        return False
    match family:
        case "valid-request-refused" | "spelling-refused" if fault == DOCUMENTED_UPLOAD != drift.fault:
            return True  # where nothing is accepted, no other request tells more
        case "valid-request-refused" if drift.fault in (NULL, LEFT_OUT):
            return fault == NOTHING_THERE and _place(drift.place) in cause.places
        case "valid-request-refused" if drift.fault == RAW_REPORT:
            return cause.family == family and fault != RAW_REPORT
        case "values-swapped":  # of two values one is often the other's, whatever changes them
            return cause.family == "value-changed" and _place(drift.place) in cause.places
        case "value-dropped" | "documented-field-missing":  # what is never there tells nothing by what it should hold
            place = _place(drift.place)
            within = any(place == each or place.startswith(f"{each}/") for each in cause.places)
            beside = fault == f"{MISSING}, in {place.rpartition('/')[0].removeprefix('reply#')}"
            return (fault.startswith((MISSING, FIELDS_OF)) and within) or beside
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
