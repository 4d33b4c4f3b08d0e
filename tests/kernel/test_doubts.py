"""A doubt about one element: raised, examined, answered, and never lost."""

import re
from dataclasses import replace
from typing import Any

import pytest

from lingnan.kernel.duty.api import Clock, Message, Task, clocks
from lingnan.kernel.registry.api import raising
from lingnan.kernel.registry.models import Doubt
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Account, Body, Holding, actor_of
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.population.basis import POLICE_HEAD
from lingnan.systems.government.population.models import Correction, Household, Resident
from tests.kernel.editing import (
    HEAD,
    OFFICER,
    entry,
    fresh,
    home,
    one,
    page_of,
)
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
SAID = {"element": "person.residence_address", "said": "门牌已改", "right": "新门牌9号",
        "evidence": "门牌证 2026-02"}  # fmt: skip


AT_HOME = {"element": "household.address"}


def raised(resident: Any, login: str = HEAD, **changes: str) -> tuple[Person, str]:
    raiser = Person(login)
    raiser.post(f"{page_of(resident)}doubt/", **(SAID | changes))
    assert raiser.url.startswith("/doubts/"), raiser.text
    return raiser, raiser.url


def test_a_doubt_is_a_task_with_a_clock_and_readers_see_it() -> None:
    resident = one()
    raiser, url = raised(resident)
    assert "门牌已改" in raiser.text and "新门牌9号" in raiser.text
    task = Task.objects.get(link=url, done_at=None)
    assert task.role == "records_officer"
    clock = Clock.objects.get(reference=url.split("/")[2])
    reading = clocks.read(clock)
    assert (reading.state, reading.limit) == ("running", 10) and "未经核实" in clock.basis
    officer = Person(OFFICER)
    page = officer.get(page_of(resident))
    assert url in page and "疑义" in page
    ref = page_of(resident).split("/")[-2]
    told = officer.client.get(f"/api/records/population/resident/{ref}").json()
    assert told["doubted"] == ["person.residence_address"]
    assert url in officer.get("/desk/doubts/")


@pytest.mark.usefixtures("free_address")
def test_a_correction_from_a_doubt_answers_it_with_the_new_version() -> None:
    resident = home()
    _raiser, url = raised(resident, **AT_HOME)
    officer = Person(OFFICER)
    officer.get(url)
    officer.post(url, act="accept")
    assert officer.status == 200
    officer.post(url, act="answer", answer="corrected", text="已改")
    assert officer.status == 422  # nothing has been corrected yet
    link = re.search(r'href="([^"]*change/\?doubt=[0-9a-f]+)"', officer.text)
    assert link, officer.text
    officer.post(link[1], **entry(resident, address="新门牌9号"))
    assert officer.url == url and fresh(resident).address == "新门牌9号"
    doubt = Doubt.objects.get()
    kinds = [(event.kind, event.version) for event in raising.events(doubt)]
    assert kinds == [("accepted", None), ("corrected", 2)]
    account = Account.objects.get(login=HEAD).key
    assert Message.objects.filter(account=account, link=url).count() == 1
    assert clocks.read(Clock.objects.get(reference=url.split("/")[2])).state == "stopped"
    assert not Task.objects.filter(link=url, done_at=None).exists()
    assert url not in officer.get(page_of(resident))


@pytest.mark.usefixtures("free_address")
def test_a_correction_under_dual_control_answers_when_it_is_confirmed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = replace(Household.record, confirmed=frozenset({"address"}), confirmers=POLICE_HEAD)
    monkeypatch.setattr(Household, "record", said)
    held = home()
    _raiser, url = raised(held, **AT_HOME)
    officer, ref = Person(OFFICER), url.split("/")[2]
    officer.post(f"{page_of(held)}change/?doubt={ref}", **entry(held, address="正址1号"))
    proposal = officer.url
    assert proposal.startswith("/desk/proposals/") and raising.ended(Doubt.objects.get()) is None
    Person(HEAD).post(proposal, act="confirm", reason="属实")
    ended = raising.ended(Doubt.objects.get())
    assert ended is not None and (ended.kind, ended.version) == ("corrected", 2)


