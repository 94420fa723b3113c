"""The administrators' pages: look at everything, correct papers, ask again for days.

Tables hold millions of rows: no page counts all of one, none joins without need, and searching
uses indexes. What is written goes through `papers.actions`.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coolpapers import clock
from papers import actions, documents, schedule
from papers.admin_tables import Large, ReadOnly, hint_worker
from papers.admin_watch import AlarmAdmin, DayCheckAdmin, HolidayAdmin, WantedAdmin
from papers.arxiv import identifiers, taxonomy
from papers.formatting import day_short, moment_utc
from papers.forms import PaperForm
from papers.models import (
    Alarm,
    AnnouncedDay,
    Announcement,
    Category,
    DayCheck,
    FetchRun,
    Harvest,
    Holiday,
    Paper,
    PaperCounter,
    PaperVersion,
    SnapshotImport,
    Wanted,
)
from search import IndexUnusable, parse

admin.site.site_header = gettext_lazy("Coolpapers administration")
admin.site.site_title = gettext_lazy("Coolpapers")
admin.site.index_title = gettext_lazy("What there is")

# Papers that words find at most.
_MOST_FOUND = 500

admin.site.register(DayCheck, DayCheckAdmin)
admin.site.register(Holiday, HolidayAdmin)
admin.site.register(Wanted, WantedAdmin)
admin.site.register(Alarm, AlarmAdmin)

# Django's classes take their types when they are checked, and not when they run.
if TYPE_CHECKING:
    _TabularInline = admin.TabularInline[PaperVersion, Paper]
else:
    _TabularInline = admin.TabularInline


@admin.register(Category)
class CategoryAdmin(ReadOnly):
    """arXiv's taxonomy, as the program knows it."""

    list_display = ("code", "name", "archive", "alias_of_id", "active")
    list_filter = ("active", "group_name")
    search_fields = ("code", "name", "archive_name")


class VersionInline(_TabularInline):
    """A paper's versions, to look at."""

    model = PaperVersion
    fields = ("number", "date", "title")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Versions come from arXiv."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What arXiv said is not rewritten."""
        return False


class CorrectedFilter(admin.SimpleListFilter):
    """Papers that somebody corrected, or not."""

    title = gettext_lazy("corrected by hand")
    parameter_name = "corrected"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        """The papers of a choice."""
        if self.value() == "yes":
            return queryset.exclude(corrected=[])
        return queryset.filter(corrected=[]) if self.value() == "no" else None


