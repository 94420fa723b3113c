"""How many requests went through the gate, and how long they waited: for the metrics."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0005_snapshot_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="gate",
            name="passages",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="gate",
            name="waited",
            field=models.FloatField(db_default=0, default=0),
        ),
    ]
