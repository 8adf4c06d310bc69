"""Reports become packs: several audiences of one snapshot, a written reason, a user's own deck."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import headway.domain.reports.models
from headway.domain.accounts.rules.append_only import guard_statements, release_statements

TABLE = "reports_report"


def guard(apps, schema_editor):
    for statement in guard_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in release_statements(schema_editor.connection.vendor, TABLE):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_append_only"),
        ("reports", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeckTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64)),
                ("data", models.BinaryField()),
                ("size", models.IntegerField()),
                ("places", models.JSONField(default=list)),
                ("unknown", models.JSONField(default=list)),
                ("is_default", models.BooleanField(default=False)),
                ("author", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_at__isnull", True)),
                        fields=("workspace", "name"),
                        name="template_name",
                    )
                ],
            },
        ),
        # A change of the table would take its triggers away unseen on SQLite: they are put back.
        migrations.RunPython(release, guard),
        migrations.AddField(
            "report",
            "audiences",
            models.JSONField(default=headway.domain.reports.models.executive_only),
        ),
        migrations.RemoveField("report", "audience"),
        migrations.AddField("report", "vendors", models.JSONField(default=list)),
        migrations.AddField("report", "schema", models.IntegerField(default=1)),
        migrations.AddField(
            "report", "reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField(
            "report",
            "template",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="reports.decktemplate",
            ),
        ),
        migrations.RunPython(guard, release),
    ]
