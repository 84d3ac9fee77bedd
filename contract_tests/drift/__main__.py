"""`scripts/drift`: do documents, contract, client and server agree?"""

import argparse
import io
import json
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from roark_mock import MockServer

from contract_tests.documents import DocumentError, read_documents
from contract_tests.drift import baseline, report
from contract_tests.drift.announcement import announcement
from contract_tests.drift.baseline import BaselineError, Entry, as_entry
from contract_tests.drift.causes import Cause, causes
from contract_tests.drift.github import annotations, summarize
from contract_tests.drift.junit import as_junit
from contract_tests.drift.lagging import lagging_parties
from contract_tests.drift.masking import Mask, masked_output
from contract_tests.drift.rows import judged, unjudged
from contract_tests.drift.run import (
    AT_A_GLANCE,
    TO_THE_FIRST,
    WHATEVER_ITS_BYTES,
    WITH_CLIENT,
    PairEvidence,
    ProofError,
    refuse_silent_modules,
    run_proof,
)
from contract_tests.drift.sarif import as_sarif
from contract_tests.evidence import DOCUMENTS_CONTRACT
from contract_tests.gate import gate_of
from contract_tests.impact import RULES, Impact
from contract_tests.proof import client
from contract_tests.proof.parameters import least_values
from contract_tests.proof.same_value import NOTHING
from contract_tests.server import NotSentError
from contract_tests.subject import (
    SHORTEST_TOKEN,
    TOKEN_VARIABLE,
    Limits,
    Subject,
    choose,
    number_from,
    random_seed,
    server_url_problem,
)
from scripts.codegen import generator
from scripts.contract import ContractError
from scripts.files import unwritable, write_whole
from scripts.terminal import heed_termination, printable, progress, refuse, refuse_interrupted

PLAIN = "plain"

# What says something about another client.
OF_CLIENT = f"({' or '.join(each.stem for each in WITH_CLIENT)}) and {WHATEVER_ITS_BYTES}"


class CannotRunError(Exception):
    """The run cannot start, or not go on; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when all parties agree, 1 with every drift where they do not, 2 when it could not run."""
    options = _parser().parse_args(arguments)
    heed_termination()
    if options.rules:
        for rule in sorted(RULES.values(), key=lambda rule: -rule.impact):
            print(f"{rule.impact.label:<10}{rule.name:<28}{rule.heading}")
        return 0
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # so that a log shows the uploads before the proof is through
    with ExitStack() as masked:
        try:
            with ExitStack() as stack:
                refuse_silent_modules()  # before anything is uploaded
                entries = baseline.read(options.baseline) if options.baseline else []
                subject = _subject(options, stack)
                mask = None
                if gate := gate_of(subject):
                    _ask(announcement(gate), options)
                    mask = Mask(subject.token, subject.server_url or "")
                    masked.enter_context(masked_output(mask))
                return _run(subject, options, entries, mask)
        except KeyboardInterrupt:
            return refuse_interrupted("nothing was decided")
        except (BaselineError, CannotRunError, ContractError, DocumentError, ProofError, OSError) as error:
            return refuse(str(error))
        except Exception:  # noqa: BLE001 - a fault of ours must not pass for drift
            traceback.print_exc()
            return refuse("the run broke off; this is a fault of scripts/drift itself")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/drift",
        description="Upload the documented samples through the generated client, then prove that documents, contract, "
        "client and server agree, and name every drift.",
        epilog="exit codes: 0 all agree; 1 a finding that fails; 2 could not run",
    )
    parser.add_argument("--server", metavar="URL", help="a running server (default: the embedded mock)")
    parser.add_argument("--token", help=f"its bearer token (default: ${TOKEN_VARIABLE}; on this machine test-token)")
    parser.add_argument("--spec", type=Path, default=Subject.spec, metavar="FILE", help="another contract")
    parser.add_argument(
        "--client",
        metavar="FOLDER",
        help="another generated client for contract and server; `plain`: what the generator makes by itself",
    )
    parser.add_argument("--seed", type=int, default=random_seed(), help="repeat a run")
    parser.add_argument(
        "--examples", type=number_from(1), default=Subject.examples, metavar="N", help="generated cases an operation"
    )
    parser.add_argument(
        "--fail-on",
        type=_impact,
        metavar="IMPACT",
        help="the least impact that fails the run: breaks, loses, laxer, protocol or guess (default: guess of the "
        "embedded mock, loses of another server)",
    )
    parser.add_argument("--strict", action="store_true", help="the same as --fail-on guess")
    parser.add_argument("--all", action="store_true", help="list the findings too that fail nothing")
    parser.add_argument("--rules", action="store_true", help="print what each finding about a server does to callers")
    parser.add_argument("--first", action="store_true", help="stop at the first drift")
    parser.add_argument("--quick", action="store_true", help="at a glance: without generated requests")
    parser.add_argument("--only", metavar="EXPRESSION", help="only those tests of the proof (as pytest -k)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result for machines as well")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="the same as JUnit XML, for CI servers")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="the same as SARIF, at the lines of the contract")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="drift that is known, each with reason and expiry"
    )
    remote = parser.add_argument_group("a server on another machine, where an upload is real")
    remote.add_argument("--yes", action="store_true", help="do not ask before sending")
    remote.add_argument("--allow-uploads", type=number_from(0), metavar="N", help="uploads it may accept (default: 0)")
    remote.add_argument("--recording-url", metavar="URL", help="the recording that they name")
    remote.add_argument(
        "--operation", action="append", metavar="ID", help="upload to this one too, which has no flag for tests"
    )
    remote.add_argument(
        "--allow-invalid",
        type=number_from(0),
        metavar="N",
        help=f"requests that it must refuse, for each operation (default: {Limits.invalid})",
    )
    remote.add_argument(
        "--pace", type=_seconds, metavar="SECONDS", help=f"from one request to the next (default: {Limits.pace})"
    )
    return parser


