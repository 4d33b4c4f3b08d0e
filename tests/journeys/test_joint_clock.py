"""The clock of the whole measures the bodies: neither the applicant's time nor Art. 45's."""

from datetime import date

import pytest

from lingnan.kernel.duty.api import Clock, Reading, clocks
from lingnan.kernel.matters import notices
from lingnan.kernel.matters.api import Case
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.trust.api import SYSTEM
from tests.clockwork import advance
from tests.people import Person
from tests.restaurants import accept_all, case, cases_of, consent_sign, file_event, register

pytestmark = pytest.mark.django_db


def whole(number: str) -> Reading:
    return clocks.of_references([number])[number][clock.CODE]


def turns(number: str) -> list[str]:
    events = Clock.objects.get(reference=number, code=clock.CODE).events.order_by("id")
    return [event.kind for event in events]


def ask(number: str, function: str = "urban", matter: str = "shop_sign") -> None:
    clerk = Person(f"440103-{function}-clerk")
    clerk.act(cases_of(number)[matter], "ask-correction", items="请补设计图")
    assert clerk.status == 200, clerk.text


def mend(owner: Person, number: str, matter: str = "shop_sign", **said: str) -> None:
    part = case(number, matter).application_id
    owner.post(f"/apply/{part}/", **({"sign_text": "街口老店"} | said), go="1")
    owner.post(f"/apply/{part}/check/", submit="1")
    assert case(number, matter).state == "received", owner.text


def pause_fire(number: str, until: str) -> None:
    Person("440103-fire-clerk").act(cases_of(number)["fire_safety_permit"], "accept")
    Person("440103-fire-reviewer").act_on_time(
        cases_of(number)["fire_safety_permit"],
        "suspend",
        kind="laboratory_test",
        reason="检测装修材料燃烧性能",
        until=until,
    )


def test_the_applicants_time_is_not_counted() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    advance("2wd")
    ask(number)
    advance("5wd")
    assert (whole(number).state, whole(number).used) == ("paused", 2)
    page = owner.get(f"/joint/{number}/")
    assert "已暂停，等待补正" in page and "第三十二条" in page
    head = Person("440103-government-head").get("/desk/joint/")
    assert "已暂停，等待补正" in head and f"/desk/joint/{number}/extend/" not in head
    mend(owner, number)
    advance("1wd")
    assert (whole(number).state, whole(number).used) == ("running", 3)
    assert "暂停原因" not in owner.get(f"/joint/{number}/")


def test_two_corrections_at_once_pause_once() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    ask(number)
    advance("1wd")
    ask(number, "fire", "fire_safety_permit")
    advance("1wd")
    mend(owner, number)
    advance("1wd")
    assert (whole(number).state, whole(number).used) == ("paused", 0)
    mend(owner, number, "fire_safety_permit", phone="13900000000")
    advance("1wd")
    assert (whole(number).used, turns(number)) == (1, ["pause", "resume"])


def test_a_special_procedure_is_not_counted_until_its_announced_end() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    pause_fire(number, "2026-03-06")
    reading = whole(number)
    assert (reading.state, reading.expected_until) == ("paused", date(2026, 3, 6))
    assert "第四十五条" in owner.get(f"/joint/{number}/")
    advance("6wd")  # 10 March; nobody has said that it is over
    assert (whole(number).state, whole(number).used) == ("running", 2)


def test_a_special_procedure_that_ends_early_lets_the_clock_run() -> None:
    number = file_event(Person("resident-440103"))
    pause_fire(number, "2026-03-20")
    advance("2wd")
    head = Person("440103-fire-head")
    head.act_on_time(cases_of(number)["fire_safety_permit"], "resume")
    advance("1wd")
    assert (whole(number).state, whole(number).used) == ("running", 1)


def test_a_special_procedure_goes_on_holding_after_a_correction() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    ask(number)
    pause_fire(number, "2026-03-06")
    assert whole(number).expected_until is None
    advance("1wd")
    mend(owner, number)
    reading = whole(number)
    assert (reading.state, reading.expected_until) == ("paused", date(2026, 3, 6))
    advance("5wd")
    assert (whole(number).state, whole(number).used) == ("running", 2)


def test_who_withdraws_what_was_to_be_mended_holds_nothing_up() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    ask(number)
    advance("1wd")
    owner.post(f"/cases/{cases_of(number)['shop_sign']}/withdraw/")
    advance("1wd")
    assert (whole(number).state, whole(number).used) == ("running", 1)


def test_what_is_cut_off_pauses_nothing_and_a_repeat_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = file_event(Person("resident-440103"))
    with monkeypatch.context() as cut, pytest.raises(RuntimeError):
        cut.setattr(notices, "correction", _die)
        ask(number)
    assert case(number, "shop_sign").state == "received" and turns(number) == []
    ask(number)
    for _again in range(2):
        clock.settle(number, SYSTEM)
    assert turns(number) == ["pause"]


def _die(*_given: object) -> None:
    raise RuntimeError


def test_a_passed_limit_is_not_paused_and_the_body_may_ask_all_the_same() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"], "refused")
    consent_sign(cases_of(number)["shop_sign"], "refused")
    advance("46wd")
    owner.post(f"/joint/{number}/again/", matter="individual_business")
    owner.post(owner.url, business_name="荔湾区新街口粥粉面店", true_statement="1", go="1")
    owner.post(owner.url, submit="1")
    ask(number, "market", "individual_business")
    assert Case.objects.get(number=cases_of(number)["individual_business"]).state == "correction"
    assert whole(number).card == "red" and turns(number) == []
