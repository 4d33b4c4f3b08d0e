"""Emergency access: declared, for an hour, told to all, reviewed by another, seen by the person."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message, Task
from lingnan.kernel.exchange.api import keys_of, tell_of_emergencies
from lingnan.kernel.exchange.emergency import opening, rules
from lingnan.kernel.exchange.emergency.models import EmergencyAccess
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.government.population.models import Resident
from tests.clockwork import advance
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE, OPEN = "/desk/emergency/", "/desk/emergency/open/"
# A clerk of the police of another county than the person's, who reads no register at all.
CLERK, HEAD = "440106-police-clerk", "440106-police-head"
PERSON, AUDITOR = "resident-440103", "440106-supervision-supervisor"


def account(login: str) -> Account:
    return Account.objects.get(login=login)


def resident() -> Resident:
    subject = account(PERSON).subject
    return Resident.objects.get(key=keys_of([subject])[subject])


def typed(**more: str) -> dict[str, str]:
    said = {
        "register": "population.resident",
        "identifier": resident().resident_number,
        "reason": "missing",
        "words": "老人走失，无法说明身份，需要核对住址。",
    }
    return said | more


def opened(login: str = CLERK) -> tuple[Person, EmergencyAccess]:
    person = Person(login)
    person.post(OPEN, **typed())
    assert person.status == 200 and "您还可以查阅" in person.text, person.said
    return person, EmergencyAccess.objects.order_by("-key")[0]


@pytest.fixture
def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """System time is not the demonstration's: what asks for it is told a later one."""
    from django.utils import timezone

    now = timezone.now

    def go() -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + timedelta(minutes=61))

    return go


def letters(login: str) -> list[str]:
    return list(
        Message.objects.filter(account=account(login).key).values_list("subject_zh", flat=True)
    )


def test_an_emergency_is_declared_told_reviewed_and_seen(an_hour_later: Any) -> None:
    clerk = Person(CLERK)
    clerk.get("/desk/records/population/resident/")
    assert clerk.status == 403
    clerk, access = opened()
    assert resident().address in clerk.text and "不在本岗位权限内" in clerk.text
    assert resident().resident_number not in clerk.url
    first = node_evidence.reader().entries(kind="emergency.opened")
    assert any((one.payload or {}).get("emergency") == access.number for one in first)
    assert "发生一次紧急查阅" in letters(HEAD) and "发生一次紧急查阅" in letters(AUDITOR)
    assert Task.objects.filter(reference=access.number, role="head", done_at=None).count() == 1
    # The person sees it at once, and is told when the hour is over.
    person = Person(PERSON)
    assert access.number in person.get("/looked/") and "紧急查阅您的登记" in person.text
    assert tell_of_emergencies() == 0 and "您的登记被紧急查阅" not in letters(PERSON)
    auditor = Person(AUDITOR)
    assert access.number in auditor.get(PAGE) and "老人走失" in auditor.get(
        f"{PAGE}{access.number}/"
    )
    head = Person(HEAD)
    assert access.number in head.get(PAGE)
    page = head.get(f"{PAGE}{access.number}/")
    assert resident().address not in page
    head.post(
        f"{PAGE}{access.number}/", act="judge", outcome="unjustified", reasons="没有走失的报案。"
    )
    assert head.status == 200 and "没有正当理由" in head.text, head.said
    head.post(f"{PAGE}{access.number}/", act="judge", outcome="justified", reasons="改判。")
    assert head.status == 409
    assert not Task.objects.filter(reference=access.number, done_at=None).exists()
    found = list(node_evidence.reader().entries(kind="emergency.unjustified"))
    assert any((one.payload or {}).get("actor") == access.signature for one in found)
    an_hour_later()
    assert tell_of_emergencies() >= 1 and tell_of_emergencies() == 0
    assert "您的登记被紧急查阅" in letters(PERSON)
    clerk.get(f"{PAGE}{access.number}/")
    assert clerk.status == 200 and resident().address not in clerk.text


def test_nobody_reviews_the_own_and_strangers_see_nothing() -> None:
    head, access = opened(HEAD)
    assert access.reviewer == "gd-440100-police"
    head.post(f"{PAGE}{access.number}/", act="judge", outcome="justified", reasons="本人认为合理。")
    assert head.status == 409
    for login in (PERSON, "440103-police-head", "440103-supervision-supervisor"):
        other = Person(login)
        other.get(f"{PAGE}{access.number}/")
        assert other.status in (403, 404), login
    city = Person("440100-police-head")
    city.post(
        f"{PAGE}{access.number}/", act="judge", outcome="justified", reasons="核对了报案记录。"
    )
    assert city.status == 200 and "有正当理由" in city.text


