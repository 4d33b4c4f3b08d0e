"""What a body was answered is wrong: its holder examines it, and all who had read it are told."""

import re

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.api import SetUse, conclude, introduce, opened, single
from lingnan.kernel.registry.api import raising
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.resource_exchange.corrections import spreading
from lingnan.systems.government.resource_exchange.corrections.models import (
    Correction,
    CorrectionTold,
)
from tests.kernel.uses import FIRE, IDENTITY, identity, key_of, resident
from tests.people import Person, file_business

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/desk/exchange/corrections/"
CLERK = "440103-market-clerk"
SAID = {"said": "与身份证不符", "right": "李正名"}


def field_of(page: str, title: str) -> str:
    found = re.search(rf'<option value="(\w+)">{title}</option>', page)
    assert found, page
    return found[1]


def read_as_fire(case: str = "F-1") -> None:
    subject = introduce(resident().subject, to=FIRE)
    single(identity(consumer=FIRE, purpose="fire_safety_permit", subjects=(subject,), case=case,
                    basis="《行政许可法》（2019-04-23）第三十三条"))  # fmt: skip


def in_a_set(consumer: str) -> None:
    basis = "《某条例》第一条"
    conclude("RX-2", IDENTITY, consumer, "set_test", basis, ["person.name"], "a test",
             uses=["set"])  # fmt: skip
    use = SetUse(IDENTITY, consumer, "set_test", basis, "", "a test", ("person.name",), "rx-2")
    opened(use, [introduce(resident().subject, to=consumer)])


def raised() -> tuple[Person, str, str]:
    """A case of the market regulator's, and the doubt about the applicant's name in it."""
    number = file_business(Person("resident-440103"))
    clerk = Person(CLERK)
    clerk.post(PAGE, case=number)
    assert clerk.url == f"{PAGE}{number}/", clerk.said
    clerk.post(f"{PAGE}{number}/", field=field_of(clerk.text, "经营者姓名"), **SAID)
    assert clerk.url.startswith("/doubts/"), clerk.said
    return clerk, number, clerk.url


def test_who_handles_the_case_raises_it_and_the_holder_has_a_task() -> None:
    clerk, number, url = raised()
    assert SAID["said"] in clerk.text and number in clerk.text
    task = Task.objects.get(link=url, done_at=None)
    assert task.body == "gd-440103-police"
    one = Correction.objects.get(case=number)
    assert (one.element, one.body) == ("person.name", "gd-440103-market")
    page = clerk.get(PAGE)
    assert "核查中" in page and number in page
    clerk.post(
        f"{PAGE}{number}/", field=field_of(clerk.get(f"{PAGE}{number}/"), "经营者姓名"), **SAID
    )
    assert clerk.status == 422 and "已有疑义" in clerk.text


def test_others_cases_and_bad_answers_are_refused() -> None:
    number = file_business(Person("resident-440103"))
    for login in ("440106-market-clerk", "440103-fire-clerk"):
        stranger = Person(login)
        stranger.get(f"{PAGE}{number}/")
        assert stranger.status == 404
        stranger.post(PAGE, case=number)
        assert stranger.status == 422
    clerk = Person(CLERK)
    clerk.post(f"{PAGE}{number}/", field="none", **SAID)
    assert clerk.status == 422 and SAID["right"] in clerk.text
    officer = Person("440103-market-data_officer")
    officer.get(f"{PAGE}{number}/")
    assert officer.status == 403 and "数据更正" in officer.get(PAGE)
    assert not Correction.objects.exists()


def test_what_is_upheld_is_told_to_the_raiser_and_to_nobody_else() -> None:
    read_as_fire()
    clerk, _number, url = raised()
    officer = Person("440103-police-records_officer")
    officer.post(url, act="answer", answer="upheld", text="与户口簿一致")
    account = Account.objects.get(login=CLERK)
    assert Message.objects.filter(account=account.key, link=url).exists()
    assert "与户口簿一致" in clerk.get(PAGE)
    assert spreading.spread() == 0


def test_a_correction_is_told_once_to_all_who_had_read_what_was_wrong() -> None:
    read_as_fire("F-corrected")
    in_a_set("gd-440106-fire")
    clerk, _number, url = raised()
    record = Resident.objects.get(key=key_of(resident()))
    with action(by="a test", reason="与身份证核对") as act:
        act.correct(record, valid_from=record.valid_from, valid_to=None, name="李正名")
    officer = Person("440103-police-records_officer")
    officer.post(url, act="answer", answer="corrected", text="已按身份证更正")
    doubt = raising.found(url.split("/")[2])
    assert doubt is not None and raising.ended(doubt) is not None, officer.said
    assert "已更正" in clerk.get(PAGE) or "更正" in clerk.text
    read_as_fire("F-corrected")
    assert spreading.spread() >= 1 and spreading.spread() == 0
    reader = Account.objects.get(login="440103-fire-data_officer")
    # The evidence keeps what other tests have read: each use of a case of its own is told of.
    told = Message.objects.filter(account=reader.key, text_zh__contains="F-corrected")
    assert [one.subject_zh for one in told] == ["您单位读取过的记录已更正"]
    assert "姓名" in told[0].text_zh
    other = Account.objects.get(login="440106-fire-data_officer")
    of_set = Message.objects.filter(account=other.key, text_zh__contains="set_test")
    assert of_set, "without a case the purpose says where it was read"
    market = Account.objects.get(login="440103-market-data_officer")
    assert not Message.objects.filter(
        account=market.key, subject_zh="您单位读取过的记录已更正"
    ).exists()
    assert CorrectionTold.objects.filter(body="").count() == 1
