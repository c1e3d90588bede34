from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.ui.web.conftest import HOSTILE_TITLE

if TYPE_CHECKING:
    import pytest
from playwright.sync_api import Page

# Gradio counts its events with pandas, in words that pandas is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting' is deprecated")

OpenPage = Callable[..., "Page"]


def ask(page: Page, question: str) -> None:
    """Ask, and wait until the answer, the refusal or the problem stands there."""
    ended = page.locator("#chat .answer, #chat .problem")
    before = ended.count()
    page.get_by_label("Question").fill(question)
    page.get_by_label("Question").press("Enter")
    expect(ended).to_have_count(before + 1, timeout=30_000)


def test_the_header_says_what_is_indexed(open_page: OpenPage) -> None:
    expect(open_page().locator(".indexed")).to_have_text(
        "5 articles · 3 outlets · 2 March 2022 – 1 June 2024 · 7 passages", timeout=10_000
    )


def test_a_chip_opens_the_article_at_exactly_the_quoted_words(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How many kinds of leaves does the shop sell?")
    assert page.locator(".answer .words").first.inner_text().startswith("The shop sells 42 kinds of leaves.")
    page.locator(".answer a.cite").first.click()
    mark = page.locator("#source mark")
    expect(mark).to_have_text("The shop sells 42 kinds of leaves.", timeout=10_000)
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()
    assert page.locator("#source .headline").inner_text() == "Tanuki opens a shop in Takamatsu"
    outside = page.locator("#source a.outside")
    assert outside.get_attribute("href") == "https://pond.example/tanuki-shop"
    assert {"noopener", "noreferrer"} <= set((outside.get_attribute("rel") or "").split())
    page.keyboard.press("Escape")
    expect(page.locator(".answer a.cite").first).to_be_focused()


def test_a_listed_article_opens_too_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How long is the bridge over the Kotogawa?")
    page.locator(".answer summary").focus()
    page.keyboard.press("Enter")
    page.locator(".answer .ranked a.open").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source .headline")).to_have_text("Otters build a bridge over the Kotogawa", timeout=10_000)


def test_the_same_source_can_be_opened_again_after_a_new_start(open_page: OpenPage) -> None:
    page = open_page()
    for _ in range(2):
        ask(page, "How many kinds of leaves does the shop sell?")
        page.locator(".answer a.cite").first.click()
        expect(page.locator("#source mark")).to_have_text("The shop sells 42 kinds of leaves.", timeout=10_000)
        page.get_by_role("button", name="New").click()
        expect(page.locator("#chat .question")).to_have_count(0)
        expect(page.locator("#source mark")).to_have_count(0)


def test_a_refusal_says_why(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What did Petra Halvorsund tell the court of Zephandria?")
    assert page.locator(".refused .verdict").inner_text() == "No article knows this name."
    assert page.locator(".refused .detail").inner_text().startswith("No article mentions “Petra")
    expect(page.locator(".refused .ranked li").first).to_be_visible()


def test_a_question_that_cannot_be_asked_is_explained_and_kept(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "   ")
    expect(page.locator(".problem")).to_have_text("Question: nothing was written. Write a question and send it again.")
    ask(page, "leaf " * 401)
    expect(page.locator(".problem").last).to_have_text(
        "Question: it has 2,004 characters; at most 2,000 are read. Shorten it and send it again."
    )
    expect(page.get_by_label("Question")).to_have_value("leaf " * 401)


def test_an_example_is_answered(open_page: OpenPage) -> None:
    page = open_page()
    example = page.locator("#examples button:visible")
    expect(example).to_have_text("How many visitors did the tanuki shop draw in its first week?", timeout=10_000)
    example.click()
    expect(page.locator(".answered .words").first).to_contain_text("900 visitors in its first week", timeout=30_000)
    expect(example).to_have_count(0)


def test_a_hostile_article_is_only_words(open_page: OpenPage) -> None:
    page = open_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    ask(page, "How many moons did the frogs of Uji count?")
    page.locator(".answer a.cite").first.click()
    expect(page.locator("#source mark")).to_contain_text("17 moons", timeout=10_000)
    assert page.locator("#source .headline").text_content() == HOSTILE_TITLE
    page.wait_for_timeout(500)
    foreign = "img, script, iframe, b, [onerror], [onclick], a[href^='javascript']"
    assert page.locator(f"#source :is({foreign}), #chat .message-content :is({foreign})").count() == 0
    assert page.locator("#source a.outside").count() == 0
    assert dialogs == []


def test_a_hostile_question_is_only_words(open_page: OpenPage) -> None:
    page = open_page()
    question = "<img src=x onerror=alert(1)> ![x](https://far.example/x.png) **who** $$x$$?"
    ask(page, question)
    assert page.locator("#chat .question").text_content() == question
    assert page.locator("#chat .message-content img").count() == 0


def test_nothing_is_fetched_from_elsewhere_and_no_message_travels_twice(open_page: OpenPage, page_url: str) -> None:
    page = open_page().context.new_page()
    asked: list[str] = []
    bodies: list[int] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).netloc))
    page.on("request", lambda request: bodies.append(len(request.post_data or "")))
    page.goto(page_url)
    page.get_by_label("Question").wait_for()
    for question in ("How many kinds of leaves does the shop sell?", "How long is the bridge over the Kotogawa?"):
        ask(page, question)
    page.locator(".answer a.cite").first.click()
    page.locator("#source mark").wait_for()
    assert set(asked) == {urlsplit(page_url).netloc}
    assert max(bodies) < 500


def test_a_phone_shows_everything_without_scrolling_sideways(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(390, 844)
    widest = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
    assert page.evaluate(widest) == 390
    ask(page, "How many moons did the frogs of Uji count?")
    page.locator(".answer summary").click()
    page.locator(".answer a.cite").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport(timeout=10_000)
    assert page.evaluate(widest) == 390
    edges = "['talk', 'source-column'].map((id) => document.getElementById(id).getBoundingClientRect())"
    assert page.evaluate(f"(([chat, source]) => source.top >= chat.bottom)({edges})")
    page.screenshot(path=tmp_path / "phone.png")


def test_dark_follows_the_system_and_the_reader(open_page: OpenPage, page_url: str, tmp_path: Path) -> None:
    page = open_page(scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) == "rgb(22, 23, 26)"
    page.screenshot(path=tmp_path / "dark.png")
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(background) == "rgb(250, 248, 244)"
    again = page.context.new_page()
    again.goto(page_url)
    again.get_by_role("button", name="Dark").wait_for()
    assert again.evaluate(background) == "rgb(250, 248, 244)"


def test_screen_readers_do_not_hear_markup(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How many kinds of leaves does the shop sell?")
    assert page.locator("#chat [aria-label*='<div']").count() == 0
