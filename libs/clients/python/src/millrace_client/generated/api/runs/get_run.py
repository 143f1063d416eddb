from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.problem import Problem
from ...models.run import Run
from ...types import Unset


def _get_kwargs(
    run: str,
    *,
    wait: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["wait"] = wait

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/runs/{run}".format(
            run=quote(str(run), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Run:
    if response.status_code == 200:
        response_200 = Run.from_dict(response.json())

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
) -> Response[Problem | Run]:
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
    wait: str | Unset = UNSET,
) -> Response[Problem | Run]:
    """Show a run

     With `?wait=30s` the answer comes when the run has ended, or after that time.

    Args:
        run (str):
        wait (str | Unset): Hold the answer until it is final, at most this long: `30s`, `500ms`;
            up to 60s.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Run]
    """

    kwargs = _get_kwargs(
        run=run,
        wait=wait,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run: str,
    *,
    client: AuthenticatedClient,
    wait: str | Unset = UNSET,
) -> Problem | Run | None:
    """Show a run

     With `?wait=30s` the answer comes when the run has ended, or after that time.

    Args:
        run (str):
        wait (str | Unset): Hold the answer until it is final, at most this long: `30s`, `500ms`;
            up to 60s.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Run
    """

    return sync_detailed(
        run=run,
        client=client,
        wait=wait,
    ).parsed


async def asyncio_detailed(
    run: str,
    *,
    client: AuthenticatedClient,
    wait: str | Unset = UNSET,
) -> Response[Problem | Run]:
    """Show a run

     With `?wait=30s` the answer comes when the run has ended, or after that time.

    Args:
        run (str):
        wait (str | Unset): Hold the answer until it is final, at most this long: `30s`, `500ms`;
            up to 60s.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Run]
    """

    kwargs = _get_kwargs(
        run=run,
        wait=wait,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run: str,
    *,
    client: AuthenticatedClient,
    wait: str | Unset = UNSET,
) -> Problem | Run | None:
    """Show a run

     With `?wait=30s` the answer comes when the run has ended, or after that time.

    Args:
        run (str):
        wait (str | Unset): Hold the answer until it is final, at most this long: `30s`, `500ms`;
            up to 60s.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Run
    """

    return (
        await asyncio_detailed(
            run=run,
            client=client,
            wait=wait,
        )
    ).parsed
