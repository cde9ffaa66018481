"""What differs between versions of the SDK, and what all of them have but hide."""

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
#: Since 6.37.0 parameters can be given when an experiment is made.
PARAMETERS_AT_CREATION = "parameters" in inspect.signature(Project.create_experiment).parameters
#: Older versions have no error of its own for a body that is too large.
TooLarge = getattr(exceptions, "RequestTooLargeError", PicselliaError)


def connection(thing: Any) -> Any:
    """What a client, project, experiment or log asks the server through; it was renamed in 6.29.0."""
    return thing.connection if hasattr(type(thing), "connection") or "connection" in vars(thing) else thing.connexion


def ask(client: Client, method: str, path: str, **body: Any) -> Any:
    """Asks as the SDK does, for what it has no call for; gives the response whatever its status."""
    link = connection(client)
    return link.session.request(method, link.host + path, headers=link.headers, timeout=30, **body)


@contextmanager
def refused(error: type[PicselliaError], *words: str) -> Iterator[None]:
    """What follows is refused with this error, and its sentence has these words, large or small."""
    with pytest.raises(error) as caught:
        yield
    message = str(caught.value)
    missing = [word for word in words if word.lower() not in message.lower()]
    assert not missing, f"the refusal says {message!r}, without {missing}"
    assert "No message" not in message, f"the server gave no sentence: {message!r}"
