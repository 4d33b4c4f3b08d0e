"""How the pages of the police counter are reached."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.states import Province


def at(*ways: str) -> Callable[[Page, Province], None]:
    """Find the resident at the police counter, then follow links whose addresses hold these."""

    def go(page: Page, province: Province) -> None:
        page.goto("/desk/records/population/resident/")
        page.locator("tbody a").first.click()
        page.wait_for_load_state()
        number = page.locator("main").inner_text()
        found = re.search(r"\d{17}[\dX]", number)
        assert found
        page.goto("/desk/population/")
        page.fill("[name=number]", found[0])
        page.click("main form .btn")
        page.wait_for_load_state()
        for way in ways:
            page.locator(f"main a[href*='{way}']").first.click()
            page.wait_for_load_state()

    return go


def birth_wrong(page: Page, province: Province) -> None:
    at("/households/", "/birth/")(page, province)
    page.fill("[name=name]", "陈晨")
    page.click("main form .btn")


def address_found(page: Page, province: Province) -> None:
    """The standard addresses that the words of a correction may mean."""
    at("/address/")(page, province)
    held = page.locator("main dd").first.inner_text()
    page.fill("[name=address]", held.split("区")[-1][:3])
    page.click("[name=look]")
    page.wait_for_selector("[name=address__code]")


def correction(page: Page, province: Province) -> None:
    page.goto("/desk/population/")
    page.locator("a[href*='/desk/population/corrections/']").first.click()
    page.wait_for_load_state()
