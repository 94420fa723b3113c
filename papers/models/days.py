"""Announcements: which paper on which day in which category, and what is known of each day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from papers.arxiv.records import Kind
from papers.models.content import Category, Paper


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
