from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.get_task_log_format import GetTaskLogFormat
from ...models.log_page import LogPage
from ...models.problem import Problem
from ...types import Unset


def _get_kwargs(
    run: str,
    task: str,
    *,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    format_: GetTaskLogFormat | Unset = "json",
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["mapIndex"] = map_index

    params["attempt"] = attempt

    params["limit"] = limit

    params["cursor"] = cursor

    json_format_: str | Unset = UNSET
    if not isinstance(format_, Unset):
        json_format_ = format_

    params["format"] = json_format_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs/{run}/tasks/{task}/logs".format(
            run=quote(str(run), safe=""),
            task=quote(str(task), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LogPage | Problem:
    if response.status_code == 200:
        response_200 = LogPage.from_dict(response.json())

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
) -> Response[LogPage | Problem]:
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
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    format_: GetTaskLogFormat | Unset = "json",
) -> Response[LogPage | Problem]:
    """Read the log of a task

     Of one attempt. Lines that were written and are not there are named as gaps.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.
        limit (int | Unset): How many lines at most, 1 to 5000; default: 1000, and everything as
            text.
        cursor (str | Unset): The `nextCursor` of the page before.
        format_ (GetTaskLogFormat | Unset): `text`: lines to read, gaps named; with `limit`, the
            `Link` header leads to the next page. Default: 'json'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LogPage | Problem]
    """

    kwargs = _get_kwargs(
        run=run,
        task=task,
        map_index=map_index,
        attempt=attempt,
        limit=limit,
        cursor=cursor,
        format_=format_,
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
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    format_: GetTaskLogFormat | Unset = "json",
) -> LogPage | Problem | None:
    """Read the log of a task

     Of one attempt. Lines that were written and are not there are named as gaps.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.
        limit (int | Unset): How many lines at most, 1 to 5000; default: 1000, and everything as
            text.
        cursor (str | Unset): The `nextCursor` of the page before.
        format_ (GetTaskLogFormat | Unset): `text`: lines to read, gaps named; with `limit`, the
            `Link` header leads to the next page. Default: 'json'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LogPage | Problem
    """

    return sync_detailed(
        run=run,
        task=task,
        client=client,
        map_index=map_index,
        attempt=attempt,
        limit=limit,
        cursor=cursor,
        format_=format_,
    ).parsed


async def asyncio_detailed(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: int | Unset = UNSET,
    attempt: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    format_: GetTaskLogFormat | Unset = "json",
) -> Response[LogPage | Problem]:
    """Read the log of a task

     Of one attempt. Lines that were written and are not there are named as gaps.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.
        limit (int | Unset): How many lines at most, 1 to 5000; default: 1000, and everything as
            text.
        cursor (str | Unset): The `nextCursor` of the page before.
        format_ (GetTaskLogFormat | Unset): `text`: lines to read, gaps named; with `limit`, the
            `Link` header leads to the next page. Default: 'json'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LogPage | Problem]
    """

    kwargs = _get_kwargs(
        run=run,
        task=task,
        map_index=map_index,
        attempt=attempt,
        limit=limit,
        cursor=cursor,
        format_=format_,
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
    limit: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    format_: GetTaskLogFormat | Unset = "json",
) -> LogPage | Problem | None:
    """Read the log of a task

     Of one attempt. Lines that were written and are not there are named as gaps.

    Args:
        run (str):
        task (str):
        map_index (int | Unset): Which instance of a mapped task.
        attempt (int | Unset): Number of the attempt (its fence); default: the newest.
        limit (int | Unset): How many lines at most, 1 to 5000; default: 1000, and everything as
            text.
        cursor (str | Unset): The `nextCursor` of the page before.
        format_ (GetTaskLogFormat | Unset): `text`: lines to read, gaps named; with `limit`, the
            `Link` header leads to the next page. Default: 'json'.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LogPage | Problem
    """

    return (
        await asyncio_detailed(
            run=run,
            task=task,
            client=client,
            map_index=map_index,
            attempt=attempt,
            limit=limit,
            cursor=cursor,
            format_=format_,
        )
    ).parsed
