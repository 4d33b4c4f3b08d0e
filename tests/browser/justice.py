"""How the pages of criminal cases are reached; the worker brings synthetic ones."""

import time

from playwright.sync_api import Page

from tests.browser.reaching import Reach, Scene, at
from tests.browser.states import Province

INVESTIGATOR = "440103-police-investigator"
PROSECUTOR = "440103-procuratorate-prosecutor"
CUSTODY = "440103-procuratorate-custody_prosecutor"
JUDGE = "440103-court-judge"
CASE = 'main tbody a[href^="/desk/justice/"]:not([href*="/packages/"])'
PACKAGE = 'main tbody a[href*="/packages/"]'
PATIENCE = 90.0


def mine(page: Page, province: Province) -> None:
    """The cases come with the worker's first round."""
    until = time.monotonic() + PATIENCE
    page.goto("/desk/justice/")
    while not page.locator(CASE).count():
        assert time.monotonic() < until, "no synthetic case came"
        time.sleep(1)
        page.goto("/desk/justice/")


def case(page: Page, province: Province) -> None:
    mine(page, province)
    page.locator(CASE).last.click()
    page.wait_for_load_state()


def _under_case(what: str, empty: bool = False) -> Reach:
    def go(page: Page, province: Province) -> None:
        case(page, province)
        page.locator(f'main a[href*="{what}"]').first.click()
        page.wait_for_load_state()
        if empty:
            page.locator("main form button.btn").first.click()
            page.wait_for_load_state()

    return go


def package(page: Page, province: Province) -> None:
    mine(page, province)
    page.locator(PACKAGE).first.click()
    page.wait_for_load_state()


def package_errors(page: Page, province: Province) -> None:
    """Another test may have revoked who certified its sender: it can be refused all the same."""
    mine(page, province)
    found = [one.get_attribute("href") or "" for one in page.locator(PACKAGE).all()]
    for address in found:
        page.goto(address)
        if page.locator("main form button.btn").count():
            break
    page.locator("main form button.btn").first.click()
    page.wait_for_load_state()


SCENES = [
    Scene("criminal cases", INVESTIGATOR, mine),
    Scene("criminal cases none", "441803-court-judge", at("/desk/justice/")),
    Scene("criminal case to open", INVESTIGATOR, at("/desk/justice/open/")),
    Scene("criminal case", INVESTIGATOR, case),
    Scene("criminal case at court", JUDGE, case),
    Scene("evidence to add errors", INVESTIGATOR, _under_case("/add/evidence/", True), 422),
    Scene("measure to take", INVESTIGATOR, _under_case("/add/measure/")),
    Scene("arrest to ask for", INVESTIGATOR, _under_case("/acts/request_arrest/")),
    Scene("judgment errors", JUDGE, _under_case("/acts/judge/", True), 422),
    Scene("clock of custody", INVESTIGATOR, _under_case("/clocks/")),
    Scene("package to receive", PROSECUTOR, package),
    Scene("package to receive errors", PROSECUTOR, package_errors, 422),
    Scene("supervision of custody", CUSTODY, at("/desk/justice/custody/")),
]
