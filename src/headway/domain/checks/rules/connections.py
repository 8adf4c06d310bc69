"""Addresses of databases: a DuckDB file below an allowed folder, or PostgreSQL. Never a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.connectors.http.addresses import normal_host
from headway.domain.checks.rules.tables import CONNECTION_KINDS, read_path
from headway.errors import Invalid

_POSTGRES = re.compile(
    r"(?P<user>[A-Za-z0-9_.-]{1,63})@(?P<host>\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]{1,253})"
    r"(?::(?P<port>[0-9]{1,5}))?/(?P<database>[A-Za-z0-9_.-]{1,63})"
)


@dataclass(frozen=True, slots=True)
class ConnectionDraft:
    """A connection as somebody typed it; `secret` None leaves the stored one, "" drops it."""

    kind: str
    address: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """Where a PostgreSQL database is."""

    user: str
    host: str
    port: int
    database: str

    @classmethod
    def read(cls, text: str) -> PostgresAddress:
        """Read `user@host:port/database`; the port is 5432 unless said. Raises Invalid."""
        match = _POSTGRES.fullmatch(text.strip())
        port = int(match["port"] or 5432) if match else 0
        if match is None or not 0 < port < 65536:
            sentence = (
                "The address is not user@host:port/database; write for example "
                "reader@db.example.com:5432/warehouse, and the password by itself."
            )
            raise Invalid(sentence)
        host = normal_host(match["host"].removeprefix("[").removesuffix("]"))
        return cls(match["user"], host, port, match["database"])

    def __str__(self) -> str:
        """Return what `read` reads."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}:{self.port}/{self.database}"


def read_address(draft: ConnectionDraft) -> str:
    """Return the address of a draft in its one spelling. Raises Invalid for one that is none."""
    if draft.kind not in CONNECTION_KINDS:
        known = " and ".join(CONNECTION_KINDS)
        sentence = f"There is no connection of kind {draft.kind[:30]!r}; there is {known}."
        raise Invalid(sentence)
    if draft.kind == "postgres":
        return str(PostgresAddress.read(draft.address))
    text = draft.address.strip()
    if not text.endswith(".duckdb"):
        sentence = f"A DuckDB file ends in .duckdb; {text[-40:]!r} does not."
        raise Invalid(sentence)
    return read_path("database", text, (".duckdb",))


def keeps_secret(old_kind: str, old: str, new_kind: str, new: str) -> bool:
    """Say whether a stored password may stay: only for the same host, port and user."""
    if old_kind != new_kind or old_kind != "postgres":
        return False
    one, other = PostgresAddress.read(old), PostgresAddress.read(new)
    return (one.user, one.host, one.port) == (other.user, other.host, other.port)
