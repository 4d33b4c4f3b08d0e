"""In the browser: an emergency until its review, and a firm's agent until the power is revoked."""

import re

import pytest

from tests.browser import acting
from tests.browser.people import Visitor
from tests.browser.states import RESIDENT, Province

pytestmark = pytest.mark.browser


def test_an_emergency_is_declared_reviewed_and_seen_by_the_person(province: Province) -> None:
    own = province.person(RESIDENT).page()
    own.goto("/population/mine/")
    number = re.search(r"\b\d{17}[\dX]\b", own.inner_text("main"))
    assert number
    clerk = province.person(acting.EMERGENCY).page()
    clerk.goto("/account/")
    clerk.get_by_role("link", name="紧急查阅").click()
    clerk.get_by_role("link", name="紧急查阅登记").click()
    clerk.get_by_label("居民", exact=True).check()
    clerk.get_by_label("本人号码").fill(number[0])
    clerk.get_by_label("有人走失，或者无法说明身份").check()
    clerk.get_by_label("发生了什么，为什么需要这份登记").fill("老人走失，需要核对住址。")
    clerk.get_by_role("button", name="查阅，并自动告知有关各方").click()
    clerk.wait_for_url(acting.ACCESS)
    assert clerk.get_by_text(number[0]).is_visible() and "您还可以查阅" in clerk.inner_text("main")
    where = clerk.url.rstrip("/").rsplit("/", 1)[1]
    head = province.person(acting.HEAD).page()
    head.goto("/messages/")
    head.locator(f'a[href="/desk/emergency/{where}/"]').first.click()
    assert number[0] not in head.inner_text("main")
    head.get_by_label("有正当理由", exact=True).check()
    head.get_by_label("理由", exact=True).fill("已核对走失报案。")
    head.get_by_role("button", name="提交").click()
    head.wait_for_load_state()
    assert "已核对走失报案。" in head.inner_text("main")
    own.goto("/looked/")
    assert where in own.inner_text("main") and "紧急查阅" in own.inner_text("main")
    for page in (own, clerk, head):
        page.close()


def test_a_firms_agent_acts_within_the_power_until_it_is_revoked(province: Province) -> None:
    giver = province.person(RESIDENT).page()
    # A session of their own: others look at this agent's pages as their own.
    visitor = Visitor(province.browser, province.node.address, acting.AGENT)
    agent = visitor.page()
    agent.goto("/")
    name = agent.locator("a.who").inner_text()
    giver.goto("/acting/")
    giver.get_by_role("link", name=re.compile("名义委托经办人")).first.click()
    giver.get_by_label("受托人的登录名").fill(acting.AGENT)
    giver.get_by_label("受托人姓名").fill(name)
    giver.get_by_label("查看单位自己的页面和信用").check()
    giver.get_by_label("截止日（含当日）").fill("2026-12-31")
    giver.locator("main form button.btn").last.click()
    giver.get_by_role("button", name="我作出这项委托").click()
    giver.wait_for_url(acting.POWER)
    agent.goto("/messages/")
    agent.locator('a[href^="/acting/WT-"]').first.click()
    agent.get_by_role("button", name="接受委托").click()
    agent.get_by_role("button", name="代委托人办事").click()
    agent.wait_for_url(re.compile("/acting/$"))
    agent.goto("/enterprises/mine/")
    assert "您正在代办" in agent.inner_text("body")
    agent.goto("/looked/")
    assert "不在代办范围内" in agent.inner_text("main")
    giver.get_by_role("button", name="立即终止委托").click()
    giver.wait_for_load_state()
    agent.goto("/enterprises/mine/")
    assert "委托人已取消委托" in agent.inner_text("main")
    agent.get_by_role("button", name="结束代办").click()
    agent.wait_for_load_state()
    assert "现在由您为自己办事" in agent.inner_text("main")
    giver.close()
    visitor.context.close()
