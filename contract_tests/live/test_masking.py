"""Secrets are masked, however they are written; what else a report says stays."""

import pytest

from contract_tests.drift.masking import Mask
from contract_tests.live.recorder import TOKEN


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer [token]"),
        (f"cut off: {TOKEN[:12]}", "cut off: [token]"),
        ("Bearer another-token", "Bearer [token]"),
        ('"Authorization: Bearer $ROARK_API_BEARER_TOKEN"', '"Authorization: Bearer $ROARK_API_BEARER_TOKEN"'),
        ("see https://a.example/b?c=d, or", "see [URL] or"),
        ('{"url": "wss:\\/\\/a.example\\/b"}', '{"url": "[URL]"}'),
        ("url=https%3A%2F%2Fa.example%2Fb x", "url=[URL] x"),
        ("HTTPSConnectionPool(host='api.roark.ai', port=443)", "HTTPSConnectionPool(host='[URL]', port=443)"),
        ("call +1234567890 now", "call [phone number] now"),
        ("call '+44 20 7946 0958'", "call '[phone number]'"),
        ("(555) 010-9999, 555.010.9999", "[phone number], [phone number]"),
        ("number 5550109999", "number [phone number]"),
        ("at 2025-02-11T01:04:32.737Z", "at 2025-02-11T01:04:32.737Z"),
        ("on 2025-02-11", "on 2025-02-11"),
        ("3c90c3cc-0d44-4b50-8888-8dd25736052a", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
        ("12345678-1234-4234-8234-123456789012", "12345678-1234-4234-8234-123456789012"),
        ("reply#/data/call/participants/0/role", "reply#/data/call/participants/0/role"),
        ("seed 123456, 783 cases in 15.3 s", "seed 123456, 783 cases in 15.3 s"),
    ],
)
def test_secrets_are_masked(text: str, masked: str) -> None:
    """Tokens, phone numbers and URLs are replaced, however they are written; what else a report says stays."""
    assert Mask(TOKEN, "https://api.roark.ai").text(text) == masked


def test_long_token_is_masked() -> None:
    """A token may be as long as a signed one is, and is masked in texts of any length without delay."""
    token = "eyJhbGciOi" * 400
    mask = Mask(token, "https://api.roark.ai")
    assert mask.text(f"say {token} again") == "say [token] again"
    assert mask.text("A" * 1_000_000) == "A" * 1_000_000
    assert mask.value({token: [{"a": f"x {token}"}, 5550109999, None]}) == {
        "[token]": [{"a": "x [token]"}, 5550109999, None]
    }
