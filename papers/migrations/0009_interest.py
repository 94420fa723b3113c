"""Counters of opens and stars, apart from papers: no trigger numbers a count as a change."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0008_holidays")]

    operations = [
        migrations.CreateModel(
            name="PaperCounter",
            fields=[
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="counter",
                        serialize=False,
                        to="papers.paper",
                        verbose_name="paper",
                    ),
                ),
                ("opens", models.PositiveIntegerField(default=0, verbose_name="opened")),
                ("stars", models.PositiveIntegerField(default=0, verbose_name="starred")),
            ],
            options={
                "verbose_name": "counter",
                "verbose_name_plural": "counters",
                "indexes": [
                    models.Index(fields=["-stars", "-opens"], name="paper_counter_interest")
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("batch", models.BigIntegerField(db_default=0, default=0)),
                ("opens", models.BigIntegerField(db_default=0, default=0)),
                ("stars", models.BigIntegerField(db_default=0, default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(id=1), name="tally_is_one_row")
                ],
            },
        ),
    ]
