from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.deployment_diff import DeploymentDiff
from ...models.diff_deployments_json_body import DiffDeploymentsJsonBody
from ...models.problem import Problem
from ...types import File
from ...types import Unset


def _get_kwargs(
    *,
    body: File | File | DiffDeploymentsJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["environment"] = environment

    params["from"] = from_

    params["to"] = to

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/deployments:diff",
        "params": params,
    }

    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/gzip"
    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/zip"
    if isinstance(body, DiffDeploymentsJsonBody):
        _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DeploymentDiff | Problem:
    if response.status_code == 200:
        response_200 = DeploymentDiff.from_dict(response.json())

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

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    response_default = Problem.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[DeploymentDiff | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | DiffDeploymentsJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[DeploymentDiff | Problem]:
    """Compare deployments, versions, environments or a bundle

     What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline
    by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in
    those pipelines only that the other side has. A bundle needs the scope `deploy`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        from_ (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        to (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (DiffDeploymentsJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentDiff | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        from_=from_,
        to=to,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File | File | DiffDeploymentsJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> DeploymentDiff | Problem | None:
    """Compare deployments, versions, environments or a bundle

     What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline
    by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in
    those pipelines only that the other side has. A bundle needs the scope `deploy`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        from_ (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        to (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (DiffDeploymentsJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentDiff | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        environment=environment,
        from_=from_,
        to=to,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | DiffDeploymentsJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[DeploymentDiff | Problem]:
    """Compare deployments, versions, environments or a bundle

     What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline
    by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in
    those pipelines only that the other side has. A bundle needs the scope `deploy`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        from_ (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        to (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (DiffDeploymentsJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DeploymentDiff | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        from_=from_,
        to=to,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File | File | DiffDeploymentsJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    from_: str | Unset = UNSET,
    to: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> DeploymentDiff | Problem | None:
    """Compare deployments, versions, environments or a bundle

     What differs between `from` (default: the environment) and `to`, or the bundle in the body, pipeline
    by pipeline; nothing is written. A deployment takes nothing away, so an environment is compared in
    those pipelines only that the other side has. A bundle needs the scope `deploy`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        from_ (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        to (str | Unset): Id of a version or of a deployment, or slug of an environment (its
            active versions).
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (DiffDeploymentsJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DeploymentDiff | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            environment=environment,
            from_=from_,
            to=to,
            idempotency_key=idempotency_key,
        )
    ).parsed
