"""Trains a detector of handwritten digits and logs how it goes."""

import argparse
import time
from dataclasses import asdict
from pathlib import Path

import jax
import numpy as np
import optax
from picsellia.sdk.log import LogType

import connection
import data
import draw
import metrics
import model
import parameters
from data import CLASSES, Split
from metrics import Detections, Quality
from parameters import Parameters
from record import Record


def loss_of(weights: dict, images: jax.Array, *truth: jax.Array) -> jax.Array:
    """What training makes small: the penalties per object."""
    return model.penalties(model.forward(weights, images), *truth).sum() / truth[-1].sum()


@jax.jit
def look(weights: dict, images: jax.Array, *truth: jax.Array) -> tuple:
    """The penalty of each canvas, and what is found on it."""
    said = model.forward(weights, images)
    return model.penalties(said, *truth), model.detections(said)


def train(settings: Parameters, record: Record) -> None:
    splits = data.load(settings.canvases, settings.image_size, settings.seed)
    labelmap = {str(index): name for index, name in enumerate(CLASSES)}
    record.log("labelmap", labelmap, LogType.LABELMAP)
    record.store_json("labelmap", labelmap)
    record.store_json("config", {"parameters": asdict(settings), "classes": CLASSES, "iou": metrics.IOU})
    for name, split in splits.items():
        record.log(f"{name}/objects", {"x": CLASSES, "y": split.objects()}, LogType.BAR)

    generator = np.random.default_rng(settings.seed)
    weights = model.initial(generator, settings.width)
    record.log("weights", sum(part.size for part in jax.tree.leaves(weights)), LogType.VALUE)
    batches = settings.canvases // settings.batch_size
    steps = settings.epochs * batches
    rate = optax.warmup_cosine_decay_schedule(0.0, settings.learning_rate, steps // 10, steps)
    optimizer = optax.chain(optax.clip_by_global_norm(10.0), optax.adamw(rate, weight_decay=1e-4))
    state = optimizer.init(weights)

    @jax.jit
    def step(weights, state, batch):
        loss, gradient = jax.value_and_grad(loss_of)(weights, *batch)
        updates, state = optimizer.update(gradient, state, weights)
        return optax.apply_updates(weights, updates), state, loss

    arrays = {name: (split.images, *model.targets(split)) for name, split in splits.items()}
    for epoch in range(settings.epochs):
        start = time.monotonic()
        order = generator.permutation(settings.canvases)[: batches * settings.batch_size]
        losses = []
        for chosen in order.reshape(batches, -1):
            weights, state, loss = step(weights, state, [part[chosen] for part in arrays["train"]])
            losses.append(float(loss))
            record.log("train/batch_loss", losses[-1], LogType.LINE)
        record.log("train/loss", float(np.mean(losses)), LogType.LINE)
        record.log("train/lr", float(rate((epoch + 1) * batches - 1)), LogType.LINE)

        test_loss, found = examine(weights, arrays["test"], settings.batch_size)
        quality = metrics.judge(found, splits["test"], settings.confidence)
        record.log("test/loss", test_loss, LogType.LINE)
        record.log("test/mAP50", quality.map50, LogType.LINE)
        picture = record.output / f"epoch-{epoch + 1:02}.png"
        draw.predictions(splits["test"], found, 8, settings.confidence, picture)
        record.log("test/predictions", str(picture), LogType.IMAGE)
        record.store("model-latest", save(weights, record.output / f"epoch-{epoch + 1:02}.npz"))
        print(
            f"epoch {epoch + 1:2} of {settings.epochs}  loss {np.mean(losses):.3f}  test loss {test_loss:.3f}"
            f"  mAP50 {quality.map50:.3f}  {time.monotonic() - start:.1f} s",
            flush=True,
        )

    record.log("test/classes", table(quality, splits["test"]), LogType.TABLE)
    record.log("test/confusion", {"categories": [*CLASSES, "background"], "values": quality.confusion}, LogType.HEATMAP)
    _, found = examine(weights, arrays["eval"], settings.batch_size)
    quality = metrics.judge(found, splits["eval"], settings.confidence)
    record.log("eval/mAP50", quality.map50, LogType.VALUE)
    record.log("eval/classes", table(quality, splits["eval"]), LogType.TABLE)
    record.log("evaluation", canvas_by_canvas(found, splits["eval"], settings.confidence), LogType.EVALUATION)
    record.store("model-final", save(weights, record.output / "detector.npz"))
    print(f"mAP50 on eval {quality.map50:.3f}")


def examine(weights: dict, arrays: tuple, batch_size: int) -> tuple[float, list[Detections]]:
    """The loss per object on a split, and what is found on its canvases."""
    count = len(arrays[0])
    penalty, found = 0.0, []
    for first in range(0, count, batch_size):
        # The last batch is filled up from the beginning: all batches have one shape, for which jax compiles once.
        chosen = np.arange(first, first + batch_size) % count
        new = min(batch_size, count - first)
        penalties, detections = look(weights, *(part[chosen] for part in arrays))
        penalty += float(penalties[:new].sum())
        found += map(Detections, *(np.asarray(part)[:new] for part in detections))
    return penalty / float(arrays[-1].sum()), found


def table(quality: Quality, split: Split) -> dict:
    """Per class what came of a split; the average precision of a class without objects is left open."""
    ap50 = [None if np.isnan(value) else value for value in quality.ap50]
    rows = zip(quality.precision, quality.recall, ap50, split.objects())
    return {"columns": ["precision", "recall", "AP50", "objects"], "rows": CLASSES, "data": [list(row) for row in rows]}


def canvas_by_canvas(found: list[Detections], split: Split, confidence: float) -> list[dict]:
    """How it went on each canvas."""
    results = []
    for index, detections in enumerate(found):
        sure, labels = detections.above(confidence), split.labels[index]
        matched = metrics.match(sure.boxes, split.boxes[index])
        right = sum(int(at >= 0 and labels[at] == label) for at, label in zip(matched, sure.labels))
        counts = {"objects": len(labels), "right": right, "wrong": len(matched) - right, "missed": len(labels) - right}
        results.append({"canvas": f"eval-{index:03}", **counts})
    return results


def save(weights: dict, path: Path) -> Path:
    """Writes the weights so that `numpy.load` reads them."""
    np.savez(path, **{f"{layer}.{kind}": part for layer, parts in weights.items() for kind, part in parts.items()})
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    connection.add_options(parser)
    parser.add_argument("--output", type=Path, default=Path("output"), help="a folder for what it writes")
    options = parser.parse_args()
    experiment = connection.experiment_of(options)
    options.output.mkdir(parents=True, exist_ok=True)
    with connection.running(experiment):
        record = Record(experiment, options.output)
        train(parameters.read(experiment), record)
        record.finish()


if __name__ == "__main__":
    main()
