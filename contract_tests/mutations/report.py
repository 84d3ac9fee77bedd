"""What `scripts/prove` prints: a row a family, who noticed, what was missed and why some cannot be noticed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median
from textwrap import fill
from typing import TextIO

from contract_tests.evidence import check_in
from contract_tests.mutations.checks import checks_of
from contract_tests.mutations.parts import WHOLE, Run
from contract_tests.mutations.run import Verdict
from scripts.terminal import GREEN, PLAIN, RED, aligned, is_coloured, printable


def text(run: Run, stream: TextIO) -> str:
    """The whole report for people."""
    if not run.verdicts:
        return f"none of these drifts is in part {run.shard}; seed {run.seed}"
    found = run.verdicts
    parts = [_table(found, stream), *([_only_finders(found), _idle(found)] if run.every_check else [_finders(found)])]
    parts += (_missed(found), _unjustified(found), _equivalent(found))
    caught = sum(each.is_caught for each in found)
    justified = sum(not each.is_caught and not each.is_missed for each in found)
    missed = sum(each.is_missed for each in found)
    parts.append(
        f"{len(found)} drifts: {caught} caught, {justified} equivalent, {missed} missed; "
        f"median {median(each.seconds for each in found):.1f} s to the verdict, {run.seconds:.0f} s in all; "
        f"seed {run.seed}{'' if run.shard == WHOLE else f'; part {run.shard}'}"
    )
    return "\n\n".join(filter(None, parts))


def beside_stock(found: Sequence[Verdict], stock: Sequence[Verdict]) -> str:
    """What stock Schemathesis noticed of some of the drifts that were caught, by the check of ours that did."""
    caught = sum(each.is_caught for each in stock)
    total = (
        f"stock Schemathesis, on {len(stock)} of the drifts that were caught here and lie in its sight: "
        f"{caught} caught, {len(stock) - caught} missed"
    )
    return f"{_finders(found, stock)}\n\n{total}"


def _table(found: Sequence[Verdict], stream: TextIO) -> str:
    families: defaultdict[str, list[Verdict]] = defaultdict(list)
    for each in found:
        families[each.change.family].append(each)
    rows = [("family", "drifts", "caught", "equivalent", "missed", "at its place", "median")]
    for family, verdicts in families.items():
        caught, missed = sum(each.is_caught for each in verdicts), sum(each.is_missed for each in verdicts)
        middle = median(each.seconds for each in verdicts)
        left = len(verdicts) - caught - missed
        placed = [each for each in verdicts if each.is_caught and each.change.place]
        exact = f"{sum(each.is_at_its_place for each in placed)} of {len(placed)}" if placed else ""
        rows.append((family, str(len(verdicts)), str(caught), str(left), str(missed), exact, f"{middle:.1f} s"))
    lines = aligned(rows, right=range(1, 7))
    if is_coloured(stream):
        lines[1:] = [
            f"{GREEN if row[4] == '0' else RED}{line}{PLAIN}" for row, line in zip(rows[1:], lines[1:], strict=True)
        ]
    return "\n".join(lines)


def _finders(found: Sequence[Verdict], stock: Sequence[Verdict] | None = None) -> str:
    """Which check noticed how many first, and how many of those stock Schemathesis was seen to miss."""
    first = Counter(each.drift.check for each in found if each.drift)
    rows = [("noticed first by", "drifts", *(["missed by stock"] if stock is not None else []))]
    finder = {each.change.identity: each.drift.check for each in found if each.drift}
    missed, tried = Counter[str](), Counter[str]()
    for each in stock or ():
        by = finder[each.change.identity]
        tried[by] += 1
        missed[by] += not each.is_caught
    for by, number in first.most_common():
        rows.append((printable(by), str(number), *([f"{missed[by]} of {tried[by]}"] if stock is not None else [])))
    return "\n".join(aligned(rows, right=(1, 2)))


def _only_finders(found: Sequence[Verdict]) -> str:
    """Which check noticed how many at all, and how many that no other one did."""
    noticed, alone = Counter[str](), Counter[str]()
    for each in found:
        names = {check_in(found_by) for found_by in each.noticed_by}
        noticed.update(names)
        alone.update(names if len(names) == 1 else ())
    rows = [("noticed by", "drifts", "by nothing else")]
    rows += [(printable(name), str(number), str(alone[name])) for name, number in noticed.most_common()]
    return "\n".join(aligned(rows, right=(1, 2)))


def _idle(found: Sequence[Verdict]) -> str:
    """The checks that looked at these drifts and noticed none."""
    asked = checks_of(module for each in found for modules in each.change.rounds for module in modules)
    noticed = {name for each in found for found_by in each.noticed_by for name in found_by.split(": ")}
    names = ", ".join(sorted(asked - noticed))
    return fill(f"noticed none of them: {names}", width=100, subsequent_indent="  ") if names else ""


def _missed(found: Sequence[Verdict]) -> str:
    missed = [each for each in found if each.is_missed]
    lines = [f"missed: {len(missed)}"]
    for each in missed:
        lines.append(f"  {each.change.family}: {each.change.name}\n    hurts {each.change.hurts}")
        if each.fault:
            lines.append(f"    no verdict: {printable(each.fault)}")
    return "\n".join(lines) if missed else ""


def _unjustified(found: Sequence[Verdict]) -> str:
    wrong = [(each.change, each.drift) for each in found if each.drift and each.change.equivalent]
    lines = [f"called equivalent, and noticed all the same: {len(wrong)}"]
    for change, drift in wrong:
        by = printable(f"{drift.found_by} at {drift.place}: {drift.message}")
        lines.append(f"  {change.family}: {change.name}\n    by {by}")
    return "\n".join(lines) if wrong else ""


def _equivalent(found: Sequence[Verdict]) -> str:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for each in found:
        if not each.is_caught and not each.is_missed:
            reasons[each.change.equivalent].append(f"{each.change.family}: {each.change.name}")
    lines = ["equivalent, since nobody can notice them:"]
    for reason, names in reasons.items():
        lines += [f"  {reason}", *(f"    {name}" for name in names)]
    return "\n".join(lines) if reasons else ""
