"""Commands that have to succeed on a generated client, and the strictest settings of its type checkers."""

import os
import subprocess
from pathlib import Path

STRICT = """
[tool.mypy]
strict = true
python_version = "3.11"
enable_error_code = ["ignore-without-code"]
disable_error_code = ["redundant-cast"]

[tool.basedpyright]
include = ["roark_client/api", "roark_client/models", "roark_client/resources", "roark_client/roark.py"]
typeCheckingMode = "strict"
pythonVersion = "3.11"
"""


def succeed(*command: str, folder: Path, **environment: str) -> str:
    """What a command says that has to succeed."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
