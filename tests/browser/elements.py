"""The pages of the register of data elements, and of what bodies need and find wrong."""

from playwright.sync_api import Page

from tests.browser.reaching import Scene, at
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


PUBLIC = [
    Scene("data elements", "", at("/data-elements/")),
    Scene("data elements nothing", "", at("/data-elements/?q=zzz")),
    Scene("data element", "", at("/data-elements/person.sex/")),
    Scene("data element unknown", "", at("/data-elements/no.such/"), 404),
    Scene("standards", "", at("/data-elements/standards/")),
    Scene("mappings of elements", "", at("/data-elements/mappings/")),
    Scene("data elements for programs", "", at("/data-elements/export/")),
]
OFFICIALS = [
    Scene("standards office", OFFICE, at("/desk/data-elements/")),
    Scene("conformance to data elements", OFFICE, compared),
    Scene("conformance of a body", OFFICE, of_body),
    Scene("needs of data", FIRE, at("/desk/exchange/needs/")),
    Scene("need to be given a holder", OFFICE, at("/desk/exchange/needs/XQ-DEMO1/")),
    Scene("need to be posted", FIRE, at("/desk/exchange/needs/new/")),
    Scene("need errors", FIRE, need_errors, 422),
    Scene("need to be answered", URBAN, at("/desk/exchange/needs/XQ-DEMO2/")),
    Scene("corrections", MARKET, at("/desk/exchange/corrections/")),
    Scene("corrections unknown case", MARKET, no_case, 422),
    Scene("value of what is shared", OFFICE, at("/desk/exchange/value/")),
    Scene("value not counted", OFFICE, at("/desk/exchange/value/credit.standing/")),
]
