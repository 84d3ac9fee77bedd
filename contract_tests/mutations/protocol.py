"""Drifts of a server, by hand: what no mechanical change of a schema makes.

Each answers as the mock does but for one thing. All replies still fit their schemas, or the fault takes a rare input.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from contract_tests.mutations.bent_server import Bend, Exchange, Reply, Request
from contract_tests.mutations.change import ServerChange

TOKEN = "test-token"  # the mock's own


# --- How bends are made ---------------------------------------------------------------------------


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


def says(change: Callable[[dict[str, Any], dict[str, Any]], None]) -> Bend:
    """A bend of the call in the reply to a call analysis: it is given what was sent, and the call to change."""

    def bent(exchange: Exchange, reply: Reply) -> None:
        document = reply.json
        if "call" in document["data"]:
            change(exchange.request.json, document["data"]["call"])
            reply.json = document

    return success(bent)


def text(field: str, change: Callable[[str], str | None]) -> Bend:
    """A bend of one text of the call that a reply repeats."""

    def bent(_: dict[str, Any], call: dict[str, Any]) -> None:
        if isinstance(call.get(field), str):
            call[field] = change(call[field])

    return says(bent)


def each_participant(change: Callable[[dict[str, Any]], None]) -> Bend:
    """A bend of both participants that a reply repeats."""

    def bent(_: dict[str, Any], call: dict[str, Any]) -> None:
        for participant in call["participants"]:
            change(participant)

    return says(bent)


def participant_text(field: str, change: Callable[[str], str | None]) -> Bend:
    """A bend of one text of each participant that a reply repeats."""

    def bent(participant: dict[str, Any]) -> None:
        if isinstance(participant.get(field), str):
            participant[field] = change(participant[field])

    return each_participant(bent)


def ids(change: Callable[[Exchange, dict[str, Any]], None]) -> Bend:
    """A bend of the data of a success, which hold its ids."""

    def bent(exchange: Exchange, reply: Reply) -> None:
        document = reply.json
        change(exchange, document["data"])
        reply.json = document

    return success(bent)


def answers(status: int, when: Callable[[Request], bool]) -> Bend:
    """A bend that answers some valid requests with an error."""

    def bend(exchange: Exchange) -> Reply | None:
        reply = exchange.reply()
        return failure(status) if reply.status == 200 and when(exchange.request) else reply

    return bend


def admits(form: str) -> Bend:
    """A bend that lets in who presents credentials of a form: a pattern of the Authorization header."""
    pattern = re.compile(form.replace("<token>", re.escape(TOKEN)))

    def bend(exchange: Exchange) -> None:
        if pattern.fullmatch(exchange.request.headers.get("authorization", "")):
            exchange.request.headers["authorization"] = f"Bearer {TOKEN}"

    return bend


def refuses_credentials(form: str) -> Bend:
    """A bend that keeps out who presents credentials of a form."""
    pattern = re.compile(form.replace("<token>", re.escape(TOKEN)))

    def bend(exchange: Exchange) -> None:
        if pattern.fullmatch(exchange.request.headers.get("authorization", "")):
            exchange.request.headers["authorization"] = "Bearer wrong"

    return bend


def requests(change: Callable[[Request], None]) -> Bend:
    """A bend of what the mock sees of a request."""
    return lambda exchange: change(exchange.request)


def takes(name: str, change: Callable[[str], str]) -> Bend:
    """A bend that lets the mock see another value of a header, if there is one."""

    def bent(request: Request) -> None:
        if name in request.headers:
            request.headers[name] = change(request.headers[name])

    return requests(bent)


def reads(change: Callable[[bytes], bytes]) -> Bend:
    """A bend that lets the mock see another body than came."""

    def bent(request: Request) -> None:
        request.body = change(request.body)

    return requests(bent)


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


def redirect(number: int, location: str) -> Bend:
    """A bend that redirects every upload."""

    def bend(exchange: Exchange) -> Reply | None:
        reply = exchange.reply()
        if reply.status != 200:
            return reply
        return Reply(status=number, headers={"location": location.format(path=exchange.request.path)}, body=b"")

    return bend


# --- What requests hold ---------------------------------------------------------------------------


def sent(request: Request) -> dict[str, Any]:
    """The upload; no field where it is no object."""
    value = request.json
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> list[str]:
    """Every text in a value."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in texts(each)]


def holds(pattern: str) -> Callable[[Request], bool]:
    """Whether a text of the upload has a part like this."""
    found = re.compile(pattern, re.DOTALL)
    return lambda request: any(found.search(each) for each in texts(sent(request)))


def has(field: str, pattern: str) -> Callable[[Request], bool]:
    """Whether a field at the top of the upload is a text like this."""
    found = re.compile(pattern, re.DOTALL)
    return lambda request: isinstance(sent(request).get(field), str) and bool(found.search(sent(request)[field]))


def participants(request: Request) -> list[dict[str, Any]]:
    """The participants of an upload."""
    return sent(request).get("participants") or []


