"""Reading where there is no network, and the hint at another language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.papers.factory import WEDNESDAY, announce, make_record

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]

# Of the page and its pack.
UNTIL_KEPT = """async () => {
    await navigator.serviceWorker.ready;
    for (const name of ["pages", "packs"]) {
        const cache = await caches.open(name);
        while (!(await cache.keys()).length) await new Promise(requestAnimationFrame);
    }
}"""


def test_a_day_that_was_opened_is_read_offline_and_never_stale_online(visit: OpenVisit) -> None:
    reader = visit(keeping=True)
    page = reader.go("/arxiv/cs.AI")
    page.keyboard.press("Shift")
    page.evaluate(UNTIL_KEPT)

    page.context.set_offline(True)
    page.reload()
    copy = page.get_by_role("complementary", name="About this copy")
    expect(copy).to_contain_text("You are offline: this is the copy of ")
    expect(page.locator("article.card").first).to_have_css("position", "relative")
    for _step in range(40):
        page.keyboard.press("End")
        if page.locator("article.card").count() == 32:
            break
        page.wait_for_timeout(50)
    expect(page.locator("article.card")).to_have_count(32)
    expect(page.locator("section.papers")).to_have_count(1)
    last = page.locator("article.card").last
    expect(last).to_contain_text("We study 2608.00039 at length.")
    page.goto(f"{reader.site}/arxiv/cs.AI?date={WEDNESDAY}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("cs.AI")
    # What needs the network says so, and leads nowhere.
    for way in ("PDF", "Related", "Cite"):
        page.locator("article.card").first.get_by_role("link", name=way).click()
        expect(page.get_by_role("status").filter(has_text="needs the network")).to_be_visible()
        page.locator(".toast").evaluate("toast => toast.replaceChildren()")
    expect(copy).to_be_visible()
    page.goto(f"{reader.site}/arxiv/2608.00001")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kept in this browser")
    expect(page.locator("[data-instead]")).to_be_visible()
    page.get_by_role("link", name="cs.AI", exact=True).click()
    expect(copy).to_be_visible()

    page.context.set_offline(False)
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00099", title="Late but here")])
    page.reload()
    expect(copy).to_have_count(0)
    expect(page.locator(".status")).to_contain_text("33 of 33")
    page.goto(f"{reader.site}/offline")
    expect(page.locator("[data-group=lists] li")).to_have_count(1)
    page.get_by_role("button", name="Remove all of it").click()
    expect(page.get_by_text("Nothing is kept yet")).to_be_visible()
    assert [one for one in reader.complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_who_prefers_the_other_language_is_told_once(visit: OpenVisit) -> None:
    reader = visit(width=360, locale="zh-CN")
    page = reader.go("/arxiv/cs.AI")
    hint = page.locator(".hint")
    expect(hint.get_by_role("link", name="本页有中文版")).to_have_attribute(
        "href", "/zh/arxiv/cs.AI"
    )
    hint.get_by_role("button", name="关闭").click()
    expect(hint).to_have_count(0)
    page.reload()
    expect(page.locator("[data-kept]")).to_be_visible()
    expect(hint).to_have_count(0)
    other = visit()
    page = other.go("/zh/arxiv/2608.00001")
    page.get_by_role("link", name="This page is also in English").click()
    expect(page).to_have_url(f"{other.site}/arxiv/2608.00001")
    expect(page.locator(".hint")).to_have_count(0)
    assert (reader.complaints, other.complaints) == ([], [])