def test_a_fact_that_an_act_changes_is_corrected_at_the_counter() -> None:
    resident = one()
    raiser, url = raised(resident, element="person.name", right="正名")
    officer, head = Person(OFFICER), Person(HEAD)
    page = officer.get(url)
    way = re.search(r'href="(/desk/population/residents/[0-9a-f]+/correction/)"', page)
    assert way and "change/?doubt=" not in page
    told = {"kind": "name", "after": "正名", "grounds": "登记笔误", "papers": "户口簿"}
    officer.post(way[1], **told)
    assert officer.status == 200, officer.text
    number = Correction.objects.get(subject=resident.key, state="proposed").number
    decision, ref = f"/desk/population/corrections/{number}/", url.split("/")[2]
    assert f'value="{ref}" checked' in head.get(decision), "it wants what is proposed"
    head.post(decision, says="yes", words="属实", doubts=[ref])
    assert fresh(resident).name == "正名", head.text
    assert "属实" in raiser.get(url), "the decision answers it"
    ended = raising.ended(Doubt.objects.get())
    assert ended is not None and (ended.kind, ended.version) == ("corrected", 2)


def test_it_stands_at_its_field_with_the_way_to_it() -> None:
    resident = one()
    _raiser, url = raised(resident)
    page = Person(OFFICER).get(page_of(resident))
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.S)
    marked = {term for term, said in facts if url in said and "有疑义" in said}
    assert marked == {"住址"}
    address = next(said for term, said in facts if term == "住址")
    assert resident.address in address


def test_an_official_of_another_body_raises_one_and_the_holder_answers() -> None:
    place = Address.objects.filter(division="440103", ended=False).order_by("key").first()
    assert place is not None
    here = f"/desk/records/geography/address/{keys.veil(place.key, 'geography.address')}/"
    clerk = Person("440103-market-clerk")
    assert f"{here}doubt/" in clerk.get(here)
    element = next(iter(Address.record.elements))
    clerk.post(f"{here}doubt/", **(SAID | {"element": element}))
    assert clerk.url.startswith("/doubts/"), clerk.text
    url, doubt = clerk.url, Doubt.objects.get()
    assert doubt.holder != doubt.body == "gd-440103-market"
    clerk.post(url, act="answer", answer="upheld", text="自答")
    assert clerk.status == 403
    stranger = Person("440104-market-clerk")
    stranger.get(url)
    assert stranger.status == 404
    body = Body.objects.get(code=doubt.holder)
    account = Holding.objects.filter(body=body.code, ended=False).order_by("key").first()
    assert account is not None
    holder = Person(Account.objects.get(key=account.account).login)
    assert url in holder.get("/desk/doubts/")
    holder.post(url, act="answer", answer="upheld", text="与现场一致")
    assert holder.status == 200 and "与现场一致" in clerk.get(url)


def test_a_record_that_stands_is_answered_with_grounds_once() -> None:
    resident = one()
    raiser, url = raised(resident)
    officer = Person(OFFICER)
    officer.post(url, act="answer", answer="upheld", text="")
    assert officer.status == 422
    officer.post(url, act="answer", answer="upheld", text="门牌未变")
    assert officer.status == 200 and "门牌未变" in raiser.get(url)
    raiser.post(url, act="withdraw")
    assert raiser.status == 409
    assert [event.kind for event in raising.events(Doubt.objects.get())] == ["upheld"]


def test_the_raiser_withdraws_and_nobody_else() -> None:
    raiser, url = raised(one())
    officer = Person(OFFICER)
    officer.post(url, act="withdraw")
    assert officer.status == 403
    raiser.post(url, act="withdraw")
    assert raiser.status == 200
    officer.post(url, act="answer", answer="upheld", text="迟了")
    assert officer.status == 409


def test_strangers_see_no_doubt_and_bad_ones_are_refused() -> None:
    resident = one()
    _raiser, url = raised(resident)
    for login in ("440104-police-head", "resident-440106", "440103-market-head"):
        stranger = Person(login)
        stranger.get(url)
        assert stranger.status == 404, login
    head = Person(HEAD)
    for bad in ({"element": "person.shoe_size"}, {"said": ""}, {"right": ""}, {"said": "x" * 401}):
        page = head.post(f"{page_of(resident)}doubt/", **(SAID | bad))
        assert head.status == 422, bad
        assert "门牌证 2026-02" in page
    assert Doubt.objects.count() == 1


def test_a_system_raises_one_for_the_person_concerned() -> None:
    resident, account = one(), Account.objects.get(login="resident-440106")
    who = actor_of(account)
    assert who is not None
    doubt = raising.raise_doubt(who, Resident, resident, "person.sex", "登记有误", "2")
    person, url = Person("resident-440106"), raising.link(doubt)
    assert "登记有误" in person.get(url)
    officer = Person(OFFICER)
    officer.post(url, act="answer", answer="upheld", text="与出生证一致")
    assert "与出生证一致" in person.get(url)
    assert Message.objects.filter(account=account.key, link=url).exists()
    assert keys.unveil(url.split("/")[2], raising.CONTEXT) == doubt.key
