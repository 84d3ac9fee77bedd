"""How drifts of a server are made that no contract says: bends of what the mock sees, and of what it replies."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from contract_tests.mutations.bent_server import Bend, Exchange, Reply, Request

TOKEN = "test-token"  # the mock's own

CALLERS = "callers, whose upload fails or who think that it failed"
OPERATORS = "whoever handles errors by their shape or status"
PARSERS = "whoever reads the reply"
RECORDS = "whoever keeps what the reply says: it is not what was uploaded"

# By whom they hurt and by their name, how each bends the mock.
Drifts = dict[str, dict[str, Bend]]


def changed(change: Callable[[Exchange, Reply], None], when: Callable[[int], bool]) -> Bend:
    """A bend of the replies of some statuses."""

    def bend(exchange: Exchange) -> Reply:
        reply = exchange.reply()
        if when(reply.status):
            change(exchange, reply)
        return reply

    return bend


def success(change: Callable[[Exchange, Reply], None]) -> Bend:
    """A bend of every success."""
    return changed(change, lambda status: 200 <= status <= 299)


def error(change: Callable[[Exchange, Reply], None], status: int | None = None) -> Bend:
    """A bend of every error, or of those with one status."""
    return changed(change, lambda came: came >= 400 and status in (None, came))


def ids(change: Callable[[Exchange, dict[str, Any]], None]) -> Bend:
    """A bend of the data of a success, which hold its ids."""

    def bent(exchange: Exchange, reply: Reply) -> None:
        document = reply.json
        change(exchange, document["data"])
        reply.json = document

    return success(bent)


def says(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Bend:
    """A bend of the call in the reply to a call analysis: it is given what was sent, and the call to change."""

    def bent(exchange: Exchange, data: dict[str, Any]) -> None:
        if "call" in data:
            change(exchange.request.json, data["call"])

    return ids(bent)


def each_participant(change: Callable[[dict[str, Any]], None]) -> Bend:
    """A bend of both participants that a reply repeats."""

    def bent(_: dict[str, Any], call: dict[str, Any]) -> None:
        for participant in call["participants"]:
            change(participant)

    return says(bent)


def text(field: str, change: Callable[[str], str | None]) -> Bend:
    """A bend of one text of the call that a reply repeats."""
    return says(lambda _, call: change_text(call, field, change))


def participant_text(field: str, change: Callable[[str], str | None]) -> Bend:
    """A bend of one text of each participant that a reply repeats."""
    return each_participant(lambda participant: change_text(participant, field, change))


def change_text(holder: dict[str, Any], field: str, change: Callable[[str], str | None]) -> None:
    """Change a field where it is a text."""
    if isinstance(holder.get(field), str):
        holder[field] = change(holder[field])


def answers(status: int, when: Callable[[Request], bool]) -> Bend:
    """A bend that answers some valid requests with an error."""

    def bend(exchange: Exchange) -> Reply | None:
        reply = exchange.reply()
        return failure(status) if reply.status == 200 and when(exchange.request) else reply

    return bend


def requests(change: Callable[[Request], None]) -> Bend:
    """A bend of what the mock sees of a request."""
    return lambda exchange: change(exchange.request)


def body(change: Callable[[bytes], bytes]) -> Callable[[Exchange, Reply], None]:
    """A change of the bytes of a reply."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.body = change(reply.body)

    return bent


def header(name: str, value: str | None) -> Callable[[Exchange, Reply], None]:
    """A change of one header of a reply; None leaves it out."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.headers.pop(name, None)
        if value is not None:
            reply.headers[name] = value

    return bent


def status(number: int) -> Callable[[Exchange, Reply], None]:
    """A change of the status of a reply."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.status = number

    return bent


def whole(
    number: int | None, media_type: str | None, content: bytes, **headers: str
) -> Callable[[Exchange, Reply], None]:
    """Another reply altogether; without a number, of the same status."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.status = number or reply.status
        reply.headers = {**({"content-type": media_type} if media_type else {}), **headers}
        reply.body = content

    return bent


def supply(request: Request, name: str, value: str) -> None:
    """Put in a header that a request lacks."""
    request.headers.setdefault(name, value)


def failure(number: int) -> Reply:
    """An error in the mock's shape."""
    value = {"error": {"code": "drifted", "message": "No.", "details": []}}
    headers = {"content-type": "application/json"}
    if number == 401:
        headers["www-authenticate"] = "Bearer"
    return Reply(status=number, headers=headers, body=json.dumps(value).encode())


def counted(exchange: Exchange, name: str = "n") -> int:
    """How often this was asked, from 1."""
    exchange.state[name] = exchange.state.get(name, 0) + 1
    return int(exchange.state[name])


def job_id(change: Callable[[str], str]) -> Bend:
    """A bend of the job's id, or the call's where there is no job."""

    def bent(_: Exchange, data: dict[str, Any]) -> None:
        name = "jobId" if "jobId" in data else "callId"
        data[name] = change(data[name])

    return ids(bent)


def moved(change: Callable[[datetime], datetime]) -> Callable[[str], str]:
    """A change of a date-time that Python can read; another stays as it is."""

    def moved_text(given: str) -> str:
        try:
            return change(datetime.fromisoformat(given.upper())).isoformat()
        except (ValueError, OverflowError):
            return given

    return moved_text


def set_field(field: str, value: Any, *, over: Callable[[Any], bool] = lambda _: True) -> Bend:
    """A bend that sets one field of the call, where what it would say is as `over` tells."""

    def bent(_: dict[str, Any], call: dict[str, Any]) -> None:
        if over(call.get(field)):
            call[field] = value

    return says(bent)


def error_of(value: Any) -> Callable[[Exchange, Reply], None]:
    """Say errors in another shape."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.json = value

    return bent
