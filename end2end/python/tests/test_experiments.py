"""Experiments: create, find, list, change, delete."""

from pathlib import Path
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

from harness.sdk import PARAMETERS_AT_CREATION, VERSION, TooLarge, raises_with_words, send_request
from harness.users import User

PARAMETERS = {"epochs": 50, "lr": 0.001, "optimizer": "adam", "augment": True}


def names_of(experiments: list) -> list[str]:
    return [experiment.name for experiment in experiments]


def test_finds_by_name_and_by_id(client: Client, project: Project, experiment: Experiment):
    assert project.get_experiment("experiment").id == experiment.id
    assert project.get_experiment_by_id(experiment.id).name == "experiment"
    assert project.get_experiment_by_id(str(experiment.id)) == experiment
    assert client.get_experiment_by_id(experiment.id).name == "experiment"
    assert client.get_experiment_by_id(str(experiment.id)).id == experiment.id


def test_syncs(project: Project, experiment: Experiment):
    response = experiment.sync()
    assert response["id"] == str(experiment.id)
    assert response["project_id"] == str(project.id)
    assert isinstance(experiment.id, UUID)
    if VERSION >= (6, 27):
        assert experiment.project_id == project.id


def test_accepts_descriptions_up_to_a_limit(project: Project):
    project.create_experiment("described", description="# Why\n\nBecause.")
    project.create_experiment("not described")
    with raises_with_words(BadRequestError, "description"):
        project.create_experiment("too long", description="x" * 200_000)
    with raises_with_words(TooLarge):
        project.create_experiment("far too long", description="x" * 8_000_000)
    assert sorted(names_of(project.list_experiments())) == ["described", "not described"]


@pytest.mark.parametrize("name", ["Café 日本", "a/b", "50 % & more?", "x" * 60])
def test_accepts_any_printable_name(project: Project, name: str):
    assert project.create_experiment(name).name == name
    assert project.get_experiment(name).name == name


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines"])
def test_rejects_invalid_names(project: Project, name: str):
    with raises_with_words(BadRequestError, "name"):
        project.create_experiment(name)
    assert project.list_experiments() == []


def test_rejects_a_name_in_use(client: Client, project: Project, experiment: Experiment):
    with raises_with_words(ResourceConflictError, "experiment"):
        project.create_experiment("experiment")
    other = client.create_project(f"other {uuid4().hex}")
    assert other.create_experiment("experiment").id != experiment.id


def test_parameters_become_the_first_log(project: Project):
    if PARAMETERS_AT_CREATION:
        experiment = project.create_experiment("parametrized", parameters=PARAMETERS)
    else:
        experiment = project.create_experiment("parametrized")
        experiment.log_parameters(PARAMETERS)
    log = experiment.get_log("parameters")
    assert log.type.name == "TABLE"
    assert log.data == PARAMETERS
    assert list(log.data) == list(PARAMETERS), "the order of the script is kept"
    assert names_of(experiment.list_logs()) == ["parameters"]


def test_accepts_parameters_at_creation_from_any_version(client: Client, project: Project):
    body = {"name": "parametrized", "description": "", "parameters": PARAMETERS}
    response = send_request(client, "POST", f"/api/project/{project.id}/experiments", json=body)
    assert response.ok, response.text
    assert project.get_experiment("parametrized").get_log("parameters").data == PARAMETERS


@pytest.mark.parametrize("parameters", [3, "adam", [1, 2]])
def test_rejects_an_experiment_with_invalid_parameters(client: Client, project: Project, parameters: object):
    body = {"name": "parametrized", "description": "", "parameters": parameters}
    response = send_request(client, "POST", f"/api/project/{project.id}/experiments", json=body)
    assert response.status_code in (400, 422), response.text
    assert response.json()["message"]
    assert project.list_experiments() == []


@pytest.mark.parametrize("status", list(ExperimentStatus), ids=lambda status: status.name)
def test_accepts_each_status(project: Project, experiment: Experiment, status: ExperimentStatus):
    experiment.update(status=status)
    assert experiment.status == status
    assert project.get_experiment("experiment").status == status


def test_starts_with_the_first_log(client: Client, project: Project):
    response = send_request(
        client, "POST", f"/api/project/{project.id}/experiments", json={"name": "started", "parameters": PARAMETERS}
    )
    assert response.ok, response.text
    experiment = project.get_experiment("started")
    assert experiment.status == ExperimentStatus.WAITING
    experiment.log("loss", 0.5, "LINE")
    experiment.sync()
    assert experiment.status == ExperimentStatus.RUNNING


def test_a_stored_file_starts_the_experiment(experiment: Experiment, tmp_path: Path):
    file = tmp_path / "best.pt"
    file.write_bytes(b"weights")
    experiment.store("model-best", str(file))
    experiment.sync()
    assert experiment.status == ExperimentStatus.RUNNING


