"""Pages of a file that is compared with the register of residents."""

from playwright.sync_api import Page

from tests.browser.states import Province

REGISTER = "/desk/records/population/resident/"


def brought(page: Page, province: Province) -> None:
    """Somebody on record as the list shows them, a stranger, and a row that says little."""
    page.goto(REGISTER)
    name, address = (
        page.locator("tbody tr").first.locator("td, th").nth(n).inner_text().splitlines()[-1]
        for n in (0, 4)
    )
    rows = [
        "姓名,住址,出生日期",
        f"{name},{address},",
        "欧阳无名,滨海大道1号,1980年13月40日",
        ",,某日",
    ]
    page.goto(f"{REGISTER}compare/")
    file = {"name": "名单.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    page.set_input_files("[name=file]", [file])  # type: ignore[list-item]
    page.fill("[name=matter]", "个体工商户登记")
    page.fill("[name=purpose]", "核对补贴名单")
    page.click("main .actions button")
    page.wait_for_load_state()


def compared(page: Page, province: Province) -> None:
    brought(page, province)
    page.click("button[value=compare]")
    page.wait_for_selector(".kpis", timeout=60_000)


def row(page: Page, province: Province) -> None:
    compared(page, province)
    page.locator("tbody a").first.click()
    page.wait_for_load_state()


def refused(page: Page, province: Province) -> None:
    page.goto(f"{REGISTER}compare/")
    page.click("main .actions button")
    page.wait_for_load_state()


def removed(page: Page, province: Province) -> None:
    brought(page, province)
    page.click("form:has([value=remove]) button")
    page.wait_for_load_state()
