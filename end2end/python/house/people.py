"""The people of a server and their tokens, made on its command line as whoever runs it does."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from picsellia import Client

from .server import Server

HERE = "Personal"


@dataclass(frozen=True)
class Person:
    server: Server
    email: str
    organization: str

    def token(self, scope: str = "write", expires: str | None = None) -> str:
        """A new token."""
        lifetime = [] if expires is None else ["--expires", expires]
        return self.server.command("token", "create", "--email", self.email, "--scope", scope, *lifetime).strip()

    def client(self, scope: str = "write", **settings: object) -> Client:
        """The SDK, as this person's scripts use it: everything but the host is as always."""
        return Client(api_token=self.token(scope), host=self.server.url, **settings)


def introduce(server: Server, name: str, role: str, organization: str = HERE) -> Person:
    """Adds a person, and their organization if there is none of that name."""
    person = Person(server, f"{name.lower()}-{uuid4().hex[:8]}@example.org", organization)
    command = ["user", "create", "--email", person.email, "--name", name, "--role", role, "--org", organization]
    server.command(*command, "--password-stdin", stdin="prefers long passwords\n")
    return person


def revoke(server: Server, person: Person) -> None:
    """Revokes every token of a person."""
    for line in server.command("token", "list").splitlines():
        id, email, *_ = line.split("\t")
        if email == person.email:
            server.command("token", "revoke", id)
