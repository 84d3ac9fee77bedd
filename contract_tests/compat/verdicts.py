"""Verdicts held against values: what a change is said to do to callers, and what it does to values."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jsonschema_rs

from contract_tests import intent
from contract_tests.compat.clients import Client, Reading, stands_for
from contract_tests.compat.edits import Document
from scripts.compat.rules import Impact
from scripts.contract import reference


class Way(NamedTuple):
    """Where values go: the operation, the pointer of the schema, and whether callers give or get them."""

    operation: str
    pointer: str
    is_request: bool


@dataclass(frozen=True)
class Seen:
    """What becomes of a value: whether the contract allows it, what it reads as in a reply, what is sent for it."""

    fits: bool
    reading: Reading | None
    sent: str | None


class Side:
    """A contract and its client. Raises `RefusedError` where the client cannot say the contract."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._client = Client(document)
        self._seen: dict[tuple[Way, str], Seen] = {}
        self._judges: dict[Way, jsonschema_rs.Draft202012Validator] = {}  # each holds the whole contract

    def seen(self, way: Way, values: Sequence[Any]) -> list[Seen]:
        """What becomes of some values."""
        texts = {json.dumps(value): value for value in values}
        new = {text: value for text, value in texts.items() if (way, text) not in self._seen}
        for text, value in new.items():
            reading = None if way.is_request else self._client.read(way.operation, value)
            sent = self._client.sent(way.operation, value) if way.is_request else None
            self._seen[way, text] = Seen(self._judge(way).is_valid(value), reading, sent)
        return [self._seen[way, text] for text in map(json.dumps, values)]

    def _judge(self, way: Way) -> jsonschema_rs.Draft202012Validator:
        if way not in self._judges:
            side = intent.REQUEST if way.is_request else intent.REPLY
            schema = {**intent.required(self._document, side), "$ref": reference(way.pointer)}
            self._judges[way] = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        return self._judges[way]


def contradiction(former: Side, new: Side, impact: Impact | None, way: Way, values: Sequence[Any]) -> str | None:
    """What values say against the impact of a change that is not called breaking."""
    is_documentation = impact in (None, Impact.DOCUMENTATION)
    for value, was, now in zip(values, former.seen(way, values), new.seen(way, values), strict=True):
        shown = f"{value!r:.200}"
        if way.is_request:
            if was.fits and not now.fits:
                return f"{shown} was a valid request"
            if was.fits and was.sent is not None and was.sent != now.sent:
                return f"{shown} was sent as {was.sent}, and now as {now.sent}"
        elif was.reading is not None and now.reading is not None:
            if now.fits and not was.fits and now.reading.is_whole and not was.reading.is_whole:
                return f"{shown} is a reply that no client expects, which reads it as {was.reading}"
            is_whole = was.reading.is_whole and now.reading.is_whole
            # No server means a kind of object of which it has fields that the contract does not name.
            is_meant = is_whole and now.reading.is_known == was.reading.is_known
            if now.fits and is_meant and not stands_for(now.reading.value, was.reading.value):
                return f"{shown} read as {was.reading}, and now as {now.reading}"
        if is_documentation and not _is_alike(was, now):
            return f"{shown} is told apart: {was} and {now}"
    return None


def _is_alike(one: Seen, other: Seen) -> bool:
    """Whether nobody can tell two contracts apart by what becomes of a value; of one that neither allows, as far as
    both clients take it for right."""
    if not (one.fits or other.fits) and not (
        one.reading and one.reading.is_whole and other.reading and other.reading.is_whole
    ):
        return True
    if one.reading is None or other.reading is None:
        return one == other
    is_same = stands_for(other.reading.value, one.reading.value) and (
        stands_for(one.reading.value, other.reading.value) or one.reading.value == other.reading.value  # 1.0 and 1
    )
    return is_same and (one.fits, one.reading.is_whole) == (other.fits, other.reading.is_whole)
