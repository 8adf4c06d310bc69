from django.db import migrations

from headway.domain.accounts.rules.append_only import guard_statements, release_statements

TABLES = ("gates_gatedecision", "gates_gaterules")


def guard(apps, schema_editor):
    for table in TABLES:
        for statement in guard_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


def release(apps, schema_editor):
    for table in TABLES:
        for statement in release_statements(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_append_only"), ("gates", "0001_gates")]

    operations = [migrations.RunPython(guard, release)]
