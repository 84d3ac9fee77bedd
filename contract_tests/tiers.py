"""Which tests a run of `scripts/test` takes, and in which order."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

# What each tier leaves out, by what a test says of itself (pyproject.toml has the words).
LEFT_OUT: Mapping[str, Sequence[str]] = {
    "quick": ("whole_run", "nightly"),
    "default": ("nightly",),
    "all": (),
    "differs": ("same_everywhere", "nightly"),
}

TAKEN_BY = {"whole_run": "scripts/test", "same_everywhere": "scripts/test", "nightly": "scripts/test --all"}

SECONDS = {"nightly": 20.0, "whole_run": 3.0}  # that such a test takes, about
SECONDS_ELSE = 0.05


def taken(items: Iterable[pytest.Item], tier: str) -> tuple[list[pytest.Item], Counter[str]]:
    """The tests that a tier takes, and how many it leaves out, by marker."""
    left: Counter[str] = Counter()
    chosen = []
    for item in items:
        marker = next((marker for marker in LEFT_OUT[tier] if item.get_closest_marker(marker)), None)
        if marker is None:
            chosen.append(item)
        else:
            left[marker] += 1
    return chosen, left


def in_order(items: Iterable[pytest.Item], seed: int) -> list[pytest.Item]:
    """The longest module first, so that no process is left alone with it at the end; its tests shuffled by the seed.

    The tests of a module stay together, since they share what is dear to set up.
    """
    modules: defaultdict[Path, list[pytest.Item]] = defaultdict(list)
    for item in items:
        modules[item.path].append(item)
    for path, tests in modules.items():  # each by itself, so that one alone repeats what it was among others
        random.Random(f"{seed} {path.name}").shuffle(tests)  # noqa: S311
    longest_first = sorted(modules.values(), key=lambda tests: sum(map(_seconds, tests)), reverse=True)
    return [item for tests in longest_first for item in tests]


def in_words(left_out: Mapping[str, int]) -> str:
    """How many tests were left out, and who takes them."""
    return "; ".join(f"{count} {marker} left out, {TAKEN_BY[marker]} takes them" for marker, count in left_out.items())


def _seconds(item: pytest.Item) -> float:
    return next((seconds for marker, seconds in SECONDS.items() if item.get_closest_marker(marker)), SECONDS_ELSE)
