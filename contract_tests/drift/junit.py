"""The findings as JUnit XML, which most CI servers show: a suite for each pair of parties."""

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

from contract_tests.drift.baseline import Entry
from contract_tests.drift.causes import Cause
from contract_tests.drift.report import finding_lines
from contract_tests.drift.run import PairEvidence
from contract_tests.impact import Impact


def as_junit(
    pairs: Sequence[PairEvidence],
    causes: Sequence[Cause],
    expired: Sequence[Entry],
    fails_on: Impact,
    hide: Callable[[str], str],
) -> str:
    """A case for each test that found nothing, and for each finding; one that fails nothing counts as skipped.

    `expired` are entries of the baseline that accept nothing any more, which fails.

    `hide` keeps secrets out of a text, before it becomes XML.
    """
    whole = ET.Element("testsuites", name="scripts/drift")
    for pair in pairs:
        _add_suite(whole, pair, [cause for cause in causes if cause.pairs[0] == pair.pair], fails_on, hide)
    if expired:
        suite = ET.SubElement(whole, "testsuite", name="baseline", time="0")
        for entry in expired:
            case = ET.SubElement(suite, "testcase", classname="baseline", name=hide(str(entry)), time="0")
            ET.SubElement(case, "failure", type="expired", message=hide(f"expired on {entry.expires}: {entry.reason}"))
        _count(suite, [suite])
    _count(whole, list(whole))
    whole.set("time", f"{sum(pair.seconds for pair in pairs):.3f}")
    ET.indent(whole)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(whole, encoding="unicode") + "\n"


def _add_suite(
    whole: ET.Element, pair: PairEvidence, causes: Sequence[Cause], fails_on: Impact, hide: Callable[[str], str]
) -> None:
    suite = ET.SubElement(whole, "testsuite", name=str(pair.pair), time=f"{pair.seconds:.3f}")
    for test, seconds in pair.passed.items():
        module, _, name = test.partition("::")
        module = module.removesuffix(".py").replace("/", ".")
        ET.SubElement(suite, "testcase", classname=module, name=hide(name), time=f"{seconds:.3f}")
    for cause in causes:
        _add_finding(suite, cause, fails_on, hide)
    for place, reason in pair.not_held.items():
        case = ET.SubElement(suite, "testcase", classname=str(pair.pair), name=hide(place), time="0")
        ET.SubElement(case, "skipped", message=hide(f"not held, as {reason}"))
    for drift, entry in pair.accepted.items():
        name = hide(f"{drift.operation or 'all operations'} {drift.place}: {drift.message}")
        case = ET.SubElement(suite, "testcase", classname=str(pair.pair), name=name, time="0")
        ET.SubElement(case, "skipped", message=hide(f"accepted until {entry.expires}: {entry.reason}"))
    _count(suite, [suite])


def _add_finding(suite: ET.Element, cause: Cause, fails_on: Impact, hide: Callable[[str], str]) -> None:
    heading, *rest = map(hide, finding_lines(cause))
    case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=heading, time="0")
    if cause.impact >= fails_on:
        failure = ET.SubElement(case, "failure", type=cause.rule, message=hide(cause.shown.message))
        failure.text = "\n".join(rest)
    else:
        ET.SubElement(case, "skipped", message=f"{cause.impact.label}, which fails nothing")
        ET.SubElement(case, "system-out").text = "\n".join(rest)


def _count(element: ET.Element, suites: Sequence[ET.Element]) -> None:
    for name, path in (("tests", "testcase"), ("failures", "testcase/failure"), ("skipped", "testcase/skipped")):
        element.set(name, str(sum(len(suite.findall(path)) for suite in suites)))
    element.set("errors", "0")
