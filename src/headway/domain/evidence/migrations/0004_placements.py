"""What was placed before keeps its place, from its first record on; runs get their own tags."""

import json

from django.db import migrations
from django.db.models import Max, Min

from headway.domain.evidence.rules.placing import PlacedBy, own_tags

AT_ONCE = 500


def keep_places(apps, schema_editor):
    Subject = apps.get_model("evidence", "Subject")
    Placement = apps.get_model("evidence", "Placement")
    placed = Subject.objects.filter(project__isnull=False).select_related("project")
    placed = placed.annotate(heard=Min("records__recorded_at"), source=Max("records__source"))
    rows, slices = [], []
    for row in placed.iterator(chunk_size=AT_ONCE):
        is_read = (row.source or "").startswith("mlflow:")
        row.claim, row.claim_by = row.project.slug, PlacedBy.SOURCE if is_read else PlacedBy.PUSH
        row.placed_by = row.claim_by
        rows.append(row)
        if row.heard is not None:
            slices.append(
                Placement(
                    workspace_id=row.workspace_id,
                    subject_id=row.id,
                    project_id=row.project_id,
                    placed_by=row.placed_by,
                    known_from=row.heard,
                )
            )
    Subject.objects.bulk_update(rows, ["claim", "claim_by", "placed_by"], batch_size=200)
    Placement.objects.bulk_create(slices, batch_size=AT_ONCE)


def read_tags(apps, schema_editor):
    Run = apps.get_model("evidence", "Run")
    rows = []
    for run in Run.objects.select_related("record").iterator(chunk_size=AT_ONCE):
        run.tags = own_tags(json.loads(run.record.payload)["tags"])
        if run.tags:
            rows.append(run)
    Run.objects.bulk_update(rows, ["tags"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0003_run_rules")]
    operations = [
        migrations.RunPython(keep_places, migrations.RunPython.noop),
        migrations.RunPython(read_tags, migrations.RunPython.noop),
    ]
