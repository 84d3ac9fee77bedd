"""Telling the caller where a server and the contract disagree, once a place."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, Literal

from .errors import ArgumentTypeError
from .notes import DriftKind, Note, keys_to, type_named
from .passing import raise_handler_exception

__all__ = ["DriftEvent", "DriftKind"]

logger = logging.getLogger("roark_client.drift")

REMEMBERED = 10_000  # places; beyond that they are forgotten and reported again, so that memory stays bounded


@dataclass(frozen=True, slots=True)
class DriftEvent:
    """One place where what came, or what was sent, differs from the contract."""

    operation: str
    """`POST /v1/call-analysis`: the method and the path in the contract."""
    part: Literal["request", "reply"]
    pointer: str
    """JSON pointer (RFC 6901) into the body; empty for the body itself, the status or the media type."""
    kind: DriftKind
    expected: str
    actual: Any = field(repr=False)
    """The value itself, which may be personal: neither the repr nor the log shows it."""
    count: int = 1
    """How many unknown fields of one object this is about: where they are many, `actual` holds all of them."""

    def __str__(self) -> str:
        place = f"{self.part}#{self.pointer}"
        # A status and a media type are the server's own; any other value may be about a person.
        is_shown = self.kind in (DriftKind.STATUS, DriftKind.MEDIA_TYPE)
        actual = f"{self.actual!a:.60}" if is_shown else type_named(self.actual)
        if self.count > 1:
            actual = f"{self.count} of them"
        return f"{self.operation} {place}: {self.kind}: expected {self.expected}, got {actual}"


class DriftReports:
    """The reports of a client, each place once, to its log and its `on_drift`. Safe to share between threads."""

    def __init__(self, on_drift: Callable[[DriftEvent], None] | None) -> None:
        if on_drift is not None and (not callable(on_drift) or iscoroutinefunction(on_drift)):  # pyright: ignore[reportUnnecessaryComparison]
            raise ArgumentTypeError("on_drift: expected a plain function that takes a DriftEvent")
        self.on_drift = on_drift
        self._reported: set[tuple[str, str, tuple[str, ...], DriftKind]] = set()
        self._lock = Lock()

    def report(self, operation: str, part: Literal["request", "reply"], notes: Iterable[Note]) -> None:
        """Log and hand on each note whose place was not reported before. Items of an array share their place."""
        for note in notes:
            place = (operation, part, _shared_place(note), note.kind)
            with self._lock:
                if place in self._reported:
                    continue
                if len(self._reported) >= REMEMBERED:
                    self._reported.clear()
                self._reported.add(place)
            event = DriftEvent(operation, part, note.pointer, note.kind, note.expected, note.actual, note.count)
            logger.warning("%s", event)
            if self.on_drift is not None:
                self._notify(event, self.on_drift)

    @staticmethod
    def _notify(event: DriftEvent, on_drift: Callable[[DriftEvent], None]) -> None:
        handled = sys.exception()
        try:
            on_drift(event)
        except Exception as error:  # noqa: BLE001 - a listener's fault must not fail an upload that was accepted
            raise_handler_exception(error, handled)
            # Without the traceback, which holds the value.
            logger.error("on_drift raised an exception for the event above")


def _shared_place(note: Note) -> tuple[str, ...]:
    """The place, the same for all items of an array."""
    return tuple("[]" if isinstance(key, int) else f".{key}" for key in keys_to(note.place))