def test_the_message_is_delayed_for_a_reason_and_goes_out_afterwards(an_hour_later: Any) -> None:
    _clerk, access = opened()
    head, until = Person(HEAD), legal_time.today() + timedelta(days=1)
    head.post(f"{PAGE}{access.number}/", act="delay", until=until.isoformat(), why="")
    assert head.status == 422
    head.post(f"{PAGE}{access.number}/", act="delay", until=until.isoformat(), why="正在办案。")
    assert head.status == 200 and "推迟告知" in head.text
    an_hour_later()
    tell_of_emergencies()
    assert "您的登记被紧急查阅" not in letters(PERSON)
    advance("2d")
    tell_of_emergencies()
    assert "您的登记被紧急查阅" in letters(PERSON)


@pytest.mark.parametrize(
    ("login", "change", "words"),
    [
        (CLERK, {"reason": "curious"}, "请选择"),
        (CLERK, {"words": ""}, "请填写"),
        (CLERK, {"words": "急"}, "请用文字说明"),
        (CLERK, {"identifier": "440103190001010000"}, "没有此号码"),
        ("440103-police-head", {}, "可以在登记中直接查阅"),
        ("440106-market-clerk", {}, "不能紧急查阅"),
    ],
)
def test_what_is_not_opened(login: str, change: dict[str, str], words: str) -> None:
    person = Person(login)
    person.post(OPEN, **typed(**change))
    assert person.status == 422 and words in person.text, person.said
    assert not EmergencyAccess.objects.exists()


def test_without_evidence_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = Person(CLERK)

    def fails(*_given: Any, **_named: Any) -> None:
        raise node_evidence.evidence.EvidenceUnavailable("down")

    monkeypatch.setattr(opening, "witness", fails)
    clerk.post(OPEN, **typed())
    assert clerk.status == 503 and not EmergencyAccess.objects.exists()
    assert resident().address not in clerk.text


def test_who_reviews_and_when_it_is_told() -> None:
    heads = [rules.Head(1, "county"), rules.Head(2, "city")]
    assert rules.reviewing({9}, ["county", "city"], heads) == "county"
    assert rules.reviewing({1}, ["county", "city"], heads) == "city"
    assert rules.reviewing({1}, ["county"], heads) == ""
    assert rules.reviewing({9, 1}, ["county", "city"], heads) == "city", "nor under whose post"
    now, today = datetime(2026, 3, 2, 12, tzinfo=UTC), date(2026, 3, 2)
    assert rules.told_now(now, now, None, today)
    assert not rules.told_now(now + timedelta(minutes=1), now, None, today)
    assert not rules.told_now(now, now, today, today)
    assert rules.told_now(now, now, today, today + timedelta(days=1))
    assert re.search("第十八条", rules.BASIS)


def test_whoever_acts_in_anothers_place_does_not_review_what_is_that_ones() -> None:
    """The head opens a record and lends the post: the substitute reviews neither the head's, nor
    does the head what was opened under the head's post."""
    from dataclasses import replace

    from lingnan.kernel.exchange.emergency import reviewing
    from lingnan.kernel.trust.api import actor_of

    head, clerk = actor_of(account(HEAD)), actor_of(account(CLERK))
    assert head is not None and clerk is not None
    _clerk, access = opened()
    assert access.reviewer == head.body and reviewing.may_review(access, head)
    lent_by_opener = replace(head, account=1, lent_by=clerk.account)
    assert not reviewing.may_review(access, lent_by_opener)
    assert not reviewing.to_review(lent_by_opener).filter(key=access.key).exists()
    substitute = replace(head, account=clerk.account, lent_by=head.account)
    assert opening._reviewer(substitute) == "gd-440100-police"
    with pytest.raises(reviewing.NotAllowed):
        reviewing.judge(access, lent_by_opener, "justified", "核对了报案记录。")


def test_delayed_messages_stand_before_no_others(
    an_hour_later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lingnan.kernel.exchange.emergency import reviewing

    until = legal_time.today() + timedelta(days=9)
    for _time in range(2):
        _clerk, access = opened()
        Person(HEAD).post(
            f"{PAGE}{access.number}/", act="delay", until=until.isoformat(), why="正在办案。"
        )
    opened()
    monkeypatch.setattr(reviewing, "BATCH", 1)
    an_hour_later()
    assert tell_of_emergencies() == 1 and letters(PERSON).count("您的登记被紧急查阅") == 1
    told = Message.objects.filter(account=account(PERSON).key, subject_zh="您的登记被紧急查阅")
    text = told.get().text_zh
    assert account(CLERK).name not in text and "广州市公安局天河区分局" in text
