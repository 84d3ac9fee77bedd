from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.call_analysis_request import CallAnalysisRequest
from ...models.call_analysis_response import CallAnalysisResponse
from ...types import Response


def _get_kwargs(
    *,
    body: CallAnalysisRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/call-analysis",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | CallAnalysisResponse:
    if response.status_code == 200:
        response_200 = CallAnalysisResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = response.json()
        return response_400

    if response.status_code == 401:
        response_401 = response.json()
        return response_401

    if response.status_code == 429:
        response_429 = response.json()
        return response_429

    if 400 <= response.status_code <= 499:
        response_4xx = response.json()
        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = response.json()
        return response_5xx

    response_default = response.json()
    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | CallAnalysisResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CallAnalysisRequest,
) -> Response[Any | CallAnalysisResponse]:
    """Create a call analysis job

     Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
    analysis is done. There is no idempotency key: an upload that is sent twice is two calls.

    Args:
        body (CallAnalysisRequest): One call to analyse - where its recording lies, when it began
            and who spoke.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CallAnalysisResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: CallAnalysisRequest,
) -> Any | CallAnalysisResponse | None:
    """Create a call analysis job

     Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
    analysis is done. There is no idempotency key: an upload that is sent twice is two calls.

    Args:
        body (CallAnalysisRequest): One call to analyse - where its recording lies, when it began
            and who spoke.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CallAnalysisResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: CallAnalysisRequest,
) -> Response[Any | CallAnalysisResponse]:
    """Create a call analysis job

     Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
    analysis is done. There is no idempotency key: an upload that is sent twice is two calls.

    Args:
        body (CallAnalysisRequest): One call to analyse - where its recording lies, when it began
            and who spoke.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | CallAnalysisResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: CallAnalysisRequest,
) -> Any | CallAnalysisResponse | None:
    """Create a call analysis job

     Uploads one call by the URL of its recording and starts its analysis. The reply comes before the
    analysis is done. There is no idempotency key: an upload that is sent twice is two calls.

    Args:
        body (CallAnalysisRequest): One call to analyse - where its recording lies, when it began
            and who spoke.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | CallAnalysisResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
