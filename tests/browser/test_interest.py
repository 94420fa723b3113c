"""What a browser tells of its reader: each open and star once, and nothing to who is not asked."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from papers import interest
from papers.models import PaperCounter
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


def count() -> dict[str, tuple[int, int]]:
    interest.flush()
    rows = PaperCounter.objects.values_list("paper__identifier", "opens", "stars")
    return {paper: (opens, stars) for paper, opens, stars in rows}


def wait_for(wanted: dict[str, tuple[int, int]]) -> None:
    end = time.monotonic() + 10
    while (found := count()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert found == wanted


def read(page: Page, site: str) -> None:
    """Star one paper, open two in every way there is."""
    page.route("https://arxiv.org/**", lambda route: route.fulfill(status=204))
    page.goto(f"{site}/arxiv/cs.AI")
    card = page.locator('[id="p2608.00001"]')
    card.locator(":scope > .star").click()
    for _ in range(2):
        card.get_by_role("link", name="HTML").click()
    page.evaluate(
        """() => document.dispatchEvent(
            new CustomEvent("opened", { detail: document.getElementById("p2608.00010") }))"""
    )
    page.goto(f"{site}/arxiv/2608.00011")
    page.mouse.move(300, 300)
    page.mouse.move(310, 310)


def test_opens_and_stars_are_counted_once_and_a_star_taken_away_counts_back(
    visit: OpenVisit,
) -> None:
    interest.outage.end()
    reader = visit()
    page, site = reader.page, reader.site
    read(page, site)
    opened = {"2608.00010": (1, 0), "2608.00011": (1, 0)}
    wait_for({**opened, "2608.00001": (1, 1)})
    read(page, site)
    # The second reading takes the star away; nothing else of it counts.
    wait_for({**opened, "2608.00001": (1, 0)})
    other = visit()
    read(other.page, site)
    wait_for({"2608.00010": (2, 0), "2608.00011": (2, 0), "2608.00001": (2, 1)})
    assert page.context.cookies() == []
    assert (reader.complaints, other.complaints) == ([], [])


def test_who_asks_not_to_be_tracked_is_not_counted(visit: OpenVisit) -> None:
    reader = visit()
    asked: list[Request] = []
    reader.page.on("request", lambda request: asked.append(request))
    reader.page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true })"
    )
    read(reader.page, reader.site)
    reader.page.wait_for_load_state("networkidle")
    paths = [request.url for request in asked]
    assert any("interest" in path and path.endswith(".js") for path in paths)
    assert not any(path.endswith("/interest") for path in paths)
    assert count() == {}
