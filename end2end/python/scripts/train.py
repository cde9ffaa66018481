"""A typical training script. It contains nothing specific to Groundglass."""

import os

from picsellia import Client
from picsellia.exceptions import ResourceNotFoundError
from picsellia.sdk.log import LogType
from picsellia.types.enums import ExperimentStatus
from PIL import Image

client = Client(
    api_token=os.environ["api_token"],
    host=os.environ["host"],
    organization_id=os.environ["organization_id"],
)
experiment = client.get_experiment_by_id(os.environ["experiment_id"])
experiment.update(status=ExperimentStatus.RUNNING)

parameters = experiment.get_log("parameters").data
labels = ["car", "bird"]
try:
    experiment.get_log("labelmap")
except ResourceNotFoundError:
    experiment.log("labelmap", {str(index): name for index, name in enumerate(labels)}, LogType.LABELMAP)
experiment.log("train/objects_distribution", {"x": labels, "y": [120, 80]}, LogType.BAR)

for epoch in range(int(parameters["epochs"])):
    experiment.log("train/loss", 1 / (epoch + 1), LogType.LINE)
    experiment.log("val/mAP50(B)", [0.25 * (epoch + 1)], LogType.LINE)
    Image.new("RGB", (32, 32), (80 * epoch, 0, 0)).save("sample.png")
    experiment.log("val/sample", "sample.png", LogType.IMAGE)

experiment.log("confusion-matrix", {"categories": labels, "values": [[110, 10], [5, 75]]}, type=LogType.HEATMAP)
table = {"data": [[0.8, 120], [0.7, 80]], "rows": labels, "columns": ["mAP", "instances"]}
experiment.log("test/metrics", table, type=LogType.TABLE)
experiment.log("best", 0.75, type=LogType.VALUE)
experiment.update(status=ExperimentStatus.SUCCESS)
