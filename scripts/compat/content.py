"""How two bodies differ in their media types: as what a request is sent, and as what a reply is asked for and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from fnmatch import fnmatchcase

from scripts.compat.change import Difference
from scripts.compat.meaning import Meanings
from scripts.compat.schemas import SchemaComparison
from scripts.contract import Body, Form, MediaType, essence


def have_one_body(one: Body, other: Body, meanings: Meanings) -> bool:
    """Whether the bodies of two replies mean the same, in each media type."""
    bodies = [_by_name(each.media_types) for each in (one, other)]
    return bodies[0].keys() == bodies[1].keys() and all(
        meanings.are_same(each.schema, bodies[1][name].schema) for name, each in bodies[0].items()
    )


def request_differences(was: Body, now: Body, schemas: SchemaComparison) -> Iterator[Difference]:
    """What is sent, and what else is taken."""
    before, after = _by_name(was.media_types), _by_name(now.media_types)
    sent, to_send = was.sent, now.sent
    if sent and not _is_among(sent, after):
        words = f"{sent.sent_as} is sent, and no longer taken"
        yield Difference("sent-media-type-removed", sent.place.pointer, words)
    elif sent and to_send and sent.form is to_send.form and sent.sent_as.lower() != to_send.sent_as.lower():
        words = f"{sent.sent_as} → {to_send.sent_as}"
        yield Difference("sent-media-type-changed", to_send.place.pointer, words, (sent.place.pointer,))
    for name in after.keys() - before.keys():
        yield Difference("request-media-type-added", after[name].place.pointer, f"{name} as well")
    for name in before.keys() - after.keys():
        if not (sent and name == essence(sent.name)):
            yield Difference("request-media-type-removed", before[name].place.pointer, f"{name} no longer")
    if sent and to_send:
        yield from _sent_differences(sent, to_send, after.get(essence(sent.name)), schemas)


def _sent_differences(
    sent: MediaType, to_send: MediaType, still_taken: MediaType | None, schemas: SchemaComparison
) -> Iterator[Difference]:
    """What is given for a body. `still_taken`: what clients out there go on sending, where it is taken."""
    if sent.form is not to_send.form:
        words = f"{sent.form} ({sent.sent_as}) → {to_send.form} ({to_send.sent_as})"
        covers = (sent.place.pointer, to_send.place.pointer)
        yield Difference("request-form-changed", to_send.place.pointer, words, covers)
    elif sent.form is Form.JSON:
        yield from schemas.differences(sent.schema, to_send.schema)
    if still_taken and still_taken.place.pointer != to_send.place.pointer and sent.form is Form.JSON:
        yield from schemas.differences(sent.schema, still_taken.schema)


def reply_differences(was: Body, now: Body, asked: Iterable[str], schemas: SchemaComparison) -> Iterator[Difference]:
    """What comes, and what it reads as. `asked`: the media types that clients out there say that they accept."""
    before, after = _by_name(was.usable), _by_name(now.usable)
    every = _by_name(was.media_types), _by_name(now.media_types)
    for name in every[1].keys() - every[0].keys():
        yield Difference("reply-media-type-added", every[1][name].place.pointer, f"{name} as well")
    is_lost = bool(before) and not any(_accepts(asked, name) for name in every[1])
    for name in every[0].keys() - every[1].keys():
        rule = "accepted-media-type-removed" if is_lost and name in before else "reply-media-type-removed"
        yield Difference(rule, every[0][name].place.pointer, f"{name} no longer")
    forms, forms_now = ({each.form for each in some.values()} for some in (before, after))
    if before and forms_now - forms:
        words = f"{_in_words(forms)} → {_in_words(forms_now)}"
        covers = tuple(each.place.pointer for each in (*before.values(), *after.values()))
        yield Difference("reply-form-changed", f"{now.place.pointer}/content", words, covers)
    for name, each in after.items():
        former = before.get(name) or next((one for one in before.values() if one.form is Form.JSON), None)
        if former and former.form is each.form is Form.JSON:
            yield from schemas.differences(former.schema, each.schema)


def _by_name(media_types: Iterable[MediaType]) -> dict[str, MediaType]:
    """Media types by name, the first of those that differ in their parameters only."""
    found: dict[str, MediaType] = {}
    for each in media_types:
        found.setdefault(essence(each.name), each)
    return found


def _is_among(media_type: MediaType, others: Iterable[str]) -> bool:
    """Whether what a request is sent as is one of others, or within one that stands for several: `image/*`."""
    return any(fnmatchcase(essence(media_type.sent_as), each) for each in others)


def _accepts(asked: Iterable[str], name: str) -> bool:
    """Whether what is asked for and what comes can be the same."""
    return any(fnmatchcase(name, essence(each)) or fnmatchcase(essence(each), name) for each in asked)


def _in_words(forms: Set[Form]) -> str:
    return " or ".join(sorted(forms))
