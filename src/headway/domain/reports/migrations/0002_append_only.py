"""reports_report is append-only: the database itself refuses to change or remove a row."""

from django.db import migrations

from headway.domain.accounts.rules.append_only import guard_statements, release_statements

TABLE = "reports_report"


def guard(apps, schema_editor):
    for statement in guard_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in release_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [migrations.RunPython(guard, release)]
