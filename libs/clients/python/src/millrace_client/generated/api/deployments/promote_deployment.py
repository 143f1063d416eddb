from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.deployment import Deployment
from ...models.problem import Problem
from ...models.promote_deployment import PromoteDeployment
from ...types import Unset


def _get_kwargs(
    deployment: str,
    *,
    body: PromoteDeployment,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/deployments/{deployment}:promote".format(
            deployment=quote(str(deployment), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Deployment | Problem:
    if response.status_code == 201:
        response_201 = Deployment.from_dict(response.json())

        return response_201

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
) -> Response[Deployment | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: PromoteDeployment,
    idempotency_key: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Deploy to another environment what was deployed here

     The same versions, digest for digest: nothing is compiled or built anew. Refused with everything
    that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify`
    names.

    Args:
        deployment (str):
        idempotency_key (str | Unset):
        body (PromoteDeployment):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: PromoteDeployment,
    idempotency_key: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Deploy to another environment what was deployed here

     The same versions, digest for digest: nothing is compiled or built anew. Refused with everything
    that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify`
    names.

    Args:
        deployment (str):
        idempotency_key (str | Unset):
        body (PromoteDeployment):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return sync_detailed(
        deployment=deployment,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: PromoteDeployment,
    idempotency_key: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Deploy to another environment what was deployed here

     The same versions, digest for digest: nothing is compiled or built anew. Refused with everything
    that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify`
    names.

    Args:
        deployment (str):
        idempotency_key (str | Unset):
        body (PromoteDeployment):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        deployment=deployment,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    deployment: str,
    *,
    client: AuthenticatedClient,
    body: PromoteDeployment,
    idempotency_key: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Deploy to another environment what was deployed here

     The same versions, digest for digest: nothing is compiled or built anew. Refused with everything
    that the other environment lacks: pools, secrets, connections, variables, webhooks that `notify`
    names.

    Args:
        deployment (str):
        idempotency_key (str | Unset):
        body (PromoteDeployment):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return (
        await asyncio_detailed(
            deployment=deployment,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
