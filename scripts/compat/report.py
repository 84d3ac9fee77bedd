"""What a change means, for people, machines and pull requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from scripts.compat.change import Change, SurfaceChange, gravest
from scripts.compat.rules import RULES, Impact
from scripts.compat.versions import Due
from scripts.terminal import GREEN, PLAIN, RED, is_coloured, printable

_COLOURS = {Impact.BREAKING: RED, Impact.COMPATIBLE: GREEN, Impact.DOCUMENTATION: PLAIN}
_LONGEST = 300  # characters that tell what a change is; where it is, is never cut
_WIDTH = max(len(each.label) for each in Impact)


@dataclass(frozen=True)
class Report:
    """All changes since a revision. `lagging` are the parties that do not follow; None: nobody has looked."""

    against: str
    commit: str
    changes: Sequence[Change]
    surface: Sequence[SurfaceChange]
    surface_known: bool = True
    lagging: Sequence[str] | None = None
    due: Due | None = None

    @property
    def impact(self) -> Impact | None:
        """What the gravest change does to callers; None where nothing changed."""
        return gravest([*self.changes, *self.surface])

    @property
    def since(self) -> str:
        """What it is compared with."""
        return f"{self.against} ({self.commit})" if self.commit else self.against


def lines(report: Report, stream: TextIO) -> Iterator[str]:
    """For people: one line a change, by operation and pointer, the gravest first."""
    if report.impact is None:
        notice = "Callers notice nothing" if report.surface_known else "The contract is the same"
        yield f"{notice}: no change since {printable(report.since)}"
        yield from _not_compared(report)
        return
    yield f"What it means for callers, since {printable(report.since)}:"
    yield ""
    for change in report.changes:
        yield _line(change.rule.impact, f"{_place(change)}: {_short(change.what)}", change.rule.name, stream)
    if report.surface:
        yield ""
        yield "In Python:"
        yield ""
        for names, what, rule in _grouped(report.surface):
            yield _line(RULES[rule].impact, f"{printable(', '.join(names))}: {_short(what)}", rule, stream)
    yield ""
    yield from _conclusions(report)


def markdown(report: Report) -> str:
    """For a pull request."""
    title = "nothing changes" if report.impact is None else report.impact.label
    found = [f"## What the contract's change means for callers: {title}", ""]
    found += [f"Compared with {_code(report.since)}.", ""]
    if report.changes:
        found += ["| | operation | place | change | rule |", "| --- | --- | --- | --- | --- |"]
        found += [
            f"| {_bold(each.rule.impact)} | {_code(each.operation)} | {_code('#' + each.pointer)} "
            f"| {_code(_short(each.what))} | {each.rule.name} |"
            for each in report.changes
        ]
        found.append("")
    if report.surface:
        found += ["| | in Python | change | rule |", "| --- | --- | --- | --- |"]
        found += [
            f"| {_bold(RULES[rule].impact)} | {', '.join(map(_code, names))} | {_code(_short(what))} | {rule} |"
            for names, what, rule in _grouped(report.surface)
        ]
        found.append("")
    found += [f"- {line}" for line in (_conclusions if report.impact is not None else _not_compared)(report)]
    return "\n".join(found).rstrip() + "\n"


def as_value(report: Report) -> dict[str, Any]:
    """For machines, as one JSON object with the impact first."""
    return {
        "impact": report.impact.label if report.impact is not None else None,
        "against": report.against,
        "commit": report.commit,
        "changes": [
            {
                "impact": each.rule.impact.label,
                "rule": each.rule.name,
                "operation": each.operation,
                "pointer": each.pointer,
                "what": each.what,
                "why": each.rule.why,
            }
            for each in report.changes
        ],
        "surface": [
            {
                "impact": each.rule.impact.label,
                "rule": each.rule.name,
                "name": each.name,
                "what": each.what,
                "why": each.rule.why,
            }
            for each in report.surface
        ]
        if report.surface_known
        else None,
        "behind": None if report.lagging is None else list(report.lagging),
        "due": None if report.due is None else {"version": report.due.version, "released": report.due.released},
    }


def rules(stream: TextIO) -> Iterator[str]:
    """The table of rules, one line each, and where `redocly diff` judges otherwise."""
    width = max(map(len, RULES))
    for rule in RULES.values():
        yield f"{_coloured(rule.impact, stream)}  {rule.name:<{width}}  {rule.why}"
        if rule.redocly:
            yield f"{'':<{_WIDTH}}  {'':<{width}}  redocly: {rule.redocly}"


def counted(report: Report) -> str:
    """How many changes of each impact: `2 breaking, 1 compatible`."""
    every = [*(each.rule.impact for each in report.changes), *(each.rule.impact for each in report.surface)]
    return ", ".join(f"{every.count(each)} {each.label}" for each in reversed(Impact) if each in every) or "no change"


def followers(lagging: Sequence[str]) -> str:
    """Which parties do not follow the contract yet."""
    if lagging:
        return f"Not followed yet: {', '.join(lagging)} (at a glance; scripts/drift proves it and names each place)"
    return "Documents, client and server follow (at a glance; scripts/drift proves it)"


def _conclusions(report: Report) -> Iterator[str]:
    yield f"In all {counted(report)}."
    yield from _not_compared(report)
    if report.lagging is not None:
        yield followers(report.lagging)
    if report.due:
        yield str(report.due)


def _not_compared(report: Report) -> Iterator[str]:
    if not report.surface_known:
        yield f"{printable(report.since)} holds no client that can be read: the names in Python were not compared."


def _line(impact: Impact, text: str, rule: str, stream: TextIO) -> str:
    return f"  {_coloured(impact, stream)}  {text} ({rule})"


def _coloured(impact: Impact, stream: TextIO) -> str:
    label = f"{impact.label:<{_WIDTH}}"
    return f"{_COLOURS[impact]}{label}{PLAIN}" if is_coloured(stream) else label


def _place(change: Change) -> str:
    return f"{printable(change.operation)}  {printable(f'#{change.pointer}')}"


def _grouped(changes: Iterable[SurfaceChange]) -> list[tuple[list[str], str, str]]:
    """The same change of several names, such as that of a method and its async twin, as one."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in changes:
        found.setdefault((each.what, each.rule.name), []).append(each.name)
    return [(names, what, rule) for (what, rule), names in found.items()]


def _short(text: str) -> str:
    """The contract's own words on one line, cut where they are long."""
    shown = printable(text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _code(text: str) -> str:
    """The contract's own words as code in a table of Markdown, whatever they hold."""
    shown = printable(text).replace("|", "\\|")
    fence = "`"
    while fence in shown:
        fence += "`"
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _bold(impact: Impact) -> str:
    return f"**{impact.label}**" if impact is Impact.BREAKING else impact.label
