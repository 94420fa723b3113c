"""What shows a PDF under a card: a frame for scripts to fill, and where PDF.js lies, if it does."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

_LIBRARY = "pdfjs/pdf.min.mjs"


@dataclass(frozen=True, slots=True)
class Viewer:
    """`library` and `worker` are PDF.js's two scripts, empty where `make pdfjs` was never run;
    `assets` the folder of what else it asks for, under names that it makes itself."""

    library: str = ""
    worker: str = ""
    assets: str = ""


def build() -> Viewer:
    """The viewer. No queries."""
    if finders.find(_LIBRARY) is None:
        return Viewer()
    try:
        return Viewer(
            staticfiles_storage.url(_LIBRARY),
            staticfiles_storage.url("pdfjs/pdf.worker.min.mjs"),
            f"{settings.STATIC_URL}pdfjs/",
        )
    except ValueError:
        # Fetched, and not collected yet: that is done at the next start.
        return Viewer()
