"""Run a checkout's own set_up.py, its path and arguments given, with offline_pip.py in the place of pip."""

import importlib.util
import shutil
import sys
from pathlib import Path

if __name__ == "__main__":
    _, path, *arguments = sys.argv
    spec = importlib.util.spec_from_file_location("set_up", path)
    assert spec is not None
    assert spec.loader is not None
    set_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(set_up)

    def install_pip(environment: Path) -> None:
        """Make offline_pip.py the environment's pip."""
        (packages,) = environment.glob("lib/python*/site-packages")
        shutil.copyfile(Path(__file__).with_name("offline_pip.py"), packages / "pip.py")

    set_up.install_pip = install_pip  # type: ignore[attr-defined]
    sys.exit(set_up.main(*arguments))
