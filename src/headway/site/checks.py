"""What must hold before Headway starts: every door declared, every ledger guarded.

`manage.py check` and `headway doctor` run them as Django system checks; the web server runs them
when it starts and refuses to go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.urls import URLPattern, URLResolver

from headway.domain.accounts.rules.append_only import TABLES, trigger_names
from headway.interfaces.web.layout.routes import undeclared_routes

_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def missing_guards(connection: BaseDatabaseWrapper) -> Sequence[str]:
    """Return the names of append-only triggers that the database lacks, and "recursive_triggers".

    The latter is SQLite's setting without which INSERT OR REPLACE deletes past the triggers.
    A table alteration on SQLite drops triggers silently: that is why somebody has to look.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(_TRIGGERS[connection.vendor])
        present = {name for (name,) in cursor.fetchall()}
        replace_is_safe = True
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA recursive_triggers")
            replace_is_safe = cursor.fetchone()[0] == 1
    expected = [
        name
        for table in TABLES
        if table in tables
        for name in trigger_names(connection.vendor, table)
    ]
    missing = [name for name in expected if name not in present]
    return missing if replace_is_safe else [*missing, "recursive_triggers"]


@register(Tags.database)
def check_guards(
    databases: Sequence[str] | None = None, **_options: object
) -> Sequence[CheckMessage]:
    """Refuse a database in which evidence or the audit trail could be changed or removed.

    Silent while migrations are still to run: one of them may be the repair.
    """
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        missing = missing_guards(connection)
        executor = MigrationExecutor(connection)
        if missing and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            found.append(
                Error(
                    f"The database lacks {', '.join(missing)}: rows of the ledger could be changed "
                    "or removed.",
                    hint="Restore the triggers from headway.domain.accounts.rules.append_only, "
                    "then run `headway audit verify`.",
                    id="headway.E001",
                )
            )
    return found


def refuse_undeclared(
    patterns: Sequence[URLPattern | URLResolver], elsewhere: Mapping[str, str]
) -> None:
    """Raise ImproperlyConfigured when an address does not say who may come.

    `elsewhere` maps the prefixes whose addresses are declared in another way to the reason.
    """
    found = undeclared_routes(patterns, elsewhere)
    if found:
        sentence = (
            f"These addresses declare no permission: {', '.join(found)}. "
            "Declare them with headway.interfaces.web.layout.routes.route."
        )
        raise ImproperlyConfigured(sentence)


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured when a door is undeclared or a ledger is open to change.

    Called by the web server before its first request; the routes check themselves when imported.
    """
    import_module(settings.ROOT_URLCONF)
    errors = check_guards(databases=["default"])
    if errors:
        raise ImproperlyConfigured(" ".join(str(error.msg) for error in errors))
