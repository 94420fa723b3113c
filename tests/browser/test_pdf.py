"""A PDF under its card: by PDF.js where it was fetched, and by the browser's own viewer."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from papers.arxiv.replay import Collection, ReplayServer
from papers.pages import viewer
from tests.browser.conftest import Visit
from tests.papers.factory import MONDAY

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


@pytest.fixture
def arxiv(tmp_path: Path, settings: Settings) -> Iterator[ReplayServer]:
    """arXiv's PDFs of three papers of the site."""
    rows = [
        {
            "id": identifier,
            "title": f"On {identifier}",
            "authors": ["Ada Lovelace"],
            "abstract": "Owls see in the dark.",
            "categories": ["cs.AI"],
            "primary_category": "cs.AI",
        }
        for identifier in ("2608.00001", "2608.00002", "2608.00010")
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / f"{MONDAY}.jsonl").write_text(lines)
    with ReplayServer(Collection.load(tmp_path)) as server:
        settings.ARXIV_PDF_URL = server.pdf_url
        yield server


@pytest.fixture
def pdfjs() -> None:
    if finders.find("pdfjs/pdf.min.mjs") is None:
        pytest.skip("PDF.js is not here (`make pdfjs`): its tests are left out")


def link_of(page: Page, identifier: str) -> Locator:
    return page.locator(f'[id="p{identifier}"] [data-pdf]')


def test_a_pdf_opens_under_its_card_one_at_a_time_and_nothing_above_moves(
    visit: OpenVisit, arxiv: ReplayServer, pdfjs: None
) -> None:
    reader = visit(width=360, dark=True)
    page = reader.go("/arxiv/cs.AI")
    page.evaluate(
        """document.addEventListener("opened", (event) => {
            (window.openings ??= []).push(event.detail.id);
        })"""
    )
    first, second = link_of(page, "2608.00001"), link_of(page, "2608.00002")
    title = page.locator('[id="p2608.00001"] h3')
    first.scroll_into_view_if_needed()
    before = title.bounding_box()
    first.tap()
    shown = page.get_by_role("region", name="PDF of “A quantum lattice of owls”")
    expect(shown).to_contain_text("1 / 12")
    expect(shown.locator(".text").first).to_contain_text("Owls see in the dark.")
    expect(shown.get_by_role("status")).to_have_text("The PDF is loaded.")
    assert title.bounding_box() == before
    # Its pages are drawn as one comes to them, at the width there is, and given back.
    assert shown.locator("canvas").count() <= 4
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    shown.locator("[data-sheets]").press("End")
    expect(shown.locator(".leaf").last.locator("canvas")).to_be_attached()
    expect(shown.locator(".leaf").first.locator("canvas")).to_have_count(0)
    width = "element => element.querySelector('canvas').getBoundingClientRect().width"
    narrow = shown.locator(".leaf").last.evaluate(width)
    shown.get_by_role("button", name="Larger").click()
    expect(shown.get_by_role("button", name="Smaller")).to_be_enabled()
    assert shown.locator(".leaf").last.evaluate(width) > narrow
    # Whoever turns the phone reads on where they were.
    shown.evaluate("element => element.scrollIntoView()")
    shown.locator("[data-sheets]").evaluate("box => box.scrollTop = box.scrollHeight * 0.6")
    expect(shown).to_contain_text("8 / 12")
    page.set_viewport_size({"width": 800, "height": 360})
    expect(shown).to_be_in_viewport(ratio=0.5)
    expect(shown).to_contain_text("8 / 12")
    page.set_viewport_size({"width": 360, "height": 800})
    # The next one takes its place; what is read stays where it is, with room for it below.
    second.evaluate("link => scrollBy(0, link.getBoundingClientRect().top - 160)")
    place = second.bounding_box()
    second.tap()
    expect(page.locator("[data-viewer]")).to_contain_text("1 / 12")
    assert place is not None
    now = second.bounding_box()
    assert now is not None
    assert abs(now["y"] - place["y"]) < 1
    expect(page.locator("[data-viewer]")).to_have_count(1)
    expect(first).to_have_attribute("aria-expanded", "false")
    assert len(page.workers) == 1
    page.keyboard.press("Escape")
    expect(page.locator("[data-viewer]")).to_have_count(0)
    expect(second).to_be_focused()
    page.wait_for_function("!document.querySelector('canvas')")
    assert page.workers == []
    assert page.evaluate("openings") == ["p2608.00001", "p2608.00002"]
    assert reader.complaints == []
    assert all(address.startswith(arxiv.pdf_url) for address in reader.foreign)


def test_keys_open_and_close_it_in_every_kind_of_list_and_on_the_papers_page(
    visit: OpenVisit, arxiv: ReplayServer, pdfjs: None
) -> None:
    reader = visit()
    page = reader.go("/arxiv/cs.AI?view=titles")
    row = page.locator('[id="p2608.00001"]')
    row.locator("h3 a").focus()
    page.keyboard.press("p")
    shown = page.locator("[data-viewer]")
    expect(shown).to_contain_text("1 / 12")
    expect(row.locator("details")).to_have_attribute("open", "")
    page.keyboard.press("p")
    expect(shown).to_have_count(0)
    for address in (
        "/arxiv/search?query=lattice",
        "/arxiv/2608.00001,2608.00002",
        "/zh/arxiv/2608.00001",
    ):
        page = reader.go(address)
        page.locator("[data-pdf]").first.click()
        expect(shown).to_contain_text("1 / 12")
        expect(shown.locator(":focus")).to_have_count(1)
        shown.locator("[data-close]").click()
        expect(page.locator("[data-pdf]").first).to_be_focused()
    assert reader.complaints == []


