"""Images of predictions: several enlarged canvases with detections and missed objects."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data import CLASSES, Split
from metrics import Detections, match_boxes

#: The color of each class; the page uses the same ones.
CLASS_COLORS = [
    "#3484e8", "#f8752a", "#17bb82", "#fd96c5", "#62d0f9", "#f6de45", "#8f50b8", "#c43833", "#327d74", "#dce2e9",
]  # fmt: skip
COLUMNS = 4
GAP = 8


def draw_predictions(split: Split, found: list[Detections], count: int, confidence: float, path: Path) -> None:
    """Draws the first `count` canvases in a grid and saves the image."""
    size = split.images.shape[1]
    # All images have about the same width, independent of the size of the canvases.
    scale = max(1, round(300 / size))
    tile = size * scale
    rows = -(-count // COLUMNS)
    image = Image.new("RGB", (COLUMNS * (tile + GAP) - GAP, rows * (tile + GAP) - GAP), "white")
    for index in range(min(count, len(split.images))):
        drawn = draw_canvas(split, index, found[index].with_min_score(confidence), scale)
        image.paste(drawn, (index % COLUMNS * (tile + GAP), index // COLUMNS * (tile + GAP)))
    image.save(path)


def draw_canvas(split: Split, index: int, found: Detections, scale: int) -> Image.Image:
    """Draws a canvas: detections in the color of their class with label and score, missed objects as white dotted boxes."""
    pixels = Image.fromarray((split.images[index] * 255).astype(np.uint8))
    image = pixels.resize((pixels.width * scale, pixels.height * scale), Image.Resampling.BICUBIC).convert("RGB")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    truth, labels = split.boxes[index], split.labels[index]
    matched = match_boxes(found.boxes, truth)
    for missed in sorted(set(range(len(truth))) - set(matched)):
        draw_dotted_box(pen, truth[missed] * scale)
    for box, label in zip(found.boxes, found.labels):
        pen.rectangle(tuple(box * scale), outline=CLASS_COLORS[label], width=3)
    # Labels are drawn last, so that no box covers them.
    for box, label, score, at in zip(found.boxes, found.labels, found.scores, matched):
        left, top, _, bottom = box * scale
        # A wrong detection shows the true class.
        wrong = "" if at >= 0 and labels[at] == label else f", is {CLASSES[labels[at]] if at >= 0 else 'none'}"
        text = f"{CLASSES[label]}  {score:.2f}{wrong}"
        width = pen.textlength(text, font) + 8
        x = min(max(left, 0), image.width - width)
        y = top - 20 if top >= 20 else min(bottom, image.height - 20)
        pen.rectangle((x, y, x + width, y + 20), fill=CLASS_COLORS[label])
        pen.text((x + 4, y + 10), text, fill="black", font=font, anchor="lm")
    return image


def draw_dotted_box(pen: ImageDraw.ImageDraw, box: np.ndarray) -> None:
    left, top, right, bottom = (round(side) for side in box)
    for x in range(left, right, 10):
        pen.line([(x, top), (min(x + 5, right), top)], "white", 2)
        pen.line([(x, bottom), (min(x + 5, right), bottom)], "white", 2)
    for y in range(top, bottom, 10):
        pen.line([(left, y), (left, min(y + 5, bottom))], "white", 2)
        pen.line([(right, y), (right, min(y + 5, bottom))], "white", 2)
