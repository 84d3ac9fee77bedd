"""What the mock refuses in a body, and how it names the culprit."""

import json

import httpx
import pytest

from contract_tests.mock.documented import ABSENT, CALL_ANALYSIS, PATHS, REPORT, VAPI_CALL, changed
from contract_tests.mock.exchanges import refused


@pytest.mark.parametrize(
    ("path", "pointer", "value"),
    [
        (CALL_ANALYSIS, "", []),
        (CALL_ANALYSIS, "", None),
        (CALL_ANALYSIS, "/recordingUrl", ABSENT),
        (CALL_ANALYSIS, "/recordingUrl", None),
        (CALL_ANALYSIS, "/recordingUrl", 5),
        (CALL_ANALYSIS, "/recordingUrl", "recording.wav"),
        (CALL_ANALYSIS, "/stereoRecordingUrl", "//example.com/recording.wav"),
        (CALL_ANALYSIS, "/startedAt", ABSENT),
        (CALL_ANALYSIS, "/startedAt", None),
        (CALL_ANALYSIS, "/startedAt", 1739235872),
        (CALL_ANALYSIS, "/startedAt", "2025-02-29T00:00:00Z"),
        (CALL_ANALYSIS, "/interfaceType", ABSENT),
        (CALL_ANALYSIS, "/interfaceType", None),
        (CALL_ANALYSIS, "/interfaceType", "phone"),
        (CALL_ANALYSIS, "/callDirection", ABSENT),
        (CALL_ANALYSIS, "/callDirection", ["INBOUND"]),
        (CALL_ANALYSIS, "/callDirection", "INBOUND "),
        (CALL_ANALYSIS, "/participants", ABSENT),
        (CALL_ANALYSIS, "/participants", None),
        (CALL_ANALYSIS, "/participants", {}),
        (CALL_ANALYSIS, "/participants", []),
        (CALL_ANALYSIS, "/participants", [{"role": "AGENT"}]),
        (CALL_ANALYSIS, "/participants", [{"role": "AGENT"}] * 3),
        (CALL_ANALYSIS, "/participants/0", None),
        (CALL_ANALYSIS, "/participants/0/role", ABSENT),
        (CALL_ANALYSIS, "/participants/1/role", "BOT"),
        (CALL_ANALYSIS, "/participants/1/role", None),
        (CALL_ANALYSIS, "/participants/1/name", 5),
        (CALL_ANALYSIS, "/participants/1/phoneNumber", 1234567890),
        (CALL_ANALYSIS, "/participants/0/spokeFirst", 1),
        (CALL_ANALYSIS, "/endedReason", 5),
        (CALL_ANALYSIS, "/isTest", "false"),
        (VAPI_CALL, "", "text"),
        (VAPI_CALL, REPORT, ABSENT),
        (VAPI_CALL, REPORT, None),
        (VAPI_CALL, REPORT, []),
        (VAPI_CALL, f"{REPORT}/type", ABSENT),
        (VAPI_CALL, f"{REPORT}/type", None),
        (VAPI_CALL, f"{REPORT}/call", ABSENT),
        (VAPI_CALL, f"{REPORT}/call", None),
        (VAPI_CALL, f"{REPORT}/call/id", ABSENT),
        (VAPI_CALL, f"{REPORT}/call/id", None),
        (VAPI_CALL, f"{REPORT}/call/id", 5),
        (VAPI_CALL, f"{REPORT}/artifact/messages/1", "text"),
        (VAPI_CALL, "/properties", None),
        (VAPI_CALL, "/properties", []),
    ],
)
def test_what_the_contract_forbids_is_refused_by_pointer(
    client: httpx.Client, path: str, pointer: str, value: object
) -> None:
    """A value that does not fit is refused, named by the JSON pointer to it, or to where it is missing."""
    response = client.post(path, content=json.dumps(changed(path, pointer, value)))
    details = refused(response, 400, "invalid_request")
    assert [problem["path"] for problem in details] == [pointer]


