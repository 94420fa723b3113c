"""Which answer belongs to which request, and what may be seen of the collection at a time.

arXiv's services don't learn of a day at the same moment: abstracts and PDFs at 20:00 US Eastern of
the evening before the listing date, OAI-PMH at 22:30, the feeds and the API at midnight.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import parse_qs, unquote

from coolpapers.clock import EASTERN
from papers.arxiv import taxonomy
from papers.arxiv.replay import documents, feeds
from papers.arxiv.replay.answer import Answer, plain
from papers.arxiv.replay.api import Api
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.faults import Fault
from papers.arxiv.replay.oai import Oai, Trouble
from papers.arxiv.replay.wire import Request

_CACHE_BYTES = 128_000_000


@dataclass(frozen=True, slots=True)
class Sight:
    """The last listing date each service shows at `now`."""

    now: datetime
    feeds: date
    oai: date
    abstracts: date

    @classmethod
    def at(cls, now: datetime) -> Self:
        """What is shown at `now` (aware)."""
        local = now.astimezone(EASTERN)
        return cls(
            now=now,
            feeds=local.date(),
            oai=(local + timedelta(hours=1, minutes=30)).date(),
            abstracts=(local + timedelta(hours=4)).date(),
        )


def name_key(request: Request) -> tuple[str, str]:
    """The route of a request and what it asks for there: the names by which faults are aimed."""
    head, _, rest = request.path.lstrip("/").partition("/")
    match head:
        case "rss" | "atom" | "pdf" | "abs":
            return head, rest
        case "api":
            return "api", ""
        case "oai" | "oai2":
            token = parse_qs(unquote(request.params.get("resumptionToken", "")))
            return "oai", request.params.get("set") or "".join(token.get("set", []))
        case "-":
            return "control", rest
        case _:
            return "other", request.path


class Routes:
    """Answers, from a collection. Feeds are kept once made, up to 128 MB of them."""

    def __init__(
        self,
        collection: Collection,
        *,
        feed_limit: int,
        oai_page: int,
        oai_identifiers_page: int,
        pdf_bytes: int,
        pdf_cors: bool,
    ) -> None:
        self._collection = collection
        self._feed_limit = feed_limit
        self._api = Api(collection)
        self._oai = Oai(collection, oai_page, oai_identifiers_page)
        self._pdf_bytes = pdf_bytes
        self._pdf_cors = pdf_cors
        self._feeds: dict[tuple[str, str, feeds.Batch], Answer] = {}
        self._feeds_size = 0

    def answer(self, request: Request, route: str, sight: Sight, fault: Fault | None) -> Answer:
        """The answer to a request, with the fault already in it where it is one of content."""
        match route:
            case "rss" | "atom":
                return self._feed(route, request.path.partition(f"/{route}")[2], sight, fault)
            case "api":
                return self._api.answer(
                    request.params,
                    sight.feeds,
                    sight.now,
                    lag=int(fault.number(10)) if fault and fault.kind == "lag" else 0,
                    empty=fault is not None and fault.kind == "empty",
                )
            case "oai":
                return self._oai.answer(request.params, sight.oai, sight.now, _trouble(fault))
            case "pdf":
                cors = self._pdf_cors and not (fault and fault.kind == "nocors")
                name = request.path.removeprefix("/pdf/")
                return documents.render_pdf(
                    self._collection, name, sight.abstracts, size=self._pdf_bytes, cors=cors
                )
            case "abs":
                name = request.path.removeprefix("/abs/")
                return documents.render_abstract(self._collection, name, sight.abstracts)
            case _ if request.path == "/feed/status":
                return plain("Status: GOOD Version: 1.1")
            case _:
                return plain(f"There is nothing at {request.path}.", 404)

    def _feed(self, form: feeds.Form, path: str, sight: Sight, fault: Fault | None) -> Answer:
        query = path.strip("/")
        if not query:
            return plain("Archives: " + ", ".join(taxonomy.ARCHIVES))
        try:
            topics = feeds.parse_topics(query)
        except feeds.BadQueryError as error:
            return feeds.render_error(form, query, str(error), sight.feeds)
        batch = self._batch(sight.feeds, fault)
        place = (form, "+".join(topics.names), batch)
        answer = self._feeds.get(place)
        if answer is None:
            answer = feeds.render_feed(form, self._collection, topics, batch, self._feed_limit)
            self._feeds_size += len(answer.body)
            if self._feeds_size > _CACHE_BYTES:
                self._feeds, self._feeds_size = {}, len(answer.body)
            self._feeds[place] = answer
        headers = {**answer.headers, "Cache-Control": f"max-age={feeds.max_age(sight.now)}"}
        return Answer(answer.status, answer.content_type, answer.body, headers)

    def _batch(self, day: date, fault: Fault | None) -> feeds.Batch:
        match fault.kind if fault else "":
            case "stale":
                assert fault
                before = self._collection.previous_day(day) or day - timedelta(days=1)
                return feeds.Batch(day, before, redated=fault.value == "redated")
            case "half":
                assert fault
                return feeds.Batch(day, day, keep=fault.number(0.5))
            case "empty":
                return feeds.Batch(day, day, keep=0.0)
            case _:
                return feeds.Batch(day, day)


def _trouble(fault: Fault | None) -> Trouble:
    match fault.kind if fault else "":
        case "skip":
            assert fault
            return Trouble(skip=fault.value or "")
        case "repeat":
            return Trouble(repeat=True)
        case "expired":
            return Trouble(expired=True)
        case "empty":
            return Trouble(empty=True)
        case _:
            return Trouble()
