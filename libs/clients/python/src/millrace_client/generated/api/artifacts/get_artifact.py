from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response

from ...models.artifact import Artifact
from ...models.problem import Problem


def _get_kwargs(
    artifact: str,
) -> dict[str, Any]:
    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/artifacts/{artifact}".format(
            artifact=quote(str(artifact), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Artifact | Problem:
    if response.status_code == 200:
        response_200 = Artifact.from_dict(response.json())

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
) -> Response[Artifact | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    artifact: str,
    *,
    client: AuthenticatedClient,
) -> Response[Artifact | Problem]:
    """Show an artifact

    Args:
        artifact (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Artifact | Problem]
    """

    kwargs = _get_kwargs(
        artifact=artifact,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    artifact: str,
    *,
    client: AuthenticatedClient,
) -> Artifact | Problem | None:
    """Show an artifact

    Args:
        artifact (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Artifact | Problem
    """

    return sync_detailed(
        artifact=artifact,
        client=client,
    ).parsed


async def asyncio_detailed(
    artifact: str,
    *,
    client: AuthenticatedClient,
) -> Response[Artifact | Problem]:
    """Show an artifact

    Args:
        artifact (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Artifact | Problem]
    """

    kwargs = _get_kwargs(
        artifact=artifact,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    artifact: str,
    *,
    client: AuthenticatedClient,
) -> Artifact | Problem | None:
    """Show an artifact

    Args:
        artifact (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Artifact | Problem
    """

    return (
        await asyncio_detailed(
            artifact=artifact,
            client=client,
        )
    ).parsed
