"""Fixtures: one server per database engine and file store for the whole session, a new project and experiment per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from uuid import uuid4

import picsellia
import pytest
from picsellia import Client, Experiment, Project

from harness.database import Database
from harness.instance import TestInstance
from harness.s3_store import S3Store
from harness.users import User, create_user


def pytest_report_header() -> str:
    return f"picsellia {picsellia.__version__}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Adds the end of the server's log to the report of a failed test."""
    report = yield
    running = getattr(item, "funcargs", {}).get("server")
    if report.failed and running is not None:
        report.sections.append(("the server's log (its end)", "\n".join(running.log.splitlines()[-5:])))
    return report


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Runs all tests on both engines, and those of modules with IN_S3_TOO also with files in S3."""
    if "server" in metafunc.fixturenames:
        variants = ["sqlite", "postgres"]
        if getattr(metafunc.module, "IN_S3_TOO", False):
            variants += ["sqlite+s3", "postgres+s3"]
        metafunc.parametrize("server", variants, indirect=True, scope="session")


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestInstance]:
    """A server on SQLite or PostgreSQL, with its files on disk or in S3."""
    engine, _, store = request.param.partition("+")
    database = Database.create() if engine == "postgres" else None
    bucket = S3Store(tmp_path_factory.mktemp("s3")) if store else None
    running = TestInstance(tmp_path_factory.mktemp("data"), database, bucket)
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def owner(server: TestInstance) -> User:
    return create_user(server, "Ana", "owner")


@pytest.fixture(scope="session")
def outsider(server: TestInstance, owner: User) -> User:
    """The owner of another organization, who has no access to the first one."""
    return create_user(server, "Eve", "owner", "Elsewhere")


@pytest.fixture(scope="session")
def client(owner: User) -> Client:
    return owner.client()


@pytest.fixture
def empty_client(server: TestInstance, owner: User) -> Client:
    """The client of the only user of a new, empty organization."""
    return create_user(server, "Nat", "owner", f"Organization {uuid4().hex[:8]}").client()


@pytest.fixture
def project(client: Client) -> Project:
    return client.create_project(f"project {uuid4().hex[:12]}")


@pytest.fixture
def experiment(project: Project) -> Experiment:
    return project.create_experiment("experiment")


@pytest.fixture
def create_experiment(project: Project) -> Callable[[], Experiment]:
    """Creates further experiments in the same project."""
    numbers = count(2)
    return lambda: project.create_experiment(f"experiment {next(numbers)}")
