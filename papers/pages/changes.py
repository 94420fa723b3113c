"""What changed in a paper's title and abstract since its last version that was seen here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from papers import differences, markup
from papers.models import PaperVersion


@dataclass(frozen=True, slots=True)
class ChangedStretch:
    """Words in a row: `kind` is same, added or removed."""

    kind: str
    html: SafeString
    spaced: bool


@dataclass(frozen=True, slots=True)
class ChangedText:
    """A text in which something changed."""

    name: str
    stretches: tuple[ChangedStretch, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The texts that changed, and between which versions."""

    heading: str
    texts: tuple[ChangedText, ...]


def describe_changes(
    title: str, abstract: str, number: int, known: Sequence[PaperVersion]
) -> Changes | None:
    """What is new in version `number`, of these texts; None where nothing is, or none older was
    seen. No queries."""
    seen = [v for v in known if v.number < number and v.title is not None and v.abstract]
    if not seen:
        return None
    before = max(seen, key=lambda version: version.number)
    pairs = (
        (_("Title"), before.title or "", title),
        (_("Abstract"), before.abstract or "", abstract),
    )
    texts = tuple(
        ChangedText(name, _mark(old, new)) for name, old, new in pairs if old.split() != new.split()
    )
    if not texts:
        return None
    heading = _("What changed from version %(old)s to version %(new)s")
    return Changes(heading % {"old": before.number, "new": number}, texts)


def _mark(old: str, new: str) -> tuple[ChangedStretch, ...]:
    return tuple(
        ChangedStretch(stretch.kind, markup.render(stretch.text, links=False), stretch.spaced)
        for stretch in differences.compare(old, new)
    )
