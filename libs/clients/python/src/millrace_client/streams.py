"""What happens in a run, as it happens."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from .errors import ApiError
from .generated.client import AuthenticatedClient

_RUN_ENDS = {"succeeded", "failed", "cancelled"}
# The server sends a comment every 15 seconds where there is nothing to say.
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


@dataclass(frozen=True)
class RunEvent:
    """``kind`` is ``run``, ``task`` or ``attempt``; ``data`` has the fields of the event as the API names them."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class LogEvent:
    """``kind`` is ``line``, ``gap`` (lines that are missing) or ``end``."""

    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class _Sent:
    id: str | None
    event: str
    data: str


def run_events(client: AuthenticatedClient, run: str, *, patience: float = 120.0) -> Iterator[RunEvent]:
    """Everything that happens in a run, from its beginning to its end; goes on after a lost connection."""

    def is_last(sent: _Sent) -> bool:
        return sent.event == "run" and json.loads(sent.data)["state"] in _RUN_ENDS

    for sent in _stream(client, f"/v1/runs/{quote(run, safe='')}/events", {}, is_last, patience):
        yield RunEvent(sent.event, json.loads(sent.data))


def follow_log(
    client: AuthenticatedClient,
    run: str,
    task: str,
    *,
    map_index: int | None = None,
    attempt: int | None = None,
    patience: float = 120.0,
) -> Iterator[LogEvent]:
    """The log of a task as it is written, until its attempt has ended; goes on after a lost connection."""
    query = {"mapIndex": map_index, "attempt": attempt}
    path = f"/v1/runs/{quote(run, safe='')}/tasks/{quote(task, safe='')}/logs:stream"
    params = {name: value for name, value in query.items() if value is not None}
    for sent in _stream(client, path, params, lambda sent: sent.event == "end", patience):
        yield LogEvent(sent.event, json.loads(sent.data))


def _stream(
    client: AuthenticatedClient,
    path: str,
    params: dict[str, Any],
    is_last: Callable[[_Sent], bool],
    patience: float,
) -> Iterator[_Sent]:
    last_id: str | None = None
    until = time.monotonic() + patience
    while True:
        headers = {"accept": "text/event-stream"} | ({} if last_id is None else {"last-event-id": last_id})
        try:
            http = client.get_httpx_client()
            with http.stream("GET", path, params=params, headers=headers, timeout=_TIMEOUT) as response:
                for sent in _events(response.iter_lines()):
                    until = time.monotonic() + patience
                    last_id = sent.id or last_id
                    yield sent
                    if is_last(sent):
                        return
        except (ApiError, httpx.TransportError) as error:
            if (isinstance(error, ApiError) and not error.retryable) or time.monotonic() > until:
                raise
        # A server that stops ends its streams in the middle.
        if time.monotonic() > until:
            return
        time.sleep(0.5)


def _events(lines: Iterator[str]) -> Iterator[_Sent]:
    name, event_id = "message", None
    data: list[str] = []
    for line in lines:
        if line == "":
            if data:
                yield _Sent(event_id, name, "\n".join(data))
            name, data, event_id = "message", [], None
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                event_id = value
