"""Projects: create, find, list, change, delete."""

from uuid import UUID, uuid4

import pytest
from picsellia import Client, Project
from picsellia.exceptions import BadRequestError, ResourceConflictError, ResourceNotFoundError

from house.people import Person
from house.sdk import ask, refused


def names(things: list) -> list[str]:
    return [thing.name for thing in things]


def test_is_found_by_name_and_by_id(client: Client, project: Project):
    assert client.get_project(project.name).id == project.id
    assert client.get_project_by_id(project.id).name == project.name
    assert client.get_project_by_id(str(project.id)).name == project.name
    assert client.get_project(project.name) == project


def test_answers_with_itself(project: Project):
    answer = project.sync()
    assert answer["id"] == str(project.id)
    assert answer["name"] == project.name
    assert isinstance(project.id, UUID)


@pytest.mark.parametrize("name", ["Café 日本", "a/b", "50 % & more?", "#1 + \"quotes\"", "x" * 60])
def test_has_any_readable_name(newcomer: Client, name: str):
    project = newcomer.create_project(name, "With a *description*.")
    assert project.name == name
    assert newcomer.get_project(name).id == project.id


def test_a_name_is_trimmed(newcomer: Client):
    assert newcomer.create_project("  wide  ").name == "wide"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines", "nul\0"])
def test_a_name_that_is_none(newcomer: Client, name: str):
    with refused(BadRequestError, "name"):
        newcomer.create_project(name)
    assert newcomer.list_projects() == []


def test_a_taken_name(client: Client, project: Project):
    with refused(ResourceConflictError, project.name):
        client.create_project(project.name)


def test_a_project_that_does_not_exist(client: Client):
    with refused(ResourceNotFoundError):
        client.get_project("there is none")
    with refused(ResourceNotFoundError):
        client.get_project_by_id(uuid4())


def test_find_wants_a_name_or_an_id(client: Client):
    answer = ask(client, "GET", f"/api/organization/{client.id}/projects/find")
    assert answer.status_code in (400, 422), answer.text
    assert "name" in answer.json()["message"]


def test_is_listed(newcomer: Client):
    assert newcomer.list_projects() == []
    for name in ["b", "c", "a"]:
        newcomer.create_project(name)
    assert sorted(names(newcomer.list_projects())) == ["a", "b", "c"]


def test_is_listed_in_order_and_in_pages(newcomer: Client):
    for name in ["b", "d", "c", "a"]:
        newcomer.create_project(name)
    assert names(newcomer.list_projects(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names(newcomer.list_projects(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names(newcomer.list_projects(limit=2, order_by=["name"])) == ["a", "b"]
    assert names(newcomer.list_projects(limit=2, offset=1, order_by=["name"])) == ["b", "c"]
    assert names(newcomer.list_projects(limit=2, offset=3, order_by=["name"])) == ["d"]
    assert newcomer.list_projects(limit=2, offset=4, order_by=["name"]) == []


def test_a_list_says_how_many_there_are(newcomer: Client):
    for name in ["a", "b", "c"]:
        newcomer.create_project(name)
    page = ask(newcomer, "GET", f"/api/organization/{newcomer.id}/projects?limit=2").json()
    assert len(page["items"]) == 2
    assert page["count"] == 3


def test_an_order_or_page_that_is_none(newcomer: Client):
    with refused(BadRequestError, "colour"):
        newcomer.list_projects(order_by=["colour"])
    with refused(BadRequestError, "offset"):
        newcomer.list_projects(offset=-1)
    with refused(BadRequestError, "limit"):
        newcomer.list_projects(limit=-1)


def test_is_changed(client: Client, project: Project):
    project.update(name=f"{project.name} renamed")
    project.update(description="Another description.")
    assert client.get_project_by_id(project.id).name == project.name
    assert project.name.endswith("renamed")


def test_is_not_given_a_taken_or_empty_name(client: Client, project: Project):
    other = client.create_project(f"other {uuid4().hex}")
    with refused(ResourceConflictError, project.name):
        other.update(name=project.name)
    with refused(BadRequestError, "name"):
        other.update(name=" ")


def test_is_deleted(client: Client, project: Project):
    project.delete()
    with refused(ResourceNotFoundError):
        project.sync()
    with refused(ResourceNotFoundError):
        project.delete()
    with refused(ResourceNotFoundError):
        project.create_experiment("too late")
    assert client.create_project(project.name).id != project.id


def test_of_others_is_as_if_it_did_not_exist(stranger: Person, project: Project):
    theirs = stranger.client()
    with refused(ResourceNotFoundError):
        theirs.get_project(project.name)
    with refused(ResourceNotFoundError):
        theirs.get_project_by_id(project.id)
    for method in ("GET", "PATCH", "DELETE"):
        answer = ask(theirs, method, f"/api/project/{project.id}", json={"name": "mine"})
        assert answer.status_code == 404, f"{method}: {answer.text}"
    assert project.sync()["name"] == project.name
