"""The listing of a selection of categories: a day, or several, 25 papers at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import schedule
from papers.addresses import TITLES_SHOWN, BadAddress, ListingAddress, Order
from papers.arxiv import calendar, taxonomy
from papers.formatting import (
    count,
    day_brief,
    day_long,
    days_short,
    weekday,
    weekday_plural,
)
from papers.models import Announcement
from papers.pages import status
from papers.pages.card import Card, describe_kind, make_card
from papers.pages.frame import Frame, Pager, make_pager
from papers.pages.interest import keep_for, list_orders, name_order
from papers.pages.notices import Notice, list_notices
from papers.pages.status import Status
from papers.queries import days as day_queries
from papers.queries import listing as listing_queries
from papers.queries.listing import KindCount
from papers.selection import Selection, name_of

# What stands under one heading.
_NEW, _CROSS, _REPLACED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Section:
    """Papers of a kind (and, in a range, of a day), or in another order than arXiv's the whole list
    (`kind` 0). `count` is of the whole section, which may go on from the page before (`continued`).
    A `folded` one is opened by the reader."""

    anchor: str
    kind: int
    heading: str
    count: str
    continued: bool
    folded: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to where a section begins."""

    text: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class DayLink:
    """The way to another announced day (ISO 8601)."""

    day: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A listing. `earlier` and `later` are the announced days around it.

    `views` are its two views: (name, text, address); `orders` its orders: (text, address, empty for
    its own), which is `sorted` where it is another than arXiv's. `key` names the listing and its
    days to the browser, `mark` the newest of its announcements; `total` counts its papers, `day`
    names its day in the sentence at its end, `next_at` is when the next one comes (ISO 8601, empty
    where that is in the past).
    """

    frame: Frame
    heading: str
    names: tuple[str, ...]
    status: Status
    notices: tuple[Notice, ...]
    jumps: tuple[Jump, ...]
    sections: tuple[Section, ...]
    pager: Pager | None
    earlier: DayLink | None
    later: DayLink | None
    titles: bool
    views: tuple[tuple[str, str, str], ...]
    orders: tuple[tuple[str, str], ...]
    sorted: bool
    pack: str
    key: str
    mark: int
    total: int
    day: str
    next_at: str


def build(address: ListingAddress, now: datetime, today: date) -> ListingPage:
    """The page of an address. At most eight queries, whatever is on it.

    Raises BadAddress for a day that has not come yet, and for papers beyond the last.
    """
    selection = address.selection
    categories = selection.categories
    newest = day_queries.latest_date(categories)
    holidays = schedule.list_holidays()
    due = calendar.latest_listing_date(now, holidays)
    first, last = address.first or newest or due, address.last or newest or due
    if first > max(today, newest or today):
        raise _in_future(address, first, today, holidays)
    states = day_queries.list_states(categories, first, last)
    rows = listing_queries.list_announcements(categories, selection.left_out, first, last)
    counts = listing_queries.count_kinds(rows)
    shown = sum(c.shown for c in counts)
    if address.slice.skip and address.slice.skip >= shown:
        raise _beyond_end(address, shown)
    show = TITLES_SHOWN if address.titles else address.slice.show
    page = listing_queries.list_page(
        rows,
        by_position=selection.single is not None and first == last,
        show=show,
        skip=address.slice.skip,
        order=address.order,
    )
    earlier, later = day_queries.neighbours(categories, first, last)
    explicit = address.first is not None
    listed = ListingAddress(
        selection,
        first if explicit else None,
        last if explicit else None,
        address.slice,
        address.titles,
        address.order,
    )
    sorted_ = address.order is not Order.ARXIV
    sections = tuple(
        _make_whole(page, address.order, address.slice.skip, shown)
        if sorted_
        else _make_sections(page, counts, address.slice.skip, first != last, address.titles)
    )
    samples = any(card.sample for section in sections for card in section.cards)
    said = _describe(selection, first, last, counts, states, samples, now, holidays)
    heading = _make_heading(selection)
    return ListingPage(
        frame=Frame(
            title=f"{heading} · {days_short(first, last)}" if explicit else heading,
            canonical=str(replace(listed, titles=False)),
            description=" · ".join(said.parts),
            keep=keep_for(address.order, said.keep),
            samples=samples,
            # Unions and ranges have no end; days, categories and archives do.
            indexed=bool(page)
            and not address.slice.skip
            and not sorted_
            and first == last
            and len(selection.included) == 1
            and not selection.excluded,
        ),
        heading=heading,
        names=tuple(name_of(code) for code in selection.included)
        if len(selection.included) == 1
        else (),
        status=said,
        notices=tuple(
            list_notices(address, first, newest, due, counts, states, earlier, later, holidays, now)
        ),
        jumps=tuple(_make_jumps(listed, counts)) if first == last and not sorted_ else (),
        sections=sections,
        pager=make_pager(listed, address.slice.skip, show, shown),
        earlier=_link_day(address, earlier),
        later=_link_day(address, later),
        titles=address.titles,
        views=tuple(_make_views(listed)),
        orders=list_orders(listed) if shown > 1 else (),
        sorted=sorted_,
        pack=f"/arxiv/{selection}/pack.json?date={first}" + (f"..{last}" if first != last else ""),
        key=f"{selection.key} {first}" + (f"..{last}" if first != last else ""),
        mark=max((one.newest for one in counts), default=0),
        total=shown,
        day=weekday(first) if first == last else f"{day_brief(first)} – {day_brief(last)}",
        next_at="" if later else _find_next(last, now, holidays),
    )


def _make_views(listed: ListingAddress) -> Iterator[tuple[str, str, str]]:
    for name, text in (("abstracts", _("Abstracts")), ("titles", _("Titles"))):
        yield name, text, str(listed.in_view(titles=name == "titles"))


def _find_next(last: date, now: datetime, holidays: Mapping[date, str]) -> str:
    following = calendar.announced_at(calendar.next_listing_date(last, holidays))
    return following.isoformat() if following > now else ""


def _make_heading(selection: Selection) -> str:
    heading = " + ".join(selection.included)
    if selection.excluded:
        without = _("without %(codes)s") % {"codes": ", ".join(selection.excluded)}
        heading = f"{heading} {without}"
    return heading


def _describe(
    selection: Selection,
    first: date,
    last: date,
    counts: Sequence[KindCount],
    states: list[day_queries.DayState],
    samples: bool,
    now: datetime,
    holidays: Mapping[date, str],
) -> Status:
    if not counts and not any(s.complete for s in states):
        if first == last and not calendar.is_listing_date(first, holidays):
            return Status("none", (day_long(first),))
        return status.describe_waiting(first, states, now)
    asked_for = () if samples else tuple(c for c in selection.categories if _takes_papers(c))
    return status.describe(
        first,
        last,
        present=sum(c.shown + c.hidden for c in counts if _group(c.kind) != _REPLACED),
        hidden=sum(c.hidden for c in counts),
        replaced=sum(c.shown + c.hidden for c in counts if _group(c.kind) == _REPLACED),
        states=states,
        asked_for=asked_for,
        now=now,
    )


def _takes_papers(code: str) -> bool:
    return taxonomy.CATEGORIES[code].active


def _group(kind: int) -> int:
    return min(kind, _REPLACED)


def _name_group(group: int) -> str:
    return {_NEW: _("New"), _CROSS: _("Cross-lists"), _REPLACED: _("Replacements")}[group]


def _make_sections(
    page: Sequence[Announcement],
    counts: Sequence[KindCount],
    skip: int,
    by_day: bool,
    titles: bool,
) -> Iterator[Section]:
    totals: dict[tuple[date, int], int] = {}
    for one in counts:
        key = one.date, _group(one.kind)
        totals[key] = totals.get(key, 0) + one.shown
    begins = _begins(totals)
    number = skip
    for (day, group), lines in groupby(page, key=lambda row: (row.date, _group(row.kind))):
        continued = number > begins.get((day, group), number)
        # Who follows a link to it wants it open.
        jumped = skip > 0 and number == skip and not continued
        cards = []
        for row in lines:
            number += 1
            kind = row.kind == Announcement.KindChoice.REPLACE_CROSS
            label = _("replacement of a cross-list") if kind else ""
            cards.append(make_card(row.paper, number, label, row.version, mark=row.pk))
        name = _name_group(group)
        yield Section(
            anchor=f"{day}-{group}",
            kind=group,
            heading=f"{day_brief(day)} · {name}" if by_day else name,
            count=count(totals.get((day, group), len(cards))),
            continued=continued,
            folded=titles and group != _NEW and not jumped,
            cards=tuple(cards),
        )


def _make_whole(
    page: Sequence[Announcement], order: Order, skip: int, total: int
) -> Iterator[Section]:
    """The whole list as one section; what sections say otherwise, each card says itself."""
    if not page:
        return
    cards = tuple(
        make_card(
            row.paper,
            number,
            describe_kind(row.kind) if row.kind != Announcement.KindChoice.NEW else "",
            row.version,
            mark=row.pk,
        )
        for number, row in enumerate(page, skip + 1)
    )
    yield Section(str(order), 0, name_order(order), count(total), skip > 0, False, cards)


def _begins(totals: dict[tuple[date, int], int]) -> dict[tuple[date, int], int]:
    """How many papers stand before each section."""
    begins, before = {}, 0
    for key, total in totals.items():
        begins[key] = before
        before += total
    return begins


def _make_jumps(listed: ListingAddress, counts: Sequence[KindCount]) -> Iterator[Jump]:
    totals: dict[tuple[date, int], int] = {}
    for one in counts:
        key = one.date, _group(one.kind)
        totals[key] = totals.get(key, 0) + one.shown
    for (day, group), begin in _begins(totals).items():
        if total := totals[day, group]:
            yield Jump(_name_group(group), count(total), str(listed.from_(begin)))


def _link_day(address: ListingAddress, day: date | None) -> DayLink | None:
    return DayLink(str(day), day_brief(day), str(address.of(day))) if day else None


def _in_future(
    address: ListingAddress, day: date, today: date, holidays: Mapping[date, str]
) -> BadAddress:
    following = calendar.next_listing_date(today, holidays)
    upcoming = _("arXiv's next listing is that of %(day)s.") % {"day": day_long(following)}
    if day.weekday() >= 5:
        none = _("No announcement on %(days)s.") % {"days": weekday_plural(day)}
        upcoming = f"{none} {upcoming}"
    return BadAddress(
        404,
        _("%(day)s is still to come") % {"day": day_long(day)},
        upcoming,
        ((_("The latest day of %(selection)s") % {"selection": address.selection},
          str(address.of(None))),),
    )  # fmt: skip


def _beyond_end(address: ListingAddress, shown: int) -> BadAddress:
    return BadAddress(
        404,
        _("There is nothing behind the last paper"),
        ngettext("This list has %(count)s paper.", "This list has %(count)s papers.", shown)
        % {"count": count(shown)},
        ((_("From the beginning"), str(address.from_(0))),),
    )
