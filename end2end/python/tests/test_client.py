"""How a script gets in: host, token, organization."""

from uuid import UUID, uuid4

import pytest
import requests
from picsellia import Client
from picsellia.exceptions import PicselliaError, ResourceNotFoundError, UnauthorizedError

from house.people import Person, introduce, revoke
from house.sdk import ask, connection, refused
from house.server import Server
from house.waiting import until


def test_works_in_the_default_organization(client: Client):
    assert client.name == "Personal"
    assert UUID(str(client.id))


def test_names_its_organization_and_a_connector_for_uploads(client: Client):
    assert UUID(str(connection(client).connector_id))
    assert connection(client).headers["X-Picsellia-Organization"] == str(client.id)


def test_the_connector_stays_the_same(client: Client, owner: Person):
    assert connection(owner.client()).connector_id == connection(client).connector_id


def test_takes_the_organization_by_name(owner: Person, client: Client):
    assert owner.client(organization_name="Personal").id == client.id


@pytest.mark.parametrize("form", [str, UUID])
def test_takes_the_organization_by_id(owner: Person, client: Client, form: type):
    assert owner.client(organization_id=form(str(client.id))).name == "Personal"


def test_takes_the_token_from_the_environment(owner: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PICSELLIA_TOKEN", owner.token())
    assert Client(host=owner.server.url).name == "Personal"


def test_drops_the_path_of_the_host(owner: Person):
    assert Client(api_token=owner.token(), host=f"{owner.server.url}/tracker/").name == "Personal"


def test_ends_with_its_block(owner: Person):
    with owner.client() as client:
        assert client.name == "Personal"


def test_an_organization_that_does_not_exist(owner: Person):
    with refused(ResourceNotFoundError, "organization"):
        owner.client(organization_name="Nowhere")
    with refused(ResourceNotFoundError, "organization"):
        owner.client(organization_id=uuid4())


def test_another_organization_is_as_if_it_did_not_exist(stranger: Person, client: Client):
    with refused(ResourceNotFoundError):
        stranger.client(organization_name="Personal")
    with refused(ResourceNotFoundError):
        stranger.client(organization_id=client.id)


def test_works_in_ones_own_organization(stranger: Person):
    assert stranger.client().name == "Elsewhere"


@pytest.mark.parametrize("token", ["a0c9f3bbf7e8bc175494fc44bfc6f89aae3eb9d0", "gg_nonsense", "x"])
def test_a_wrong_token(server: Server, owner: Person, token: str):
    with refused(PicselliaError, "Cannot connect to the platform", "token"):
        Client(api_token=token, host=server.url)


def test_a_request_without_a_token(server: Server, owner: Person):
    answer = requests.get(f"{server.url}/api/home/ping", timeout=30)
    assert answer.status_code == 401
    assert answer.json()["message"]


def test_a_revoked_token(server: Server, owner: Person):
    person = introduce(server, "Rob", "member")
    client = person.client()
    revoke(server, person)
    until(lambda: ask(client, "GET", "/api/home/ping").status_code == 401, "the token has stopped working")
    with refused(UnauthorizedError, "token"):
        client.sync()
    with refused(UnauthorizedError, "token"):
        client.create_project("too late")


def test_an_expired_token(server: Server, owner: Person):
    client = Client(api_token=owner.token(expires="1s"), host=server.url)
    until(lambda: ask(client, "GET", "/api/home/ping").status_code == 401, "the token has expired")
    with refused(UnauthorizedError, "token"):
        client.list_projects()


@pytest.mark.parametrize("path", ["/sdk/home/ping", "/api/home/ping"])
def test_older_packages_ask_under_another_prefix(client: Client, path: str):
    answer = ask(client, "GET", path)
    assert answer.status_code == 200, answer.text
    assert {"username", "sdk_version", "default_organization"} <= answer.json().keys()


@pytest.mark.parametrize("prefix", ["/api", "/sdk"])
def test_an_address_that_does_not_exist(client: Client, prefix: str):
    answer = ask(client, "GET", f"{prefix}/experiment/{uuid4()}/horoscope")
    assert answer.status_code == 404
    assert answer.json()["message"]


def test_a_method_that_an_address_does_not_take(client: Client):
    answer = ask(client, "PUT", f"/api/organization/{client.id}/projects", json={"name": "x"})
    assert answer.status_code == 405
    assert answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"name": 3}', b'{"name": "a", "name": "b"', b"\xff"])
def test_a_body_that_cannot_be_read(client: Client, body: bytes):
    answer = ask(client, "POST", f"/api/organization/{client.id}/projects", data=body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["message"]


def test_pages_that_the_client_links_to(client: Client, server: Server):
    project = client.create_project("linked to")
    experiment = project.create_experiment("linked to")
    for thing in (client, project, experiment):
        page = requests.get(thing.get_resource_url_on_platform(), timeout=30)
        assert page.status_code == 200, f"{thing.get_resource_url_on_platform()} answers {page.status_code}"
        assert "text/html" in page.headers["Content-Type"]
