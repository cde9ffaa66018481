"""Connecting: host, token, organization."""

from uuid import UUID, uuid4

import pytest
import requests
from picsellia import Client
from picsellia.exceptions import PicselliaError, ResourceNotFoundError, UnauthorizedError

from harness.instance import TestInstance
from harness.sdk import raises_with_words, sdk_connection, send_request
from harness.users import User, create_user, revoke_tokens
from harness.waiting import wait_until


def test_uses_the_default_organization(client: Client):
    assert client.name == "Personal"
    assert UUID(str(client.id))


def test_sends_the_organization_and_has_a_connector_for_uploads(client: Client):
    assert UUID(str(sdk_connection(client).connector_id))
    assert sdk_connection(client).headers["X-Picsellia-Organization"] == str(client.id)


def test_the_connector_is_stable(client: Client, owner: User):
    assert sdk_connection(owner.client()).connector_id == sdk_connection(client).connector_id


def test_selects_the_organization_by_name(owner: User, client: Client):
    assert owner.client(organization_name="Personal").id == client.id


@pytest.mark.parametrize("form", [str, UUID])
def test_selects_the_organization_by_id(owner: User, client: Client, form: type):
    assert owner.client(organization_id=form(str(client.id))).name == "Personal"


def test_reads_the_token_from_the_environment(owner: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PICSELLIA_TOKEN", owner.create_token())
    assert Client(host=owner.server.url).name == "Personal"


def test_ignores_the_path_of_the_host(owner: User):
    assert Client(api_token=owner.create_token(), host=f"{owner.server.url}/tracker/").name == "Personal"


def test_is_a_context_manager(owner: User):
    with owner.client() as client:
        assert client.name == "Personal"


def test_an_unknown_organization_is_not_found(owner: User):
    with raises_with_words(ResourceNotFoundError, "organization"):
        owner.client(organization_name="Nowhere")
    with raises_with_words(ResourceNotFoundError, "organization"):
        owner.client(organization_id=uuid4())


def test_an_organization_of_others_is_not_found(outsider: User, client: Client):
    with raises_with_words(ResourceNotFoundError):
        outsider.client(organization_name="Personal")
    with raises_with_words(ResourceNotFoundError):
        outsider.client(organization_id=client.id)


def test_uses_the_organization_of_the_user(outsider: User):
    assert outsider.client().name == "Elsewhere"


@pytest.mark.parametrize("token", ["a0c9f3bbf7e8bc175494fc44bfc6f89aae3eb9d0", "gg_nonsense", "x"])
def test_rejects_invalid_tokens(server: TestInstance, owner: User, token: str):
    with raises_with_words(PicselliaError, "Cannot connect to the platform", "token"):
        Client(api_token=token, host=server.url)


def test_rejects_requests_without_a_token(server: TestInstance, owner: User):
    response = requests.get(f"{server.url}/api/home/ping", timeout=30)
    assert response.status_code == 401
    assert response.json()["message"]


def test_rejects_revoked_tokens(server: TestInstance, owner: User):
    user = create_user(server, "Rob", "member")
    client = user.client()
    revoke_tokens(server, user)
    wait_until(lambda: send_request(client, "GET", "/api/home/ping").status_code == 401, "the token is rejected")
    with raises_with_words(UnauthorizedError, "token"):
        client.sync()
    with raises_with_words(UnauthorizedError, "token"):
        client.create_project("too late")


def test_rejects_expired_tokens(server: TestInstance, owner: User):
    client = Client(api_token=owner.create_token(expires="1s"), host=server.url)
    wait_until(lambda: send_request(client, "GET", "/api/home/ping").status_code == 401, "the token has expired")
    with raises_with_words(UnauthorizedError, "token"):
        client.list_projects()


@pytest.mark.parametrize("path", ["/sdk/home/ping", "/api/home/ping"])
def test_accepts_the_prefix_of_older_packages(client: Client, path: str):
    response = send_request(client, "GET", path)
    assert response.status_code == 200, response.text
    assert {"username", "sdk_version", "default_organization"} <= response.json().keys()


@pytest.mark.parametrize("prefix", ["/api", "/sdk"])
def test_an_unknown_route_is_not_found(client: Client, prefix: str):
    response = send_request(client, "GET", f"{prefix}/experiment/{uuid4()}/horoscope")
    assert response.status_code == 404
    assert response.json()["message"]


def test_rejects_unsupported_methods(client: Client):
    response = send_request(client, "PUT", f"/api/organization/{client.id}/projects", json={"name": "x"})
    assert response.status_code == 405
    assert response.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"name": 3}', b'{"name": "a", "name": "b"', b"\xff"])
def test_rejects_invalid_bodies(client: Client, body: bytes):
    response = send_request(client, "POST", f"/api/organization/{client.id}/projects", data=body)
    assert response.status_code in (400, 422), response.text
    assert response.json()["message"]


def test_links_of_the_client_lead_to_pages(client: Client, server: TestInstance):
    project = client.create_project("linked to")
    experiment = project.create_experiment("linked to")
    for resource in (client, project, experiment):
        page = requests.get(resource.get_resource_url_on_platform(), timeout=30)
        assert page.status_code == 200, f"{resource.get_resource_url_on_platform()}: status {page.status_code}"
        assert "text/html" in page.headers["Content-Type"]
