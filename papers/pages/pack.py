"""A whole listing in one file, for what a browser does with all of it: filter, late papers.

Not the documented JSON of lists: that is `papers.exports.data`. This one may change with any
release, together with the scripts that read it.
"""

import json
from datetime import date, datetime, timedelta

from papers import plaintext, schedule
from papers.addresses import ListingAddress
from papers.arxiv import calendar
from papers.models import Announcement
from papers.pages.card import read_author
from papers.pages.status import BRIEFLY
from papers.queries import days as day_queries
from papers.queries import listing as listing_queries

# More than arXiv ever announced on a day.
MOST_PACKED = 4_000


def build(address: ListingAddress, now: datetime, today: date) -> tuple[str, timedelta]:
    """The pack of a listing's days, and how long it may be kept. At most five queries.

    Papers in arXiv's order, each `[identifier, title, authors, abstract, kind, mark]`: texts are
    plain, `kind` is 1 for new, 2 for cross-lists, 3 for replacements; `mark` as on the cards.
    """
    selection = address.selection
    newest = day_queries.latest_date(selection.categories)
    latest = newest or calendar.latest_listing_date(now, schedule.list_holidays())
    first, last = address.first or latest, min(address.last or latest, max(today, latest))
    states = day_queries.list_states(selection.categories, first, last)
    rows = listing_queries.list_announcements(selection.categories, selection.left_out, first, last)
    page = listing_queries.list_page(
        rows,
        by_position=selection.single is not None and first == last,
        show=MOST_PACKED,
        skip=0,
    )
    packed = {"format": "coolpapers.pack/1", "papers": [_pack(row) for row in page]}
    complete = bool(states) and all(state.complete for state in states)
    text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
    return text, timedelta(hours=1) if complete else BRIEFLY


def _pack(row: Announcement) -> list[object]:
    paper = row.paper
    return [
        paper.identifier,
        plaintext.render(paper.title),
        ", ".join(read_author(entry)[0] for entry in paper.authors),
        plaintext.render(paper.abstract),
        min(row.kind, Announcement.KindChoice.REPLACE),
        row.pk,
    ]
