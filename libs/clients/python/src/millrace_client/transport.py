"""Repeats requests while that is safe and of use, and raises refusals."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator

import httpx

from .errors import ApiError

_LONGEST_DELAY = 2.0


def _prepare(request: httpx.Request) -> None:
    # The key stays the same over the repeats, so that a repeat after a lost answer has no second effect.
    if request.method != "GET" and "idempotency-key" not in request.headers:
        request.headers["idempotency-key"] = str(uuid.uuid4())


def _delays(patience: float) -> Iterator[float]:
    until = time.monotonic() + patience
    delay = 0.1
    while time.monotonic() + delay <= until:
        yield delay
        delay = min(delay * 2, _LONGEST_DELAY)


class _Repeats:
    """Says how long to wait before the next try; raises where there is none."""

    def __init__(self, patience: float) -> None:
        self._delays = _delays(patience)

    def delay(self, error: Exception) -> float:
        if isinstance(error, ApiError) and not error.retryable:
            raise error
        delay = next(self._delays, None)
        if delay is None:
            raise error
        return (error.retry_after if isinstance(error, ApiError) else None) or delay


class RepeatingTransport(httpx.BaseTransport):
    """For ``httpx.Client``."""

    def __init__(self, inner: httpx.BaseTransport, patience: float) -> None:
        self._inner = inner
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Gives a success; raises ``ApiError`` for a refusal."""
        request.read()
        _prepare(request)
        repeats = _Repeats(self._patience)
        while True:
            try:
                response = self._inner.handle_request(request)
                if response.status_code < 400:
                    return response
                response.request = request
                response.read()
                response.close()
                raise ApiError.of(response)
            except (ApiError, httpx.TransportError) as error:
                time.sleep(repeats.delay(error))

    def close(self) -> None:
        self._inner.close()


class AsyncRepeatingTransport(httpx.AsyncBaseTransport):
    """For ``httpx.AsyncClient``."""

    def __init__(self, inner: httpx.AsyncBaseTransport, patience: float) -> None:
        self._inner = inner
        self._patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Gives a success; raises ``ApiError`` for a refusal."""
        await request.aread()
        _prepare(request)
        repeats = _Repeats(self._patience)
        while True:
            try:
                response = await self._inner.handle_async_request(request)
                if response.status_code < 400:
                    return response
                response.request = request
                await response.aread()
                await response.aclose()
                raise ApiError.of(response)
            except (ApiError, httpx.TransportError) as error:
                await asyncio.sleep(repeats.delay(error))

    async def aclose(self) -> None:
        await self._inner.aclose()
