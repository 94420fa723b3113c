"""What can go wrong with an answer from arXiv, and whether asking again may help.

Parsers raise these; the client's retry policy reads only `TransientError` and `FinalError`.
A single bad record is no error: it becomes a `Refusal` and the rest goes in.
"""


class ArxivError(Exception):
    """An answer from arXiv that cannot be used."""


class TransientError(ArxivError):
    """Asking the same again later may well succeed."""


class FinalError(ArxivError):
    """The request itself is wrong: asking it again brings the same answer."""


class MalformedAnswerError(TransientError):
    """The body is empty, cut short, not the XML it should be, or carries forbidden declarations."""


class OversizedAnswerError(FinalError):
    """The body is larger than any honest answer."""


class UnexpectedEmptyPageError(TransientError):
    """An API page without entries although the total says there are some at this offset."""


class RequestRefusedError(FinalError):
    """arXiv refused the request (bad category, identifier, date); the message is arXiv's own."""


class BadResumptionTokenError(FinalError):
    """An OAI-PMH token has expired or was never valid: the list must be started anew."""
