from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.vapi_call_request import VapiCallRequest
from ...models.vapi_call_response import VapiCallResponse
from ...types import Response


def _get_kwargs(
    *,
    body: VapiCallRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/vapi/call",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | VapiCallResponse:
    if response.status_code == 200:
        response_200 = VapiCallResponse.from_dict(response.json())

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
) -> Response[Any | VapiCallResponse]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: VapiCallRequest,
) -> Response[Any | VapiCallResponse]:
    """Send a VAPI call to Roark

     Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
    sent twice is two calls.

    Args:
        body (VapiCallRequest): One Vapi call - its raw report and whatever else the caller wants
            to keep with it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | VapiCallResponse]
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
    body: VapiCallRequest,
) -> Any | VapiCallResponse | None:
    """Send a VAPI call to Roark

     Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
    sent twice is two calls.

    Args:
        body (VapiCallRequest): One Vapi call - its raw report and whatever else the caller wants
            to keep with it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | VapiCallResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: VapiCallRequest,
) -> Response[Any | VapiCallResponse]:
    """Send a VAPI call to Roark

     Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
    sent twice is two calls.

    Args:
        body (VapiCallRequest): One Vapi call - its raw report and whatever else the caller wants
            to keep with it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | VapiCallResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: VapiCallRequest,
) -> Any | VapiCallResponse | None:
    """Send a VAPI call to Roark

     Process and upload a VAPI call to Roark evaluation. There is no idempotency key: an upload that is
    sent twice is two calls.

    Args:
        body (VapiCallRequest): One Vapi call - its raw report and whatever else the caller wants
            to keep with it.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | VapiCallResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
