"""Pictures of predictions: several canvases, enlarged, with truth and what was found."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from data import CLASSES, Split
from metrics import Detections, match

#: One for each class: those that the page gives them too.
COLOURS = [
    "#3484e8", "#f8752a", "#17bb82", "#fd96c5", "#62d0f9", "#f6de45", "#8f50b8", "#c43833", "#327d74", "#dce2e9",
]  # fmt: skip
COLUMNS = 4
GAP = 8


def predictions(split: Split, found: list[Detections], count: int, confidence: float, path: Path) -> None:
    """Draws the first canvases side by side."""
    size = split.images.shape[1]
    # All pictures are about as wide, whatever the canvases' size.
    scale = max(1, round(300 / size))
    tile = size * scale
    rows = -(-count // COLUMNS)
    picture = Image.new("RGB", (COLUMNS * (tile + GAP) - GAP, rows * (tile + GAP) - GAP), "white")
    for index in range(min(count, len(split.images))):
        drawn = canvas(split, index, found[index].above(confidence), scale)
        picture.paste(drawn, (index % COLUMNS * (tile + GAP), index // COLUMNS * (tile + GAP)))
    picture.save(path)


def canvas(split: Split, index: int, found: Detections, scale: int) -> Image.Image:
    """One canvas: what was found in its class's colour with label and score, what was missed as a white dotted box."""
    pixels = Image.fromarray((split.images[index] * 255).astype(np.uint8))
    image = pixels.resize((pixels.width * scale, pixels.height * scale), Image.Resampling.BICUBIC).convert("RGB")
    pen = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    truth, labels = split.boxes[index], split.labels[index]
    matched = match(found.boxes, truth)
    for missed in sorted(set(range(len(truth))) - set(matched)):
        dotted(pen, truth[missed] * scale)
    for box, label in zip(found.boxes, found.labels):
        pen.rectangle(tuple(box * scale), outline=COLOURS[label], width=3)
    # No box hides a label.
    for box, label, score, at in zip(found.boxes, found.labels, found.scores, matched):
        left, top, _, bottom = box * scale
        # A wrong one says what it should be.
        wrong = "" if at >= 0 and labels[at] == label else f", is {CLASSES[labels[at]] if at >= 0 else 'none'}"
        text = f"{CLASSES[label]}  {score:.2f}{wrong}"
        width = pen.textlength(text, font) + 8
        x = min(max(left, 0), image.width - width)
        y = top - 20 if top >= 20 else min(bottom, image.height - 20)
        pen.rectangle((x, y, x + width, y + 20), fill=COLOURS[label])
        pen.text((x + 4, y + 10), text, fill="black", font=font, anchor="lm")
    return image


def dotted(pen: ImageDraw.ImageDraw, box: np.ndarray) -> None:
    left, top, right, bottom = (round(side) for side in box)
    for x in range(left, right, 10):
        pen.line([(x, top), (min(x + 5, right), top)], "white", 2)
        pen.line([(x, bottom), (min(x + 5, right), bottom)], "white", 2)
    for y in range(top, bottom, 10):
        pen.line([(left, y), (left, min(y + 5, bottom))], "white", 2)
        pen.line([(right, y), (right, min(y + 5, bottom))], "white", 2)
