"""What stands in for pip in a small checkout: it notes what it was asked for, and names an editable install in a .pth.

`$ASKED` is the file of its notes; while a test has that locked, it goes no further. `$FAULT`, such as
`--editable SIGTERM`, is what befalls the run that is given this word: the set-up gets the signal, and the run fails.
"""

import fcntl
import os
import signal
import sys
import sysconfig
from pathlib import Path

SECONDS = 60  # for a test that has failed, and would leave it waiting

if __name__ == "__main__":
    signal.alarm(SECONDS)
    word, _, name = os.environ.get("FAULT", "none").partition(" ")
    is_faulty = word in sys.argv
    if is_faulty and name:
        os.kill(os.getppid(), signal.Signals[name])
    with Path(os.environ["ASKED"]).open("a", encoding="utf-8") as notes:
        fcntl.flock(notes, fcntl.LOCK_EX)
        notes.write(f"{Path(sys.prefix).name} {sys.argv[-1]}\n")
    if is_faulty:
        sys.exit(f"{word} failed")
    if "--editable" in sys.argv:
        packages = os.environ.get("PIP_TARGET", sysconfig.get_path("purelib"))
        Path(packages, "checkout.pth").write_text(f"{Path.cwd()}\n", encoding="utf-8")
