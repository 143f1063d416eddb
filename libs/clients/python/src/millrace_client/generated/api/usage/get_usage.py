from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.get_usage_group_by import GetUsageGroupBy
from ...models.problem import Problem
from ...models.usage import Usage
from ...types import Unset
import datetime


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
    group_by: GetUsageGroupBy | Unset = "day",
    environment: str | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_from_: str | Unset
    if isinstance(from_, Unset):
        json_from_ = UNSET
    elif isinstance(from_, datetime.datetime):
        json_from_ = from_.isoformat()
    else:
        json_from_ = from_.isoformat()

    params["from"] = json_from_

    json_to: str | Unset
    if isinstance(to, Unset):
        json_to = UNSET
    elif isinstance(to, datetime.datetime):
        json_to = to.isoformat()
    else:
        json_to = to.isoformat()

    params["to"] = json_to

    json_group_by: str | Unset = UNSET
    if not isinstance(group_by, Unset):
        json_group_by = group_by

    params["groupBy"] = json_group_by

    params["environment"] = environment

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/usage",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | Usage:
    if response.status_code == 200:
        response_200 = Usage.from_dict(response.json())

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
) -> Response[Problem | Usage]:
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
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
    group_by: GetUsageGroupBy | Unset = "day",
    environment: str | Unset = UNSET,
) -> Response[Problem | Usage]:
    """Show usage

     List prices, before discounts and credits. At most 366 days.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        from_ (datetime.date | datetime.datetime | Unset): From this time on; default: the
            beginning of the month (UTC) of `to`.
        to (datetime.date | datetime.datetime | Unset): Before this time; default: now.
        group_by (GetUsageGroupBy | Unset):  Default: 'day'.
        environment (str | Unset): Only this environment (slug); default: all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Usage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        from_=from_,
        to=to,
        group_by=group_by,
        environment=environment,
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
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
    group_by: GetUsageGroupBy | Unset = "day",
    environment: str | Unset = UNSET,
) -> Problem | Usage | None:
    """Show usage

     List prices, before discounts and credits. At most 366 days.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        from_ (datetime.date | datetime.datetime | Unset): From this time on; default: the
            beginning of the month (UTC) of `to`.
        to (datetime.date | datetime.datetime | Unset): Before this time; default: now.
        group_by (GetUsageGroupBy | Unset):  Default: 'day'.
        environment (str | Unset): Only this environment (slug); default: all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Usage
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        from_=from_,
        to=to,
        group_by=group_by,
        environment=environment,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
    group_by: GetUsageGroupBy | Unset = "day",
    environment: str | Unset = UNSET,
) -> Response[Problem | Usage]:
    """Show usage

     List prices, before discounts and credits. At most 366 days.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        from_ (datetime.date | datetime.datetime | Unset): From this time on; default: the
            beginning of the month (UTC) of `to`.
        to (datetime.date | datetime.datetime | Unset): Before this time; default: now.
        group_by (GetUsageGroupBy | Unset):  Default: 'day'.
        environment (str | Unset): Only this environment (slug); default: all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Usage]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        from_=from_,
        to=to,
        group_by=group_by,
        environment=environment,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
    group_by: GetUsageGroupBy | Unset = "day",
    environment: str | Unset = UNSET,
) -> Problem | Usage | None:
    """Show usage

     List prices, before discounts and credits. At most 366 days.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        from_ (datetime.date | datetime.datetime | Unset): From this time on; default: the
            beginning of the month (UTC) of `to`.
        to (datetime.date | datetime.datetime | Unset): Before this time; default: now.
        group_by (GetUsageGroupBy | Unset):  Default: 'day'.
        environment (str | Unset): Only this environment (slug); default: all.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Usage
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            from_=from_,
            to=to,
            group_by=group_by,
            environment=environment,
        )
    ).parsed
