"""Whatever can be read of an answer is read, and each status ends as the table of deliveries says."""

import gzip
import json
import zlib

import pytest
from roark_client import (
    APIError,
    APIResponseValidationError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    DriftEvent,
    DriftKind,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    UnprocessableEntityError,
)
from roark_client.models import CallAnalysisResponse

from contract_tests.client.network.replies import ACCEPTED, BODY, WHOLE
from contract_tests.client.network.ways import DELIVERED, NOT_DELIVERED, UNKNOWN, Caller, in_facade
from contract_tests.client.samples import UPLOAD_AS_JSON
from contract_tests.client.scripted_server import PATIENCE, Drip, End, Script, ScriptedServer, chunked, head, reply

# --- every status ---------------------------------------------------------------------------------------------------

CLASSES: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


@in_facade
@pytest.mark.parametrize("retry_after", [None, 0.25])
def test_every_status(call: Caller, retry_after: float | None) -> None:
    """Each status from 200 to 599 ends as the table of deliveries says, one request each, on one connection."""
    statuses = range(200, 600)
    asks = () if retry_after is None else (f"Retry-After: {retry_after}",)
    events: list[DriftEvent] = []
    with ScriptedServer(*[(reply(status, BODY, *asks),) for status in statuses]) as server:
        outcomes = call(server.url, len(statuses), max_retries=0, on_drift=events.append)
    assert (len(server.received), server.connections) == (len(statuses), 1)
    for status, outcome in zip(statuses, outcomes, strict=True):
        if 200 <= status < 300 and status != 204:
            assert isinstance(outcome, CallAnalysisResponse), status
            continue
        assert isinstance(outcome, APIError), status
        assert (outcome.status_code, outcome.attempts, outcome.retry_after) == (
            status,
            1,
            None if status == 204 else retry_after,
        )
        expected: type[APIError]
        if status == 204:
            expected, delivery = APIResponseValidationError, DELIVERED
        elif status < 500:
            expected = CLASSES.get(status, APIStatusError)
            delivery = UNKNOWN if status in (303, 408) else NOT_DELIVERED
        else:
            expected, delivery = InternalServerError, UNKNOWN
        assert (type(outcome), outcome.delivery) == (expected, delivery), status
        assert outcome.is_permanent == (status in (400, 413, 415, 422)), status
        assert outcome.body == (None if status in (204, 304) else ACCEPTED)
    assert [(event.kind, event.pointer, event.actual) for event in events] == [(DriftKind.STATUS, "", 201)]


# --- answers that are of use ----------------------------------------------------------------------------------------


def raw_deflate(data: bytes) -> bytes:
    """What some servers take deflate for."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


SUCCESSES: dict[str, Script] = {
    "as documented": (WHOLE,),
    "UTF-16": (reply(200, BODY.decode().encode("utf-16")),),
    "UTF-32 without a mark": (reply(200, BODY.decode().encode("utf-32-le")),),
    "UTF-8 with a mark": (reply(200, b"\xef\xbb\xbf" + BODY),),
    "a charset that does not exist": (reply(200, BODY, "Content-Type: application/json; charset=nonsense"),),
    "gzip": (reply(200, gzip.compress(BODY), "Content-Encoding: gzip"),),
    "gzip, in capitals": (reply(200, gzip.compress(BODY), "Content-Encoding: GZIP"),),
    "gzip with something behind it": (reply(200, gzip.compress(BODY) + b"more", "Content-Encoding: x-gzip"),),
    "gzip, byte by byte": (
        head(200, "Content-Encoding: gzip", "Connection: close"),
        Drip(gzip.compress(BODY), 0),
        End.CLOSE,
    ),
    "deflate": (reply(200, zlib.compress(BODY), "Content-Encoding: deflate"),),
    "deflate without its header": (reply(200, raw_deflate(BODY), "Content-Encoding: deflate"),),
    "deflate without its header, byte by byte": (
        head(200, "Content-Encoding: deflate"),
        Drip(raw_deflate(BODY), 0),
        End.CLOSE,
    ),
    "identity": (reply(200, BODY, "Content-Encoding: identity"),),
    "chunks": (chunked(200, BODY[:7], BODY[7:]),),
    "chunks with extensions and trailers": (
        head(200, "Transfer-Encoding: chunked") + b"%X;a=b\r\n" % len(BODY) + BODY + b"\r\n0\r\nAfter: all\r\n\r\n",
    ),
    "HTTP/1.0, ended by closing": (head(200, version="1.0") + BODY, End.CLOSE),
    "HTTP/1.1, ended by closing": (head(200) + BODY, End.CLOSE),
    "100 Continue first": (head(100), 0.01, WHOLE),
    "103 Early Hints, twice, first": (head(103, "Link: </x>"), head(103), WHOLE),
    "headers twice and oddly written": (
        reply(200, BODY, "Server: a", "server:b", "X-Empty:", "Content-Type:application/json", "X_Odd!#: \t c \t "),
    ),
    "headers that are not ASCII": (reply(200, BODY, "X-Name: Zo\xeb \xff"),),
    "a header folded over lines": (reply(200, BODY, "X-Long: a\r\n b"),),
    "lines that end in LF only": (WHOLE.replace(b"\r\n", b"\n"),),
    "a version that does not exist": (WHOLE.replace(b"HTTP/1.1", b"HTTP/3.0"),),
    "no phrase": (WHOLE.replace(b"200 Phrase", b"200"),),
    "a Location that nobody asked for": (reply(200, BODY, "Location: http://[::garbage"),),
    "a second answer behind the first": (WHOLE + reply(500, b"never asked for"),),
    "in pieces, with pauses": (WHOLE[:9], 0.02, WHOLE[9:60], 0.02, WHOLE[60:-1], 0.02, WHOLE[-1:]),
    "2xx that is not documented": (reply(299, BODY),),
    "JSON that says it is HTML": (reply(200, BODY, "Content-Type: text/html"),),
    "JSON without a media type": (head(200, f"Content-Length: {len(BODY)}"), BODY),
}


@in_facade
@pytest.mark.parametrize("script", SUCCESSES.values(), ids=list(SUCCESSES))
def test_success(call: Caller, script: Script) -> None:
    """Whatever can be read of a 2xx is a success, sent once."""
    with ScriptedServer(script) as server:
        (outcome,) = call(server.url, timeout=PATIENCE)
    assert isinstance(outcome, CallAnalysisResponse), outcome
    assert outcome.to_dict() == ACCEPTED
    assert [each.line for each in server.received] == ["POST /v1/call-analysis HTTP/1.1"]
    assert json.loads(server.received[0].body) == UPLOAD_AS_JSON
