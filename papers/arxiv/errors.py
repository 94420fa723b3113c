"""What can go wrong with an answer from arXiv, and whether asking again may help.

Parsers raise these; the client's retry policy reads only `Transient` and `Final`. A single bad
record is no error: it becomes a `Refusal` and the rest goes in.
"""

from papers.arxiv.records import Listing


class ArxivError(Exception):
    """An answer from arXiv that cannot be used. Its text says why, for a log or a FetchRun."""


class Transient(ArxivError):
    """Asking the same again later may well succeed."""


class Final(ArxivError):
    """The request itself is wrong: asking it again brings the same answer."""


class MalformedAnswer(Transient):
    """The body is empty, cut short, not the XML it should be, or declares entities.

    Of a feed that was cut short, `salvaged` holds what stood complete before the cut, for whoever
    runs out of patience; None where nothing could be read.
    """

    def __init__(self, message: str, salvaged: Listing | None = None) -> None:
        super().__init__(message)
        self.salvaged = salvaged


class OversizedAnswer(Final):
    """The body is larger than any honest answer."""


class UnexpectedEmptyPage(Transient):
    """A page without entries where the answer itself says or implies that there are some."""


class RequestRefused(Final):
    """arXiv refused the request (bad category, identifier, date); the message is arXiv's own."""


class BadResumptionToken(Final):
    """An OAI-PMH token has expired or was never valid: the list must be started anew."""
