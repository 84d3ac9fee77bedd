"""A wrong argument is told by its name, in the one tree of errors."""

import asyncio
from typing import Any

import pytest
from roark_client import ArgumentTypeError, AsyncRoark, Delivery, Roark, RoarkError, delivery_of

from contract_tests.client.errors.uploads import NOWHERE, TOKEN, send
from contract_tests.client.errors.wrong_arguments import OF_A_CALL, OF_A_CLIENT
from contract_tests.client.samples import UPLOAD


@pytest.mark.parametrize("name", OF_A_CALL)
def test_argument_of_a_call_is_permanent(name: str) -> None:
    """A wrong argument is in the tree, a TypeError or ValueError too, and the very same upload is refused again."""
    call, kind, words = OF_A_CALL[name]
    with Roark(bearer_token=TOKEN, base_url=NOWHERE) as client, pytest.raises(kind) as raised:
        call(client)
    assert words in str(raised.value)
    assert isinstance(raised.value, TypeError if kind is ArgumentTypeError else ValueError)
    assert (raised.value.delivery, raised.value.is_permanent) == (Delivery.NOT_DELIVERED, True)
    assert raised.value.retry_after is None
    assert delivery_of(raised.value) is Delivery.NOT_DELIVERED


def test_no_event_loop() -> None:
    """The asynchronous half says what it lacks where no event loop runs."""
    call = AsyncRoark(bearer_token=TOKEN, base_url=NOWHERE).call_analysis.create(**UPLOAD)
    with pytest.raises(RoarkError, match="no event loop is running"):
        call.send(None)


def test_missing_argument_of_an_asynchronous_call() -> None:
    """The asynchronous half says the same, when it is awaited."""

    async def main() -> None:
        async with AsyncRoark(bearer_token=TOKEN, base_url=NOWHERE) as client:
            await client.call_analysis.create()  # type: ignore[call-arg]

    with pytest.raises(ArgumentTypeError, match=r"^recording_url, started_at, .*: expected, since create requires it$"):
        asyncio.run(main())


def test_type_error_from_within_is_left_alone() -> None:
    """A TypeError of the caller's own code, in the middle of a call, is no wrong argument."""

    class Odd(dict[str, str]):
        def items(self) -> Any:
            raise TypeError("of the caller's own")

    with Roark(bearer_token=TOKEN, base_url=NOWHERE) as client, pytest.raises(TypeError) as raised:
        send(client, extra_headers=Odd({"X": "1"}))
    assert str(raised.value) == "of the caller's own"
    assert not isinstance(raised.value, RoarkError)
    assert delivery_of(raised.value) is Delivery.NOT_DELIVERED


@pytest.mark.parametrize("name", OF_A_CLIENT)
def test_argument_of_a_client_is_mended(name: str) -> None:
    """A wrong argument of a client is in the tree; it is about no upload, so none is given up for it."""
    make, kind, words = OF_A_CLIENT[name]
    with pytest.raises(kind) as raised:
        make()
    assert words in str(raised.value)
    assert (raised.value.delivery, raised.value.is_permanent) == (Delivery.NOT_DELIVERED, False)
