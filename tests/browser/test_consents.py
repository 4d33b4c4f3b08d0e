"""In the browser: asked for consent, given in plain words, seen, and revoked at once."""

import re

import pytest

from tests.browser import accountability, consenting
from tests.browser.states import RESIDENT, Province

pytestmark = pytest.mark.browser


def test_a_body_asks_and_the_resident_allows_sees_it_and_revokes(province: Province) -> None:
    number = consenting.asked(province)
    resident = province.person(RESIDENT).page()
    resident.goto("/messages/")
    resident.locator(f'a[href="/consents/asked/{number}/"]').first.click()
    assert resident.get_by_text("提醒您可以办理的开业补贴。").is_visible()
    resident.get_by_role("link", name="查看并选择可以读取的内容").click()
    resident.get_by_label("姓名").check()
    resident.get_by_role("button", name="查看授权内容").click()
    resident.wait_for_load_state()
    assert resident.get_by_text("没有这项单独同意").first.is_visible()
    resident.get_by_label(re.compile("^单独同意")).check()
    resident.get_by_role("button", name="查看授权内容").click()
    resident.wait_for_load_state()
    resident.locator("main form button.btn").click()
    resident.wait_for_url(re.compile("/consents/SQ-"))
    where = resident.url
    officer = province.person(consenting.ASKER).page()
    officer.goto(f"/desk/consents/requests/{number}/")
    assert officer.get_by_text("已授权").first.is_visible()
    resident.goto("/looked/")
    assert resident.get_by_text("请您授权").first.is_visible()
    resident.goto(where)
    resident.get_by_role("button", name="立即撤回").click()
    resident.wait_for_load_state()
    assert resident.get_by_text("已撤回").first.is_visible()
    officer.goto(consenting.agreed(province))
    assert officer.get_by_text("有效授权数").locator("xpath=..").get_by_text("0").is_visible()
    resident.close()
    officer.close()


def test_an_auditor_reads_the_trace_of_a_case_with_its_proof(province: Province) -> None:
    auditor = province.person(accountability.AUDITOR).page()
    auditor.goto(f"/governance/trace/?case={province.cases['red']}")
    assert auditor.get_by_text("条均按原样存于日志").first.is_visible()
    auditor.locator('main a[href^="/governance/trace/?entry="]').first.click()
    auditor.wait_for_load_state()
    assert auditor.get_by_text("已证明").first.is_visible()
    auditor.close()
