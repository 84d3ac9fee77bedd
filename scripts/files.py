"""Files that verbs write for others to read."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
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


def unwritable(*paths: Path | None) -> str | None:
    """Why one of these cannot be written, or None."""
    for path in paths:
        if path is None:
            continue
        folder = path.resolve().parent
        if not folder.is_dir():
            return f"{path} cannot be written: {folder} is not a folder"
        if path.is_dir():
            return f"{path} cannot be written: it is a folder"
        if not os.access(path if path.exists() else folder, os.W_OK):
            return f"{path} cannot be written: you may not"
    return None
