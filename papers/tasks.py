"""What the worker does: thin shells that may run twice; the tick plans a lost one again."""

from datetime import timedelta

from coolpapers.celery import app
from papers import interest
from papers.ingest import alarms, rounds


@app.task(name="papers.tasks.tick")
def tick() -> None:
    """See what is due and hint the arXiv queue about it; tell administrators what goes wrong.

    The database decides what is due, not the queue.
    """
    if rounds.is_due():
        fetch_due.apply_async(expires=60)
    alarms.watch()


@app.task(name="papers.tasks.fetch_due")
def fetch_due() -> None:
    """Work off what is due for some minutes; the next tick goes on."""
    rounds.fetch_due(timedelta(minutes=5))


@app.task(name="papers.tasks.count_interest")
def count_interest() -> None:
    """Bring into the database what readers opened and starred since the last time."""
    interest.flush()
