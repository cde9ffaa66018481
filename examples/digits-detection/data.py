"""Canvases with several handwritten digits and their bounding boxes.

The digits are the 1,797 scans in scikit-learn, of 8 x 8 pixels each. Each digit is in one split only, so that no split
contains digits of another one.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

CLASSES = [str(digit) for digit in range(10)]
#: The fraction of the digits in each split.
SPLITS = {"train": 0.6, "test": 0.2, "eval": 0.2}


@dataclass
class Split:
    """The canvases of a split with their ground truth."""

    #: Shape (canvases, height, width), from 0 (black) to 1 (white).
    images: np.ndarray
    #: For each canvas: an array of shape (objects, 4) with (left, top, right, bottom) in pixels.
    boxes: list[np.ndarray]
    #: For each canvas: the class index of each object.
    labels: list[np.ndarray]

    def object_counts(self) -> list[int]:
        """Returns the number of objects of each class."""
        return np.bincount(np.concatenate(self.labels), minlength=len(CLASSES)).tolist()


def create_splits(canvases: int, size: int, seed: int) -> dict[str, Split]:
    """Creates `canvases` canvases for training and a quarter of that for each other split. The same seed gives the same canvases."""
    scans = load_digits()
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(scans.target))
    ends = np.cumsum([round(part * len(order)) for part in SPLITS.values()])[:-1]
    splits = {}
    for name, digits in zip(SPLITS, np.split(order, ends)):
        count = canvases if name == "train" else max(1, canvases // 4)
        created = [create_canvas(generator, scans.images[digits] / 16, scans.target[digits], size) for _ in range(count)]
        images, boxes, labels = zip(*created)
        splits[name] = Split(np.stack(images), list(boxes), list(labels))
    return splits


def create_canvas(generator: np.random.Generator, scans: np.ndarray, targets: np.ndarray, size: int):
    """Creates a canvas with three to six digits on a noisy background."""
    image = create_background(generator, size)
    boxes, labels = [], []
    for _ in range(generator.integers(3, 7)):
        chosen = generator.integers(len(targets))
        ink = enlarge_digit(generator, scans[chosen], size)
        height, width = ink.shape
        for _ in range(20):
            left, top = generator.integers(size - width), generator.integers(size - height)
            box = np.array([left, top, left + width, top + height], np.float32)
            if all(overlap_ratio(box, other) < 0.1 for other in boxes):
                # White or black ink of varying strength.
                shade = generator.uniform(0.8, 1.0) if generator.random() < 0.7 else generator.uniform(0.0, 0.1)
                part = image[top : top + height, left : left + width]
                part += ink * generator.uniform(0.8, 1.0) * (shade - part)
                boxes.append(box)
                labels.append(targets[chosen])
                break
    image += generator.normal(0, 0.05, image.shape)
    return np.clip(image, 0, 1).astype(np.float32), np.stack(boxes), np.array(labels)


def create_background(generator: np.random.Generator, size: int) -> np.ndarray:
    """Creates a background of gray clouds of two sizes."""
    image = np.full((size, size), generator.uniform(0.35, 0.5))
    for cells, strength in ((3, 0.07), (9, 0.05)):
        clouds = generator.normal(0, strength, (cells, cells)).astype(np.float32)
        image += np.asarray(Image.fromarray(clouds).resize((size, size), Image.Resampling.BICUBIC))
    return image


def enlarge_digit(generator: np.random.Generator, scan: np.ndarray, size: int) -> np.ndarray:
    """Returns a scan, cropped to its ink and enlarged by a random factor."""
    rows, columns = np.nonzero(scan.max(1) > 0.2)[0], np.nonzero(scan.max(0) > 0.2)[0]
    ink = (scan / scan.max())[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = size / 96 * generator.uniform(1.8, 3.6)
    width, height = (max(4, round(side * scale * generator.uniform(0.9, 1.1))) for side in ink.shape[::-1])
    return np.clip(np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BICUBIC)), 0, 1)


def overlap_ratio(a: np.ndarray, b: np.ndarray) -> float:
    """Returns the fraction of the smaller box that the other one covers."""
    width, height = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    return max(width, 0) * max(height, 0) / min(areas)
