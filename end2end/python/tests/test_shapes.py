"""All shapes of data that scripts send for each log type, and invalid shapes."""

import pytest
from picsellia import Client, Experiment
from picsellia.exceptions import BadRequestError

from harness.sdk import raises_with_words, send_request

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

#: Log type, sent data, and words of the error message: what is wrong, and the expected shape.
INVALID_SHAPES = [
    ("VALUE", [1, 2], "a list", "a number or a text"),
    ("VALUE", {"a": 1}, "an object", "a number or a text"),
    ("LINE", "0.5", '"0.5"', "a list of numbers"),
    ("LINE", [1, "two"], '"two"', "a list of numbers"),
    ("LINE", [[1, 2]], "a list", "steps"),
    ("LINE", {"a": 1}, "values", "steps"),
    ("LINE", {"steps": [1, 2], "values": [0.5]}, "2", "1", "steps"),
    ("LINE", {"steps": [0.5], "values": [0.5]}, "0.5", "whole"),
    ("LINE", {"steps": ["1"], "values": [0.5]}, '"1"', "whole"),
    ("LINE", {"steps": [1], "values": ["high"]}, '"high"'),
    ("LINE", {"steps": 1, "values": 0.5}, "not a list"),
    ("LINE", {"steps": [2**60], "values": [0.5]}, "2^53"),
    ("BAR", [1, 2], "a list", '"x"', '"y"'),
    ("BAR", 3, "3", '"x"'),
    ("BAR", {"x": ["car"]}, "'y'", '"x"'),
    ("BAR", {"y": [1]}, "'x'", '"y"'),
    ("BAR", {"x": ["car", "bird"], "y": [1]}, "2 labels", "1 numbers"),
    ("BAR", {"x": ["car"], "y": ["many"]}, '"many"'),
    ("BAR", {"x": "car", "y": 1}, "not a list"),
    ("TABLE", [1, 2], "a list", "columns"),
    ("TABLE", "text", '"text"', "columns"),
    ("TABLE", {"data": [[1]], "rows": ["car"], "columns": ["AP", "n"]}, "row 0", "2 columns"),
    ("TABLE", {"data": [[1, 2]], "rows": ["car", "bird"], "columns": ["AP", "n"]}, "2 names", "1 row"),
    ("HEATMAP", [[1, 2], [3, 4]], "a list", "categories"),
    ("HEATMAP", {"values": [[1]]}, "categories"),
    ("HEATMAP", {"categories": ["a", "b"], "values": [[1, 2]]}, "2 categories", "1 rows"),
    ("HEATMAP", {"categories": ["a", "b"], "values": [[1, 2], [3]]}, "row 1"),
    ("HEATMAP", {"categories": ["a"], "values": [["b"]]}, '"b"'),
    ("LABELMAP", ["car", "bird"], "a list", '"0"'),
    ("LABELMAP", {"0": ["car"]}, "'0'", "a list"),
    ("EVALUATION", 3, "3", "a list or an object"),
    ("EVALUATION", "good", '"good"', "a list or an object"),
    ("IMAGE", {"filename": "a.png"}, "object_name"),
    ("IMAGE", [1], "object_name"),
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


@pytest.mark.parametrize("case", INVALID_SHAPES, ids=case_id)
def test_rejects_invalid_shapes(client: Client, experiment: Experiment, case: tuple):
    kind, sent, *words = case
    if kind == "IMAGE":  # the SDK accepts only a path
        body = {"name": "log", "data": sent, "type": kind}
        response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
        assert response.status_code in (400, 422), response.text
        assert all(word in response.json()["message"].lower() for word in words), response.text
    else:
        with raises_with_words(BadRequestError, kind, *words):
            experiment.log("log", sent, kind)
    assert experiment.list_logs() == [], "nothing was stored"


@pytest.mark.parametrize("case", [case for case in INVALID_SHAPES if case[0] not in ("LINE", "IMAGE")], ids=case_id)
def test_an_invalid_shape_does_not_replace_data(experiment: Experiment, case: tuple):
    kind, sent, *_ = case
    valid = {
        "VALUE": 1,
        "BAR": {"x": ["car"], "y": [1]},
        "TABLE": {"a": 1},
        "HEATMAP": {"categories": ["car"], "values": [[1]]},
        "LABELMAP": {"0": "car"},
        "EVALUATION": {"a": 1},
    }
    log = experiment.log("log", valid[kind], kind)
    with raises_with_words(BadRequestError, kind):
        log.update(data=sent)
    with raises_with_words(BadRequestError, kind):
        experiment.log("log", sent, kind)
    assert experiment.get_log("log").data == valid[kind]


def test_rejects_missing_data(experiment: Experiment):
    """The SDK itself rejects it."""
    with pytest.raises(Exception, match="data"):
        experiment.log("log", None, "VALUE")
    assert experiment.list_logs() == []


@pytest.mark.parametrize("kind", ["BAR", "TABLE", "HEATMAP", "LABELMAP", "EVALUATION", "IMAGE"])
def test_rejects_null(client: Client, experiment: Experiment, kind: str):
    body = {"name": "log", "data": None, "type": kind}
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code in (400, 422), response.text
    assert kind in response.json()["message"]


def test_stores_a_confusion_matrix_of_eighty_classes(experiment: Experiment):
    categories = [f"class {number}" for number in range(80)]
    values = [[(row * 80 + column) % 97 for column in range(80)] for row in range(80)]
    experiment.log("confusion", {"categories": categories, "values": values}, "HEATMAP")
    assert experiment.get_log("confusion").data == {"categories": categories, "values": values}
