from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0006_rests_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="assumption",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="historicalassumption",
            name="reopened_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
