"""What `scripts/drift` prints: typed replies, the table, each finding; and the same for machines."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, TextIO

import attrs

from contract_tests.drift.causes import Cause
from contract_tests.drift.lagging import lagging_parties
from contract_tests.drift.run import PairEvidence
from contract_tests.impact import Impact
from contract_tests.proof.curl import MOCK_URL
from contract_tests.subject import TOKEN_VARIABLE, Subject
from scripts.terminal import GREEN, PLAIN, RED, aligned, is_coloured

ALSO = 3  # messages and places of the same finding that are shown beside the first

MEANINGS = {
    Impact.GUESS: "what contradicts only our guesses",
    Impact.PROTOCOL: "niceties of HTTP that no client of ours feels",
    Impact.LAXER: "where the server takes what the contract forbids",
    Impact.LOSES: "where values are changed, dropped or made up",
    Impact.BREAKS: "where calls fail",
    Impact.DISAGREE: "where two parties disagree",
}


def table(pairs: Sequence[PairEvidence], causes: Sequence[Cause], fails_on: Impact, stream: TextIO) -> str:
    """One row a pair of parties: what was checked, in how many cases, how long, and whether they agree."""
    rows = [("parties", "what was checked", "cases", "time", "result")]
    for each in pairs:
        result = _result(each, [cause for cause in causes if each.pair in cause.pairs], fails_on)
        if is_coloured(stream) and (each.cases or each.fails(fails_on)):
            result = f"{RED if each.fails(fails_on) else GREEN}{result}{PLAIN}"
        rows.append((str(each.pair), each.pair.checked, str(each.cases), f"{each.seconds:.1f} s", result))
    return "\n".join(aligned(rows, right=(2, 3)))


def findings(causes: Sequence[Cause], subject: Subject, *, unfold: bool) -> str:
    """Each finding that fails the run, the gravest first, then a line for each lesser impact; with `unfold` all."""
    shown = [each for each in causes if unfold or each.impact >= subject.fails_on]
    blocks = ["\n   ".join(finding_lines(each, f"{number}. ")) for number, each in enumerate(shown, start=1)]
    if any(each.shown.request for each in shown):
        asked = "" if subject.server_url else f", and asks the server of scripts/mock at {MOCK_URL}"
        blocks.append(f"Each curl takes the token from ${TOKEN_VARIABLE}{asked}.")
    folded = Counter(each.impact for each in causes if each not in shown)
    lines = [f"{impact.label}: {count} more, {MEANINGS[impact]}" for impact, count in folded.items()]
    if lines:
        blocks.append(
            "\n".join([*lines, "These fail nothing; --all lists them, --fail-on and --strict have them fail."])
        )
    return "\n\n".join(blocks)


def finding_lines(cause: Cause, begin: str = "") -> list[str]:
    """A finding in lines: what it is, where, what came, the request that shows it, and how to see it again."""
    operations = ", ".join(cause.operations)
    hurts = cause.impact in (Impact.BREAKS, Impact.LOSES)
    guessed = ", by our guess only (x-source: ours)" if cause.is_ours_alone and hurts else ""
    places = ", ".join(cause.places[: ALSO + 1])
    places += f" and {len(cause.places) - ALSO - 1} places more" if len(cause.places) > ALSO + 1 else ""
    lines = [f"{begin}{cause.impact.label}{guessed}: {cause.heading}", f"{operations}  {places}"]
    lines += [cause.shown.message] if cause.shown.message != cause.heading else []
    if cause.impact is Impact.DISAGREE:  # of another, the heading names what they have in common
        lines += [f"also {message}" for message in cause.also[:ALSO]]
        lines += [f"and {len(cause.also) - ALSO} more like these"] if len(cause.also) > ALSO else []
    lines += [cause.shown.request] if cause.shown.request else []
    return [*lines, f"again: {cause.command}"]


def by_check(pairs: Sequence[PairEvidence]) -> str:
    """How many drifts each check found, the most first."""
    found = Counter(drift.check for each in pairs for drift in each.drifts)
    return "\n".join(f"{check}: {count} drift{'s' if count > 1 else ''}" for check, count in found.most_common())


def not_held(pairs: Sequence[PairEvidence], *, unfold: bool) -> list[str]:
    """A line for each reason why the contract cannot be held somewhere, with the places; with `unfold` all of them."""
    places: dict[str, list[str]] = {}
    for place, reason in {place: reason for each in pairs for place, reason in each.not_held.items()}.items():
        places.setdefault(reason, []).append(place)
    shown = {reason: listed if unfold else listed[:ALSO] for reason, listed in places.items()}
    return [
        f"not held, as {reason}: {', '.join(listed)}"
        + (f" and {len(places[reason]) - len(listed)} places more" if len(listed) < len(places[reason]) else "")
        for reason, listed in shown.items()
    ]


def accepted(pairs: Sequence[PairEvidence]) -> str:
    """Each drift that the baseline accepts, with the reason and the day until which it does."""
    return "\n\n".join(
        f"{each.pair}: {drift.operation or 'all operations'}  {drift.place}\n"
        f"   {drift.message}\n   until {entry.expires}: {entry.reason}"
        for each in pairs
        for drift, entry in each.accepted.items()
    )


def as_value(
    pairs: Sequence[PairEvidence], causes: Sequence[Cause], subject: Subject, *, agreed: bool, notes: Sequence[str]
) -> dict[str, Any]:
    """The same as one JSON object, with `agreed` first. `notes` are those on the whole run."""
    return {
        "agreed": agreed,
        "fails_on": subject.fails_on.label,
        "behind": lagging_parties(pairs, subject.fails_on),
        "contract": str(subject.spec),
        "server": subject.server_url or "embedded mock",
        "seed": subject.seed,
        "notes": list(notes),
        "causes": [each.as_value() for each in causes],
        "pairs": [
            {
                "parties": [each.pair.one, each.pair.other],
                "checked": each.pair.checked,
                "tests": each.tests,
                "cases": each.cases,
                "seconds": round(each.seconds, 3),
                "notes": each.notes,
                "not_held": [{"place": place, "reason": reason} for place, reason in each.not_held.items()],
                "drifts": [
                    {
                        **asdict(drift),
                        "impact": drift.impact.label,
                        "also": each.also.get(drift, []),
                        "command": command,
                    }
                    for drift, command in each.drifts.items()
                ],
                "accepted": [
                    {**asdict(drift), "reason": entry.reason, "expires": str(entry.expires)}
                    for drift, entry in each.accepted.items()
                ],
            }
            for each in pairs
        ],
    }


def typed(value: Any, indent: str = "") -> str:
    """A generated model as Python would write it, one attribute a line; those that are None are left out."""
    inner = indent + "    "
    if attrs.has(type(value)):
        lines = [f"{inner}{name}={typed(each, inner)},\n" for name, each in _attributes(value)]
        return f"{type(value).__name__}(\n{''.join(lines)}{indent})" if lines else f"{type(value).__name__}()"
    if isinstance(value, list) and value:
        return f"[\n{''.join(f'{inner}{typed(each, inner)},{chr(10)}' for each in value)}{indent}]"
    return repr(value)


def _attributes(model: Any) -> Iterator[tuple[str, Any]]:
    for name in [field.name for field in attrs.fields(type(model))] + ["additional_properties"]:
        value = getattr(model, name, None)
        if value is not None and not (name == "additional_properties" and not value):
            yield name, value


def _result(evidence: PairEvidence, causes: Sequence[Cause], fails_on: Impact) -> str:
    failing = sum(each.impact >= fails_on for each in causes)
    lesser = Counter(each.impact.label for each in causes if each.impact < fails_on)
    said = [f"{failing} drift{'s' if failing > 1 else ''}"] if failing else ["agree" if evidence.cases else "not run"]
    said += [f"{len(evidence.accepted)} accepted"] if evidence.accepted else []
    return ", ".join([*said, *(f"{count} {label}" for label, count in lesser.items())])
