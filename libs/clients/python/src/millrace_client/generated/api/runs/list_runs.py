from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.list_runs_state import ListRunsState
from ...models.problem import Problem
from ...models.run_page import RunPage
from ...types import Unset
import datetime


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    pipeline: str | Unset = UNSET,
    state: ListRunsState | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["environment"] = environment

    params["pipeline"] = pipeline

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    json_created_after: str | Unset = UNSET
    if not isinstance(created_after, Unset):
        json_created_after = created_after.isoformat()
    params["createdAfter"] = json_created_after

    json_created_before: str | Unset = UNSET
    if not isinstance(created_before, Unset):
        json_created_before = created_before.isoformat()
    params["createdBefore"] = json_created_before

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RunPage:
    if response.status_code == 200:
        response_200 = RunPage.from_dict(response.json())

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
) -> Response[Problem | RunPage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    pipeline: str | Unset = UNSET,
    state: ListRunsState | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
) -> Response[Problem | RunPage]:
    """List runs

     Newest first.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        pipeline (str | Unset): Id or name of a pipeline.
        state (ListRunsState | Unset):
        created_after (datetime.datetime | Unset):
        created_before (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        environment=environment,
        pipeline=pipeline,
        state=state,
        created_after=created_after,
        created_before=created_before,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    pipeline: str | Unset = UNSET,
    state: ListRunsState | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
) -> Problem | RunPage | None:
    """List runs

     Newest first.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        pipeline (str | Unset): Id or name of a pipeline.
        state (ListRunsState | Unset):
        created_after (datetime.datetime | Unset):
        created_before (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunPage
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        environment=environment,
        pipeline=pipeline,
        state=state,
        created_after=created_after,
        created_before=created_before,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    pipeline: str | Unset = UNSET,
    state: ListRunsState | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
) -> Response[Problem | RunPage]:
    """List runs

     Newest first.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        pipeline (str | Unset): Id or name of a pipeline.
        state (ListRunsState | Unset):
        created_after (datetime.datetime | Unset):
        created_before (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RunPage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        environment=environment,
        pipeline=pipeline,
        state=state,
        created_after=created_after,
        created_before=created_before,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    environment: str | Unset = UNSET,
    pipeline: str | Unset = UNSET,
    state: ListRunsState | Unset = UNSET,
    created_after: datetime.datetime | Unset = UNSET,
    created_before: datetime.datetime | Unset = UNSET,
) -> Problem | RunPage | None:
    """List runs

     Newest first.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        pipeline (str | Unset): Id or name of a pipeline.
        state (ListRunsState | Unset):
        created_after (datetime.datetime | Unset):
        created_before (datetime.datetime | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RunPage
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            environment=environment,
            pipeline=pipeline,
            state=state,
            created_after=created_after,
            created_before=created_before,
        )
    ).parsed
