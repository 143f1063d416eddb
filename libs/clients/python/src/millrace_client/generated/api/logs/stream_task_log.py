from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.problem import Problem
from ...types import Unset


def _get_kwargs(
    run: str,
    task: str,
    *,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["mapIndex"] = map_index

    params["attempt"] = attempt

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs/{run}/tasks/{task}/logs:stream".format(
            run=quote(str(run), safe=""),
            task=quote(str(task), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | str:
    if response.status_code == 200:
        response_200 = response.text
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
) -> Response[Problem | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
) -> Response[Problem | str]:
    """Follow the log of a task

     Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state,
    complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt
    has begun, it waits for one. `Last-Event-ID` goes on after that event.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        run=run,
        task=task,
        map_index=map_index,
        attempt=attempt,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
) -> Problem | str | None:
    """Follow the log of a task

     Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state,
    complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt
    has begun, it waits for one. `Last-Event-ID` goes on after that event.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return sync_detailed(
        run=run,
        task=task,
        client=client,
        map_index=map_index,
        attempt=attempt,
    ).parsed


async def asyncio_detailed(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
) -> Response[Problem | str]:
    """Follow the log of a task

     Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state,
    complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt
    has begun, it waits for one. `Last-Event-ID` goes on after that event.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | str]
    """

    kwargs = _get_kwargs(
        run=run,
        task=task,
        map_index=map_index,
        attempt=attempt,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
) -> Problem | str | None:
    """Follow the log of a task

     Events `line` ({seq, at, stream, text}) and `gap` ({from, to}), then one `end` ({attempt, state,
    complete, incomplete?}) when the attempt has ended and everything has been sent. Where no attempt
    has begun, it waits for one. `Last-Event-ID` goes on after that event.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | str
    """

    return (
        await asyncio_detailed(
            run=run,
            task=task,
            client=client,
            map_index=map_index,
            attempt=attempt,
        )
    ).parsed
