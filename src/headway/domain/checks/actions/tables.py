"""What monitors may read: uploads are kept, connections set, and each is opened by one door."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from headway.connectors.http import parse_allowed_hosts, system_resolver
from headway.connectors.http.addresses import checked_addresses
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import Connection, Monitor, Upload
from headway.domain.checks.queries.tables import (
    ConnectionLine,
    UploadLine,
    allowed_folders,
    connection_named,
    upload_path,
)
from headway.domain.checks.rules import Opened
from headway.domain.checks.rules.connections import (
    ConnectionDraft,
    PostgresAddress,
    keeps_secret,
    read_address,
)
from headway.domain.checks.rules.tables import check_upload
from headway.domain.programs.queries import facts
from headway.domain.programs.rules.fields import slug
from headway.domain.sources.rules import conceal, reveal
from headway.errors import Conflict, Invalid, NotFound, Refused

#: Bytes of a file that are hashed at once.
_CHUNK = 1 << 20


def keep_upload(actor: Actor, data: bytes, name: str, at: datetime) -> UploadLine:
    """Keep a table's file in the data folder; the same file under the same name is kept once.

    Nothing in it is read here: that is the run's, in a process of its own. Raises Invalid for a
    file of no known format, empty, or larger than is kept.
    """
    require(actor, Permission.EVIDENCE)
    shown = "".join(sign for sign in Path(name).name if sign.isprintable())[-200:]
    mine = Upload.objects.filter(workspace_id=actor.workspace_id)
    check_upload(shown, len(data), mine.aggregate(all=Sum("size"))["all"] or 0)
    digest = hashlib.sha256(data).hexdigest()
    row = mine.filter(digest=digest, file_name=shown).first()
    if row is not None:
        return facts(UploadLine, row)
    key = uuid4()
    path = upload_path(key, shown)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    with transaction.atomic():
        row = Upload.objects.create(
            id=key,
            workspace_id=actor.workspace_id,
            member_id=actor.member_id,
            file_name=shown,
            size=len(data),
            digest=digest,
            at=at,
        )
        write_audit(actor, "keep_upload", shown, at, digest=digest, size=len(data))
    return facts(UploadLine, row)


@transaction.atomic
def drop_upload(actor: Actor, upload: UUID, at: datetime) -> None:
    """Forget an uploaded file. Raises Conflict while a monitor reads it; its evidence stays."""
    require(actor, Permission.EVIDENCE)
    row = _upload(actor, upload)
    for monitor in Monitor.objects.filter(workspace_id=actor.workspace_id):
        if {"upload": str(upload)} in [monitor.table, *monitor.more_tables.values()]:
            sentence = f"“{monitor.name}” reads {row.file_name}; give it another table first."
            raise Conflict(sentence)
    write_audit(actor, "drop_upload", row.file_name, at, digest=row.digest)
    path = upload_path(row.id, row.file_name)
    row.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def _upload(actor: Actor, upload: UUID) -> Upload:
    row = Upload.objects.filter(workspace_id=actor.workspace_id, id=upload).first()
    if row is None:
        sentence = "There is no such uploaded table in this workspace; upload it again."
        raise NotFound(sentence)
    return row


@transaction.atomic
def set_connection(
    actor: Actor, key: str, draft: ConnectionDraft, at: datetime, *, version: int | None = None
) -> ConnectionLine:
    """Make or change a connection. Another host, port or user drops the stored password.

    Nothing is called yet: a run does, in a process of its own.
    """
    require(actor, Permission.SOURCE)
    key = str(slug("key", key))
    address = read_address(draft)
    rows = Connection.objects.select_for_update().filter(workspace_id=actor.workspace_id, key=key)
    row = rows.first()
    if row is None:
        row = Connection(workspace_id=actor.workspace_id, key=key, made_at=at, version=0)
    elif version is not None and version != row.version:
        sentence = f"Connection '{key}' changed meanwhile (version {row.version}, not {version})."
        raise Conflict(sentence)
    if row.kind and not keeps_secret(row.kind, row.address, draft.kind, address):
        row.secret = None
    row.kind, row.address, row.version = draft.kind, address, row.version + 1
    if draft.secret is not None:
        row.secret = conceal(draft.secret, settings.SOURCE_KEY) if draft.secret else None
    row.save()
    write_audit(actor, "set_connection", key, at, kind=draft.kind, address=address)
    return connection_named(actor, key)


@transaction.atomic
def drop_connection(actor: Actor, key: str, at: datetime, *, version: int | None = None) -> None:
    """Forget a connection and its password. Raises Conflict while a monitor reads it."""
    require(actor, Permission.SOURCE)
    line = connection_named(actor, key)
    if version is not None and version != line.version:
        sentence = f"Connection '{key}' changed meanwhile (version {line.version}, not {version})."
        raise Conflict(sentence)
    for monitor in Monitor.objects.filter(workspace_id=actor.workspace_id):
        if key in [one.get("connection") for one in [monitor.table, *monitor.more_tables.values()]]:
            sentence = f"“{monitor.name}” reads '{key}'; give it another table first."
            raise Conflict(sentence)
    write_audit(actor, "drop_connection", key, at)
    Connection.objects.filter(id=line.id).delete()


def check_table(actor: Actor, table: Mapping[str, str]) -> None:
    """Raise NotFound or Refused for a table that could not be opened: no such upload, no folder."""
    if "upload" in table:
        _upload(actor, UUID(table["upload"]))
    elif "path" in table:
        allowed_file(table["path"])
    elif "connection" in table:
        connection_named(actor, table["connection"])


def opened(actor: Actor, table: Mapping[str, str]) -> Opened:
    """Return a table as an engine may open it, with the digest of its bytes where it has one.

    Raises NotFound for what is gone, Refused for what the operator does not allow.
    """
    if "upload" in table:
        row = _upload(actor, UUID(table["upload"]))
        path = upload_path(row.id, row.file_name)
        if not path.exists():
            sentence = f"{row.file_name} is not in the data folder any more; upload it again."
            raise NotFound(sentence)
        return Opened("file", str(path), name=row.file_name, digest=row.digest)
    if "path" in table:
        path = allowed_file(table["path"])
        return Opened("file", str(path), name=table["path"], digest=_digest_of(path))
    if "connection" in table:
        return _connected(actor, table)
    sentence = "It is not said which table this monitor reads; choose one."
    raise Invalid(sentence)


def _connected(actor: Actor, table: Mapping[str, str]) -> Opened:
    row = Connection.objects.get(id=connection_named(actor, table["connection"]).id)
    name = f"{table['table']} of {row.key}"
    if row.kind == "duckdb":
        path = allowed_file(row.address, database=True)
        return Opened("duckdb", str(path), table["table"], name, _digest_of(path))
    place = PostgresAddress.read(row.address)
    password = reveal(bytes(row.secret), settings.SOURCE_KEY) if row.secret else ""
    allowed = (place.host, place.port) in parse_allowed_hosts(settings.OUTBOUND_ALLOWED)
    try:
        found = checked_addresses(place.host, place.port, system_resolver, allowed=allowed)
    except OSError:
        sentence = (
            f"The database of connection '{row.key}' cannot be reached: no address that may be "
            f"called. An internal host needs HEADWAY_ALLOW_HOSTS={place.host}:{place.port} from "
            "the operator."
        )
        raise Refused(sentence) from None
    user = f"{quote(place.user, safe='')}:{quote(password, safe='')}"
    # The host stays for the certificate; `hostaddr` dials the address that was checked.
    url = (
        f"postgresql://{user}@{place.host}:{place.port}/{quote(place.database, safe='')}"
        f"?hostaddr={quote(found[0], safe=':')}"
    )
    return Opened("postgres", url, table["table"], name)


def allowed_file(text: str, *, database: bool = False) -> Path:
    """Return the file at a relative path below a folder that the operator allowed.

    Links are followed before it is judged. Raises Refused where nothing is allowed or the file
    lies elsewhere, NotFound where there is none.
    """
    folders = allowed_folders()
    if not folders:
        sentence = (
            "No folder is open to monitors; the operator names them in HEADWAY_DATA_PATHS, or "
            "upload the file."
        )
        raise Refused(sentence)
    for folder in folders:
        path = (folder / text).resolve()
        if path.exists():
            if not path.is_relative_to(folder):
                sentence = f"{text!r} leads out of the folders that the operator allowed."
                raise Refused(sentence)
            return path
    what = "database" if database else "file"
    sentence = f"There is no {what} {text!r} below the folders that the operator allowed."
    raise NotFound(sentence)


def _digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and digests of a folder's files."""
    found = hashlib.sha256()
    if path.is_dir():
        for one in sorted(path.rglob("*.parquet")):
            found.update(f"{one.relative_to(path)} {_digest_of(one)}\n".encode())
        return found.hexdigest()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()
