"""What a client lets see, and what it lets nobody set; the same resources each time, which a test may replace."""

import asyncio
import gc
import pickle
import threading
import weakref
from typing import Any
from unittest.mock import create_autospec, patch

import httpx
import pytest
from roark_client import AsyncRoark, Roark, RoarkError, Timeout
from roark_mock import MockServer

from contract_tests.client.samples import REPORT, UPLOAD

TOKEN = "secret-7f3a9c"
URL = "https://api.test"

either_client = pytest.mark.parametrize("kind", [Roark, AsyncRoark])
Kind = type[Roark] | type[AsyncRoark]

OPTIONS: dict[str, Any] = {
    "bearer_token": "other",
    "base_url": "https://other.test",
    "timeout": 3,
    "max_retries": 5,
    "retry_unknown": True,
    "default_headers": {"X-Team": "voice"},
    "default_query": {"team": "voice"},
    "on_drift": print,
    "http_client": None,
}


class TeamRoark(Roark):
    """A subclass of the caller's, with attributes of its own."""

    region = "eu"

    def __init__(self, team: str) -> None:
        super().__init__(bearer_token=TOKEN, base_url=URL)
        self.team = team
        self.region = "us"


def stand_in_for(client: object) -> Any:
    """A client, to which a test does what type checkers do not know."""
    return client


# --- What it lets see -------------------------------------------------------------------------------


@either_client
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, 60),
        ({"timeout": 30}, 30),
        ({"timeout": 2.5}, 2.5),
        ({"timeout": None}, None),
        ({"timeout": Timeout(3)}, Timeout(3)),
        ({"timeout": Timeout(None)}, Timeout(None)),
        ({"timeout": Timeout(10, connect=2, pool=None)}, Timeout(10, connect=2, pool=None)),
    ],
    ids=str,
)
def test_timeout_can_be_given_back(kind: Kind, given: dict[str, Any], shown: object) -> None:
    """`timeout` is what was given, and giving it to the client again, or to another, changes nothing."""
    client = kind(bearer_token=TOKEN, base_url=URL, **given)
    assert client.timeout == shown
    assert client.with_options(timeout=client.timeout).timeout == shown
    assert client.with_options(timeout=7).with_options(timeout=client.timeout).timeout == shown
    assert kind(bearer_token=TOKEN, base_url=URL, timeout=client.timeout).timeout == shown


@either_client
def test_retries_can_be_read(kind: Kind) -> None:
    """`max_retries` is what was given."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    assert (client.max_retries, client.with_options(max_retries=0).max_retries) == (2, 0)


@either_client
def test_token_cannot_be_read(kind: Kind) -> None:
    """Asking for the token is an AttributeError that says why, and no attribute shows it."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    assert not hasattr(client, "bearer_token")
    with pytest.raises(AttributeError, match="shows its token to nobody") as raised:
        getattr(client, "bearer_token")  # noqa: B009 - which type checkers refuse
    assert TOKEN not in f"{raised.value!r} {raised.value}"
    with pytest.raises(AttributeError, match=r"no attribute 'call_analyses'$"):
        getattr(client, "call_analyses")  # noqa: B009 - as above


@either_client
def test_copy_is_with_options(kind: Kind) -> None:
    """`copy` does what `with_options` does, in its words."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    changed = client.copy(max_retries=7)
    assert (type(changed), changed.max_retries, client.max_retries) == (kind, 7, 2)
    with pytest.raises(TypeError, match="timout: expected timeout"):
        client.copy(timout=5)  # type: ignore[call-arg]


def test_closed_client_says_that_it_is() -> None:
    """`is_closed()` says whether calls are refused: the client was closed, by any copy, or the caller's own was."""
    client = Roark(bearer_token=TOKEN, base_url=URL)
    assert not client.is_closed()
    client.with_options(timeout=5).close()
    assert client.is_closed()
    with httpx.Client() as own:
        client = Roark(bearer_token=TOKEN, base_url=URL, http_client=own)
        assert not client.is_closed()
    assert client.is_closed()
    with pytest.raises(RoarkError, match="closed"):
        client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)


def test_closed_asynchronous_client_says_that_it_is() -> None:
    """The same for the asynchronous half, which the end of an event loop does not close."""

    async def call(client: AsyncRoark) -> None:
        await client.integrations.create_vapi_call(vapi_end_of_call_report_payload=REPORT)
        assert not client.is_closed()

    async def call_by_their_own(url: str) -> AsyncRoark:
        async with httpx.AsyncClient() as own:
            client = AsyncRoark(bearer_token=TOKEN, base_url=url, http_client=own)
            await call(client)
        return client

    with MockServer(token=TOKEN) as mock:
        assert asyncio.run(call_by_their_own(mock.url)).is_closed()
        client = AsyncRoark(bearer_token=TOKEN, base_url=mock.url)
        asyncio.run(call(client))
        assert not client.is_closed()
        asyncio.run(client.close())
        assert client.is_closed()


# --- What it lets nobody set ------------------------------------------------------------------------


