"""Rounds of fetching: one caller after the other works off what is due, through the one gate."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial

from django.conf import settings
from django.db import connection

import coolpapers
from coolpapers import clock
from papers.arxiv.client import Addresses, Client
from papers.arxiv.errors import ArxivError, Transient
from papers.ingest import check, demand, runs
from papers.ingest import day as days
from papers.ingest.gate import PostgresGate

logger = logging.getLogger(__name__)

_ROUND = 7070003
# While feeds are due, one request in so many is for papers that readers wait for.
_TURNS = 5


@contextmanager
def open_client() -> Iterator[Client]:
    """A client for the addresses of the settings, behind the one gate."""
    contact = settings.COOLPAPERS_CONTACT
    with Client(
        Addresses(settings.ARXIV_RSS_URL, settings.ARXIV_API_URL, settings.ARXIV_OAI_URL),
        PostgresGate(settings.ARXIV_MIN_INTERVAL),
        f"Coolpapers/{coolpapers.__version__} (self-hosted arXiv reader"
        f"{f'; {contact}' if contact else ''})",
    ) as client:
        yield client


@contextmanager
def sole_round() -> Iterator[bool]:
    """True for the one process that may work off what is due; killed, its place is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ROUND])
        (mine,) = cursor.fetchone()
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ROUND])


def is_due() -> bool:
    """Whether there is anything to fetch now, and arXiv is not left in peace. A few queries."""
    if runs.is_resting(clock.now()):
        return False
    check.plan_checks()
    return bool(_list_due_categories() or check.list_due_checks() or demand.is_due())


def _list_due_categories() -> list[str]:
    """The categories whose feeds are to be asked now: feeds tell of the current date only."""
    latest = days.latest_day()
    return days.list_due(latest, clock.now()) if latest == clock.today() else []


def fetch_due(budget: timedelta) -> int:
    """Fetch what is due, most-read categories first, then the checks; for about `budget`.

    Papers that readers wait for come in between, so that neither waits long for the other. Returns
    how many steps were made, 0 at once where another process is at it. When arXiv does not answer,
    the round ends; the next tick begins another.
    """
    steps = 0
    with sole_round() as mine:
        if not mine:
            return 0
        runs.close_interrupted()
        end = clock.now() + budget
        with open_client() as client:
            others = 0
            while clock.now() < end and (step := _choose_step(others)):
                others = 0 if step is _fetch_wanted else others + 1
                try:
                    step(client)
                except Transient as error:
                    logger.warning("The round ends: %s", error)
                    break
                except ArxivError as error:
                    logger.error("%s", error)
                steps += 1
    return steps


def _choose_step(others: int) -> Callable[[Client], None] | None:
    """The most urgent thing that is due, after so many steps for others than waiting readers."""
    categories = _list_due_categories()
    if others >= (_TURNS - 1 if categories else 1) and demand.is_due():
        return _fetch_wanted
    if categories:
        return partial(_fetch_listing, categories[0])
    check.plan_checks()
    if dates := check.list_due_checks():
        return partial(_check_days, dates)
    return _fetch_wanted if demand.is_due() else None


def _fetch_listing(category: str, client: Client) -> None:
    outcome = days.sync_category(client, category, days.latest_day())
    logger.info("%s", outcome.sentence)


def _check_days(dates: Sequence[date], client: Client) -> None:
    for result in check.check_days(client, dates):
        logger.info("%s checked: %s", result.date, result.reason or "complete")


def _fetch_wanted(client: Client) -> None:
    demand.fetch_wanted(client)


def fetch_categories(
    client: Client, categories: Sequence[str], day: date, report: Callable[[str], None]
) -> tuple[int, int]:
    """Ask these feeds now, due or not. Returns how many are incomplete and how many failed."""
    incomplete = failed = 0
    for number, category in enumerate(categories, 1):
        try:
            outcome = days.sync_category(client, category, day)
        except ArxivError as error:
            failed += 1
            report(f"[{number}/{len(categories)}] {category} failed: {error}")
        else:
            incomplete += not outcome.day.complete
            report(f"[{number}/{len(categories)}] {outcome.sentence}")
    return incomplete, failed


def fetch_day(client: Client, day: date, report: Callable[[str], None]) -> bool:
    """Everything of one listing date: its feeds where they still show it, then the check.

    Returns whether the day is complete. Raises `ArxivError` when the check cannot be made.
    """
    if day == clock.today():
        fetch_categories(client, days.list_categories(), day, report)
    (result,) = check.check_days(client, [day])
    report(f"{day} checked: {result.reason or 'complete'}, {result.repaired} repaired")
    return result.complete
