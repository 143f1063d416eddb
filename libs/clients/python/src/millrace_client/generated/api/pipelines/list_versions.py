from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.problem import Problem
from ...models.version_page import VersionPage
from ...types import Unset


def _get_kwargs(
    pipeline: str,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["environment"] = environment

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/pipelines/{pipeline}/versions".format(
            pipeline=quote(str(pipeline), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | VersionPage:
    if response.status_code == 200:
        response_200 = VersionPage.from_dict(response.json())

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
) -> Response[Problem | VersionPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
) -> Response[Problem | VersionPage]:
    """List the versions of a pipeline

     Newest first.

    Args:
        pipeline (str): Id or name of the pipeline.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VersionPage]
    """

    kwargs = _get_kwargs(
        pipeline=pipeline,
        limit=limit,
        cursor=cursor,
        environment=environment,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
) -> Problem | VersionPage | None:
    """List the versions of a pipeline

     Newest first.

    Args:
        pipeline (str): Id or name of the pipeline.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VersionPage
    """

    return sync_detailed(
        pipeline=pipeline,
        client=client,
        limit=limit,
        cursor=cursor,
        environment=environment,
    ).parsed


async def asyncio_detailed(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
) -> Response[Problem | VersionPage]:
    """List the versions of a pipeline

     Newest first.

    Args:
        pipeline (str): Id or name of the pipeline.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | VersionPage]
    """

    kwargs = _get_kwargs(
        pipeline=pipeline,
        limit=limit,
        cursor=cursor,
        environment=environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
) -> Problem | VersionPage | None:
    """List the versions of a pipeline

     Newest first.

    Args:
        pipeline (str): Id or name of the pipeline.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | VersionPage
    """

    return (
        await asyncio_detailed(
            pipeline=pipeline,
            client=client,
            limit=limit,
            cursor=cursor,
            environment=environment,
        )
    ).parsed
