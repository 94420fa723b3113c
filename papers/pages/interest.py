"""What pages say of readers' interest in papers, and the orders of a listing that go by it."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.addresses import ListingAddress, Order
from papers.formatting import count
from papers.models import Paper

# Counts change no generation, so a page that is ordered by them is made anew this often.
_SETTLED = timedelta(minutes=5)


def describe_interest(paper: Paper) -> str:
    """“opened 12 times, starred 3”; empty below the threshold of the settings.

    The paper was read together with its counter, or this asks for it.
    """
    counter = getattr(paper, "counter", None)
    least = settings.COOLPAPERS_INTEREST_FROM
    if counter is None or not least or counter.opens + counter.stars < least:
        return ""
    opened = ngettext("opened %(count)s time", "opened %(count)s times", counter.opens)
    said = [opened % {"count": count(counter.opens)}] if counter.opens else []
    if counter.stars:
        said.append(_("starred %(count)s") % {"count": count(counter.stars)})
    return _(", ").join(said)


def name_order(order: Order) -> str:
    """What stands above a list in another order than arXiv's."""
    return _("Newest first") if order is Order.TIME else _("Most starred first")


def list_orders(listed: ListingAddress) -> tuple[tuple[str, str], ...]:
    """The orders that a listing can be had in: (text, address, empty for its own)."""
    names = {Order.ARXIV: "arXiv", Order.TIME: _("time"), Order.STARS: _("stars")}
    if not settings.COOLPAPERS_INTEREST_FROM:
        del names[Order.STARS]
    return tuple(
        (text, "" if order is listed.order else str(listed.in_order(order)))
        for order, text in names.items()
    )


def keep_for(order: Order, keep: timedelta) -> timedelta:
    """How long a page in this order may be kept that otherwise could be kept so long."""
    return min(keep, _SETTLED) if order is Order.STARS else keep
