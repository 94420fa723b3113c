"""Languages, formulas and a reader's own categories, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

OpenVisit = Callable[..., Visit]


def test_a_choice_of_categories_is_remembered_on_the_home_page(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/choose")
    page.get_by_label("Find a category").fill("physics society")
    expect(page.locator("fieldset:visible")).to_have_count(1)
    page.locator("fieldset:visible").get_by_label("follow").check()
    page.get_by_label("Find a category").fill("")
    page.locator('fieldset[data-code="cs.CV"]').get_by_label("exclude").check()
    page.get_by_role("button", name="Show these").click()
    codes = page.locator("[data-overview] .chosen .code")
    expect(codes).to_have_text(["physics.soc-ph", "cs.AI", "cs.CL", "cs.LG"])
    expect(page.get_by_role("link", name="All of them together")).to_have_attribute(
        "href", "/arxiv/physics.soc-ph+cs.AI+cs.CL+cs.LG-cs.CV"
    )
    page = reader.go("/")
    expect(codes).to_have_count(4)
    page = reader.go("/choose")
    page.get_by_role("button", name="Forget my choice").click()
    expect(codes).to_have_text(["cs.CL", "cs.LG", "cs.AI", "cs.CV"])
    assert reader.complaints == []


def test_without_scripts_a_choice_leads_to_its_union(visit: OpenVisit) -> None:
    reader = visit(javascript=False)
    page = reader.go("/choose")
    page.locator('fieldset[data-code="cs.CV"]').get_by_label("ignore").check()
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("cs.AI")
    assert page.url.endswith("/arxiv/cs.AI,cs.CL,cs.LG")


def test_a_wide_formula_shrinks_to_its_column_and_not_below_a_readable_size(
    visit: OpenVisit,
) -> None:
    reader = visit(width=360)
    page = reader.go("/arxiv/2608.00002")
    box = page.locator(".abstract .formula").first
    size = "element => parseFloat(getComputedStyle(element.firstElementChild).fontSize)"
    usual = float(
        page.locator(".abstract").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    )
    page.wait_for_function(
        "document.querySelector('.abstract .formula math').style.fontSize !== ''"
    )
    assert usual * 0.65 < float(box.evaluate(size)) < usual
    assert box.evaluate("element => element.scrollWidth > element.clientWidth")
    assert reader.complaints == []


def test_a_copied_formula_is_its_latex(visit: OpenVisit) -> None:
    page = visit().go("/arxiv/2608.00002")
    copied = page.evaluate(
        """() => {
            getSelection().selectAllChildren(document.querySelector("h1"));
            const event = new ClipboardEvent("copy", {
                clipboardData: new DataTransfer(), bubbles: true, cancelable: true,
            });
            document.querySelector("h1").dispatchEvent(event);
            return event.clipboardData.getData("text/plain");
        }"""
    )
    assert copied.strip() == r"Bounds of $\mathcal{O}(n \log n)$ <b>and</b> more"


def test_the_language_stays_from_page_to_page_and_can_be_switched(visit: OpenVisit) -> None:
    reader = visit()
    page = reader.go("/zh/")
    page.locator("#query").press_sequentially("人工智能")
    page.get_by_role("option").filter(has_text="cs.AI").click()
    page.wait_for_url("**/zh/arxiv/cs.AI")
    page = reader.go("/zh/")
    page.locator(".chosen a").filter(has_text="cs.AI").click()
    page.wait_for_url("**/zh/arxiv/cs.AI")
    page.get_by_role("link", name="A quantum lattice of owls").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("link", name="English", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/arxiv/2608.00001")
    assert "/zh" not in page.url
    assert reader.complaints == []
