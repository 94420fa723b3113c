"""Days checked against OAI-PMH, and harvests that can go on where they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0002_follow_changes"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayCheck",
            fields=[
                (
                    "date",
                    models.DateField(
                        primary_key=True, serialize=False, verbose_name="listing date"
                    ),
                ),
                ("complete", models.BooleanField(default=False, verbose_name="complete")),
                (
                    "repaired",
                    models.PositiveIntegerField(default=0, verbose_name="repaired announcements"),
                ),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                (
                    "next_check_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next check"),
                ),
                (
                    "reason",
                    models.TextField(blank=True, default="", verbose_name="why it is not complete"),
                ),
            ],
            options={
                "verbose_name": "day check",
                "verbose_name_plural": "day checks",
                "ordering": ["-date"],
            },
        ),
        migrations.CreateModel(
            name="Harvest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=16, verbose_name="metadata prefix")),
                ("since", models.DateField(verbose_name="from")),
                (
                    "token",
                    models.TextField(blank=True, default="", verbose_name="resumption token"),
                ),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="pages")),
                ("records", models.PositiveIntegerField(default=0, verbose_name="records")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
            ],
            options={
                "verbose_name": "harvest",
                "verbose_name_plural": "harvests",
                "ordering": ["-started_at"],
            },
        ),
    ]
