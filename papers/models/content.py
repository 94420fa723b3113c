"""Papers, their versions and categories, and what readers think of them."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from papers.arxiv.records import Precision


class Installation(models.Model):
    """One row. Who this database is, and how often its content changed.

    `identity` tells a follower (the search index) whether it follows this database or another.
    `generation` grows with every commit that changes what a page may show, so a page cached under
    it can never be stale. Both are kept by the database itself.
    """

    identity = models.UUIDField(default=uuid.uuid4, editable=False)
    generation = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one_row")
        ]

    def __str__(self) -> str:
        return str(self.identity)


class Category(models.Model):
    """A category of arXiv's taxonomy. An alias (`cs.NA`) points to the category it is shown as."""

    code = models.CharField(_("code"), max_length=32, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    archive = models.CharField(_("archive"), max_length=16, db_index=True)
    archive_name = models.CharField(_("archive name"), max_length=100)
    group = models.CharField(_("group"), max_length=16)
    group_name = models.CharField(_("group name"), max_length=100)
    alias_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="aliases",
        verbose_name=_("alias of"),
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class PaperQuerySet(models.QuerySet["Paper"]):
    """Filter words for papers."""

    def visible(self) -> "PaperQuerySet":
        """Papers a reader may see."""
        return self.filter(hidden=False)


class Paper(models.Model):
    """The newest version of a paper, as arXiv describes it. Hidden at most, never deleted."""

    class Source(models.TextChoices):
        ARXIV = "arxiv", _("arXiv")
        SAMPLE = "sample", _("sample")

    class SubmittedPrecision(models.TextChoices):
        SECOND = Precision.SECOND.value, _("to the second")
        DAY = Precision.DAY.value, _("to the day")
        UNKNOWN = Precision.UNKNOWN.value, _("unknown")

    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.ARXIV, editable=False
    )
    identifier = models.CharField(_("identifier"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.TextField(_("title"))
    abstract = models.TextField(_("abstract"))
    authors = models.JSONField(
        _("authors"),
        default=list,
        help_text=_('In order: [{"name": "Given Family", "affiliations": ["…"]}, …]'),
    )
    primary_category = models.CharField(_("primary category"), max_length=32)
    categories = ArrayField(models.CharField(max_length=32), verbose_name=_("categories"))
    comments = models.TextField(_("comments"), blank=True, default="")
    journal_ref = models.TextField(_("journal reference"), blank=True, default="")
    doi = models.TextField("DOI", blank=True, default="")
    licence = models.TextField(_("licence"), blank=True, default="")
    submitted_at = models.DateTimeField(_("first version submitted"), null=True, blank=True)
    submitted_precision = models.CharField(
        _("submission time known"),
        max_length=8,
        choices=SubmittedPrecision.choices,
        default=SubmittedPrecision.UNKNOWN,
    )
    updated_at = models.DateTimeField(_("this version submitted"), null=True, blank=True)
    withdrawn = models.BooleanField(_("withdrawn"), default=False)
    hidden = models.BooleanField(
        _("hidden"), default=False, help_text=_("Hidden papers are on no page and in no search.")
    )
    corrected = ArrayField(
        models.CharField(max_length=32),
        verbose_name=_("corrected by hand"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("Fields a later fetch leaves alone."),
    )
    detail = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text="How well the source that described this version knows papers; see ingest.store.",
    )
    first_seen_at = models.DateTimeField(_("first seen here"), db_default=Now(), editable=False)
    change_seq = models.BigIntegerField(default=0, db_default=0, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        constraints = [
            models.UniqueConstraint(fields=["source", "identifier"], name="paper_identity"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="paper_version_from_1"),
        ]
        indexes = [
            models.Index(fields=["identifier"], name="paper_identifier"),
            models.Index(fields=["change_seq"], name="paper_change_seq"),
            GinIndex(fields=["categories"], name="paper_categories"),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def author_names(self) -> list[str]:
        """The authors' names in order."""
        return [author["name"] for author in self.authors]


class PaperVersion(models.Model):
    """One version of a paper. Texts are there only where this site saw that version itself."""

    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="versions", verbose_name=_("paper")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    date = models.DateTimeField(_("submitted"), null=True, blank=True)
    title = models.TextField(_("title"), null=True, blank=True)
    abstract = models.TextField(_("abstract"), null=True, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="paper_version_identity"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="version_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}v{self.number}"


class PaperCounter(models.Model):
    """How often readers opened and starred a paper; see `papers.interest`.

    A table of its own, so that a count numbers no change of the paper and drops no cached page.
    """

    paper = models.OneToOneField(
        Paper,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="counter",
        verbose_name=_("paper"),
    )
    opens = models.PositiveIntegerField(_("opened"), default=0)
    stars = models.PositiveIntegerField(_("starred"), default=0)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        indexes = [models.Index(fields=["-stars", "-opens"], name="paper_counter_interest")]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.opens}, {self.stars}"


class Tally(models.Model):
    """One row: which counts from Redis are in `PaperCounter`, and how many that were in all.

    `batch` is the number of the newest batch that is in; those up to it never count again. `stars`
    are those given less those taken away.
    """

    batch = models.BigIntegerField(default=0, db_default=0)
    opens = models.BigIntegerField(default=0, db_default=0)
    stars = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="tally_is_one_row")]

    def __str__(self) -> str:
        return str(self.batch)
