"""In the browser: a head opens an account, whose holder signs in for the first time on a phone."""

import re

import pytest

from tests.browser.appointing import PEOPLE, opened
from tests.browser.people import Visitor
from tests.browser.states import Province

pytestmark = pytest.mark.browser
HEAD, LOGIN, PASSWORD = "440106-market-head", "440106-market-8001", "骑楼下的雨声比鼓点还要密得多"


def test_an_official_begins(province: Province) -> None:
    head = province.person(HEAD).page()
    head.goto(PEOPLE)
    head.click(f"a[href='{PEOPLE}open/']")
    head.fill("[name=login]", LOGIN)
    head.fill("[name=name]", "欧阳晓")
    head.check("[name=role][value=reviewer]")
    head.fill("[name=reason]", "穗人社〔2026〕18号")
    head.click("main form.card .btn")
    head.wait_for_selector("text=待首次登录")
    head.select_option("[name=document]", "identity_card")
    head.check("[name=compared]")
    head.click("form:has([value=code]) .btn")
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", head.inner_text("main"))
    assert found
    other = Visitor(province.browser, province.node.address, java_script_enabled=False,
                    user_agent="Mozilla/5.0 (Linux; Android 15) Firefox/140.0")  # fmt: skip
    phone = other.page(360)
    phone.goto("/signin/ticket/")
    phone.fill("[name=ticket]", found[0])
    phone.click("main form.card .btn")
    phone.wait_for_url("**/ticket/password/")
    phone.fill("[name=new]", PASSWORD)
    phone.fill("[name=repeated]", PASSWORD)
    phone.click("main form.card .btn")
    phone.wait_for_url("**/account/")
    phone.goto("/desk/")
    assert "欧阳晓" in phone.inner_text("body") and "审查员" in phone.inner_text("body")
    head.goto(PEOPLE)
    row = head.locator("tr").filter(has_text="欧阳晓").inner_text()
    assert LOGIN in row and "可用" in row
    other.context.close()
    head.close()


def test_a_second_person_agrees(province: Province) -> None:
    """Two sessions: the head proposes who enters records, the head above agrees to a task."""
    first, second = (province.person(f"{one}-police-head").page() for one in ("440106", "440100"))
    opened(first, "司徒敏", "records_officer")
    first.goto(PEOPLE)
    row = first.locator("tr").filter(has_text="司徒敏")
    assert "待第二人确认" in row.inner_text()
    row.locator("a").click()
    assert first.locator("form:has([value=agree])").count() == 0, "not who proposed it"
    second.goto("/desk/")
    second.locator("a[href*='/people/appointments/']").filter(has_text="确认任职").last.click()
    second.wait_for_url("**/appointments/*/")
    second.fill("form:has([value=agree]) [name=reason]", "同意")
    second.click("form:has([value=agree]) .btn")
    second.wait_for_selector("text=已任职")
    first.goto(PEOPLE)
    assert "登记员" in first.locator("tr").filter(has_text="司徒敏").inner_text()
    for page in (first, second):
        page.close()
