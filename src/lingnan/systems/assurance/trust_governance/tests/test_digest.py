"""The message of a quarter: on its first working day, once, and whole when it was cut off."""

from datetime import date
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message
from lingnan.kernel.duty.api import messages as duty_messages
from lingnan.kernel.exchange.api import Use, answered_for, conclude, introduce, single
from lingnan.kernel.trust.api import Account
from lingnan.systems.assurance.trust_governance import digest
from lingnan.systems.assurance.trust_governance.models import DigestRound
from tests.clockwork import advance
from tests.kernel import uses
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BASIS = "《数据安全法》（2021-06-10）第三十八条"
SUBJECT = "上季度谁用过您的数据"


def told(county: str = "440103") -> list[Message]:
    account = Account.objects.get(login=f"resident-{county}")
    return list(Message.objects.filter(account=account.key, subject_zh=SUBJECT).order_by("key"))


@pytest.mark.parametrize(
    ("day", "quarter", "first"),
    [
        (date(2026, 3, 2), "2025-Q4", date(2026, 1, 4)),  # a Sunday worked by notice
        (date(2026, 4, 1), "2026-Q1", date(2026, 4, 1)),
        (date(2026, 7, 31), "2026-Q2", date(2026, 7, 1)),
        (date(2026, 12, 31), "2026-Q3", date(2026, 10, 8)),
    ],
)
@pytest.mark.usefixtures("db")
def test_the_quarter_before_a_day_and_its_first_working_day(
    day: date, quarter: str, first: date
) -> None:
    assert digest.quarter_before(day) == quarter
    assert digest.first_working_day(day) == first


def test_who_was_looked_at_is_told_once_on_the_first_working_day() -> None:
    file_business(Person("resident-440103"))
    digest.send_due()  # what was before this quarter's first day
    before = len(told())
    file_business(Person("resident-440103"), body="gd-440106-market")
    advance("29d")  # 31 March
    assert len(told()) == before
    advance("1d")
    assert len(told()) == before + 1
    said = told()[-1]
    assert "天河区市场监督管理局" in said.text_zh and said.link == "/looked/"
    assert "荔湾区市场监督管理局" not in said.text_zh
    advance("1d")
    digest.send_due()
    assert len(told()) == before + 1
    assert Person("resident-440103").get("/messages/").count(SUBJECT) == before + 1


def test_who_answers_for_a_firm_hears_of_its_data_too() -> None:
    owner = Account.objects.get(login="owner-440103")
    (firm, *_more) = answered_for(owner.subject)
    digest.send_due()
    credit = "gd-440000-credit"
    single(Use("legal_persons.lists_of_organisation", credit, registered_purpose(), BASIS, "",
               "a test", (introduce(firm.subject, to=credit, kind="organisation"),),
               ("enterprise.state",)))  # fmt: skip
    advance("31d")
    told = Message.objects.filter(account=owner.key, subject_zh="上季度谁用过您企业的数据",
                                  link=f"/looked/?firm={firm.code}")  # fmt: skip
    said = told.order_by("-key")[0]
    assert firm.name in said.text_zh and "被使用1次" in said.text_zh


def registered_purpose() -> str:
    """An agreement under which a test reads a firm without its consent."""
    conclude("T-DIGEST", "legal_persons.lists_of_organisation", "gd-440000-credit", "a_test", BASIS,
             ("enterprise.state",), "a test")  # fmt: skip
    return "a_test"


def test_whose_data_nobody_used_is_told_nothing() -> None:
    digest.send_due()
    before = len(told("441802"))
    advance("31d")
    assert len(told("441802")) == before


def test_a_round_that_was_cut_off_goes_on_and_tells_nobody_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for county in ("440103", "440106", "441803"):
        file_business(Person(f"resident-{county}"), body=f"gd-{county}-market")
    monkeypatch.setattr(digest, "BATCH", 2)
    plain, calls = duty_messages.send_all, []

    def cut(letters: Any) -> int:
        calls.append(plain(letters))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return calls[-1]

    with monkeypatch.context() as patch:
        patch.setattr(duty_messages, "send_all", cut)
        with pytest.raises(KeyboardInterrupt):
            digest.send_due()
    halfway = DigestRound.objects.get()
    assert not halfway.finished and halfway.done > 0
    digest.send_due()
    rows = Message.objects.filter(subject_zh=SUBJECT)
    of_firms = Message.objects.filter(subject_zh="上季度谁用过您企业的数据")
    assert rows.count() == rows.values("account").distinct().count()
    assert rows.count() + of_firms.count() == _round().told
    for county in ("440103", "440106", "441803"):
        assert len(told(county)) == 1
    assert _round().finished and digest.send_due() == 0


def test_another_process_that_is_overtaken_tells_nobody() -> None:
    file_business(Person("resident-440103"))
    round_ = DigestRound.objects.create(quarter="2025-Q4", after=0, up_to=10**6)
    stale = DigestRound.objects.get(pk=round_.pk)
    digest.send_due()
    with pytest.raises(digest._Overtaken):
        digest._tell_some(stale)
    assert len(told()) == 1


def _round() -> DigestRound:
    return DigestRound.objects.get()


def test_the_message_counts_what_the_page_shows() -> None:
    size = uses.size()
    DigestRound.objects.create(quarter="2025-Q3", after=0, up_to=size, finished=True)
    file_business(Person("resident-440103"))
    about = [seq for seq in uses.about(uses.key_of(uses.resident())) if seq > size]
    digest.send_due()
    assert about and f"被使用{len(about)}次" in told()[-1].text_zh
