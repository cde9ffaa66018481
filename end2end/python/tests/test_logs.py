"""Behavior that all log types share: names, types, replacement, lists, renaming, deletion."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from picsellia import Client, Experiment
from picsellia.exceptions import BadRequestError, PicselliaError, ResourceConflictError, ResourceNotFoundError
from picsellia.sdk.log import LogType

from harness.sdk import raises_with_words, send_request

#: Two small samples for each type, except for images (test_images.py).
SAMPLES = {
    "VALUE": (0.5, 0.75),
    "LINE": ([1.0], [2.0]),
    "BAR": ({"x": ["cat"], "y": [3]}, {"x": ["dog", "cow"], "y": [5, 6.5]}),
    "TABLE": ({"epochs": 50}, {"data": [[0.5, 1]], "rows": ["cat"], "columns": ["AP", "n"]}),
    "HEATMAP": ({"categories": ["cat"], "values": [[1]]}, {"categories": ["a", "b"], "values": [[9, 1], [2, 8]]}),
    "LABELMAP": ({"0": "cat"}, {"0": "dog", "1": "cow"}),
    "EVALUATION": ({"cat": {"AP": 0.5}}, [{"image": "a.jpg", "AP": 0.25}]),
}
REPLACED = [kind for kind in SAMPLES if kind != "LINE"]

#: Data above the 1 MiB that other requests may have.
LARGE = {
    "100,000 values": ("LINE", [index**0.5 for index in range(100_000)]),
    "1,000 × 1,000": ("HEATMAP", {"values": [[(row * column) % 997 / 100 for column in range(1_000)] for row in range(1_000)]}),
    "365 × 365": ("HEATMAP", {"values": [[(row * 365 + column) ** 0.5 for column in range(365)] for row in range(365)]}),
}


def names_of(logs: list) -> list[str]:
    return [log.name for log in logs]


@pytest.mark.parametrize("kind", SAMPLES)
def test_logs_and_reads(experiment: Experiment, kind: str):
    for name, data in zip(["first", "second"], SAMPLES[kind]):
        logged = experiment.log(name, data, kind)
        read = experiment.get_log(name)
        for log in (logged, read):
            assert (log.name, log.type, log.data) == (name, LogType[kind], data)
        assert read.id == logged.id and isinstance(logged.id, UUID)
        assert logged == read


@pytest.mark.parametrize("large", LARGE)
def test_large_data_is_logged_and_read(experiment: Experiment, large: str):
    kind, data = LARGE[large]
    assert experiment.log("large", data, kind).data == data
    assert experiment.get_log("large").data == data


def test_data_above_16_mebibytes_is_rejected(experiment: Experiment):
    # The SDK replaces the server's message, which names the limit.
    with raises_with_words(PicselliaError):
        experiment.log("large", "x" * (16 << 20), "VALUE")


@pytest.mark.parametrize("form", [LogType.VALUE, "VALUE", "value", "Value"])
def test_accepts_the_type_in_any_case(experiment: Experiment, form: LogType | str):
    assert experiment.log("accuracy", 0.5, form).type == LogType.VALUE


@pytest.mark.parametrize("kind", REPLACED)
def test_logging_again_replaces_the_data(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    first = experiment.log("same", before, kind)
    second = experiment.log("same", after, kind)
    assert second.id == first.id
    assert experiment.get_log("same").data == after
    assert first.sync()["data"] == after
    assert names_of(experiment.list_logs()) == ["same"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_is_not_replaced_with_replace_false(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    experiment.log("same", before, kind, replace=False)
    with raises_with_words(ResourceConflictError, "same"):
        experiment.log("same", after, kind, replace=False)
    assert experiment.get_log("same").data == before


@pytest.mark.parametrize("kind", REPLACED)
def test_a_document_takes_the_type_of_new_data(experiment: Experiment, kind: str):
    experiment.log("same", 1, "VALUE")
    experiment.log("same", SAMPLES[kind][0], kind)
    read = experiment.get_log("same")
    assert (read.type.name, read.data) == (kind, SAMPLES[kind][0])


@pytest.mark.parametrize("kind", REPLACED)
def test_a_line_stays_a_line(experiment: Experiment, kind: str):
    experiment.log("line", [1.0], "LINE")
    with raises_with_words(ResourceConflictError, "line", "LINE"):
        experiment.log("line", SAMPLES[kind][0], kind)
    experiment.log("document", SAMPLES[kind][0], kind)
    with raises_with_words(ResourceConflictError, "document", kind):
        experiment.log("document", [1.0], "LINE")
    assert [log.data for log in experiment.list_logs()] == [[1.0], SAMPLES[kind][0]]


def test_experiments_have_separate_logs(experiment: Experiment, create_experiment: Callable[[], Experiment]):
    other = create_experiment()
    experiment.log("same", 1, "VALUE")
    other.log("same", "text", "VALUE")
    assert (experiment.get_log("same").data, other.get_log("same").data) == (1, "text")


@pytest.mark.parametrize(
    "name",
    ["loss", "train/loss", "val/mAP50(B)", "a b", "50 %", "a?b&c=d#e", "%2F", "Präzision", "損失", "x" * 255, "..", "/", "+"],
)
def test_accepts_any_printable_name(experiment: Experiment, name: str):
    experiment.log(name, 0.5, "LINE")
    assert experiment.log(name, 0.4, "LINE").name == name
    assert experiment.get_log(name).data == [0.5, 0.4]
    assert names_of(experiment.list_logs()) == [name]


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "\ufeff\n\0"], ids=repr)
def test_rejects_invalid_names(experiment: Experiment, name: str):
    with raises_with_words(BadRequestError, "name"):
        experiment.log(name, 0.5, "LINE")
    assert experiment.list_logs() == []


@pytest.mark.parametrize("name", [" loss ", "\ufeffloss", "lo\u200bss", "loss\xa0", "lo\nss\0"], ids=repr)
def test_invisible_characters_are_removed_from_names(experiment: Experiment, name: str):
    experiment.log("loss", 1, "VALUE")
    experiment.log(name, 2, "VALUE")
    assert names_of(experiment.list_logs()) == ["loss"]
    assert experiment.get_log(name).data == 2


@pytest.mark.parametrize("kind", ["line", "TEXT", ""])
def test_rejects_unknown_types(client: Client, experiment: Experiment, kind: object):
    body = {"name": "loss", "data": 0.5, "type": kind}
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code in (400, 422), response.text
    assert "LINE" in response.json()["message"], "the message lists the valid types"


@pytest.mark.parametrize("wrong", [{"type": None}, {"type": 3}, {"name": None}, {"name": 3}], ids=repr)
def test_rejects_fields_of_the_wrong_type(client: Client, experiment: Experiment, wrong: dict):
    body = {"name": "loss", "data": 0.5, "type": "LINE"} | wrong
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code in (400, 422), response.text
    assert response.json()["message"]
    assert experiment.list_logs() == []


@pytest.mark.parametrize("missing", ["name", "data", "type"])
def test_rejects_missing_fields(client: Client, experiment: Experiment, missing: str):
    body = {"name": "loss", "data": {"x": 1}, "type": "TABLE"}
    del body[missing]
    response = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert response.status_code in (400, 422), response.text
    assert missing in response.json()["message"]


def test_an_unknown_log_is_not_found(client: Client, experiment: Experiment):
    experiment.log("loss", 1, "VALUE")
    for name in ["unknown", "Loss", "los", "loss%", "lo_s"]:
        with raises_with_words(ResourceNotFoundError, "log"):
            experiment.get_log(name)
    for method, body in [("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)]:
        response = send_request(client, method, f"/api/log/{uuid4()}", json=body)
        assert response.status_code == 404, response.text
    assert send_request(client, "POST", f"/api/log/{uuid4()}/append", json={"data": 1}).status_code == 404


def test_rejects_invalid_ids(client: Client):
    for path in ("/api/log/loss", "/api/experiment/1", "/api/project/x", "/api/organization/y"):
        response = send_request(client, "GET", path)
        assert response.status_code in (400, 404, 422), response.text
        assert response.json()["message"]


def test_lists_in_order_of_creation(experiment: Experiment):
    assert experiment.list_logs() == []
    for name, (kind, (data, _)) in zip("gfedcba", SAMPLES.items()):
        experiment.log(name, data, kind)
    listed = experiment.list_logs()
    assert names_of(listed) == list("gfedcba")
    assert [log.data for log in listed] == [data for data, _ in SAMPLES.values()]
    assert [log.type.name for log in listed] == list(SAMPLES)


def test_lists_in_order_and_in_pages(experiment: Experiment):
    for name in ["b", "d", "c", "a"]:
        experiment.log(name, 1, "VALUE")
    assert names_of(experiment.list_logs(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names_of(experiment.list_logs(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names_of(experiment.list_logs(limit=2)) == ["b", "d"]
    assert names_of(experiment.list_logs(limit=2, offset=2)) == ["c", "a"]
    assert names_of(experiment.list_logs(offset=3)) == ["a"]
    assert experiment.list_logs(limit=1, offset=4) == []
    with raises_with_words(BadRequestError, "color"):
        experiment.list_logs(order_by=["color"])


def test_lists_all_logs_by_default(client: Client, experiment: Experiment):
    """Scripts read all logs with one call, without pages."""
    numbers = range(1_200)
    for part in (numbers[:1_000], numbers[1_000:]):
        logs = [{"name": f"{number:04}", "values": [number]} for number in part]
        sent = send_request(client, "POST", f"/api/experiment/{experiment.id}/logs/batch", json={"logs": logs})
        assert sent.status_code == 200, sent.text
    listed = experiment.list_logs(order_by=["name"])
    assert [log.data for log in listed] == [[number] for number in numbers]
    assert len(experiment.list_logs(limit=1_000)) == 1_000


@pytest.mark.parametrize("kind", SAMPLES)
def test_updates_the_data(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    log = experiment.log("same", before, kind)
    log.update(data=after)
    assert log.data == after
    assert experiment.get_log("same").data == after
    assert experiment.get_log("same").type.name == kind


def test_renames(experiment: Experiment):
    log = experiment.log("loss", [1.0, 2.0], "LINE")
    log.update(name="train/loss")
    assert log.name == "train/loss"
    assert experiment.get_log("train/loss").id == log.id
    assert experiment.get_log("train/loss").data == [1.0, 2.0]
    with raises_with_words(ResourceNotFoundError):
        experiment.get_log("loss")
    assert experiment.log("loss", 3.0, "LINE").id != log.id


def test_renames_and_updates_in_one_call(experiment: Experiment):
    log = experiment.log("accuracy", 0.5, "VALUE")
    log.update(name="precision", data=0.75)
    assert (log.name, log.data) == ("precision", 0.75)
    assert experiment.get_log("precision").data == 0.75


def test_rejects_renaming_to_a_used_or_invalid_name(experiment: Experiment):
    experiment.log("loss", 1, "VALUE")
    log = experiment.log("accuracy", 2, "VALUE")
    with raises_with_words(ResourceConflictError, "loss"):
        log.update(name="loss")
    with raises_with_words(BadRequestError, "name"):
        log.update(name="x" * 256)
    with raises_with_words(ResourceConflictError, "loss"):
        log.update(name="loss", data=3)
    assert (experiment.get_log("loss").data, experiment.get_log("accuracy").data) == (1, 2)


def test_deletes(experiment: Experiment):
    log = experiment.log("loss", [1.0], "LINE")
    kept = experiment.log("accuracy", 0.5, "VALUE")
    log.delete()
    for gone in (log.sync, log.delete, lambda: experiment.get_log("loss"), lambda: log.append(1.0)):
        with raises_with_words(ResourceNotFoundError):
            gone()
    assert names_of(experiment.list_logs()) == ["accuracy"]
    assert experiment.log("loss", 2.0, "LINE").id != log.id
    assert experiment.get_log("loss").data == [2.0], "a new line of that name starts empty"
    assert kept.sync()["data"] == 0.5


def test_deletes_all_logs(experiment: Experiment, create_experiment: Callable[[], Experiment]):
    experiment.delete_all_logs()
    other = create_experiment()
    other.log("stays", 1, "VALUE")
    for name, (kind, (data, _)) in zip("abcdefg", SAMPLES.items()):
        experiment.log(name, data, kind)
    experiment.delete_all_logs()
    assert experiment.list_logs() == []
    assert names_of(other.list_logs()) == ["stays"]


def test_deleting_does_not_affect_other_experiments(
    client: Client, experiment: Experiment, create_experiment: Callable[[], Experiment]
):
    log = create_experiment().log("stays", 1, "VALUE")
    send_request(client, "DELETE", f"/api/experiment/{experiment.id}/logs", json={"ids": [str(log.id)]})
    assert log.sync()["data"] == 1
