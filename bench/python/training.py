"""Measures the cost of logging: epochs of the same work without logging, with logging to Groundglass, and with logging to the
baseline server, which responds immediately.

Writes JSON: the seconds of each epoch and of each SDK call, by server.
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

EPOCH_SECONDS = 2.0
"""The approximate duration of an epoch without logging, in seconds."""
CALLS_PER_SECOND = 50
CALLS = int(EPOCH_SECONDS * CALLS_PER_SECOND)


class Network:
    """Two layers that learn to classify noise into ten classes, with large float32 matrices like those of real trainings."""

    def __init__(self) -> None:
        random = np.random.default_rng(7)
        self.inputs = random.standard_normal((256, 784), dtype=np.float32)
        self.labels = random.integers(0, 10, 256)
        self.first = random.standard_normal((784, 256), dtype=np.float32) / 28
        self.second = random.standard_normal((256, 10), dtype=np.float32) / 16

    def step(self) -> float:
        """Performs a step of gradient descent and returns the loss."""
        hidden = np.maximum(self.inputs @ self.first, 0)
        scores = hidden @ self.second
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        rows = np.arange(len(self.labels))
        loss = float(-np.log(probabilities[rows, self.labels] + 1e-9).mean())
        probabilities[rows, self.labels] -= 1
        gradient = probabilities / len(rows)
        hidden_gradient = (gradient @ self.second.T) * (hidden > 0)
        self.second -= 0.01 * hidden.T @ gradient
        self.first -= 0.01 * self.inputs.T @ hidden_gradient
        return loss


def steps_between_calls() -> int:
    """Returns how many steps take as long as the time between two calls on this machine."""
    network = Network()
    for _ in range(20):
        network.step()
    start, steps = time.perf_counter(), 0
    while time.perf_counter() - start < EPOCH_SECONDS:
        network.step()
        steps += 1
    return max(1, round(steps / CALLS))


def run_epoch(steps: int, log: Callable[[float], None]) -> float:
    """Runs an epoch, which does the same work each time, and returns its duration in seconds."""
    network = Network()
    start = time.perf_counter()
    for _ in range(CALLS):
        for _ in range(steps):
            loss = network.step()
        log(loss)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--baseline", required=True, help="a server that responds immediately")
    parser.add_argument("--experiment", required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the file for the results")
    options = parser.parse_args()

    client = Client(api_token=os.environ["api_token"], host=options.host)
    groundglass = client.get_experiment_by_id(options.experiment)
    baseline_client = Client(api_token=os.environ["api_token"], host=options.host)
    baseline = baseline_client.get_experiment_by_id(options.experiment)
    # The SDK is unmodified; only its requests go to the other server from now on.
    baseline.connection.host = options.baseline

    epochs: dict[str, list[float]] = {"unlogged": [], "groundglass": [], "baseline": []}
    calls: dict[str, list[float]] = {"groundglass": [], "baseline": []}

    def log_function(name: str) -> Callable[[float], None]:
        if name == "unlogged":
            return lambda loss: None
        experiment = {"groundglass": groundglass, "baseline": baseline}[name]

        def log(loss: float) -> None:
            start = time.perf_counter()
            experiment.log("train/loss", loss, LogType.LINE)
            calls[name].append(time.perf_counter() - start)

        return log

    steps = steps_between_calls()
    for number in range(options.rounds + 1):
        for name in epochs:
            seconds = run_epoch(steps, log_function(name))
            # The first round is a warm-up.
            if number > 0:
                epochs[name].append(seconds)
            elif name in calls:
                calls[name].clear()
    options.output.write_text(json.dumps({"epochs": epochs, "calls": calls}))


if __name__ == "__main__":
    main()