def _impact(text: str) -> Impact:
    try:
        return Impact[text.upper()]
    except KeyError:
        expected = ", ".join(each.label for each in reversed(Impact) if each is not Impact.DISAGREE)
        raise argparse.ArgumentTypeError(f"expected one of {expected}, got {text!r}") from None


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"expected seconds from 0 to 3600, got {text!r}")
    return seconds


def _subject(options: argparse.Namespace, stack: ExitStack) -> Subject:
    """What the options ask for, after everything that would make the run pointless was looked at."""
    if options.server and (problem := server_url_problem(options.server)):
        raise CannotRunError(problem)
    if problem := unwritable(options.json, options.junit, options.sarif):
        raise CannotRunError(problem)
    if options.baseline and options.first:
        raise CannotRunError("--first stops at the first drift, known or not; leave out --first or --baseline")
    given = options.token or os.environ.get(TOKEN_VARIABLE)
    subject = Subject(
        spec=options.spec.resolve(),
        server_url=options.server,
        token=given or Subject.token,
        seed=options.seed,
        examples=options.examples,
        fail_on=Impact.GUESS if options.strict else options.fail_on,
        limits=_limits(options),
    )
    if problem := _remote_problem(subject) if subject.is_remote else _local_problem(options):
        raise CannotRunError(problem)
    if options.server:
        _look_at_server(options.server)
    if client_folder := _client_folder(options, subject, stack):
        subject = replace(subject, client=client_folder)
    assert subject.contract  # read here, so that a contract that cannot be used is exit code 2
    choose(subject)
    return subject


def _client_folder(options: argparse.Namespace, subject: Subject, stack: ExitStack) -> Path | None:
    """The folder of the client that is asked for, written where it is to be made; None for the one of the checkout."""
    if options.client and options.client != PLAIN:
        if not Path(options.client, generator.PACKAGE).is_dir():
            raise CannotRunError(f"{options.client} holds no package {generator.PACKAGE}; give the folder around it")
        return Path(options.client).resolve()
    if not options.client and subject.spec == Subject.spec:
        return None
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roark-client-")))
    if options.client == PLAIN:
        generator.write_plain(subject.contract, folder / generator.PACKAGE)
        return folder
    generator.write_client(subject.contract, folder / "generated")
    return folder / "generated"


def _limits(options: argparse.Namespace) -> Limits:
    given = {
        "uploads": options.allow_uploads,
        "invalid": options.allow_invalid,
        "operations": options.operation and tuple(options.operation),
        "recording_url": options.recording_url,
        "pace": options.pace,
    }
    return Limits(**{name: value for name, value in given.items() if value is not None})


def _local_problem(options: argparse.Namespace) -> str | None:
    """What is asked for in vain of a server on this machine."""
    named = ("allow_uploads", "recording_url", "operation", "allow_invalid", "pace")
    if given := next((name for name in named if getattr(options, name) is not None), None):
        return f"--{given.replace('_', '-')} is about a server on another machine; name that with --server https://HOST"
    return None


