"""An installed Chromium, and a site with papers for it to read."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from papers import documents
from papers.arxiv.records import Author, Kind
from tests.papers.conftest import StandingClock
from tests.papers.conftest import reading as reading
from tests.papers.factory import MONDAY, TUESDAY, WEDNESDAY, announce, make_record, make_records

_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

PAGES = (
    "/",
    "/arxiv/cs.AI",
    "/arxiv/cs.AI?skip=25",
    "/arxiv/cs.AI,cs.CL",
    "/arxiv/2608.00001",
    "/arxiv/2608.00002",
    "/arxiv/2608.00001,2608.00002",
    "/arxiv/search?query=lattice",
    "/arxiv/search?query=zyzzyva",
    "/arxiv/cs.XX",
    "/choose",
    "/stars",
    "/offline",
    "/zh/",
    "/zh/arxiv/cs.AI",
)


def _find_chromium() -> str | None:
    usual = Path("/usr/bin/chromium")
    return str(usual) if usual.exists() else next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    program = _find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed: browser tests are left out")
    # Playwright keeps an event loop in this thread, which Django takes for a fault.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(
    transactional_db: None,
    reading: StandingClock,
    live_server: LiveServer,
    tmp_path: Path,
    settings: Settings,
) -> str:
    """The address of a site with a few days of papers, some of them hard to show."""
    settings.COOLPAPERS_INDEX = tmp_path / "index"
    documents.index.cache_clear()
    formula = r"\sum_{i=1}^{n} \frac{\alpha_i^2}{\sqrt{1+\beta_i}} + " * 12 + "1"
    hard = make_record(
        "2608.00002",
        title=r"Bounds of $\mathcal{O}(n \log n)$ <b>and</b> more",
        abstract=rf"We show ${formula}$, and \emph{{more}}. See https://example.org/{'long' * 40}.",
        authors=tuple(Author(f"Author Number{n}") for n in range(400)),
        comments="Project: https://owls.github.io/x; code: https://github.com/a/x " + "x" * 300,
    )
    announce(MONDAY, "cs.AI", make_records(2, "cs.AI", first=90))
    announce(TUESDAY, "cs.AI", make_records(3, "cs.AI", first=80))
    announce(WEDNESDAY, "cs.AI", [make_record(title="A quantum lattice of owls"), hard])
    announce(WEDNESDAY, "cs.AI", make_records(30, "cs.AI", first=10))
    announce(WEDNESDAY, "cs.CL", [make_record(title="A quantum lattice of owls")], Kind.CROSS)
    call_command("index", "--rebuild", verbosity=0)
    return str(live_server.url)


class Visit:
    """A page in a browser, and all that went wrong on it."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.page: Page = context.new_page()
        self.site = site
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)
        self.page.on("request", self._watch)

    def go(self, address: str) -> Page:
        """Open an address of the site."""
        self.page.goto(self.site + address)
        return self.page

    def _note(self, message: Any) -> None:
        # A 404 page is itself reported as a failed resource.
        if message.type == "error" and "status of 404" not in message.text:
            self.complaints.append(message.text)

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.foreign.append(request.url)


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Any]:
    """Opens visits: `visit(width=360, javascript=False, dark=True)`."""
    contexts: list[BrowserContext] = []

    def open_visit(
        width: int = 1280,
        javascript: bool = True,
        dark: bool = False,
        keeping: bool = False,
        locale: str = "en-GB",
    ) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
            has_touch=width < 500,
            is_mobile=width < 500,
            service_workers="allow" if keeping else "block",
            locale=locale,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visit(context, site)

    yield open_visit
    for context in contexts:
        context.close()
