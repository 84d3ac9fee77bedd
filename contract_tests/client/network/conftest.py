"""Loopback servers, met at once and at hardly any cost."""

import ssl

import pytest

from contract_tests.client.network.replies import MAX_BYTES

pytest.register_assert_rewrite("contract_tests.client.network.faults", "contract_tests.client.network.ways")

TLS = ssl.create_default_context()


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of the environment, hardly a pause before a retry, and the certificates of the system read once."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setattr("roark_client.delivery.FIRST_BACKOFF", 0.002)
    monkeypatch.setattr(ssl, "create_default_context", lambda **_: TLS)
    monkeypatch.setattr("roark_client.reply_body.MAX_BYTES", MAX_BYTES)
