"""Writes a backup while people work: one consistent copy of the database, and a manifest.

The keys (`secret_key`, `source_key`) are not in it, so that a stolen backup opens no other
system: keep them apart, and put them back before a restore, or enter the secrets anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

import headway
from headway.domain.installation.rules import Manifest
from headway.errors import Conflict, Invalid, SourceError
from headway.observation import instant

#: The database's name inside the archive.
CONTENT = "database"

#: Asks the copy a question in SQL and returns the rows.
Ask = Callable[[str], list[tuple[Any, ...]]]

_HEADS = """
    SELECT w.slug, coalesce(l.sequence, 0), coalesce(l.digest, ''),
           coalesce(a.sequence, 0), coalesce(a.digest, '')
    FROM accounts_workspace w
    LEFT JOIN evidence_head l ON l.workspace_id = w.id
    LEFT JOIN accounts_audithead a ON a.workspace_id = w.id
    ORDER BY w.slug
"""


def back_up(target: Path, at: datetime) -> Manifest:
    """Write a backup to `target`. Raises Conflict when it exists, Invalid without a folder for it.

    The archive appears under its name only when it is whole.
    """
    if target.exists():
        sentence = f"{target} exists already; a backup overwrites nothing. Choose another name."
        raise Conflict(sentence)
    parent = target.resolve().parent
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        sentence = f"{parent} is not a folder that can be written; a backup goes beside others."
        raise Invalid(sentence)
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        copy = Path(folder) / CONTENT
        make = _copy_sqlite if connection.vendor == "sqlite" else _dump_postgres
        manifest = make(copy, at)
        archive = Path(folder) / "archive"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("manifest.json", manifest.as_json())
            file.write(copy, CONTENT)
        archive.chmod(0o600)
        archive.rename(target)
    return manifest


def _copy_sqlite(copy: Path, at: datetime) -> Manifest:
    """Copy the database through SQLite's online backup: consistent, and writers go on."""
    connection.ensure_connection()
    target = sqlite3.connect(copy)
    try:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        target.commit()
        return _manifest(copy, lambda question: target.execute(question).fetchall(), at)
    finally:
        target.close()


def postgres_environment() -> Mapping[str, str]:
    """Return the environment in which PostgreSQL's own tools reach our database."""
    held = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    found = {name: str(held[key]) for name, key in names.items() if held.get(key)}
    return {**os.environ, **found, "PGDATABASE": str(held["NAME"])}


def run_tool(command: list[str]) -> None:
    """Run one of PostgreSQL's own tools. Raises SourceError with what it said."""
    try:
        subprocess.run(
            command, env=postgres_environment(), check=True, capture_output=True, text=True
        )
    except FileNotFoundError:
        sentence = f"'{command[0]}' is not installed; install PostgreSQL's client tools."
        raise SourceError(sentence, retry=False) from None
    except subprocess.CalledProcessError as error:
        sentence = f"{command[0]} failed: {error.stderr.strip()[:500]}"
        raise SourceError(sentence, retry=True) from None


def _dump_postgres(copy: Path, at: datetime) -> Manifest:
    """Dump and describe one snapshot, so that the two agree while people work."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        run_tool(
            [
                "pg_dump",
                "--format=custom",
                "--no-owner",
                f"--snapshot={snapshot}",
                f"--file={copy}",
            ]
        )

        def ask(question: str) -> list[tuple[Any, ...]]:
            cursor.execute(question)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

        return _manifest(copy, ask, at)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def own_tables() -> list[str]:
    """Return the tables of our own models, sorted."""
    models = [model for model in apps.get_models() if model.__module__.startswith("headway")]
    return sorted(model._meta.db_table for model in models)


def row_counts(ask: Ask, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {table: int(ask(f'SELECT count(*) FROM "{table}"')[0][0]) for table in tables}


def _manifest(copy: Path, ask: Ask, at: datetime) -> Manifest:
    """Describe the copy by asking the copy (or its snapshot): the live database has gone on."""
    return Manifest(
        version=headway.__version__,
        vendor=connection.vendor,
        made_at=instant(at),
        sha256=file_digest(copy),
        rows=row_counts(ask, own_tables()),
        heads={row[0]: (row[1], row[2], row[3], row[4]) for row in ask(_HEADS)},
    )
