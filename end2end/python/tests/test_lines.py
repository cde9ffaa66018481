"""Lines: the only log type that is appended to."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from picsellia import Client, Experiment
from picsellia.exceptions import ResourceConflictError
from picsellia.sdk.log import Log

from harness.sdk import raises_with_words, send_request
from harness.users import User

NAN, INFINITY = float("nan"), float("inf")


def test_appends_numbers(experiment: Experiment):
    for epoch in range(5):
        log = experiment.log("loss", 1 / (epoch + 1), "LINE")
    assert log.sync()["data"] == [1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5]
    assert experiment.get_log("loss").data == [1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5]


def test_appends_lists(experiment: Experiment):
    for values in ([0.9], [0.8, 0.7], [], [0.6]):
        experiment.log("loss", values, "LINE")
    assert experiment.get_log("loss").data == [0.9, 0.8, 0.7, 0.6]


def test_accepts_numbers_and_lists_in_one_line(experiment: Experiment):
    experiment.log("loss", 3, "LINE")
    experiment.log("loss", [2, 1.5], "LINE")
    experiment.log("loss", -1, "LINE")
    assert experiment.get_log("loss").data == [3, 2, 1.5, -1]


def test_an_empty_list_creates_an_empty_line(experiment: Experiment):
    assert experiment.log("loss", [], "LINE").data == []
    assert experiment.get_log("loss").data == []


def test_responds_with_the_sent_values_only(experiment: Experiment):
    """A script that logs the millionth value does not receive a million values."""
    assert experiment.log("loss", 0.5, "LINE").data == [0.5]
    assert experiment.log("loss", 0.25, "LINE").data == [0.25]
    log = experiment.log("loss", [0.1, 0.2], "LINE")
    assert log.data == [0.1, 0.2]
    log.append(0.3)
    assert log.data == [0.3]
    log.append([0.4, 0.5])
    assert log.data == [0.4, 0.5]


def test_stores_steps(experiment: Experiment):
    experiment.log("loss", {"steps": [10, 20, 30], "values": [3.0, 2.0, 1.0]}, "LINE")
    assert experiment.get_log("loss").data == {"steps": [10, 20, 30], "values": [3.0, 2.0, 1.0]}


def test_sorts_steps_that_repeat_or_decrease(experiment: Experiment):
    experiment.log("loss", {"steps": [5, 1, 5], "values": [0.1, 0.2, 0.3]}, "LINE")
    experiment.log("loss", {"steps": [3, 1], "values": [0.4, 0.5]}, "LINE")
    assert experiment.get_log("loss").data == {"steps": [1, 1, 3, 5, 5], "values": [0.2, 0.5, 0.4, 0.1, 0.3]}


def test_a_value_without_a_step_follows_the_largest_step(experiment: Experiment):
    experiment.log("loss", {"steps": [100], "values": [1.0]}, "LINE")
    experiment.log("loss", 2.0, "LINE")
    experiment.log("loss", [3.0, 4.0], "LINE")
    assert experiment.get_log("loss").data == {"steps": [100, 101, 102, 103], "values": [1.0, 2.0, 3.0, 4.0]}


def test_steps_can_follow_values_without_steps(experiment: Experiment):
    experiment.log("loss", [1.0, 2.0], "LINE")
    experiment.log("loss", {"steps": [7], "values": [3.0]}, "LINE")
    assert experiment.get_log("loss").data == {"steps": [0, 1, 7], "values": [1.0, 2.0, 3.0]}


@pytest.mark.parametrize("step", [0, -5, 2**31, 2**53, -(2**53)])
def test_accepts_steps_up_to_53_bits(experiment: Experiment, step: int):
    experiment.log("loss", {"steps": [step], "values": [1.0]}, "LINE")
    assert experiment.get_log("loss").data == {"steps": [step], "values": [1.0]}


def test_appends_to_a_log(experiment: Experiment):
    log = experiment.log("loss", 1.0, "LINE")
    log.append(2.0)
    log.append([3.0, 4])
    log.append({"steps": [9], "values": [5.0]})
    assert experiment.get_log("loss").data == {"steps": [0, 1, 2, 3, 9], "values": [1.0, 2.0, 3.0, 4, 5.0]}


def test_entries_that_are_not_numbers_are_kept_in_their_place(experiment: Experiment):
    log = experiment.log("loss", [1.0], "LINE")
    for data in ("high", [2.0, "higher"], {"key": "value"}):
        log.append(data)
    assert experiment.get_log("loss").data == {"": [1.0, "high", 2.0, "higher"], "key": ["value"]}


def test_named_lines_grow_in_one_log(experiment: Experiment):
    log = experiment.log("box_loss", {"train": [0.5]}, "LINE")
    experiment.log("box_loss", {"val": [0.6]}, "LINE")
    log.append({"train": 0.4})
    assert experiment.get_log("box_loss").data == {"train": [0.5, 0.4], "val": [0.6]}
    assert len(experiment.list_logs()) == 1
    log.update(data=experiment.get_log("box_loss").data)
    assert experiment.get_log("box_loss").data == {"train": [0.5, 0.4], "val": [0.6]}


def test_append_rejects_other_log_types(client: Client, experiment: Experiment):
    log = experiment.log("accuracy", 0.5, "VALUE")
    with pytest.raises(AssertionError, match="Line"):
        log.append(0.6)
    response = send_request(client, "POST", f"/api/log/{log.id}/append", json={"data": 0.6})
    assert response.status_code in (400, 409, 422), response.text
    assert "LINE" in response.json()["message"]
    assert experiment.get_log("accuracy").data == 0.5


@pytest.mark.parametrize("data", [[7.0, 8.0], {"steps": [4, 2], "values": [7.0, 8.0]}, [9.0], []])
def test_updating_the_data_replaces_the_line(experiment: Experiment, data: list | dict):
    log = experiment.log("loss", [1.0, 2.0, 3.0], "LINE")
    log.update(data=data)
    ordered = {"steps": [2, 4], "values": [8.0, 7.0]} if isinstance(data, dict) else data
    assert experiment.get_log("loss").data == ordered
    assert experiment.get_log("loss").id == log.id


def test_a_replaced_line_can_be_appended_to(experiment: Experiment):
    log = experiment.log("loss", {"steps": [50], "values": [1.0]}, "LINE")
    log.update(data=[5.0, 6.0])
    log.append(7.0)
    assert experiment.get_log("loss").data == [5.0, 6.0, 7.0]


def test_is_not_appended_to_with_replace_false(experiment: Experiment):
    experiment.log("loss", 1.0, "LINE", replace=False)
    with raises_with_words(ResourceConflictError, "loss"):
        experiment.log("loss", 2.0, "LINE", replace=False)
    assert experiment.get_log("loss").data == [1.0]


@pytest.mark.parametrize("value", [NAN, INFINITY, -INFINITY])
def test_non_finite_values_keep_their_positions(experiment: Experiment, value: float):
    """The SDK sends null for all three, so it receives null; the position in the line is kept."""
    assert experiment.log("loss", value, "LINE").data == [None]
    experiment.log("loss", [1.0, value, 2.0], "LINE")
    experiment.get_log("loss").append({"steps": [10], "values": [value]})
    assert experiment.get_log("loss").data == {"steps": [0, 1, 2, 3, 10], "values": [None, 1.0, None, 2.0, None]}


@pytest.mark.parametrize(
    "value",
    [0.1, 1 / 3, math.pi, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 16777217.0, 2**53, -0.0, 0.1 + 0.2],
)
def test_stores_values_exactly(experiment: Experiment, value: float):
    experiment.log("loss", [value, -value], "LINE")
    read = experiment.get_log("loss").data
    assert read == [value, -value]
    assert [math.copysign(1, number) for number in read] == [math.copysign(1, value), math.copysign(1, -value)]


def test_equal_values_are_not_dropped(experiment: Experiment):
    for _ in range(20):
        experiment.log("loss", 0.5, "LINE")
    assert experiment.get_log("loss").data == [0.5] * 20


def test_stores_a_long_line(experiment: Experiment):
    values = [math.sin(number / 100) for number in range(30_000)]
    for start in range(0, len(values), 10_000):
        experiment.log("loss", values[start : start + 10_000], "LINE")
    assert experiment.get_log("loss").data == values


def test_stores_two_hundred_lines(experiment: Experiment):
    for number in range(200):
        experiment.log(f"train/metric {number}", float(number), "LINE")
    logs = experiment.list_logs()
    assert {log.name: log.data for log in logs} == {f"train/metric {number}": [float(number)] for number in range(200)}


def test_several_clients_log_to_one_line(owner: User, experiment: Experiment):
    """Each client waits for its responses, so its own values stay in order; none is lost or duplicated."""

    def log_values(worker: int) -> None:
        mine = owner.client().get_experiment_by_id(experiment.id)
        for number in range(25):
            mine.log("loss", worker * 1000 + number, "LINE")

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(log_values, range(4)))
    values = experiment.get_log("loss").data
    assert len(values) == 100
    for worker in range(4):
        mine = [value for value in values if value // 1000 == worker]
        assert mine == [worker * 1000 + number for number in range(25)]


def test_several_clients_create_the_same_line(owner: User, experiment: Experiment):
    def log_value(worker: int) -> Log:
        return owner.client().get_experiment_by_id(experiment.id).log("loss", worker, "LINE")

    with ThreadPoolExecutor(4) as workers:
        logs = list(workers.map(log_value, range(4)))
    assert len({log.id for log in logs}) == 1
    assert sorted(experiment.get_log("loss").data) == [0, 1, 2, 3]