@pytest.mark.parametrize(
    ("pointer", "value", "message"),
    [
        ("/interfaceType", "FAX", "Expected PHONE or WEB, got 'FAX'"),
        ("/interfaceType", 5, "Expected `str`, got `int`"),
        ("/interfaceType", "- at `$.x`", "Expected PHONE or WEB, got '- at `$.x`'"),
        ("/recordingUrl", "x", "Expected a URI with a scheme (RFC 3986), got 'x'"),
        ("/participants/0/role", ABSENT, "Expected the required field `role`, got none"),
        ("/participants", [], "Expected `array` of length 2, got 0"),
    ],
)
def test_a_refusal_says_what_was_expected_and_what_came(
    client: httpx.Client, pointer: str, value: object, message: str
) -> None:
    """The message of a detail names the rule and the offender."""
    details = refused(client.post(CALL_ANALYSIS, json=changed(CALL_ANALYSIS, pointer, value)), 400, "invalid_request")
    assert details == [{"path": pointer, "message": message}]


def test_a_refusal_does_not_repeat_a_huge_value(client: httpx.Client) -> None:
    """What came is quoted in short, however long it is."""
    huge = "x" * 10_000
    for response in (
        client.post(CALL_ANALYSIS, json=changed(CALL_ANALYSIS, "/callDirection", huge)),
        client.post(CALL_ANALYSIS, headers={"Content-Type": huge}),
        client.post(CALL_ANALYSIS, headers={"Prefer": f"code={huge}"}),
        client.post(f"/{huge}"),
    ):
        assert response.is_client_error
        assert len(response.content) < 1000


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b" \n", id="blank"),
        pytest.param(b'{"a":', id="truncated"),
        pytest.param(b"{} {}", id="two values"),
        pytest.param(b"{'a': 1}", id="single quotes"),
        pytest.param(b'{"a": 1,}', id="trailing comma"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": -Infinity}', id="Infinity"),
        pytest.param(b'{"a": 01}', id="leading zero"),
        pytest.param(b'{"a": 1e400}', id="number beyond a double"),
        pytest.param(b'{"a": "\n"}', id="raw control character"),
        pytest.param(b'{"a": "\\x41"}', id="unknown escape"),
        pytest.param(b"\xef\xbb\xbf{}", id="byte order mark"),
        pytest.param("{}".encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"\xff": 1}', id="name not UTF-8"),
        pytest.param(b'{"a": "\xc0\x80"}', id="overlong UTF-8"),
        pytest.param(b'{"a": "\xed\xa0\x80"}', id="surrogate in UTF-8"),
        pytest.param(b'{"a": "\\ud800", "b": NaN}', id="NaN beside half a surrogate pair"),
        pytest.param(b'{"a": "\\ud800", "b": 1e400}', id="number beyond a double beside half a surrogate pair"),
        pytest.param(b'{"a": "\\ud800", "b": "\xed\xa0\x80"}', id="surrogate in UTF-8 beside an escaped one"),
        pytest.param(b'{"a": "\\ud800\xff"}', id="not UTF-8 beside half a surrogate pair"),
        pytest.param(b'\xef\xbb\xbf{"a": "\\ud800"}', id="byte order mark before half a surrogate pair"),
        pytest.param(b'{"a": "\\ud800\\x41"}', id="unknown escape beside half a surrogate pair"),
        pytest.param(b'{"a": "\\ud8"}', id="half an escape of a surrogate"),
        pytest.param('{"a": "\\ud800"}'.encode("utf-16"), id="half a surrogate pair in UTF-16"),
        pytest.param(b'{"\\ud800":' * 100_000 + b"1" + b"}" * 100_000, id="half surrogate pairs nested too deeply"),
        pytest.param(b'{"\\ud800": %b1%b}' % (b"[" * 800, b"]" * 800), id="nested too deeply beside half a pair"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="nested too deeply"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="objects nested too deeply"),
    ],
)
def test_what_is_not_json_is_refused(client: httpx.Client, path: str, body: bytes) -> None:
    """A body that is not JSON in UTF-8 is refused as such, also where only an unknown field is at fault."""
    assert refused(client.post(path, content=body), 400, "invalid_json") == []
