"""Make `.venv` what requirements.txt and pyproject.toml say. Run by `scripts/environment`, standard library only.

With the argument `-oldest` it makes `.venv-oldest`: the same, with requirements-oldest.txt installed over it.

The record `made-from` is written last, so an environment whose set-up was interrupted counts as missing
and is made anew; a second verb started meanwhile waits for the first.
"""

import fcntl
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"


def recorded(environment: Path) -> bytes:
    """What the environment was finished from; nothing where it never was, or its interpreter no longer runs."""
    try:
        subprocess.run([environment / "bin/python", "-c", ""], capture_output=True, check=True)
        return (environment / "made-from").read_bytes()
    except (OSError, subprocess.CalledProcessError):
        return b""


def pip_install(environment: Path, *arguments: str) -> None:
    """Install with the environment's own pip, with pip's progress shown on a terminal only."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    subprocess.run(
        [environment / "bin/python", "-m", "pip", "install", "--disable-pip-version-check", *quiet, *arguments],
        stdout=sys.stderr,
        check=True,
    )


def set_up(environment: Path, locks: list[Path]) -> None:
    """Bring it up to date: made anew where a lock has changed, else only the project itself installed anew."""
    locked, project = b"".join(lock.read_bytes() for lock in locks), PROJECT.read_bytes()
    done = recorded(environment)
    if done == locked + project:  # another verb was faster
        return
    record = environment / "made-from"  # the text of all, as scripts/environment compares it
    record.unlink(missing_ok=True)
    if not done.startswith(locked):
        print(f"setting up {environment.name} with the locked dependencies (once, about a minute) ...", file=sys.stderr)
        venv.create(environment, clear=True, with_pip=True)
        for lock in locks:  # each is complete as it is: the second may hold what a tool in the first would refuse
            pip_install(environment, "--require-hashes", "--no-deps", "--requirement", str(lock))
    pip_install(environment, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    record.write_bytes(locked + project)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other set-up of this checkout runs; the lock goes with the process, however it ends."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main(suffix: str = "") -> int:
    """Return 0 when the environment is ready, 2 with one clear line when it could not be made."""
    environment = ROOT / f".venv{suffix}"
    try:
        with one_at_a_time():
            set_up(environment, [ROOT / f"requirements{each}.txt" for each in sorted({"", suffix})])
    except subprocess.CalledProcessError as error:
        print(f"error: set-up failed at: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        print("The lines above say why. Mend it (network, disk space) and run the same command again.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: {environment.name} could not be set up: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"interrupted; the next run sets {environment.name} up anew", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
