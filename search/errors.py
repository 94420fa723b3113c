"""What can go wrong with an index. No input of a reader is among it."""


class IndexUnusable(Exception):
    """The index can't answer now; a page says so with status 503 and goes on without search."""


class IndexMissing(IndexUnusable):
    """There is no index (yet), or one of another engine or format."""


class IndexTorn(IndexUnusable):
    """There is an index, and it can't be read. It has to be built anew."""


class IndexTooSlow(IndexUnusable):
    """The question took longer than it may; others are answered meanwhile."""


class IndexBusy(Exception):
    """Another process writes this index."""


class UnfitDocument(ValueError):
    """A change that no engine could index; nothing of its batch was written."""


class SourceUnavailable(Exception):
    """What the index follows can't be asked now; it may come back."""