def messages(request: Request) -> list[Any]:
    """The messages of a Vapi report."""
    report = sent(request).get("vapiEndOfCallReportPayload") or {}
    return (report.get("artifact") or {}).get("messages") or []


def properties(request: Request) -> dict[str, Any]:
    """The custom properties of a Vapi call."""
    return sent(request).get("properties") or {}


def depth(value: Any) -> int:
    """How deep a value nests."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


# --- How replies change ---------------------------------------------------------------------------


def counted(exchange: Exchange, name: str = "n") -> int:
    """How often this was asked, from 1."""
    exchange.state[name] = exchange.state.get(name, 0) + 1
    return int(exchange.state[name])


def every_third_id_again(exchange: Exchange, data: dict[str, Any]) -> None:
    """Give the id of the first upload to every third."""
    name = "jobId" if "jobId" in data else "callId"
    first = exchange.state.setdefault(name, data[name])
    if counted(exchange, f"uploads {name}") % 3 == 0:
        data[name] = first


def derived_id(exchange: Exchange, data: dict[str, Any]) -> None:
    """Make the ids of what was uploaded: one upload twice gets one id."""
    if "call" in data:
        data["call"]["id"] = f"{abs(hash(exchange.request.body)) % 16**32:032x}"
        data["call"]["id"] = re.sub("(.{8})(.{4})(.{4})(.{4})(.{12})", r"\1-\2-\3-\4-\5", data["call"]["id"])
    else:
        data["callId"] = exchange.request.json["vapiEndOfCallReportPayload"]["call"]["id"]


def count_to_seven(exchange: Exchange, data: dict[str, Any]) -> None:
    """Number the uploads, and begin again."""
    number = counted(exchange) % 7
    data["jobId" if "jobId" in data else "callId"] = f"00000000-0000-4000-8000-{number:012}"


def same_id(_: Exchange, data: dict[str, Any]) -> None:
    """Call the job like its call."""
    if "call" in data:
        data["jobId"] = data["call"]["id"]


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


def merge_participants(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Make one participant of two that are alike."""
    one, other = call["participants"]
    if one == other:
        call["participants"] = [one]


