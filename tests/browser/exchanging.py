"""Pages about other nodes and what goes between, and about files from body to body."""

from playwright.sync_api import Page

from tests.browser import between
from tests.browser.reaching import Scene, at
from tests.browser.states import Province

OPERATOR = "440000-data-operator"
GIVER, RECEIVER = "440000-market-data_officer", "440000-tax-data_officer"
FILES = "/desk/exchange/files/"


def _given(page: Page, province: Province) -> None:
    """A file of the giver's, sent as its browser sends it, and acknowledged."""
    if "files" in province.codes:
        return
    page.goto(f"{FILES}new/")
    page.locator("[name=agreement]").select_option(index=1)
    between.hand_over(page, "SW-2026-01", 400_000)
    for _attempt in range(60):
        if page.locator("a[href$='receipt.json']").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    province.codes["files"] = page.url


def handed_over(page: Page, province: Province) -> None:
    _given(page, province)
    page.goto(province.codes["files"])


def without_files(page: Page, province: Province) -> None:
    page.goto(f"{FILES}new/")
    page.click("main form.card button.btn")
    page.wait_for_load_state()


def came(page: Page, province: Province) -> None:
    if "files" not in province.codes:
        giver = province.person(GIVER).page()
        _given(giver, province)
        giver.close()
    page.goto(FILES)
    page.locator("main a[href*='/files/received/']").first.click()
    page.wait_for_load_state()


SCENES = [
    Scene("nodes of the instance", OPERATOR, at("/operating/nodes/")),
    Scene("systems at the gateway", OPERATOR, at("/operating/gateway/")),
    Scene("givers' nodes", OPERATOR, at("/operating/givers/")),
    Scene("holders' nodes", OPERATOR, at("/operating/holders/")),
    Scene("health of the exchange", OPERATOR, at("/operating/traffic/?period=hour")),
    Scene("who exchanges with whom", OPERATOR, at("/operating/exchanges/?period=hour")),
    Scene("between nodes", OPERATOR, at("/operating/exchanges/?by=node")),
    Scene("look for a message", OPERATOR, at("/operating/trace/")),
    Scene("message not known", OPERATOR, at("/operating/trace/4401-000007/"), status=404),
    Scene("what waits", OPERATOR, at("/operating/queues/")),
    Scene("what ends when", OPERATOR, at("/operating/keys/")),
    Scene("alerts", OPERATOR, at("/operating/alerts/")),
    Scene("cooperation at another node", "440000-data-head", at("/desk/cooperation/")),
    Scene("dead letters none", OPERATOR, at("/operating/dead-letters/")),
    Scene("on its way between nodes", OPERATOR, at("/operating/transit/")),
    Scene("files to hand over", GIVER, at(f"{FILES}new/")),
    Scene("files to hand over errors", GIVER, without_files, 422),
    Scene("files handed over", GIVER, handed_over),
    Scene("files of bodies", GIVER, at(FILES)),
    Scene("files that came", RECEIVER, came),
    Scene("files of a body without agreement", "440000-fire-data_officer", at(f"{FILES}new/")),
    *between.SCENES,
]
