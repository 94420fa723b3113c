"""Holidays that administrators correct; a correction changes pages, like a day's account does."""

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER a_lock_changes BEFORE INSERT OR UPDATE OR DELETE ON papers_holiday
    FOR EACH STATEMENT EXECUTE FUNCTION papers_lock_changes();
CREATE TRIGGER z_day_changed AFTER INSERT OR UPDATE OR DELETE ON papers_holiday
    FOR EACH STATEMENT EXECUTE FUNCTION papers_day_changed();
"""

BACKWARD = """
DROP TRIGGER a_lock_changes ON papers_holiday;
DROP TRIGGER z_day_changed ON papers_holiday;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0007_alarms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "date",
                    models.DateField(
                        help_text=(
                            "The day whose announcement arXiv defers, as arXiv publishes it. "
                            "The listing of the next weekday is left out."
                        ),
                        primary_key=True,
                        serialize=False,
                        verbose_name="date",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "deferred",
                    models.BooleanField(
                        default=True,
                        help_text=(
                            "Off: arXiv announces as usual, although this program expects a "
                            "holiday."
                        ),
                        verbose_name="deferred",
                    ),
                ),
            ],
            options={
                "verbose_name": "holiday",
                "verbose_name_plural": "holidays",
                "ordering": ["-date"],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
