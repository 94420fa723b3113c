"""The tables of papers, announcements, fetches and the gate."""

import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=32, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("archive", models.CharField(db_index=True, max_length=16, verbose_name="archive")),
                ("archive_name", models.CharField(max_length=100, verbose_name="archive name")),
                ("group", models.CharField(max_length=16, verbose_name="group")),
                ("group_name", models.CharField(max_length=100, verbose_name="group name")),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "alias_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="papers.category",
                        verbose_name="alias of",
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="FetchRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=16, verbose_name="source")),
                ("asked", models.CharField(max_length=200, verbose_name="asked")),
                ("date", models.DateField(blank=True, null=True, verbose_name="listing date")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="finished"),
                ),
                ("requests", models.PositiveIntegerField(default=0, verbose_name="requests")),
                (
                    "attempts",
                    models.JSONField(
                        default=list,
                        help_text="Each request: address, answer, seconds.",
                        verbose_name="attempts",
                    ),
                ),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
                ("refusals", models.JSONField(default=list, verbose_name="refusals")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("running", "running"),
                            ("complete", "complete"),
                            ("incomplete", "incomplete"),
                            ("failed", "failed"),
                            ("interrupted", "interrupted"),
                        ],
                        default="running",
                        max_length=16,
                        verbose_name="outcome",
                    ),
                ),
                ("error", models.TextField(blank=True, default="", verbose_name="error")),
            ],
            options={
                "verbose_name": "fetch run",
                "verbose_name_plural": "fetch runs",
                "ordering": ["-started_at"],
                "indexes": [
                    models.Index(fields=["-started_at"], name="fetch_run_started"),
                    models.Index(fields=["source", "asked", "-started_at"], name="fetch_run_asked"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_start", models.DateTimeField(blank=True, null=True)),
                ("closed_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="gate_is_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identity", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("generation", models.BigIntegerField(default=0, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="installation_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("arxiv", "arXiv"), ("sample", "sample")],
                        default="arxiv",
                        editable=False,
                        max_length=8,
                        verbose_name="source",
                    ),
                ),
                ("identifier", models.CharField(max_length=32, verbose_name="identifier")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("title", models.TextField(verbose_name="title")),
                ("abstract", models.TextField(verbose_name="abstract")),
                (
                    "authors",
                    models.JSONField(
                        default=list,
                        help_text='In order: [{"name": "Given Family", "affiliations": ["…"]}, …]',
                        verbose_name="authors",
                    ),
                ),
                (
                    "primary_category",
                    models.CharField(max_length=32, verbose_name="primary category"),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        size=None,
                        verbose_name="categories",
                    ),
                ),
                ("comments", models.TextField(blank=True, default="", verbose_name="comments")),
                (
                    "journal_ref",
                    models.TextField(blank=True, default="", verbose_name="journal reference"),
                ),
                ("doi", models.TextField(blank=True, default="", verbose_name="DOI")),
                ("licence", models.TextField(blank=True, default="", verbose_name="licence")),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="first version submitted"
                    ),
                ),
                (
                    "submitted_precision",
                    models.CharField(
                        choices=[
                            ("second", "to the second"),
                            ("day", "to the day"),
                            ("unknown", "unknown"),
                        ],
                        default="unknown",
                        max_length=8,
                        verbose_name="submission time known",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="this version submitted"
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                (
                    "hidden",
                    models.BooleanField(
                        default=False,
                        help_text="Hidden papers are on no page and in no search.",
                        verbose_name="hidden",
                    ),
                ),
                (
                    "corrected",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32),
                        blank=True,
                        default=list,
                        editable=False,
                        help_text="Fields a later fetch leaves alone.",
                        size=None,
                        verbose_name="corrected by hand",
                    ),
                ),
                (
                    "detail",
                    models.PositiveSmallIntegerField(
                        default=0,
                        editable=False,
                        help_text="How well the source that described this version knows papers; see ingest.store.",
                    ),
                ),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="first seen here",
                    ),
                ),
                ("change_seq", models.BigIntegerField(db_default=0, default=0, editable=False)),
            ],
            options={
                "verbose_name": "paper",
                "verbose_name_plural": "papers",
                "indexes": [
                    models.Index(fields=["identifier"], name="paper_identifier"),
                    models.Index(fields=["change_seq"], name="paper_change_seq"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["categories"], name="paper_categories"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "identifier"), name="paper_identity"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="paper_version_from_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AnnouncedDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="listing date")),
                ("announced", models.PositiveIntegerField(default=0, verbose_name="announced")),
                ("present", models.PositiveIntegerField(default=0, verbose_name="present")),
                ("replaced", models.PositiveIntegerField(default=0, verbose_name="replacements")),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="missing",
                    ),
                ),
                ("explained", models.JSONField(blank=True, default=dict, verbose_name="explained")),
                ("complete", models.BooleanField(default=False, verbose_name="complete")),
                ("reconstructed", models.BooleanField(default=False, verbose_name="reconstructed")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="times asked")),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="checked")),
                (
                    "next_check_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next check"),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.category",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "announced day",
                "verbose_name_plural": "announced days",
                "indexes": [models.Index(fields=["date"], name="announced_day_date")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "date"), name="announced_day_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("present__lte", models.F("announced"))),
                        name="announced_day_present_within_announced",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(verbose_name="listing date")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "new"),
                            (2, "cross-list"),
                            (3, "replacement"),
                            (4, "replacement of a cross-list"),
                        ],
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("reconstructed", models.BooleanField(default=False, verbose_name="reconstructed")),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="papers.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="announcements",
                        to="papers.paper",
                        verbose_name="paper",
                    ),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
                "indexes": [
                    models.Index(
                        fields=["category", "date", "kind", "position"], name="announcement_listing"
                    ),
                    models.Index(fields=["date"], name="announcement_date"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("category", "date", "paper"), name="announcement_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [1, 2, 3, 4])), name="announcement_kind"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("date", models.DateTimeField(blank=True, null=True, verbose_name="submitted")),
                ("title", models.TextField(blank=True, null=True, verbose_name="title")),
                ("abstract", models.TextField(blank=True, null=True, verbose_name="abstract")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="papers.paper",
                        verbose_name="paper",
                    ),
                ),
            ],
            options={
                "verbose_name": "version",
                "verbose_name_plural": "versions",
                "ordering": ["paper", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("paper", "number"), name="paper_version_identity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="version_from_1"
                    ),
                ],
            },
        ),
    ]
