"""accounts_auditentry is append-only: the database itself refuses to change or remove a row."""

from django.db import migrations

from headway.domain.accounts.rules.append_only import guard_statements, release_statements

TABLE = "accounts_auditentry"


def guard(apps, schema_editor):
    for statement in guard_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in release_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(guard, release)]
