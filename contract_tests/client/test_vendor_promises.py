"""What the vendor's SDK promises on construction, options, raw replies and errors: alike in ours, or different and why.

Each promise is an expression that runs under two releases of the vendor's and under ours. `test_vendor.py` holds whole
calls against each other; here stands what callers lean on beside them. The registry of packages is needed once for each
release; without it these tests are skipped.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from contract_tests.client.recorder import Recorder
from contract_tests.vendor.installed import install, run
from contract_tests.vendor.wheel import PACKAGE

RELEASES = {"1.44.0": "call-analysis", "2.24.1": "vapi-call"}

# `client(…)` is a client of a server whose answer is named, `send(client, …)` an upload, `raw(…)` its raw reply,
# `failure(answer, …)` the error that an answer becomes, `sent(answer, …)` how often the upload went out until then.
SCRIPT = r"""
import importlib
import json
import sys

folder, name, url, operation = sys.argv[1:]
if folder:
    sys.path.insert(0, folder)
import httpx

roark = importlib.import_module(name)
REPORT = {"type": "end-of-call-report", "call": {"id": "call-123"}}
USUAL = {
    "call-analysis": dict(
        call_direction="INBOUND",
        interface_type="PHONE",
        participants=[{"role": "AGENT"}, {"role": "AGENT"}],
        recording_url="https://example.com/recording.wav",
        started_at="2025-02-11T01:04:32.737Z",
    ),
    "vapi-call": dict(vapi_end_of_call_report_payload=REPORT),
}[operation]


def client(answer="200", **more):
    return roark.Roark(**{"bearer_token": "test-token", "base_url": f"{url}/{answer}", "max_retries": 0, **more})


def resource(one):
    return one.call_analysis if operation == "call-analysis" else one.integrations


def method(one):
    return one.create if operation == "call-analysis" else one.create_vapi_call


def send(one, **more):
    return method(resource(one))(**{**USUAL, **more})


def raw(answer="200", **more):
    return method(resource(client(answer)).with_raw_response)(**{**USUAL, **more})


def failure(answer, **more):
    try:
        send(client(answer, **more))
    except roark.RoarkError as error:
        return error


def asked(**more):
    return json.loads(httpx.get(f"{url}/asked").text) if not more else asked_after(lambda: send(client(), **more))


def asked_after(upload):
    before = len(asked())
    try:
        upload()
    except roark.RoarkError:
        pass
    return asked()[before:]


def sent(answer, **more):
    return len(asked_after(lambda: send(client(answer, max_retries=1), **more)))


def told(code):
    try:
        return eval(code)
    except Exception as error:
        known = ("ArgumentTypeError", "ArgumentValueError", "ConfigurationError")
        names = [each.__name__ for each in type(error).__mro__ if each.__name__ not in known]
        return "raises " + next((each for each in ("TypeError", "ValueError") if each in names), names[0])


def set_attribute(one, name, value):
    setattr(one, name, value)
    return getattr(one, name)


print(json.dumps([told(code) for code in json.load(sys.stdin)], default=repr))
"""


class Promise(NamedTuple):
    """What is promised, what shows it, what the vendor's gives, and where ours gives something else on purpose: why."""

    what: str
    code: str
    theirs: Any
    ours: Any = ...
    why: str = ""


TOKEN = "a client shows its token to nobody"
AT_ONCE = "what cannot work is an error at once, not at the first upload"
TWICE = "what may have been accepted is not sent again by itself"
SENT_CHECKED = "what the contract forbids is told before it is sent"