@admin.register(Paper)
class PaperAdmin(Large):
    """Papers: found by number, category or words; corrected or hidden, never deleted."""

    form = PaperForm
    list_display = (
        "identifier", "short_title", "primary_category", "version", "hidden", "withdrawn",
        "corrections",
    )  # fmt: skip
    list_filter = ("hidden", "withdrawn", "source", CorrectedFilter)
    ordering = ("-id",)
    search_fields = ("identifier",)
    search_help_text = gettext_lazy(
        "Numbers (2608.00001), a category (cs.AI), or words as readers search for them."
    )
    actions = ("hide", "show", "release")
    inlines = (VersionInline,)
    readonly_fields = ("identifier", "source", "version", "corrections", "first_seen_at", "on_site")
    fieldsets = (
        (None, {"fields": ("identifier", "on_site", "title", "abstract", "author_lines")}),
        (gettext_lazy("Subjects"), {"fields": ("primary_category", "categories")}),
        (
            gettext_lazy("About"),
            {
                "fields": (
                    "comments", "journal_ref", "doi", "licence", "submitted_at", "updated_at",
                    "withdrawn",
                )
            },
        ),
        (
            gettext_lazy("Here"),
            {"fields": ("hidden", "corrections", "source", "version", "first_seen_at", "read_at")},
        ),
    )  # fmt: skip

    @admin.display(description=gettext_lazy("title"))
    def short_title(self, paper: Paper) -> str:
        """The title, on a line."""
        return Truncator(paper.title).chars(80)

    @admin.display(description=gettext_lazy("corrected by hand"))
    def corrections(self, paper: Paper) -> str:
        """The fields that fetches leave alone."""
        return ", ".join(paper.corrected) or "–"

    @admin.display(description=gettext_lazy("page"))
    def on_site(self, paper: Paper) -> str:
        """A link to the paper's page."""
        url = reverse("arxiv", args=[paper.identifier])
        return format_html('<a href="{}">{}</a>', url, url)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without the large columns where many rows are shown."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match and match.url_name == "papers_paper_changelist":
            rows = rows.defer("abstract", "authors", "comments")
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By number or category in the database, by words in the search index."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        if names := _read_identifiers(term):
            return queryset.filter(identifier__in=names), False
        if code := _read_category(term):
            return queryset.filter(categories__contains=[code]), False
        try:
            found = documents.index().search(parse(term, documents.VOCABULARY), limit=_MOST_FOUND)
        except IndexUnusable:
            messages.warning(
                request, _("The search index is not ready: only numbers and categories are found.")
            )
            return queryset.none(), False
        return queryset.filter(pk__in=[hit.row for hit in found.hits]), False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Correct the paper; what was overtaken was refused by the form."""
        try:
            changed = actions.correct_paper(
                obj.pk, form.corrections(), form.cleaned_data["read_at"]
            )
        except actions.Overtaken:
            messages.error(
                request, _("Nothing was saved: the paper changed at this very moment. Look again.")
            )
            return
        hidden = form.cleaned_data["hidden"]
        (actions.hide_papers if hidden else actions.show_papers)([obj.pk])
        if changed:
            names = ", ".join(changed)
            messages.info(request, _("Later fetches leave alone: %(names)s.") % {"names": names})

    @admin.action(description=gettext_lazy("Hide from every page and search"))
    def hide(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        """Hide the chosen papers."""
        count = actions.hide_papers(queryset.values_list("pk", flat=True))
        self._say(request, ngettext("%d paper is hidden.", "%d papers are hidden.", count) % count)

    @admin.action(description=gettext_lazy("Show again"))
    def show(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        """Show the chosen papers again."""
        count = actions.show_papers(queryset.values_list("pk", flat=True))
        self._say(
            request,
            ngettext("%d paper is shown again.", "%d papers are shown again.", count) % count,
        )

    @admin.action(description=gettext_lazy("Let arXiv describe again (drop corrections)"))
    def release(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        """Drop the corrections of the chosen papers."""
        count = actions.release_corrections(queryset.values_list("pk", flat=True))
        self._say(
            request,
            ngettext(
                "The corrections of %d paper are dropped.",
                "The corrections of %d papers are dropped.",
                count,
            )
            % count,
        )

    def _say(self, request: HttpRequest, text: str) -> None:
        self.message_user(request, text, messages.SUCCESS)


class _Dated(ReadOnly):
    """A table searched by listing date, category and (where it has papers) number."""

    search_fields = ("category__code",)
    search_help_text = gettext_lazy("A listing date (2026-08-11), a category (cs.AI), or both.")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Each word narrows; a word that is nothing of these finds nothing."""
        for word in search_term.replace("\0", "").split():
            if code := _read_category(word):
                queryset = queryset.filter(category_id=code)
            elif day := _read_date(word):
                queryset = queryset.filter(date=day)
            else:
                queryset = self.narrow(queryset, word)
        return queryset, False

    def narrow(self, queryset: QuerySet[Any], _word: str) -> QuerySet[Any]:
        """By a word that is neither date nor category."""
        return queryset.none()


