"""The map in a browser: by keyboard, without JavaScript, on a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.people import Visitor
from tests.browser.states import Province

pytestmark = pytest.mark.browser
FOCUSED = "() => document.activeElement.getAttribute('href')"
MIDDLE = """href => {
  const box = document.querySelector(`.atlas a[href="${href}"]`).getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""


def places(province: Province, width: int = 1280, **options: object) -> Page:
    page = Visitor(province.browser, province.node.address, "", **options).page(width)
    page.goto("/places/")
    return page


def test_the_arrows_go_over_the_map_and_tab_leaves_it(province: Province) -> None:
    page = places(province)
    page.focus(".atlas a[href='/places/440100/']")
    start = page.evaluate(MIDDLE, "/places/440100/")
    for key, axis, sign in (("ArrowUp", 1, -1), ("ArrowDown", 1, 1), ("ArrowRight", 0, 1)):
        before = page.evaluate(MIDDLE, page.evaluate(FOCUSED))
        page.keyboard.press(key)
        after = page.evaluate(MIDDLE, page.evaluate(FOCUSED))
        assert (after[axis] - before[axis]) * sign > 0, key
    assert page.evaluate(MIDDLE, page.evaluate(FOCUSED)) != start
    page.keyboard.press("Tab")
    assert not page.evaluate("() => document.activeElement.closest('.atlas > svg') !== null")
    page.keyboard.press("Shift+Tab")
    city = page.evaluate(FOCUSED)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{city}")
    page.context.close()


def test_the_focused_region_is_seen(province: Province) -> None:
    page = places(province)
    path = page.locator(".atlas a[href='/places/440100/'] path")
    plain = path.evaluate("e => getComputedStyle(e).fill + getComputedStyle(e).strokeWidth")
    page.focus(".atlas a[href='/places/440100/']")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    focused = page.locator(".atlas a:focus path")
    seen = focused.evaluate("e => getComputedStyle(e).fill + getComputedStyle(e).strokeWidth")
    assert seen != plain and seen.endswith("3px")
    page.context.close()


def test_without_javascript_every_region_can_be_tabbed_to(province: Province) -> None:
    page = places(province, java_script_enabled=False)
    assert page.locator(".atlas > svg a.region").count() == 21
    assert page.locator(".atlas > svg [tabindex='-1']").count() == 0
    regions = page.locator(".atlas > svg a.region")
    wanted = [one.get_attribute("href") for one in regions.all()]
    regions.first.focus()
    reached = []
    for _ in wanted:
        reached.append(page.locator(":focus").get_attribute("href"))
        page.keyboard.press("Tab")
    assert reached == wanted
    page.click(".figures a[href='/places/440100/']")
    assert page.locator(".atlas > svg a.region").count() == 11
    page.context.close()


def test_on_a_phone_the_table_stands_below_and_keeps_its_columns(province: Province) -> None:
    page = places(province, 360)
    drawing = page.locator(".atlas").bounding_box()
    table = page.locator(".figures").bounding_box()
    assert drawing and table
    assert table["y"] >= drawing["y"] + drawing["height"]
    row = page.locator(".figures tbody tr").first
    name, figure = row.locator("th").bounding_box(), row.locator("td").bounding_box()
    assert name and figure and abs(name["y"] - figure["y"]) < 4 and figure["x"] > name["x"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    page.context.close()