def test_links_in_a_pdf_lead_within_it_and_back_and_out_of_it(
    visit: OpenVisit, arxiv: ReplayServer, pdfjs: None
) -> None:
    reader = visit(width=360)
    page = reader.go("/arxiv/2608.00001")
    page.locator("[data-pdf]").click()
    shown = page.locator("[data-viewer]")
    out = shown.locator(".links a")
    expect(out).to_have_attribute("href", "https://arxiv.org/abs/2608.00001v1")
    expect(out).to_have_attribute("rel", "nofollow noopener noreferrer")
    back = shown.get_by_role("button", name="Go back")
    expect(back).to_be_hidden()
    # It lies upon its words.
    within = shown.get_by_role("button", name="Within this PDF")
    words = shown.locator(".text span", has_text="Page 12").bounding_box()
    box = within.bounding_box()
    assert words is not None
    assert box is not None
    assert box["y"] <= words["y"] + words["height"] / 2 <= box["y"] + box["height"]
    bar = shown.locator(".viewer-bar").bounding_box()
    within.click()
    expect(shown).to_contain_text("12 / 12")
    expect(back).to_be_visible()
    assert shown.locator(".viewer-bar").bounding_box() == bar
    expect(shown.locator(".leaf").last).to_contain_text("page 12")
    back.click()
    expect(shown).to_contain_text("1 / 12")
    expect(back).to_be_hidden()
    assert shown.locator("[data-sheets]").evaluate("box => box.scrollTop") < 2
    assert reader.complaints == []


def test_a_refusal_is_said_and_leaves_a_way_out(
    visit: OpenVisit, arxiv: ReplayServer, pdfjs: None
) -> None:
    page = visit().go("/arxiv/2608.00001")
    link, shown = page.locator("[data-pdf]"), page.locator("[data-viewer]")
    again = shown.get_by_role("button", name="Try again")

    def expect_said(*sentences: str) -> None:
        link.click()
        expect(shown.get_by_role("status")).to_have_text(" ".join(sentences))
        expect(shown.get_by_role("link", name="Open at arXiv")).to_have_attribute(
            "href", f"{arxiv.pdf_url}/2608.00001"
        )

    framed = (
        "Here is what the browser itself gets."
        if page.evaluate("navigator.pdfViewerEnabled")
        else "This browser shows no PDFs inside a page."
    )
    arxiv.add_fault("nocors@pdf")
    expect_said("arXiv does not let this page read the PDF.", framed)
    expect(shown.locator("iframe")).to_have_count(int("itself" in framed))
    link.click()
    arxiv.clear_faults()
    page.route("**/pdf/*", lambda route: route.fulfill(body="Sorry, come back later"))
    expect_said("This PDF cannot be shown here.", framed)
    link.click()
    for status, said in (
        (404, "arXiv has no PDF of this paper."),
        (429, "arXiv refused with status 429."),
    ):
        page.route("**/pdf/*", lambda route, _request, status=status: route.fulfill(status=status))
        expect_said(said)
        expect(again).to_be_visible(visible=status == 429)
        link.click()
    page.route("**/pdf/*", lambda route: route.abort())
    expect_said("arXiv could not be reached.")
    page.unroute_all()
    again.click()
    expect(shown).to_contain_text("1 / 12")


def test_silence_is_not_waited_out_for_ever(
    visit: OpenVisit, arxiv: ReplayServer, pdfjs: None
) -> None:
    reader = visit()
    reader.page.clock.install()
    page = reader.go("/arxiv/2608.00001")
    arxiv.add_fault("delay=6@pdf*1")
    page.locator("[data-pdf]").click()
    expect(page.locator("[data-viewer]")).to_contain_text("Loading the PDF …")
    page.clock.run_for(31_000)
    expect(page.locator("[data-state]:not(section)")).to_have_text("arXiv does not answer.")


def test_without_pdfjs_the_browser_shows_it_itself(
    visit: OpenVisit, arxiv: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewer, "_LIBRARY", "pdfjs/never-fetched.mjs")
    reader = visit()
    page = reader.go("/arxiv/cs.AI")
    link_of(page, "2608.00001").click()
    shown = page.get_by_role("region", name="PDF of “A quantum lattice of owls”")
    if page.evaluate("navigator.pdfViewerEnabled"):
        expect(shown.get_by_title("PDF of “A quantum lattice of owls”")).to_be_visible()
    else:
        expect(shown).to_contain_text("This browser shows no PDFs inside a page.")
    shown.get_by_role("button", name="Close").click()
    expect(link_of(page, "2608.00001")).to_be_focused()
    assert reader.complaints == []


def test_without_scripts_a_pdf_is_a_plain_link(visit: OpenVisit, arxiv: ReplayServer) -> None:
    page = visit(javascript=False).go("/arxiv/cs.AI")
    expect(link_of(page, "2608.00001")).to_have_attribute("href", f"{arxiv.pdf_url}/2608.00001")
