"""The parts of `Roark`, `AsyncRoark` and their resources that are the same for every contract."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn, ParamSpec, Self, TypeVar, cast

import httpx

from .calls import call, call_async
from .client import refuse_to_pickle
from .connection import (
    URL_VARIABLE,
    Connection,
    Contract,
    Query,
    checked_base_url,
    checked_headers,
    checked_query,
    warn_if_unencrypted,
)
from .drift import DriftEvent, DriftReports
from .errors import ArgumentTypeError, ArgumentValueError, ConfigurationError
from .operation import Operation, Options
from .pool import Pool
from .security import Credential, GivenCredentials, checked_token, credential_of, missing_credential
from .servers import checked_variables, url_of, variables_without_value
from .timeouts import Timeouts
from .types import Response, Unset

T = TypeVar("T")
P = ParamSpec("P")
H = TypeVar("H", httpx.Client, httpx.AsyncClient)


if TYPE_CHECKING:
    made_once = property
else:

    class made_once(property):  # noqa: N801 - as property is written
        """A part that is made when it is first asked for, and is the same from then on. A test may put a fake there."""

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, whole: object, owner: type | None = None) -> object:
            if whole is None:
                return self
            parts = vars(whole)
            if self._name not in parts:
                return parts.setdefault(self._name, self.fget(whole))  # the first, where threads ask at once
            return parts[self._name]

        def __set__(self, whole: object, part: object) -> None:
            vars(whole)[self._name] = part

        def __delete__(self, whole: object) -> None:
            vars(whole).pop(self._name, None)


class Facade(Generic[H]):
    """The options and the care for what is secret, the same for both clients.

    What a contract takes of credentials and of server variables differs, so the constructor and `with_options` are
    generated; what they do is here.
    """

    _contract: ClassVar[Contract]
    _http_client: ClassVar[type[httpx.Client] | type[httpx.AsyncClient]]

    def _set_up(
        self,
        *,
        credentials: Mapping[str, object],
        base_url: str | httpx.URL | None,
        server_variables: Mapping[str, object] | None,
        timeout: float | httpx.Timeout | Unset | None,
        max_retries: int,
        retry_unknown: bool,
        default_headers: Mapping[str, str] | None,
        default_query: Query | None,
        on_drift: Callable[[DriftEvent], None] | None,
        http_client: H | None,
    ) -> None:
        """Make the connection, as the constructor does. `credentials`: by the argument of each of the schemes."""
        self._connection = Connection(
            credentials=self._given_or_of_environment(credentials),
            **self._servers(base_url, server_variables),
            pool=self._pool(http_client),
            headers=default_headers or {},
            query=default_query or {},
            timeouts=Timeouts().changed(timeout),
            max_retries=max_retries,
            retry_unknown=retry_unknown,
            drift=DriftReports(on_drift),
        )
        warn_if_unencrypted(self._connection, 5)

    def _changed(
        self,
        *,
        credentials: Mapping[str, object],
        base_url: str | httpx.URL | None,
        server_variables: Mapping[str, object] | None,
        timeout: float | httpx.Timeout | Unset | None,
        max_retries: int | None,
        retry_unknown: bool | None,
        default_headers: Mapping[str, str] | None,
        default_query: Query | None,
        on_drift: Callable[[DriftEvent], None] | Unset | None,
        http_client: H | None,
    ) -> Self:
        """A copy with other options, as `with_options` makes it."""
        before = self._connection
        changes: dict[str, Any] = {
            "credentials": cast("GivenCredentials", before.credentials).changed(self._given(credentials)),
            "timeouts": before.timeouts.changed(timeout),
            "max_retries": max_retries,
            "retry_unknown": retry_unknown,
            "headers": default_headers and {**before.headers, **checked_headers("default_headers", default_headers)},
            "query": default_query and {**before.query, **checked_query("default_query", default_query)},
            "drift": None if isinstance(on_drift, Unset) else DriftReports(on_drift),
            "pool": None if http_client is None else self._pool(http_client),
        }
        servers = self._changed_servers(base_url, server_variables)
        copy = object.__new__(type(self))
        vars(copy).update(self._own_attributes())
        copy._connection = before.changed(
            **{name: change for name, change in changes.items() if change is not None}, **servers
        )
        if servers:
            warn_if_unencrypted(copy._connection, 5)
        return copy

    def _given(self, values: Mapping[str, object]) -> dict[str, Credential]:
        """The credentials among what was given for each scheme."""
        schemes = {scheme.argument: scheme for scheme in self._contract.schemes}
        return {name: credential_of(schemes[name], value) for name, value in values.items() if value is not None}

    def _given_or_of_environment(self, values: Mapping[str, object]) -> GivenCredentials:
        """The credentials of a new client, those of the environment too. Raises ConfigurationError where all lack."""
        values = dict(values)
        for scheme in self._contract.schemes:
            if values[scheme.argument] is None and scheme.variable:
                values[scheme.argument] = _from_environment(scheme.variable, checked_token)
        if self._contract.required and not any(values.values()):
            raise ConfigurationError(missing_credential(self._contract.schemes, self._contract.required))
        return GivenCredentials(self._given(values))

    def _servers(self, base_url: object, variables: Mapping[str, object] | None) -> dict[str, Any]:
        """Where a new client sends requests. An argument wins over the environment, and that over the contract."""
        if base_url is not None and variables is not None:
            raise ArgumentTypeError("server_variables: expected without base_url=…, which has none")
        chosen = checked_variables(self._contract.servers, variables or {})
        url = base_url if base_url is not None else _from_environment(URL_VARIABLE, checked_base_url)
        if not url:
            return self._servers_of_contract(chosen)
        return {"base_url": _text_of_url(url), "server_variables": None if url is base_url else chosen}

    def _changed_servers(self, base_url: object, variables: Mapping[str, object] | None) -> dict[str, Any]:
        """Where a copy sends requests. Variables are added to those chosen before."""
        before = self._connection
        if base_url is None and variables is None:
            return {}
        if base_url is not None and variables is not None:
            raise ArgumentTypeError("server_variables: expected without base_url=…, which has none")
        if base_url is not None:
            return {"base_url": _text_of_url(base_url), "servers": (), "server_variables": None}
        if before.server_variables is None:
            raise ArgumentTypeError("server_variables: expected without base_url=…, which this client was given")
        chosen = {**before.server_variables, **checked_variables(self._contract.servers, variables or {})}
        return self._servers_of_contract(chosen) if before.servers else {"server_variables": chosen}

    def _servers_of_contract(self, chosen: Mapping[str, str]) -> dict[str, Any]:
        """Where requests go by the contract. Raises ConfigurationError where it names no host at all."""
        urls = tuple(url_of(server, chosen) for server in self._contract.servers)
        first = next(filter(None, urls), None)
        if first is None:
            lacks = variables_without_value(self._contract.servers[0], chosen)
            also = "".join(f"server_variables={{{name!r}: …}} or " for name in lacks)
            raise ConfigurationError(
                f"no server: give {also}base_url=…, or set the environment variable {URL_VARIABLE}"
            )
        return {"base_url": first, "servers": urls, "server_variables": chosen}

    @property
    def base_url(self) -> str:
        """URL of the server."""
        return self._connection.base_url

    @property
    def timeout(self) -> float | httpx.Timeout | None:
        """Seconds for a whole call, or an httpx.Timeout for its phases, or None, as `with_options` takes it."""
        return self._connection.timeouts.as_argument

    @property
    def max_retries(self) -> int:
        """How often a request that certainly was not accepted is sent again."""
        return self._connection.max_retries

    def is_closed(self) -> bool:
        """Whether it was closed, or the httpx client that it was given: no call can be made any more."""
        return self._connection.pool.is_closed()

    if not TYPE_CHECKING:  # which tells of both by itself

        @property
        def bearer_token(self) -> NoReturn:
            """Not to be read, as the vendor's is."""
            raise AttributeError("a client shows its token to nobody; keep it where you have it from")

        def __setattr__(self, name: str, value: object) -> None:
            if not name.startswith("_"):
                _refuse_to_set(type(self), name)
            super().__setattr__(name, value)

    def _own_attributes(self) -> dict[str, object]:
        """The attributes that a subclass has set for itself."""
        return {
            name: value
            for name, value in vars(self).items()
            if name != "_connection" and not isinstance(getattr(type(self), name, None), made_once)
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}(base_url={self.base_url!r})"

    def __reduce__(self) -> NoReturn:
        refuse_to_pickle(self)

    @classmethod
    def _pool(cls, http_client: H | None) -> Pool:
        if http_client is not None and not isinstance(http_client, cls._http_client):
            expected = f"an httpx.{cls._http_client.__name__}"
            raise ArgumentTypeError(
                f"http_client: {cls.__name__} expects {expected}, got a {type(http_client).__name__}"
            )
        if isinstance(http_client, httpx.AsyncClient):
            return Pool(async_client=http_client)
        return Pool(sync_client=http_client)


