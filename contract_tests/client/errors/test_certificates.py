"""A certificate that does not fit ends a call at the first attempt."""

import ssl
import threading
from collections.abc import Callable, Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import httpx
import pytest
from roark_client import APIError, Delivery

from contract_tests.client.errors.uploads import CERTIFICATE, async_upload, upload


class _Handler(StreamRequestHandler):
    """Shakes hands, as far as the client does."""

    def handle(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server = self.server
        assert isinstance(server, TlsServer)
        server.connections += 1
        try:
            context.wrap_socket(self.connection, server_side=True).recv(65536)
        except OSError:  # the client has left
            return


class TlsServer(ThreadingTCPServer):
    """Speaks TLS as elsewhere.test, and counts."""

    daemon_threads = True
    connections = 0


@pytest.fixture
def tls() -> Iterator[TlsServer]:
    """The server, on a port of its own."""
    with TlsServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def callers(**options: Any) -> Any:
    """By a caller's own httpx client."""
    with httpx.Client() as http_client:
        return upload(http_client=http_client, **options)


@pytest.mark.parametrize("is_trusted", [False, True], ids=["of nobody known", "of another host"])
@pytest.mark.parametrize("call", [upload, async_upload, callers])
def test_certificate_that_does_not_fit_is_met_once(
    call: Callable[..., Any], is_trusted: bool, tls: TlsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate that is not trusted, or is another host's, ends the call at the first attempt."""
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with pytest.raises(APIError, match="certificate verify failed") as raised:
        call(base_url=f"https://127.0.0.1:{tls.server_address[1]}", max_retries=2)
    assert (raised.value.delivery, raised.value.attempts, tls.connections) == (Delivery.NOT_DELIVERED, 1, 1)
    assert not raised.value.is_permanent
