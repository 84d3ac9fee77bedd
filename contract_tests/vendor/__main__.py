"""`scripts/vendor`: what do the vendor's own releases say of our operations, and does the contract say it?"""

import argparse
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

from contract_tests.documents import DocumentError, read_sdk_facts
from contract_tests.documents.releases import FILE, Releases, as_text
from contract_tests.drift.github import summarize
from contract_tests.proof import client, releases
from contract_tests.subject import Subject, choose
from contract_tests.vendor.history import changes, table
from contract_tests.vendor.registry import DISTRIBUTION, RegistryError, cached_wheel, fetch_wheel, known_releases
from contract_tests.vendor.wheel import WheelError, read_wheel
from scripts.contract import ContractError
from scripts.files import unwritable, write_whole
from scripts.terminal import heed_termination, printable, progress, refuse, refuse_interrupted, silence, tolerate

HISTORY = Path(__file__).with_name("history.txt")  # what --history prints

CACHE = Path(sys.prefix) / "vendor-wheels"  # inside the project's own environment, so that both go together


class CannotRunError(Exception):
    """The releases that were asked for cannot be read; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where nothing is new, 1 with the report of what is, 2 when it could not run."""
    options = _parser().parse_args(arguments)
    tolerate(sys.stdout)
    heed_termination()
    choose(subject := Subject())
    is_found = False
    try:
        report, is_news = (_history if options.history else _report)(subject, options)
        is_found = True
        print(report, flush=True)
        return 1 if is_news else 0
    except (CannotRunError, ContractError, DocumentError, RegistryError, WheelError, OSError) as error:
        return refuse(f"{'what was found could not be told' if is_found else 'nothing was recorded'}: {error}")
    except KeyboardInterrupt:
        return refuse_interrupted("nothing was recorded, and the wheels that were fetched are kept")
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for news
        traceback.print_exc()
        return refuse("nothing was recorded; this is a fault of scripts/vendor itself")
    finally:
        silence(sys.stdout)


def _history(subject: Subject, _: argparse.Namespace) -> tuple[str, bool]:
    """What is recorded, as a table, in which nothing is new."""
    return table(read_sdk_facts(subject.documents).releases, _labels(subject)), False


def _report(subject: Subject, options: argparse.Namespace) -> tuple[str, bool]:
    """Read releases and record what they say: what is to be told, and whether anything is new or not followed."""
    data = subject.documents / FILE
    if problem := unwritable(data, HISTORY):
        raise CannotRunError(problem)
    facts = read_sdk_facts(subject.documents)
    known = facts.releases
    read = _read(_chosen(options, known), options.cache, _methods(subject, facts.methods))
    found = known.looked_at(read)
    news = list(_news(known, found, read))
    faults = list(_against_the_contract(subject, found))
    told = [news or [_nothing_new(found, list(read))], _standing(found, _labels(subject)), faults]
    report = "\n\n".join("\n".join(part) for part in told if part)
    write_whole(data, as_text(found))
    write_whole(HISTORY, table(found, _labels(subject)) + "\n")
    summarize("The vendor's releases", report, lambda text: text)
    return report, bool(news or faults)


def _labels(subject: Subject) -> list[str]:
    return [operation.label for operation in subject.operations]


def _chosen(options: argparse.Namespace, known: Releases) -> dict[str, str | None]:
    """The releases to read, the oldest first, each with its date where that is told."""
    named: list[str] = options.releases
    if named and all(cached_wheel(release, options.cache) for release in named):
        return {release: known.dates.get(release) for release in sorted(named, key=Version)}
    there = known_releases()
    if unknown := [release for release in named if release not in there]:
        newest = list(there)[-1]
        raise CannotRunError(f"{DISTRIBUTION} has no release {', '.join(unknown)}; the newest is {newest}")
    if named:
        return {release: date for release, date in there.items() if release in named}
    if options.all:
        return there
    if options.since:
        return {release: date for release, date in there.items() if Version(release) >= Version(options.since)}
    return dict(list(there.items())[-1:])


