from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response

from ...models.mailbox_message import MailboxMessage
from ...models.problem import Problem


def _get_kwargs(
    message: str,
) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/mailbox/{message}".format(
            message=quote(str(message), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MailboxMessage | Problem:
    if response.status_code == 200:
        response_200 = MailboxMessage.from_dict(response.json())

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
) -> Response[MailboxMessage | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    message: str,
    *,
    client: AuthenticatedClient,
) -> Response[MailboxMessage | Problem]:
    """Show a mail to you

    Args:
        message (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MailboxMessage | Problem]
    """

    kwargs = _get_kwargs(
        message=message,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    message: str,
    *,
    client: AuthenticatedClient,
) -> MailboxMessage | Problem | None:
    """Show a mail to you

    Args:
        message (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MailboxMessage | Problem
    """

    return sync_detailed(
        message=message,
        client=client,
    ).parsed


async def asyncio_detailed(
    message: str,
    *,
    client: AuthenticatedClient,
) -> Response[MailboxMessage | Problem]:
    """Show a mail to you

    Args:
        message (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[MailboxMessage | Problem]
    """

    kwargs = _get_kwargs(
        message=message,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    message: str,
    *,
    client: AuthenticatedClient,
) -> MailboxMessage | Problem | None:
    """Show a mail to you

    Args:
        message (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        MailboxMessage | Problem
    """

    return (
        await asyncio_detailed(
            message=message,
            client=client,
        )
    ).parsed
