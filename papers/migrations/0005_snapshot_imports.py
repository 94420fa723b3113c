"""How far a snapshot file has been imported."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0004_wanted_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SnapshotImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        max_length=64, unique=True, verbose_name="identity of the file"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="file")),
                ("next_line", models.PositiveBigIntegerField(default=1, verbose_name="next line")),
                (
                    "offset",
                    models.PositiveBigIntegerField(default=0, verbose_name="bytes of text read"),
                ),
                (
                    "tail",
                    models.CharField(
                        default="", max_length=64, verbose_name="identity of the last text read"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
            ],
            options={
                "verbose_name": "snapshot import",
                "verbose_name_plural": "snapshot imports",
                "ordering": ["-started_at"],
            },
        ),
    ]