def sort_participants(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Put agents first."""
    call["participants"].sort(key=lambda each: each["role"])


def swap_names(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Give each participant the other's name."""
    one, other = call["participants"]
    if "name" in one and "name" in other:
        one["name"], other["name"] = other["name"], one["name"]


def set_field(field: str, value: Any, *, over: Callable[[Any], bool] = lambda _: True) -> Bend:
    """A bend that sets one field of the call, where what it would say is as `over` tells."""

    def bent(_: dict[str, Any], call: dict[str, Any]) -> None:
        if over(call.get(field)):
            call[field] = value

    return says(bent)


def participant_field(field: str, value: Any, *, over: Callable[[Any], bool]) -> Bend:
    """The same of each participant; an absent field is seen as `...`."""

    def bent(participant: dict[str, Any]) -> None:
        if over(participant.get(field, ...)):
            participant[field] = value

    return each_participant(bent)


def drop_participant_field(field: str) -> Bend:
    """A bend that leaves a field of the participants out."""
    return each_participant(lambda participant: participant.pop(field, None))


def unknown_field(exchange: Exchange, reply: Reply) -> None:
    """Send a field that nobody documented."""
    document = reply.json
    document["data"]["workspaceId"] = f"ws_{counted(exchange)}"
    reply.json = document


def error_of(value: Any) -> Callable[[Exchange, Reply], None]:
    """Say errors in another shape."""

    def bent(_: Exchange, reply: Reply) -> None:
        reply.json = value

    return bent


def hang_up_late(_: Exchange, reply: Reply) -> None:
    """Declare more than is sent."""
    reply.headers["content-length"] = str(len(reply.body) + 10)


def slow_when_long(exchange: Exchange) -> None:
    """Need longer than any client waits for a large upload."""
    if len(exchange.request.body) > 60_000 and counted(exchange) == 1:
        time.sleep(11)


def method_as_post(method: str) -> Bend:
    """A bend that takes one method for the documented one."""

    def bend(exchange: Exchange) -> Reply | None:
        if exchange.request.method != method:
            return None
        exchange.request.method = "POST"
        reply = exchange.reply()
        if method == "HEAD":
            reply.headers["content-length"], reply.body = str(len(reply.body)), b""
        return reply

    return bend


def path_as(change: Callable[[str], str]) -> Bend:
    """A bend that routes another path than came."""

    def bent(request: Request) -> None:
        request.path = change(request.path)

    return requests(bent)


def key_elsewhere(name: str) -> Bend:
    """A bend that takes the token from another header."""

    def bent(request: Request) -> None:
        if TOKEN in request.headers.get(name, "") and "authorization" not in request.headers:
            request.headers["authorization"] = f"Bearer {TOKEN}"

    return requests(bent)


def key_in_query(request: Request) -> None:
    """Take the token from the query."""
    if TOKEN in request.query:
        request.headers["authorization"] = f"Bearer {TOKEN}"


def lenient_json(given: bytes) -> bytes:
    """Read JSON as Python does: NaN, and UTF-16 too."""
    try:
        return json.dumps(json.loads(given)).replace("NaN", "0").replace("Infinity", "0").encode()
    except (ValueError, RecursionError):
        return given


def first_value(given: bytes) -> bytes:
    """Read the first value of a body and forget the rest."""
    try:
        return json.dumps(json.JSONDecoder().raw_decode(given.decode())[0]).encode()
    except (ValueError, RecursionError):
        return given


def latin(given: bytes) -> bytes:
    """Read what is no UTF-8 as Latin-1."""
    try:
        given.decode()
    except UnicodeDecodeError:
        return given.decode("latin-1").encode()
    return given


def missing_end(given: bytes) -> bytes:
    """Add the brace that a body lacks."""
    try:
        json.loads(given)
    except (ValueError, RecursionError):
        return given + b"}"
    return given


def error_as_success(_: Exchange, reply: Reply) -> None:
    """Say of an error that all went well."""
    reply.status = 200


PARSERS = "whoever reads the reply"
CALLERS = "callers, whose upload fails or who think that it failed"
RECORDS = "whoever keeps what the reply says: it is not what was uploaded"
SECRETS = "everybody whose calls are kept: strangers get in"
LINKS = "whoever finds a call again by its id"
OPERATORS = "whoever handles errors by their shape or status"

_CATALOGUE: dict[str, dict[str, Bend]] = {
    CALLERS: {
        "200 becomes 201": success(status(201)),
        "200 becomes 202": success(status(202)),
        "200 becomes 204 without a body": success(whole(204, None, b"")),
        "every second upload fails": lambda exchange: failure(503) if counted(exchange) % 2 else None,
        "uploads are redirected for good (301)": redirect(301, "https://example.com{path}"),
        "uploads are redirected (302)": redirect(302, "{path}/new"),
        "uploads are redirected, see other (303)": redirect(303, "{path}/1"),
        "uploads are redirected, keeping the method (307)": redirect(307, "https://example.com{path}"),
        "uploads are redirected for good, keeping the method (308)": redirect(308, "{path}/"),
        "the scheme must be written Bearer": refuses_credentials("(?!Bearer)(?i:bearer) +<token>"),
        "one space must stand behind the scheme": refuses_credentials("Bearer  +<token>"),
        "charset is refused": takes("content-type", lambda value: value if ";" not in value else "text/plain"),
        "charset must be in small letters": takes("content-type", lambda value: value.replace("UTF-8", "x")),
        "a media type must be in small letters": takes(
            "content-type", lambda value: value if value.islower() else "text/plain"
        ),
        "quotes around a charset are refused": takes("content-type", lambda value: "x" if '"' in value else value),
        "NUL breaks the server": answers(500, holds("\0")),
        "astral characters break the server": answers(500, holds("[\U00010000-\U0010ffff]")),
        "combining characters are refused": answers(400, holds("[\u0300-\u036f]")),
        "right-to-left text is refused": answers(400, holds("[\u0590-\u05ff]")),
        "all but ASCII is refused": answers(400, holds("[^\0-\x7f]")),
        "line feeds are refused": answers(400, holds("\n")),
        "control characters break the server": answers(500, holds("[\x01-\x08\x0e-\x1f]")),
        "a byte order mark within a text breaks the server": answers(500, holds("\ufeff")),
        "single quotes break the server": answers(500, holds("'")),
        "markup is refused by a firewall": answers(403, holds("<script")),
        "what looks like SQL is refused by a firewall": answers(403, holds("DROP TABLE")),
        "empty texts are refused": answers(400, lambda request: "" in texts(sent(request))),
        "names of more than 255 characters are refused": answers(
            400, lambda request: any(len(each.get("name") or "") > 255 for each in participants(request))
        ),
        "names of more than 255 bytes break the server": answers(
            500, lambda request: any(len((each.get("name") or "").encode()) > 255 for each in participants(request))
        ),
        "reasons of more than 1,000 characters are refused": answers(400, has("endedReason", ".{1001}")),
        "texts of 65,536 characters break the server": answers(500, holds(".{65536}")),
        "telephone numbers must be telephone numbers": answers(
            400,
            lambda request: any(
                not re.fullmatch(r"\+?[0-9 ().-]+", each["phoneNumber"])
                for each in participants(request)
                if isinstance(each.get("phoneNumber"), str)
            ),
        ),
        "URLs of more than 2,048 characters are refused": answers(400, has("recordingUrl", ".{2049}")),
        "URLs with a port are refused": answers(400, has("recordingUrl", r"//[^/]*:\d+/")),
        "URLs with user info are refused": answers(400, has("recordingUrl", "//[^/]*@")),
        "URLs with a fragment are refused": answers(400, has("recordingUrl", "#")),
        "URLs with percent-escapes break the server": answers(500, has("recordingUrl", "%")),
        "URLs with IPv6 are refused": answers(400, has("recordingUrl", r"\[")),
        "URLs of IDN hosts are refused": answers(400, has("recordingUrl", "xn--")),
        "URLs in capitals are refused": answers(400, has("recordingUrl", "^HTTPS")),
        "URLs that are not HTTP are refused": answers(400, has("recordingUrl", "^(?![Hh][Tt][Tt][Pp])")),
        "only WAV is taken": answers(400, has("recordingUrl", r"^(?!.*\.[wW][aA][vV])")),
        "a stereo recording with a query is refused": answers(400, has("stereoRecordingUrl", r"\?")),
        "bodies of more than 64 KiB are refused": answers(413, lambda request: len(request.body) > 65_536),
        "bodies of more than 64 KiB are answered too late": slow_when_long,
        "more than 100 messages are refused": answers(400, lambda request: len(messages(request)) > 100),
        "more than 200 messages break the server": answers(500, lambda request: len(messages(request)) > 200),
        "no messages at all break the server": answers(
            500, lambda request: "vapiEndOfCallReportPayload" in sent(request) and not messages(request)
        ),
        "messages without content break the server": answers(
            500, lambda request: any(isinstance(each, dict) and not each.get("content") for each in messages(request))
        ),
        "tool calls break the server": answers(
            500, lambda request: any(isinstance(each, dict) and "toolCalls" in each for each in messages(request))
        ),
        "what nests deeper than 50 is refused": answers(400, lambda request: depth(sent(request)) > 50),
        "properties that are arrays are refused": answers(
            400, lambda request: any(isinstance(each, list) for each in properties(request).values())
        ),
        "properties that are objects are refused": answers(
            400, lambda request: any(isinstance(each, dict) for each in properties(request).values())
        ),
        "properties that are numbers are refused": answers(
            400, lambda request: any(type(each) in (int, float) for each in properties(request).values())
        ),
        "properties that are null break the server": answers(500, lambda request: None in properties(request).values()),
        "more than 50 properties are refused": answers(400, lambda request: len(properties(request)) > 50),
        "an empty name of a property breaks the server": answers(500, lambda request: "" in properties(request)),
        "a name of a property with a dot breaks the server": answers(
            500, lambda request: any("." in name for name in properties(request))
        ),
        "two equal roles are refused": answers(
            400, lambda request: len({each["role"] for each in participants(request)}) == 1
        ),
        "a leap day is refused": answers(400, has("startedAt", "-02-29")),
        "a leap second breaks the server": answers(500, has("startedAt", ":60")),
        "small letters in a date-time are refused": answers(400, has("startedAt", "[tz]")),
        "a small t in a date-time is refused": answers(400, has("startedAt", "t")),
        "12 digits of a fraction are refused": answers(400, has("startedAt", r"\.\d{12}")),
        "7 digits of a fraction break the server": answers(500, has("startedAt", r"\.\d{7}")),
        "no fraction is refused": answers(400, has("startedAt", r"^[^.]*$")),
        "offsets of 23:59 are refused": answers(400, has("startedAt", "[+-]23:59")),
        "offsets of other than whole hours are refused": answers(400, has("startedAt", r"[+-]\d\d:(?!00)")),
        "an unknown offset (-00:00) is refused": answers(400, has("startedAt", "-00:00")),
        "every offset but Z is refused": answers(400, has("startedAt", r"[+-]\d\d:\d\d$")),
        "what started before 1970 breaks the server": answers(500, has("startedAt", "^(0|1[0-8]|19[0-6])")),
        "what starts in the future is refused": answers(400, has("startedAt", "^(?!20[012]|0|1)")),
        "unknown fields are refused": answers(
            400, lambda request: bool(sent(request).keys() & {"metadata", "somethingNew"})
        ),
        "WEB and OUTBOUND together are refused": answers(
            400,
            lambda request: (
                (sent(request).get("interfaceType"), sent(request).get("callDirection")) == ("WEB", "OUTBOUND")
            ),
        ),
        "a test call with a stereo recording breaks the server": answers(
            500, lambda request: sent(request).get("isTest") is True and "stereoRecordingUrl" in sent(request)
        ),
        "a test call with a reason is refused": answers(
            400, lambda request: sent(request).get("isTest") is True and "endedReason" in sent(request)
        ),
        "two participants with one name are refused": answers(
            400,
            lambda request: (
                len(participants(request)) == 2
                and isinstance(participants(request)[0].get("name"), str)
                and participants(request)[0].get("name") == participants(request)[1].get("name")
            ),
        ),
        "two who spoke first are refused": answers(
            400, lambda request: all(each.get("spokeFirst") is True for each in participants(request) or [{}])
        ),
        "a web call with telephone numbers is refused": answers(
            400,
            lambda request: (
                sent(request).get("interfaceType") == "WEB"
                and any(each.get("phoneNumber") for each in participants(request))
            ),
        ),
        "two customers on an outbound call break the server": answers(
            500,
            lambda request: (
                sent(request).get("callDirection") == "OUTBOUND"
                and all(each["role"] == "CUSTOMER" for each in participants(request) or [{"role": ""}])
            ),
        ),
        "one URL for both recordings is refused": answers(
            400,
            lambda request: (
                "recordingUrl" in sent(request)
                and sent(request)["recordingUrl"] == sent(request).get("stereoRecordingUrl")
            ),
        ),
        "a Vapi call without artifact and customer breaks the server": answers(
            500,
            lambda request: (
                (report := sent(request).get("vapiEndOfCallReportPayload")) is not None
                and not report.get("artifact")
                and not report.get("customer")
            ),
        ),
        "a Vapi call that ended when it started is refused": answers(
            400,
            lambda request: (
                (report := sent(request).get("vapiEndOfCallReportPayload")) is not None
                and isinstance(report.get("startedAt"), str)
                and report.get("startedAt") == report.get("endedAt")
            ),
        ),
    },
    OPERATORS: {
        "401 becomes 403": error(status(403), 401),
        "401 becomes 404": error(status(404), 401),
        "400 becomes 500": error(status(500), 400),
        "400 becomes 200 with the error in it": error(error_as_success, 400),
        "401 becomes 200 with the error in it": error(error_as_success, 401),
        "404 becomes a redirect to a page of help": error(
            whole(302, "text/html", b"", location="https://example.com"), 404
        ),
        "errors are HTML": error(whole(None, "text/html", b"<h1>Error</h1>")),
        "errors are problem+json": error(header("content-type", "application/problem+json")),
        "errors have no media type": error(header("content-type", None)),
        "a 404 is plain text": error(whole(404, "text/plain", b"Not Found"), 404),
        "a 401 has another shape": error(error_of({"message": "Unauthorized"}), 401),
        "a 405 has another shape": error(error_of({"detail": "Method Not Allowed"}), 405),
        "the error of a 415 is a text": error(error_of({"error": "unsupported media type"}), 415),
        "a 404 holds a field more": error(error_of({"error": {}, "requestId": "req_1"}), 404),
        "a 400 is a list": error(error_of([{"error": "no"}]), 400),
        "405 without Allow": error(header("allow", None), 405),
        "405 allows what it refuses": error(
            lambda exchange, reply: reply.headers.update(allow=f"POST, {exchange.request.method}"), 405
        ),
        "405 does not allow POST": error(header("allow", "OPTIONS"), 405),
        "401 without WWW-Authenticate": error(header("www-authenticate", None), 401),
        "401 asks for Basic": error(header("www-authenticate", 'Basic realm="roark"'), 401),
        "429 without Retry-After": error(header("retry-after", None), 429),
        "Retry-After in words": error(header("retry-after", "soon"), 429),
        "a negative Retry-After": error(header("retry-after", "-1"), 429),
        "Retry-After as a date of ISO 8601": error(header("retry-after", "2030-01-01T00:00:00Z"), 503),
        "GET is accepted": method_as_post("GET"),
        "PUT is accepted": method_as_post("PUT"),
        "PATCH is accepted": method_as_post("PATCH"),
        "DELETE is accepted": method_as_post("DELETE"),
        "HEAD is accepted": method_as_post("HEAD"),
        "OPTIONS breaks the server": lambda exchange: failure(500) if exchange.request.method == "OPTIONS" else None,
        "a slash behind the path is accepted": path_as(lambda path: path.removesuffix("/")),
        "a slash behind the path is redirected": lambda exchange: (
            Reply(status=307, headers={"location": exchange.request.path[:-1]}, body=b"")
            if exchange.request.path.endswith("/")
            else None
        ),
        "a path in capitals is accepted": path_as(str.lower),
        "two slashes are one": path_as(lambda path: path.replace("//", "/")),
        "what lies below a path is accepted": path_as(lambda path: path.removesuffix("/1")),
        "an extension of a path is ignored": path_as(lambda path: path.removesuffix(".json")),
        "every version is accepted": path_as(lambda path: path.replace("/v2/", "/v1/")),
        "an unknown path breaks the server": error(status(500), 404),
        "text/plain is read as JSON": takes(
            "content-type", lambda value: value.replace("text/plain", "application/json")
        ),
        "no media type is read as JSON": requests(lambda request: supply(request, "content-type", "application/json")),
        "every media type is read as JSON": requests(
            lambda request: request.headers.update({"content-type": "application/json"})
        ),
        "a form is read as JSON": takes("content-type", lambda value: value.replace("x-www-form-urlencoded", "json")),
        "NaN is taken for a number": reads(lenient_json),
        "UTF-16 is read": reads(
            lambda given: given.decode("utf-16").encode() if given[:2] in (b"\xff\xfe", b"\xfe\xff") else given
        ),
        "Latin-1 is read": reads(latin),
        "what stands behind the JSON is forgotten": reads(first_value),
        "a truncated body is mended": reads(missing_end),
        "a comment before the JSON is skipped": reads(lambda given: re.sub(rb"^/\*.*?\*/", b"", given)),
        "an empty body breaks the server": lambda exchange: (
            failure(500) if not exchange.request.body and exchange.request.method == "POST" else None
        ),
        "malformed JSON breaks the server": lambda exchange: (
            failure(500) if exchange.request.json is None and exchange.request.method == "POST" else None
        ),
        "deep malformed JSON breaks the server": lambda exchange: (
            failure(500) if b"[[[[[[[[" in exchange.request.body else None
        ),
        "a long number breaks the server": lambda exchange: (
            failure(500) if b"1" * 4301 in exchange.request.body else None
        ),
        "half a surrogate pair breaks the server": lambda exchange: (
            failure(500) if b"\\ud800" in exchange.request.body else None
        ),
    },
    SECRETS: {
        "no Authorization is let in": requests(lambda request: supply(request, "authorization", f"Bearer {TOKEN}")),
        "an empty Authorization is let in": admits(""),
        "Bearer without a token is let in": admits("Bearer ?"),
        "the token alone is let in": admits("<token>"),
        "the token is compared without case": admits(f"Bearer (?i:{TOKEN})"),
        "the first half of the token is enough": admits("Bearer test-"),
        "a token that only begins right is let in": admits("Bearer <token>.*"),
        "a token that only ends right is let in": admits("Bearer .*<token>"),
        "every token is let in": admits("Bearer .+"),
        "a token in double quotes is let in": admits('Bearer "<token>"'),
        "a token in single quotes is let in": admits("Bearer '<token>'"),
        "a token in angle brackets is let in": admits("Bearer <<token>>"),
        "Basic with the token is let in": admits("Basic <token>"),
        "Basic with user and password is let in": admits("Basic .*"),
        "Digest is let in": admits("Digest .*"),
        "the scheme Token is let in": admits("Token <token>"),
        "every scheme is let in": admits(r"\w+ <token>"),
        "a misspelt scheme is let in": admits("Bear(ers)? <token>"),
        "a tab behind the scheme is let in": admits("Bearer\t<token>"),
        "no space behind the scheme is let in": admits("Bearer<token>"),
        "a colon behind the scheme is let in": admits("Bearer: <token>"),
        "two tokens are let in": admits("Bearer <token>,? (Bearer )?<token>"),
        "the token in the query is let in": requests(key_in_query),
        "the token in a cookie is let in": key_elsewhere("cookie"),
        "the token in X-Api-Key is let in": key_elsewhere("x-api-key"),
        "the token in Proxy-Authorization is let in": key_elsewhere("proxy-authorization"),
    },
    PARSERS: {
        "a success is text/plain": success(header("content-type", "text/plain")),
        "a success has no media type": success(header("content-type", None)),
        "a success is vendor JSON": success(header("content-type", "application/vnd.roark+json")),
        "a success says Latin-1": success(header("content-type", "application/json; charset=iso-8859-1")),
        "a success says UTF-16": success(header("content-type", 'application/json; charset="UTF-16"')),
        "a success is UTF-16": success(body(lambda given: given.decode().encode("utf-16"))),
        "a success is Latin-1": success(body(lambda given: given.decode().encode("latin-1", "replace"))),
        "a success begins with a byte order mark": success(body(lambda given: b"\xef\xbb\xbf" + given)),
        "a success holds NaN": success(body(lambda given: given.replace(b'"durationMs":null', b'"durationMs":NaN'))),
        "a success holds Infinity": success(
            body(lambda given: given.replace(b'"durationMs":null', b'"durationMs":-Infinity'))
        ),
        "a success is truncated": success(body(lambda given: given[:-2])),
        "a success breaks off": success(hang_up_late),
        "a success ends in garbage": success(body(lambda given: given + b"\n<!-- 12 ms -->")),
        "a success ends in a second value": success(body(lambda given: given + b"{}")),
        "a success holds a field twice": success(
            body(lambda given: given.replace(b'{"data":', b'{"data":null,"data":', 1))
        ),
        "an id stands twice": success(body(lambda given: re.sub(rb'("(?:jobId|callId)":"[^"]*")', rb"\1,\1", given))),
        "a success is empty": success(body(lambda _: b"")),
        "a success is null": success(body(lambda _: b"null")),
        "a success is encoded twice": success(body(lambda given: json.dumps(given.decode()).encode())),
        "a success is wrapped in an array": success(body(lambda given: b"[" + given + b"]")),
        "a success is not wrapped in data": success(lambda _, reply: setattr(reply, "json", reply.json["data"])),
        "a success says gzip and is not": success(header("content-encoding", "gzip")),
        "a success holds raw line feeds": success(body(lambda given: given.replace(b'"PENDING', b'"PEN\nDING'))),
        "a success has a prefix against hijacking": success(body(lambda given: b")]}',\n" + given)),
        "an error is truncated": error(body(lambda given: given[:-1])),
        "an error is empty": error(body(lambda _: b"")),
        "an error is Latin-1": error(body(lambda given: given.replace(b"Expected", "Erwünscht".encode("latin-1")))),
        "an error holds a field twice": error(body(lambda given: given.replace(b'{"code', b'{"code":"","code'))),
        "a reply holds a field that nobody documented": success(unknown_field),
        "participants hold a field that nobody documented": each_participant(
            lambda participant: participant.update(language="en")
        ),
        "a documented field is not sent": says(lambda _, call: call.pop("summary", None)),
        "a duration is not sent": says(lambda _, call: call.pop("durationMs", None)),
    },
    LINKS: {
        "every job has one id": job_id(lambda _: "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        "every third upload has the id of the first": ids(every_third_id_again),
        "a job and its call have one id": ids(same_id),
        "ids are made of what was uploaded": ids(derived_id),
        "ids are cut": job_id(lambda given: given[:8]),
        "ids are empty": job_id(lambda _: ""),
        "ids count to seven": ids(count_to_seven),
        "a job that was just created is COMPLETED": ids(lambda _, data: data.update(status="COMPLETED")),
        "a job that was just created is IN_PROGRESS": ids(
            lambda _, data: data.update(status="IN_PROGRESS") if "call" in data else None
        ),
        "a job of a test call is COMPLETED": ids(
            lambda exchange, data: (
                data.update(status="COMPLETED") if exchange.request.json.get("isTest") is True else None
            )
        ),
    },
    RECORDS: {
        "INBOUND and OUTBOUND are swapped": text(
            "callDirection", lambda given: "OUTBOUND" if given == "INBOUND" else "INBOUND"
        ),
        "every call is INBOUND": set_field("callDirection", "INBOUND"),
        "every call is real": set_field("isTest", False),
        "every call is a test": set_field("isTest", True),
        "a call is a test unless it says otherwise": says(
            lambda asked, call: call.update(isTest=True) if "isTest" not in asked else None
        ),
        "a reason is in small letters": text("endedReason", str.lower),
        "a reason is trimmed": text("endedReason", str.strip),
        "a reason is cut at 255 characters": text("endedReason", lambda given: given[:255]),
        "a reason is forgotten": text("endedReason", lambda _: None),
        "an empty reason becomes null": text("endedReason", lambda given: given or None),
        "no reason becomes an empty one": set_field("endedReason", "", over=lambda given: given is None),
        "no reason becomes unknown": set_field("endedReason", "unknown", over=lambda given: given is None),
        "a reason loses its NUL": text("endedReason", lambda given: given.replace("\0", "")),
        "a reason loses its line feeds": text("endedReason", lambda given: " ".join(given.split("\n"))),
        "the server's time is told for the caller's": set_field("startedAt", "2025-02-11T01:04:33Z"),
        "a time zone is dropped": text("startedAt", lambda given: re.sub(r"[+-]\d\d:\d\d$", "Z", given)),
        "the sign of an offset is flipped": text(
            "startedAt", lambda given: re.sub(r"([+-])(?=\d\d:\d\d$)", lambda sign: "-+"[sign[1] == "-"], given)
        ),
        "a fraction is cut to whole seconds": text("startedAt", lambda given: re.sub(r"\.\d+", "", given)),
        "a fraction is cut to milliseconds": text("startedAt", lambda given: re.sub(r"(\.\d{3})\d+", r"\1", given)),
        "a fraction is cut to microseconds": text("startedAt", lambda given: re.sub(r"(\.\d{6})\d+", r"\1", given)),
        "a fraction is cut to nanoseconds": text("startedAt", lambda given: re.sub(r"(\.\d{9})\d+", r"\1", given)),
        "a leap second is moved back": text("startedAt", lambda given: given.replace(":60", ":59")),
        "a leap second is moved on": text(
            "startedAt", lambda given: given.replace("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")
        ),
        "an instant is a second late": text("startedAt", moved(lambda given: given + timedelta(seconds=1))),
        "an instant is an hour late in summer": text(
            "startedAt", moved(lambda given: given + timedelta(hours=given.month in (6, 7, 8)))
        ),
        "instants before 1970 become 1970": text(
            "startedAt", lambda given: "1970-01-01T00:00:00Z" if given < "1970" else given
        ),
        "participants are swapped": says(lambda _, call: call["participants"].reverse()),
        "agents are listed first": says(sort_participants),
        "the names of participants are swapped": says(swap_names),
        "the second participant is dropped": says(lambda _, call: call["participants"].pop()),
        "participants that are alike become one": says(merge_participants),
        "a third participant is made up": says(lambda _, call: call["participants"].append({"role": "AGENT"})),
        "no participants are told": set_field("participants", []),
        "every participant is an AGENT": participant_field("role", "AGENT", over=lambda _: True),
        "names are trimmed": participant_text("name", str.strip),
        "names are in small letters": participant_text("name", str.lower),
        "names are in title case": participant_text("name", str.title),
        "names are cut at 255 characters": participant_text("name", lambda given: given[:255]),
        "names are cut at 10,000 characters": participant_text("name", lambda given: given[:10_000]),
        "names lose their astral characters": participant_text(
            "name", lambda given: re.sub("[\U00010000-\U0010ffff]", "?", given)
        ),
        "names are normalised": participant_text("name", lambda given: given.replace("e\u0308", "ë")),
        "names lose their accents": participant_text("name", lambda given: given.replace("ë", "e")),
        "names are escaped for HTML": participant_text(
            "name", lambda given: given.replace("&", "&amp;").replace("<", "&lt;")
        ),
        "a name that is the word null becomes null": participant_text(
            "name", lambda given: None if given == "null" else given
        ),
        "an empty name becomes null": participant_text("name", lambda given: given or None),
        "no name becomes an empty one": participant_field("name", "", over=lambda given: given is None),
        "a name left out becomes an empty one": participant_field("name", "", over=lambda given: given is ...),
        "a name left out is made up": participant_field("name", "Agent Smith", over=lambda given: given is ...),
        "names are not told": drop_participant_field("name"),
        "who spoke first is not told": drop_participant_field("spokeFirst"),
        "who spoke first is null where nobody said": participant_field("spokeFirst", None, over=lambda x: x is ...),
        "nobody spoke first": participant_field("spokeFirst", False, over=lambda given: given is True),
        "telephone numbers lose what is no digit": participant_text(
            "phoneNumber", lambda given: re.sub("[^0-9+]", "", given)
        ),
        "telephone numbers get a plus": participant_text(
            "phoneNumber", lambda given: given if given.startswith("+") else f"+{given}"
        ),
        "telephone numbers are masked": participant_text("phoneNumber", lambda given: given[:-4] + "****"),
        "a telephone number is made up": participant_field(
            "phoneNumber", "+10000000000", over=lambda given: given is None or given is ...
        ),
    },
}


def changes() -> Iterator[ServerChange]:
    """All of them."""
    for hurts, drifts in _CATALOGUE.items():
        for name, bend in drifts.items():
            yield ServerChange(family="server: protocol", name=name, hurts=hurts, bend=bend)


def in_utc(given: str) -> str:
    """The same instant, told in UTC; what Python cannot tell to the digit stays as it is."""
    if re.search(r"\.\d{7}|:60", given):
        return given
    return moved(lambda instant: instant.astimezone(UTC))(given)


def without_nulls(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Leave out what is null."""
    for value in (call, *call["participants"]):
        for name in [name for name, each in value.items() if each is None]:
            del value[name]


def analysed(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Tell what a server may know already."""
    call.update(summary="", endedAt="2025-02-11T02:00:00+01:00", durationMs=1.5, status="ENDED")
    for participant in call["participants"]:
        participant.setdefault("spokeFirst", False)


def with_nulls(_: dict[str, Any], call: dict[str, Any]) -> None:
    """Say null of what was left out, where the contract allows it."""
    for participant in call["participants"]:
        participant.setdefault("name", None)
        participant.setdefault("phoneNumber", None)


# What another server may do without any drift, and no run may take for one.
NO_DRIFTS: dict[str, Bend] = {
    "ids are in capitals": job_id(str.upper),
    "ids of Vapi calls are no UUIDs": ids(
        lambda exchange, data: data.update(callId=f"call_{counted(exchange)}") if "callId" in data else None
    ),
    "instants are told in UTC": text("startedAt", in_utc),
    "a fraction ends in noughts": text("startedAt", lambda given: re.sub(r"(\.\d+)", r"\g<1>000", given)),
    "what is null is left out": says(without_nulls),
    "what was left out is null": says(with_nulls),
    "a call is analysed at once": says(analysed),
    "JSON is indented": success(body(lambda given: json.dumps(json.loads(given), indent=2).encode())),
    "JSON is ASCII": success(body(lambda given: json.dumps(json.loads(given)).encode())),
    "a success says UTF-8": success(header("content-type", "application/json; charset=utf-8")),
    "a success says UTF-8 in quotes": success(header("content-type", 'Application/JSON;charset="UTF-8"')),
    "400 is 422": error(status(422), 400),
    "405 is 404": error(status(404), 405),
    "errors have another shape, all of them": error(error_of({"message": "No.", "statusCode": 400})),
    "405 allows OPTIONS as well": error(header("allow", "OPTIONS,POST"), 405),
    "401 names a realm and an error": error(
        header("www-authenticate", 'Basic realm="a", Bearer realm="roark", error="invalid_token"'), 401
    ),
    "Retry-After is a date": error(header("retry-after", "Wed, 21 Oct 2099 07:28:00 GMT"), 429),
    "replies carry headers of their own": success(header("x-request-id", "req_1")),
}

# For each check of ours, a drift that `st run openapi.yaml -n 100` alone does not see (Schemathesis 4.32.5).
UNSEEN_BY_SCHEMATHESIS = {
    "answers": "bodies of more than 64 KiB are answered too late",
    "chosen_inputs": "URLs with a port are refused",
    "credentials": "a token in double quotes is let in",
    "documented_fields_sent": "a documented field is not sent",
    "documented_success": "200 becomes 202",
    "echo": "names are trimmed",
    "error_headers": "401 without WWW-Authenticate",
    "error_shape": "a 401 has another shape",
    "fresh_ids": "every job has one id",
    "inputs_together": "two participants with one name are refused",
    "media_type": "quotes around a charset are refused",
    "methods": "405 allows what it refuses",
    "new_job_is_pending": "a job that was just created is COMPLETED",
    "no_redirect": "a slash behind the path is redirected",
    "paths": "a path in capitals is accepted",
    "reply_is_json": "a success holds a field twice",
    "request_is_json": "a comment before the JSON is skipped",
    "undocumented_fields": "a reply holds a field that nobody documented",
}