def _refuse_to_set(kind: type[Facade[Any]], name: str) -> None:
    """Raise AttributeError where nothing would read an attribute: an option of the client, or a slip of the pen.

    A subclass may have attributes of its own, an option's name among them where it declares it, and a test may replace
    what is there.
    """
    options = list(signature(cast("Any", kind).with_options).parameters)[1:]
    if name in options and getattr(kind, name, None) is getattr(Facade, name, None):
        raise AttributeError(f"{kind.__name__}.{name} cannot be set; make a copy: with_options({name}=…)")
    is_generated = "_contract" in vars(kind)
    if is_generated and not hasattr(kind, name):
        raise AttributeError(f"{kind.__name__}.{name} would not be read; with_options(…) takes {', '.join(options)}")


def _text_of_url(url: object) -> str:
    """The text of a URL, of whatever library it is. Raises ArgumentTypeError where it has none."""
    try:
        return str(url)
    except Exception:  # noqa: BLE001 - whatever it is, it is no URL
        raise ArgumentTypeError(f"base_url: expected the URL of a server, got a {type(url).__name__}") from None


def _from_environment(variable: str, check: Callable[[str, str], object]) -> str | None:
    """The text of a variable; None where it is not set or empty. Raises ConfigurationError where it is of no use."""
    text = os.environ.get(variable)
    if not text:
        return None
    try:
        check(text, variable)
    except ArgumentValueError as error:
        raise ConfigurationError(str(error)) from None
    return text


