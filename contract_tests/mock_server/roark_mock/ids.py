"""The ids of replies: fresh ones, or the same in every run."""

import random
from uuid import UUID

Seed = int | str | None


class Ids:
    """Makes UUIDs of version 4: after `begin(seed)` the same ones in the same order, by chance without a seed."""

    def __init__(self, seed: Seed = None) -> None:
        self.begin(seed)

    def begin(self, seed: Seed) -> None:
        """Begin anew."""
        self._bits = (random.SystemRandom() if seed is None else random.Random(seed)).getrandbits  # noqa: S311

    def __call__(self) -> UUID:
        """The next id."""
        return UUID(int=self._bits(128), version=4)