def test_an_explicit_status_stays(experiment: Experiment):
    for status in (ExperimentStatus.WAITING, ExperimentStatus.FAILED):
        experiment.update(status=status)
        experiment.log("loss", 0.5, "LINE")
        experiment.sync()
        assert experiment.status == status


def test_accepts_a_status_as_a_string(experiment: Experiment):
    experiment.update(status="failed")
    experiment.sync()
    assert experiment.status == ExperimentStatus.FAILED


def test_rejects_an_unknown_status(client: Client, experiment: Experiment):
    response = send_request(client, "PATCH", f"/api/experiment/{experiment.id}", json={"status": "created"})
    assert response.status_code in (400, 422), response.text
    assert "status" in response.json()["message"]
    assert "RUNNING" in response.json()["message"], "the message lists the valid ones"


def test_updates_all_fields(project: Project, experiment: Experiment):
    experiment.update(name="renamed", description="Another.", status=ExperimentStatus.RUNNING)
    assert (experiment.name, experiment.status) == ("renamed", ExperimentStatus.RUNNING)
    found = project.get_experiment("renamed")
    assert (found.id, found.status) == (experiment.id, ExperimentStatus.RUNNING)
    with raises_with_words(ResourceNotFoundError):
        project.get_experiment("experiment")


def test_updates_only_the_given_fields(experiment: Experiment):
    experiment.update(status="RUNNING")
    experiment.update(description="Another.")
    experiment.sync()
    assert (experiment.name, experiment.status) == ("experiment", ExperimentStatus.RUNNING)


def test_rejects_renaming_to_a_used_or_invalid_name(project: Project, experiment: Experiment):
    other = project.create_experiment("other")
    with raises_with_words(ResourceConflictError, "experiment"):
        other.update(name="experiment")
    with raises_with_words(BadRequestError, "name"):
        other.update(name="x" * 61)
    other.sync()
    assert other.name == "other"


def test_an_unknown_experiment_is_not_found(client: Client, project: Project):
    with raises_with_words(ResourceNotFoundError):
        project.get_experiment("unknown")
    for finder in (project, client):
        with raises_with_words(ResourceNotFoundError):
            finder.get_experiment_by_id(uuid4())


def test_is_not_found_in_a_different_project(client: Client, experiment: Experiment):
    other = client.create_project(f"other {uuid4().hex}")
    with raises_with_words(ResourceNotFoundError):
        other.get_experiment("experiment")
    with raises_with_words(ResourceNotFoundError):
        other.get_experiment_by_id(experiment.id)


def test_lists_in_order_and_in_pages(project: Project):
    for name in ["b", "d", "c", "a"]:
        project.create_experiment(name)
    assert sorted(names_of(project.list_experiments())) == ["a", "b", "c", "d"]
    assert names_of(project.list_experiments(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names_of(project.list_experiments(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names_of(project.list_experiments(limit=2, offset=1, order_by=["name"])) == ["b", "c"]
    assert project.list_experiments(limit=2, offset=4) == []
    with raises_with_words(BadRequestError, "color"):
        project.list_experiments(order_by=["color"])


def test_deleting_an_experiment_deletes_its_logs(project: Project, experiment: Experiment):
    log = experiment.log("loss", 0.5, "LINE")
    experiment.delete()
    for gone in (experiment.sync, experiment.delete, log.sync, lambda: experiment.log("loss", 0.4, "LINE")):
        with raises_with_words(ResourceNotFoundError):
            gone()
    assert project.create_experiment("experiment").list_logs() == []


def test_deletes_all_experiments(client: Client, project: Project):
    project.delete_all_experiments()
    elsewhere = client.create_project(f"other {uuid4().hex}").create_experiment("stays")
    for number in range(5):
        project.create_experiment(f"number {number}")
    project.delete_all_experiments()
    assert project.list_experiments() == []
    assert elsewhere.sync()["name"] == "stays"


def test_deleting_does_not_affect_other_projects(client: Client, project: Project, experiment: Experiment):
    other = client.create_project(f"other {uuid4().hex}").create_experiment("stays")
    body = {"ids": [str(other.id)]}
    send_request(client, "DELETE", f"/api/project/{project.id}/experiments", json=body)
    assert other.sync()["name"] == "stays"


def test_has_no_base_by_default(experiment: Experiment):
    with pytest.raises(NoBaseModelVersionError):
        experiment.get_base_model_version()
    with pytest.raises(NoBaseExperimentError):
        experiment.get_base_experiment()


def test_experiments_of_other_organizations_are_not_found(outsider: User, project: Project, experiment: Experiment):
    theirs = outsider.client()
    with raises_with_words(ResourceNotFoundError):
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
        response = send_request(theirs, method, path, json={"name": "mine"})
        assert response.status_code == 404, f"{method} {path}: {response.text}"
    assert experiment.sync()["name"] == "experiment"
