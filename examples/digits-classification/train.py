"""Trains a small network to classify handwritten digits and logs its progress, in a single file."""

import argparse
import os
from itertools import pairwise
from pathlib import Path

import jax
import numpy as np
import optax
from picsellia import Client
from picsellia.exceptions import ResourceNotFoundError
from picsellia.sdk.log import LogType
from picsellia.types.enums import ExperimentStatus
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

DIGITS = [str(digit) for digit in range(10)]
DEFAULTS = {"epochs": 30, "batch_size": 32, "learning_rate": 0.002, "hidden": 64, "seed": 7}


def forward(weights, x):
    for kernel, bias in weights[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    return x @ weights[-1][0] + weights[-1][1]


def mean_loss(weights, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(forward(weights, x), y).mean()


def train(experiment, output):
    try:
        logged = experiment.get_log("parameters").data
    except ResourceNotFoundError:
        print("the experiment has no log `parameters`: training with the defaults")
        logged = {}
    parameters = DEFAULTS | logged
    experiment.log_parameters(parameters)
    seed, batch_size, hidden = parameters["seed"], parameters["batch_size"], parameters["hidden"]
    scans = load_digits()
    x, test_x, y, test_y = train_test_split(scans.data / 16, scans.target, test_size=0.25, random_state=seed)
    experiment.log("labelmap", {digit: digit for digit in DIGITS}, LogType.LABELMAP)
    experiment.log("train/objects", {"x": DIGITS, "y": np.bincount(y).tolist()}, LogType.BAR)
    experiment.log("test/objects", {"x": DIGITS, "y": np.bincount(test_y).tolist()}, LogType.BAR)

    generator = np.random.default_rng(seed)
    kernels = [generator.normal(0, (2 / n) ** 0.5, (n, m)) for n, m in pairwise([64, hidden, hidden, 10])]
    weights = [(np.float32(kernel), np.zeros(kernel.shape[1], np.float32)) for kernel in kernels]
    optimizer = optax.adam(parameters["learning_rate"])
    state = optimizer.init(weights)

    @jax.jit
    def step(weights, state, x, y):
        loss, gradient = jax.value_and_grad(mean_loss)(weights, x, y)
        updates, state = optimizer.update(gradient, state)
        return optax.apply_updates(weights, updates), state, loss

    for epoch in range(parameters["epochs"]):
        losses = []
        for chosen in generator.permutation(len(x))[: len(x) // batch_size * batch_size].reshape(-1, batch_size):
            weights, state, loss = step(weights, state, x[chosen], y[chosen])
            losses.append(float(loss))
        predicted = np.asarray(forward(weights, test_x).argmax(1))
        accuracy = float((predicted == test_y).mean())
        experiment.log("train/loss", float(np.mean(losses)), LogType.LINE)
        experiment.log("test/loss", float(mean_loss(weights, test_x, test_y)), LogType.LINE)
        experiment.log("test/accuracy", accuracy, LogType.LINE)
        np.savez(output / "digits.npz", *[part for layer in weights for part in layer])
        experiment.store("model-latest", output / "digits.npz")
        print(f"epoch {epoch + 1:2}  loss {np.mean(losses):.3f}  accuracy {accuracy:.3f}", flush=True)

    confusion = [np.bincount(predicted[test_y == digit], minlength=10).tolist() for digit in range(10)]
    experiment.log("test/confusion", {"categories": DIGITS, "values": confusion}, LogType.HEATMAP)
    experiment.log("accuracy", accuracy, LogType.VALUE)
    for number, index in enumerate(np.nonzero(predicted != test_y)[0][:4], 1):
        path = output / f"{test_y[index]}-classified-as-{predicted[index]}.png"
        Image.fromarray(np.uint8(255 * test_x[index].reshape(8, 8))).resize((256, 256)).save(path)
        experiment.log(f"misread/{number}", str(path), LogType.IMAGE)
    print(f"accuracy {accuracy}")


parser = argparse.ArgumentParser(description=__doc__)
for option, variable in (("--token", "api_token"), ("--host", "host"), ("--experiment", "experiment_id")):
    parser.add_argument(option, default=os.environ.get(variable), required=not os.environ.get(variable))
parser.add_argument("--output", type=Path, default=Path("output"))
options = parser.parse_args()
options.output.mkdir(parents=True, exist_ok=True)
experiment = Client(api_token=options.token, host=options.host).get_experiment_by_id(options.experiment)
experiment.update(status=ExperimentStatus.RUNNING)
try:
    train(experiment, options.output)
except KeyboardInterrupt:
    experiment.update(status=ExperimentStatus.TERMINATED)
    raise SystemExit("stopped") from None
except BaseException:
    experiment.update(status=ExperimentStatus.FAILED)
    raise
experiment.update(status=ExperimentStatus.SUCCESS)
