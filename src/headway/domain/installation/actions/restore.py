"""Puts a backup into an empty installation, and proves that it is whole."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.db import connection

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import audit_break, headway_actor
from headway.domain.evidence.queries import chain_break
from headway.domain.installation.actions.backup import (
    CONTENT,
    file_digest,
    own_tables,
    row_counts,
    run_tool,
)
from headway.domain.installation.actions.start import prepare_database
from headway.domain.installation.queries import guards
from headway.domain.installation.rules import Finding, Manifest, read_manifest
from headway.errors import Conflict, Invalid

#: A database larger than this does not come out of one archive unnoticed.
LARGEST = 200 * 1024**3

#: A manifest is a page of text; a larger one was made to fill the memory.
LARGEST_MANIFEST = 10 * 1024**2


def restore_backup(source: Path) -> tuple[Manifest, list[Finding]]:
    """Restore `source` into this installation, which must hold no workspace yet.

    Returns the manifest and what the verification found. Raises Invalid for a damaged or foreign
    file, Conflict when the installation is not empty; in both cases nothing was changed.
    """
    if _is_inhabited():
        sentence = (
            "This installation holds a workspace already; restore into an empty data folder "
            "(HEADWAY_HOME) or an empty database."
        )
        raise Conflict(sentence)
    with tempfile.TemporaryDirectory() as folder:
        manifest, content = _unpack(source, Path(folder))
        if connection.vendor == "sqlite":
            _replace_sqlite(content)
        else:
            _load_postgres(content)
    prepare_database()
    return manifest, _verified(manifest)


def _is_inhabited() -> bool:
    """Say whether there is a workspace. Tables need not be there yet: the backup brings them."""
    tables = connection.introspection.table_names()
    return Workspace._meta.db_table in tables and Workspace.objects.exists()


def _unpack(source: Path, folder: Path) -> tuple[Manifest, Path]:
    """Check the archive from its directory, then unpack the database and compare its digest."""
    try:
        with zipfile.ZipFile(source) as archive:
            names = {info.filename: info.file_size for info in archive.infolist()}
            is_backup = set(names) == {"manifest.json", CONTENT}
            if not (
                is_backup
                and names[CONTENT] <= LARGEST
                and names["manifest.json"] <= LARGEST_MANIFEST
            ):
                sentence = f"{source} does not hold what a Headway backup holds."
                raise Invalid(sentence)
            manifest = read_manifest(archive.read("manifest.json").decode("utf-8"))
            archive.extract(CONTENT, folder)
    except (OSError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        sentence = f"{source} cannot be read as a backup: {error}."
        raise Invalid(sentence) from None
    content = folder / CONTENT
    if file_digest(content) != manifest.sha256:
        sentence = f"{source} is damaged: its content does not have the digest it was made with."
        raise Invalid(sentence)
    if manifest.vendor != connection.vendor:
        sentence = (
            f"The backup is of {manifest.vendor}, this installation uses {connection.vendor}."
        )
        raise Invalid(sentence)
    return manifest, content


def _replace_sqlite(content: Path) -> None:
    """Put the restored file in the place of the empty one."""
    restored = sqlite3.connect(content)
    try:
        answer = restored.execute("PRAGMA integrity_check").fetchone()[0]
    finally:
        restored.close()
    if answer != "ok":
        sentence = f"The database in the backup is damaged: {answer}."
        raise Invalid(sentence)
    connection.close()
    place = Path(str(connection.settings_dict["NAME"]))
    # Beside its place first: a restore that is killed half way leaves the empty installation.
    beside = place.with_name(place.name + ".restoring")
    shutil.copyfile(content, beside)
    beside.chmod(0o600)
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    beside.replace(place)


def _load_postgres(content: Path) -> None:
    connection.close()
    database = str(connection.settings_dict["NAME"])
    run_tool(
        [
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={database}",
            str(content),
        ]
    )


def _counted(manifest: Manifest) -> Finding:
    """Compare the rows that are there with those that were."""
    with connection.cursor() as cursor:

        def ask(question: str) -> list[tuple[Any, ...]]:
            cursor.execute(question)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

        now = row_counts(ask, [table for table in own_tables() if table in manifest.rows])
    unlike = [
        f"{table}: {now.get(table, 0)} of {was}"
        for table, was in manifest.rows.items()
        if now.get(table, 0) != was
    ]
    sentence = (
        f"Rows are not as they were: {', '.join(unlike)}."
        if unlike
        else f"All {sum(now.values())} rows are there."
    )
    return Finding("rows", not unlike, sentence)


def _verified(manifest: Manifest) -> list[Finding]:
    """Count the rows; look for the guards; verify each chain against the head in the backup."""
    findings = [_counted(manifest), guards()]
    for workspace in Workspace.objects.order_by("slug"):
        actor = headway_actor(workspace.id)
        record, digest, entry, sealed = manifest.heads.get(workspace.slug, (0, "", 0, ""))
        ledger = chain_break(actor, (record, digest) if record else None)
        trail = audit_break(actor, (entry, sealed) if entry else None)
        broken = ledger or trail
        sentence = (
            broken.sentence
            if broken
            else f"{record} records and {entry} audit rows are as they were."
        )
        findings.append(Finding(f"workspace {workspace.slug}", broken is None, sentence))
    return findings
