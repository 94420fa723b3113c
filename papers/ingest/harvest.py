"""OAI-PMH lists, page by page, into the store; a harvest that was stopped goes on where it was."""

import logging
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.client import Client
from papers.arxiv.errors import BadResumptionToken, MalformedAnswer
from papers.ingest.runs import Run, record_run
from papers.ingest.store import Detail, store_records
from papers.models import Harvest, Paper

logger = logging.getLogger(__name__)

# arXivRaw tells every version's date, arXiv every author's name apart.
RAW = "arXivRaw"
NAMES = "arXiv"
_DETAIL = {RAW: Detail.RAW, NAMES: Detail.HARVEST}
_RESTARTS = 3


def harvest(client: Client, prefix: str, since: date) -> int:
    """Store every record modified since a UTC date (included); returns how many came.

    One request a page (2,500 records). After each page the resumption token is kept in the same
    transaction as its records. Raises `ArxivError`; asked again, the harvest goes on.
    """
    with record_run("oai", f"{prefix} from {since}") as run:
        client.recording(run.attempt)
        row = _find_unfinished(prefix, since) or Harvest.objects.create(
            prefix=prefix, since=since, started_at=clock.now()
        )
        restarts = 0
        while row.finished_at is None:
            if row.token and row.started_at < _last_change(clock.now()):
                logger.info("The harvest %s begins anew: arXiv's list has changed", row)
                row.token, row.started_at = "", clock.now()
            try:
                _fetch_page(client, row, run)
            except BadResumptionToken as error:
                restarts += 1
                if restarts > _RESTARTS:
                    raise
                logger.warning("The harvest %s begins anew: %s", row, error)
                row.token = ""
                row.save()
        return row.records


def _fetch_page(client: Client, row: Harvest, run: Run) -> None:
    if row.token:
        page = client.harvest(verb="ListRecords", resumptionToken=row.token)
        if page.resumption_token == row.token:
            raise MalformedAnswer(f"The harvest {row} gets the same resumption token again.")
    else:
        page = client.harvest(
            **{"verb": "ListRecords", "metadataPrefix": row.prefix, "from": row.since.isoformat()}
        )
    run.refuse(page.refusals)
    with transaction.atomic():
        stored = store_records(page.records, _DETAIL[row.prefix])
        run.count(stored.new, stored.changed, stored.unchanged)
        # arXiv has never said so of a paper; whoever does means that it was taken back.
        Paper.objects.filter(
            source=Paper.Source.ARXIV, identifier__in=page.deleted, withdrawn=False
        ).exclude(corrected__contains=["withdrawn"]).update(withdrawn=True)
        row.token = page.resumption_token or ""
        row.pages += 1
        row.records += len(page.records)
        row.finished_at = None if row.token else clock.now()
        row.save()
    logger.info("Harvest %s: page %d, %d records so far", row, row.pages, row.records)


def _find_unfinished(prefix: str, since: date) -> Harvest | None:
    return (
        Harvest.objects.filter(prefix=prefix, since=since, finished_at=None)
        .order_by("-started_at")
        .first()
    )


def _last_change(now: datetime) -> datetime:
    """When arXiv's list last changed, or its tokens expired, whichever is later.

    Tokens name a place in the list and die at midnight UTC. A day that is announced moves what was
    replaced to the list's end, and all that stood behind it up.
    """
    today = now.astimezone(calendar.EASTERN).date()
    changes = (calendar.oai_due_at(today + timedelta(days=days)) for days in (0, 1))
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight, *(moment for moment in changes if moment <= now))
