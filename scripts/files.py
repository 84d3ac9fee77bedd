"""Files that verbs write for others to read."""

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
