"""Which class of the generated client has which name."""

from collections.abc import Iterable, Sequence
from itertools import chain

from scripts.codegen import names

Key = tuple[str, ...]
"""What tells a class from all others: the JSON pointers of what it is made of."""


class ClassNames:
    """The names that are taken, so that no class has the name of another, nor its module, be it in other letters."""

    def __init__(self) -> None:
        self._modules: dict[str, Key] = {}
        self._taken: set[str] = set()
        self._dicts: set[str] = set()

    def reserve(self, components: Iterable[tuple[str, Key]]) -> None:
        """Keep for each component the name that it has in the contract, first for those that have it to the letter."""
        for name, key in sorted(components, key=lambda each: names.class_name(each[0]) != each[0]):
            self._modules.setdefault(_module(names.class_name(name)), key)
            self._taken.add(names.class_name(name))

    def of_class(self, key: Key, proposed: Sequence[str], ending: str) -> str:
        """The name of a class: the first of those proposed that is free, else with an ending, else with a number."""
        *better, last = [names.class_name(each) for each in proposed]
        name = next(
            each
            for each in chain(better, names.candidates(last, ending))
            if each not in names.MODULE_NAMES
            and each not in self._dicts
            and self._modules.setdefault(_module(each), key) == key
        )
        self._taken.add(name)
        return name

    def of_dict(self, name: str) -> str:
        """The name of a TypedDict, with as many trailing underscores as it takes to be free."""
        free = names.free(name, self._taken)
        self._taken.add(free)
        self._dicts.add(free)
        return free


def _module(name: str) -> str:
    """The module of a class, in the one spelling that a file system may know of it."""
    return names.identifier(name).casefold()
