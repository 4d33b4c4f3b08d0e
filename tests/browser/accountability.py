"""How the pages of accountability are reached: objections, consents, unusual accesses."""

import re
import time

from playwright.sync_api import Page

from tests.browser.states import Province

AUDITOR = "440100-supervision-supervisor"
OFFICIAL = "440100-police-records_officer"
FINDING = 'a[href^="/governance/findings/"]'
GIVE = "/consents/give/GD-2026-0901/"
PATIENCE = 90.0


def objecting(page: Page, province: Province) -> None:
    page.goto("/looked/")
    page.locator('form[action="/objections/raise/"] button').first.click()
    page.wait_for_url(re.compile("/objections/[0-9a-f]"))


def consent_errors(page: Page, province: Province) -> None:
    page.goto(GIVE)
    page.locator("main form button.btn").click()


def consent_check(page: Page, province: Province) -> None:
    page.goto(GIVE)
    page.locator('input[name="elements"]').first.check()
    page.locator('input[name="handing_on"]').check()
    page.locator("main form button.btn").click()
    page.wait_for_load_state()


def consent_given(page: Page, province: Province) -> None:
    consent_check(page, province)
    page.locator("main form button.btn").click()
    page.wait_for_url(re.compile("/consents/SQ-"))


def overview(page: Page, province: Province) -> None:
    """The worker looks through the evidence every half minute; the button does it at once."""
    until = time.monotonic() + PATIENCE
    page.goto("/governance/")
    while not page.locator(FINDING).count():
        assert time.monotonic() < until, "nothing unusual was found"
        time.sleep(2)
        page.locator('form[action="/governance/scan/"] button').click()
        page.wait_for_load_state()


def finding(page: Page, province: Province) -> None:
    overview(page, province)
    page.locator(FINDING).first.click()
    page.wait_for_url(re.compile("/governance/findings/"))


def finding_errors(page: Page, province: Province) -> None:
    finding(page, province)
    page.locator("main form button.btn").last.click()
    page.wait_for_load_state()


def protected_errors(page: Page, province: Province) -> None:
    page.goto("/governance/protected/")
    page.fill("[name=reference]", "nobody")
    page.fill("[name=grounds]", "核查名单。")
    page.locator("main form.card button.btn").click()
    page.wait_for_load_state()


def explaining(page: Page, province: Province) -> None:
    """The official finds the question among the messages."""
    overview_seen = province.person(AUDITOR).page()
    overview(overview_seen, province)
    overview_seen.close()
    page.goto("/messages/")
    page.locator(FINDING).first.click()
    page.wait_for_url(re.compile("/governance/findings/"))
