"""Refusals of the API."""

from __future__ import annotations

import json
from typing import Any

import httpx

# What a proxy in between answers when the server behind it is away.
_AWAY = {502, 503, 504}


class ApiError(Exception):
    """An answer that was not a success, with the problem document (RFC 9457) where the server sent one."""

    def __init__(self, status: int, problem: dict[str, Any], text: str, retry_after: float | None) -> None:
        self.status = status
        self.problem = problem
        #: Stable code for programs, for example ``run.not_found``.
        self.code: str = problem.get("code", f"http.{status}")
        self.request_id: str | None = problem.get("requestId")
        #: Every single mistake that was found, with its place.
        self.errors: list[dict[str, Any]] = problem.get("errors", [])
        #: Whether the same request may succeed later without a change.
        self.retryable: bool = problem.get("retryable", status in _AWAY)
        #: Seconds after which a repeat may succeed.
        self.retry_after = retry_after
        super().__init__(f"{status} {self.code}: {problem.get('detail', text[:200])}")

    @classmethod
    def of(cls, response: httpx.Response) -> ApiError:
        """The error of a response whose body has been read."""
        problem: dict[str, Any] = {}
        try:
            parsed = json.loads(response.text)
            if isinstance(parsed, dict):
                problem = parsed
        except ValueError:
            pass  # Not ours (a proxy, say): the status has to do.
        after = response.headers.get("retry-after", "")
        return cls(response.status_code, problem, response.text, float(after) if after.isdigit() else None)
