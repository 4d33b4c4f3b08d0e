"""How the pages of a body's people are reached."""

import re

from playwright.sync_api import Page

from tests.browser.people import Visitor
from tests.browser.reaching import OPERATOR, Reach, Scene, at
from tests.browser.states import Province

HEAD, ABOVE = "440103-tax-head", "440100-police-head"
POLICE = "440103-police-head"
PEOPLE = "/desk/people/"


def opened(page: Page, name: str, role: str) -> None:
    """Open an account with a post; leads to the person's page."""
    page.goto(f"{PEOPLE}open/")
    page.fill("[name=name]", name)
    page.check(f"[name=role][value={role}]")
    page.fill("[name=reason]", "穗人社〔2026〕9号")
    page.click("main form.card .btn")
    page.wait_for_url(re.compile(r"/people/[0-9a-f]{32}/"))


def person(page: Page, province: Province) -> None:
    if "official" not in province.codes:
        opened(page, "梁晓岚", "clerk")
        province.codes["official"] = page.url
    page.goto(province.codes["official"])


def code(page: Page, province: Province) -> None:
    person(page, province)
    page.select_option("[name=document]", "identity_card")
    page.check("[name=compared]")
    page.click("form:has([value=code]) .btn")
    page.wait_for_load_state()


def proposed(province: Province) -> str:
    """A records officer whom the head of the police has proposed: the appointment's address."""
    if "appointment" not in province.codes:
        head: Visitor = province.person(POLICE)
        page = head.page()
        opened(page, "何永安", "records_officer")
        page.goto(PEOPLE)
        page.locator("a[href*='/appointments/']").first.click()
        page.wait_for_url("**/appointments/*/")
        province.codes["appointment"] = page.url
        page.close()
    return province.codes["appointment"]


def appointment(page: Page, province: Province) -> None:
    page.goto(proposed(province))


def waiting(page: Page, province: Province) -> None:
    proposed(province)
    page.goto(PEOPLE)


def empty(address: str) -> Reach:
    def go(page: Page, province: Province) -> None:
        page.goto(address)
        page.click("main form.card .btn")
        page.wait_for_load_state()

    return go


SCENES = [
    Scene("people", HEAD, at(PEOPLE)),
    Scene("people waiting", ABOVE, waiting),
    Scene("people of the operator", OPERATOR, at(f"{PEOPLE}?q=荔湾")),
    Scene("account opened empty", HEAD, empty(f"{PEOPLE}open/"), 422),
    Scene("account of a head", OPERATOR, at(f"{PEOPLE}open/")),
    Scene("official appointed", HEAD, at(f"{PEOPLE}appoint/")),
    Scene("official", HEAD, person),
    Scene("official code", HEAD, code),
    Scene("appointment", ABOVE, appointment),
]
