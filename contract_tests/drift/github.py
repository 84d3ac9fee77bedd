"""What GitHub Actions shows of a run: each finding at its line of the contract, and the report on the job's page."""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from contract_tests.drift.causes import Cause
from contract_tests.drift.location import uri_of
from contract_tests.drift.report import finding_lines
from contract_tests.drift.sarif import LEVELS
from contract_tests.subject import Subject

IS_GITHUB, PAGE = GITHUB_VARIABLES = ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY")

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_SUMMARY_LENGTH = 500_000  # characters, of the megabyte that a step may write


def annotations(causes: Sequence[Cause], subject: Subject) -> Iterator[str]:
    """A workflow command for each finding, where GitHub Actions runs us."""
    if os.environ.get(IS_GITHUB) == "true":
        for each in causes:
            heading, *rest = finding_lines(each)
            where = {"file": uri_of(subject), "line": str(each.lines(subject)[0]), "title": heading}
            properties = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
            yield f"::{_COMMANDS[LEVELS[each.impact]]} {properties}::{_escaped(chr(10).join(rest))}"


def summarize(title: str, text: str, hide: Callable[[str], str]) -> None:
    """Add a report to the page of the job, where there is one. Raises OSError where that cannot be written."""
    if path := os.environ.get(PAGE):
        text = hide(text)[:_SUMMARY_LENGTH]
        fence = "`" * (1 + max((len(each) for each in re.findall("`+", text)), default=2))  # so that nothing is markup
        with Path(path).open("a", encoding="utf-8") as page:
            page.write(f"### {title}\n\n{fence}text\n{text}\n{fence}\n\n")


def _escaped(text: str, also: str = "") -> str:
    return re.sub(f"[%\r\n{also}]", lambda found: f"%{ord(found[0]):02X}", text)
