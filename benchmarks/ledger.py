"""Appending, verifying and reading 10,000 records, against bare SQLite and SHA-256."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import best_of

RECORDS = 10_000


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds) on a fresh database."""
    import django

    django.setup()
    from tests.builders.workspace import Size, add_records, build_workspace

    from headway.domain.accounts.queries import headway_actor
    from headway.domain.evidence.models import Record
    from headway.domain.evidence.queries import chain_break
    from headway.domain.installation.actions import prepare_database

    prepare_database()
    workspace = build_workspace(Size(projects=1, items=10, records=0), slug="ledger")
    ours = best_of(1, lambda: add_records(workspace, RECORDS))
    texts = list(
        Record.objects.filter(workspace=workspace)
        .order_by("sequence")
        .values_list("payload", flat=True)
    )
    yield "append 10,000 records, against bare inserts", ours, best_of(1, lambda: _inserts(texts))
    actor = headway_actor(workspace.id)
    verified = best_of(2, lambda: chain_break(actor))
    yield "verify 10,000 records, against SHA-256", verified, best_of(3, lambda: _hashes(texts))


def _inserts(texts: list[str]) -> None:
    """Insert the same payloads with as many transactions, and the same wish to be on disk."""
    path = Path(os.environ["HEADWAY_HOME"]) / "floor.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE record (sequence INTEGER PRIMARY KEY, payload TEXT)")
        for start in range(0, len(texts), 2_000):
            database.executemany(
                "INSERT INTO record (payload) VALUES (?)", [(t,) for t in texts[start:][:2_000]]
            )
            database.commit()


def _hashes(texts: list[str]) -> str:
    previous = ""
    for text in texts:
        previous = hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
    return previous
