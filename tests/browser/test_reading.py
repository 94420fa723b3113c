"""A reader's way through the site, in a real browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from papers.models import Paper
from tests.browser.conftest import PAGES, Visit
from tests.papers.factory import NOW, TUESDAY, WEDNESDAY, announce, make_record

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_from_home_to_a_listing_to_a_paper_to_a_search(
    visit: OpenVisit, width: int, javascript: bool
) -> None:
    reader = visit(width=width, javascript=javascript)
    page = reader.go("/")
    page.get_by_role("link", name="cs.AI").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cs.AI")
    expect(page.locator(".status")).to_contain_text("32 of 32 announced · complete")
    page.get_by_role("link", name="Next", exact=False).last.click()
    expect(page.locator("article.card")).to_have_count(7)
    page.go_back()
    page.get_by_role("link", name="A quantum lattice of owls").click()
    expect(page).to_have_title("A quantum lattice of owls · Coolpapers")
    page.locator("#query").fill("quantum owls")
    page.locator("#query").press("Enter")
    expect(page.locator("article.card")).to_have_count(1)
    expect(page.locator("mark").first).to_have_text("quantum")
    page.locator("#query").fill("arXiv:2608.2")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("<b>and</b>")
    assert reader.complaints == []


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_scrolls_sideways_whatever_is_in_it(visit: OpenVisit, width: int) -> None:
    reader = visit(width=width)
    # An unfinished day has the longest of sentences.
    unfinished = [make_record("2608.00070", "cs.RO")]
    later = NOW + timedelta(days=90)
    announce(TUESDAY, "cs.RO", unfinished, missing=["2608.00071"], next_check_at=later)
    for address in (*PAGES, "/arxiv/cs.RO?date=2026-08-11"):
        page = reader.go(address)
        for fold in page.locator(".authors details > summary").all():
            fold.click()
        found = page.evaluate("document.documentElement.scrollWidth")
        assert found <= width, address
        # What scrolls nowhere may still be cut off.
        cut = page.evaluate(
            """width => [...document.querySelectorAll("main .ways :is(a, button)")]
                .filter(one => one.getBoundingClientRect().right > width)
                .map(one => one.textContent)""",
            width,
        )
        assert cut == [], address


@pytest.mark.parametrize("dark", [False, True])
def test_no_page_breaks_its_policy_or_asks_elsewhere(visit: OpenVisit, dark: bool) -> None:
    reader = visit(dark=dark)
    for address in PAGES:
        reader.go(address)
    assert reader.complaints == []
    assert reader.foreign == []


def test_nothing_jumps_while_a_page_loads(visit: OpenVisit) -> None:
    reader = visit(width=360)
    for address in PAGES:
        page = reader.go(address)
        shift = page.evaluate(
            """new Promise(done => new PerformanceObserver(list => done(
                   list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
               )).observe({type: "layout-shift", buffered: true})
               || setTimeout(() => done(0), 300))"""
        )
        assert shift == 0, address


def read_ground(page: Any) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


def test_the_theme_follows_the_system_until_the_reader_chooses(visit: OpenVisit) -> None:
    light, dark = "rgb(251, 250, 247)", "rgb(20, 22, 26)"
    assert read_ground(visit().go("/")) == light
    reader = visit(dark=True)
    page = reader.go("/")
    assert read_ground(page) == dark
    page.get_by_role("button", name="Theme: as the system").click()
    expect(page.get_by_role("button", name="Theme: light")).to_be_visible()
    assert read_ground(page) == light
    assert read_ground(reader.go("/arxiv/cs.AI")) == light
    page.get_by_role("button", name="Theme: light").click()
    page.get_by_role("button", name="Theme: dark").click()
    assert read_ground(page) == dark
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_without_scripts_there_is_no_switch_and_the_system_decides(visit: OpenVisit) -> None:
    page = visit(javascript=False, dark=True).go("/")
    expect(page.locator("[data-theme-switch]")).to_be_hidden()


def test_the_keyboard_skips_to_the_papers(visit: OpenVisit) -> None:
    page = visit().go("/arxiv/cs.AI")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the papers")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main a:focus")).to_have_count(1)


def test_long_author_lists_unfold_in_place(visit: OpenVisit) -> None:
    page = visit(javascript=False).go("/arxiv/cs.AI")
    expect(page.get_by_role("link", name="Author Number50", exact=True)).to_be_hidden()
    page.get_by_text("and 388 more").click()
    expect(page.get_by_role("link", name="Author Number50", exact=True)).to_be_visible()


def test_on_a_phone_links_are_large_enough_for_a_thumb_and_html_is_first(
    visit: OpenVisit,
) -> None:
    page = visit(width=360).go("/arxiv/cs.AI")
    begins = []
    for name in ("HTML", "PDF"):
        box = page.get_by_role("link", name=name, exact=True).first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40
        begins.append(box["x"])
    assert begins == sorted(begins)
    for place in ("header.site button", "header.site .wordmark", ".bar a:visible", ".pager a"):
        for link in page.locator(place).all():
            box = link.bounding_box()
            assert box is not None
            assert box["height"] >= 44


def test_administrators_correct_a_paper_under_the_same_policy(visit: OpenVisit) -> None:
    get_user_model().objects.create_superuser("root", "", "a long password")
    reader = visit()
    page = reader.go("/admin/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    paper = Paper.objects.get(identifier="2608.00001")
    page = reader.go(f"/admin/papers/paper/{paper.pk}/change/")
    page.get_by_label("Title:").fill("Corrected by hand")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Later fetches leave alone: title.")).to_be_visible()
    expect(reader.go("/arxiv/2608.00001").get_by_role("heading", level=1)).to_have_text(
        "Corrected by hand"
    )
    assert reader.complaints == []


def test_the_page_of_an_awaited_paper_gives_way_to_it(visit: OpenVisit) -> None:
    reader = visit()
    reader.page.clock.install()
    page = reader.go("/arxiv/2608.00777")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Owls of the north")
    announce(WEDNESDAY, "cs.CL", [make_record("2608.00777", title="Owls of the north")])
    page.clock.fast_forward(6_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Owls of the north")
    assert reader.complaints == []
