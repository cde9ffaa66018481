"""Experiments: create, find, list, change, delete."""

from uuid import UUID, uuid4

import pytest
from picsellia import Client, Experiment, Project
from picsellia.exceptions import (
    BadRequestError,
    NoBaseExperimentError,
    NoBaseModelVersionError,
    ResourceConflictError,
    ResourceNotFoundError,
)
from picsellia.types.enums import ExperimentStatus

from house.people import Person
from house.sdk import PARAMETERS_AT_CREATION, VERSION, TooLarge, ask, refused

PARAMETERS = {"epochs": 50, "lr": 0.001, "optimizer": "adam", "augment": True}


def names(things: list) -> list[str]:
    return [thing.name for thing in things]


def test_is_found_by_name_and_by_id(client: Client, project: Project, experiment: Experiment):
    assert project.get_experiment("experiment").id == experiment.id
    assert project.get_experiment_by_id(experiment.id).name == "experiment"
    assert project.get_experiment_by_id(str(experiment.id)) == experiment
    assert client.get_experiment_by_id(experiment.id).name == "experiment"
    assert client.get_experiment_by_id(str(experiment.id)).id == experiment.id


def test_answers_with_itself(project: Project, experiment: Experiment):
    answer = experiment.sync()
    assert answer["id"] == str(experiment.id)
    assert answer["project_id"] == str(project.id)
    assert isinstance(experiment.id, UUID)
    if VERSION >= (6, 27):
        assert experiment.project_id == project.id


def test_has_a_description(project: Project):
    project.create_experiment("described", description="# Why\n\nBecause.")
    project.create_experiment("not described")
    with refused(BadRequestError, "description"):
        project.create_experiment("told at length", description="x" * 200_000)
    with refused(TooLarge):
        project.create_experiment("told at greater length", description="x" * 8_000_000)
    assert sorted(names(project.list_experiments())) == ["described", "not described"]


@pytest.mark.parametrize("name", ["Café 日本", "a/b", "50 % & more?", "x" * 60])
def test_has_any_readable_name(project: Project, name: str):
    assert project.create_experiment(name).name == name
    assert project.get_experiment(name).name == name


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines"])
def test_a_name_that_is_none(project: Project, name: str):
    with refused(BadRequestError, "name"):
        project.create_experiment(name)
    assert project.list_experiments() == []


def test_a_taken_name(client: Client, project: Project, experiment: Experiment):
    with refused(ResourceConflictError, "experiment"):
        project.create_experiment("experiment")
    other = client.create_project(f"other {uuid4().hex}")
    assert other.create_experiment("experiment").id != experiment.id


def test_parameters_become_its_first_log(project: Project):
    if PARAMETERS_AT_CREATION:
        experiment = project.create_experiment("parametrised", parameters=PARAMETERS)
    else:
        experiment = project.create_experiment("parametrised")
        experiment.log_parameters(PARAMETERS)
    log = experiment.get_log("parameters")
    assert log.type.name == "TABLE"
    assert log.data == PARAMETERS
    assert list(log.data) == list(PARAMETERS), "the order is the script's"
    assert names(experiment.list_logs()) == ["parameters"]


def test_parameters_are_taken_at_creation_from_any_version(client: Client, project: Project):
    body = {"name": "parametrised", "description": "", "parameters": PARAMETERS}
    answer = ask(client, "POST", f"/api/project/{project.id}/experiments", json=body)
    assert answer.ok, answer.text
    assert project.get_experiment("parametrised").get_log("parameters").data == PARAMETERS


