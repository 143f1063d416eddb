from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET

from ...models.create_deployment_activate import CreateDeploymentActivate
from ...models.create_deployment_dirty import CreateDeploymentDirty
from ...models.create_deployment_json_body import CreateDeploymentJsonBody
from ...models.deployment import Deployment
from ...models.problem import Problem
from ...types import File
from ...types import Unset


def _get_kwargs(
    *,
    body: File | File | CreateDeploymentJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    activate: CreateDeploymentActivate | Unset = "true",
    message: str | Unset = UNSET,
    repository: str | Unset = UNSET,
    commit: str | Unset = UNSET,
    branch: str | Unset = UNSET,
    commit_message: str | Unset = UNSET,
    dirty: CreateDeploymentDirty | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["environment"] = environment

    json_activate: str | Unset = UNSET
    if not isinstance(activate, Unset):
        json_activate = activate

    params["activate"] = json_activate

    params["message"] = message

    params["repository"] = repository

    params["commit"] = commit

    params["branch"] = branch

    params["commitMessage"] = commit_message

    json_dirty: str | Unset = UNSET
    if not isinstance(dirty, Unset):
        json_dirty = dirty

    params["dirty"] = json_dirty

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/deployments",
        "params": params,
    }

    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/gzip"
    if isinstance(body, File):
        _kwargs["content"] = body.payload
        headers["Content-Type"] = "application/zip"
    if isinstance(body, CreateDeploymentJsonBody):
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

    if response.status_code == 202:
        response_202 = Deployment.from_dict(response.json())

        return response_202

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
) -> Response[Deployment | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | CreateDeploymentJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    activate: CreateDeploymentActivate | Unset = "true",
    message: str | Unset = UNSET,
    repository: str | Unset = UNSET,
    commit: str | Unset = UNSET,
    branch: str | Unset = UNSET,
    commit_message: str | Unset = UNSET,
    dirty: CreateDeploymentDirty | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Push a bundle

     A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}},
    "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202:
    the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        activate (CreateDeploymentActivate | Unset): `false`: make the versions, but leave the
            active ones as they are. Default: 'true'.
        message (str | Unset): What the deployment is about, for people.
        repository (str | Unset): Where the bundle comes from: address of the repository.
        commit (str | Unset): Commit of the bundle.
        branch (str | Unset): Branch of the commit.
        commit_message (str | Unset): Message of the commit.
        dirty (CreateDeploymentDirty | Unset): `true`: the working copy had changes beyond the
            commit.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (CreateDeploymentJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        activate=activate,
        message=message,
        repository=repository,
        commit=commit,
        branch=branch,
        commit_message=commit_message,
        dirty=dirty,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File | File | CreateDeploymentJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    activate: CreateDeploymentActivate | Unset = "true",
    message: str | Unset = UNSET,
    repository: str | Unset = UNSET,
    commit: str | Unset = UNSET,
    branch: str | Unset = UNSET,
    commit_message: str | Unset = UNSET,
    dirty: CreateDeploymentDirty | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Push a bundle

     A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}},
    "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202:
    the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        activate (CreateDeploymentActivate | Unset): `false`: make the versions, but leave the
            active ones as they are. Default: 'true'.
        message (str | Unset): What the deployment is about, for people.
        repository (str | Unset): Where the bundle comes from: address of the repository.
        commit (str | Unset): Commit of the bundle.
        branch (str | Unset): Branch of the commit.
        commit_message (str | Unset): Message of the commit.
        dirty (CreateDeploymentDirty | Unset): `true`: the working copy had changes beyond the
            commit.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (CreateDeploymentJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return sync_detailed(
        client=client,
        body=body,
        environment=environment,
        activate=activate,
        message=message,
        repository=repository,
        commit=commit,
        branch=branch,
        commit_message=commit_message,
        dirty=dirty,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File | File | CreateDeploymentJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    activate: CreateDeploymentActivate | Unset = "true",
    message: str | Unset = UNSET,
    repository: str | Unset = UNSET,
    commit: str | Unset = UNSET,
    branch: str | Unset = UNSET,
    commit_message: str | Unset = UNSET,
    dirty: CreateDeploymentDirty | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Deployment | Problem]:
    """Push a bundle

     A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}},
    "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202:
    the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        activate (CreateDeploymentActivate | Unset): `false`: make the versions, but leave the
            active ones as they are. Default: 'true'.
        message (str | Unset): What the deployment is about, for people.
        repository (str | Unset): Where the bundle comes from: address of the repository.
        commit (str | Unset): Commit of the bundle.
        branch (str | Unset): Branch of the commit.
        commit_message (str | Unset): Message of the commit.
        dirty (CreateDeploymentDirty | Unset): `true`: the working copy had changes beyond the
            commit.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (CreateDeploymentJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deployment | Problem]
    """

    kwargs = _get_kwargs(
        body=body,
        environment=environment,
        activate=activate,
        message=message,
        repository=repository,
        commit=commit,
        branch=branch,
        commit_message=commit_message,
        dirty=dirty,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File | File | CreateDeploymentJsonBody | Unset = UNSET,
    environment: str | Unset = UNSET,
    activate: CreateDeploymentActivate | Unset = "true",
    message: str | Unset = UNSET,
    repository: str | Unset = UNSET,
    commit: str | Unset = UNSET,
    branch: str | Unset = UNSET,
    commit_message: str | Unset = UNSET,
    dirty: CreateDeploymentDirty | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Deployment | Problem | None:
    """Push a bundle

     A tar.gz or zip of pipelines and code, or one JSON document `{"files": {path: text | {"base64": …}},
    "pipelines": […]}`. Everything is checked before anything changes. 201: the versions are there. 202:
    the dependencies are being built; wait with `GET /v1/deployments/{id}?wait=60s`.

    Args:
        environment (str | Unset): Slug of the environment; default: the one of the API key, else
            `production`.
        activate (CreateDeploymentActivate | Unset): `false`: make the versions, but leave the
            active ones as they are. Default: 'true'.
        message (str | Unset): What the deployment is about, for people.
        repository (str | Unset): Where the bundle comes from: address of the repository.
        commit (str | Unset): Commit of the bundle.
        branch (str | Unset): Branch of the commit.
        commit_message (str | Unset): Message of the commit.
        dirty (CreateDeploymentDirty | Unset): `true`: the working copy had changes beyond the
            commit.
        idempotency_key (str | Unset):
        body (File):
        body (File):
        body (CreateDeploymentJsonBody):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deployment | Problem
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            environment=environment,
            activate=activate,
            message=message,
            repository=repository,
            commit=commit,
            branch=branch,
            commit_message=commit_message,
            dirty=dirty,
            idempotency_key=idempotency_key,
        )
    ).parsed
