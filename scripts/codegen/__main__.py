"""`scripts/generate`: rewrite the client from the contract, or with --check say where it is stale."""

import argparse
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts.codegen import contract as contracts
from scripts.codegen import generator, output
from scripts.terminal import refuse, refuse_interrupted

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "openapi.yaml"
OUTPUT = ROOT / "generated"

FILES_SHOWN = 8


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 when the client is what the contract gives, 1 when --check found it stale, 2 when it could not run."""
    parser = argparse.ArgumentParser(
        prog="scripts/generate",
        description="Rewrite the generated client from the contract. It is replaced whole or not at all.",
        epilog="exit codes: 0 done, or up to date; 1 stale (--check); 2 could not run, nothing was changed",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; show what is stale, and exit 1 if anything is"
    )
    parser.add_argument("--spec", type=Path, default=SPEC, metavar="FILE", help="the contract (default: openapi.yaml)")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="DIR", help="the folder (default: generated)")
    options = parser.parse_args(arguments)
    folder: Path = options.output.resolve()
    try:
        contract = contracts.read(options.spec)
        return _check(contract, folder) if options.check else _write(contract, folder)
    except contracts.ContractError as error:
        return refuse(str(error))
    except OSError as error:
        return refuse(f"{_name(folder)} was left as it was: {error}")
    except subprocess.CalledProcessError as error:
        return refuse(f"{_name(folder)} was left as it was: {error.cmd[0]} failed with exit code {error.returncode}")
    except KeyboardInterrupt:
        return refuse_interrupted(f"{_name(folder)} was left as it was")
    except Exception:  # noqa: BLE001 - a fault of ours must not pass for a stale client
        traceback.print_exc()
        return refuse(f"{_name(folder)} was left as it was; this is a fault of scripts/generate itself")


def _check(contract: contracts.Contract, folder: Path) -> int:
    with tempfile.TemporaryDirectory() as place:
        fresh = Path(place, "generated")
        generator.write_client(contract, fresh)
        stale = list(output.stale_files(folder, fresh))
    if not stale:
        print(f"{_name(folder)} is what {_name(contract.path)} gives")
        return 0
    sources = generator.sources_of_files(contract)
    print(f"{_name(folder)} is not what {_name(contract.path)} gives ({_counted(stale)}):")
    for file in stale[:FILES_SHOWN]:
        source = sources.get(file.path)
        print(f"\n{file.path}: {file.state}{f' (from #{source})' if source else ''}")
        for line in file.diff:
            print(f"    {line}")
    if len(stale) > FILES_SHOWN:
        print(f"\n… and {len(stale) - FILES_SHOWN} more files")
    print("\nRun scripts/generate to rewrite it.")
    return 1


def _write(contract: contracts.Contract, folder: Path) -> int:
    if not output.may_be_replaced(folder):
        return refuse(f"{_name(folder)} holds files that scripts/generate did not write; name a new or an empty folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder, so that a rename puts it in place.
    with tempfile.TemporaryDirectory(prefix=".generated-", dir=folder.parent) as place:
        fresh = Path(place, "generated")
        generator.write_client(contract, fresh)
        stale = list(output.stale_files(folder, fresh))
        if stale:
            output.replace(folder, fresh, old=Path(place, "old"))
    words = {"missing": "added", "changed": "rewritten", "not generated": "removed"}
    print(f"{_name(folder)}: {_counted(stale, words)}" if stale else f"{_name(folder)} is up to date")
    return 0


def _counted(stale: Sequence[output.StaleFile], words: Mapping[str, str] | None = None) -> str:
    states = Counter((words or {}).get(file.state, file.state) for file in stale)
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items()))


def _name(path: Path) -> str:
    """A path as a person in the checkout would write it."""
    return str(path.resolve().relative_to(ROOT)) if path.resolve().is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
