"""The listing in the hands of its reader: the pane, the bar for a thumb, the panel of stars."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from papers.arxiv.records import Author, Kind
from tests.browser.conftest import Visit
from tests.papers.factory import WEDNESDAY, announce, make_record

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


def row(page: Page, identifier: str) -> Any:
    return page.locator(f'[id="p{identifier}"]')


def top_of(place: Any) -> float:
    box = place.bounding_box()
    assert box is not None
    return float(box["y"])


def list_moved(page: Page) -> list[str]:
    """What was moved on the page without the reader's doing, and by how much."""
    found: list[str] = page.evaluate(
        """new Promise(done => new PerformanceObserver(list => done(
               list.getEntries().filter(entry => entry.value).flatMap(entry => entry.sources.map(
                   ({ node, previousRect: from, currentRect: to }) =>
                       `${node?.className || node?.nodeName} ${node?.textContent.slice(0, 40)}: `
                       + `${from.x},${from.y} to ${to.x},${to.y}, ${entry.value}`))
           )).observe({type: "layout-shift", buffered: true})
           || setTimeout(() => done([]), 300))"""
    )
    return found


def test_what_is_opened_stands_in_the_pane_and_the_list_stays(visit: OpenVisit) -> None:
    reader = visit(width=1280)
    page = reader.go("/arxiv/cs.AI?view=titles")
    first, second = row(page, "2608.00001"), row(page, "2608.00002")
    expect(page.locator(".pane")).to_be_visible()
    height = page.evaluate("document.documentElement.scrollHeight")
    for _key in "jo":
        page.keyboard.press(_key)
    pane = first.locator(".unfolded")
    expect(pane.locator(".abstract")).to_be_visible()
    expect(pane.locator(".title")).to_have_text("A quantum lattice of owls")
    box = pane.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["height"]) == (640, 0, 800)
    # It goes along with the keys, and the keys stay in the list.
    page.keyboard.press("j")
    expect(second.locator(".abstract")).to_be_visible()
    expect(first.locator(".abstract")).to_be_hidden()
    expect(second.locator("h3 a")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(second.locator(".unfolded a:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(second.locator(".abstract")).to_be_hidden()
    expect(second.locator("h3 a")).to_be_focused()
    row(page, "2608.00010").locator(".byline").click()
    expect(row(page, "2608.00010").locator(".abstract")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert list_moved(page) == []
    # Where there is no room it opens in place.
    page.set_viewport_size({"width": 1000, "height": 800})
    assert top_of(row(page, "2608.00010").locator(".abstract")) > top_of(row(page, "2608.00010"))
    assert reader.complaints == []


def test_a_key_changes_the_style_of_few_elements(visit: OpenVisit) -> None:
    """However many papers there are: what is looked at again makes long lists slow."""
    page = visit().go("/arxiv/cs.AI?view=titles")
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_count(1)
    tracing = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    ended: list[object] = []
    tracing.on("Tracing.dataCollected", lambda part: found.extend(part["value"]))
    tracing.on("Tracing.tracingComplete", lambda part: ended.append(part))
    for key in "sooj":
        found.clear()
        ended.clear()
        tracing.send(
            "Tracing.start", {"categories": "devtools.timeline", "transferMode": "ReportEvents"}
        )
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        tracing.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(20)
        counts = [
            one["args"].get("elementCount", 0) for one in found if one["name"] == "UpdateLayoutTree"
        ]
        assert max(counts) < 70, (key, counts)


def test_rows_are_low_on_every_screen(visit: OpenVisit) -> None:
    for width in (360, 768, 1280):
        page = visit(width=width).go("/arxiv/cs.AI?view=titles")
        heights = page.evaluate(
            "[...document.querySelectorAll('.row')].map(row => row.getBoundingClientRect().height)"
        )
        assert min(heights) >= 56
        assert max(heights) <= 72


def test_the_bar_cuts_off_nothing_on_the_largest_days(visit: OpenVisit) -> None:
    measure = """() => {
        const place = document.querySelector("[data-where]");
        const bar = document.querySelector(".bar").getBoundingClientRect();
        const kept = document.querySelector(".bar .kept");
        return [place.scrollWidth - place.clientWidth, kept.scrollWidth - kept.clientWidth,
                Math.round(kept.getBoundingClientRect().right - bar.right)];
    }"""
    for width in (320, 360, 1280):
        page = visit(width=width).go("/arxiv/cs.AI?view=titles&date=2026-08-11")
        page.evaluate(
            """document.querySelector("[data-where]").replaceChildren(
                   "1234", document.createElement("wbr"), "/1500");
               document.querySelector(".bar .kept").textContent = "★ 123";"""
        )
        assert page.evaluate(measure)[0] <= 0, width
        page.evaluate(
            """document.querySelector("[data-shown]").textContent = "1234 of 1500 shown";
               document.querySelector("[data-filtered]").hidden = false;"""
        )
        left = page.evaluate(measure)[1:]
        assert max(left) <= 0, (width, left)


def test_on_a_phone_what_is_under_the_stars_takes_its_own_taps(visit: OpenVisit) -> None:
    page = visit(width=360).go("/arxiv/cs.AI")
    row(page, "2608.00001").locator("> .star").tap()
    toast = page.locator(".toast").bounding_box()
    assert toast is not None
    assert toast["height"] < 60, "its words and its button stand on one line"
    title = row(page, "2608.00001").locator("h3 a")
    title.evaluate("link => (link.textContent = 'Pneumonoultra'.repeat(9))")
    assert page.evaluate("document.documentElement.scrollWidth") == 360, "a word without an end"
    page.goto(page.url.replace("/arxiv/cs.AI", "/stars"))
    page.get_by_role("link", name="As a list").tap()
    expect(page).to_have_url(re.compile("/arxiv/2608.00001"))


def test_a_thumb_walks_stars_and_opens_the_pdf(visit: OpenVisit) -> None:
    reader = visit(width=360)
    page = reader.go("/arxiv/cs.AI")
    bar = page.get_by_role("navigation", name="The paper that is read")
    for button in bar.get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    current = page.locator("[data-current]")
    expect(current).to_have_id("p2608.00001")
    bar.get_by_role("button", name="Next paper").tap()
    expect(current).to_have_id("p2608.00002")
    expect(row(page, "2608.00002").locator("h3")).to_be_in_viewport()
    bar.get_by_role("button", name="Star").tap()
    expect(row(page, "2608.00002").locator(".star")).to_have_attribute("aria-pressed", "true")
    expect(bar.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    bar.get_by_role("button", name="Paper before").tap()
    expect(current).to_have_id("p2608.00001")
    assert list_moved(page) == []
    # It stands over nothing at the end of the page.
    reader.go("/arxiv/cs.AI?skip=25")
    expect(bar).to_be_visible()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(300)
    last = page.locator("footer.site").bounding_box()
    over = bar.bounding_box()
    assert last is not None
    assert over is not None
    assert last["y"] + last["height"] <= over["y"]
    assert reader.complaints == []


def test_the_bar_for_a_thumb_needs_a_thumb_and_scripts(visit: OpenVisit) -> None:
    for options in ({"width": 1280}, {"width": 360, "javascript": False}):
        page = visit(**options).go("/arxiv/cs.AI")
        expect(page.locator(".thumb")).to_be_hidden()


def test_the_panel_shows_what_is_starred_of_the_list(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    star = {"title": "T", "authors": "", "subject": "cs.AI", "at": "2026-08-12T06:00:00Z"}
    # One that stands further down in the list than what is loaded, and one of another list.
    kept = {"2608.00037": star, "2608.00090": star}
    page.evaluate("stars => localStorage.setItem('stars', stars)", json.dumps(kept))
    page.reload()
    row(page, "2608.00001").locator(".star").click()
    page.locator("[data-kept]").click()
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading")).to_have_text("Starred in this list 2")
    expect(panel.get_by_role("link", name="A quantum lattice of owls")).to_be_visible()
    panel.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    listed = f"{reader.site}/arxiv/2608.00001,2608.00037"
    assert page.evaluate("navigator.clipboard.readText()") == listed
    expect(panel.get_by_role("link", name="BibTeX")).to_have_attribute("href", f"{listed}.bib")
    expect(panel.get_by_role("link", name="Starred papers 3")).to_be_visible()
    panel.get_by_role("button").first.click()
    expect(row(page, "2608.00001").locator(".star")).to_have_attribute("aria-pressed", "false")
    expect(panel.get_by_role("heading")).to_have_text("Starred in this list 1")
    panel.get_by_role("button").first.click()
    expect(row(page, "2608.00001").locator(".star")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("[data-kept]")).to_be_focused()
    assert reader.complaints == []


def test_a_new_version_of_a_starred_paper_is_shown_though_folded(visit: OpenVisit) -> None:
    again = [make_record(f"2608.0007{n}") for n in range(3)]
    announce(WEDNESDAY, "cs.CL", again, Kind.REPLACE)
    page = visit().go("/arxiv/cs.CL?view=titles")
    fold = page.locator('[data-kind="3"] > .fold')
    fold.locator("summary").first.click()
    row(page, "2608.00071").locator("> .star").click()
    page.reload()
    expect(row(page, "2608.00071")).to_be_visible()
    expect(row(page, "2608.00071").locator(".byline")).to_contain_text("New version")
    expect(row(page, "2608.00070")).to_be_hidden()
    assert list_moved(page) == []
    fold.locator("summary").first.click()
    shown = page.locator('[data-kind="3"] .row').evaluate_all("rows => rows.map(one => one.id)")
    assert shown == ["p2608.00070", "p2608.00071", "p2608.00072"]


def test_what_the_bar_opens_lies_below_it(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    page.locator(".card .star").first.click()

    def press(what: str) -> None:
        box = page.locator(what).bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    for down in (0, 1000):
        page.evaluate("down => scrollTo(0, down)", down)
        for opener, opened in (("[data-filter-open]", ".filter"), (".bar [data-kept]", ".panel")):
            press(opener)
            expect(page.locator(opened)).to_be_visible()
            bar, part = (page.locator(one).bounding_box() for one in (".bar", opened))
            assert bar and part
            assert part["y"] == bar["y"] + bar["height"] + 12
            assert part["y"] + part["height"] <= 800 - 16
            press(opener)
            expect(page.locator(opened)).to_be_hidden()
    # On a small screen there is no room below it: then from the top, as high as the screen.
    page.set_viewport_size({"width": 360, "height": 500})
    page.evaluate("scrollTo(0, 0)")
    press("[data-filter-open]")
    expect(page.locator(".filter")).to_be_visible()
    part = page.locator(".filter").bounding_box()
    assert part
    assert (part["y"], part["height"]) == (56, 500 - 56 - 16)
    assert reader.complaints == []


def test_the_filter_takes_authors_and_kinds(visit: OpenVisit) -> None:
    by = {"authors": (Author("Émilie du Châtelet"),)}
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00070", **by)])
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00071", **by)], Kind.REPLACE)
    page = visit(width=360).go("/arxiv/cs.AI")
    page.get_by_role("button", name="Filter").click()
    page.get_by_label("By these authors").fill("emilie")
    page.locator(".filter [type=submit]").click()
    expect(page.locator("[data-filtered]")).to_have_text("2 of 34 shown · clear")
    page.reload()
    expect(page.locator("[data-filtered]")).to_have_text("2 of 34 shown · clear")
    page.get_by_role("button", name="Filter").first.click()
    expect(page.get_by_label("By these authors")).to_have_value("emilie")
    page.get_by_role("checkbox", name="New", exact=True).uncheck()
    page.locator(".filter [type=submit]").click()
    expect(page.locator("[data-filtered]")).to_have_text("1 of 34 shown · clear")
    expect(page.get_by_role("button", name="clear", exact=True)).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("address", ["/arxiv/search?query=study", "/arxiv/2608.00001,2608.00002"])
def test_other_lists_have_stars_keys_and_copies_too(visit: OpenVisit, address: str) -> None:
    reader = visit()
    page = reader.go(address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("j")
    page.keyboard.press("j")
    current = page.locator("[data-current]")
    identifier = str(current.get_attribute("id"))
    page.keyboard.press("s")
    expect(current.locator("> .star")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".bar [data-kept]")).to_have_text("★ 1")
    page.keyboard.press("c")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert identifier[1:] in copied
    if identifier == "p2608.00002":
        assert copied.startswith(r"Bounds of $\mathcal{O}(n \log n)$ <b>and</b> more")
    page.wait_for_timeout(400)
    card = row(page, identifier[1:])
    before = top_of(card)
    page.reload()
    assert abs(top_of(card) - before) < 5
    assert page.locator("[data-seen]").count() == 0
    assert reader.complaints == []


def test_a_paper_is_starred_copied_and_cited_on_its_own_page_too(visit: OpenVisit) -> None:
    reader = visit(width=360)
    page = reader.go("/arxiv/2608.00001")
    star = page.get_by_role("button", name="Star: A quantum lattice of owls")
    star.tap()
    expect(star).to_have_attribute("aria-pressed", "true")
    kept = json.loads(page.evaluate("localStorage.stars"))
    assert kept["2608.00001"]["subject"] == "cs.AI"
    page.keyboard.press("s")
    expect(star).to_have_attribute("aria-pressed", "false")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copies = (("Copy", "Rich text", "A quantum lattice of owls\n"), ("Cite", "BibTeX", "@misc{"))
    for name, form, found in copies:
        page.locator(".ways").get_by_text(name, exact=True).tap()
        expect(page.locator("[data-toast]")).to_contain_text(f"Copied: {form}")
        assert page.evaluate("navigator.clipboard.readText()").startswith(found)
    # Alone it has no bar for the one before and the one after.
    expect(page.locator("[data-thumb]")).to_be_hidden()
    assert reader.complaints == []
