"""Make `.venv` what requirements.txt and pyproject.toml say. Run by `scripts/environment`, standard library only.

With the argument `-oldest` it makes `.venv-oldest`: the same, with requirements-oldest.txt installed over it.

The record `made-from` is removed first and written last, so an environment whose set-up was interrupted counts as
missing and is made anew, and so is one that belongs to another checkout. A second verb started meanwhile waits.
"""

import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "pyproject.toml"
RECORD = "made-from"  # below the environment: the text of all that it was made from, as scripts/environment compares it


class CannotSetUpError(Exception):
    """What is there is not ours to change; the message says what to do about it."""


def is_own(environment: Path) -> bool:
    """Whether its Python runs, and imports this checkout."""
    command = [str(environment / "bin/python"), "-P", str(ROOT / "scripts/ownership.py")]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def recorded(environment: Path) -> bytes:
    """What the environment was finished from; nothing where it never was, or is not this checkout's."""
    try:
        return (environment / RECORD).read_bytes() if is_own(environment) else b""
    except OSError:
        return b""


def run_module(environment: Path, *words: str) -> None:
    """Run a module with its Python, in the checkout. It holds the lock as well, should it outlive this process."""
    command = [str(environment / "bin/python"), "-P", "-m", *words]
    subprocess.run(command, cwd=ROOT, stdout=sys.stderr, close_fds=False, check=True)


def make_empty(environment: Path) -> None:
    """Make an environment without packages in the place of the one that is there, and of nothing else."""
    if environment.is_symlink():
        raise CannotSetUpError(
            f"it is a link to {str(environment.readlink())!r}, where no up-to-date environment of this checkout is; "
            "remove the link, what it leads to is left alone"
        )
    mark = environment / "pyvenv.cfg"
    if environment.exists() and not mark.is_file() and (environment.is_file() or holds_files(environment)):
        raise CannotSetUpError("what is there is no environment of Python, and is left alone; move it away")
    environment.mkdir(exist_ok=True)
    (environment / RECORD).unlink(missing_ok=True)
    for path in sorted(
        environment.iterdir(), key=lambda path: path == mark
    ):  # the mark last, should this be interrupted
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    venv.create(environment, symlinks=True)


def holds_files(folder: Path) -> bool:
    """Whether there is a file in it, however deep."""
    return any(path.is_file() for path in folder.rglob("*"))


def install_pip(environment: Path) -> None:
    """Install the pip that comes with Python."""
    run_module(environment, "ensurepip", "--upgrade", "--default-pip")


def pip_install(environment: Path, *arguments: str) -> None:
    """Install with the environment's own pip, with pip's progress shown on a terminal only."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    run_module(environment, "pip", "install", "--disable-pip-version-check", *quiet, *arguments)


def set_up(environment: Path, locks: list[Path]) -> None:
    """Bring it up to date: made anew where a lock has changed, else only the project itself installed anew."""
    locked, project = b"".join(lock.read_bytes() for lock in locks), PROJECT.read_bytes()
    done = recorded(environment)
    if done == locked + project:  # another verb was faster
        return
    if done.startswith(locked):
        (environment / RECORD).unlink()
    else:
        print(f"setting up {environment.name} with the locked dependencies (once, about a minute) ...", file=sys.stderr)
        make_empty(environment)
        install_pip(environment)
        for lock in locks:  # each is complete as it is: the second may hold what a tool in the first would refuse
            pip_install(environment, "--require-hashes", "--no-deps", "--requirement", lock.name)
    pip_install(environment, "--no-deps", "--no-build-isolation", "--editable", ".")
    if not is_own(environment):
        raise CannotSetUpError(
            f"its Python imports no scripts from {str(ROOT)!r}; look at the locale and at pip's settings"
        )
    (environment / RECORD).write_bytes(locked + project)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other set-up of this checkout runs; the lock goes with the processes, however they end."""
    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("waiting for another verb, which sets up this checkout ...", file=sys.stderr)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main(suffix: str = "") -> int:
    """Return 0 when the environment is ready, 2 with one clear line when it could not be made."""
    environment = ROOT / f".venv{suffix}"
    locks = [ROOT / f"requirements{name}.txt" for name in sorted({"", suffix})]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing that was started goes on
    try:
        if os.pathsep in str(ROOT) or str(ROOT).strip().splitlines() != [str(ROOT)]:
            raise CannotSetUpError(
                f"Python imports nothing from {str(ROOT)!r}, for a colon, a line break or a space at the end; rename it"
            )
        with one_at_a_time():
            set_up(environment, locks)
    except KeyboardInterrupt:
        reason = "interrupted; the next run makes it anew"
    except subprocess.CalledProcessError as error:
        remedy = "mend what the lines above say (network, disk space, python3-venv) and run the same command again"
        reason = f"{shlex.join(error.cmd)} failed; {remedy}"
    except (CannotSetUpError, OSError) as error:
        reason = str(error)
    else:
        return 0
    print(f"error: {environment.name} could not be set up: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
