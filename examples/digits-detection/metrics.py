"""Metrics of detections: precision, recall, average precision at an IoU of 0.5, and the confusion matrix."""

from dataclasses import dataclass

import numpy as np

from data import CLASSES, Split

IOU = 0.5


@dataclass
class Detections:
    """The detections on a canvas, in descending order of their scores."""

    boxes: np.ndarray
    labels: np.ndarray
    scores: np.ndarray

    def with_min_score(self, score: float) -> "Detections":
        """Returns the detections with at least this score."""
        kept = self.scores >= score
        return Detections(self.boxes[kept], self.labels[kept], self.scores[kept])


@dataclass
class Metrics:
    """The metrics of a split."""

    #: For each class: precision and recall at the given confidence, and average precision.
    precision: list[float]
    recall: list[float]
    ap50: list[float]
    #: Ground truth in rows, predictions in columns. The last row and column are the background.
    confusion: list[list[int]]

    @property
    def map50(self) -> float:
        """The mean of the average precisions, without classes that have no objects."""
        return float(np.nanmean(self.ap50))


def iou(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns the intersection over union of each box with each of the others."""
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    common = np.prod(np.clip(high - low, 0, None), -1)
    area, other = (np.prod(sides[:, 2:] - sides[:, :2], -1) for sides in (boxes, others))
    return common / (area[:, None] + other[None, :] - common)


def match_boxes(found: np.ndarray, truth: np.ndarray) -> list[int]:
    """Matches detected boxes, in order, with ground-truth boxes.

    Returns for each detected box the index of the unmatched ground-truth box with the highest IoU, or -1 if that is below 0.5.
    """
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
    """Returns the area under the precision-recall curve, interpolated at all points; NaN if there is no ground truth."""
    if truths == 0:
        return float("nan")
    hits = hits[np.argsort(-scores, kind="stable")]
    right = np.cumsum(hits)
    recall = right / truths
    precision = right / np.arange(1, len(hits) + 1)
    # The precision at each recall is the highest precision at that or a higher recall.
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def compute_metrics(found: list[Detections], split: Split, confidence: float) -> Metrics:
    """Compares the detections with the ground truth."""
    precision, recall, ap50 = [], [], []
    for label in range(len(CLASSES)):
        scores, hits = [], []
        for detections, boxes, labels in zip(found, split.boxes, split.labels):
            of_class = detections.labels == label
            scores.extend(detections.scores[of_class])
            hits.extend(matched >= 0 for matched in match_boxes(detections.boxes[of_class], boxes[labels == label]))
        scores, hits = np.array(scores), np.array(hits, bool)
        truths = sum(int((labels == label).sum()) for labels in split.labels)
        confident = hits[scores >= confidence]
        precision.append(float(confident.mean()) if len(confident) else 0.0)
        recall.append(float(confident.sum()) / truths if truths else 0.0)
        ap50.append(average_precision(scores, hits, truths))
    return Metrics(precision, recall, ap50, confusion_matrix(found, split, confidence))


def confusion_matrix(found: list[Detections], split: Split, confidence: float) -> list[list[int]]:
    """Counts which classes were detected as which. Boxes are matched regardless of their class."""
    background = len(CLASSES)
    counts = np.zeros((background + 1, background + 1), int)
    for detections, boxes, labels in zip(found, split.boxes, split.labels):
        confident = detections.with_min_score(confidence)
        matched = match_boxes(confident.boxes, boxes)
        for label, truth in zip(confident.labels, matched):
            counts[labels[truth] if truth >= 0 else background, label] += 1
        for truth in set(range(len(labels))) - set(matched):
            counts[labels[truth], background] += 1
    return counts.tolist()
