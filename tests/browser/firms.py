"""How the pages of enterprises are reached: what is clicked and filled in before."""

from playwright.sync_api import Page

from tests.browser.reaching import enterprise, firm_of_desk, own_enterprise
from tests.browser.states import Province


def publishing_by_order(page: Page, province: Province) -> None:
    own_enterprise()(page, province)
    page.locator("a[href*='/publish/?order=']").first.click()
    page.wait_for_load_state()


def correcting(page: Page, province: Province) -> None:
    own_enterprise()(page, province)
    page.locator("a[href*='/publish/GS-']").first.click()
    page.wait_for_load_state()


def enquiry(page: Page, province: Province) -> None:
    enterprise(page, province)
    page.locator("main a[href$='/enquiry/']").click()
    page.wait_for_load_state()


def enquiry_errors(page: Page, province: Province) -> None:
    enquiry(page, province)
    page.click("main form.card .btn")
    page.wait_for_load_state()


def enquiry_sent(page: Page, province: Province) -> None:
    enquiry(page, province)
    send_enquiry(page)


def send_enquiry(page: Page) -> None:
    page.check("[name=kind][value=false]")
    said = {
        "about": "2025年度报告",
        "statement": "早已停业",
        "contact_name": "何某",
        "contact": "13900001111",
    }
    for name, value in said.items():
        page.fill(f"[name={name}]", value)
    page.click("main form.card .btn")
    page.wait_for_load_state()


def transferring(page: Page, province: Province) -> None:
    firm_of_desk()(page, province)
    page.locator("main a[href$='/transfer/']").click()
    page.wait_for_load_state()


def transfer_errors(page: Page, province: Province) -> None:
    transferring(page, province)
    page.click("main form.card .btn")
    page.wait_for_load_state()
