from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response

from ...models.delivery_details import DeliveryDetails
from ...models.problem import Problem


def _get_kwargs(
    delivery: str,
) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/deliveries/{delivery}".format(
            delivery=quote(str(delivery), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeliveryDetails | Problem:
    if response.status_code == 200:
        response_200 = DeliveryDetails.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    response_default = Problem.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DeliveryDetails | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    delivery: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeliveryDetails | Problem]:
    """Show a delivery

     With what is sent and every attempt.

    Args:
        delivery (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryDetails | Problem]
    """

    kwargs = _get_kwargs(
        delivery=delivery,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    delivery: str,
    *,
    client: AuthenticatedClient,
) -> DeliveryDetails | Problem | None:
    """Show a delivery

     With what is sent and every attempt.

    Args:
        delivery (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryDetails | Problem
    """

    return sync_detailed(
        delivery=delivery,
        client=client,
    ).parsed


async def asyncio_detailed(
    delivery: str,
    *,
    client: AuthenticatedClient,
) -> Response[DeliveryDetails | Problem]:
    """Show a delivery

     With what is sent and every attempt.

    Args:
        delivery (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeliveryDetails | Problem]
    """

    kwargs = _get_kwargs(
        delivery=delivery,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    delivery: str,
    *,
    client: AuthenticatedClient,
) -> DeliveryDetails | Problem | None:
    """Show a delivery

     With what is sent and every attempt.

    Args:
        delivery (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeliveryDetails | Problem
    """

    return (
        await asyncio_detailed(
            delivery=delivery,
            client=client,
        )
    ).parsed
