"""Create a call analysis job"""

from __future__ import annotations

from ...calls import call as _call
from ...calls import call_async as _call_async
from ...client import AuthenticatedClient
from ...contract import CONTRACT
from ...models.call_analysis_request import CallAnalysisRequest, CallAnalysisRequestDict, CallAnalysisRequestJson
from ...models.call_analysis_response import CallAnalysisResponse
from ...operation import Body, Operation, Success
from ...schema import (
    object_of,
)
from ...types import Response

OPERATION: Operation[CallAnalysisResponse] = Operation(
    contract=CONTRACT,
    label="POST /v1/call-analysis",
    method="POST",
    path="/v1/call-analysis",
    successes=(Success(200, 200, object_of(CallAnalysisResponse)),),
    body=Body(object_of(CallAnalysisRequest)),
)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CallAnalysisRequest | CallAnalysisRequestDict | CallAnalysisRequestJson,
) -> Response[CallAnalysisResponse]:
    """Create a call analysis job

    Uploads one call by the URL of its recording and starts its analysis. The reply comes before the analysis
    is done. There is no idempotency key, and no field that has a call skipped: an upload that is sent twice
    is two calls.

    Args:
        client: where and how it is sent.
        body: Call analysis creation payload

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
    body: CallAnalysisRequest | CallAnalysisRequestDict | CallAnalysisRequestJson,
) -> CallAnalysisResponse:
    """Create a call analysis job

    Uploads one call by the URL of its recording and starts its analysis. The reply comes before the analysis
    is done. There is no idempotency key, and no field that has a call skipped: an upload that is sent twice
    is two calls.

    Args:
        client: where and how it is sent.
        body: Call analysis creation payload

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
    body: CallAnalysisRequest | CallAnalysisRequestDict | CallAnalysisRequestJson,
) -> Response[CallAnalysisResponse]:
    """Create a call analysis job

    Uploads one call by the URL of its recording and starts its analysis. The reply comes before the analysis
    is done. There is no idempotency key, and no field that has a call skipped: an upload that is sent twice
    is two calls.

    Args:
        client: where and how it is sent.
        body: Call analysis creation payload

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
    body: CallAnalysisRequest | CallAnalysisRequestDict | CallAnalysisRequestJson,
) -> CallAnalysisResponse:
    """Create a call analysis job

    Uploads one call by the URL of its recording and starts its analysis. The reply comes before the analysis
    is done. There is no idempotency key, and no field that has a call skipped: an upload that is sent twice
    is two calls.

    Args:
        client: where and how it is sent.
        body: Call analysis creation payload

    Returns:
        what the reply says.

    Raises:
        APIError: the call failed; its `delivery` says what became of it.
        ArgumentTypeError, ArgumentValueError: an argument is not what the contract allows; nothing was sent.
    """
    return (await _call_async(client.connection, OPERATION, {"body": body})).parsed
