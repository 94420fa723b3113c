"""The frame of an opened PDF, and which pages may ask arXiv for one."""

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import Settings

from papers.models import Paper
from papers.pages import viewer
from tests.papers.conftest import StandingClock
from tests.papers.factory import WEDNESDAY, announce, make_record, store

POLICY = "Content-Security-Policy"


@pytest.fixture
def papers(reading: StandingClock) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record()])
    store(make_record("2608.90001", "cs.CL"), source=Paper.Source.SAMPLE)


@pytest.mark.parametrize(
    "address", ["/arxiv/cs.AI", "/arxiv/cs.AI?view=titles", "/arxiv/2608.00001"]
)
def test_pages_with_pdfs_may_ask_for_them_where_they_are(
    papers: None, client: Client, settings: Settings, address: str
) -> None:
    settings.ARXIV_PDF_URL = "https://user@pdf.example:8443/a/pdf"
    answer = client.get(address)
    assert b'href="https://user@pdf.example:8443/a/pdf/2608.00001"' in answer.content
    policy = answer.headers[POLICY].split("; ")
    assert "connect-src 'self' https://pdf.example:8443" in policy
    assert "frame-src https://pdf.example:8443" in policy
    assert "unsafe" not in answer.headers[POLICY]


@pytest.mark.parametrize("address", ["/", "/stars", "/arxiv/2608.90001", "/viewer", "/choose"])
def test_other_pages_may_ask_nowhere_else(papers: None, client: Client, address: str) -> None:
    policy = client.get(address).headers[POLICY].split("; ")
    assert "connect-src 'self'" in policy
    assert not [directive for directive in policy if directive.startswith("frame-src")]


def test_the_frame_is_the_same_for_everyone_and_in_the_readers_language(
    client: Client, settings: Settings
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    english, chinese = client.get("/viewer"), client.get("/zh/viewer")
    assert "Open at arXiv" in english.content.decode()
    assert "在 arXiv 打开" in chinese.content.decode()
    assert english.headers["Cache-Control"].startswith("public")
    assert "noindex" in english.headers["X-Robots-Tag"]
    assert not english.cookies


def test_pdfjs_is_used_where_it_was_fetched_and_collected(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    if finders.find("pdfjs/pdf.min.mjs") is None:
        monkeypatch.setattr(finders, "find", lambda _name: "/somewhere")
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    assert viewer.build().library == "/static/pdfjs/pdf.min.mjs"
    # Fetched, but not collected: its name is not known yet.
    settings.STATIC_ROOT = "/nowhere"
    named = {"BACKEND": "coolpapers.statics.StaticFiles"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": named}
    assert viewer.build() == viewer.Viewer()
    monkeypatch.setattr(finders, "find", lambda _name: None)
    assert viewer.build() == viewer.Viewer()
