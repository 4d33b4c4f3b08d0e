"""The clock of the whole measures the bodies: neither the applicant's time nor Art. 45's."""

from datetime import date

import pytest

from lingnan.kernel.duty.api import Clock, Message, Reading, clocks
from lingnan.kernel.matters import notices
from lingnan.kernel.matters.api import Case, sweep
from lingnan.kernel.matters.joint import clock
from lingnan.kernel.trust.api import SYSTEM
from tests.clockwork import advance
from tests.people import Person, pdf
from tests.restaurants import (
    ANSWERS,
    accept_all,
    begin,
    case,
    cases_of,
    confirm_tax,
    consent_sign,
    file_event,
    license_food,
    permit_fire,
    register,
)

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


def again(owner: Person, number: str, matter: str, **said: str) -> str:
    owner.post(f"/joint/{number}/again/", matter=matter)
    owner.post(owner.url, **said, go="1")
    owner.post(owner.url, submit="1")
    return cases_of(number)[matter]


def own_limit(case: str) -> list[str]:
    told = Message.objects.filter(subject_zh=f"{case} 适用本事项的期限")
    return list(told.values_list("text_zh", flat=True))


def test_what_is_filed_again_after_the_end_has_its_own_limit_and_the_applicant_knows() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"])
    sweep()
    numbers = cases_of(number)
    consent_sign(numbers["shop_sign"], "refused")
    license_food(numbers["food_licence"])
    permit_fire(numbers["fire_safety_permit"])
    confirm_tax(numbers["tax_confirmation"])
    advance("1wd")
    assert whole(number).state == "stopped"
    assert "重新申请事项的时限" not in owner.get(f"/joint/{number}/")
    second = again(owner, number, "shop_sign", sign_text="街口粥粉面")
    page = owner.get(f"/joint/{number}/")
    assert "重新申请事项的时限" in page and "适用该事项自己的期限" in page
    assert "联合办理期限已于2026年3月3日" in page
    assert len(own_limit(second)) == 1 and "由一个机关单独办理" in own_limit(second)[0]
    Person("440103-urban-clerk").act(second, "accept")
    assert clocks.of_references([second])[second]["decision"].state == "running"
    assert turns(number) == ["stop"]
    consent_sign(second)
    sweep()
    assert "重新申请事项的时限" not in owner.get(f"/joint/{number}/")


def test_what_is_filed_again_while_the_others_go_on_is_still_part_of_the_whole() -> None:
    owner = Person("resident-440103")
    number = file_event(owner)
    accept_all(number)
    register(cases_of(number)["individual_business"], "refused")
    sweep()
    said = {"business_name": "荔湾区新街口粥粉面店", "true_statement": "1"}
    second = again(owner, number, "individual_business", **said)
    assert own_limit(second) == [] and whole(number).state == "running"
    assert "重新申请事项的时限" not in owner.get(f"/joint/{number}/")


def test_what_files_itself_after_the_end_has_its_own_limit_too() -> None:
    owner = Person("resident-440103")
    draft = begin(owner)
    owner.post(draft, choose="1", members=["individual_business", "tax_confirmation"])
    owner.post(draft, **(ANSWERS | {"file-premises_proof": pdf()}), go="1")
    owner.post(owner.url, submit="1")
    number = owner.url.strip("/").split("/")[-1]
    accept_all(number)
    register(cases_of(number)["individual_business"], "refused")
    sweep()
    said = {"business_name": "荔湾区新街口粥粉面店", "true_statement": "1"}
    second = again(owner, number, "individual_business", **said)
    Person("440103-market-clerk").act(second, "accept")
    register(second)
    sweep()
    told = own_limit(cases_of(number)["tax_confirmation"])
    assert len(told) == 1 and "承诺 当日、法定 当日" in told[0]
    assert len(own_limit(second)) == 1
