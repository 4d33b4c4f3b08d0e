"""How the pages of acting for others and of emergency access are reached."""

import re

from playwright.sync_api import Page

from tests.browser.states import Province

# People of whom no other scene asks anything: a session that acts for another is closed elsewhere.
GIVER, AGENT = "owner-440106", "owner-441802"
EMERGENCY, HEAD = "440106-police-clerk", "440106-police-head"
ENROL = "/desk/counter/open/"
GIVE, OPEN, PAGE = "/acting/give/", "/desk/emergency/open/", "/desk/emergency/"
POWER, ACCESS = re.compile("/acting/WT-"), re.compile("/desk/emergency/JJ-")


def sent(page: Page) -> None:
    page.locator("main form button.btn").last.click()
    page.wait_for_load_state()


def give_errors(page: Page, province: Province) -> None:
    page.goto(GIVE)
    sent(page)


def give_check(page: Page, province: Province) -> None:
    name = province.person(AGENT).get("/account/")
    found = re.search(r'<a class="who"[^>]*>([^<]*)<', name)
    assert found
    page.goto(GIVE)
    page.fill("[name=login]", AGENT)
    page.fill("[name=agent]", found[1])
    page.locator("[name=scope]").nth(2).check()
    page.fill("[name=until]", "2026-12-31")
    sent(page)


def given(page: Page, province: Province) -> None:
    give_check(page, province)
    sent(page)
    page.wait_for_url(POWER)


def taken(page: Page, province: Province) -> None:
    """The agent acts by a power that was given and accepted just now."""
    giver = province.person(GIVER).page()
    given(giver, province)
    page.goto(giver.url)
    if page.locator(".notice form.act").count():
        page.locator(".notice form.act button.btn").click()
        page.goto(giver.url)
    giver.close()
    page.locator('main form:has([value="accept"]) button.btn').click()
    page.locator('main form:has([value="take"]) button.btn').click()
    page.wait_for_url(re.compile("/acting/$"))


def verified(page: Page, province: Province) -> None:
    """The text of a power, downloaded by whoever gave it and verified on the page for all."""
    given(page, province)
    with page.expect_download() as waiting:
        page.locator('main a[href$="text.json"]').click()
    page.goto("/verify/")
    page.set_input_files("input[name=file]", waiting.value.path())
    page.locator("main form button.btn").last.click()
    page.wait_for_load_state()


def enrol_errors(page: Page, province: Province) -> None:
    page.goto(ENROL)
    sent(page)


def outside(page: Page, province: Province) -> None:
    taken(page, province)
    page.goto("/cases/")


def revoked(page: Page, province: Province) -> None:
    taken(page, province)
    giver = province.person(GIVER).page()
    giver.goto("/acting/")
    giver.locator('main a[href^="/acting/WT-"]').first.click()
    giver.locator('main form:has([value="close"]) button.btn').click()
    giver.wait_for_load_state()
    giver.close()
    page.goto("/looked/")


def declare_errors(page: Page, province: Province) -> None:
    page.goto(OPEN)
    sent(page)


def opened(page: Page, province: Province) -> None:
    """The record of somebody in another county, whose number a counter there knows."""
    counter = province.person("440103-police-records_officer").page()
    counter.goto("/desk/records/population/resident/")
    counter.locator("main tbody a").first.click()
    number = re.search(r"\b\d{17}[\dX]\b", counter.inner_text("main"))
    counter.close()
    assert number
    page.goto(OPEN)
    page.locator("[name=register]").first.check()
    page.fill("[name=identifier]", number[0])
    page.locator("[name=reason]").first.check()
    page.fill("[name=words]", "有人昏迷，需要通知家属。")
    sent(page)
    page.wait_for_url(ACCESS)


def to_review(page: Page, province: Province) -> None:
    clerk = province.person(EMERGENCY).page()
    opened(clerk, province)
    page.goto(clerk.url)
    clerk.close()
