"""The tables of a first start are those that all migrations come to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.prepared import is_on_server, lay, migrate, own_database, prepare_folder

#: Prints the database: columns with their types, constraints and indexes, triggers, migrations.
_TOLD = """
import json, django; django.setup()
from django.db import connection
from headway.site.checks import _TRIGGERS
look, found = connection.introspection, {}
with connection.cursor() as cursor:
    for table in look.table_names(cursor):
        columns = look.get_table_description(cursor, table)
        held = look.get_constraints(cursor, table)
        found[table] = {
            "columns": sorted([one.name, str(one.type_code), one.null_ok, one.display_size,
                str(one.default)] for one in columns),
            "constraints": sorted(json.dumps(one, sort_keys=True, default=str)
                for one in held.values()),
        }
    cursor.execute(_TRIGGERS[connection.vendor])
    found["triggers"] = sorted(name for name, in cursor.fetchall())
    cursor.execute("SELECT app, name FROM django_migrations")
    found["migrations"] = sorted(map(list, cursor.fetchall()))
    cursor.execute("SELECT app_label, model FROM django_content_type")
    found["types"] = sorted(map(list, cursor.fetchall()))
print(json.dumps(found))
"""


def told(folder: Path, address: str) -> dict[str, object]:
    more = {"DATABASE_URL": address} if address else {}
    kept = {name: word for name, word in os.environ.items() if name != "DATABASE_URL"}
    printed = subprocess.run(
        [sys.executable, "-c", _TOLD],
        env={**kept, "HEADWAY_HOME": str(folder), **more},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found: dict[str, object] = json.loads(printed)
    return found


def expected() -> list[str]:
    """Return the tables that may differ.

    Django's migrations number this one, which nobody here uses, wider than its model says.
    """
    return ["auth_group_permissions"] if is_on_server() else []


# `make soak` asks PostgreSQL, too: half a minute of processor time that seldom tells another thing.
@pytest.mark.slow
@pytest.mark.longest
@pytest.mark.own_sqlite
def test_a_first_start_lays_the_tables_that_all_migrations_come_to(tmp_path: Path) -> None:
    both = []
    for name, make in (("laid", lay), ("migrated", migrate)):
        address = own_database(f"headway_{name}", has_tables=False)
        make(tmp_path / name, address)
        both.append(told(tmp_path / name, address))
    laid, migrated = both
    assert laid.keys() == migrated.keys()
    assert len(laid) > 100
    assert [table for table in laid if laid[table] != migrated[table]] == expected()


@pytest.mark.own_sqlite
def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    prepare_folder(tmp_path)
    before = told(tmp_path, "")
    lay(tmp_path, "")
    assert told(tmp_path, "") == before
