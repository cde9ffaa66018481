"""Permissions of tokens: read tokens and viewers only read, and users of other organizations have no access."""

from collections.abc import Callable

import pytest
from picsellia import Client, Experiment, Project
from picsellia.exceptions import ForbiddenError
from picsellia.sdk.log import Log

from harness.instance import TestInstance
from harness.sdk import raises_with_words, send_request
from harness.users import User, create_user

WRITES: dict[str, Callable[[Client, Project, Experiment, Log], object]] = {
    "create a project": lambda client, project, experiment, log: client.create_project("mine"),
    "change a project": lambda client, project, experiment, log: project.update(name="mine"),
    "delete a project": lambda client, project, experiment, log: project.delete(),
    "create an experiment": lambda client, project, experiment, log: project.create_experiment("mine"),
    "delete all experiments": lambda client, project, experiment, log: project.delete_all_experiments(),
    "change an experiment": lambda client, project, experiment, log: experiment.update(name="mine"),
    "delete an experiment": lambda client, project, experiment, log: experiment.delete(),
    "log": lambda client, project, experiment, log: experiment.log("loss", 0.1, "LINE"),
    "log something new": lambda client, project, experiment, log: experiment.log("accuracy", 0.1, "LINE"),
    "append": lambda client, project, experiment, log: log.append([0.1]),
    "change a log": lambda client, project, experiment, log: log.update(data=[0.1]),
    "rename a log": lambda client, project, experiment, log: log.update(name="mine"),
    "delete a log": lambda client, project, experiment, log: log.delete(),
    "delete all logs": lambda client, project, experiment, log: experiment.delete_all_logs(),
}


@pytest.fixture(scope="session")
def read_token_client(owner: User) -> Client:
    """The owner's client with a read token."""
    return owner.client("read")


@pytest.fixture(scope="session")
def viewer(server: TestInstance, owner: User) -> Client:
    """The client of a viewer with a write token."""
    return create_user(server, "Dan", "viewer").client()


@pytest.fixture(params=["read_token_client", "viewer"])
def read_only_client(request: pytest.FixtureRequest) -> Client:
    return request.getfixturevalue(request.param)


def test_read_only_clients_can_read(read_only_client: Client, project: Project, experiment: Experiment):
    experiment.log("loss", [0.5, 0.4], "LINE")
    visible = read_only_client.get_project(project.name).get_experiment("experiment")
    assert visible.get_log("loss").data == [0.5, 0.4]
    assert [log.name for log in visible.list_logs()] == ["loss"]
    assert project.name in [listed.name for listed in read_only_client.list_projects()]


@pytest.mark.parametrize("write", WRITES)
def test_read_only_clients_cannot_write(read_only_client: Client, project: Project, experiment: Experiment, write: str):
    experiment.log("loss", [0.5, 0.4], "LINE")
    their_project = read_only_client.get_project(project.name)
    their_experiment = their_project.get_experiment("experiment")
    with raises_with_words(ForbiddenError):
        WRITES[write](read_only_client, their_project, their_experiment, their_experiment.get_log("loss"))
    assert project.sync()["name"] == project.name
    assert experiment.sync()["name"] == "experiment"
    assert [(log.name, log.data) for log in experiment.list_logs()] == [("loss", [0.5, 0.4])]


def test_the_error_names_the_scope_of_the_token(read_token_client: Client):
    with raises_with_words(ForbiddenError, "token", "read"):
        read_token_client.create_project("mine")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/experiment/{e}/logs/find?name=loss"),
        ("GET", "/api/experiment/{e}/logs/extended"),
        ("GET", "/api/experiment/{e}/logs/ids"),
        ("POST", "/api/experiment/{e}/logs"),
        ("DELETE", "/api/experiment/{e}/logs"),
        ("POST", "/api/experiment/{e}/logs/batch"),
        ("GET", "/api/log/{l}"),
        ("PATCH", "/api/log/{l}"),
        ("POST", "/api/log/{l}/append"),
        ("DELETE", "/api/log/{l}"),
        ("GET", "/api/log/{l}/points?format=json"),
        ("GET", "/api/organization/{o}/projects"),
        ("POST", "/api/organization/{o}/projects"),
        ("GET", "/api/organization/{o}/experiments/find?id={e}"),
    ],
)
def test_resources_of_other_organizations_are_not_found(outsider: User, client: Client, experiment: Experiment, method: str, path: str):
    log = experiment.log("loss", [0.5], "LINE")
    bodies = {
        "batch": {"logs": [{"name": "loss", "values": [1.0]}]},
        "append": {"data": [1.0]},
        "projects": {"name": "mine"},
        "logs": {"name": "loss", "data": 1.0, "type": "LINE", "ids": [str(log.id)]},
    }
    body = bodies.get(path.rsplit("/", 1)[-1], {"name": "mine"})
    path = path.format(e=experiment.id, l=log.id, o=client.id)
    response = send_request(outsider.client(), method, path, **({} if method == "GET" else {"json": body}))
    assert response.status_code == 404, f"{method} {path}: status {response.status_code}: {response.text}"
    assert experiment.get_log("loss").data == [0.5]


def test_deleting_does_not_affect_logs_of_other_organizations(outsider: User, experiment: Experiment):
    log = experiment.log("loss", [0.5], "LINE")
    theirs = outsider.client().create_project(f"theirs {log.id}").create_experiment("experiment")
    send_request(outsider.client(), "DELETE", f"/api/experiment/{theirs.id}/logs", json={"ids": [str(log.id)]})
    assert experiment.get_log("loss").data == [0.5]
