"""Colours that were compared once are not compared again; whatever makes them others is."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser import visits

pytestmark = pytest.mark.browser
PAGE = (
    '<!doctype html><html lang="zh"><head><title>页</title><style>{style}</style></head>'
    "<body><main><h1>页</h1>{words}</main></body></html>"
)
GOOD = '<p class="a">字句文章</p>'


def faint(page: Page, colours: set[str], words: str, style: str = "") -> list[str]:
    page.set_content(PAGE.format(words=words, style=style))
    page.evaluate(AXE_SCRIPT)
    return [line for line in visits.violations(page, colours) if line.startswith("color-contrast")]


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_context().new_page()


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ('<p class="a" style="color:#bbb">字句文章</p>', ""),
        (GOOD, ".a { color: #bbb }"),
        (GOOD, "main { background: #222 }"),
        ('<p class="a"><b>字句文章</b></p>', "b { color: #bbb }"),
        (f"{GOOD}<svg width='9' height='9'><text y='9' fill='#000'>字句文章</text></svg>{GOOD}",
         "p { opacity: .2 }"),
    ],
)  # fmt: skip
def test_what_is_faint_is_found_where_the_same_was_sound_before(
    page: Page, words: str, style: str
) -> None:
    colours: set[str] = set()
    assert faint(page, colours, GOOD) == [] and colours
    assert faint(page, colours, words, style)


def test_what_was_compared_is_not_compared_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    colours: set[str] = set()
    assert faint(page, colours, GOOD, ".a { color: #bbb }")
    assert faint(page, colours, GOOD, ".a { color: #bbb }") == []
    monkeypatch.setattr(visits, "FULL", True)
    assert faint(page, colours, GOOD, ".a { color: #bbb }"), "with --full everything is"


def test_what_could_not_be_pressed_says_nothing_of_what_can(page: Page) -> None:
    colours: set[str] = set()
    style = "button { color: #bbb; background: #fff }"
    assert faint(page, colours, "<button disabled>字句文章</button>", style) == []
    assert faint(page, colours, "<button>字句文章</button>", style)


def test_what_is_drawn_anew_meanwhile_is_compared_all_the_same(page: Page) -> None:
    drawn = "<svg width='9' height='9'><text y='9'>字句文章</text></svg>"
    anew = (
        "<script>setInterval(() => { const one = document.querySelector('svg');"
        " one.replaceWith(one.cloneNode(true)) }, 0)</script>"
    )
    colours: set[str] = set()
    assert faint(page, colours, drawn) == []
    assert faint(page, colours, drawn + anew) == []
