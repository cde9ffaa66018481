"""What logging costs a training: epochs of the same work without it, with it, and with it against a server that answers at once.

Writes JSON: seconds of each epoch by how it was logged, and seconds of each call.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from picsellia import Client
from picsellia.sdk.log import LogType

EPOCH = 2.0
"""About how long an epoch is without logging, in seconds."""
CALLS_A_SECOND = 50
CALLS = int(EPOCH * CALLS_A_SECOND)


class Network:
    """Two layers that learn to tell ten kinds of noise apart: float32 and large matrices, as trainings have them."""

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        self.inputs = random.standard_normal((256, 784), dtype=np.float32)
        self.labels = random.integers(0, 10, 256)
        self.first = random.standard_normal((784, 256), dtype=np.float32) / 28
        self.second = random.standard_normal((256, 10), dtype=np.float32) / 16

    def step(self) -> float:
        """One step of gradient descent; gives the loss."""
        hidden = np.maximum(self.inputs @ self.first, 0)
        scores = hidden @ self.second
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        rows = np.arange(len(self.labels))
        loss = float(-np.log(chances[rows, self.labels] + 1e-9).mean())
        chances[rows, self.labels] -= 1
        slope = chances / len(rows)
        back = (slope @ self.second.T) * (hidden > 0)
        self.second -= 0.01 * hidden.T @ slope
        self.first -= 0.01 * self.inputs.T @ back
        return loss


def steps_between_calls() -> int:
    """How many steps fill the time between two calls, on this machine."""
    network = Network()
    for _ in range(20):
        network.step()
    begin, steps = time.perf_counter(), 0
    while time.perf_counter() - begin < EPOCH:
        network.step()
        steps += 1
    return max(1, round(steps / CALLS))


def epoch(steps: int, log: Callable[[float], None]) -> float:
    """The same work each time; gives how long it took."""
    network = Network()
    begin = time.perf_counter()
    for _ in range(CALLS):
        for _ in range(steps):
            loss = network.step()
        log(loss)
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--bare", required=True, help="a server that answers each call at once")
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True, help="where the JSON goes")
    options = parser.parse_args()

    client = Client(api_token=os.environ["api_token"], host=options.host)
    ours = client.get_experiment_by_id(options.experiment)
    bare_client = Client(api_token=os.environ["api_token"], host=options.host)
    bare = bare_client.get_experiment_by_id(options.experiment)
    # The SDK as it is, only that what it sends now goes elsewhere.
    bare.connection.host = options.bare

    epochs: dict[str, list[float]] = {"none": [], "ours": [], "bare": []}
    calls: dict[str, list[float]] = {"ours": [], "bare": []}

    def logged(name: str) -> Callable[[float], None]:
        if name == "none":
            return lambda loss: None
        experiment = {"ours": ours, "bare": bare}[name]

        def log(loss: float) -> None:
            begin = time.perf_counter()
            experiment.log("train/loss", loss, LogType.LINE)
            calls[name].append(time.perf_counter() - begin)

        return log

    steps = steps_between_calls()
    for number in range(options.rounds + 1):
        for name in epochs:
            took = epoch(steps, logged(name))
            # The first round warms up.
            if number > 0:
                epochs[name].append(took)
            elif name in calls:
                calls[name].clear()
    options.output.write_text(json.dumps({"epochs": epochs, "calls": calls}))


if __name__ == "__main__":
    main()
