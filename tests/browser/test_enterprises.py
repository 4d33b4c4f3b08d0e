"""Enterprises in Chromium, without JavaScript: set up, and asked about by a guest."""

from collections.abc import Iterator

import pytest

from tests.browser.firms import send_enquiry
from tests.browser.people import Visitor
from tests.browser.reaching import MARKET, firm_of_desk
from tests.browser.states import RESIDENT, REVIEWER, Province

pytestmark = pytest.mark.browser
NAME = "广州市荔湾区浏览器（演示）有限公司"
SAID = {
    "scope": "软件开发",
    "premises": "广州市荔湾区龙津东路18号",
    "supervisors": "何监事",
    "capital": "100",
    "holder-0": "本人",
    "subscribed-0": "600000",
    "holder-1": "海外创业投资基金（演示）",
    "subscribed-1": "300000",
}


@pytest.fixture
def founder(province: Province) -> Iterator[Visitor]:
    person = Visitor(province.browser, province.node.address, RESIDENT, java_script_enabled=False)
    yield person
    person.context.close()


def test_a_founder_corrects_the_capital_and_the_registrar_registers(
    province: Province, founder: Visitor
) -> None:
    page = founder.page(360)
    page.goto("/enterprises/set-up/")
    page.select_option("[name=division]", "440103")
    for name, value in (SAID | {"name": NAME}).items():
        page.fill(f"[name={name}]", value)
    page.click("main form.card .btn")
    assert "合计与注册资本不符" in page.inner_text("main")
    page.fill("[name=subscribed-1]", "400000")
    page.click("main form.card .btn")
    assert page.url.endswith("/enterprises/mine/") and NAME in page.inner_text("main")
    desk = province.person(REVIEWER).page(1280)
    desk.goto("/desk/registration/")
    desk.click(f"text={NAME}")
    desk.check("[name=outcome][value=grant]")
    desk.click("main form.card .btn")
    desk.wait_for_url("**/desk/enterprises/*/")
    desk.close()
    page.goto(f"/enterprises/?q={NAME}")
    page.click(f"text={NAME}")
    seen = page.inner_text("main")
    assert "存续" in seen and "60%" in seen and "40%" in seen
    page.close()


def test_a_guest_reports_and_reads_the_answer_by_the_number(province: Province) -> None:
    desk = province.person(MARKET).page(1280)
    firm_of_desk()(desk, province)
    code = desk.url.strip("/").split("/")[-1]
    guest = Visitor(province.browser, province.node.address, java_script_enabled=False)
    page = guest.page(360)
    page.goto(f"/enterprises/{code}/enquiry/")
    send_enquiry(page)
    number = page.url.strip("/").split("/")[-1]
    desk.goto("/desk/")
    desk.locator(f"a[href*='{number}']").click()
    desk.wait_for_load_state()
    assert "13900001111" in desk.inner_text("main")
    desk.check("[name=outcome][value=sound]")
    desk.fill("[name=words]", "经核查，未发现虚假")
    desk.click("main form.card .btn")
    desk.wait_for_load_state()
    desk.close()
    page.goto("/enterprises/enquiries/")
    page.fill("[name=number]", number)
    page.click("main form.card .btn")
    seen = page.inner_text("main")
    assert "经核查，未发现虚假" in seen and "13900001111" not in seen
    guest.context.close()
