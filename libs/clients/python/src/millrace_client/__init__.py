"""Typed client of the Millrace API.

The routes are functions in ``millrace_client.generated.api``, the documents classes in
``millrace_client.generated.models``; both are made from the OpenAPI document of the API. This module gives the client
that they take.
"""

from .client import connect, items, ok
from .errors import ApiError
from .generated.client import AuthenticatedClient, Client
from .streams import LogEvent, RunEvent, follow_log, run_events

__all__ = [
    "ApiError",
    "AuthenticatedClient",
    "Client",
    "LogEvent",
    "RunEvent",
    "connect",
    "follow_log",
    "items",
    "ok",
    "run_events",
]
