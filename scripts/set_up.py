"""Make `.venv` what requirements.txt and pyproject.toml say. Run by `scripts/environment`, standard library only.

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
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LOCK = ROOT / "requirements.txt"
PROJECT = ROOT / "pyproject.toml"
RECORD = ENVIRONMENT / "made-from"  # the text of both, as scripts/environment compares it


def recorded() -> bytes:
    """What the environment was finished from; nothing where it never was, or its interpreter no longer runs."""
    try:
        subprocess.run([PYTHON, "-c", ""], capture_output=True, check=True)
        return RECORD.read_bytes()
    except (OSError, subprocess.CalledProcessError):
        return b""


def pip_install(*arguments: str) -> None:
    """Install with the environment's own pip, with pip's progress shown on a terminal only."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    subprocess.run(
        [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *quiet, *arguments],
        stdout=sys.stderr,
        check=True,
    )


def set_up() -> None:
    """Bring `.venv` up to date: made anew where the lock has changed, else only the project itself installed anew."""
    lock, project = LOCK.read_bytes(), PROJECT.read_bytes()
    done = recorded()
    if done == lock + project:  # another verb was faster
        return
    RECORD.unlink(missing_ok=True)
    if not done.startswith(lock):
        print("setting up .venv with the locked dependencies (once, about a minute) ...", file=sys.stderr)
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        pip_install("--require-hashes", "--requirement", str(LOCK))
    pip_install("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    RECORD.write_bytes(lock + project)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other set-up of this checkout runs; the lock goes with the process, however it ends."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main() -> int:
    """Return 0 when the environment is ready, 2 with one clear line when it could not be made."""
    try:
        with one_at_a_time():
            set_up()
    except subprocess.CalledProcessError as error:
        print(f"error: set-up failed at: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        print("The lines above say why. Mend it (network, disk space) and run the same command again.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"error: .venv could not be set up: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; the next run sets .venv up anew", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
