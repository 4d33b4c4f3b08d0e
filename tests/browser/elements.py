"""Reaching the pages of the register of data elements."""

from playwright.sync_api import Page

from tests.browser.states import Province

OFFICE = "440000-data-data_officer"
FIRE, URBAN = "440103-fire-data_officer", "440000-urban-data_officer"
MARKET = "440103-market-clerk"


def compared(page: Page, province: Province) -> None:
    """Everything has been compared with the register."""
    page.goto("/desk/data-elements/")
    page.click("main form[action$='/compare/'] button.btn")
    page.wait_for_url("**/report/")


def of_body(page: Page, province: Province) -> None:
    """What the tax bodies have to put right."""
    compared(page, province)
    page.goto("/desk/data-elements/report/tax/")


def need_errors(page: Page, province: Province) -> None:
    """A need without its basis."""
    page.goto("/desk/exchange/needs/new/")
    page.fill("[name=title]", "独居老人名册")
    page.click("main form.card .btn")
    page.wait_for_load_state()


def no_case(page: Page, province: Province) -> None:
    page.goto("/desk/exchange/corrections/")
    page.fill("[name=case]", "440103-26-999999")
    page.click("main form.card .btn")
    page.wait_for_load_state()
