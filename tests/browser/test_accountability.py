"""In the browser: a resident objects and is answered, an auditor closes an unusual access."""

import re

import pytest

from tests.browser import accountability
from tests.browser.states import RESIDENT, Province

pytestmark = pytest.mark.browser
HEAD = "440103-market-head"


def test_a_resident_objects_and_the_head_answers(province: Province) -> None:
    resident = province.person(RESIDENT).page()
    resident.goto("/looked/?body=gd-440103-market")
    resident.get_by_role("button", name="我有异议").first.click()
    resident.wait_for_url(re.compile("/objections/"))
    where = resident.url
    assert resident.get_by_text("异议已提出").first.is_visible()
    head = province.person(HEAD).page()
    head.goto("/desk/")
    head.locator(f'a[href="{re.sub(r"https?://[^/]*", "", where)}"]').click()
    head.get_by_label("本次使用合法").check()
    head.get_by_label("理由").fill("办理您本人申请的登记所必需。")
    head.get_by_role("button", name="提交答复").click()
    head.wait_for_load_state()
    resident.goto(where)
    assert resident.get_by_text("办理您本人申请的登记所必需。").is_visible()
    resident.goto("/looked/")
    assert resident.get_by_text("异议已答复：使用合法").first.is_visible()
    resident.close()
    head.close()


def test_an_auditor_closes_what_an_official_explained(province: Province) -> None:
    auditor = province.person(accountability.AUDITOR).page()
    accountability.overview(auditor, province)
    auditor.get_by_role("link", name="按登记顺序逐条查看").first.click()
    auditor.wait_for_url(re.compile("/governance/findings/"))
    where = auditor.url
    official = province.person(accountability.OFFICIAL).page()
    official.goto(where)
    official.get_by_label("查看的原因和权限依据").fill("按编号核对新录入的登记表。")
    official.get_by_role("button", name="提交说明").click()
    official.wait_for_load_state()
    auditor.goto(where)
    assert auditor.get_by_text("按编号核对新录入的登记表。").is_visible()
    auditor.get_by_label("正当", exact=True).check()
    auditor.get_by_label("理由").fill("有工作需要。")
    auditor.get_by_role("button", name="作出结论").click()
    auditor.wait_for_load_state()
    assert auditor.get_by_text("结论：正当").is_visible()
    official.close()
    auditor.close()
