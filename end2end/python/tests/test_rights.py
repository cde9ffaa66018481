"""What a token may do: reading ones read, viewers view, and strangers see nothing."""

from collections.abc import Callable

import pytest
from picsellia import Client, Experiment, Project
from picsellia.exceptions import ForbiddenError
from picsellia.sdk.log import Log

from house.people import Person, introduce
from house.sdk import ask, refused
from house.server import Server

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
def reader(owner: Person) -> Client:
    """The owner's script with a token that only reads."""
    return owner.client("read")


@pytest.fixture(scope="session")
def viewer(server: Server, owner: Person) -> Client:
    """A script of somebody who only views, with a token that could write."""
    return introduce(server, "Dan", "viewer").client()


@pytest.fixture(params=["reader", "viewer"])
def onlooker(request: pytest.FixtureRequest) -> Client:
    return request.getfixturevalue(request.param)


def test_onlookers_read(onlooker: Client, project: Project, experiment: Experiment):
    experiment.log("loss", [0.5, 0.4], "LINE")
    seen = onlooker.get_project(project.name).get_experiment("experiment")
    assert seen.get_log("loss").data == [0.5, 0.4]
    assert [log.name for log in seen.list_logs()] == ["loss"]
    assert project.name in [listed.name for listed in onlooker.list_projects()]


@pytest.mark.parametrize("write", WRITES)
def test_onlookers_do_not_write(onlooker: Client, project: Project, experiment: Experiment, write: str):
    experiment.log("loss", [0.5, 0.4], "LINE")
    their_project = onlooker.get_project(project.name)
    their_experiment = their_project.get_experiment("experiment")
    with refused(ForbiddenError):
        WRITES[write](onlooker, their_project, their_experiment, their_experiment.get_log("loss"))
    assert project.sync()["name"] == project.name
    assert experiment.sync()["name"] == "experiment"
    assert [(log.name, log.data) for log in experiment.list_logs()] == [("loss", [0.5, 0.4])]


def test_the_refusal_says_that_the_token_only_reads(reader: Client):
    with refused(ForbiddenError, "token", "read"):
        reader.create_project("mine")


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
def test_strangers_see_nothing(stranger: Person, client: Client, experiment: Experiment, method: str, path: str):
    log = experiment.log("loss", [0.5], "LINE")
    bodies = {
        "batch": {"logs": [{"name": "loss", "values": [1.0]}]},
        "append": {"data": [1.0]},
        "projects": {"name": "mine"},
        "logs": {"name": "loss", "data": 1.0, "type": "LINE", "ids": [str(log.id)]},
    }
    body = bodies.get(path.rsplit("/", 1)[-1], {"name": "mine"})
    path = path.format(e=experiment.id, l=log.id, o=client.id)
    answer = ask(stranger.client(), method, path, **({} if method == "GET" else {"json": body}))
    assert answer.status_code == 404, f"{method} {path} answers {answer.status_code}: {answer.text}"
    assert experiment.get_log("loss").data == [0.5]


def test_logs_of_others_are_not_deleted_along(stranger: Person, experiment: Experiment):
    log = experiment.log("loss", [0.5], "LINE")
    theirs = stranger.client().create_project(f"theirs {log.id}").create_experiment("experiment")
    ask(stranger.client(), "DELETE", f"/api/experiment/{theirs.id}/logs", json={"ids": [str(log.id)]})
    assert experiment.get_log("loss").data == [0.5]
