"""The administrators' pages by which they watch over the days: checks, holidays, wishes, alarms."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coolpapers import clock
from papers import actions, schedule
from papers.admin_tables import ModelAdmin, ReadOnly, hint_worker
from papers.formatting import day_short
from papers.ingest import demand
from papers.models import DayCheck, Wanted
from papers.pages import completeness

_HOLIDAYS_NAMED = 5


class DayCheckAdmin(ReadOnly):
    """The last thirty days as readers see them on /status, and a button to check each again."""

    list_display = (
        "date", "complete", "repaired", "attempts", "checked_at", "next_check_at", "reason",
    )  # fmt: skip
    list_filter = ("complete",)
    actions = ("check_again",)
    change_list_template = "admin/papers/daycheck/change_list.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The calendar above the list; a day of the calendar is checked again by its button."""
        if request.method == "POST" and "check_day" in request.POST:
            return self._check_day(request, request.POST["check_day"])
        month = completeness.build(clock.now(), clock.today())
        context = {"month": month, "may_check": self.has_ask_permission(request)}
        return super().changelist_view(request, {**(extra_context or {}), **context})

    def _check_day(self, request: HttpRequest, text: str) -> HttpResponse:
        if not self.has_ask_permission(request):
            raise PermissionDenied
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day > clock.today():
            messages.error(request, _("No listing of this date can be checked."))
        else:
            actions.check_again([day])
            messages.success(request, _("%(day)s is due again.") % {"day": day_short(day)})
            hint_worker(request)
        return HttpResponseRedirect(request.get_full_path())

    @admin.action(description=gettext_lazy("Check and repair this date again"), permissions=["ask"])
    def check_again(self, request: HttpRequest, queryset: QuerySet[DayCheck]) -> None:
        """Make the chosen dates due for a check, and hint the worker."""
        count = actions.check_again(queryset.values_list("date", flat=True))
        said = ngettext("%d date is due again.", "%d dates are due again.", count) % count
        self.message_user(request, said, messages.SUCCESS)
        hint_worker(request)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Who may change checks may have them made."""
        return bool(request.user.has_perm("papers.change_daycheck"))


class HolidayAdmin(ModelAdmin):
    """Corrections of arXiv's calendar; they hold at once."""

    list_display = ("date", "name", "deferred")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The corrections, under what is known of the days to come."""
        known = sorted(schedule.list_holidays().items())
        coming = [f"{day_short(day)} {name}" for day, name in known if day >= clock.today()]
        subtitle = (
            _("To come: %(holidays)s") % {"holidays": ", ".join(coming[:_HOLIDAYS_NAMED])}
            if coming
            else _("No holiday to come is known: look at arXiv's calendar.")
        )
        return super().changelist_view(request, {**(extra_context or {}), "subtitle": subtitle})


class WantedAdmin(ReadOnly):
    """Papers that readers asked for by number and that are not here."""

    list_display = ("identifier", "state", "asked_at", "attempts", "next_try_at", "error")
    list_filter = ("state",)
    search_fields = ("identifier",)
    actions = ("ask_again",)

    @admin.action(description=gettext_lazy("Ask arXiv again now"), permissions=["ask"])
    def ask_again(self, request: HttpRequest, queryset: QuerySet[Wanted]) -> None:
        """Make the chosen papers wait anew, and hint the worker."""
        count = demand.ask_again(queryset.values_list("pk", flat=True))
        said = ngettext("%d paper is asked for again.", "%d papers are asked for again.", count)
        self.message_user(request, said % count, messages.SUCCESS)
        hint_worker(request)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Who may change wishes may have them made."""
        return bool(request.user.has_perm("papers.change_wanted"))


class AlarmAdmin(ReadOnly):
    """What administrators were told of, the newest first."""

    list_display = ("subject", "raised_at", "ended_at", "text")
