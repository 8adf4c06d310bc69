"""Taking the append-only guards away for a moment: to flush, and to play the tamperer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from headway.domain.accounts.rules.append_only import TABLES, guard_statements, release_statements


@contextmanager
def released_guards() -> Iterator[None]:
    """Drop the triggers of every append-only table, and put them back at the end."""
    _run(release_statements)
    try:
        yield
    finally:
        _run(release_statements)
        _run(guard_statements)


def _run(statements: object) -> None:
    assert callable(statements)
    with connection.cursor() as cursor:
        for table in TABLES:
            for statement in statements(connection.vendor, table):
                cursor.execute(statement)
