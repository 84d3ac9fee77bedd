"""`scripts/drift`: do documents, contract, client and server agree?"""

import argparse
import io
import os
import socket
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from roark_mock import MockServer

from contract_tests.documents import DocumentError, read_documents
from contract_tests.drift import report
from contract_tests.drift.run import PairEvidence, ProofError, run_proof
from contract_tests.evidence import printable
from contract_tests.proof import client
from contract_tests.subject import TOKEN_VARIABLE, Subject, choose, random_seed, server_url_problem
from scripts.codegen import generator
from scripts.codegen.contract import ContractError
from scripts.terminal import progress, refuse

PLAIN = "plain"

# What says something about another client: not that it is no copy of ours.
OF_CLIENT = "(contract_client or client_server) and not test_client_is_generated_from_the_contract"


class CannotRunError(Exception):
    """The run cannot start; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when all parties agree, 1 with every drift where they do not, 2 when it could not run."""
    parser = argparse.ArgumentParser(
        prog="scripts/drift",
        description="Upload the documented samples through the generated client, then prove that documents, contract, "
        "client and server agree, and name every drift.",
        epilog="exit codes: 0 all agree; 1 drift; 2 could not run",
    )
    parser.add_argument("--server", metavar="URL", help="a running server on this machine (default: the embedded mock)")
    parser.add_argument("--token", help=f"its bearer token (default: ${TOKEN_VARIABLE}, or test-token)")
    parser.add_argument("--spec", type=Path, default=Subject.spec, metavar="FILE", help="another contract")
    parser.add_argument(
        "--client",
        metavar="FOLDER",
        help="another generated client for contract and server; `plain`: what the generator makes by itself",
    )
    parser.add_argument("--seed", type=int, default=random_seed(), help="repeat a run")
    parser.add_argument("--strict", action="store_true", help="what would be a notice is drift")
    parser.add_argument("--first", action="store_true", help="stop at the first drift")
    parser.add_argument("--only", metavar="EXPRESSION", help="only those tests of the proof (as pytest -k)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result for machines as well")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # so that a log shows the uploads before the proof is through
    try:
        with ExitStack() as stack:
            subject = _subject(options, stack)
            pairs = _drift(subject, options)
    except KeyboardInterrupt:
        return refuse("interrupted; nothing was decided")
    except (CannotRunError, ContractError, DocumentError, ProofError, OSError) as error:
        return refuse(str(error))
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for drift
        traceback.print_exc()
        return refuse("the run broke off; this is a fault of scripts/drift itself")
    return 1 if any(each.drifts for each in pairs) else 0


def _subject(options: argparse.Namespace, stack: ExitStack) -> Subject:
    """What the options ask for, after everything that would make the run pointless was looked at."""
    if options.server:
        _look_at_server(options.server)
    if options.json and not options.json.resolve().parent.is_dir():
        raise CannotRunError(f"{options.json} cannot be written: {options.json.resolve().parent} is not a folder")
    subject = Subject(
        spec=options.spec.resolve(),
        server_url=options.server,
        token=options.token or os.environ.get(TOKEN_VARIABLE) or Subject.token,
        seed=options.seed,
        strict=options.strict,
    )
    if options.client == PLAIN:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roark-client-")))
        generator.write_plain(subject.contract, place / generator.PACKAGE)
        subject = replace(subject, client=place)
    elif options.client:
        if not Path(options.client, generator.PACKAGE).is_dir():
            raise CannotRunError(f"{options.client} holds no package {generator.PACKAGE}; give the folder around it")
        subject = replace(subject, client=Path(options.client).resolve())
    elif subject.spec != Subject.spec:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roark-client-")), "generated")
        generator.write_client(subject.contract, place)
        subject = replace(subject, client=place)
    assert subject.contract  # read here, so that a contract that cannot be used is exit code 2
    choose(subject)
    return subject


def _drift(subject: Subject, options: argparse.Namespace) -> list[PairEvidence]:
    _upload_documents(subject)
    only = " and ".join(f"({each})" for each in (options.only, OF_CLIENT if options.client else None) if each)
    pairs = run_proof(subject, _repeated(options), only or None, progress, stop_at_first=options.first)
    progress("")
    print(report.table(pairs, sys.stdout))
    for note in dict.fromkeys(note for each in pairs for note in each.notes):
        print(f"note: {note}")
    if listed := report.drifts(pairs):
        print(f"\n{listed}")
        if options.client:
            print(f"\n{report.by_check(pairs)}")
    if listed := report.notices(pairs):
        print(f"\nworth a look, no failure without --strict:\n\n{listed}")
    print(f"\nseed {subject.seed}")
    if options.json:
        _write_whole(options.json, report.as_json(pairs, subject))
    return pairs


def _upload_documents(subject: Subject) -> None:
    """Send the vendor's two documented uploads and print the typed replies; what goes wrong here, the proof names."""
    with ExitStack() as stack:
        if subject.server_url:
            url, name = subject.server_url, subject.server_url
        else:
            url = stack.enter_context(MockServer(token=subject.token)).url
            name = "the embedded mock"
        print(f"The documented uploads, through the generated client to {name}:\n")
        for document in read_documents():
            operation = subject.operation(document.operation)
            print(document.operation)
            if operation is None:
                print("not in the contract\n")
                continue
            try:
                reply = client.upload(operation, client.connect(url, subject.token), document.request)
            except Exception as error:  # noqa: BLE001 - whatever it is, the proof meets it again and reports it
                if getattr(error, "status_code", None) == 401 and subject.server_url:
                    raise CannotRunError(
                        f"{name} refuses the token (401); give the right one with --token or ${TOKEN_VARIABLE}"
                    ) from None
                print(f"failed: {printable(f'{type(error).__name__}: {error}')}\n")
                continue
            print(f"{reply.status_code} {report.typed(reply.parsed)}\n")


def _look_at_server(url: str) -> None:
    if problem := server_url_problem(url):
        raise CannotRunError(problem)
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port or 80), timeout=5).close()
    except (OSError, ValueError) as error:
        raise CannotRunError(f"no server answers at {url}: {error}; start one with scripts/mock") from None


def _repeated(options: argparse.Namespace) -> list[str]:
    """The arguments that a command needs to show the same again; a token stays where it was given."""
    words = ["--seed", str(options.seed)]
    if options.spec != Subject.spec:
        words += ["--spec", str(options.spec)]
    if options.client:
        words += ["--client", options.client]
    if options.server:
        words += ["--server", options.server]
    if options.strict:
        words += ["--strict"]
    return words


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that nobody ever reads half of it. A device, a pipe or a link stays what it is."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_text(text, encoding="utf-8")
        return
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