@either_client
@pytest.mark.parametrize("name", OPTIONS)
def test_option_cannot_be_set(kind: Kind, name: str) -> None:
    """Setting an option of a client, which would change nothing, is an AttributeError that names with_options."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    with pytest.raises(AttributeError, match=rf"{kind.__name__}\.{name} cannot be set.*with_options\({name}=…\)"):
        setattr(client, name, OPTIONS[name])
    assert (client.base_url, client.timeout, client.max_retries) == (URL, 60, 2)


def test_option_of_a_subclass_cannot_be_set() -> None:
    """The same for a subclass, also of an option that no client shows."""
    client = TeamRoark("voice")
    for name in ("max_retries", "default_headers", "bearer_token"):
        with pytest.raises(AttributeError, match=rf"TeamRoark\.{name} cannot be set"):
            setattr(client, name, 5)
    assert TOKEN not in repr(vars(client))


def test_property_of_a_subclass_says_what_it_lacks() -> None:
    """An AttributeError inside a property of a subclass names what is not there, and not the property."""

    class Regional(Roark):
        @property
        def region(self) -> object:
            return self.settings_of_region  # type: ignore[attr-defined]

    with pytest.raises(AttributeError, match="no attribute 'settings_of_region'"):
        _ = Regional(bearer_token=TOKEN, base_url=URL).region


@either_client
@pytest.mark.parametrize("name", ["max_retry", "Timeout", "token", "api_key", "call_analyses"])
def test_slip_of_the_pen_cannot_be_set(kind: Kind, name: str) -> None:
    """Setting what a client does not have is an AttributeError that says what with_options takes."""
    with pytest.raises(AttributeError, match=rf"{kind.__name__}\.{name} would not be read; .*bearer_token, base_url"):
        setattr(kind(bearer_token=TOKEN, base_url=URL), name, 5)


def test_subclass_has_attributes_of_its_own() -> None:
    """A subclass sets what it likes, and its changed copies have it too, with resources of their own."""
    client = TeamRoark("voice")
    integrations = client.integrations
    changed = client.with_options(timeout=5)
    assert (changed.team, changed.region, changed.timeout) == ("voice", "us", 5)
    assert changed.integrations is not integrations
    changed.team = "other"
    assert client.team == "voice"


# --- The same resources -----------------------------------------------------------------------------


@either_client
def test_resource_is_the_same_each_time(kind: Kind) -> None:
    """A client has one object for each resource, and that one for its raw half; a changed copy has others."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    assert client.call_analysis is client.call_analysis
    assert client.call_analysis.with_raw_response is client.call_analysis.with_raw_response
    assert client.with_options().call_analysis is not client.call_analysis


def test_threads_get_the_same_resource() -> None:
    """Threads that ask at once for the first time get the same object."""
    for _ in range(20):
        client = Roark(bearer_token=TOKEN, base_url=URL)
        start, found = threading.Barrier(8), list[object]()

        def ask(client: Roark = client, start: threading.Barrier = start, found: list[object] = found) -> None:
            start.wait()
            found.append(client.call_analysis.with_raw_response)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({id(each) for each in found}) == 1


@either_client
def test_resources_keep_no_client_alive(kind: Kind) -> None:
    """A client that nobody has any more is gone at once, whatever was asked of it: there is no circle to collect."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    use = [client.call_analysis, client.integrations.with_raw_response]
    seen = weakref.ref(client)
    gc.disable()
    try:
        del client
        assert seen() is None
    finally:
        gc.enable()
    assert use


def test_method_can_be_replaced_for_a_test() -> None:
    """`patch.object` on a resource is seen by the code under test, not by the raw half, and undone at the end."""
    with MockServer(token=TOKEN) as mock, Roark(bearer_token=TOKEN, base_url=mock.url) as client:
        with patch.object(client.call_analysis, "create", return_value="fake") as create:
            assert client.call_analysis.create(**UPLOAD) == "fake"
            assert client.call_analysis.with_raw_response.create(**UPLOAD).status_code == 200
            create.assert_called_once_with(**UPLOAD)
        assert client.call_analysis.create(**UPLOAD).data.job_id
        assert len(mock.uploads) == 2


@either_client
@pytest.mark.parametrize("asked_before", [True, False])
def test_resource_can_be_replaced_for_a_test(kind: Kind, asked_before: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A resource, or a method of the client, is replaced on one client alone, and undone at the end."""
    client, other = (stand_in_for(kind(bearer_token=TOKEN, base_url=URL)) for _ in range(2))
    before = client.call_analysis if asked_before else None
    with patch.object(client, "call_analysis", "fake"), patch.object(client, "close", "closed"):
        assert (client.call_analysis, client.close) == ("fake", "closed")
        assert other.call_analysis != "fake"
    assert type(client.call_analysis) is type(other.call_analysis)
    assert before is None or client.call_analysis is before
    with monkeypatch.context() as patched:
        patched.setattr(client.call_analysis, "create", "fake")
        patched.setattr(client, "integrations", "fake")
        assert (client.call_analysis.create, client.integrations) == ("fake", "fake")
    assert callable(client.call_analysis.create)
    assert callable(client.integrations.create_vapi_call)


def test_class_can_be_replaced_for_a_test() -> None:
    """A fake of the whole class, and one of a resource for every client, work as they do with any class."""
    fake = create_autospec(Roark, instance=True)
    fake.call_analysis.create.return_value = "fake"
    assert fake.call_analysis.create(**UPLOAD) == "fake"
    with patch.object(Roark, "call_analysis", "fake"):
        assert stand_in_for(Roark(bearer_token=TOKEN, base_url=URL)).call_analysis == "fake"


@either_client
def test_resources_hold_no_token_that_travels(kind: Kind) -> None:
    """A resource that was asked for shows no token, and is not pickled."""
    client = kind(bearer_token=TOKEN, base_url=URL)
    for each in (client.call_analysis, client.call_analysis.with_raw_response):
        assert TOKEN not in f"{each!r} {vars(each)}"
        with pytest.raises(TypeError):
            pickle.dumps(each)
