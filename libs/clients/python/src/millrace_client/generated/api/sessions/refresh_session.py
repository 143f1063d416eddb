from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.problem import Problem
from ...models.refresh_token import RefreshToken
from ...models.session import Session
from ...types import Unset


def _get_kwargs(
    *,
    body: RefreshToken,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/token:refresh",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Session:
    if response.status_code == 200:
        response_200 = Session.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    response_default = Problem.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Problem | Session]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RefreshToken,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Session]:
    """Exchange a refresh token for new tokens

     A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a
    body it takes the cookie of the session, and sets the next one; requests of other sites are refused.

    Args:
        idempotency_key (str | Unset):
        body (RefreshToken):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Session]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: RefreshToken,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Session | None:
    """Exchange a refresh token for new tokens

     A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a
    body it takes the cookie of the session, and sets the next one; requests of other sites are refused.

    Args:
        idempotency_key (str | Unset):
        body (RefreshToken):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Session
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: RefreshToken,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Session]:
    """Exchange a refresh token for new tokens

     A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a
    body it takes the cookie of the session, and sets the next one; requests of other sites are refused.

    Args:
        idempotency_key (str | Unset):
        body (RefreshToken):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Session]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: RefreshToken,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Session | None:
    """Exchange a refresh token for new tokens

     A refresh token is good once. When one comes twice, every session of its log-in is ended. Without a
    body it takes the cookie of the session, and sets the next one; requests of other sites are refused.

    Args:
        idempotency_key (str | Unset):
        body (RefreshToken):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Session
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
