"""A reader who comes back: days that wait, papers opened before."""

import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.papers.factory import MONDAY, TUESDAY, WEDNESDAY, announce, make_records

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]

CHOICE = '{"follow": ["cs.AI", "cs.CL"], "exclude": []}'


def read_visits(page: Page) -> dict[str, Any]:
    visits: dict[str, Any] = json.loads(page.evaluate("localStorage.getItem('visits')") or "{}")
    return visits


def open_list(reader: Visit, address: str) -> Page:
    """A visit that has been noted."""
    page = reader.go(address)
    note_visit(page)
    return page


def go_on_late(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


def note_visit(page: Page) -> None:
    """As it is noted when a reader leaves."""
    page.wait_for_load_state()
    page.evaluate("dispatchEvent(new Event('pagehide'))")


def measure_shift(page: Page) -> float:
    return float(
        page.evaluate(
            """new Promise(done => {
                let sum = 0;
                new PerformanceObserver(list => {
                    for (const entry of list.getEntries()) sum += entry.value;
                }).observe({type: "layout-shift", buffered: true});
                setTimeout(() => done(sum), 300);
            })"""
        )
    )


def test_days_away_are_caught_up_with_on_the_listing(visit: OpenVisit) -> None:
    newcomer = open_list(visit(), "/arxiv/cs.AI")
    expect(newcomer.locator(".away")).to_have_count(0)
    reader = visit()
    open_list(reader, f"/arxiv/cs.AI?date={MONDAY}")
    page = reader.go("/arxiv/cs.AI")
    away = page.locator(".away")
    expect(away.locator("h2")).to_have_text("2 days, 35 papers since your last visit")
    expect(away.locator("li")).to_have_count(2)
    link = away.get_by_role("link", name="Tue 11 Aug")
    expect(link).to_have_attribute("href", f"/arxiv/cs.AI?date={TUESDAY}")
    expect(away.locator("[aria-current]")).to_have_text("Wed 12 Aug")
    assert measure_shift(page) == 0
    expect(page.locator("[data-where]")).to_have_text("1/32")
    away.get_by_role("button", name="Mark as done: Tue 11 Aug").click()
    assert read_visits(page)[f"cs.AI {TUESDAY}"]["done"] is True
    expect(away.get_by_role("status")).to_have_text("Marked as done")
    away.get_by_role("button", name="Undo: Tue 11 Aug").click()
    assert "done" not in read_visits(page)[f"cs.AI {TUESDAY}"]
    page.reload()
    expect(away.locator("h2")).to_have_text("1 day, 3 papers not opened yet")
    away.get_by_role("button", name="Mark all as done").click()
    expect(away.get_by_role("button", name="Undo", exact=True)).to_be_visible()
    page.reload()
    expect(page.locator("[data-away]")).to_have_count(1)
    expect(away).to_have_count(0)
    assert reader.complaints == []


def test_home_says_what_waits_in_ones_own_categories_and_what_was_opened(visit: OpenVisit) -> None:
    announce(TUESDAY, "cs.CL", make_records(2, "cs.CL", first=70))
    reader = visit()
    page = reader.go("/")
    expect(page.locator(".away, [data-opened] li")).to_have_count(0)
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert not [name for name in loaded if "away" in name or "opened" in name]
    page.evaluate(f"localStorage.setItem('categories', '{CHOICE}')")
    open_list(reader, f"/arxiv/cs.CL?date={MONDAY}")
    page = reader.go("/")
    expect(page.locator("[data-overview] .code")).to_have_text(["cs.AI", "cs.CL"])
    expect(page.locator(".away")).to_have_count(0)
    page = open_list(reader, f"/arxiv/cs.AI?date={MONDAY}..{MONDAY}")
    # As when a PDF is opened under its card.
    page.evaluate(
        """document.dispatchEvent(new CustomEvent("opened", {
            detail: document.getElementById("p2608.00090")}))"""
    )
    page.wait_for_function("() => localStorage.getItem('opened')")
    reader.go("/arxiv/2608.00001")
    reader.go("/arxiv/2608.00002")
    page.route("**/overview", go_on_late)
    page = reader.go("/")
    away = page.locator(".away")
    expect(away.locator("h2")).to_have_text("2 days, 37 papers since your last visit")
    opened = page.locator("[data-opened] li a")
    expect(opened).to_have_text(
        [
            re.compile("Bounds of .*<b>and</b> more"),
            "A quantum lattice of owls",
            "On the matter of 2608.00090",
        ]
    )
    assert measure_shift(page) == 0
    away.get_by_role("link", name="Tue 11 Aug").click()
    assert page.url.endswith(f"/arxiv/cs.AI,cs.CL?date={TUESDAY}")
    note_visit(page)
    page = reader.go("/")
    expect(away.locator("h2")).to_have_text("1 day, 32 papers since your last visit")
    page.get_by_role("button", name="Forget these").click()
    expect(page.locator("[data-opened]")).to_be_hidden()
    page.reload()
    expect(page.locator(".archives")).to_be_visible()
    expect(page.locator("[data-opened]")).to_be_hidden()
    assert reader.complaints == []


def test_home_says_what_waits_in_each_category_however_it_was_read(visit: OpenVisit) -> None:
    announce(TUESDAY, "cs.CL", make_records(2, "cs.CL", first=70))
    announce(MONDAY, "cs.CL", make_records(1, "cs.CL", first=60))
    announce(MONDAY, "cs.LG", [])
    announce(WEDNESDAY, "cs.LG", make_records(1, "cs.LG", first=65))
    # One who reads a single category, and never the others nor all together.
    reader = visit()
    page = reader.go("/")
    page.evaluate(
        """localStorage.setItem('categories', '{"follow": ["cs.AI", "cs.CL", "cs.LG"]}')"""
    )
    open_list(reader, f"/arxiv/cs.AI?date={MONDAY}")
    page.route("**/overview", go_on_late)
    page = reader.go("/")
    mine, other, last = (page.locator(".chosen li").nth(number) for number in range(3))
    expect(mine.locator(".when")).to_have_text("Wed 12 Aug · unread")
    expect(mine.locator(".waits")).to_have_text("2 days, 35 papers since your last visit")
    expect(other.locator(".when")).to_have_text("Wed 12 Aug")
    expect(page.locator(".away")).to_have_count(0)
    assert measure_shift(page) == 0
    page.unroute("**/overview")
    mine.get_by_role("link").click()
    expect(page.locator(".away h2")).to_have_text("2 days, 35 papers since your last visit")
    note_visit(page)
    page = reader.go("/")
    expect(mine.locator(".when")).to_have_text("Wed 12 Aug · read")
    expect(mine.locator(".waits")).to_have_text("1 day, 3 papers not opened yet")
    # What is read in another window is read here, and its place stays.
    height = mine.bounding_box()
    meanwhile = page.context.new_page()
    meanwhile.goto(f"{reader.site}/arxiv/cs.AI?date={TUESDAY}")
    note_visit(meanwhile)
    expect(mine.locator(".waits")).to_be_hidden()
    assert mine.bounding_box() == height
    # All together on another day: what was read there was read in each.
    open_list(reader, f"/arxiv/cs.AI,cs.CL,cs.LG?date={MONDAY}")
    page = reader.go("/")
    expect(page.locator(".away h2")).to_have_text("2 days, 38 papers since your last visit")
    expect(mine.locator(".waits")).to_be_empty()
    # As said of all together.
    expect(other.locator(".when")).to_have_text("Wed 12 Aug · unread")
    expect(other.locator(".waits")).to_be_empty()
    expect(mine.locator(".when")).to_have_text("Wed 12 Aug · read")
    expect(last.locator(".when")).to_have_text("Wed 12 Aug · unread")
    page.get_by_role("button", name="Mark all as done").click()
    expect(other.locator(".when")).to_have_text("Wed 12 Aug · read")
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(other.locator(".when")).to_have_text("Wed 12 Aug · unread")
    assert reader.complaints == []