CONSTRUCTION = [
    Promise("no token", "roark.Roark()", "raises RoarkError"),
    Promise("an empty token", "type(client(bearer_token='')).__name__", "Roark", "raises RoarkError", AT_ONCE),
    Promise("a token by place", "roark.Roark('test-token')", "raises TypeError"),
    Promise("an option that is none", "client(retries=2)", "raises TypeError"),
    Promise("no number of retries", "client(max_retries=None)", "raises TypeError"),
    Promise("a negative number of retries", "client(max_retries=-1).max_retries", -1, "raises ValueError", AT_ONCE),
    Promise("the retries of a client", "roark.Roark(bearer_token='x').max_retries", 2),
    Promise(
        "the timeout of a client",
        "str(roark.Roark(bearer_token='x').timeout)",
        "Timeout(connect=5.0, read=60, write=60, pool=60)",
        "60.0",
        "the seconds bound the whole call, of which no phase speaks",
    ),
    Promise("a timeout that is given", "client(timeout=7).timeout", 7),
    Promise("no timeout", "client(timeout=None).timeout", None),
    Promise("the URL of a client", "str(client().base_url).removeprefix(url).rstrip('/')", "/200"),
    Promise("the token of a client", "client().bearer_token", "test-token", "raises AttributeError", TOKEN),
    Promise(
        "a number of retries that is set",
        "set_attribute(client(), 'max_retries', 5)",
        5,
        "raises AttributeError",
        "a client never changes: with_options makes a copy",
    ),
    Promise(
        "a slip of the pen that is set",
        "set_attribute(client(), 'max_retrys', 5)",
        5,
        "raises AttributeError",
        "nothing would read it",
    ),
    Promise("a resource is one object", "(lambda one: resource(one) is resource(one))(client())", True),
    Promise("a client of the wrong kind", "client(http_client=httpx.AsyncClient())", "raises TypeError"),
    Promise(
        "a client of the caller's after close()",
        "(lambda own: (client(http_client=own).close(), own.is_closed))(httpx.Client())[1]",
        True,
        False,
        "who makes it closes it",
    ),
    Promise("closed", "(lambda one: (one.is_closed(), one.close(), one.is_closed()))(client())", [False, None, True]),
    Promise("a default client of httpx", "isinstance(roark.DefaultHttpxClient(), httpx.Client)", True),
    Promise("its redirects", "roark.DefaultHttpxClient().follow_redirects", True, False, "a redirect is an error"),
    Promise("httpx's own timeout", "roark.Timeout is httpx.Timeout", True),
]

OPTIONS = [
    Promise("copy is with_options", "client().copy(max_retries=3).max_retries", 3),
    Promise("a copy leaves the client", "(lambda one: (one.copy(timeout=3), one.timeout))(client(timeout=4))[1]", 4),
    Promise("copies close together", "(lambda one: (one.copy().close(), one.is_closed()))(client())[1]", True),
    Promise(
        "default headers that replace all",
        "type(client().copy(set_default_headers={'X-Team': 'a'})).__name__",
        "Roark",
        "raises TypeError",
        "one way: default_headers are added",
    ),
    Promise("a header of a call", "asked(extra_headers={'X-Team': 'a'})[-1]['headers']['X-Team']", ["a"]),
    Promise(
        "a header by None",
        "asked(extra_headers={'Accept': None})[-1]['headers']['Accept']",
        "raises TypeError",
        None,
        "None leaves it out; the vendor's has Omit() for that",
    ),
    Promise("a query of a call", "asked(extra_query={'a': 1, 'b': True})[-1]['query']", [["a", "1"], ["b", "true"]]),
    Promise(
        "a list in a query",
        "asked(extra_query={'a': [1, 2]})[-1]['query']",
        [["a", "1,2"]],
        [["a", "1"], ["a", "2"]],
        "a list repeats its name, as in httpx and in OpenAPI",
    ),
    Promise("a field of a call", "json.loads(asked(extra_body={'new': 1})[-1]['json'])['new']", 1),
    Promise("an argument that is none", "send(client(), recording='x')", "raises TypeError"),
    Promise("an argument by place", "method(resource(client()))('x')", "raises TypeError"),
    Promise(
        "a timeout that cannot be",
        "send(client(), timeout='x')",
        "raises APIConnectionError",
        "raises TypeError",
        AT_ONCE,
    ),
]

