"""`scripts/generate`: rewrite the client from the contract, or say where it is stale; and what a change means."""

import argparse
import subprocess
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from scripts import contract as contracts
from scripts.compat import report
from scripts.compat.followers import UnknownError
from scripts.compat.rules import Impact
from scripts.compat.versions import ReleasedError
from scripts.files import unwritable
from scripts.git import RevisionError
from scripts.terminal import heed_termination, progress, refuse, refuse_interrupted, silence, tolerate
from scripts.verbs import generation, watch

_FAILING = {each.label: each for each in (Impact.BREAKING, Impact.COMPATIBLE)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when all is as it should be, 1 when --check or --fail-on found what they look for, 2 when it could not
    run."""
    options = _parser().parse_args(arguments)
    tolerate(sys.stdout)
    heed_termination()
    if options.watch and (options.check or options.json or options.markdown or options.fail_on):
        return refuse("--watch prints what each save means, and nothing else; leave the other options out")
    run = _Run(options)
    try:
        return run.run()
    except (contracts.ContractError, RevisionError, generation.ForeignFolderError) as error:
        return refuse(str(error))
    except (OSError, ReleasedError) as error:
        return refuse(f"{run.consequence}: {error}")
    except subprocess.CalledProcessError as error:
        return refuse(f"{run.consequence}: {error.cmd[0]} failed with exit code {error.returncode}")
    except KeyboardInterrupt:
        return refuse_interrupted(run.consequence)
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for a stale client
        traceback.print_exc()
        return refuse(f"{run.consequence}; this is a fault of scripts/generate itself")
    finally:
        silence(sys.stdout)


class _Run:
    """A run of the verb, and what has become of the client so far."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._folder: Path = options.output.resolve()
        self.consequence = f"{generation.name_of(self._folder)} was left as it was"
        """What a fault leaves behind."""

    def run(self) -> int:
        """Do what is asked for. Returns the exit code."""
        options = self._options
        if options.rules:
            print("\n".join(report.rules(sys.stdout)), flush=True)
            return 0
        if problem := unwritable(options.json, options.markdown):
            return refuse(problem)
        if options.watch:
            return watch.watch(options.spec, self._folder, _base(options), asks=not options.no_followers)
        contract = contracts.read(options.spec)  # first, since it is what most often cannot be used
        base = _base(options)
        written = self._check(contract) if options.check else self._write(contract)
        is_stale = options.check and bool(written.stale)
        impact = _tell(options, base, written, is_stale=is_stale)
        sys.stdout.flush()
        fails = options.fail_on is not None and impact is not None and impact >= _FAILING[options.fail_on]
        return int(is_stale or fails)

    def _check(self, contract: contracts.Contract) -> generation.Written:
        written = generation.check(contract, self._folder)
        print(generation.stale_in_words(written, self._folder))
        return written

    def _write(self, contract: contracts.Contract) -> generation.Written:
        written = generation.write(contract, self._folder)
        self.consequence = f"{generation.name_of(self._folder)} is written; what it means was not told"
        print(generation.written_in_words(written, self._folder))
        return written


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/generate",
        description="Rewrite the generated client from the contract, whole or not at all, and say what has changed for "
        "its callers, and who does not follow yet.",
        epilog="exit codes: 0 done, or up to date; 1 stale (--check), or a change of that kind (--fail-on); "
        "2 could not run",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; show what is stale, and exit 1 if anything is"
    )
    parser.add_argument("--watch", action="store_true", help="rewrite it at each save, and say what the save changed")
    parser.add_argument("--spec", type=Path, default=generation.SPEC, metavar="FILE", help="the contract")
    parser.add_argument(
        "--output", type=Path, default=generation.OUTPUT, metavar="DIR", help="the folder that is written"
    )
    meaning = parser.add_argument_group("what a change means for callers")
    meaning.add_argument("--against", metavar="REV", help="since this git revision (default: the last commit)")
    meaning.add_argument("--no-followers", action="store_true", help="do not look who follows, which takes seconds")
    meaning.add_argument("--fail-on", choices=list(_FAILING), help="exit 1 if a change is of this kind or graver")
    meaning.add_argument("--json", type=Path, metavar="FILE", help="write it for machines as well")
    meaning.add_argument("--markdown", type=Path, metavar="FILE", help="write it for a pull request as well")
    meaning.add_argument("--rules", action="store_true", help="print the rules by which changes are judged, and stop")
    return parser


def _base(options: argparse.Namespace) -> generation.Base:
    is_needed = bool(options.json or options.markdown or options.fail_on)
    return generation.base(options.against, options.spec, is_needed=is_needed)


def _tell(
    options: argparse.Namespace, base: generation.Base, written: generation.Written, *, is_stale: bool
) -> Impact | None:
    """Say what has changed since the base, and who does not follow. Returns the gravest impact."""
    comparison = generation.judge(base, written.snapshot)
    if comparison is None:
        print(f"\nWhat it means for callers is not known: {base.reason}")
        return None
    if not options.no_followers:
        progress("looking who follows the contract")
        try:
            comparison = generation.with_followers(comparison, options.spec, is_stale=is_stale)
        except UnknownError as error:
            progress("")
            print(f"\n{error}")
        progress("")
    generation.tell(comparison, sys.stdout, as_json=options.json, as_markdown=options.markdown)
    return comparison.impact


if __name__ == "__main__":
    sys.exit(main())
