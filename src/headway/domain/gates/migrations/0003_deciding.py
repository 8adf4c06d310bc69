"""What an approver saw is kept beside its digest: whether it got worse is told from it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gates", "0002_append_only")]
    operations = [
        migrations.AddField(
            model_name="approvalrequest",
            name="seen",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
