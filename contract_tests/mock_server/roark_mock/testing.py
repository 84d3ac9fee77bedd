"""The server as a test has it: with clients that are ready for it."""

from typing import TYPE_CHECKING

from roark_mock.ids import Seed
from roark_mock.server import MockServer

if TYPE_CHECKING:  # a client is imported when it is asked for
    from roark_client import AsyncRoark, Roark


class RoarkMock(MockServer):
    """A `MockServer` that also hands out clients, one of each kind for each test."""

    def __init__(self) -> None:
        super().__init__()
        self._client: Roark | None = None
        self._async_client: AsyncRoark | None = None

    @property
    def client(self) -> "Roark":
        """A blocking client of this server."""
        from roark_client import Roark

        if self._client is None:
            self._client = Roark(bearer_token=self.token, base_url=self.url)
        return self._client

    @property
    def async_client(self) -> "AsyncRoark":
        """An asynchronous client of this server, for any event loop: it keeps no connection from call to call."""
        import httpx
        from roark_client import AsyncRoark

        if self._async_client is None:
            transport = httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), trust_env=False)
            self._async_client = AsyncRoark(bearer_token=self.token, base_url=self.url, http_client=transport)
        return self._async_client

    def reset(self, seed: Seed = None) -> None:
        """Be as new: close the clients, hang up on others, forget uploads and faults, begin the ids with `seed`."""
        if self._client is not None:
            self._client.close()
        self._client = self._async_client = None  # the asynchronous one holds no connection
        super().reset(seed)
