"""OAI-PMH lists, page by page, into the store; a harvest that was stopped goes on where it was."""

import logging
from datetime import date, timedelta

from django.db import transaction

from coolpapers import clock
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
# Tokens die at the next midnight UTC; a harvest older than this begins anew.
_LONGEST_PAUSE = timedelta(hours=20)
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
        Harvest.objects.filter(
            prefix=prefix,
            since=since,
            finished_at=None,
            started_at__gt=clock.now() - _LONGEST_PAUSE,
        )
        .order_by("-started_at")
        .first()
    )
