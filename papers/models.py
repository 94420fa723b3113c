"""What is stored. Constraints live in the database; filter words are QuerySet methods.

No whole-page reads here (`papers.queries`), no writes from arXiv (`papers.ingest`), no business in
`save()`. The triggers that number changes are in the migration `0002_follow_changes`.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from papers.arxiv.records import Kind, Precision


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


class Announcement(models.Model):
    """A paper's line in one category's announcement of one day: what a daily listing shows."""

    class KindChoice(models.IntegerChoices):
        """Stored as a number so that the strongest kind sorts first."""

        NEW = 1, _("new")
        CROSS = 2, _("cross-list")
        REPLACE = 3, _("replacement")
        REPLACE_CROSS = 4, _("replacement of a cross-list")

    date = models.DateField(_("listing date"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, related_name="announcements", verbose_name=_("paper")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    kind = models.PositiveSmallIntegerField(_("kind"), choices=KindChoice.choices)
    position = models.PositiveIntegerField(_("position"))
    reconstructed = models.BooleanField(_("reconstructed"), default=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "date", "paper"], name="announcement_identity"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[1, 2, 3, 4]), name="announcement_kind"
            ),
        ]
        indexes = [
            models.Index(
                fields=["category", "date", "kind", "position"], name="announcement_listing"
            ),
            models.Index(fields=["date"], name="announcement_date"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.category_id} {self.paper_id}v{self.version}"


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


KINDS: dict[Kind, int] = {
    Kind.NEW: Announcement.KindChoice.NEW,
    Kind.CROSS: Announcement.KindChoice.CROSS,
    Kind.REPLACE: Announcement.KindChoice.REPLACE,
    Kind.REPLACE_CROSS: Announcement.KindChoice.REPLACE_CROSS,
}


class AnnouncedDay(models.Model):
    """How complete one category's announcement of one day is, by ids.

    `announced` counts the new and cross-listed papers arXiv named, `present` those stored;
    replacements are counted apart. `missing` holds `id@version` of what was named and is not
    stored, `explained` why an id need not be here. A day is complete when nothing is missing.
    """

    date = models.DateField(_("listing date"))
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="+", verbose_name=_("category")
    )
    announced = models.PositiveIntegerField(_("announced"), default=0)
    present = models.PositiveIntegerField(_("present"), default=0)
    replaced = models.PositiveIntegerField(_("replacements"), default=0)
    missing = ArrayField(
        models.CharField(max_length=64), verbose_name=_("missing"), default=list, blank=True
    )
    explained = models.JSONField(_("explained"), default=dict, blank=True)
    complete = models.BooleanField(_("complete"), default=False)
    reconstructed = models.BooleanField(_("reconstructed"), default=False)
    attempts = models.PositiveIntegerField(_("times asked"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True)

    class Meta:
        verbose_name = _("announced day")
        verbose_name_plural = _("announced days")
        constraints = [
            models.UniqueConstraint(fields=["category", "date"], name="announced_day_identity"),
            models.CheckConstraint(
                condition=models.Q(present__lte=models.F("announced")),
                name="announced_day_present_within_announced",
            ),
        ]
        indexes = [models.Index(fields=["date"], name="announced_day_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.category_id}"


class FetchRun(models.Model):
    """What was asked of a source, and what came of it. Every fetch leaves one, also a failed."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("running")
        COMPLETE = "complete", _("complete")
        INCOMPLETE = "incomplete", _("incomplete")
        FAILED = "failed", _("failed")
        INTERRUPTED = "interrupted", _("interrupted")

    source = models.CharField(_("source"), max_length=16)
    asked = models.CharField(_("asked"), max_length=200)
    date = models.DateField(_("listing date"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    attempts = models.JSONField(
        _("attempts"), default=list, help_text=_("Each request: address, answer, seconds.")
    )
    new = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    refusals = models.JSONField(_("refusals"), default=list)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=Outcome.choices, default=Outcome.RUNNING
    )
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("fetch run")
        verbose_name_plural = _("fetch runs")
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["-started_at"], name="fetch_run_started"),
            models.Index(fields=["source", "asked", "-started_at"], name="fetch_run_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.asked} {self.started_at:%Y-%m-%d %H:%M}"


class Gate(models.Model):
    """One row: when the last request to arXiv began, and until when arXiv asked for rest.

    `passages` and `waited` (seconds) only grow: how many went through, and what they waited for it.
    """

    last_start = models.DateTimeField(null=True, blank=True)
    closed_until = models.DateTimeField(null=True, blank=True)
    passages = models.BigIntegerField(default=0, db_default=0)
    waited = models.FloatField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="gate_is_one_row")]

    def __str__(self) -> str:
        return str(self.last_start)


