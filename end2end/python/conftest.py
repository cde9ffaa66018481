"""One server for each engine and place of files, kept for all tests; every test has a project and an experiment of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from uuid import uuid4

import picsellia
import pytest
from picsellia import Client, Experiment, Project

from house.database import Database
from house.people import Person, introduce
from house.server import Server
from house.store import Store


def pytest_report_header() -> str:
    return f"picsellia {picsellia.__version__}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """What the server wrote to its log goes along with a failure."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and running is not None:
        report.sections.append(("the server's log (its end)", "\n".join(running.log.splitlines()[-5:])))
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Everything runs on both engines; what is about files, with the files on disk and in S3."""
    if "server" in metafunc.fixturenames:
        places = ["sqlite", "postgres"]
        if getattr(metafunc.module, "IN_S3_TOO", False):
            places += ["sqlite+s3", "postgres+s3"]
        metafunc.parametrize("server", places, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The program on either engine, with its files on disk or in S3."""
    engine, _, store = request.param.partition("+")
    database = Database.create() if engine == "postgres" else None
    bucket = Store(tmp_path_factory.mktemp("s3")) if store else None
    running = Server(tmp_path_factory.mktemp("data"), database, bucket)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def owner(server: Server) -> Person:
    return introduce(server, "Ana", "owner")


@pytest.fixture(scope="session")
def stranger(server: Server, owner: Person) -> Person:
    """Owner of another organization, who may see nothing of the first."""
    return introduce(server, "Eve", "owner", "Elsewhere")


@pytest.fixture(scope="session")
def client(owner: Person) -> Client:
    return owner.client()


@pytest.fixture
def newcomer(server: Server, owner: Person) -> Client:
    """The client of somebody alone in an organization where there is nothing yet."""
    return introduce(server, "Nat", "owner", f"Organization {uuid4().hex[:8]}").client()


@pytest.fixture
def project(client: Client) -> Project:
    return client.create_project(f"project {uuid4().hex[:12]}")


@pytest.fixture
def experiment(project: Project) -> Experiment:
    return project.create_experiment("experiment")


@pytest.fixture
def another(project: Project) -> Callable[[], Experiment]:
    """Further experiments of the same project."""
    numbers = count(2)
    return lambda: project.create_experiment(f"experiment {next(numbers)}")
