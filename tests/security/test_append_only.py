"""The database itself refuses to change or remove a row of a ledger."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction
from tests.cast import Cast

from headway.domain.accounts.models import AuditEntry
from headway.domain.accounts.rules.append_only import release_statements, trigger_names
from headway.site.checks import TABLES, check_guards, missing_guards

STATEMENTS = {
    "update": "UPDATE accounts_auditentry SET actor = 'mallory'",
    "delete": "DELETE FROM accounts_auditentry",
    "upsert": "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry WHERE true "
    "ON CONFLICT (id) DO UPDATE SET actor = 'mallory'",
    "replace": "INSERT OR REPLACE INTO accounts_auditentry SELECT * FROM accounts_auditentry",
    "truncate": "TRUNCATE accounts_auditentry CASCADE",
}
DIALECT = {"replace": "sqlite", "truncate": "postgresql"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_row_of_the_audit_trail_cannot_be_changed_or_removed(cast: Cast, name: str) -> None:
    if DIALECT.get(name, connection.vendor) != connection.vendor:
        pytest.skip(f"{connection.vendor} has no such statement")
    if connection.vendor == "postgresql":  # else TRUNCATE stumbles over the deferred foreign keys
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    before = list(AuditEntry.objects.order_by("id").values_list("id", "actor", "digest"))
    with (
        pytest.raises(Error, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(STATEMENTS[name])
    assert list(AuditEntry.objects.order_by("id").values_list("id", "actor", "digest")) == before


@pytest.mark.parametrize("table", TABLES)
def test_every_ledger_is_guarded_and_a_missing_trigger_is_found(db: None, table: str) -> None:
    assert missing_guards(connection) == []
    with connection.cursor() as cursor:
        for statement in release_statements(connection.vendor, table):
            cursor.execute(statement)
    assert missing_guards(connection) == trigger_names(connection.vendor, table)
    (error,) = check_guards(databases=["default"])
    assert error.id == "headway.E001"
    assert table in error.msg


def test_every_append_only_table_exists(db: None) -> None:
    assert set(TABLES) <= set(connection.introspection.table_names())
