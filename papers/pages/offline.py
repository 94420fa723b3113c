"""What a browser needs to be read without a network: the page about it, the service worker and the
web manifest. All of it the same for everyone."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from coolpapers.languages import PREFIXES
from papers.pages.frame import Frame

ADDRESS = "/offline"

_SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"
_WORKER = "worker.js"
_GROUND = "#fbfaf7"


@dataclass(frozen=True, slots=True)
class OfflinePage:
    """A frame around what scripts fill in."""

    frame: Frame


def build() -> OfflinePage:
    """The page of what is kept. No queries."""
    return OfflinePage(Frame(title=_("Kept in this browser"), canonical=ADDRESS, indexed=False))


def write_worker(pages: Iterable[str]) -> str:
    """The service worker of this release: its source behind a line that names the release's files.

    It changes when one of them does, since their names tell their contents, and with `pages`, which
    are the page of what is kept in each language.
    """
    source = (_SCRIPTS / _WORKER).read_text()
    release = {
        "shell": [static(name) for name in _list_files()],
        "offline": [prefix + ADDRESS for prefix in PREFIXES.values()],
        "words": {code: _list_words(code) for code in PREFIXES},
    }
    text = json.dumps(release, ensure_ascii=False)
    release["version"] = hashlib.sha256("".join((text, source, *pages)).encode()).hexdigest()[:12]
    return f"const RELEASE = {json.dumps(release, ensure_ascii=False)};\n{source}"


def describe_app() -> dict[str, object]:
    """The web manifest, by which the site can stand on a phone's home screen."""
    icon = {"src": static("img/icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    return {
        "name": "Coolpapers",
        "short_name": "Coolpapers",
        "description": _("Skim the day's new research papers from arXiv, all of them."),
        "lang": get_language(),
        "id": "/",
        "scope": "/",
        "start_url": f"{PREFIXES.get(get_language(), '')}/",
        "display": "minimal-ui",
        "background_color": _GROUND,
        "theme_color": _GROUND,
        "icons": [{**icon, "purpose": "any"}, {**icon, "purpose": "maskable"}],
    }


def _list_files() -> list[str]:
    scripts = sorted(path.name for path in _SCRIPTS.glob("*.js") if path.name != _WORKER)
    return ["css/site.css", "img/mark.svg", *(f"js/{name}" for name in scripts)]


def _list_words(language: str) -> dict[str, object]:
    with override(language):
        return {"kinds": [_("New"), _("Cross-lists"), _("Replacements")], "next": _("Next")}
