"""Which known name a caller meant who wrote another one: a slip of the pen, or the same name in another spelling."""

from __future__ import annotations

from collections.abc import Iterable

SHORTEST = 4  # letters of a name that may be meant by one with a letter more or less; `id` and `ids` are two names
OTHER_LETTER = 5  # of one that may be meant by one with another letter; `name` and `game` are two names


def intended_name(name: object, known: Iterable[str]) -> str | None:
    """The known name that is meant by another: one letter more, less or other, two swapped, or written otherwise."""
    if not isinstance(name, str):
        return None
    return next((candidate for candidate in known if _is_close(_folded(name), _folded(candidate))), None)


def _is_close(name: str, known: str) -> bool:
    if name == known:
        return True
    start = _alike(name, known)
    end = _alike(name[start:][::-1], known[start:][::-1])
    ours, theirs = name[start : len(name) - end], known[start : len(known) - end]
    if len(known) < SHORTEST or any(letter.isdigit() for letter in ours + theirs):  # `address1` and `address2` are two
        return False
    if len(ours) == len(theirs) == 1:
        return len(known) >= OTHER_LETTER
    return len(ours) + len(theirs) == 1 or (len(ours) == 2 and ours == theirs[::-1])


def _alike(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _folded(name: str) -> str:
    """A name without what tells its spelling in Python from that in JSON."""
    return name.replace("_", "").replace("-", "").lower()