def _read(
    chosen: Mapping[str, str | None], cache: Path, methods: Mapping[str, str]
) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """The date of each release, and what it says."""
    read = {}
    for number, (release, date) in enumerate(chosen.items(), start=1):
        progress(f"{number} of {len(chosen)} releases: {release}")
        read[release] = (date, read_wheel(fetch_wheel(release, cache), methods))
    progress("")
    return read


def _methods(subject: Subject, called: Mapping[str, str]) -> dict[str, str]:
    """The method that each operation of the contract is known by: as releases called it, else as our client does."""
    ours = {operation.label: ".".join(client.method_of(operation)) for operation in subject.operations}
    return ours | {label: method for label, method in called.items() if label in ours}


def _news(known: Releases, found: Releases, read: Iterable[str]) -> Iterator[str]:
    """What the releases that were read say otherwise than those before, or than what was recorded of them."""
    for release in read:
        before = found.before(release)
        if release in known.dates:
            than, said = "recorded", known.said_by(release)
        else:
            than, said = (found.named(before), found.said_by(before)) if before else ("nothing", {})
        if news := list(changes(said, found.said_by(release))):
            yield f"{DISTRIBUTION} {found.named(release)} says otherwise than {than}:"
            yield from (f"  {each}" for each in news)


def _nothing_new(found: Releases, read: Sequence[str]) -> str:
    if not read:
        return f"no release of {DISTRIBUTION} is as new"
    one, last = found.named(read[0]), found.named(read[-1])
    return f"{DISTRIBUTION} {one if len(read) == 1 else f'{one} to {last}, {len(read)} releases'}: nothing new"


def _standing(found: Releases, labels: Sequence[str]) -> Iterator[str]:
    """Each operation of the contract: which releases have it, and what became of it."""
    for label in labels:
        span = found.span(label, "method")
        if span is None:
            yield f"{label}: in no release"
            continue
        first, last = span
        method, sends = (found.last_word(label, place) for place in ("method", "sends"))
        now = f"withdrawn in {found.named(after)}" if (after := found.after(last)) else "there"
        moved = f", sends {sends.said}" if sends and sends.said != label else ""
        known_as = f"{method.said if method else ''}{moved}"
        yield printable(f"{label}: {known_as}, {found.named(first)} to {found.named(last)}; {now}")


def _against_the_contract(subject: Subject, found: Releases) -> Iterator[str]:
    """What the contract claims to know from the SDKs and none says, and what they say and it lacks, with releases."""
    facts = read_sdk_facts(subject.documents, found)
    for operation in subject.operations:
        for each in (*releases.unsaid(operation, facts), *releases.differences(operation, facts)):
            said_by = " to ".join(map(found.named, dict.fromkeys(each.said_by)))
            said = f" (said by {said_by})" if said_by else ""
            yield printable(f"{operation.label}: {each.place}: {each.message}{said}")


def _release(text: str) -> str:
    try:
        return str(Version(text))
    except InvalidVersion:
        raise argparse.ArgumentTypeError(f"expected the number of a release, such as 2.24.1, got {text!r}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/vendor",
        description=f"Read from the source of {DISTRIBUTION}'s releases what they say of the contract's operations, "
        f"record it in contract_tests/documents/{FILE}, and tell what is new and what the contract does not follow. "
        "pip fetches the wheels; nothing of them is installed, imported or run.",
        epilog="exit codes: 0 nothing is new; 1 something is, or the contract does not follow; 2 could not run",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("releases", nargs="*", default=[], type=_release, metavar="RELEASE", help="these releases")
    which.add_argument("--newest", action="store_true", help="the newest release, as without any choice")
    which.add_argument("--since", metavar="RELEASE", type=_release, help="this release and all after it")
    which.add_argument("--all", action="store_true", help="every release")
    which.add_argument("--history", action="store_true", help="read none, and print what is recorded as a table")
    parser.add_argument(
        "--cache", metavar="FOLDER", type=Path, default=CACHE, help="where wheels are kept (default: within .venv)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
