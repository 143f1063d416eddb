"""The client that the generated functions take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar, overload

import httpx

from .generated.client import AuthenticatedClient, Client
from .generated.models.problem import Problem
from .generated.types import UNSET, Unset
from .transport import AsyncRepeatingTransport, RepeatingTransport

T = TypeVar("T")

# Answers may be waited for up to a minute (``wait=60s``).
_TIMEOUT = httpx.Timeout(90.0, connect=10.0)


@overload
def connect(base_url: str, api_key: str, *, patience: float = 30.0) -> AuthenticatedClient: ...


@overload
def connect(base_url: str, api_key: None = None, *, patience: float = 30.0) -> Client: ...


def connect(base_url: str, api_key: str | None = None, *, patience: float = 30.0) -> AuthenticatedClient | Client:
    """A client for a platform.

    :param base_url: for example ``https://millrace.example.com``
    :param api_key: API key or access token; without one only signing up and logging in are possible
    :param patience: how many seconds a request is repeated while the server cannot be reached or says that a repeat may
        succeed; 0: never

    Mutations carry an Idempotency-Key that is kept over repeats. Refusals raise :class:`ApiError`.
    """
    headers = {"user-agent": "millrace-client-python"}
    if api_key is not None:
        headers["authorization"] = f"Bearer {api_key}"
    common: dict[str, Any] = {"base_url": base_url, "headers": headers, "timeout": _TIMEOUT}
    sync = httpx.Client(transport=RepeatingTransport(httpx.HTTPTransport(), patience), **common)
    later = httpx.AsyncClient(transport=AsyncRepeatingTransport(httpx.AsyncHTTPTransport(), patience), **common)
    client = Client(base_url=base_url) if api_key is None else AuthenticatedClient(base_url=base_url, token=api_key)
    return client.set_httpx_client(sync).set_async_httpx_client(later)


def ok(value: T | Problem | None) -> T:
    """The document of a success, for type checkers: a refusal has been raised by then."""
    if value is None or isinstance(value, Problem):
        raise TypeError(f"the answer has no document: {value!r}")
    return value


def items(route: Callable[..., Any], *path: str, client: AuthenticatedClient, **query: Any) -> Iterator[Any]:
    """Every item of a list, page by page: ``items(list_runs.sync, client=client, limit=200)``."""
    cursor: str | Unset = UNSET
    while True:
        page = ok(route(*path, client=client, **query, cursor=cursor))
        yield from page.data
        if page.next_cursor is None:
            return
        cursor = page.next_cursor
