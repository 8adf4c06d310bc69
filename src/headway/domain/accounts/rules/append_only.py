"""The SQL that makes a table append-only: UPDATE and DELETE (and TRUNCATE) are refused.

Used by the migrations of every app that keeps a ledger, and by the start-up check that the
triggers still stand (a table alteration on SQLite drops them silently).
"""

from __future__ import annotations

from collections.abc import Sequence

#: Tables to which rows are only ever added; the database refuses anything else.
TABLES = (
    "accounts_auditentry",
    "compliance_policyversion",
    "evidence_record",
    "gates_gatedecision",
    "gates_gaterules",
    "plans_baseline",
    "reports_report",
)

#: Operations that are refused, per database vendor.
OPERATIONS: dict[str, tuple[str, ...]] = {
    "sqlite": ("update", "delete"),
    "postgresql": ("update", "delete", "truncate"),
}


def trigger_names(vendor: str, table: str) -> list[str]:
    """Return the names of the triggers that guard `table`."""
    return [f"{table}_no_{operation}" for operation in OPERATIONS[vendor]]


def guard_statements(vendor: str, table: str) -> Sequence[str]:
    """Return the statements that make `table` append-only on `vendor` (sqlite or postgresql)."""
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {operation} is refused'); END"
            for name, operation in zip(
                trigger_names(vendor, table), OPERATIONS[vendor], strict=True
            )
        ]
    # No percent sign: Django's schema editor would read it as a placeholder.
    function = (
        "CREATE OR REPLACE FUNCTION headway_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = "
        "TG_TABLE_NAME || ' is append-only: ' || lower(TG_OP) || ' is refused'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {name} BEFORE {operation.upper()} ON {table} "
        f"FOR EACH {'STATEMENT' if operation == 'truncate' else 'ROW'} "
        "EXECUTE FUNCTION headway_append_only()"
        for name, operation in zip(trigger_names(vendor, table), OPERATIONS[vendor], strict=True)
    ]
    return [function, *triggers]


def release_statements(vendor: str, table: str) -> Sequence[str]:
    """Return the statements that take the guard away: for reverse migrations and test databases."""
    suffix = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {name}{suffix}" for name in trigger_names(vendor, table)]
