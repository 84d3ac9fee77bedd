"""What the mock accepts: whatever the contract allows, and no null where it names none."""

import httpx
import pytest

from contract_tests.mock.documented import ABSENT, CALL_ANALYSIS, REPORT, VAPI_CALL, changed
from contract_tests.mock.exchanges import refused


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (CALL_ANALYSIS, "/newField"),
        (CALL_ANALYSIS, "/participants/1/newField"),
        (VAPI_CALL, "/newField"),
        (VAPI_CALL, f"{REPORT}/newField"),
        (VAPI_CALL, f"{REPORT}/call/newField"),
        (VAPI_CALL, f"{REPORT}/call/monitor/newField"),
        (VAPI_CALL, f"{REPORT}/assistant/newField"),
        (VAPI_CALL, f"{REPORT}/customer/newField"),
        (VAPI_CALL, f"{REPORT}/phoneNumber/newField"),
        (VAPI_CALL, f"{REPORT}/artifact/newField"),
        (VAPI_CALL, f"{REPORT}/artifact/messages/2/newField"),
        (VAPI_CALL, "/properties/newField"),
    ],
)
def test_unknown_fields_are_accepted_and_kept_to_itself(client: httpx.Client, path: str, pointer: str) -> None:
    """Every object is open: a field that nobody documented is accepted, and does not appear in the reply."""
    response = client.post(path, json=changed(path, pointer, {"of": ["any", "kind", None, 1.5]}))
    assert response.status_code == 200
    assert "newField" not in response.text


@pytest.mark.parametrize("pointer", ["/stereoRecordingUrl", "/endedReason", "/isTest", "/participants/0/spokeFirst"])
@pytest.mark.parametrize("path", [CALL_ANALYSIS])
def test_null_is_refused_where_the_contract_does_not_name_it(client: httpx.Client, path: str, pointer: str) -> None:
    """An optional field may be absent, which does not mean that it may be null."""
    details = refused(client.post(path, json=changed(path, pointer, None)), 400, "invalid_request")
    assert [problem["path"] for problem in details] == [pointer]


NULLABLE_IN_THE_REPORT = [
    "/status",
    "/assistant",
    "/assistant/name",
    "/customer",
    "/customer/number",
    "/phoneNumber",
    "/phoneNumber/number",
    "/artifact",
    "/artifact/recordingUrl",
    "/artifact/stereoRecordingUrl",
    "/artifact/messages",
    "/artifact/messages/0/role",
    "/artifact/messages/0/content",
    "/startedAt",
    "/endedAt",
    "/endedReason",
    "/call/type",
    "/call/monitor",
    "/call/monitor/listenUrl",
]


@pytest.mark.parametrize("pointer", NULLABLE_IN_THE_REPORT)
def test_a_vapi_report_may_lack_what_the_sample_has(client: httpx.Client, pointer: str) -> None:
    """What the report holds may be absent or null, but for `type` and `call.id`; else it has the documented type."""
    assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, ABSENT)).status_code == 200
    assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, None)).status_code == 200
    details = refused(client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, 5)), 400, "invalid_request")
    assert [problem["path"] for problem in details] == [REPORT + pointer]


UNTYPED_IN_THE_REPORT = [
    "/analysis",
    "/costs",
    "/transcript",
    "/durationSeconds",
    "/call/orgId",
    "/artifact/recording",
    "/artifact/messages/0/message",
    "/artifact/messages/0/time",
    "/artifact/messages/0/endTime",
    "/artifact/messages/0/secondsFromStart",
    "/artifact/messages/0/toolCalls",
    "/artifact/messages/0/result",
]


@pytest.mark.parametrize("pointer", UNTYPED_IN_THE_REPORT)
def test_a_field_without_a_type_holds_any_json(client: httpx.Client, pointer: str) -> None:
    """Where the contract states no type, every JSON value is accepted."""
    values: list[object] = [None, True, 0, -1.5, 10**30, "", [], [{}], {"a": [None]}]
    for value in values:
        assert client.post(VAPI_CALL, json=changed(VAPI_CALL, REPORT + pointer, value)).status_code == 200


@pytest.mark.parametrize(
    ("path", "pointer", "value"),
    [
        (CALL_ANALYSIS, "/interfaceType", "WEB"),
        (CALL_ANALYSIS, "/recordingUrl", "s3:bucket/key?signature=a%2Fb#part"),
        (CALL_ANALYSIS, "/recordingUrl", "https://example.com/" + "a" * 100_000),
        (CALL_ANALYSIS, "/stereoRecordingUrl", "wss://[::1]:99999/"),
        (VAPI_CALL, f"{REPORT}/type", ""),
        (VAPI_CALL, f"{REPORT}/call/id", ""),
        (VAPI_CALL, f"{REPORT}/startedAt", "yesterday"),
        (VAPI_CALL, f"{REPORT}/endedReason", "no-such-reason"),
        (VAPI_CALL, f"{REPORT}/call/type", "vapi.websocketCall"),
        (VAPI_CALL, f"{REPORT}/call/monitor/listenUrl", "not a URL"),
        (VAPI_CALL, f"{REPORT}/artifact/messages", []),
        (VAPI_CALL, "/properties", {}),
        (VAPI_CALL, "/properties", {"": [{"any": None}], "a/b~c": 10**30}),
        (VAPI_CALL, "/properties", ABSENT),
    ],
)
def test_what_the_contract_allows_is_accepted(client: httpx.Client, path: str, pointer: str, value: object) -> None:
    """A value that is unusual but allowed is accepted."""
    assert client.post(path, json=changed(path, pointer, value)).status_code == 200
