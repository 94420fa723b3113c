"""The listing page as its reader has it: stars, views, keys, more, filter, what is seen."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from papers.arxiv.records import Kind
from tests.browser.conftest import Visit
from tests.papers.factory import WEDNESDAY, announce, make_record, make_records

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


def stored(page: Page, key: str) -> Any:
    return json.loads(page.evaluate("key => localStorage.getItem(key)", key) or "null")


def star(page: Page, identifier: str) -> Any:
    return page.locator(f'[id="p{identifier}"] > .star')


def bring(page: Page, text: str) -> None:
    file: FilePayload = {
        "name": "stars.json",
        "mimeType": "application/json",
        "buffer": text.encode(),
    }
    page.locator("[data-import] input").set_input_files(file)


def test_a_star_is_kept_taken_away_and_given_back(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    star(page, "2608.00001").click()
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-kept]")).to_have_text("★ 1")
    page.reload()
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "true")
    star(page, "2608.00001").click()
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Undo").click()
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "true")
    assert stored(page, "stars")["2608.00001"]["authors"] == "Ada Lovelace, Erwin Schrödinger"
    assert reader.complaints == []


def test_all_stars_stand_on_a_page_and_can_be_taken_out(visit: OpenVisit, tmp_path: Path) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    for identifier in ("2608.00001", "2608.00010"):
        star(page, identifier).click()
    page.locator("[data-kept]").click()
    page.get_by_role("link", name="Starred papers 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Starred papers 2")
    expect(page.locator("article h3").last).to_have_text("A quantum lattice of owls")
    listed = page.get_by_role("link", name="As a list")
    expect(listed).to_have_attribute("href", "/arxiv/2608.00010,2608.00001")
    bib = page.get_by_role("link", name="BibTeX")
    expect(bib).to_have_attribute("href", "/arxiv/2608.00010,2608.00001.bib")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    file = tmp_path / "stars.json"
    download.value.save_as(file)
    assert [one["id"] for one in json.loads(file.read_text())["stars"]] == [
        "2608.00001",
        "2608.00010",
    ]
    other = visit()
    page = other.go("/stars")
    expect(page.get_by_text("Nothing is starred yet")).to_be_visible()
    page.locator("[data-import] input").set_input_files(file)
    expect(page.locator("[data-import-status]")).to_have_text("2 new, 0 known already.")
    expect(page.locator("article")).to_have_count(2)
    assert (reader.complaints, other.complaints) == ([], [])


GOOD = '{"id":"2608.00001","title":"<img src=x onerror=alert(1)>","at":"2026-08-12T06:00:00Z"}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{\n  oops", "Line 2: this is not JSON. Nothing was changed."),
        ("[1, 2]", "Line 1: this is not a file of stars. Nothing was changed."),
        (
            f'{{"format":"coolpapers.stars/1","stars":[\n{GOOD},\n{{"id":"javascript:1"}}\n]}}',
            "Line 3: “id” is not right. Nothing was changed.",
        ),
        (
            f'{{"format":"coolpapers.stars/1","stars":[\n\n{GOOD},\n'
            + GOOD.replace("2026-08-12T", "yesterday")
            + "]}",
            "Line 4: “at” is not right. Nothing was changed.",
        ),
    ],
)
def test_a_wrong_import_changes_nothing_and_names_the_line(
    visit: OpenVisit, text: str, said: str
) -> None:
    page = visit().go("/stars")
    bring(page, text)
    expect(page.locator("[data-import-status]")).to_have_text(said)
    assert stored(page, "stars") is None


def test_what_is_imported_is_text(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/stars")
    turned = GOOD.replace("<img", "<img\u202e")
    bring(page, f'{{"format":"coolpapers.stars/1","stars":[{turned}]}}')
    expect(page.get_by_role("link", name="<img src=x onerror=alert(1)>")).to_be_visible()
    assert stored(page, "stars")["2608.00001"]["title"] == "<img src=x onerror=alert(1)>"
    assert reader.complaints == []


def test_titles_open_in_place_and_the_view_is_remembered(visit: OpenVisit) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00060", "cs.LG", "cs.AI")], Kind.CROSS)
    page = visit().go("/arxiv/cs.AI")
    page.get_by_role("link", name="Titles").click()
    expect(page).to_have_url(f"{page.url.split('?')[0]}?view=titles")
    expect(page.locator("article.row")).to_have_count(33)
    row = page.locator('[id="p2608.00001"]')
    title = row.locator("h3").bounding_box()
    row.locator("summary").first.click()
    expect(row.locator(".abstract")).to_be_visible()
    assert row.locator("h3").bounding_box() == title
    expect(page.locator('[id="p2608.00060"]')).to_be_hidden()
    page.get_by_text("Cross-lists").last.click()
    expect(page.locator('[id="p2608.00060"]')).to_be_visible()
    page.goto(page.url.split("?")[0])
    expect(page).to_have_url(f"{page.url.split('?')[0]}?view=titles")
    page.get_by_role("link", name="Abstracts").click()
    expect(page.locator("article.row")).to_have_count(0)


def test_titles_need_no_scripts(visit: OpenVisit) -> None:
    page = visit(javascript=False).go("/arxiv/cs.AI?view=titles")
    expect(page.locator("article.row")).to_have_count(32)
    row = page.locator('[id="p2608.00001"]')
    row.locator("summary").first.click()
    expect(row.locator(".abstract")).to_be_visible()


def test_the_keyboard_walks_stars_switches_and_goes(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    expect(page.locator(".star").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    current = page.locator("[data-current]")
    expect(current).to_have_id("p2608.00002")
    page.keyboard.press("k")
    expect(current).to_have_id("p2608.00001")
    page.keyboard.press("s")
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("u")
    expect(star(page, "2608.00001")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("jjs")
    expect(page.locator("#query")).to_have_value("jjs")
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.keys")).to_be_hidden()
    page.keyboard.press("v")
    expect(page.locator("article.row")).to_have_count(32)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.locator(".abstract").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".abstract").first).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page).to_have_title("A quantum lattice of owls · Coolpapers")
    # Back, one goes on from the paper one left for.
    page.go_back()
    page.keyboard.press("j")
    expect(current).to_have_id("p2608.00002")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_title("Starred papers · Coolpapers")
    assert reader.complaints == []


def test_single_letters_can_be_turned_off(visit: OpenVisit) -> None:
    page = visit().go("/arxiv/cs.AI")
    page.keyboard.press("?")
    page.get_by_label("Single letters are keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_count(0)
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("dialog.keys")).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Single letters are keys").check()
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("j")
    expect(page.locator("[data-current]")).to_have_count(1)


def test_more_comes_as_one_scrolls_and_reload_and_back_return(visit: OpenVisit) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(60, "cs.AI", first=100))
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    paper = page.locator('[id="p2608.00110"]')
    for _step in range(100):
        if paper.count():
            break
        page.evaluate("scrollBy(0, 400)")
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    paper.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    expect(page).to_have_url(f"{reader.site}/arxiv/cs.AI?skip=25")
    expect(page.locator("section.papers")).to_have_count(1)
    expect(page.locator(".pager .range")).to_have_text(re.compile("^1–"))
    top = paper.bounding_box()
    page.reload()
    expect(paper).to_be_in_viewport()
    again = paper.bounding_box()
    assert top is not None
    assert again is not None
    assert abs(again["y"] - top["y"]) < 40
    paper.locator("h3 a").click()
    expect(page).to_have_title("On the matter of 2608.00110 · Coolpapers")
    page.go_back()
    expect(paper).to_be_in_viewport()
    expect(page.get_by_role("link", name="The papers before these")).to_have_count(1)
    # The other view begins where one is, and so does a filter, set and cleared.
    for address in ("?view=titles", "?skip=25"):
        page.keyboard.press("v")
        expect(page).to_have_url(re.compile(re.escape(address)))
        expect(paper).to_be_in_viewport()
    page.locator("[data-filter-open]").evaluate("button => button.click()")
    expect(page.locator(".filter")).to_be_visible()
    page.locator(".filter [name=exclude]").evaluate("field => (field.value = '2608.00110')")
    paper.evaluate("card => card.scrollIntoView()")
    page.locator(".filter").evaluate("form => form.requestSubmit()")
    expect(paper).to_be_hidden()
    expect(page.locator('[id="p2608.00111"]')).to_be_in_viewport()
    assert reader.complaints == []


def test_the_filter_covers_the_whole_day_and_is_remembered(visit: OpenVisit) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00070", title="More owls")], Kind.REPLACE)
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_label("With these words")).to_be_focused()
    page.get_by_label("With these words").fill("ÖWLS\nnothing like it")
    page.locator(".filter [type=submit]").click()
    expect(page.locator("[data-filtered]")).to_have_text("2 of 33 shown · clear")
    expect(page.locator("article.card:visible")).to_have_count(2)
    page.reload()
    expect(page.locator("[data-filtered]")).to_have_text("2 of 33 shown · clear")
    page.get_by_role("button", name="Filter").first.click()
    page.get_by_role("checkbox", name="Replacements").uncheck()
    page.get_by_label("only highlight").check()
    page.locator(".filter [type=submit]").click()
    expect(page.locator("[data-filtered]")).to_have_text("1 of 33 shown · clear")
    expect(page.locator("article[data-in]")).to_have_count(1)
    page.get_by_role("button", name="clear", exact=True).click()
    expect(page.locator("[data-filtered]")).to_be_hidden()
    assert stored(page, "filter") is None
    assert reader.complaints == []


def test_the_day_has_an_end_and_what_is_seen_can_be_hidden(visit: OpenVisit) -> None:
    page = visit().go("/arxiv/cs.AI?view=titles")
    expect(page.locator("[data-where]")).to_have_text("1/32")
    star(page, "2608.00001").click()
    for _step in range(60):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(30)
    expect(page.locator("[data-end]")).to_contain_text("Wednesday done: 32 of 32. Kept 1.")
    expect(page.locator("article[data-seen]")).to_have_count(32)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.locator("[data-keys-open]").click()
    page.get_by_label("Hide papers I have seen").check()
    expect(page.locator("article.row").first).to_be_visible()
    page.reload()
    expect(page.locator("article.row").first).to_be_hidden()


def test_reading_in_another_order_does_not_move_where_one_stopped(visit: OpenVisit) -> None:
    reader = visit()
    for address, steps in (("/arxiv/cs.AI", 4), ("/arxiv/cs.AI?sort=time", 8)):
        page = reader.go(address)
        expect(page.locator("article[data-stopped]")).to_have_count(0)
        for _step in range(steps):
            page.keyboard.press("j")
        expect(page.locator("article[data-seen]")).not_to_have_count(0)
        page.evaluate("dispatchEvent(new Event('pagehide'))")
    page = reader.go("/arxiv/cs.AI")
    expect(page.locator("article[data-stopped]")).to_have_id("p2608.00011")
    # Rows stand close together: there it stands on the line between them and covers no title.
    page = reader.go("/arxiv/cs.AI?view=titles")
    sizes = page.locator("article[data-stopped]").evaluate(
        "row => [row.querySelector('h3').getBoundingClientRect().top"
        " - row.getBoundingClientRect().top,"
        " ...['top', 'height'].map(one => parseFloat(getComputedStyle(row, '::before')[one]))]"
    )
    assert sizes[1] + sizes[2] <= sizes[0] + 1


def test_late_papers_stand_on_top_and_nothing_jumps(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    for _step in range(4):
        page.keyboard.press("j")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00077", title="A late paper")])
    page.reload()
    late = page.locator("[data-late]")
    expect(late.get_by_role("heading", level=2)).to_have_text("Added since you were here 1")
    expect(late.locator("article")).to_have_id("p2608.00077")
    expect(page.locator("article[data-stopped]")).to_have_id("p2608.00011")
    shift = page.evaluate(
        """new Promise(done => new PerformanceObserver(list => done(
               list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
           )).observe({type: "layout-shift", buffered: true})
           || setTimeout(() => done(0), 500))"""
    )
    assert shift == 0
    # They have their place in the list, and do not move where one stopped.
    expect(late.locator(".place")).to_have_text("33")
    late.locator("h3 a").focus()
    page.keyboard.press("j")
    expect(late.locator("article[data-seen]")).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    page.reload()
    expect(page.locator("article[data-stopped]")).to_have_id("p2608.00011")
    assert reader.complaints == []


def test_a_paper_is_copied_in_the_form_last_chosen(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('[id="p2608.00001"] [data-copy]').click()
    expect(page.get_by_role("status").filter(has_text="Copied: Rich text")).to_be_visible()
    page.get_by_role("button", name="Markdown").click()
    expect(page.get_by_role("status").filter(has_text="Copied: Markdown")).to_be_visible()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"**[A quantum lattice of owls]({reader.site}/arxiv/2608.00001)**")
    page.locator('[id="p2608.00001"] [data-cite]').click()
    expect(page.get_by_role("status").filter(has_text="Copied: BibTeX")).to_be_visible()
    assert "eprint = {2608.00001}" in page.evaluate("navigator.clipboard.readText()")
    assert reader.complaints == []


def test_scripts_are_small(visit: OpenVisit) -> None:
    reader = visit()
    sizes: dict[str, int] = {}

    def note(response: Any) -> None:
        if response.url.endswith(".js"):
            sizes[response.url] = len(response.body())

    reader.page.on("response", note)
    reader.go("/arxiv/cs.AI")
    assert sum(sizes.values()) < 60_000, sizes
