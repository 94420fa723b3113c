"""What administrators were told of, so that they are told once; and since when a day is planned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("papers", "0006_gate_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="daycheck",
            name="planned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="planned"),
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=64, verbose_name="subject")),
                ("text", models.TextField(verbose_name="what is wrong")),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="over")),
                (
                    "next_mail_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next message"),
                ),
            ],
            options={
                "verbose_name": "alarm",
                "verbose_name_plural": "alarms",
                "ordering": ["-raised_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("subject",),
                        name="alarm_open_once",
                    )
                ],
            },
        ),
    ]
