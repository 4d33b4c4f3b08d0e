"""How the pages of a body's own tables are reached."""

from playwright.sync_api import Page

from tests.browser.reaching import Scene, at
from tests.browser.states import Province

OFFICER, HEAD = "440103-market-data_officer", "440103-market-head"
DESK = "/desk/sources/"
COLUMNS = ("证书编号", "作业项目", "有效期至")


def source(page: Page, province: Province) -> None:
    page.goto(DESK)
    page.locator("main a[href*='/desk/sources/LJ-']").first.click()
    page.wait_for_load_state()


def published(page: Page, province: Province) -> None:
    page.goto(DESK)
    page.locator("main a[href*='/desk/sources/tables/']").first.click()
    page.wait_for_load_state()


def choosing(page: Page, province: Province) -> None:
    source(page, province)
    page.get_by_role("link", name="作业人员证").click()
    page.wait_for_load_state()


def choosing_errors(page: Page, province: Province) -> None:
    choosing(page, province)
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


def _draft(page: Page, province: Province) -> None:
    if "draft" not in province.codes:
        choosing(page, province)
        for column in COLUMNS:
            page.locator(f'[name=columns][value="{column}"]').check()
        page.locator('[name=subject][value="person"]').check()
        page.locator('[name=asked_by][value="公民身份号码"]').check()
        page.locator("main form.card button.btn").first.click()
        page.wait_for_url("**/describe/")
        province.codes["draft"] = page.url
    page.goto(province.codes["draft"])


def describing(page: Page, province: Province) -> None:
    _draft(page, province)


def describing_errors(page: Page, province: Province) -> None:
    _draft(page, province)
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


def broken(page: Page, province: Province) -> None:
    page.goto(f"{DESK}new/?kind=postgresql")
    for name, value in (("title", "业务库"), ("host", "no-such-host.invalid"),
                        ("database", "works"), ("user", "reader")):  # fmt: skip
        page.fill(f"[name={name}]", value)
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


SCENES = [
    Scene("own tables", OFFICER, at("/desk/sources/")),
    Scene("own tables of the head", HEAD, published),
    Scene("source to join", OFFICER, at("/desk/sources/new/")),
    Scene("source that breaks off", OFFICER, broken, 422),
    Scene("folder to join", OFFICER, at("/desk/sources/new/?kind=folder")),
    Scene("service to join", OFFICER, at("/desk/sources/new/?kind=rest")),
    Scene("source", OFFICER, source),
    Scene("table to choose", OFFICER, choosing),
    Scene("table to choose errors", OFFICER, choosing_errors, 422),
    Scene("table to describe", OFFICER, describing),
    Scene("table to describe errors", OFFICER, describing_errors, 422),
]
