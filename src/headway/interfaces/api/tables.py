"""What monitors may read: uploaded tables and connections."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.checks.actions import (
    drop_connection,
    drop_upload,
    keep_upload,
    set_connection,
)
from headway.domain.checks.queries import (
    ConnectionLine,
    UploadLine,
    connection_named,
    connections_of,
    uploads_of,
)
from headway.domain.checks.rules.connections import ConnectionDraft
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import documented, operation
from headway.interfaces.api.paging import Asked, Page, page_of

router = Router(tags=["Monitors"])

#: What a table may be sent as. Its name tells the format.
TABLE_TYPES = ("application/octet-stream", "text/csv", "application/vnd.apache.parquet")

_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The file, as it is."}}
        for kind in TABLE_TYPES
    },
}


class UploadAsked(BaseModel):
    """What the file is called."""

    file: Annotated[
        str,
        Field(min_length=1, max_length=200, description="The file's name: .csv, .parquet …"),
    ]


class NothingBody(Given):
    """Nothing is asked besides the address."""


class ConnectionBody(Given):
    """A connection, whole. `secret` left out keeps the stored password; it is never shown."""

    kind: Literal["duckdb", "postgres"]
    address: str
    secret: str | None = None


@operation(router, "GET", "/data-tables", Permission.VIEW, Page[UploadLine])
def list_tables(request: ApiRequest, asked: Query[Asked]) -> Page[UploadLine]:
    """List the uploaded tables, the oldest first."""
    rows = sorted(uploads_of(request.auth), key=lambda row: (row.at, str(row.id)))
    return page_of(rows, lambda row: f"{row.at.isoformat()} {row.id}", asked)


@operation(router, "POST", "/data-tables", Permission.EVIDENCE, UploadLine, 201)
@documented(requestBody=_BODY)
def upload_table(request: ApiRequest, asked: Query[UploadAsked]) -> UploadLine:
    """Upload a table (the body, as it is) for monitors to read; the same file is kept once."""
    check_type(request, *TABLE_TYPES)
    return keep_upload(request.auth, request.body, asked.file, request.now)


@operation(router, "POST", "/data-tables/{uuid:table}/forget", Permission.EVIDENCE, None, 204)
def forget_table(request: ApiRequest, table: UUID, body: NothingBody) -> None:
    """Forget an uploaded table that no monitor reads; what was recorded of it stays."""
    drop_upload(request.auth, table, request.now)


@operation(router, "GET", "/connections", Permission.VIEW, Page[ConnectionLine])
def list_connections(request: ApiRequest, asked: Query[Asked]) -> Page[ConnectionLine]:
    """List the databases that monitors may read, by key; never a password."""
    return page_of(connections_of(request.auth), lambda row: row.key, asked)


@operation(router, "GET", "/connections/{key}", Permission.VIEW, ConnectionLine)
def read_connection(request: ApiRequest, key: str) -> ConnectionLine:
    """Read a connection; never its password."""
    return connection_named(request.auth, key)


@operation(router, "PUT", "/connections/{key}", Permission.SOURCE, ConnectionLine)
def put_connection(request: ApiRequest, key: str, body: ConnectionBody) -> ConnectionLine:
    """Set a connection. Another host, port or user drops the stored password."""
    actor, at = request.auth, request.now
    draft = ConnectionDraft(body.kind, body.address, body.secret)

    def write(version: int | None) -> ConnectionLine:
        return set_connection(actor, key, draft, at, version=version)

    return edit_or_create(request, lambda: connection_named(actor, key), write)


@operation(router, "DELETE", "/connections/{key}", Permission.SOURCE, None, 204)
def forget_connection(request: ApiRequest, key: str) -> None:
    """Forget a connection and its password; 409 while a monitor reads it."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        drop_connection(actor, key, at, version=version)

    edit(request, lambda: connection_named(actor, key), write)
