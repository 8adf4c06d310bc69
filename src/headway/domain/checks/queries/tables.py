"""What monitors may read: uploads, folders of the operator's, connections. Never a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import Connection, Upload
from headway.domain.programs.queries import facts
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class ConnectionLine:
    """A connection as pages show it."""

    id: UUID
    key: str
    kind: str
    address: str
    has_secret: bool
    made_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class UploadLine:
    """An uploaded table's file."""

    id: UUID
    file_name: str
    size: int
    digest: str
    at: datetime


def connections_of(actor: Actor) -> Sequence[ConnectionLine]:
    """Return the connections of the workspace, by key."""
    require(actor, Permission.VIEW)
    rows = Connection.objects.filter(workspace_id=actor.workspace_id).order_by("key")
    return [facts(ConnectionLine, row, has_secret=row.secret is not None) for row in rows]


def connection_named(actor: Actor, key: str) -> ConnectionLine:
    """Return one connection. Raises NotFound."""
    found = next((one for one in connections_of(actor) if one.key == key), None)
    if found is None:
        sentence = f"There is no connection '{key}' in this workspace."
        raise NotFound(sentence)
    return found


def uploads_of(actor: Actor) -> Sequence[UploadLine]:
    """Return the uploaded tables of the workspace, the newest first."""
    require(actor, Permission.VIEW)
    rows = Upload.objects.filter(workspace_id=actor.workspace_id).order_by("-at", "file_name")
    return [facts(UploadLine, row) for row in rows]


def upload_path(upload: UUID, file_name: str) -> Path:
    """Return where an upload lies: named by its id, with the ending that says what it holds."""
    endings = "".join(Path(file_name).suffixes[-2:]).lower()
    kept = endings if endings.endswith(".gz") else Path(file_name).suffix.lower()
    return Path(settings.HOME) / "tables" / f"{upload}{kept}"


def allowed_folders() -> Sequence[Path]:
    """Return the folders below which the operator lets monitors read (HEADWAY_DATA_PATHS)."""
    return tuple(settings.DATA_PATHS)
