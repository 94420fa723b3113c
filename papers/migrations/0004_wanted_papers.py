"""Papers that readers asked for by identifier, so that a lost queue loses no wish."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0003_day_checks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wanted",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "identifier",
                    models.CharField(max_length=32, unique=True, verbose_name="identifier"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("absent", "not at arXiv"),
                            ("failed", "unreadable"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked for")),
                ("next_try_at", models.DateTimeField(verbose_name="next try")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "misses",
                    models.PositiveSmallIntegerField(default=0, verbose_name="answers without it"),
                ),
                (
                    "alone",
                    models.BooleanField(
                        default=False,
                        help_text="arXiv refused a request that named several.",
                        verbose_name="asked alone",
                    ),
                ),
                ("error", models.TextField(blank=True, default="", verbose_name="error")),
            ],
            options={
                "verbose_name": "wanted paper",
                "verbose_name_plural": "wanted papers",
                "ordering": ["asked_at"],
                "indexes": [models.Index(fields=["state", "next_try_at"], name="wanted_due")],
            },
        ),
    ]
