"""Whom the mock lets in."""

import httpx
import pytest
from roark_mock import MockServer, create_app

from contract_tests.mock.documented import DOCUMENTED, PATHS, VAPI_CALL
from contract_tests.mock.exchanges import refused


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Bearer test-toke",
        "Bearer test-token2",
        "Bearer TEST-TOKEN",
        "Bearer test-token test-token",
        "Bearer test-token, Bearer test-token",
        "Bearertest-token",
        "test-token",
        "Basic dGVzdC10b2tlbjo=",
        "Bearer test-token\xe9",
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_who_does_not_know_the_token_is_not_let_in(server: MockServer, path: str, authorization: str | None) -> None:
    """Without `Bearer <token>` every request is a 401 that names the scheme and does not repeat what came."""
    headers = [] if authorization is None else [(b"Authorization", authorization.encode("latin-1"))]
    response = httpx.post(server.url + path, json=DOCUMENTED[path], headers=headers, trust_env=False)
    assert refused(response, 401, "unauthorized") == []
    assert response.headers["www-authenticate"] == "Bearer"
    assert server.token not in response.text


@pytest.mark.parametrize("authorization", ["Bearer test-token", "bearer test-token", "BEARER   test-token"])
def test_the_scheme_is_read_in_any_case(client: httpx.Client, authorization: str) -> None:
    """`Bearer` is a word of HTTP: its case does not matter."""
    response = client.post(VAPI_CALL, json=DOCUMENTED[VAPI_CALL], headers={"Authorization": authorization})
    assert response.status_code == 200


@pytest.mark.parametrize("token", ["", " ", "two words", "line\n", "naïve"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    """A token is made of visible ASCII characters; nothing else can be presented."""
    with pytest.raises(ValueError, match="visible ASCII"):
        create_app(token)
