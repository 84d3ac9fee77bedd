"""Text of the contract inside Python source: as a literal or in a docstring, so that none of it becomes code."""

import math
import re
import textwrap

WIDTH = 110  # of a docstring's lines


def literal(value: object) -> str:
    """A JSON value of the contract, or a tuple of such, as a Python literal, in ASCII."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if not isinstance(value, str | int | float | None) or (isinstance(value, float) and not math.isfinite(value)):
        raise TypeError(f"no value that JSON knows: {value!r}")
    return ascii(value)


def docstring(text: str, indent: int = 0, first: int = 0) -> str:
    """Text for the inside of a docstring: wrapped, then escaped; `first` is what its first line has before it."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        wrapped = textwrap.wrap(
            " ".join(paragraph.split()),
            WIDTH - indent,
            initial_indent=" " * (0 if lines else first),
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += [_escaped(line.strip()) for line in wrapped] or [""]
    indented = re.sub(r"\n(?=.)", "\n" + " " * indent, "\n".join(lines))
    return indented + (" " if indented.endswith('"') else "")


def _escaped(line: str) -> str:
    """Nothing in it ends the docstring, is an escape, or hides: what cannot be printed is shown by its code."""
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    return shown.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
