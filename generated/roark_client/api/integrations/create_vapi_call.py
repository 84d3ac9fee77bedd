"""Send a VAPI call to Roark"""

from __future__ import annotations

from ...calls import call as _call
from ...calls import call_async as _call_async
from ...client import AuthenticatedClient
from ...contract import CONTRACT
from ...models.vapi_call_request import VapiCallRequest, VapiCallRequestDict, VapiCallRequestJson
from ...models.vapi_call_response import VapiCallResponse
from ...operation import Body, Operation, Success
from ...schema import (
    object_of,
)
from ...types import Response

OPERATION: Operation[VapiCallResponse] = Operation(
    contract=CONTRACT,
    label="POST /v1/vapi/call",
    method="POST",
    path="/v1/vapi/call",
    successes=(Success(200, 200, object_of(VapiCallResponse)),),
    body=Body(object_of(VapiCallRequest)),
)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: VapiCallRequest | VapiCallRequestDict | VapiCallRequestJson,
) -> Response[VapiCallResponse]:
    """Send a VAPI call to Roark

    Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is sent
    twice is two calls, unless `skipAlreadyImported` has the second one skipped.

    Args:
        client: where and how it is sent.
        body: Vapi call upload payload

    Returns:
        the reply with its status, headers and body.

    Raises:
        APIError: the call failed; its `delivery` says what became of it.
        ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
    """
    return _call(client.connection, OPERATION, {"body": body})


def sync(
    *,
    client: AuthenticatedClient,
    body: VapiCallRequest | VapiCallRequestDict | VapiCallRequestJson,
) -> VapiCallResponse:
    """Send a VAPI call to Roark

    Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is sent
    twice is two calls, unless `skipAlreadyImported` has the second one skipped.

    Args:
        client: where and how it is sent.
        body: Vapi call upload payload

    Returns:
        what the reply says.

    Raises:
        APIError: the call failed; its `delivery` says what became of it.
        ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
    """
    return _call(client.connection, OPERATION, {"body": body}).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: VapiCallRequest | VapiCallRequestDict | VapiCallRequestJson,
) -> Response[VapiCallResponse]:
    """Send a VAPI call to Roark

    Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is sent
    twice is two calls, unless `skipAlreadyImported` has the second one skipped.

    Args:
        client: where and how it is sent.
        body: Vapi call upload payload

    Returns:
        the reply with its status, headers and body.

    Raises:
        APIError: the call failed; its `delivery` says what became of it.
        ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
    """
    return await _call_async(client.connection, OPERATION, {"body": body})


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: VapiCallRequest | VapiCallRequestDict | VapiCallRequestJson,
) -> VapiCallResponse:
    """Send a VAPI call to Roark

    Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is sent
    twice is two calls, unless `skipAlreadyImported` has the second one skipped.

    Args:
        client: where and how it is sent.
        body: Vapi call upload payload

    Returns:
        what the reply says.

    Raises:
        APIError: the call failed; its `delivery` says what became of it.
        ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
    """
    return (await _call_async(client.connection, OPERATION, {"body": body})).parsed
