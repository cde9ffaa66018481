"""Projects: create, find, list, change, delete."""

from uuid import UUID, uuid4

import pytest
from picsellia import Client, Project
from picsellia.exceptions import BadRequestError, ResourceConflictError, ResourceNotFoundError

from harness.sdk import raises_with_words, send_request
from harness.users import User


def names_of(projects: list) -> list[str]:
    return [project.name for project in projects]


def test_finds_by_name_and_by_id(client: Client, project: Project):
    assert client.get_project(project.name).id == project.id
    assert client.get_project_by_id(project.id).name == project.name
    assert client.get_project_by_id(str(project.id)).name == project.name
    assert client.get_project(project.name) == project


def test_syncs(project: Project):
    response = project.sync()
    assert response["id"] == str(project.id)
    assert response["name"] == project.name
    assert isinstance(project.id, UUID)


@pytest.mark.parametrize("name", ["Café 日本", "a/b", "50 % & more?", "#1 + \"quotes\"", "x" * 60])
def test_accepts_any_printable_name(empty_client: Client, name: str):
    project = empty_client.create_project(name, "With a *description*.")
    assert project.name == name
    assert empty_client.get_project(name).id == project.id


def test_trims_names(empty_client: Client):
    assert empty_client.create_project("  wide  ").name == "wide"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "two\nlines", "nul\0"])
def test_rejects_invalid_names(empty_client: Client, name: str):
    with raises_with_words(BadRequestError, "name"):
        empty_client.create_project(name)
    assert empty_client.list_projects() == []


def test_rejects_a_name_in_use(client: Client, project: Project):
    with raises_with_words(ResourceConflictError, project.name):
        client.create_project(project.name)


def test_an_unknown_project_is_not_found(client: Client):
    with raises_with_words(ResourceNotFoundError):
        client.get_project("unknown")
    with raises_with_words(ResourceNotFoundError):
        client.get_project_by_id(uuid4())


def test_find_requires_a_name_or_an_id(client: Client):
    response = send_request(client, "GET", f"/api/organization/{client.id}/projects/find")
    assert response.status_code in (400, 422), response.text
    assert "name" in response.json()["message"]


def test_lists_projects(empty_client: Client):
    assert empty_client.list_projects() == []
    for name in ["b", "c", "a"]:
        empty_client.create_project(name)
    assert sorted(names_of(empty_client.list_projects())) == ["a", "b", "c"]


def test_lists_in_order_and_in_pages(empty_client: Client):
    for name in ["b", "d", "c", "a"]:
        empty_client.create_project(name)
    assert names_of(empty_client.list_projects(order_by=["name"])) == ["a", "b", "c", "d"]
    assert names_of(empty_client.list_projects(order_by=["-name"])) == ["d", "c", "b", "a"]
    assert names_of(empty_client.list_projects(limit=2, order_by=["name"])) == ["a", "b"]
    assert names_of(empty_client.list_projects(limit=2, offset=1, order_by=["name"])) == ["b", "c"]
    assert names_of(empty_client.list_projects(limit=2, offset=3, order_by=["name"])) == ["d"]
    assert empty_client.list_projects(limit=2, offset=4, order_by=["name"]) == []


def test_a_page_has_the_total_count(empty_client: Client):
    for name in ["a", "b", "c"]:
        empty_client.create_project(name)
    page = send_request(empty_client, "GET", f"/api/organization/{empty_client.id}/projects?limit=2").json()
    assert len(page["items"]) == 2
    assert page["count"] == 3


def test_rejects_invalid_orders_and_pages(empty_client: Client):
    with raises_with_words(BadRequestError, "color"):
        empty_client.list_projects(order_by=["color"])
    with raises_with_words(BadRequestError, "offset"):
        empty_client.list_projects(offset=-1)
    with raises_with_words(BadRequestError, "limit"):
        empty_client.list_projects(limit=-1)


def test_updates_name_and_description(client: Client, project: Project):
    project.update(name=f"{project.name} renamed")
    project.update(description="Another description.")
    assert client.get_project_by_id(project.id).name == project.name
    assert project.name.endswith("renamed")


def test_rejects_renaming_to_a_used_or_empty_name(client: Client, project: Project):
    other = client.create_project(f"other {uuid4().hex}")
    with raises_with_words(ResourceConflictError, project.name):
        other.update(name=project.name)
    with raises_with_words(BadRequestError, "name"):
        other.update(name=" ")


def test_deletes(client: Client, project: Project):
    project.delete()
    with raises_with_words(ResourceNotFoundError):
        project.sync()
    with raises_with_words(ResourceNotFoundError):
        project.delete()
    with raises_with_words(ResourceNotFoundError):
        project.create_experiment("too late")
    assert client.create_project(project.name).id != project.id


def test_projects_of_other_organizations_are_not_found(outsider: User, project: Project):
    theirs = outsider.client()
    with raises_with_words(ResourceNotFoundError):
        theirs.get_project(project.name)
    with raises_with_words(ResourceNotFoundError):
        theirs.get_project_by_id(project.id)
    for method in ("GET", "PATCH", "DELETE"):
        response = send_request(theirs, method, f"/api/project/{project.id}", json={"name": "mine"})
        assert response.status_code == 404, f"{method}: {response.text}"
    assert project.sync()["name"] == project.name
