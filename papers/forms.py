"""What administrators type, checked before it becomes a correction."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from papers.actions import CORRECTABLE
from papers.arxiv import taxonomy
from papers.arxiv.text import clean_text
from papers.models import Paper

# Django's classes take their types when they are checked, and not when they run.
if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Paper]
else:
    _ModelForm = forms.ModelForm

_LONGEST_NAME = 300
_MOST_AUTHORS = 20_000


def write_authors(authors: object) -> str:
    """An author list as lines: `Name`, or `Name | affiliation; affiliation`."""
    lines = []
    for author in authors if isinstance(authors, list) else []:
        entry = author if isinstance(author, dict) else {"name": str(author)}
        places = "; ".join(str(place) for place in entry.get("affiliations") or ())
        lines.append(
            f"{entry.get('name', '')} | {places}" if places else str(entry.get("name", ""))
        )
    return "\n".join(lines)


def read_authors(text: str) -> list[dict[str, Any]]:
    """The lines as an author list. ValidationError names the line that is wrong, and why."""
    authors: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, _bar, places = map(clean_text, line.partition("|"))
        if not any(char.isalpha() for char in name):
            raise ValidationError(_("Line %(number)s has no name.") % {"number": number})
        if len(name) > _LONGEST_NAME:
            raise ValidationError(
                _("The name in line %(number)s is too long: one author a line.")
                % {"number": number}
            )
        affiliations = [place.strip() for place in places.split(";") if place.strip()]
        authors.append({"name": name, "affiliations": affiliations})
    if len(authors) > _MOST_AUTHORS:
        raise ValidationError(_("These are too many authors."))
    return authors


class PaperForm(_ModelForm):
    """A paper as an administrator corrects it."""

    author_lines = forms.CharField(
        label=gettext_lazy("authors"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100}),
        help_text=gettext_lazy(
            "One a line, in order. Affiliations behind a bar, with semicolons between: "
            "Erwin Schrödinger | University of Vienna; Dublin"
        ),
    )
    categories = SimpleArrayField(
        forms.CharField(max_length=32),
        label=gettext_lazy("categories"),
        help_text=gettext_lazy("With commas between; the primary one is among them."),
    )
    # What the administrator saw: later changes must not be overruled unseen.
    read_at = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Paper
        fields = (
            "title", "abstract", "primary_category", "categories", "comments", "journal_ref",
            "doi", "licence", "submitted_at", "updated_at", "withdrawn", "hidden",
        )  # fmt: skip
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2, "cols": 100}),
            "abstract": forms.Textarea(attrs={"rows": 12, "cols": 100}),
            **{
                name: forms.TextInput(attrs={"size": 100})
                for name in ("comments", "journal_ref", "doi", "licence")
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["author_lines"] = write_authors(self.instance.authors)
            self.initial["read_at"] = self.instance.change_seq

    def clean_author_lines(self) -> list[dict[str, Any]]:
        """The authors as they are stored."""
        text = str(self.cleaned_data["author_lines"]).replace("\r\n", "\n")
        if text == self.initial.get("author_lines"):
            authors: list[dict[str, Any]] = self.instance.authors
            return authors
        return read_authors(text)

    def clean_primary_category(self) -> str:
        """A canonical code."""
        return _clean_code(self.cleaned_data["primary_category"])

    def clean_categories(self) -> list[str]:
        """Canonical codes, each once."""
        return list(dict.fromkeys(_clean_code(code) for code in self.cleaned_data["categories"]))

    def clean(self) -> dict[str, Any]:
        """Fields against each other, and against what came in meanwhile."""
        cleaned = super().clean() or self.cleaned_data
        primary, categories = cleaned.get("primary_category"), cleaned.get("categories")
        if primary and categories and primary not in categories:
            self.add_error("categories", _("The primary category has to be among them."))
        for name in ("title", "abstract", "comments", "journal_ref", "doi", "licence"):
            if name in cleaned and cleaned[name] != self.initial.get(name):
                cleaned[name] = clean_text(cleaned[name])
        if cleaned.get("read_at") != self.instance.change_seq:
            raise ValidationError(
                _("arXiv or another administrator changed this paper after you opened it. "
                  "Open it again, so that you see what you overrule.")
            )  # fmt: skip
        return cleaned

    def corrections(self) -> Mapping[str, object]:
        """What was typed, by the names of the paper's fields."""
        typed = {**self.cleaned_data, "authors": self.cleaned_data["author_lines"]}
        return {name: typed[name] for name in CORRECTABLE if name in typed}


def _clean_code(text: str) -> str:
    try:
        return taxonomy.canonical(text)
    except KeyError:
        near = ", ".join(taxonomy.nearest(text))
        raise ValidationError(
            _("arXiv has no category “%(code)s”. Near: %(near)s.") % {"code": text, "near": near}
        ) from None
