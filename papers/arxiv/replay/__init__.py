"""arXiv, played from files: a small server that answers as arXiv would, and misbehaves on request.

It is what tests, the offline demonstration and development talk to instead of arXiv. It knows
arXiv's side of the protocols only; how answers are read is in `papers.arxiv.{rss,api,oai}`.
"""

from papers.arxiv.replay.collection import Collection, CollectionError
from papers.arxiv.replay.faults import Fault, FaultSpecError, RandomFaults
from papers.arxiv.replay.server import LoggedRequest, ReplayServer

__all__ = [
    "Collection",
    "CollectionError",
    "Fault",
    "FaultSpecError",
    "LoggedRequest",
    "RandomFaults",
    "ReplayServer",
]
