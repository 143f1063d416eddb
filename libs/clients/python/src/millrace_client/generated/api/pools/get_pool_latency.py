from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.pool_latency import PoolLatency
from ...models.problem import Problem
from ...types import Unset
import datetime


def _get_kwargs(
    pool: str,
    *,
    environment: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    runs: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["environment"] = environment

    json_since: str | Unset = UNSET
    if not isinstance(since, Unset):
        json_since = since.isoformat()
    params["since"] = json_since

    params["runs"] = runs

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/pools/{pool}/latency".format(
            pool=quote(str(pool), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PoolLatency | Problem:
    if response.status_code == 200:
        response_200 = PoolLatency.from_dict(response.json())

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
) -> Response[PoolLatency | Problem]:
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
    environment: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    runs: str | Unset = UNSET,
) -> Response[PoolLatency | Problem]:
    """Show how soon runs begin in a pool

     Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.

    Args:
        pool (str): Id or name.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        since (datetime.datetime | Unset): Runs created from then on; default: an hour ago.
        runs (str | Unset): The newest so many runs of the environment are looked at; default
            1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PoolLatency | Problem]
    """

    kwargs = _get_kwargs(
        pool=pool,
        environment=environment,
        since=since,
        runs=runs,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pool: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    runs: str | Unset = UNSET,
) -> PoolLatency | Problem | None:
    """Show how soon runs begin in a pool

     Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.

    Args:
        pool (str): Id or name.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        since (datetime.datetime | Unset): Runs created from then on; default: an hour ago.
        runs (str | Unset): The newest so many runs of the environment are looked at; default
            1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PoolLatency | Problem
    """

    return sync_detailed(
        pool=pool,
        client=client,
        environment=environment,
        since=since,
        runs=runs,
    ).parsed


async def asyncio_detailed(
    pool: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    runs: str | Unset = UNSET,
) -> Response[PoolLatency | Problem]:
    """Show how soon runs begin in a pool

     Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.

    Args:
        pool (str): Id or name.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        since (datetime.datetime | Unset): Runs created from then on; default: an hour ago.
        runs (str | Unset): The newest so many runs of the environment are looked at; default
            1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PoolLatency | Problem]
    """

    kwargs = _get_kwargs(
        pool=pool,
        environment=environment,
        since=since,
        runs=runs,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pool: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    since: datetime.datetime | Unset = UNSET,
    runs: str | Unset = UNSET,
) -> PoolLatency | Problem | None:
    """Show how soon runs begin in a pool

     Median and 95th percentile from the trigger to the first line of code, as the runs themselves say.

    Args:
        pool (str): Id or name.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        since (datetime.datetime | Unset): Runs created from then on; default: an hour ago.
        runs (str | Unset): The newest so many runs of the environment are looked at; default
            1000.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PoolLatency | Problem
    """

    return (
        await asyncio_detailed(
            pool=pool,
            client=client,
            environment=environment,
            since=since,
            runs=runs,
        )
    ).parsed
