"""The users of a server and their tokens, created with the server's command line as an administrator does."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from picsellia import Client

from .instance import TestInstance

DEFAULT_ORGANIZATION = "Personal"


@dataclass(frozen=True)
class User:
    server: TestInstance
    email: str
    organization: str

    def create_token(self, scope: str = "write", expires: str | None = None) -> str:
        """Creates a token and returns its secret."""
        lifetime = [] if expires is None else ["--expires", expires]
        return self.server.command("token", "create", "--email", self.email, "--scope", scope, *lifetime).strip()

    def client(self, scope: str = "write", **settings: object) -> Client:
        """Returns the SDK's client as this user's scripts create it, with nothing changed but the host."""
        return Client(api_token=self.create_token(scope), host=self.server.url, **settings)


def create_user(server: TestInstance, name: str, role: str, organization: str = DEFAULT_ORGANIZATION) -> User:
    """Creates a user, and the organization if it does not exist."""
    user = User(server, f"{name.lower()}-{uuid4().hex[:8]}@example.org", organization)
    command = ["user", "create", "--email", user.email, "--name", name, "--role", role, "--org", organization]
    server.command(*command, "--password-stdin", stdin="prefers long passwords\n")
    return user


def revoke_tokens(server: TestInstance, user: User) -> None:
    """Revokes all tokens of a user."""
    for line in server.command("token", "list").splitlines():
        id, email, *_ = line.split("\t")
        if email == user.email:
            server.command("token", "revoke", id)
