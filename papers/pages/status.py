"""How complete an announced day is, as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.arxiv.calendar import DEFERRED, Absence
from papers.formatting import count, day_short, days_short, time_utc
from papers.queries.days import DayState

# A page about something unfinished is kept no longer than this.
BRIEFLY = timedelta(seconds=20)
_CODES_NAMED = 6


@dataclass(frozen=True, slots=True)
class Status:
    """`state` is complete, incomplete, waiting or none, and picks icon and colour.

    `parts` are said in a row; `keep` is how long the sentence may stand.
    """

    state: str
    parts: tuple[str, ...]
    keep: timedelta = timedelta(hours=1)


def describe(
    first: date,
    last: date,
    present: int,
    hidden: int,
    replaced: int,
    states: Sequence[DayState],
    asked_for: Sequence[str],
    now: datetime,
) -> Status:
    """The sentence about a listing that shows something: who was asked, what is missing, and when
    it is looked for again."""
    missing = len({name for state in states for name in state.missing})
    unfinished = [state for state in states if not state.complete]
    begun = {state.category for state in states}
    to_come = [code for code in asked_for if code not in begun]
    complete = bool(states) and not missing and not unfinished and not to_come
    when = days_short(first, last)
    numbers = {"present": count(present), "announced": count(present + missing)}
    parts = [when]
    if complete:
        parts.append(_("%(present)s of %(announced)s announced") % numbers)
        checked = max((s.checked_at for s in states if s.checked_at), default=None)
        if checked:
            near = last if first == last else None
            parts.append(_("complete %(time)s") % {"time": time_utc(checked, near)})
        else:
            parts.append(_("complete"))
    else:
        parts.append(_say_unfinished(numbers, unfinished, now))
    if replaced:
        parts.append(
            ngettext("%(count)s replacement", "%(count)s replacements", replaced)
            % {"count": count(replaced)}
        )
    if hidden:
        parts.append(
            ngettext("%(count)s hidden by this site", "%(count)s hidden by this site", hidden)
            % {"count": count(hidden)}
        )
    if to_come:
        parts.append(_("still to come: %(codes)s") % {"codes": name_codes(to_come)})
    if any(state.reconstructed for state in states):
        parts.append(_("reconstructed from submission times"))
    return Status(
        "complete" if complete else "incomplete",
        tuple(parts),
        timedelta(hours=1) if complete else BRIEFLY,
    )


def describe_waiting(day: date, states: Sequence[DayState], now: datetime) -> Status:
    """The sentence about a day of which nothing has come yet."""
    parts = [day_short(day), _("not fetched yet")]
    if again := _next_check(states, now):
        parts.append(_("checking again at %(time)s") % {"time": time_utc(again, now.date())})
    return Status("waiting", tuple(parts), BRIEFLY)


def name_holiday(absence: Absence) -> str:
    """Why arXiv has no listing on a weekday. Its names of holidays are known; what administrators
    call theirs stays as it is."""
    if absence.holiday == DEFERRED:
        return _("arXiv deferred its announcement")
    return _("arXiv closed for %(holiday)s") % {"holiday": _(absence.holiday)}


def say_failure(failed: datetime | None, now: datetime) -> str:
    """What waits where the last fetch failed; empty where it did not."""
    if failed is None:
        return ""
    return _(
        "The last fetch from arXiv failed at %(time)s. It is tried again every few minutes; what "
        "comes stands here by itself, and all that came before can be read."
    ) % {"time": time_utc(failed, now.date())}


def name_codes(codes: Sequence[str]) -> str:
    """`cs.AI, cs.CL and 38 more`."""
    named = ", ".join(codes[:_CODES_NAMED])
    more = len(codes) - _CODES_NAMED
    if more <= 0:
        return named
    return _("%(codes)s and %(count)s more") % {"codes": named, "count": more}


def _say_unfinished(numbers: dict[str, str], unfinished: Sequence[DayState], now: datetime) -> str:
    if again := _next_check(unfinished, now):
        return _("%(present)s of %(announced)s so far, checking again at %(time)s") % {
            **numbers,
            "time": time_utc(again, now.date()),
        }
    return _("%(present)s of %(announced)s so far, checking again soon") % numbers


def _next_check(states: Sequence[DayState], now: datetime) -> datetime | None:
    """The next check that is still ahead; a page never promises one that has passed."""
    return min(
        (s.next_check_at for s in states if s.next_check_at and s.next_check_at > now), default=None
    )
