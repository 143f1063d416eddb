from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.bundle_validation import BundleValidation
from ...models.problem import Problem
from ...models.validate_bundle_json_body import ValidateBundleJsonBody
from ...types import File
from ...types import Unset


def _get_kwargs(
    *,
    body: File | File | ValidateBundleJsonBody | Unset = UNSET,
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
        "url": "/v1/deployments:validate",
        "params": params,
    }

    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/gzip"
    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/zip"
    if isinstance(body, ValidateBundleJsonBody):
        _kwargs["json"] = body.to_dict()

        headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BundleValidation | Problem:
    if response.status_code == 200:
        response_200 = BundleValidation.from_dict(response.json())

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
) -> Response[BundleValidation | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | ValidateBundleJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BundleValidation | Problem]:
    """Check a bundle

     The same checks as a deployment, and what it would change in the environment; nothing is written: no
    version, no deployment.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (ValidateBundleJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BundleValidation | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File | File | ValidateBundleJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BundleValidation | Problem | None:
    """Check a bundle

     The same checks as a deployment, and what it would change in the environment; nothing is written: no
    version, no deployment.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (ValidateBundleJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BundleValidation | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        environment=environment,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | ValidateBundleJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[BundleValidation | Problem]:
    """Check a bundle

     The same checks as a deployment, and what it would change in the environment; nothing is written: no
    version, no deployment.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (ValidateBundleJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[BundleValidation | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File | File | ValidateBundleJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> BundleValidation | Problem | None:
    """Check a bundle

     The same checks as a deployment, and what it would change in the environment; nothing is written: no
    version, no deployment.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (ValidateBundleJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        BundleValidation | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            environment=environment,
            idempotency_key=idempotency_key,
        )
    ).parsed