@admin.register(Announcement)
class AnnouncementAdmin(_Dated):
    """What arXiv announced, line by line."""

    list_display = ("date", "category_id", "kind", "position", "paper_link", "version")
    list_filter = ("kind", "reconstructed")
    list_select_related = ("paper",)
    ordering = ("-date", "category_id", "kind", "position")
    search_help_text = gettext_lazy(
        "A listing date (2026-08-11), a category (cs.AI), a number (2608.00001), or several."
    )

    @admin.display(description=gettext_lazy("paper"))
    def paper_link(self, row: Announcement) -> str:
        """The paper, to correct it."""
        return _link_paper(row.paper)

    def narrow(self, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """By the number of a paper."""
        names = _read_identifiers(word)
        if not names:
            return queryset.none()
        papers = Paper.objects.filter(identifier__in=names).values_list("pk", flat=True)
        return queryset.filter(paper_id__in=list(papers))


@admin.register(AnnouncedDay)
class AnnouncedDayAdmin(_Dated):
    """How complete each category's day is; any of them can be fetched again."""

    list_display = (
        "date", "category_id", "present", "announced", "replaced", "complete", "reconstructed",
        "attempts", "checked_at", "next_check_at",
    )  # fmt: skip
    list_filter = ("complete", "reconstructed")
    ordering = ("-date", "category_id")
    actions = ("fetch_again",)

    @admin.action(description=gettext_lazy("Fetch this day again"), permissions=["ask"])
    def fetch_again(self, request: HttpRequest, queryset: QuerySet[AnnouncedDay]) -> None:
        """Make the chosen days due, and hint the worker."""
        count = actions.fetch_again(queryset)
        said = ngettext("%d day is due again.", "%d days are due again.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        hint_worker(request)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Who may change days may have them fetched."""
        return bool(request.user.has_perm("papers.change_announcedday"))


@admin.register(FetchRun)
class FetchRunAdmin(ReadOnly):
    """Every fetch and what came of it, the newest first."""

    list_display = (
        "started_at", "source", "asked", "date", "outcome", "requests", "new", "changed",
        "unchanged", "refused", "short_error",
    )  # fmt: skip
    list_filter = ("outcome", "source")
    search_fields = ("asked", "error")

    @admin.display(description=gettext_lazy("error"))
    def short_error(self, run: FetchRun) -> str:
        """The error, on a line."""
        return Truncator(run.error).chars(80)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, under a line that says how things stand."""
        return super().changelist_view(
            request, {**(extra_context or {}), "subtitle": _describe_state()}
        )


def _describe_state() -> str:
    """How the latest due day stands, and what the last fetch was. Three queries."""
    day = schedule.latest_listing_date(clock.now())
    complete = AnnouncedDay.objects.filter(date=day, complete=True).count()
    last = FetchRun.objects.order_by("-started_at").first()
    said = _("%(day)s: %(complete)s categories complete") % {
        "day": day_short(day),
        "complete": complete,
    }
    if last is None:
        return said
    return _("%(said)s. Last fetch: %(asked)s, %(time)s, %(outcome)s") % {
        "said": said,
        "asked": last.asked,
        "time": moment_utc(last.started_at),
        "outcome": last.get_outcome_display(),
    }


def _link_paper(paper: Paper) -> str:
    url = reverse("admin:papers_paper_change", args=[paper.pk])
    return format_html('<a href="{}">{}</a>', url, paper.identifier)


def _read_identifiers(text: str) -> list[str]:
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(identifiers.read(word).id)
        except ValueError:
            return []
    return found


def _read_category(text: str) -> str | None:
    try:
        return taxonomy.canonical(text)
    except KeyError:
        return None


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@admin.register(PaperCounter)
class PaperCounterAdmin(ReadOnly):
    """What readers opened and starred, the most starred first."""

    list_display = ("paper_link", "short_title", "opens", "stars")
    list_display_links = None
    list_select_related = ("paper",)
    ordering = ("-stars", "-opens")
    search_fields = ("paper__identifier",)
    search_help_text = gettext_lazy("Numbers (2608.00001), with commas or spaces between.")

    @admin.display(description=gettext_lazy("paper"))
    def paper_link(self, row: PaperCounter) -> str:
        """The paper's page in the admin."""
        return _link_paper(row.paper)

    @admin.display(description=gettext_lazy("title"))
    def short_title(self, row: PaperCounter) -> str:
        """The title, on a line."""
        return Truncator(row.paper.title).chars(80)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the numbers of papers; what is none finds nothing."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        return queryset.filter(paper__identifier__in=_read_identifiers(term)), False


@admin.register(Harvest)
class HarvestAdmin(ReadOnly):
    """Harvests of OAI-PMH, and where each stands."""

    list_display = ("prefix", "since", "pages", "records", "started_at", "finished_at")
    list_filter = ("prefix",)


@admin.register(SnapshotImport)
class SnapshotImportAdmin(ReadOnly):
    """How far each snapshot file was imported."""

    list_display = ("name", "next_line", "started_at", "finished_at")
