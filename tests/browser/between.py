"""Pages at nodes of an instance: what did not arrive, cooperation at an inner node, and figures
that another node counts.
"""

from playwright.sync_api import Page

from tests.browser.instance import CAME_BACK, COUNTED, ONCE
from tests.browser.reaching import Reach, Scene, at
from tests.browser.states import Province

GIVER, COUNTER = "440000-market-data_officer", "440300-market-data_officer"
FILES, FIGURES = "/desk/exchange/files/", "/desk/consents/figures/"


def came_back(page: Page, province: Province) -> None:
    """Files for a body at a node that was silent for a week."""
    assert province.instance is not None
    if "came back" not in province.codes:
        with province.instance.city_away():
            _given(page)
            province.instance.come_back(page.url.strip("/").split("/")[-1])
        province.codes["came back"] = page.url
    page.goto(province.codes["came back"])


def _given(page: Page) -> None:
    page.goto(f"{FILES}new/")
    page.select_option("[name=agreement]", CAME_BACK)
    hand_over(page, "SW-2026-02", 1000)


def hand_over(page: Page, case: str, lines: int) -> None:
    """The form of an agreement filled in and sent; its page is there."""
    page.fill("[name=case]", case)
    content = "统一社会信用代码\n合成\n".encode() * lines
    file = {"name": "登记信息.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("[name=files]", [file])  # type: ignore[list-item]
    page.click("main form.card button.btn")
    page.wait_for_url("**/files/WJ-*/", timeout=60_000)


def counted(number: str, by: str, second: str = "") -> Reach:
    """Asked of the province; until it has made the copy to count from, it says so."""

    def go(page: Page, province: Province) -> None:
        for _attempt in range(60):
            page.goto(f"{FIGURES}population/{number}/")
            page.select_option("[name=by]", by)
            page.select_option("[name=and]", second)
            with page.expect_navigation() as navigation:
                page.locator("main form.card button.btn").first.click()
            if navigation.value is not None and navigation.value.status != 503:
                return
            page.wait_for_timeout(1000)

    return go


def refused(page: Page, province: Province) -> None:
    """Once a day, and asked for again."""
    counted(ONCE, "sex")(page, province)
    counted(ONCE, "birth_date")(page, province)


def without_choice(page: Page, province: Province) -> None:
    page.goto(f"{FIGURES}population/{COUNTED}/")
    page.locator("main form.card button.btn").first.click()
    page.wait_for_load_state()


def unanswered(page: Page, province: Province) -> None:
    """The holder's node cannot be reached."""
    assert province.instance is not None
    with province.instance.founder_away():
        page.goto(f"{FIGURES}population/{COUNTED}/")
        page.wait_for_load_state()


SCENES = [
    Scene("files that came back", GIVER, came_back, node="founder"),
    Scene("cooperation at an inner node", COUNTER, at("/desk/cooperation/"), node="inner"),
    Scene("cooperation asked at an inner node", COUNTER, at("/desk/cooperation/ask/{codes[asks]}/"),
          node="inner"),
    Scene("figures of other nodes", COUNTER, at(FIGURES), node="inner"),
    Scene("figures of another node", COUNTER, counted(COUNTED, "division-city", "sex"),
          node="inner"),
    Scene("figures of another node by one", COUNTER, counted(COUNTED, "birth_date"), node="inner"),
    Scene("figures of another node errors", COUNTER, without_choice, 422, node="inner"),
    Scene("figures of another node refused", COUNTER, refused, 403, node="inner"),
    Scene("figures of another node unanswered", COUNTER, unanswered, 503, node="inner"),
]  # fmt: skip
