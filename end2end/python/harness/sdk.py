"""Helpers for differences between SDK versions, and for what the SDK does not expose."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import picsellia
import pytest
from picsellia import Client, Project, exceptions
from picsellia.exceptions import PicselliaError

VERSION = tuple(int(part) for part in picsellia.__version__.split("."))
#: Since 6.37.0, parameters can be passed when an experiment is created.
PARAMETERS_AT_CREATION = "parameters" in inspect.signature(Project.create_experiment).parameters
#: Older versions have no specific error for a body that is too large.
TooLarge = getattr(exceptions, "RequestTooLargeError", PicselliaError)


def sdk_connection(resource: Any) -> Any:
    """Returns the connection of a client, project, experiment or log. The attribute was renamed in 6.29.0."""
    if hasattr(type(resource), "connection") or "connection" in vars(resource):
        return resource.connection
    return resource.connexion


def send_request(client: Client, method: str, path: str, **body: Any) -> Any:
    """Sends a request with the SDK's session and headers, and returns the response, whatever its status."""
    connection = sdk_connection(client)
    return connection.session.request(method, connection.host + path, headers=connection.headers, timeout=30, **body)


@contextmanager
def raises_with_words(error: type[PicselliaError], *words: str) -> Iterator[None]:
    """Asserts that the block raises this error with a message that contains these words, ignoring case."""
    with pytest.raises(error) as caught:
        yield
    message = str(caught.value)
    missing = [word for word in words if word.lower() not in message.lower()]
    assert not missing, f"the error message {message!r} lacks {missing}"
    assert "No message" not in message, f"the server sent no message: {message!r}"
