from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.pipeline import Pipeline
from ...models.problem import Problem
from ...types import Unset


def _get_kwargs(
    pipeline: str,
    *,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["environment"] = environment

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/pipelines/{pipeline}:rollback".format(
            pipeline=quote(str(pipeline), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Pipeline | Problem:
    if response.status_code == 200:
        response_200 = Pipeline.from_dict(response.json())

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
) -> Response[Pipeline | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Pipeline | Problem]:
    """Roll a pipeline back

     Activates the version that was active before the active one; a second time goes forward again.

    Args:
        pipeline (str): Id or name of the pipeline.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Pipeline | Problem]
    """

    kwargs = _get_kwargs(
        pipeline=pipeline,
        environment=environment,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Pipeline | Problem | None:
    """Roll a pipeline back

     Activates the version that was active before the active one; a second time goes forward again.

    Args:
        pipeline (str): Id or name of the pipeline.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Pipeline | Problem
    """

    return sync_detailed(
        pipeline=pipeline,
        client=client,
        environment=environment,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Pipeline | Problem]:
    """Roll a pipeline back

     Activates the version that was active before the active one; a second time goes forward again.

    Args:
        pipeline (str): Id or name of the pipeline.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Pipeline | Problem]
    """

    kwargs = _get_kwargs(
        pipeline=pipeline,
        environment=environment,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pipeline: str,
    *,
    client: AuthenticatedClient,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Pipeline | Problem | None:
    """Roll a pipeline back

     Activates the version that was active before the active one; a second time goes forward again.

    Args:
        pipeline (str): Id or name of the pipeline.
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Pipeline | Problem
    """

    return (
        await asyncio_detailed(
            pipeline=pipeline,
            client=client,
            environment=environment,
            idempotency_key=idempotency_key,
        )
    ).parsed
