from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.ledger_page import LedgerPage
from ...models.problem import Problem
from ...types import Unset
import datetime


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    run: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
) -> dict[str, Any]:
    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    params["run"] = run

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

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/ledger",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LedgerPage | Problem:
    if response.status_code == 200:
        response_200 = LedgerPage.from_dict(response.json())

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
) -> Response[LedgerPage | Problem]:
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
    run: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
) -> Response[LedgerPage | Problem]:
    """List the entries of the ledger

     Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the
    order of its chain, with the hashes, so that it can be verified.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        run (str | Unset): Only entries of this run.
        from_ (datetime.date | datetime.datetime | Unset): Only entries at or after this time.
        to (datetime.date | datetime.datetime | Unset): Only entries before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LedgerPage | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        run=run,
        from_=from_,
        to=to,
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
    run: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
) -> LedgerPage | Problem | None:
    """List the entries of the ledger

     Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the
    order of its chain, with the hashes, so that it can be verified.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        run (str | Unset): Only entries of this run.
        from_ (datetime.date | datetime.datetime | Unset): Only entries at or after this time.
        to (datetime.date | datetime.datetime | Unset): Only entries before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LedgerPage | Problem
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        run=run,
        from_=from_,
        to=to,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    run: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
) -> Response[LedgerPage | Problem]:
    """List the entries of the ledger

     Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the
    order of its chain, with the hashes, so that it can be verified.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        run (str | Unset): Only entries of this run.
        from_ (datetime.date | datetime.datetime | Unset): Only entries at or after this time.
        to (datetime.date | datetime.datetime | Unset): Only entries before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LedgerPage | Problem]
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        run=run,
        from_=from_,
        to=to,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    run: str | Unset = UNSET,
    from_: datetime.date | datetime.datetime | Unset = UNSET,
    to: datetime.date | datetime.datetime | Unset = UNSET,
) -> LedgerPage | Problem | None:
    """List the entries of the ledger

     Newest first. With `Accept: text/csv` and no query: the whole ledger of the organization, in the
    order of its chain, with the hashes, so that it can be verified.

    Args:
        limit (int | Unset): How many items at most, 1 to 200. Default: 50.
        cursor (str | Unset): The `nextCursor` of the page before.
        run (str | Unset): Only entries of this run.
        from_ (datetime.date | datetime.datetime | Unset): Only entries at or after this time.
        to (datetime.date | datetime.datetime | Unset): Only entries before this time.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LedgerPage | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            run=run,
            from_=from_,
            to=to,
        )
    ).parsed
