"""All shapes of data that scripts send for each log type, and unusual ones."""

import pytest
from picsellia import Client, Experiment

from harness.sdk import send_request

NAN, INFINITY = float("nan"), float("inf")

#: Log type, sent data, and the data that is read back if it differs.
SHAPES = [
    ("VALUE", 0.5),
    ("VALUE", 3),
    ("VALUE", 0),
    ("VALUE", -1e-300),
    ("VALUE", "yolov8n"),
    ("VALUE", ""),
    ("VALUE", "Zwölf Boxkämpfer 🥊\nauf zwei Zeilen"),
    ("VALUE", NAN, "NaN"),
    ("BAR", {"x": ["car", "bird"], "y": [12, 0.5]}),
    ("BAR", {"x": [], "y": []}),
    ("BAR", {"x": ["car"], "y": [3], "image_list": ["a.jpg", "b.jpg"]}),
    ("BAR", {"x": ["car", "bird"], "y": [NAN, 1]}, {"x": ["car", "bird"], "y": [None, 1]}),
    ("TABLE", {}),
    ("TABLE", {"epochs": 50, "lr": 0.001, "optimizer": "adam", "augment": True, "weights": None}),
    ("TABLE", {"z": 1, "a": 2, "m": 3}),
    ("TABLE", {"0": "car", "1": "bird"}),
    ("TABLE", {"mAP": NAN}, {"mAP": None}),
    ("TABLE", {"data": [[0.5, 3], [0.7, 4]], "rows": ["car", "bird"], "columns": ["AP", "n"]}),
    ("TABLE", {"data": [["a", 1], [None, 2.5]], "rows": ["1", "2"], "columns": ["name", "n"]}),
    ("TABLE", {"data": [], "rows": [], "columns": []}),
    ("HEATMAP", {"categories": ["car", "bird"], "values": [[9, 1], [2, 8]]}),
    ("HEATMAP", {"categories": ["car"], "values": [[0.125]]}),
    ("HEATMAP", {"categories": [], "values": []}),
    ("HEATMAP", {"categories": ["car"], "values": [[INFINITY]]}, {"categories": ["car"], "values": [[None]]}),
    ("LABELMAP", {"0": "car", "1": "bird"}),
    ("LABELMAP", {"10": "ten", "9": "nine"}),
    ("LABELMAP", {}),
    ("EVALUATION", {"metrics": {"AP": 0.5}, "images": [{"name": "a.jpg", "boxes": [[0, 0, 1, 1]]}]}),
    ("EVALUATION", [{"name": "a.jpg"}, {"name": "b.jpg"}]),
    ("EVALUATION", []),
]

#: Log type, data in a shape that scripts send by mistake or that the type does not draw, and the data that is read back if it
#: differs. None of it may end a training.
UNUSUAL_SHAPES = [
    ("VALUE", [1, 2]),
    ("VALUE", {"a": 1}),
    ("VALUE", "x" * 30_000),
    ("LINE", "Net(\n conv)", ["Net(\n conv)"]),
    ("LINE", "0.5", [0.5]),
    ("LINE", [1, "two", True], [1.0, "two", 1.0]),
    ("LINE", [[1, 2], [0.5, 3]], {"steps": [0.5, 1], "values": [3.0, 2.0]}),
    ("LINE", {"train": [0.5], "val": 0.6}, {"train": [0.5], "val": [0.6]}),
    ("LINE", {"steps": [1, 2], "values": [0.5]}, [{"steps": [1, 2], "values": [0.5]}]),
    ("LINE", {"steps": [0.5], "values": [0.25]}),
    ("LINE", {"steps": ["1"], "values": [0.5]}, {"steps": [1], "values": [0.5]}),
    ("LINE", {"steps": [1], "values": ["high"]}),
    ("LINE", {"steps": 1, "values": 0.5}, [{"steps": 1, "values": 0.5}]),
    ("LINE", {"steps": [2**60], "values": [0.5]}, [{"steps": [2**60], "values": [0.5]}]),
    ("BAR", [12.5]),
    ("BAR", 3),
    ("BAR", {"a": 1, "b": 2}),
    ("BAR", {"x": ["car"]}),
    ("BAR", {"x": ["car", "bird"], "y": [1]}),
    ("BAR", {"x": ["car"], "y": ["many"]}),
    ("TABLE", [1, 2]),
    ("TABLE", "text"),
    ("TABLE", {"data": [[1]], "columns": ["AP", "n"]}),
    ("TABLE", {"data": [[1, 2]], "rows": ["car", "bird"], "columns": ["AP", "n"]}),
    ("TABLE", {"optimizer": {"name": "sgd", "schedule": {"lr": [0.1, 0.01]}}}),
    ("HEATMAP", [[1, 2], [3, 4]]),
    ("HEATMAP", {"categories": ["a", "b", "c"], "values": [[9, 1], [2, 8]]}),
    ("HEATMAP", {"x": ["a", "b"], "y": ["c"], "values": [[1, 2]]}),
    ("HEATMAP", {"categories": ["a"], "values": [["b"]]}),
    ("LABELMAP", ["car", "bird"]),
    ("LABELMAP", {"0": True, "1": False}),
    ("LABELMAP", {"car": 0, "bird": 1}),
    ("LABELMAP", {"0": ["car"]}),
    ("EVALUATION", 12.5),
    ("EVALUATION", "good"),
]


def case_id(case: object) -> str:
    return repr(case)[:50]


@pytest.mark.parametrize("case", SHAPES, ids=case_id)
def test_stores_data_unchanged(experiment: Experiment, case: tuple):
    kind, sent, *back = case
    expected = back[0] if back else sent
    assert experiment.log("log", sent, kind).data == expected
    read = experiment.get_log("log").data
    assert read == expected
    if isinstance(read, dict):
        assert list(read) == list(expected), "the order of the script is kept"
    if isinstance(read, (int, float)):
        assert type(read) is type(expected), "integers stay integers"


@pytest.mark.parametrize("case", UNUSUAL_SHAPES, ids=case_id)
def test_unusual_shapes_are_kept(experiment: Experiment, case: tuple):
    kind, sent, *back = case
    log = experiment.log("log", sent, kind)
    assert log.type.name == kind
    assert experiment.get_log("log").data == (back[0] if back else sent)
    assert [listed.name for listed in experiment.list_logs()] == ["log"]


def test_integers_of_64_bits_are_exact(experiment: Experiment):
    data = [2**64 - 1, -(2**63), 2**53 + 1]
    experiment.log("log", data, "TABLE")
    assert experiment.get_log("log").data == data


def test_rejects_missing_data(experiment: Experiment):
    """The SDK itself rejects it."""
    with pytest.raises(Exception, match="data"):
        experiment.log("log", None, "VALUE")
    assert experiment.list_logs() == []


@pytest.mark.parametrize("kind", ["BAR", "TABLE", "HEATMAP", "LABELMAP", "EVALUATION", "IMAGE"])
def test_null_is_kept_as_a_list(client: Client, experiment: Experiment, kind: str):
    """The SDK sends NaN as null, but rejects responses whose data is null."""
    body = {"name": "log", "data": None, "type": kind}
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code == 200, response.text
    assert experiment.get_log("log").data == [None]


def test_stores_a_confusion_matrix_of_eighty_classes(experiment: Experiment):
    categories = [f"class {number}" for number in range(80)]
    values = [[(row * 80 + column) % 97 for column in range(80)] for row in range(80)]
    experiment.log("confusion", {"categories": categories, "values": values}, "HEATMAP")
    assert experiment.get_log("confusion").data == {"categories": categories, "values": values}