@pytest.mark.parametrize("parameters", [3, "adam", [1, 2]])
def test_parameters_that_are_no_table_make_no_experiment(client: Client, project: Project, parameters: object):
    body = {"name": "parametrised", "description": "", "parameters": parameters}
    answer = ask(client, "POST", f"/api/project/{project.id}/experiments", json=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["message"]
    assert project.list_experiments() == []


@pytest.mark.parametrize("status", list(ExperimentStatus), ids=lambda status: status.name)
def test_has_each_status(project: Project, experiment: Experiment, status: ExperimentStatus):
    experiment.update(status=status)
    assert experiment.status == status
    assert project.get_experiment("experiment").status == status


def test_takes_a_status_as_a_word(experiment: Experiment):
    experiment.update(status="failed")
    experiment.sync()
    assert experiment.status == ExperimentStatus.FAILED


def test_a_status_that_is_none(client: Client, experiment: Experiment):
    answer = ask(client, "PATCH", f"/api/experiment/{experiment.id}", json={"status": "created"})
    assert answer.status_code in (400, 422), answer.text
    assert "status" in answer.json()["message"]
    assert "RUNNING" in answer.json()["message"], "the sentence tells the ones there are"


def test_is_changed(project: Project, experiment: Experiment):
    experiment.update(name="renamed", description="Another.", status=ExperimentStatus.RUNNING)
    assert (experiment.name, experiment.status) == ("renamed", ExperimentStatus.RUNNING)
    found = project.get_experiment("renamed")
    assert (found.id, found.status) == (experiment.id, ExperimentStatus.RUNNING)
    with refused(ResourceNotFoundError):
        project.get_experiment("experiment")


def test_only_what_is_told_is_changed(experiment: Experiment):
    experiment.update(status="RUNNING")
    experiment.update(description="Another.")
    experiment.sync()
    assert (experiment.name, experiment.status) == ("experiment", ExperimentStatus.RUNNING)


def test_is_not_given_a_taken_or_wrong_name(project: Project, experiment: Experiment):
    other = project.create_experiment("other")
    with refused(ResourceConflictError, "experiment"):
        other.update(name="experiment")
    with refused(BadRequestError, "name"):
        other.update(name="x" * 61)
    other.sync()
    assert other.name == "other"


def test_an_experiment_that_does_not_exist(client: Client, project: Project):
    with refused(ResourceNotFoundError):
        project.get_experiment("there is none")
    for finder in (project, client):
        with refused(ResourceNotFoundError):
            finder.get_experiment_by_id(uuid4())


def test_is_not_found_in_another_project(client: Client, experiment: Experiment):
    other = client.create_project(f"other {uuid4().hex}")
    with refused(ResourceNotFoundError):
        other.get_experiment("experiment")
    with refused(ResourceNotFoundError):
        other.get_experiment_by_id(experiment.id)


def test_is_listed_in_order_and_in_pages(project: Project):
    for name in ["b", "d", "c", "a"]:
        project.create_experiment(name)
    assert sorted(names(project.list_experiments())) == ["a", "b", "c", "d"]
    assert names(project.list_experiments(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names(project.list_experiments(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names(project.list_experiments(limit=2, offset=1, order_by=["name"])) == ["b", "c"]
    assert project.list_experiments(limit=2, offset=4) == []
    with refused(BadRequestError, "colour"):
        project.list_experiments(order_by=["colour"])


def test_is_deleted_with_its_logs(project: Project, experiment: Experiment):
    log = experiment.log("loss", 0.5, "LINE")
    experiment.delete()
    for gone in (experiment.sync, experiment.delete, log.sync, lambda: experiment.log("loss", 0.4, "LINE")):
        with refused(ResourceNotFoundError):
            gone()
    assert project.create_experiment("experiment").list_logs() == []


def test_all_are_deleted(client: Client, project: Project):
    project.delete_all_experiments()
    elsewhere = client.create_project(f"other {uuid4().hex}").create_experiment("stays")
    for number in range(5):
        project.create_experiment(f"number {number}")
    project.delete_all_experiments()
    assert project.list_experiments() == []
    assert elsewhere.sync()["name"] == "stays"


def test_those_of_another_project_are_not_deleted_along(client: Client, project: Project, experiment: Experiment):
    other = client.create_project(f"other {uuid4().hex}").create_experiment("stays")
    body = {"ids": [str(other.id)]}
    ask(client, "DELETE", f"/api/project/{project.id}/experiments", json=body)
    assert other.sync()["name"] == "stays"


def test_has_no_base_unless_given_one(experiment: Experiment):
    with pytest.raises(NoBaseModelVersionError):
        experiment.get_base_model_version()
    with pytest.raises(NoBaseExperimentError):
        experiment.get_base_experiment()


def test_of_others_is_as_if_it_did_not_exist(stranger: Person, project: Project, experiment: Experiment):
    theirs = stranger.client()
    with refused(ResourceNotFoundError):
        theirs.get_experiment_by_id(experiment.id)
    for method, path in [
        ("GET", f"/api/experiment/{experiment.id}"),
        ("PATCH", f"/api/experiment/{experiment.id}"),
        ("DELETE", f"/api/experiment/{experiment.id}"),
        ("GET", f"/api/project/{project.id}/experiments"),
        ("GET", f"/api/project/{project.id}/experiments/ids"),
        ("GET", f"/api/project/{project.id}/experiments/find?name=experiment"),
        ("POST", f"/api/project/{project.id}/experiments"),
    ]:
        answer = ask(theirs, method, path, json={"name": "mine"})
        assert answer.status_code == 404, f"{method} {path}: {answer.text}"
    assert experiment.sync()["name"] == "experiment"
