from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.list_runners_state import ListRunnersState
from ...models.problem import Problem
from ...models.runner_page import RunnerPage
from ...types import Unset


def _get_kwargs(
    pool: str,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    state: ListRunnersState | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["environment"] = environment

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/pools/{pool}/runners".format(
            pool=quote(str(pool), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RunnerPage:
    if response.status_code == 200:
        response_200 = RunnerPage.from_dict(response.json())

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
) -> Response[Problem | RunnerPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    pool: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    state: ListRunnersState | Unset = UNSET,
) -> Response[Problem | RunnerPage]:
    """List the runners of a pool

     Live ones first, then newest first.

    Args:
        pool (str): Id or name.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        state (ListRunnersState | Unset): Only runners in this state.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunnerPage]
    """

    kwargs = _get_kwargs(
        pool=pool,
        limit=limit,
        cursor=cursor,
        environment=environment,
        state=state,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pool: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    state: ListRunnersState | Unset = UNSET,
) -> Problem | RunnerPage | None:
    """List the runners of a pool

     Live ones first, then newest first.

    Args:
        pool (str): Id or name.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        state (ListRunnersState | Unset): Only runners in this state.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunnerPage
    """

    return sync_detailed(
        pool=pool,
        client=client,
        limit=limit,
        cursor=cursor,
        environment=environment,
        state=state,
    ).parsed


async def asyncio_detailed(
    pool: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    state: ListRunnersState | Unset = UNSET,
) -> Response[Problem | RunnerPage]:
    """List the runners of a pool

     Live ones first, then newest first.

    Args:
        pool (str): Id or name.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        state (ListRunnersState | Unset): Only runners in this state.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunnerPage]
    """

    kwargs = _get_kwargs(
        pool=pool,
        limit=limit,
        cursor=cursor,
        environment=environment,
        state=state,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pool: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    state: ListRunnersState | Unset = UNSET,
) -> Problem | RunnerPage | None:
    """List the runners of a pool

     Live ones first, then newest first.

    Args:
        pool (str): Id or name.
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        state (ListRunnersState | Unset): Only runners in this state.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunnerPage
    """

    return (
        await asyncio_detailed(
            pool=pool,
            client=client,
            limit=limit,
            cursor=cursor,
            environment=environment,
            state=state,
        )
    ).parsed
