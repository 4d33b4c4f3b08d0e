"""A resident's ways through the portal: without JavaScript, by keyboard, with mistakes."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, TimeoutError

from tests.browser.people import Visitor, paper
from tests.browser.states import CLERK, RESIDENT, Province
from tests.people import SHOP

pytestmark = pytest.mark.browser
LIGHT = 150 * 1024
SHOWN = """() => {
  const e = document.activeElement, own = e.closest('.search') || e;
  const style = getComputedStyle(own), box = e.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const seen = box.bottom > 0 && box.top < innerHeight;
  return ring && seen ? '' : e.outerHTML.slice(0, 160);
}"""
AT = "wanted => document.activeElement.matches(wanted)"


def visitor(province: Province, login: str = "", **options: object) -> Visitor:
    """Somebody with an empty cache of their own."""
    return Visitor(province.browser, province.node.address, login, **options)


@pytest.fixture
def plain(province: Province) -> Iterator[Page]:
    """A page of a browser in which JavaScript is switched off."""
    person = visitor(province, java_script_enabled=False)
    yield person.page(360)
    person.context.close()


def fill(page: Page, phone: str = SHOP["phone"], name: str = SHOP["business_name"]) -> None:
    page.fill("[name=phone]", phone)
    page.fill("[name=business_name]", name)
    page.select_option("[name=scope]", SHOP["scope"])
    page.fill("[name=premises]", SHOP["premises"])
    page.check("[name=own_premises][value=rented]")
    page.check("[name=true_statement]")


def test_from_the_first_page_to_a_case_without_javascript(plain: Page) -> None:
    plain.goto("/")
    plain.click("a.tile[href='/matters/individual_business/']")
    plain.click("#start .btn")
    plain.click("[name=demonstration][value=resident-440106]")
    plain.select_option("[name=body]", "gd-440106-market")
    plain.click("#start .btn")
    fill(plain)
    plain.set_input_files("[name=file-premises_proof]", [paper()])  # type: ignore[list-item]
    plain.click("[name=go]")
    plain.click("[name=submit]")
    assert re.search(r"/cases/440106-26-\d+/$", plain.url)
    assert "正在审查您的材料" in plain.inner_text("main")


@pytest.mark.parametrize("javascript", [True, False])
def test_two_clicks_make_one_case(province: Province, javascript: bool) -> None:
    person = visitor(province, "resident-441802", java_script_enabled=javascript)
    before = person.get("/cases/").count('href="/cases/441802')
    draft = person.draft("individual_business", "gd-441802-market")
    person.post(person.where, **(SHOP | {"file-premises_proof": paper(), "go": "1"}))
    page = person.page()
    page.goto(f"/apply/{draft}/check/")
    page.dblclick("[name=submit]")
    page.wait_for_url("**/cases/441802-26-*/")
    assert person.get("/cases/").count('href="/cases/441802') == before + 1
    person.context.close()


def test_mistakes_lose_nothing(province: Province) -> None:
    person = visitor(province, "owner-440106")
    person.draft("individual_business", "gd-440106-market")
    page = person.page()
    page.goto(person.where)
    fill(page, phone="不知道")
    page.set_input_files("[name=file-premises_proof]", [paper("租约.pdf")])  # type: ignore[list-item]
    page.click("[name=go]")
    assert page.locator(".errors a").all_inner_texts() == [
        "联系电话：请填写电话号码，例如 13800000000。"
    ]
    assert page.input_value("[name=phone]") == "不知道"
    assert page.input_value("[name=business_name]") == SHOP["business_name"]
    assert page.is_checked("[name=own_premises][value=rented]")
    assert "租约.pdf" in page.inner_text(".files")
    page.fill("[name=phone]", SHOP["phone"])
    page.set_input_files("[name=file-premises_proof]", [paper("假.pdf", b"MZ not a pdf")])  # type: ignore[list-item]
    page.wait_for_selector("#materials .bad :text('文件内容与文件名不符')")
    assert "租约.pdf" in page.inner_text(".files")
    page.click("[name=go]")
    assert page.url.endswith("/check/")
    person.context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it is reached; wherever the focus is, it must be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(SHOWN) == ""
        if page.evaluate(AT, selector):
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_a_business_is_registered_by_keyboard_alone(province: Province) -> None:
    person = visitor(province, "resident-441803")
    page = person.page()
    page.goto("/")
    tab_to(page, "a.tile[href='/matters/individual_business/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/matters/individual_business/")
    tab_to(page, "[name=body]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#start .btn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/*/")
    _type_the_form(page)
    tab_to(page, "[name=go]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/")
    tab_to(page, "[name=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/440103-26-*/")
    person.context.close()


def _type_the_form(page: Page) -> None:
    for name in ("phone", "business_name"):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(SHOP[name])
    tab_to(page, "[name=scope]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=premises]")
    page.keyboard.type(SHOP["premises"])
    for name in ("own_premises", "true_statement"):
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Space")
    # What was answered may still change which materials are asked: two changes, two requests.
    for _request in range(2):
        page.wait_for_selector("form.htmx-request", state="detached")
        page.wait_for_timeout(300)
    _choose_the_file(page)


def _choose_the_file(page: Page) -> None:
    """A busy machine may still exchange the form under the key: it is pressed again."""
    for last in (False, False, True):
        if not page.evaluate(AT, "[name=file-premises_proof]"):
            tab_to(page, "[name=file-premises_proof]")
        page.bring_to_front()
        try:
            with page.expect_file_chooser() as chooser:
                page.keyboard.press("Space")
        except TimeoutError:
            if last:
                raise
            continue
        chooser.value.set_files([paper()])  # type: ignore[list-item]
        return


@pytest.mark.parametrize(
    ("login", "url"),
    [
        ("", "/"),
        ("", "/matters/fire_safety_permit/"),
        (RESIDENT, "/apply/{}/"),
        (CLERK, "/desk/"),
    ],
)
def test_a_first_view_is_light(province: Province, login: str, url: str) -> None:
    person = visitor(province, login)
    page = person.page()
    network = person.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(url.format(province.drafts["fresh"]), wait_until="networkidle")
    assert len(sizes) >= 3, "a page comes with its style and its script"
    assert sum(sizes) < LIGHT
    person.context.close()


def test_a_draft_keeps_a_file_that_was_chosen_in_haste(province: Province) -> None:
    """The materials change with the chosen way while a file is on its way up."""
    person = visitor(province, "owner-440106")
    page = person.page(1280)
    page.goto("/matters/fire_safety_permit/")
    page.select_option("[name=body]", "gd-440106-fire")
    page.click("#start .btn")
    page.fill("[name=phone]", SHOP["phone"])
    page.check("[name=route][value=commitment]")
    page.set_input_files("[name=file-floor_plan]", [paper("平面图.pdf")])  # type: ignore[list-item]
    page.check("[name=route][value=inspection]")
    page.check("[name=route][value=commitment]")
    page.wait_for_selector("#materials :text('平面图.pdf')")
    page.wait_for_selector("[name=file-commitment_letter]")
    page.goto(page.url)
    assert "平面图.pdf" in page.inner_text("#materials")
    assert page.is_checked("[name=route][value=commitment]")
    person.context.close()


def test_what_stays_the_same_is_left_alone(province: Province) -> None:
    """A kept answer that asks for no other material must not take the focus away."""
    person = visitor(province, "owner-440106")
    person.draft("individual_business", "gd-440106-market")
    page = person.page()
    page.goto(person.where)
    page.dispatch_event("[name=phone]", "change")
    page.wait_for_selector("#kept:has-text('已自动保存')")
    page.evaluate("document.querySelector('#materials').dataset.same = 'yes'")
    page.focus("[name=file-premises_proof]")
    with page.expect_response("**/keep/"):
        page.dispatch_event("[name=phone]", "change")
    page.wait_for_selector("form.htmx-request", state="detached")
    assert page.get_attribute("#materials", "data-same") == "yes"
    assert page.evaluate("document.activeElement.name") == "file-premises_proof"
    person.context.close()
