"""Trains a detector of handwritten digits and logs its progress."""

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
from metrics import Detections, Metrics
from parameters import Parameters
from record import ExperimentRecorder


def mean_loss(weights: dict, images: jax.Array, *truth: jax.Array) -> jax.Array:
    """Returns the mean loss per object, which the training minimizes."""
    return model.canvas_losses(model.forward(weights, images), *truth).sum() / truth[-1].sum()


@jax.jit
def predict(weights: dict, images: jax.Array, *truth: jax.Array) -> tuple:
    """Returns the loss and the detections of each canvas."""
    predicted = model.forward(weights, images)
    return model.canvas_losses(predicted, *truth), model.decode_detections(predicted)


def train(settings: Parameters, recorder: ExperimentRecorder) -> None:
    splits = data.create_splits(settings.canvases, settings.image_size, settings.seed)
    labelmap = {str(index): name for index, name in enumerate(CLASSES)}
    recorder.log("labelmap", labelmap, LogType.LABELMAP)
    recorder.store_json("labelmap", labelmap)
    recorder.store_json("config", {"parameters": asdict(settings), "classes": CLASSES, "iou": metrics.IOU})
    for name, split in splits.items():
        recorder.log(f"{name}/objects", {"x": CLASSES, "y": split.object_counts()}, LogType.BAR)

    generator = np.random.default_rng(settings.seed)
    weights = model.initial_weights(generator, settings.width)
    recorder.log("weights", sum(part.size for part in jax.tree.leaves(weights)), LogType.VALUE)
    batches = settings.canvases // settings.batch_size
    steps = settings.epochs * batches
    rate = optax.warmup_cosine_decay_schedule(0.0, settings.learning_rate, steps // 10, steps)
    optimizer = optax.chain(optax.clip_by_global_norm(10.0), optax.adamw(rate, weight_decay=1e-4))
    state = optimizer.init(weights)

    @jax.jit
    def step(weights, state, batch):
        loss, gradient = jax.value_and_grad(mean_loss)(weights, *batch)
        updates, state = optimizer.update(gradient, state, weights)
        return optax.apply_updates(weights, updates), state, loss

    arrays = {name: (split.images, *model.create_targets(split)) for name, split in splits.items()}
    for epoch in range(settings.epochs):
        start = time.monotonic()
        order = generator.permutation(settings.canvases)[: batches * settings.batch_size]
        losses = []
        for chosen in order.reshape(batches, -1):
            weights, state, loss = step(weights, state, [part[chosen] for part in arrays["train"]])
            losses.append(float(loss))
            recorder.log("train/batch_loss", losses[-1], LogType.LINE)
        recorder.log("train/loss", float(np.mean(losses)), LogType.LINE)
        recorder.log("train/lr", float(rate((epoch + 1) * batches - 1)), LogType.LINE)

        test_loss, found = evaluate(weights, arrays["test"], settings.batch_size)
        results = metrics.compute_metrics(found, splits["test"], settings.confidence)
        recorder.log("test/loss", test_loss, LogType.LINE)
        recorder.log("test/mAP50", results.map50, LogType.LINE)
        image = recorder.output / f"epoch-{epoch + 1:02}.png"
        draw.draw_predictions(splits["test"], found, 8, settings.confidence, image)
        recorder.log("test/predictions", str(image), LogType.IMAGE)
        recorder.store("model-latest", save_weights(weights, recorder.output / f"epoch-{epoch + 1:02}.npz"))
        print(
            f"epoch {epoch + 1:2} of {settings.epochs}  loss {np.mean(losses):.3f}  test loss {test_loss:.3f}"
            f"  mAP50 {results.map50:.3f}  {time.monotonic() - start:.1f} s",
            flush=True,
        )

    recorder.log("test/classes", class_table(results, splits["test"]), LogType.TABLE)
    recorder.log("test/confusion", {"categories": [*CLASSES, "background"], "values": results.confusion}, LogType.HEATMAP)
    _, found = evaluate(weights, arrays["eval"], settings.batch_size)
    results = metrics.compute_metrics(found, splits["eval"], settings.confidence)
    recorder.log("eval/mAP50", results.map50, LogType.VALUE)
    recorder.log("eval/classes", class_table(results, splits["eval"]), LogType.TABLE)
    recorder.log("evaluation", canvas_results(found, splits["eval"], settings.confidence), LogType.EVALUATION)
    recorder.store("model-final", save_weights(weights, recorder.output / "detector.npz"))
    print(f"mAP50 on eval {results.map50:.3f}")


def evaluate(weights: dict, arrays: tuple, batch_size: int) -> tuple[float, list[Detections]]:
    """Returns the loss per object of a split, and the detections on its canvases."""
    count = len(arrays[0])
    total, found = 0.0, []
    for first in range(0, count, batch_size):
        # The last batch is padded with the first canvases: all batches have the same shape, so that jax compiles only once.
        chosen = np.arange(first, first + batch_size) % count
        count_in_batch = min(batch_size, count - first)
        losses, detections = predict(weights, *(part[chosen] for part in arrays))
        total += float(losses[:count_in_batch].sum())
        found += map(Detections, *(np.asarray(part)[:count_in_batch] for part in detections))
    return total / float(arrays[-1].sum()), found


def class_table(results: Metrics, split: Split) -> dict:
    """Returns a table of the metrics per class. The average precision of a class without objects is `None`."""
    ap50 = [None if np.isnan(value) else value for value in results.ap50]
    rows = zip(results.precision, results.recall, ap50, split.object_counts())
    return {"columns": ["precision", "recall", "AP50", "objects"], "rows": CLASSES, "data": [list(row) for row in rows]}


def canvas_results(found: list[Detections], split: Split, confidence: float) -> list[dict]:
    """Returns the counts of correct, wrong and missed objects of each canvas."""
    rows = []
    for index, detections in enumerate(found):
        confident, labels = detections.with_min_score(confidence), split.labels[index]
        matched = metrics.match_boxes(confident.boxes, split.boxes[index])
        right = sum(int(at >= 0 and labels[at] == label) for at, label in zip(matched, confident.labels))
        counts = {"objects": len(labels), "right": right, "wrong": len(matched) - right, "missed": len(labels) - right}
        rows.append({"canvas": f"eval-{index:03}", **counts})
    return rows


def save_weights(weights: dict, path: Path) -> Path:
    """Saves the weights in the format of `numpy.load` and returns the path."""
    np.savez(path, **{f"{layer}.{kind}": part for layer, parts in weights.items() for kind, part in parts.items()})
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    connection.add_options(parser)
    parser.add_argument("--output", type=Path, default=Path("output"), help="the directory for files")
    options = parser.parse_args()
    experiment = connection.find_experiment(options)
    options.output.mkdir(parents=True, exist_ok=True)
    with connection.status_updates(experiment):
        recorder = ExperimentRecorder(experiment, options.output)
        train(parameters.read_parameters(experiment), recorder)
        recorder.finish()


if __name__ == "__main__":
    main()
