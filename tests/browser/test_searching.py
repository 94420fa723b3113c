"""Searching in a browser: suggestions by keyboard, related papers in place."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_suggestions_are_a_combobox_for_the_keyboard(visit: Any) -> None:
    reader = visit()
    page = reader.go("/")
    box = page.get_by_role("combobox", name="Search papers")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("latt")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="suggestions: ")).to_have_count(1)
    box.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("latt")
    box.press("ArrowDown")
    expect(options.first).to_be_visible()
    box.press("ArrowUp")
    box.press("Enter")
    page.wait_for_url("**/arxiv/2608.00001")
    assert reader.complaints == []


def test_enter_without_a_choice_searches(visit: Any) -> None:
    page = visit().go("/")
    box = page.get_by_role("combobox", name="Search papers")
    box.press_sequentially("lattice")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Enter")
    page.wait_for_url("**/arxiv/search?query=lattice")


def test_related_papers_open_and_close_in_place(visit: Any) -> None:
    reader = visit()
    page = reader.go("/arxiv/search?query=study")
    card = page.locator("article").first
    link = card.get_by_role("link", name="Related")
    link.click()
    expect(card.locator(".opened-related")).to_be_visible()
    expect(card.locator(".opened-related li").first).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    link.click()
    expect(card.locator(".opened-related")).to_have_count(0)
    assert "/arxiv/search" in page.url
    assert reader.complaints == []


def test_without_scripts_the_box_is_plain_and_related_papers_are_a_page(visit: Any) -> None:
    page = visit(javascript=False).go("/arxiv/search?query=lattice")
    box = page.get_by_role("searchbox", name="Search papers")
    expect(box).to_have_value("lattice")
    page.get_by_role("link", name="Related").first.click()
    page.wait_for_url("**/related")
    page.go_back()
    page.get_by_role("link", name="Newest first").click()
    page.wait_for_url("**sort=date")
