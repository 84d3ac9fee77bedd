"""What `scripts/drift` prints: typed replies, the table, each drift; and the same for machines."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, TextIO

import attrs

from contract_tests.drift.behind import behind
from contract_tests.drift.run import PairEvidence
from contract_tests.evidence import Drift
from contract_tests.subject import Subject
from scripts.terminal import GREEN, PLAIN, RED, is_coloured

ALSO = 3  # messages of the same finding that are shown beside the first


def table(pairs: Sequence[PairEvidence], stream: TextIO) -> str:
    """One row a pair of parties: what was checked, in how many cases, how long, and whether they agree."""
    header = ("parties", "what was checked", "cases", "time", "result")
    rows = [
        (str(each.pair), each.pair.checked, str(each.cases), f"{each.seconds:.1f} s", _result(each)) for each in pairs
    ]
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    lines = [_line(header, widths)]
    lines += [
        _line(row, widths, _colour(stream, RED if each.drifts else GREEN if each.cases else PLAIN))
        for row, each in zip(rows, pairs, strict=True)
    ]
    return "\n".join(lines)


def drifts(pairs: Sequence[PairEvidence]) -> str:
    """Each drift with its operation, its place, the exchange that showed it and the command that shows it again."""
    return _listed((each, drift) for each in pairs for drift in each.drifts)


def by_check(pairs: Sequence[PairEvidence]) -> str:
    """How many drifts each check found, the most first."""
    found = Counter(drift.check for each in pairs for drift in each.drifts)
    return "\n".join(f"{check}: {count} drift{'s' if count > 1 else ''}" for check, count in found.most_common())


def notices(pairs: Sequence[PairEvidence]) -> str:
    """The same of what is worth a look."""
    return _listed((each, notice) for each in pairs for notice in each.notices)


def accepted(pairs: Sequence[PairEvidence]) -> str:
    """Each drift that the baseline accepts, with the reason and the day until which it does."""
    return "\n\n".join(
        f"{each.pair}: {drift.operation or 'all operations'}  {drift.place}\n"
        f"   {drift.message}\n   until {entry.expires}: {entry.reason}"
        for each in pairs
        for drift, entry in each.accepted.items()
    )


def as_value(pairs: Sequence[PairEvidence], subject: Subject, *, agreed: bool, notes: Sequence[str]) -> dict[str, Any]:
    """The same as one JSON object, with `agreed` first. `notes` are those on the whole run."""
    return {
        "agreed": agreed,
        "behind": behind(pairs),
        "contract": str(subject.spec),
        "server": subject.server_url or "embedded mock",
        "seed": subject.seed,
        "notes": list(notes),
        "pairs": [
            {
                "parties": [each.pair.one, each.pair.other],
                "checked": each.pair.checked,
                "tests": each.tests,
                "cases": each.cases,
                "seconds": round(each.seconds, 3),
                "notes": each.notes,
                "drifts": _as_values(each, each.drifts),
                "notices": _as_values(each, each.notices),
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


def _listed(found: Iterable[tuple[PairEvidence, Drift]]) -> str:
    blocks = []
    for number, (each, drift) in enumerate(found, start=1):
        also = each.also.get(drift, [])
        more = [f"\n  also {message}" for message in also[:ALSO]]
        more += [f"\n  and {len(also) - ALSO} more like these"] if len(also) > ALSO else []
        blocks.append(f"{number}. {each.pair}: {drift}{''.join(more)}\n  again: {(each.drifts | each.notices)[drift]}")
    return "\n\n".join(block.replace("\n  ", "\n   ") for block in blocks)


def _as_values(evidence: PairEvidence, found: dict[Drift, str]) -> list[dict[str, Any]]:
    return [
        {**asdict(drift), "also": evidence.also.get(drift, []), "command": command} for drift, command in found.items()
    ]


def _result(evidence: PairEvidence) -> str:
    if evidence.drifts:
        return f"{len(evidence.drifts)} drift{'s' if len(evidence.drifts) > 1 else ''}"
    known = f", {len(evidence.accepted)} accepted" if evidence.accepted else ""
    return f"agree{known}" if evidence.cases else "not run"


def _line(cells: Sequence[str], widths: Sequence[int], colour: str = "") -> str:
    parties, checked, cases, time, result = cells
    one, two, three, four, _ = widths
    end = PLAIN if colour else ""
    return f"{parties:<{one}}   {checked:<{two}}   {cases:>{three}}   {time:>{four}}   {colour}{result}{end}"


def _colour(stream: TextIO, colour: str) -> str:
    return colour if is_coloured(stream) and colour != PLAIN else ""
