"""The pool of connections: the httpx clients that requests are sent by, made when needed, and whose they are."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import httpx

from .environment import client_made, tls_context
from .errors import RoarkError


class NoCookies(httpx.Cookies):
    """Keeps none: nothing in the contract asks for cookies, and what a server sets may identify a caller."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep none."""


class _KeepsNoCookies:
    """An httpx client that sends the cookies it is given, and takes none from servers."""

    _given: NoCookies

    if not TYPE_CHECKING:  # which knows the arguments of httpx

        def __init__(self, *, cookies: Any = None, **arguments: Any) -> None:
            super().__init__(**arguments)
            self.cookies = cookies

    @property
    def cookies(self) -> httpx.Cookies:
        return self._given

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._given = NoCookies(cookies)


class DefaultHttpxClient(_KeepsNoCookies, httpx.Client):
    """What `Roark` makes by itself, to be given what httpx.Client takes: proxy, verify, limits, mounts, event_hooks.

    It keeps no cookie that a server sets. As `http_client` it stays yours to close, and its timeout is not used.
    """


class DefaultAsyncHttpxClient(_KeepsNoCookies, httpx.AsyncClient):
    """The same as `DefaultHttpxClient`, for `AsyncRoark`."""


class Pool:
    """The connections of a client and of the copies made from it. A client of the caller's stays the caller's."""

    def __init__(
        self,
        sync_client: httpx.Client | None = None,
        async_client: httpx.AsyncClient | None = None,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        self._sync, self._async = sync_client, async_client
        self._arguments = dict(arguments or {})
        self._has_context = "transport" in self._arguments  # which brings its own
        self.callers_sync, self.callers_async = sync_client, async_client
        self._is_closed = False
        self._lock, self._process = Lock(), os.getpid()
        self._loop: object = None
        self._closer: AsyncGenerator[None, None] | None = None
        self._of_other_process: list[object] = []

    def sync_client(self) -> httpx.Client:
        """The client, made when first needed since its TLS context is costly.

        Raises RoarkError once it is closed, and ConfigurationError where the environment keeps it from working.
        """
        self._notice_fork()
        with self._lock:
            if self._sync is None and not self._is_closed:
                self._sync = client_made(DefaultHttpxClient, self._with_context())
            return cast("httpx.Client", self._open(self._sync))

    def async_client(self) -> httpx.AsyncClient:
        """The client of the asynchronous half, for the event loop that is running."""
        self._notice_fork()
        with self._lock:
            self._notice_loop()
            if self._async is None and not self._is_closed:
                self._async = client_made(DefaultAsyncHttpxClient, self._with_context())
                self._closer = _closer_of(self._async)
            return cast("httpx.AsyncClient", self._open(self._async))

    def leave(self, client: httpx.Client) -> None:
        """Use a client of ours no more: what has broken off a call may have left a lock of it held for ever."""
        with self._lock:
            if self._sync is client and self.callers_sync is None:
                self._sync = None

    def use(self, *, sync_client: httpx.Client | None = None, async_client: httpx.AsyncClient | None = None) -> None:
        """Put a client of the caller's in the place of ours."""
        if sync_client is not None:
            if self._sync is not None and self.callers_sync is None:
                self._sync.close()
            self._sync = self.callers_sync = sync_client
        if async_client is not None:
            self._async = self.callers_async = async_client
            self._closer = None

    def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        self._is_closed = True
        if self._sync is not None and self.callers_sync is None:
            self._sync.close()

    async def aclose(self) -> None:
        """Close those of the asynchronous half. In another event loop than theirs, they are left to that one."""
        self._is_closed = True
        closing, self._closer = self._closer, None
        if closing is not None and self._loop is _running_loop():
            await closing.aclose()

    def is_closed(self) -> bool:
        """Whether no call can be made any more: it was closed, or the caller's own client was."""
        callers = self.callers_sync or self.callers_async
        return self._is_closed or (callers is not None and callers.is_closed)

    def _with_context(self) -> dict[str, Any]:
        """The arguments of a client, with a TLS context that all clients share."""
        if not self._has_context:
            self._arguments["verify"] = tls_context(self._arguments)
            self._arguments.pop("cert", None)
            self._has_context = True
        return self._arguments

    def _notice_fork(self) -> None:
        """Leave the connections to the process that made them: two that share one read each other's replies."""
        if self._process == os.getpid():
            return
        if self.callers_sync is not None or self.callers_async is not None:
            raise RoarkError("http_client was made in another process; make a new one, and a new client with it")
        # Closing them could speak on the other process's connections.
        self._of_other_process += [self._sync, self._async, self._closer, self._loop]
        self._sync = self._async = self._closer = self._loop = None
        self._lock, self._process = Lock(), os.getpid()

    def _notice_loop(self) -> None:
        """Leave the connections of an event loop that has ended. Raises RoarkError where two would share them."""
        if self.callers_async is not None:
            return
        loop = _running_loop()
        if self._loop is not None and self._loop is not loop:
            if not _has_ended(self._loop):
                raise RoarkError("the client is in use by another event loop; make one for each")
            self._async = self._closer = None
        self._loop = loop

    def _open(self, client: httpx.Client | httpx.AsyncClient | None) -> httpx.Client | httpx.AsyncClient:
        if client is None or self._is_closed or client.is_closed:
            raise RoarkError("the client is closed; make a new one")
        return client


def _closer_of(client: httpx.AsyncClient) -> AsyncGenerator[None, None]:
    """A generator whose end closes a client: its event loop ends it, or Python does when nobody has it any more.

    So a client that is used in one `asyncio.run` after another leaves no socket behind.
    """

    async def closing() -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await client.aclose()

    generator = closing()
    with suppress(StopIteration):  # it comes to its yield at once, and the loop knows it from there on
        generator.__anext__().send(None)
    return generator


def _has_ended(loop: object) -> bool:
    """Whether an event loop runs no more. Trio starts a new one only after the last."""
    is_closed = getattr(loop, "is_closed", None)
    return is_closed is None or is_closed()


def _running_loop() -> object:
    """The running event loop, of asyncio or of trio, by an object that no other has."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_run():
        return trio.lowlevel.current_trio_token()
    import asyncio  # here, since only this half needs it, and importing it takes time

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        raise RoarkError("no event loop is running, of asyncio or of trio") from None
