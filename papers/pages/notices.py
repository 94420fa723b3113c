"""What a listing has to say before its papers: why there are none, where others are, and whether
arXiv answers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.addresses import ListingAddress
from papers.arxiv import calendar
from papers.arxiv.calendar import Reason
from papers.formatting import count, day_brief, day_long, weekday, weekday_plural
from papers.models import Announcement
from papers.pages.status import name_holiday, say_failure
from papers.queries import days as day_queries
from papers.queries import fetches
from papers.queries import listing as listing_queries
from papers.queries.listing import KindCount
from papers.selection import Selection


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know before reading: a sentence, and ways on."""

    text: str
    links: tuple[tuple[str, str], ...] = ()


def list_notices(
    address: ListingAddress,
    first: date,
    newest: date | None,
    due: date,
    counts: Sequence[KindCount],
    states: Sequence[day_queries.DayState],
    earlier: date | None,
    later: date | None,
    holidays: Mapping[date, str],
    now: datetime,
) -> Iterator[Notice]:
    """What there is to know about the days of a listing. At most three queries."""
    finished = states and all(state.complete for state in states)
    failed = None
    if not finished and first >= min(due, newest or due):
        failed = fetches.find_failure()
    if failed:
        yield Notice(say_failure(failed, now), ((_("How complete the days are"), "/status"),))
    near = [day for day in (earlier, later) if day]
    around = tuple((day_brief(day), str(address.of(day))) for day in near)
    if counts:
        if address.first is None and newest is not None and newest < due:
            yield Notice(
                _("%(day)s has been announced but is not here yet.") % {"day": day_long(due)},
                ((_("Look"), str(address.of(due))),),
            )
        return
    one_day = address.first is not None and address.first == address.last
    if one_day and (absence := calendar.explain_absence(first, holidays)):
        following = calendar.next_listing_date(first, holidays)
        yield _explain_absence(address, first, following, absence, earlier, later)
        return
    if any(state.complete for state in states):
        text = _("arXiv announced nothing here on this day.")
        if first >= due:
            text = f"{text} {_say_next(first, calendar.next_listing_date(first, holidays))}"
        yield Notice(text, around or ((_("All categories"), "/"),))
    elif newest is None:
        yield Notice(
            _("Nothing of %(selection)s has come in yet. Categories are fetched one after the "
              "other, at arXiv's pace of a request every three seconds.")
            % {"selection": address.selection},
            ((_("What is here already"), "/"),),
        )  # fmt: skip
    else:
        yield Notice(
            _("This site has nothing of this day yet. Days before it began have to be brought in "
              "by whoever runs it; arXiv itself shows every month."),
            (
                *around,
                *_link_arxiv(address.selection, first),
                (_("Which days are here"), "/status"),
            ),
        )  # fmt: skip


def _link_arxiv(selection: Selection, day: date) -> Iterator[tuple[str, str]]:
    for code in selection.included[:3]:
        text = _("%(code)s at arXiv in that month") % {"code": code}
        yield text, f"https://arxiv.org/list/{code}/{day:%Y-%m}"


def _explain_absence(
    address: ListingAddress,
    day: date,
    following: date,
    absence: calendar.Absence,
    earlier: date | None,
    later: date | None,
) -> Notice:
    if absence.reason is Reason.WEEKEND:
        text = _("No announcement on %(days)s.") % {"days": weekday_plural(day)}
    else:
        text = _("No announcement on this day: %(reason)s.") % {"reason": name_holiday(absence)}
    links = []
    if earlier:
        rows = listing_queries.list_announcements(
            address.selection.categories, address.selection.left_out, earlier, earlier
        )
        papers = sum(
            c.shown
            for c in listing_queries.count_kinds(rows)
            if c.kind < Announcement.KindChoice.REPLACE
        )
        counted = ngettext("%(count)s paper", "%(count)s papers", papers) % {"count": count(papers)}
        name = weekday(earlier) if (day - earlier).days < 7 else day_long(earlier)
        links.append((f"{name}: {counted}", str(address.of(earlier))))
    if later:
        links.append((day_brief(later), str(address.of(later))))
    return Notice(f"{text} {_say_next(day, following)}", tuple(links))


def _say_next(day: date, following: date) -> str:
    named = weekday(following) if (following - day).days < 7 else day_long(following)
    return _("Next: %(day)s.") % {"day": named}
