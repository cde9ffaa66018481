"""What all logs have in common: names, kinds, replacing, listing, renaming, deleting."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from picsellia import Client, Experiment
from picsellia.exceptions import BadRequestError, ResourceConflictError, ResourceNotFoundError
from picsellia.sdk.log import LogType

from house.sdk import ask, refused

#: Something small for each kind, and something else; images are another matter (test_images.py).
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


def names(logs: list) -> list[str]:
    return [log.name for log in logs]


@pytest.mark.parametrize("kind", SAMPLES)
def test_is_logged_and_read(experiment: Experiment, kind: str):
    for name, data in zip(["first", "second"], SAMPLES[kind]):
        logged = experiment.log(name, data, kind)
        read = experiment.get_log(name)
        for log in (logged, read):
            assert (log.name, log.type, log.data) == (name, LogType[kind], data)
        assert read.id == logged.id and isinstance(logged.id, UUID)
        assert logged == read


@pytest.mark.parametrize("form", [LogType.VALUE, "VALUE", "value", "Value"])
def test_the_type_is_taken_in_any_form(experiment: Experiment, form: LogType | str):
    assert experiment.log("accuracy", 0.5, form).type == LogType.VALUE


@pytest.mark.parametrize("kind", REPLACED)
def test_logging_again_replaces(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    first = experiment.log("same", before, kind)
    second = experiment.log("same", after, kind)
    assert second.id == first.id
    assert experiment.get_log("same").data == after
    assert first.sync()["data"] == after
    assert names(experiment.list_logs()) == ["same"]


@pytest.mark.parametrize("kind", SAMPLES)
def test_is_not_replaced_when_told_not_to(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    experiment.log("same", before, kind, replace=False)
    with refused(ResourceConflictError, "same"):
        experiment.log("same", after, kind, replace=False)
    assert experiment.get_log("same").data == before


@pytest.mark.parametrize("kind", SAMPLES)
def test_keeps_its_kind(experiment: Experiment, kind: str):
    data = SAMPLES[kind][0]
    experiment.log("same", data, kind)
    for other in SAMPLES.keys() - {kind}:
        with refused(ResourceConflictError, "same", kind):
            experiment.log("same", SAMPLES[other][0], other)
    assert experiment.get_log("same").data == data


def test_is_another_log_in_another_experiment(experiment: Experiment, another: Callable[[], Experiment]):
    other = another()
    experiment.log("same", 1, "VALUE")
    other.log("same", "text", "VALUE")
    assert (experiment.get_log("same").data, other.get_log("same").data) == (1, "text")


@pytest.mark.parametrize(
    "name",
    ["loss", "train/loss", "val/mAP50(B)", "a b", "50 %", "a?b&c=d#e", "%2F", "Präzision", "損失", "x" * 255, "..", "/", "+"],
)
def test_has_any_readable_name(experiment: Experiment, name: str):
    experiment.log(name, 0.5, "LINE")
    assert experiment.log(name, 0.4, "LINE").name == name
    assert experiment.get_log(name).data == [0.5, 0.4]
    assert names(experiment.list_logs()) == [name]


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, "two\nlines", "nul\0"], ids=repr)
def test_a_name_that_is_none(experiment: Experiment, name: str):
    with refused(BadRequestError, "name"):
        experiment.log(name, 0.5, "LINE")
    assert experiment.list_logs() == []


def test_a_name_is_trimmed(experiment: Experiment):
    experiment.log(" loss ", 1, "VALUE")
    assert names(experiment.list_logs()) == ["loss"]


@pytest.mark.parametrize("kind", ["line", "TEXT", ""])
def test_a_type_that_is_none(client: Client, experiment: Experiment, kind: object):
    body = {"name": "loss", "data": 0.5, "type": kind}
    answer = ask(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert "LINE" in answer.json()["message"], "the sentence tells the types there are"


@pytest.mark.parametrize("wrong", [{"type": None}, {"type": 3}, {"name": None}, {"name": 3}], ids=repr)
def test_a_field_that_is_something_else(client: Client, experiment: Experiment, wrong: dict):
    body = {"name": "loss", "data": 0.5, "type": "LINE"} | wrong
    answer = ask(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["message"]
    assert experiment.list_logs() == []


@pytest.mark.parametrize("missing", ["name", "data", "type"])
def test_a_field_that_is_missing(client: Client, experiment: Experiment, missing: str):
    body = {"name": "loss", "data": {"x": 1}, "type": "TABLE"}
    del body[missing]
    answer = ask(client, "POST", f"/api/experiment/{experiment.id}/logs", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert missing in answer.json()["message"]


def test_a_log_that_does_not_exist(client: Client, experiment: Experiment):
    experiment.log("loss", 1, "VALUE")
    for name in ["there is none", "Loss", "los", "loss%", "lo_s"]:
        with refused(ResourceNotFoundError, "log"):
            experiment.get_log(name)
    for method, body in [("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)]:
        answer = ask(client, method, f"/api/log/{uuid4()}", json=body)
        assert answer.status_code == 404, answer.text
    assert ask(client, "POST", f"/api/log/{uuid4()}/append", json={"data": 1}).status_code == 404


def test_an_id_that_is_none(client: Client):
    for path in ("/api/log/loss", "/api/experiment/1", "/api/project/x", "/api/organization/y"):
        answer = ask(client, "GET", path)
        assert answer.status_code in (400, 404, 422), answer.text
        assert answer.json()["message"]


def test_are_listed_as_they_came(experiment: Experiment):
    assert experiment.list_logs() == []
    for name, (kind, (data, _)) in zip("gfedcba", SAMPLES.items()):
        experiment.log(name, data, kind)
    listed = experiment.list_logs()
    assert names(listed) == list("gfedcba")
    assert [log.data for log in listed] == [data for data, _ in SAMPLES.values()]
    assert [log.type.name for log in listed] == list(SAMPLES)


def test_are_listed_in_order_and_in_pages(experiment: Experiment):
    for name in ["b", "d", "c", "a"]:
        experiment.log(name, 1, "VALUE")
    assert names(experiment.list_logs(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names(experiment.list_logs(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names(experiment.list_logs(limit=2)) == ["b", "d"]
    assert names(experiment.list_logs(limit=2, offset=2)) == ["c", "a"]
    assert names(experiment.list_logs(offset=3)) == ["a"]
    assert experiment.list_logs(limit=1, offset=4) == []
    with refused(BadRequestError, "colour"):
        experiment.list_logs(order_by=["colour"])


def test_all_are_listed_unless_told_otherwise(experiment: Experiment):
    """Scripts read all logs with one call and do not know of pages."""
    for number in range(120):
        experiment.log(f"metric {number}", number, "VALUE")
    assert len(experiment.list_logs()) == 120


@pytest.mark.parametrize("kind", SAMPLES)
def test_data_is_changed(experiment: Experiment, kind: str):
    before, after = SAMPLES[kind]
    log = experiment.log("same", before, kind)
    log.update(data=after)
    assert log.data == after
    assert experiment.get_log("same").data == after
    assert experiment.get_log("same").type.name == kind


def test_is_renamed(experiment: Experiment):
    log = experiment.log("loss", [1.0, 2.0], "LINE")
    log.update(name="train/loss")
    assert log.name == "train/loss"
    assert experiment.get_log("train/loss").id == log.id
    assert experiment.get_log("train/loss").data == [1.0, 2.0]
    with refused(ResourceNotFoundError):
        experiment.get_log("loss")
    assert experiment.log("loss", 3.0, "LINE").id != log.id


def test_is_renamed_and_changed_at_once(experiment: Experiment):
    log = experiment.log("accuracy", 0.5, "VALUE")
    log.update(name="precision", data=0.75)
    assert (log.name, log.data) == ("precision", 0.75)
    assert experiment.get_log("precision").data == 0.75


def test_is_not_given_a_taken_or_wrong_name(experiment: Experiment):
    experiment.log("loss", 1, "VALUE")
    log = experiment.log("accuracy", 2, "VALUE")
    with refused(ResourceConflictError, "loss"):
        log.update(name="loss")
    with refused(BadRequestError, "name"):
        log.update(name="x" * 256)
    with refused(ResourceConflictError, "loss"):
        log.update(name="loss", data=3)
    assert (experiment.get_log("loss").data, experiment.get_log("accuracy").data) == (1, 2)


def test_is_deleted(experiment: Experiment):
    log = experiment.log("loss", [1.0], "LINE")
    kept = experiment.log("accuracy", 0.5, "VALUE")
    log.delete()
    for gone in (log.sync, log.delete, lambda: experiment.get_log("loss"), lambda: log.append(1.0)):
        with refused(ResourceNotFoundError):
            gone()
    assert names(experiment.list_logs()) == ["accuracy"]
    assert experiment.log("loss", 2.0, "LINE").id != log.id
    assert experiment.get_log("loss").data == [2.0], "a new line of that name begins anew"
    assert kept.sync()["data"] == 0.5


def test_all_are_deleted(experiment: Experiment, another: Callable[[], Experiment]):
    experiment.delete_all_logs()
    other = another()
    other.log("stays", 1, "VALUE")
    for name, (kind, (data, _)) in zip("abcdefg", SAMPLES.items()):
        experiment.log(name, data, kind)
    experiment.delete_all_logs()
    assert experiment.list_logs() == []
    assert names(other.list_logs()) == ["stays"]


def test_those_of_another_experiment_are_not_deleted_along(
    client: Client, experiment: Experiment, another: Callable[[], Experiment]
):
    log = another().log("stays", 1, "VALUE")
    ask(client, "DELETE", f"/api/experiment/{experiment.id}/logs", json={"ids": [str(log.id)]})
    assert log.sync()["data"] == 1
