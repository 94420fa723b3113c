"""How papers come in: what was asked, when arXiv may be asked again, what is under way."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
