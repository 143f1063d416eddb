from http import HTTPStatus
from typing import Any, cast
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
    map_index: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["mapIndex"] = map_index

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs/{run}/tasks/{task}/output".format(
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
        response_200 = cast(str, response.json())
        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
    map_index: str | Unset = UNSET,
) -> Response[Problem | str]:
    """Read the output of a task

     The JSON text that the task returned, to the byte. For a mapped task the list of all its instances,
    null where one has none, or one of them with `?mapIndex=`.

    Args:
        run (str):
        task (str):
        map_index (str | Unset): One instance of a mapped task; without it, the list of all.

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
    map_index: str | Unset = UNSET,
) -> Problem | str | None:
    """Read the output of a task

     The JSON text that the task returned, to the byte. For a mapped task the list of all its instances,
    null where one has none, or one of them with `?mapIndex=`.

    Args:
        run (str):
        task (str):
        map_index (str | Unset): One instance of a mapped task; without it, the list of all.

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
    ).parsed


async def asyncio_detailed(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: str | Unset = UNSET,
) -> Response[Problem | str]:
    """Read the output of a task

     The JSON text that the task returned, to the byte. For a mapped task the list of all its instances,
    null where one has none, or one of them with `?mapIndex=`.

    Args:
        run (str):
        task (str):
        map_index (str | Unset): One instance of a mapped task; without it, the list of all.

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
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run: str,
    task: str,
    *,
    client: AuthenticatedClient,
    map_index: str | Unset = UNSET,
) -> Problem | str | None:
    """Read the output of a task

     The JSON text that the task returned, to the byte. For a mapped task the list of all its instances,
    null where one has none, or one of them with `?mapIndex=`.

    Args:
        run (str):
        task (str):
        map_index (str | Unset): One instance of a mapped task; without it, the list of all.

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
        )
    ).parsed
