from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.list_tasks_state import ListTasksState
from ...models.problem import Problem
from ...models.task_instance_page import TaskInstancePage
from ...types import Unset


def _get_kwargs(
    run: str,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListTasksState | Unset = UNSET,
    task: str | Unset = UNSET,
    from_index: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params["task"] = task

    params["fromIndex"] = from_index

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs/{run}/tasks".format(
            run=quote(str(run), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | TaskInstancePage:
    if response.status_code == 200:
        response_200 = TaskInstancePage.from_dict(response.json())

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
) -> Response[Problem | TaskInstancePage]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    run: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListTasksState | Unset = UNSET,
    task: str | Unset = UNSET,
    from_index: str | Unset = UNSET,
) -> Response[Problem | TaskInstancePage]:
    """List the tasks of a run

     A mapped task is one line with counts; `?task=` gives its instances one by one.

    Args:
        run (str):
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        state (ListTasksState | Unset):
        task (str | Unset): The instances of this task, one by one.
        from_index (str | Unset): With `task`: the instances from this index on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TaskInstancePage]
    """

    kwargs = _get_kwargs(
        run=run,
        limit=limit,
        cursor=cursor,
        state=state,
        task=task,
        from_index=from_index,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListTasksState | Unset = UNSET,
    task: str | Unset = UNSET,
    from_index: str | Unset = UNSET,
) -> Problem | TaskInstancePage | None:
    """List the tasks of a run

     A mapped task is one line with counts; `?task=` gives its instances one by one.

    Args:
        run (str):
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        state (ListTasksState | Unset):
        task (str | Unset): The instances of this task, one by one.
        from_index (str | Unset): With `task`: the instances from this index on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TaskInstancePage
    """

    return sync_detailed(
        run=run,
        client=client,
        limit=limit,
        cursor=cursor,
        state=state,
        task=task,
        from_index=from_index,
    ).parsed


async def asyncio_detailed(
    run: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListTasksState | Unset = UNSET,
    task: str | Unset = UNSET,
    from_index: str | Unset = UNSET,
) -> Response[Problem | TaskInstancePage]:
    """List the tasks of a run

     A mapped task is one line with counts; `?task=` gives its instances one by one.

    Args:
        run (str):
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        state (ListTasksState | Unset):
        task (str | Unset): The instances of this task, one by one.
        from_index (str | Unset): With `task`: the instances from this index on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | TaskInstancePage]
    """

    kwargs = _get_kwargs(
        run=run,
        limit=limit,
        cursor=cursor,
        state=state,
        task=task,
        from_index=from_index,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListTasksState | Unset = UNSET,
    task: str | Unset = UNSET,
    from_index: str | Unset = UNSET,
) -> Problem | TaskInstancePage | None:
    """List the tasks of a run

     A mapped task is one line with counts; `?task=` gives its instances one by one.

    Args:
        run (str):
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        state (ListTasksState | Unset):
        task (str | Unset): The instances of this task, one by one.
        from_index (str | Unset): With `task`: the instances from this index on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | TaskInstancePage
    """

    return (
        await asyncio_detailed(
            run=run,
            client=client,
            limit=limit,
            cursor=cursor,
            state=state,
            task=task,
            from_index=from_index,
        )
    ).parsed
