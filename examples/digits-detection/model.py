"""A small anchor-free detector, as in "Objects as Points" (Zhou et al., 2019).

For each cell of 4 x 4 pixels it predicts the probability that the center of a digit of each class is there, the offset
of the center in the cell, and the size of the digit.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from data import CLASSES, Split

CELL = 4
#: The network predicts the logarithm of a size divided by this reference size, in pixels.
REFERENCE_SIZE = 20.0
#: The maximum number of detections per canvas.
MAX_DETECTIONS = 24


def initial_weights(generator: np.random.Generator, width: int) -> dict:
    """Returns random initial weights."""
    wide, wider = 2 * width, 4 * width
    shapes = {
        "stem": (3, 1, width),
        "down1": (3, width, wide),
        "fine1": (3, wide, wide),
        "fine2": (3, wide, wide),
        "down2": (3, wide, wider),
        "coarse1": (3, wider, wider),
        "coarse2": (3, wider, wider),
        "coarse3": (3, wider, wider),
        "up": (1, wider, wide),
        "join": (3, wide, wide),
        "heat": (1, wide, len(CLASSES)),
        "box": (1, wide, 4),
    }
    weights = {}
    for name, (side, inward, outward) in shapes.items():
        spread = math.sqrt(2 / (side * side * inward))
        weights[name] = {
            "kernel": generator.normal(0, spread, (side, side, inward, outward)).astype(np.float32),
            "bias": np.zeros(outward, np.float32),
            "scale": np.ones(outward, np.float32),
        }
    for head in ("heat", "box"):
        del weights[head]["scale"]
        weights[head]["kernel"] *= 0.1
    # Almost all cells contain no center, so the initial probability is low.
    weights["heat"]["bias"] -= 4.0
    return weights


def convolve(layer: dict, x: jax.Array, stride: int = 1) -> jax.Array:
    layout = ("NHWC", "HWIO", "NHWC")
    x = lax.conv_general_dilated(x, layer["kernel"], (stride, stride), "SAME", dimension_numbers=layout)
    return x + layer["bias"]


def conv_block(layer: dict, x: jax.Array, stride: int = 1) -> jax.Array:
    """A convolution with layer normalization over the channels of each position, and ReLU."""
    x = convolve(layer, x, stride)
    x = (x - x.mean(-1, keepdims=True)) * lax.rsqrt(x.var(-1, keepdims=True) + 1e-5)
    return jax.nn.relu(x * layer["scale"])


def forward(weights: dict, images: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Returns for each cell the class logits, and (dx, dy, log width, log height)."""
    x = (images[..., None] - 0.4) * 4
    x = conv_block(weights["stem"], x, 2)
    x = conv_block(weights["down1"], x, 2)
    x = x + conv_block(weights["fine1"], x)
    fine = x + conv_block(weights["fine2"], x)
    x = conv_block(weights["down2"], fine, 2)
    for name in ("coarse1", "coarse2", "coarse3"):
        x = x + conv_block(weights[name], x)
    x = convolve(weights["up"], x).repeat(2, 1).repeat(2, 2)
    x = conv_block(weights["join"], fine + x)
    return convolve(weights["heat"], x), convolve(weights["box"], x)


def create_targets(split: Split) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the targets of the network: heat, boxes, and a mask of the cells that contain a center."""
    count, side = len(split.images), split.images.shape[1] // CELL
    heat = np.zeros((count, side, side, len(CLASSES)), np.float32)
    box_targets = np.zeros((count, side, side, 4), np.float32)
    centers = np.zeros((count, side, side), np.float32)
    rows, columns = np.mgrid[:side, :side]
    for index, (boxes, labels) in enumerate(zip(split.boxes, split.labels)):
        for box, label in zip(boxes, labels):
            size = box[2:] - box[:2]
            middle = (box[:2] + box[2:]) / 2 / CELL
            x, y = middle.astype(int)
            # A Gaussian around the center, whose width is proportional to the size of the digit.
            spread = 2 * (size / CELL / 6) ** 2
            warm = np.exp(-((columns - x) ** 2) / spread[0] - (rows - y) ** 2 / spread[1])
            heat[index, :, :, label] = np.maximum(heat[index, :, :, label], warm)
            box_targets[index, y, x] = [*(middle - [x, y]), *np.log(size / REFERENCE_SIZE)]
            centers[index, y, x] = 1
    return heat, box_targets, centers


def canvas_losses(predicted: tuple, heat: jax.Array, box_targets: jax.Array, centers: jax.Array) -> jax.Array:
    """Returns for each canvas the focal loss of the heat plus the L1 loss of the boxes."""
    logits, boxes = predicted
    probability = jax.nn.sigmoid(logits)
    found = jnp.where(heat == 1, (1 - probability) ** 2 * jax.nn.log_sigmoid(logits), 0)
    empty = (1 - heat) ** 4 * probability**2 * jax.nn.log_sigmoid(-logits)
    distance = jnp.abs(boxes - box_targets).sum(-1) * centers
    return distance.sum((1, 2)) - (found + empty).sum((1, 2, 3))


def decode_detections(predicted: tuple) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Returns boxes, labels and scores of each canvas, in descending order of the scores."""
    logits, boxes = predicted
    count, side = logits.shape[:2]
    best = jax.nn.sigmoid(logits.max(-1))
    # A detection is a local maximum over all classes.
    highest = lax.reduce_window(best, -jnp.inf, lax.max, (1, 3, 3), (1, 1, 1), "SAME")
    scores, cells = lax.top_k(jnp.where(best == highest, best, 0).reshape(count, -1), MAX_DETECTIONS)
    labels = jnp.take_along_axis(logits.argmax(-1).reshape(count, -1), cells, 1)
    boxes = jnp.take_along_axis(boxes.reshape(count, -1, 4), cells[..., None], 1)
    middle = (jnp.stack([cells % side, cells // side], -1) + boxes[..., :2]) * CELL
    half = jnp.exp(boxes[..., 2:]) * REFERENCE_SIZE / 2
    return jnp.concatenate([middle - half, middle + half], -1), labels, scores
