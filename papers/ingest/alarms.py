"""Mail to administrators when a day stays incomplete or a source fails all day: once, not again.

Looked at with every tick, by any worker. What is told is a row of its own (`Alarm`), raised and
claimed in the database, so that many ticks and many workers send one message.
"""

import logging
from collections.abc import Iterator, Set
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext as _

from coolpapers import clock
from papers.arxiv import calendar
from papers.ingest import runs
from papers.models import Alarm, AnnouncedDay, DayCheck, FetchRun

logger = logging.getLogger(__name__)

# The feeds show a day at midnight Eastern, four hours after its announcement; the work begins then.
_LATE = timedelta(hours=4)
# After an outage or at a first start, days that are long over have this long to come in.
_TO_CATCH_UP = timedelta(hours=1)

_ALL_DAY = timedelta(hours=24)
# A source is asked every few hours at least while something is due, so one that failed all day
# failed at the day's beginning and at its end. Over a weekend nothing is asked.
_AT_THE_ENDS = timedelta(hours=6)

_SUCCESSES = (FetchRun.Outcome.COMPLETE, FetchRun.Outcome.INCOMPLETE)

# A message that could not be sent.
_MAIL_AGAIN = timedelta(minutes=15)

_DAY = "day"
_SOURCE = "source"


def watch() -> None:
    """Raise what is wrong, end what is over, and tell administrators of both. A few queries.

    Raises nothing that is the mail server's: a message that cannot be sent is sent later.
    """
    now = clock.now()
    alarms = list(Alarm.objects.filter(ended_at=None))
    for subject, text in _find_problems(now, {alarm.subject for alarm in alarms}):
        Alarm.objects.get_or_create(
            subject=subject,
            ended_at=None,
            defaults={"text": text, "raised_at": now, "next_mail_at": now},
        )
    for alarm in alarms:
        if _is_over(alarm):
            Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(ended_at=now, next_mail_at=now)
    _send(now)


def _find_problems(now: datetime, known: Set[str]) -> Iterator[tuple[str, str]]:
    """Subject and text of what is wrong and not known yet."""
    # What was asked for by hand has no plan to be late by.
    late = DayCheck.objects.filter(complete=False, planned_at__lte=now - _TO_CATCH_UP)
    for check in late:
        subject = f"{_DAY} {check.date}"
        if subject not in known and calendar.rss_due_at(check.date) + _LATE <= now:
            yield subject, _describe_day(check)
    for source in (*runs.OF_DAYS, runs.ON_DEMAND):
        subject = f"{_SOURCE} {source}"
        if subject not in known and (text := _describe_failures(source, now)):
            yield subject, text


def _describe_day(check: DayCheck) -> str:
    unfinished = AnnouncedDay.objects.filter(date=check.date, complete=False).count()
    text = _("The papers announced for %(day)s are not complete.") % {"day": check.date}
    if check.reason:
        text += " " + _("The last check said: %(reason)s.") % {"reason": check.reason.rstrip(".")}
    if unfinished:
        text += " " + _("Unfinished categories: %(count)s.") % {"count": unfinished}
    return text


def _describe_failures(source: str, now: datetime) -> str:
    """What a source's failures of the last 24 hours say when there was nothing else, else empty."""
    recent = FetchRun.objects.filter(source=source, started_at__gt=now - _ALL_DAY)
    failed = Q(outcome=FetchRun.Outcome.FAILED)
    seen = recent.aggregate(
        first=Min("started_at", filter=failed),
        last=Max("started_at", filter=failed),
        succeeded=Count("pk", filter=Q(outcome__in=_SUCCESSES)),
        failures=Count("pk", filter=failed),
    )
    if seen["succeeded"] or not seen["failures"]:
        return ""
    if seen["first"] > now - _ALL_DAY + _AT_THE_ENDS or seen["last"] < now - _AT_THE_ENDS:
        return ""
    error = recent.filter(failed).order_by("-started_at").values_list("error", flat=True).first()
    return _("Fetching by %(source)s failed all day (%(count)s). The last said: %(error)s") % {
        "source": source,
        "count": seen["failures"],
        "error": error,
    }


def _is_over(alarm: Alarm) -> bool:
    what, _space, which = alarm.subject.partition(" ")
    if what == _DAY:
        return DayCheck.objects.filter(date=date.fromisoformat(which), complete=True).exists()
    return FetchRun.objects.filter(
        source=which, started_at__gt=alarm.raised_at, outcome__in=_SUCCESSES
    ).exists()


def _send(now: datetime) -> None:
    """One message of all that is to be told, claimed so that no other process tells it too."""
    claimed = [
        alarm
        for alarm in Alarm.objects.filter(next_mail_at__lte=now).order_by("raised_at", "pk")
        if Alarm.objects.filter(pk=alarm.pk, next_mail_at=alarm.next_mail_at).update(
            next_mail_at=now + _MAIL_AGAIN
        )
    ]
    if not claimed:
        return
    lines = [_tell(alarm) for alarm in claimed]
    for line in lines:
        logger.warning("%s", line)
    if settings.EMAIL_HOST and settings.COOLPAPERS_ADMINS:
        try:
            send_mail(
                _make_heading(claimed),
                "\n\n".join([*lines, _("What to do is in docs/operating.md.")]) + "\n",
                None,
                settings.COOLPAPERS_ADMINS,
            )
        except OSError as error:
            logger.error("The administrators could not be told: %s", error)
            return
    Alarm.objects.filter(
        pk__in=[alarm.pk for alarm in claimed], next_mail_at=now + _MAIL_AGAIN
    ).update(next_mail_at=None)


def _make_heading(alarms: list[Alarm]) -> str:
    subjects = ", ".join(alarm.subject for alarm in alarms[:3])
    if all(alarm.ended_at for alarm in alarms):
        return _("Coolpapers: over again: %(subjects)s") % {"subjects": subjects}
    return _("Coolpapers: something is wrong: %(subjects)s") % {"subjects": subjects}


def _tell(alarm: Alarm) -> str:
    if alarm.ended_at is None:
        return alarm.text
    return _("Over since %(ended)s UTC: %(text)s (told %(raised)s UTC)") % {
        "ended": f"{alarm.ended_at:%Y-%m-%d %H:%M}",
        "raised": f"{alarm.raised_at:%Y-%m-%d %H:%M}",
        "text": alarm.text,
    }
