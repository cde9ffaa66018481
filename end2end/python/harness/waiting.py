"""Waits for conditions instead of fixed times."""

import time
from collections.abc import Callable


def wait_until(condition: Callable[[], object], description: str, timeout: float = 10.0) -> None:
    """Returns as soon as the condition holds. Fails if it does not within the timeout, in seconds."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"not within {timeout} s: {description}"
        time.sleep(0.02)