def _remote_problem(subject: Subject) -> str | None:
    """Why a server on another machine must not be aimed at like this."""
    limits = subject.limits
    known = [operation.definition.get("operationId") for operation in subject.operations]
    if unknown := next((name for name in limits.operations if name not in known), None):
        return f"--operation {unknown} is none of the contract; expected one of {', '.join(filter(None, known))}"
    if subject.token == Subject.token:
        return f"a server on another machine needs a token of its own; give it with --token or ${TOKEN_VARIABLE}"
    if len(subject.token) < SHORTEST_TOKEN or not subject.token.isprintable() or " " in subject.token:
        return f"the token is no word of {SHORTEST_TOKEN} letters or more, so it could not be kept out of the report"
    if limits.uploads and not limits.recording_url:
        return "--allow-uploads needs the recording that the uploads name; give it with --recording-url"
    if limits.operations and not limits.uploads:
        return "--operation says where uploads may go; say how many with --allow-uploads"
    if limits.recording_url and not _is_recording(limits.recording_url):
        return "--recording-url is not the URL of a recording; expected https://HOST/PATH"
    return None


def _is_recording(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname) and url.isprintable() and " " not in url


def _ask(text: str, options: argparse.Namespace) -> None:
    """Say what will be sent, and go on only if that is wanted."""
    print(text, flush=True)
    if options.yes:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotRunError("nothing was sent: there is no terminal to ask at; say --yes if this is what you want")
    print("Send this? [y/N] ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise CannotRunError("nothing was sent, as you wish")


def _run(subject: Subject, options: argparse.Namespace, entries: list[Entry], mask: Mask | None) -> int:
    """Run the proof, tell what it found, and return the exit code. `entries` are those of the baseline."""
    _upload_documents(subject)
    only = _expression(options)
    rounds = TO_THE_FIRST if options.first else ()
    pairs = run_proof(subject, _repeated(options), only or None, progress, rounds=rounds, to_the_first=options.first)
    progress("")
    outcome = _outcome(subject, pairs, entries, is_whole=not only)
    details = _details(outcome, options)
    print("\n".join([_table(outcome, sys.stdout), *details]))

    hide = mask.text if mask else str
    for line in annotations(outcome.causes, subject):
        print(line)
    text = "\n".join([_table(outcome, io.StringIO()), *details])
    summarize(f"scripts/drift: {'all agree' if outcome.agreed else 'drift'}", text, hide)
    _write_files(outcome, options, mask, hide)
    if outcome.agreed and outcome.stopped:
        raise CannotRunError(f"the run could not be finished: {outcome.stopped}")
    return 0 if outcome.agreed else 1


def _expression(options: argparse.Namespace) -> str:
    """Which tests of the proof are chosen, as pytest -k; empty for all of them."""
    parts = (options.only, AT_A_GLANCE if options.quick else None, OF_CLIENT if options.client else None)
    return " and ".join(f"({part})" for part in parts if part)


@dataclass(frozen=True)
class _Outcome:
    """What a run came to, with what the baseline accepts taken out."""

    subject: Subject
    pairs: list[PairEvidence]
    causes: list[Cause]
    expired: list[Entry]
    notes: list[str]
    """Those on the whole run."""
    stopped: str | None
    """Why the gate before a real service let nothing pass any more."""

    @property
    def agreed(self) -> bool:
        """Whether nothing was found that fails the run."""
        return not self.expired and not any(pair.fails(self.subject.fails_on) for pair in self.pairs)


def _outcome(subject: Subject, pairs: list[PairEvidence], entries: list[Entry], *, is_whole: bool) -> _Outcome:
    """Take out what entries of the baseline accept, and make one finding of what one mistake explains."""
    expired = [entry for entry in entries if entry.is_expired(baseline.today())]
    for pair in pairs:
        pair.accept([entry for entry in entries if entry not in expired])
    gate = gate_of(subject)
    notes = gate.notes() if gate else []
    notes += [note] if (note := unjudged(subject)) else []
    if is_whole:  # otherwise the test that finds it may not have run
        settled = [*expired, *(entry for pair in pairs for entry in pair.accepted.values())]
        notes += [f"{entry}: no longer found, remove it" for entry in entries if entry not in settled]
    return _Outcome(subject, pairs, causes(pairs), expired, notes, gate.stopped if gate else None)


def _table(outcome: _Outcome, stream: TextIO) -> str:
    return report.table(outcome.pairs, outcome.causes, outcome.subject.fails_on, stream)


def _details(outcome: _Outcome, options: argparse.Namespace) -> list[str]:
    """What is printed below the table."""
    subject, pairs = outcome.subject, outcome.pairs
    parties = lagging_parties(pairs, subject.fails_on)
    lines = [f"not followed yet: {', '.join(parties)}"] if parties else []
    notes = [*(note for pair in pairs for note in pair.notes), *outcome.notes]
    lines += [f"note: {note}" for note in dict.fromkeys(notes)]
    lines += [
        f"expired on {entry.expires}: {entry} ({entry.reason}); mend it, or decide anew and give another day"
        for entry in outcome.expired
    ]
    lines += report.not_held(pairs, unfold=options.all)
    if accepted := report.accepted(pairs):
        lines += [f"\naccepted by {options.baseline}:\n\n{accepted}"]
    if findings := report.findings(outcome.causes, subject, unfold=options.all):
        lines += [f"\n{findings}"]
        if options.client:
            lines += [f"\n{report.by_check(pairs)}"]
    failing = [drift for pair in pairs for drift in pair.drifts if drift.impact >= subject.fails_on]
    if options.baseline and failing:
        lines += [f"\nto accept these for a while, add to {options.baseline} with reason and expires:\n"]
        lines += dict.fromkeys(map(as_entry, failing))
    return [*lines, f"\nseed {subject.seed}"]


def _write_files(outcome: _Outcome, options: argparse.Namespace, mask: Mask | None, hide: Callable[[str], str]) -> None:
    """Write what machines read, as far as it is asked for."""
    subject, pairs = outcome.subject, outcome.pairs
    if options.json:
        is_finished = outcome.agreed and not outcome.stopped
        value = report.as_value(pairs, outcome.causes, subject, agreed=is_finished, notes=outcome.notes)
        write_whole(options.json, _as_json(value, mask))
    if options.sarif:
        write_whole(options.sarif, _as_json(as_sarif(pairs, outcome.causes, subject), mask))
    if options.junit:
        write_whole(options.junit, as_junit(pairs, outcome.causes, outcome.expired, subject.fails_on, hide))


def _as_json(value: dict[str, Any], mask: Mask | None) -> str:
    return json.dumps(mask.value(value) if mask else value, indent=2, ensure_ascii=False) + "\n"


def _upload_documents(subject: Subject) -> None:
    """Send what the vendor's pages show and print the typed replies; what goes wrong here, the proof names."""
    if DOCUMENTS_CONTRACT not in judged(subject):
        return
    with ExitStack() as stack:
        if subject.server_url:
            url, name = subject.server_url, subject.server_url
        else:
            url = stack.enter_context(MockServer(token=subject.token)).url
            name = "the embedded mock"
        print(f"The documented uploads, through the generated client to {name}:\n")
        for document in read_documents(subject.documents):
            operation = subject.operation(document.operation)
            print(document.operation)
            if operation is None:
                print("not in the contract\n")
                continue
            try:
                sample = document.request
                body = NOTHING if sample is None else subject.sample(document.operation, sample)
                reply = client.call(operation, client.connect(url, subject.token), body, least_values(operation))
            except NotSentError as error:
                print(f"{error}\n")
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, the proof meets it again and reports it
                if getattr(error, "status_code", None) == 401 and subject.server_url:
                    raise CannotRunError(
                        f"{name} refuses the token (401); give the right one with --token or ${TOKEN_VARIABLE}"
                    ) from None
                print(f"failed: {printable(f'{type(error).__name__}: {error}')}\n")
                continue
            print(f"{reply.status_code} {report.typed(reply.parsed)}\n")


def _look_at_server(url: str) -> None:
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
        socket.create_connection((parts.hostname, port), timeout=5).close()
    except (OSError, ValueError) as error:
        raise CannotRunError(f"no server answers at {url}: {error}; start one with scripts/mock") from None


def _repeated(options: argparse.Namespace) -> list[str]:
    """The arguments that a command needs to show the same again; a token stays where it was given."""
    parser = _parser()
    words = ["--seed", str(options.seed), *_given(parser, options, "examples", "spec", "client", "server")]
    if options.strict:
        words.append("--strict")
    elif options.fail_on is not None:
        words += ["--fail-on", options.fail_on.label]
    words += _given(parser, options, "baseline", "allow_uploads", "recording_url", "allow_invalid", "pace")
    for name in options.operation or ():
        words += ["--operation", name]
    return words


def _given(parser: argparse.ArgumentParser, options: argparse.Namespace, *names: str) -> Iterator[str]:
    """The words of those options that say something else than by default."""
    for name in names:
        value = getattr(options, name)
        if value not in (parser.get_default(name), ""):
            yield from (f"--{name.replace('_', '-')}", str(value))


if __name__ == "__main__":
    sys.exit(main())
