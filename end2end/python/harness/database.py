"""A PostgreSQL database for each server, in the cluster named by GROUNDGLASS_TEST_POSTGRES_URL."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

import pg8000.native

CLUSTER_URL = "GROUNDGLASS_TEST_POSTGRES_URL"


@dataclass(frozen=True)
class Database:
    name: str

    @classmethod
    def create(cls) -> Database:
        database = cls(f"groundglass_sdk_{uuid.uuid4().hex}")
        _execute_sql(f"CREATE DATABASE {database.name}")
        return database

    @property
    def url(self) -> str:
        return urlunsplit(urlsplit(os.environ[CLUSTER_URL])._replace(path=f"/{self.name}"))

    def drop(self) -> None:
        _execute_sql(f"DROP DATABASE {self.name} WITH (FORCE)")


def _execute_sql(statement: str) -> None:
    url = urlsplit(os.environ[CLUSTER_URL])
    connection = pg8000.native.Connection(
        unquote(url.username or "postgres"),
        host=url.hostname or "localhost",
        port=url.port or 5432,
        password=unquote(url.password) if url.password else None,
        database=unquote(url.path.removeprefix("/")) or "postgres",
    )
    try:
        connection.run(statement)
    finally:
        connection.close()
