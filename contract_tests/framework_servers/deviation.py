"""What is planted in a server, and what is to be told of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deviation:
    """One mistake of a server that hurts callers, by the name that the server is given.

    `rule` is that of the finding, `said` a pattern that its heading, its places or its message fits.
    """

    name: str
    rule: str
    said: str
