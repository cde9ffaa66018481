"""How good predictions are: precision, recall, average precision at an IoU of 0.5, and the confusion matrix."""

from dataclasses import dataclass

import numpy as np

from data import CLASSES, Split

IOU = 0.5


@dataclass
class Detections:
    """What was found on one canvas, the likeliest first."""

    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray

    def above(self, score: float) -> "Detections":
        """Those that are at least this sure."""
        kept = self.scores >= score
        return Detections(self.boxes[kept], self.labels[kept], self.scores[kept])


@dataclass
class Quality:
    """What came of a split."""

    #: For each class: precision and recall at the confidence asked for, and average precision.
    precision: list[float]
    recall: list[float]
    ap50: list[float]
    #: Truth in rows, predictions in columns; the last of each is the background.
    confusion: list[list[int]]

    @property
    def map50(self) -> float:
        """The mean of the classes' average precisions, without classes of which there is no object."""
        return float(np.nanmean(self.ap50))


def iou(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of each box with each other."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), -1)
    area, other = (np.prod(sides[:, 2:] - sides[:, :2], -1) for sides in (boxes, others))
    return common / (area[:, None] + other[None, :] - common)


def match(found: np.ndarray, truth: np.ndarray) -> list[int]:
    """For each found box, in their order, the truth that it covers best and none before it has taken, or -1."""
    overlaps = iou(found, truth)
    matched = []
    for row in overlaps:
        best = int(row.argmax()) if len(row) else -1
        if best >= 0 and row[best] >= IOU:
            overlaps[:, best] = -1
            matched.append(best)
        else:
            matched.append(-1)
    return matched


def average_precision(scores: np.ndarray, hits: np.ndarray, truths: int) -> float:
    """The area under the precision-recall curve, interpolated at all points."""
    if truths == 0:
        return float("nan")
    hits = hits[np.argsort(-scores, kind="stable")]
    right = np.cumsum(hits)
    recall = right / truths
    precision = right / np.arange(1, len(hits) + 1)
    # At each recall the best precision at this or any higher one.
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def judge(found: list[Detections], split: Split, confidence: float) -> Quality:
    """Holds what was found against the truth."""
    precision, recall, ap50 = [], [], []
    for label in range(len(CLASSES)):
        scores, hits = [], []
        for detections, boxes, labels in zip(found, split.boxes, split.labels):
            ours = detections.labels == label
            scores.extend(detections.scores[ours])
            hits.extend(taken >= 0 for taken in match(detections.boxes[ours], boxes[labels == label]))
        scores, hits = np.array(scores), np.array(hits, bool)
        truths = sum(int((labels == label).sum()) for labels in split.labels)
        sure = hits[scores >= confidence]
        precision.append(float(sure.mean()) if len(sure) else 0.0)
        recall.append(float(sure.sum()) / truths if truths else 0.0)
        ap50.append(average_precision(scores, hits, truths))
    return Quality(precision, recall, ap50, confusion(found, split, confidence))


def confusion(found: list[Detections], split: Split, confidence: float) -> list[list[int]]:
    """Which class was taken for which. Boxes are matched whatever their class."""
    background = len(CLASSES)
    counts = np.zeros((background + 1, background + 1), int)
    for detections, boxes, labels in zip(found, split.boxes, split.labels):
        sure = detections.above(confidence)
        matched = match(sure.boxes, boxes)
        for label, truth in zip(sure.labels, matched):
            counts[labels[truth] if truth >= 0 else background, label] += 1
        for truth in set(range(len(labels))) - set(matched):
            counts[labels[truth], background] += 1
    return counts.tolist()