class SyncFacade(Facade[httpx.Client]):
    """A client that waits. A context manager; safe to share between threads."""

    _http_client = httpx.Client

    def close(self) -> None:
        """Close the connections, also those of copies made by `with_options`."""
        self._connection.pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncFacade(Facade[httpx.AsyncClient]):
    """A client for asyncio and trio. An asynchronous context manager; safe to share between tasks."""

    _http_client = httpx.AsyncClient

    async def close(self) -> None:
        """Close the connections, also those of copies made by `with_options`."""
        await self._connection.pool.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class _Resource:
    """The operations of one tag. A raw one gives a `Response` in the place of what that says."""

    def __init__(self, connection: Connection, *, raw: bool = False) -> None:
        self._connection = connection
        self._raw = raw


class SyncResource(_Resource):
    """The operations of one tag."""

    def _call(self, operation: Operation[T], arguments: Mapping[str, Any], options: Options) -> T:
        response = call(self._connection, operation, arguments, options)
        return cast("T", response) if self._raw else response.parsed


class AsyncResource(_Resource):
    """The operations of one tag."""

    async def _call(self, operation: Operation[T], arguments: Mapping[str, Any], options: Options) -> T:
        response = await call_async(self._connection, operation, arguments, options)
        return cast("T", response) if self._raw else response.parsed


def raw(method: Callable[P, T]) -> Callable[P, Response[T]]:
    """A method of a raw resource by the type that it really has."""
    return cast("Callable[P, Response[T]]", method)


def async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[Response[T]]]:
    """A method of a raw resource by the type that it really has."""
    return cast("Callable[P, Awaitable[Response[T]]]", method)
