"""`Prefer: code=…` and `Prefer: delay=…` steer one reply."""

import json
from uuid import UUID

import httpx
import pytest
from roark_mock import MockServer

from contract_tests.mock.documented import DOCUMENTED, PATHS, VAPI_CALL
from contract_tests.mock.exchanges import MAX_BODY, PATIENCE, refused


@pytest.mark.parametrize(
    "status", [300, 302, 400, 401, 403, 404, 405, 408, 409, 413, 418, 422, 429, 499, 500, 502, 503, 520, 599]
)
@pytest.mark.parametrize("path", PATHS)
def test_an_error_can_be_asked_for(client: httpx.Client, path: str, status: int) -> None:
    """`Prefer: code` from 300 on is answered with that status in the shape of every error."""
    response = client.post(path, json=DOCUMENTED[path], headers={"Prefer": f"code={status}"})
    assert refused(response, status, "preferred_status") == []
    assert response.headers["preference-applied"] == f"code={status}"


@pytest.mark.parametrize(
    ("status", "header", "value"),
    [(401, "www-authenticate", "Bearer"), (405, "allow", "POST"), (429, "retry-after", "1"), (503, "retry-after", "1")],
)
def test_an_error_asked_for_has_its_header(client: httpx.Client, status: int, header: str, value: str) -> None:
    """A status that comes with a header comes with it when asked for; 500 has none of them."""
    assert client.post(VAPI_CALL, headers={"Prefer": f"code={status}"}).headers[header] == value
    assert header not in client.post(VAPI_CALL, headers={"Prefer": "code=500"}).headers


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
        (b"{" * (MAX_BODY + 1), "application/json"),
    ],
)
def test_an_error_asked_for_wins_over_the_body(client: httpx.Client, content: bytes, content_type: str) -> None:
    """Whatever is wrong with the body, the error that was asked for comes."""
    response = client.post(VAPI_CALL, content=content, headers={"Prefer": "code=503", "Content-Type": content_type})
    refused(response, 503, "preferred_status")


def test_nothing_can_be_asked_for_without_the_token(server: MockServer) -> None:
    """Preferences are heard after authentication."""
    response = httpx.post(server.url + VAPI_CALL, headers={"Prefer": "code=503"}, trust_env=False)
    refused(response, 401, "unauthorized")
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 299])
def test_another_success_can_be_asked_for(client: httpx.Client, status: int) -> None:
    """A success that is asked for is the usual reply under that status."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": f"code={status}"})
    assert (response.status_code, response.headers["preference-applied"]) == (status, f"code={status}")
    assert UUID(response.json()["data"]["callId"])


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_has_none(client: httpx.Client, status: int) -> None:
    """Statuses that HTTP gives no body have none, and the connection stays usable."""
    for _ in range(2):
        response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": f"code={status}"})
        assert (response.status_code, response.content) == (status, b"")
        assert "content-type" not in response.headers
        assert response.headers.get("content-length") == ("0" if status == 205 else None)


def test_a_success_cannot_be_asked_for_an_invalid_request(client: httpx.Client) -> None:
    """A success that is asked for is not given to what would be refused, nor is it said to be applied."""
    response = client.post(VAPI_CALL, json={}, headers={"Prefer": "code=201"})
    refused(response, 400, "invalid_request")
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize(
    ("headers", "applied"),
    [
        (["code=503"], "code=503"),
        (["CODE = 503"], "code=503"),
        (['code="503"'], "code=503"),
        (["code=503; hard"], "code=503"),
        (["code=503, delay=0.01"], "code=503, delay=0.01"),
        (["delay=0.01", "code=503"], "code=503, delay=0.01"),
        (["respond-async, ,code=503", "wait=10"], "code=503"),
        (["code=503, code=404"], "code=503"),
        (["code=503", "code=abc"], "code=503"),
        (['note="a, code=404", code=503'], "code=503"),
        (['note="\\", code=404", code=503'], "code=503"),
        (["delay=0, code=503"], "code=503, delay=0"),
    ],
)
def test_prefer_is_read_by_its_rfc(client: httpx.Client, headers: list[str], applied: str) -> None:
    """Preferences come in one or several headers, in any case, quoted or with parameters; the first one counts."""
    response = client.post(VAPI_CALL, headers=[("Prefer", value) for value in headers])
    refused(response, 503, "preferred_status")
    assert response.headers["preference-applied"] == applied


@pytest.mark.parametrize(
    "preference",
    [
        "code",
        "code=",
        "code=abc",
        "code=99",
        "code=100",
        "code=199",
        "code=600",
        "code=0503",
        "code=5 0 3",
        "code=50³",
        "code==503",
        'code="503',
        "delay",
        "delay=",
        "delay=-1",
        "delay=+1",
        "delay=soon",
        "delay=1e1",
        "delay=0x1",
        "delay=nan",
        "delay=inf",
        "delay=1_0",
        "delay=1.",
        "delay=60.001",
        "delay=" + "9" * 5000,
    ],
)
def test_a_preference_that_cannot_be_kept_is_refused(client: httpx.Client, preference: str) -> None:
    """A `code` or `delay` that is malformed or out of range is a 400 that names it."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers=[(b"Prefer", preference.encode("latin-1"))])
    assert refused(response, 400, "invalid_preference") == []
    name = preference.partition("=")[0]
    assert f"Expected {name} in Prefer" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "preference", ["respond-async", "wait=10", "dynamic=true", "codes=503", "x-delay=1", "", ",", "="]
)
def test_other_preferences_are_ignored(client: httpx.Client, preference: str) -> None:
    """A preference that the mock does not know changes nothing."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": preference})
    assert response.status_code == 200
    assert "preference-applied" not in response.headers


@pytest.mark.parametrize(
    ("content", "status"),
    [(json.dumps(DOCUMENTED[VAPI_CALL]).encode(), 200), (b"{", 400), (b"{" * (MAX_BODY + 1), 413)],
)
def test_every_reply_can_be_delayed(client: httpx.Client, content: bytes, status: int) -> None:
    """A delay comes before whatever reply is due, and is said to be applied."""
    response = client.post(VAPI_CALL, content=content, headers={"Prefer": "delay=0.05"})
    assert (response.status_code, response.headers["preference-applied"]) == (status, "delay=0.05")


def test_a_delayed_reply_does_not_come_early() -> None:
    """A client that waits less than the delay gives up, while the upload has been accepted and others are served."""
    with MockServer() as server, httpx.Client(base_url=server.url, trust_env=False, timeout=PATIENCE) as client:
        client.headers["Authorization"] = f"Bearer {server.token}"
        with pytest.raises(httpx.ReadTimeout):
            client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Prefer": "delay=60"}, timeout=0.5)
        assert client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL]).status_code == 200
        assert len(server.uploads) == 2
