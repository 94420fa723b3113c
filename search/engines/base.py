"""The contract of an engine. One test-suite holds every engine to it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Self

from search.documents import Change, Checkpoint, Facets, Hit, Results, Sort, State, Title
from search.plan import Clause

# Readers are told so rather than given page after page nobody looks at.
DEEPEST_RESULT = 1_000


class Engine(ABC):
    """One index in one folder, opened for writing by one process or for reading by any number.

    A reader sees a commit of the writer, whole, at its next call. Engines may be used by several
    threads at once. `format` grows whenever documents are indexed in another way: an index of
    another format is not opened but built anew.
    """

    name: ClassVar[str]
    format: ClassVar[int]
    # Up to how many documents the engine is good for; None for no limit that would matter.
    meant_for: ClassVar[int | None] = None

    @classmethod
    @abstractmethod
    def create(cls, path: Path) -> Self:
        """A new, empty index in a folder that does not exist yet, open for writing.

        Its checkpoint is None until the first `apply`.
        """

    @classmethod
    @abstractmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        """An index that is there. Raises IndexMissing or IndexTorn; IndexBusy if `write`."""

    @abstractmethod
    def apply(
        self, changes: Sequence[Change], checkpoint: Checkpoint, *, commit: bool = True
    ) -> None:
        """Take in changes and the checkpoint in one commit: both are there afterwards or neither.

        A document replaces the one of the same row. Without `commit`, nobody sees them before the
        next one, which has them all; whoever dies before that loses them and the checkpoint alike.
        Raises UnfitDocument before anything is written.
        """

    @abstractmethod
    def checkpoint(self) -> Checkpoint | None:
        """The checkpoint of the last commit."""

    @abstractmethod
    def search(
        self, clause: Clause, *, sort: Sort = Sort.RELEVANCE, limit: int = 25, offset: int = 0
    ) -> Results:
        """The hits `offset` to `offset + limit`, at most to `DEEPEST_RESULT`.

        By date: newest first, undated documents last.
        """

    @abstractmethod
    def nearest(self, clause: Clause, limit: int) -> tuple[Hit, ...]:
        """The best hits, where nobody asks how many there are in all; that is faster."""

    @abstractmethod
    def facets(self, clause: Clause) -> Facets:
        """The numbers by category, archive and year of all that the clause matches."""

    def document_frequency(self, field: str, token: str) -> int:
        """In how many documents a field has a token. Removed ones may still count."""
        return self.document_frequencies(field, (token,))[0]

    @abstractmethod
    def document_frequencies(self, field: str, tokens: Iterable[str]) -> list[int]:
        """The same of many tokens, in their order, for hardly more than their look-ups."""

    @abstractmethod
    def completions(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Tokens of a field that begin so, with document frequencies, most frequent first."""

    @abstractmethod
    def titles(self, clause: Clause, limit: int) -> tuple[Title, ...]:
        """The best documents' titles, as they were given."""

    @abstractmethod
    def titles_of(self, rows: Sequence[int]) -> dict[int, str]:
        """The titles of these documents by row, without those that are not there."""

    @abstractmethod
    def scores_of(self, rows: Sequence[int], wishes: Sequence[Clause]) -> dict[int, float]:
        """What these documents score by wishes alone, by row; those that fulfil none may lack."""

    @abstractmethod
    def count(self) -> int:
        """How many documents there are. The checkpoint is none."""

    @abstractmethod
    def states(self) -> Iterator[State]:
        """What is held of every document, rows rising; memory does not grow with the index."""

    @abstractmethod
    def newest(self, limit: int) -> list[State]:
        """What is held of the documents that were changed last, the newest first."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and locks; waits for merges in flight."""
