"""Reaching the pages of the register of data elements."""

from playwright.sync_api import Page

from tests.browser.states import Province

OFFICE = "440000-data-data_officer"


def compared(page: Page, province: Province) -> None:
    """Everything has been compared with the register."""
    page.goto("/desk/data-elements/")
    page.click("main form[action$='/compare/'] button.btn")
    page.wait_for_url("**/report/")


def of_body(page: Page, province: Province) -> None:
    """What the tax bodies have to put right."""
    compared(page, province)
    page.goto("/desk/data-elements/report/tax/")
