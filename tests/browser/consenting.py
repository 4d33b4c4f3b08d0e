"""How the pages of consents between bodies and people are reached."""

import re

from playwright.sync_api import Page

from tests.browser.states import Province

ASKER, HOLDER = "440103-market-data_officer", "440103-police-data_officer"
BASIS = "《个人信息保护法》（2021-08-20）第十三条第一款第一项"
NEW = "/desk/consents/new/?resource=population.identity"


def wanted(province: Province) -> str:
    """The address of an agreement that the market regulator has asked the police for."""
    if "wish" not in province.codes:
        page = province.person(ASKER).page()
        page.goto(NEW)
        page.select_option("[name=purpose]", "reminding")
        page.locator('[name="ground"][value="consent"]').check()
        page.locator('[name="elements"][value="person.name"]').check()
        page.locator('[name="elements"][value="person.residence_address"]').check()
        page.fill("[name=basis]", BASIS)
        page.fill("[name=why]", "提醒经营者可以办理的补贴。")
        page.locator("main form.card button.btn").click()
        page.wait_for_url(re.compile("/desk/consents/wishes/XQ-"))
        province.codes["wish"] = re.sub(r"https?://[^/]*", "", page.url)
        page.close()
    return province.codes["wish"]


def agreed(province: Province) -> str:
    """The address of the agreement, after the holder's data officer has agreed."""
    if "agreement" not in province.codes:
        where = wanted(province)
        page = province.person(HOLDER).page()
        page.goto(where)
        page.locator('[name=verdict][value="yes"]').check()
        page.fill("[name=answer]", "用途正当，限于必要。")
        page.locator("main form.card button.btn").first.click()
        page.wait_for_load_state()
        page.close()
        number = where.strip("/").split("XQ-")[-1]
        province.codes["agreement"] = f"/desk/consents/XY-{number}/"
    return province.codes["agreement"]


def asked(province: Province) -> str:
    """The number of a request to who filed a case with the market regulator."""
    if "request" not in province.codes:
        page = province.person(ASKER).page()
        page.goto(agreed(province))
        page.fill("[name=reference]", province.cases["red"])
        page.fill("[name=why]", "提醒您可以办理的开业补贴。")
        page.locator("main form.card button.btn").first.click()
        page.wait_for_url(re.compile("/desk/consents/$"))
        link = page.locator('a[href^="/desk/consents/requests/"]').first.get_attribute("href")
        page.close()
        province.codes["request"] = str(link).strip("/").split("/")[-1]
    return province.codes["request"]


def to_decide(page: Page, province: Province) -> None:
    page.goto(wanted(province))


def one_agreement(page: Page, province: Province) -> None:
    page.goto(agreed(province))


def ask_errors(page: Page, province: Province) -> None:
    page.goto(agreed(province))
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


def new_errors(page: Page, province: Province) -> None:
    page.goto(NEW)
    page.locator("main form.card button.btn").click()
    page.wait_for_load_state()


def change(page: Page, province: Province) -> None:
    number = agreed(province).strip("/").split("/")[-1]
    page.goto(f"/desk/consents/new/?agreement={number}")


def request_of_desk(page: Page, province: Province) -> None:
    page.goto(f"/desk/consents/requests/{asked(province)}/")


def request_of_person(page: Page, province: Province) -> None:
    page.goto(f"/consents/asked/{asked(province)}/")


def overview(page: Page, province: Province) -> None:
    asked(province)
    page.goto("/desk/consents/")


COUNTER = "440000-data-data_officer"
FIGURES = "/desk/consents/GD-2026-0015/figures/"


def figures(page: Page, province: Province) -> None:
    """Counted under the demonstration's agreement for figures."""
    page.goto(FIGURES)
    page.select_option("[name=by]", "division-city")
    page.select_option("[name=and]", "sex")
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


def figures_errors(page: Page, province: Province) -> None:
    page.goto(FIGURES)
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()