RAW_REPLIES = [
    Promise("the status", "raw().status_code", 200),
    Promise("a header, in any case", "raw().headers['X-ANSWER']", "200"),
    Promise("the body", "hasattr(raw(), 'content')", False, True, "by httpx's name for it; the vendor's has read()"),
    Promise("the JSON value", "sorted(raw().json())", ["data"]),
    Promise("the model", "type(raw().parse()).__name__.endswith('Response')", True),
    Promise("the retries", "raw().retries_taken", 0),
    Promise("the method", "raw().method", "POST"),
    Promise("the path", "raw().url.path.split('/')[1]", "200"),
    Promise("the request", "type(raw().http_request).__name__", "Request"),
    Promise("its body", "json.loads(raw().http_request.content) != {}", True),
    Promise("its token", "raw().http_request.headers['authorization']", "Bearer test-token", "[masked]", TOKEN),
    Promise("the response", "raw().http_response.json() == raw().json()", True),
    Promise("the text", "raw().text() == ''", False, "raises TypeError", "a property, as in httpx"),
    Promise(
        "another type",
        "type(raw().parse(to=str)).__name__",
        "str",
        "raises TypeError",
        "the model is what the contract says",
    ),
    Promise("the seconds it took", "hasattr(raw(), 'elapsed')", True, False, "nobody measures them here"),
    Promise("the version of HTTP", "raw().http_version", "HTTP/1.1", "raises AttributeError", "of no use to a caller"),
    Promise("the body in pieces", "hasattr(raw(), 'iter_bytes')", True, False, "it is there as a whole"),
]

ERRORS = [
    Promise("400", "type(failure('400')).__name__", "BadRequestError"),
    Promise("429", "type(failure('429')).__name__", "RateLimitError"),
    Promise("503", "type(failure('503')).__name__", "InternalServerError"),
    Promise("the status of an error", "failure('422').status_code", 422),
    Promise("its body", "failure('422').body", {"error": {"code": "422"}}),
    Promise("its response", "failure('422').response.status_code", 422),
    Promise("its request", "failure('422').request.method", "POST"),
    Promise(
        "its request's token",
        "failure('422').request.headers['authorization']",
        "Bearer test-token",
        "[masked]",
        TOKEN,
    ),
    Promise("a timeout is a connection's", "issubclass(roark.APITimeoutError, roark.APIConnectionError)", True),
    Promise("what waits too long", "type(failure('silence', timeout=0.2)).__name__", "APITimeoutError"),
    Promise("what is cut off", "type(failure('reset')).__name__", "APIConnectionError"),
    Promise("429 is sent again", "sent('429')", 2),
    Promise("500 is sent again", "sent('500')", 2, 1, TWICE),
    Promise("408 is sent again", "sent('408')", 2, 1, TWICE),
    Promise("409 is sent again", "sent('409')", 2, 1, "the same upload would be refused again"),
    Promise("400 is sent again", "sent('400')", 1),
    Promise(
        "a redirect", "type(failure('307')).__name__", "NoneType", "APIStatusError", "a token goes to no other URL"
    ),
    Promise(
        "a web page for a reply",
        "type(failure('200-html')).__name__",
        "NoneType",
        "APIResponseValidationError",
        "it is no reply of the service",
    ),
    Promise("a number", "send(client(), **{next(iter(USUAL)): 5}) is None", False, "raises TypeError", SENT_CHECKED),
]

PROMISES = [*CONSTRUCTION, *OPTIONS, *RAW_REPLIES, *ERRORS]


@cache
def given(name: str, folder: Path | None, operation: str) -> list[Any]:
    """What each expression gives under one SDK: in a folder of its own, or ours in this environment."""
    with Recorder() as server:
        codes = [promise.code for promise in PROMISES]
        printed = run(SCRIPT, folder, name, server.url, operation, given=codes, timeout=120)
    found: list[Any] = json.loads(printed)
    return found


@pytest.mark.whole_run
@pytest.mark.parametrize("operation", RELEASES.values())
def test_ours_keeps_each_promise_or_says_why_not(operation: str) -> None:
    """What the vendor's promises, ours gives as well, but where the table says what it gives instead, and why."""
    wrong = [
        f"{promise.what}: expected {expected!r}, ours gave {came!r}"
        for promise, came in zip(PROMISES, given("roark_client", None, operation), strict=True)
        if came != (expected := promise.theirs if promise.ours is ... else promise.ours)
    ]
    assert not wrong, "\n".join(wrong)
    assert all(bool(promise.why) is (promise.ours is not ...) for promise in PROMISES)


@pytest.mark.whole_run
@pytest.mark.parametrize("version", RELEASES)
def test_the_table_says_what_the_vendor_promises(version: str) -> None:
    """Each release gives what the table says of it."""
    wrong = [
        f"{promise.what}: expected {promise.theirs!r}, {version} gave {came!r}"
        for promise, came in zip(PROMISES, given(PACKAGE, install(version), RELEASES[version]), strict=True)
        if came != promise.theirs
    ]
    assert not wrong, "\n".join(wrong)
