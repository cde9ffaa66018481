"""Handwritten digits, several to a canvas, with a box around each.

The digits are the 1,797 scans that scikit-learn brings along, 8 x 8 pixels each. A digit belongs to one split, and so
do all canvases that show it.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

CLASSES = [str(digit) for digit in range(10)]
#: Which part of the digits each split has.
SPLITS = {"train": 0.6, "test": 0.2, "eval": 0.2}


@dataclass
class Split:
    """Canvases of one split with what is on them."""

    #: Canvases x height x width, from 0 (black) to 1 (white).
    images: np.ndarray
    #: For each canvas: objects x (left, top, right, bottom), in pixels.
    boxes: list[np.ndarray]
    #: For each canvas: the class of each object.
    labels: list[np.ndarray]

    def objects(self) -> list[int]:
        """How many objects of each class there are."""
        return np.bincount(np.concatenate(self.labels), minlength=len(CLASSES)).tolist()


def load(canvases: int, size: int, seed: int) -> dict[str, Split]:
    """Makes `canvases` canvases for training and a quarter of that for each other split, the same for the same seed."""
    scans = load_digits()
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(scans.target))
    ends = np.cumsum([round(part * len(order)) for part in SPLITS.values()])[:-1]
    splits = {}
    for name, digits in zip(SPLITS, np.split(order, ends)):
        count = canvases if name == "train" else max(1, canvases // 4)
        made = [canvas(generator, scans.images[digits] / 16, scans.target[digits], size) for _ in range(count)]
        images, boxes, labels = zip(*made)
        splits[name] = Split(np.stack(images), list(boxes), list(labels))
    return splits


def canvas(generator: np.random.Generator, scans: np.ndarray, targets: np.ndarray, size: int):
    """One canvas with three to six digits on a noisy background."""
    image = background(generator, size)
    boxes, labels = [], []
    for _ in range(generator.integers(3, 7)):
        chosen = generator.integers(len(targets))
        ink = digit(generator, scans[chosen], size)
        height, width = ink.shape
        for _ in range(20):
            left, top = generator.integers(size - width), generator.integers(size - height)
            box = np.array([left, top, left + width, top + height], np.float32)
            if all(overlap(box, other) < 0.1 for other in boxes):
                # White ink or black ink, not always strong.
                shade = generator.uniform(0.8, 1.0) if generator.random() < 0.7 else generator.uniform(0.0, 0.1)
                part = image[top : top + height, left : left + width]
                part += ink * generator.uniform(0.8, 1.0) * (shade - part)
                boxes.append(box)
                labels.append(targets[chosen])
                break
    image += generator.normal(0, 0.05, image.shape)
    return np.clip(image, 0, 1).astype(np.float32), np.stack(boxes), np.array(labels)


def background(generator: np.random.Generator, size: int) -> np.ndarray:
    """Grey clouds, in two sizes."""
    image = np.full((size, size), generator.uniform(0.35, 0.5))
    for cells, strength in ((3, 0.07), (9, 0.05)):
        clouds = generator.normal(0, strength, (cells, cells)).astype(np.float32)
        image += np.asarray(Image.fromarray(clouds).resize((size, size), Image.Resampling.BICUBIC))
    return image


def digit(generator: np.random.Generator, scan: np.ndarray, size: int) -> np.ndarray:
    """A scan, cut to its ink, enlarged."""
    rows, columns = np.nonzero(scan.max(1) > 0.2)[0], np.nonzero(scan.max(0) > 0.2)[0]
    ink = (scan / scan.max())[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = size / 96 * generator.uniform(1.8, 3.6)
    width, height = (max(4, round(side * scale * generator.uniform(0.9, 1.1))) for side in ink.shape[::-1])
    return np.clip(np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC)), 0, 1)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Which part of the smaller box the other one covers."""
    width, height = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return max(width, 0) * max(height, 0) / min(areas)
