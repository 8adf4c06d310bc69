"""Days of bills by more than service: sub-account, region, tags."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("costs", "0001_bills")]

    operations: ClassVar = [
        migrations.RemoveIndex(model_name="dailycost", name="daily_cost_by_service"),
        migrations.RenameField(model_name="dailycost", old_name="service", new_name="value"),
        migrations.AddField(
            model_name="dailycost",
            name="by",
            field=models.CharField(default="service", max_length=300),
        ),
        migrations.AddIndex(
            model_name="dailycost",
            index=models.Index(fields=["workspace", "day"], name="daily_cost_by_day"),
        ),
    ]
