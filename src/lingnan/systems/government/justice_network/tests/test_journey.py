"""A case from detention to community correction, by the officials of four bodies, with clocks."""

import re
from datetime import date, timedelta

import pytest

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.justice_network import clocking
from lingnan.systems.government.justice_network.models import Case, Term
from lingnan.systems.government.justice_network.tests import offices as of

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


def last_day(case: Case, rule: str) -> date:
    """The last day of the newest clock of a rule."""
    term = Term.objects.filter(case=case, rule=rule).order_by("-key").first()
    assert term is not None, rule
    return (clocking.read(term).due - timedelta(seconds=1)).date()


def running(case: Case) -> set[str]:
    return {one.rule for one in clocking.running(case)}


def test_a_whole_case() -> None:
    officer, head = of.person("investigator"), of.person("police_head")
    prosecutor, chief = of.person("prosecutor"), of.person("chief")
    judge, correction = of.person("judge"), of.person("correction")

    # 立案、拘留: the clocks of hours and the three days.
    link = of.opened(officer)
    case = Case.objects.get()
    start = legal_time.today()
    of.detain(officer, link)
    assert running(case) == {"detention", "to_house", "family", "interrogation"}
    assert last_day(case, "detention") == start + timedelta(days=3)
    assert "“合成甲”" in officer.text and "拘留" in officer.text
    of.duty(officer, link, "讯问", "通知家属", "送看守所羁押")
    assert running(case) == {"detention"}
    prosecutor.get(link)
    assert prosecutor.status == 200 and "合成案情" not in prosecutor.text
    judge.get(link)
    assert judge.status == 404

    # 提请批准逮捕: prepared by the officer, sent by the head.
    of.add_document(officer, link, "提请批准逮捕书")
    of.add_document(officer, link, "侦查方案", "inner")
    of.add_evidence(officer, link, "合成手机")
    of.later(1)
    of.act(officer, link, "request_arrest", text="符合逮捕条件")
    assert running(case) >= {"detention"}
    of.approve(head, link)
    assert "detention" not in running(case) and "arrest_review" in running(case)
    assert last_day(case, "arrest_review") == start + timedelta(days=8)
    of.receive(prosecutor)
    assert "合成手机" in prosecutor.get(link) and "侦查方案" not in prosecutor.text
    of.later(2)
    of.act(chief, link, "approve_arrest", text="批准")
    of.receive(officer)

    # 逮捕: two months; one more, approved by the procuratorate above.
    of.detain(officer, link, "arrest")
    of.duty(officer, link, "讯问")
    arrested = legal_time.today()
    assert last_day(case, "custody") == date(arrested.year, arrested.month + 2, arrested.day)
    prosecutor.get(link)
    assert "合成手机" not in prosecutor.text and "拘留" in prosecutor.text
    clock = of.clock_link(officer, link, "逮捕后侦查羁押")
    officer.post(clock, act="ask", way="complex", text="案情复杂")
    above = of.person("upper_chief")
    assert "延长" in above.get("/desk/justice/")
    assert "合成手机" not in above.get(link) and above.status == 200
    above.post(clock, act="answer", granted="yes", text="同意")
    assert above.status == 404 or above.status == 200
    assert last_day(case, "custody") == date(arrested.year, arrested.month + 3, arrested.day)
    assert above.get(link) and above.status == 404

    # 移送审查起诉、退回补充侦查一次、再次移送.
    of.later(20)
    of.act(officer, link, "transfer", text="侦查终结")
    of.approve(head, link)
    assert running(case) >= {"prosecution_review", "counsel", "victims"}
    of.receive(prosecutor)
    of.duty(prosecutor, link, "告知委托辩护人的权利", "告知被害人")
    of.later(10)
    of.act(prosecutor, link, "return_file", text="补查银行流水")
    assert "银行流水" in officer.get(of.receive(officer))
    assert running(case) >= {"supplementary"} and "prosecution_review" not in running(case)
    of.add_evidence(officer, link, "合成银行流水", "paper")
    of.later(9)
    of.act(officer, link, "transfer_again", text="补充侦查完毕")
    of.approve(head, link)
    again = legal_time.today()
    of.receive(prosecutor)
    assert last_day(case, "prosecution_review") == _a_month_after(again)

    # 提起公诉、判决、生效、交付社区矫正.
    of.add_document(prosecutor, link, "起诉书")
    of.act(prosecutor, link, "prosecute", text="提起公诉")
    of.receive(judge)
    of.duty(judge, link, "告知委托辩护人的权利")
    assert "合成银行流水" in judge.get(link) and "起诉书" in judge.text
    of.later(30)
    of.act(judge, link, "judge", outcome="correction", text="宣告缓刑", paper="判决书（合成）")
    assert "刑事判决书" in prosecutor.get(link)
    judge.get(f"{link}acts/effective/")
    assert judge.status == 404  # the ten days are not over
    of.later(15)
    of.act(judge, link, "effective", text="")
    assert running(case) >= {"execution", "correction_notice"}
    correction.get(link)
    assert correction.status == 404
    number = of.number_of(link)
    of.act(judge, link, "deliver_correction", text="", persons=[f"{number}-R1"])
    of.receive(correction)
    page = correction.get(link)
    assert "刑事判决书" in page and "合成手机" not in page and "起诉书" not in page
    assert running(case) >= {"report"}
    of.later(1)
    of.duty(correction, link, "社区矫正对象报到")
    of.act(correction, link, "finish_correction", text="期满")
    assert "已结案" in correction.get(link)
    last = case.events.order_by("id").last()
    assert last is not None and last.stage == "closed"
    # The family was not told of the arrest: that one alone was overrun, and it stays so.
    overrun = Term.objects.filter(case=case, events__kind="overrun")
    assert list(overrun.values_list("rule", flat=True)) == ["family"]
    kinds = {one.kind for one in node_evidence.reader().by_reference(_ref(link))}
    assert kinds >= {"justice.sent", "justice.received", "justice.case_opened"}


def _ref(link: str) -> str:
    found = re.search(r"[0-9a-f]{32}", link)
    assert found
    return found[0]


def _a_month_after(day: date) -> date:
    return date(day.year, day.month + 1, day.day)
