from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.cancel_run import CancelRun
from ...models.problem import Problem
from ...models.run import Run
from ...types import Unset


def _get_kwargs(
    run: str,
    *,
    body: CancelRun,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/runs/{run}:cancel".format(
            run=quote(str(run), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
    body: CancelRun,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Run]:
    """Cancel a run

     Running attempts are stopped, all their processes included; what has not begun never will. The run
    is `cancelled` when all of it has stopped; a repeat changes nothing.

    Args:
        run (str):
        idempotency_key (str | Unset):
        body (CancelRun):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Run]
    """

    kwargs = _get_kwargs(
        run=run,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run: str,
    *,
    client: AuthenticatedClient,
    body: CancelRun,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Run | None:
    """Cancel a run

     Running attempts are stopped, all their processes included; what has not begun never will. The run
    is `cancelled` when all of it has stopped; a repeat changes nothing.

    Args:
        run (str):
        idempotency_key (str | Unset):
        body (CancelRun):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | Run
    """

    return sync_detailed(
        run=run,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    run: str,
    *,
    client: AuthenticatedClient,
    body: CancelRun,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | Run]:
    """Cancel a run

     Running attempts are stopped, all their processes included; what has not begun never will. The run
    is `cancelled` when all of it has stopped; a repeat changes nothing.

    Args:
        run (str):
        idempotency_key (str | Unset):
        body (CancelRun):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | Run]
    """

    kwargs = _get_kwargs(
        run=run,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run: str,
    *,
    client: AuthenticatedClient,
    body: CancelRun,
    idempotency_key: str | Unset = UNSET,
) -> Problem | Run | None:
    """Cancel a run

     Running attempts are stopped, all their processes included; what has not begun never will. The run
    is `cancelled` when all of it has stopped; a repeat changes nothing.

    Args:
        run (str):
        idempotency_key (str | Unset):
        body (CancelRun):

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
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