class DayCheck(models.Model):
    """Whether a listing date was checked against OAI-PMH, over all categories, and when it is due.

    `planned_at` is when this site took it upon itself, which after an outage is late.
    """

    date = models.DateField(_("listing date"), primary_key=True)
    complete = models.BooleanField(_("complete"), default=False)
    repaired = models.PositiveIntegerField(_("repaired announcements"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    next_check_at = models.DateTimeField(_("next check"), null=True, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    reason = models.TextField(_("why it is not complete"), blank=True, default="")

    class Meta:
        verbose_name = _("day check")
        verbose_name_plural = _("day checks")
        ordering = ["-date"]

    def __str__(self) -> str:
        return self.date.isoformat()


class Harvest(models.Model):
    """A harvest of OAI-PMH: where it stands, so that one that was killed goes on from there."""

    prefix = models.CharField(_("metadata prefix"), max_length=16)
    since = models.DateField(_("from"))
    token = models.TextField(_("resumption token"), blank=True, default="")
    pages = models.PositiveIntegerField(_("pages"), default=0)
    records = models.PositiveIntegerField(_("records"), default=0)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("harvest")
        verbose_name_plural = _("harvests")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.prefix} from {self.since}"


class Wanted(models.Model):
    """A paper that a reader asked for by its identifier and that is not here.

    The row goes when the paper has come. `misses` counts the answers of arXiv that left it out;
    `next_try_at` is when it is asked for again or, once absent or failed, when a reader's wish may
    make it wait again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ABSENT = "absent", _("not at arXiv")
        FAILED = "failed", _("unreadable")

    identifier = models.CharField(_("identifier"), max_length=32, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked for"))
    next_try_at = models.DateTimeField(_("next try"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    misses = models.PositiveSmallIntegerField(_("answers without it"), default=0)
    alone = models.BooleanField(
        _("asked alone"), default=False, help_text=_("arXiv refused a request that named several.")
    )
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("wanted paper")
        verbose_name_plural = _("wanted papers")
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="wanted_due")]

    def __str__(self) -> str:
        return self.identifier


class Holiday(models.Model):
    """A correction of the calendar that this release knows: see `papers.schedule`.

    `date` is the day on which nothing closes, as arXiv publishes it; the listing that is left out
    is that of the next weekday.
    """

    date = models.DateField(
        _("date"),
        primary_key=True,
        help_text=_(
            "The day whose announcement arXiv defers, as arXiv publishes it. The listing of the "
            "next weekday is left out."
        ),
    )
    name = models.CharField(_("name"), max_length=100)
    deferred = models.BooleanField(
        _("deferred"),
        default=True,
        help_text=_("Off: arXiv announces as usual, although this program expects a holiday."),
    )

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["-date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class Alarm(models.Model):
    """Something that administrators are told of once, and once more when it is over.

    `subject` says what it is about (`day 2026-08-11`, `source rss`); of a subject one alarm is open
    at a time. `next_mail_at` is when a message is to be sent, null when there is none to send.
    """

    subject = models.CharField(_("subject"), max_length=64)
    text = models.TextField(_("what is wrong"))
    raised_at = models.DateTimeField(_("raised"))
    ended_at = models.DateTimeField(_("over"), null=True, blank=True)
    next_mail_at = models.DateTimeField(_("next message"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=models.Q(ended_at__isnull=True),
                name="alarm_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class SnapshotImport(models.Model):
    """How far a snapshot file has been imported, so that one that was killed goes on from there."""

    key = models.CharField(_("identity of the file"), max_length=64, unique=True)
    name = models.CharField(_("file"), max_length=200)
    next_line = models.PositiveBigIntegerField(_("next line"), default=1)
    offset = models.PositiveBigIntegerField(_("bytes of text read"), default=0)
    tail = models.CharField(_("identity of the last text read"), max_length=64, default="")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("snapshot import")
        verbose_name_plural = _("snapshot imports")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return self.name
