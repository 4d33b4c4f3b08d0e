"""A wrong address is corrected for the days on which it was wrong, and nobody moves by it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from lingnan.kernel.duty.api import Message
from lingnan.kernel.exchange.api import Agreement, conclude, follow, introduce, resource, tell
from lingnan.kernel.registry.api import raising
from lingnan.kernel.registry.models import DoubtEvent
from lingnan.kernel.runtime.api import as_of, keys, legal_time
from lingnan.kernel.trust.api import Account, node_evidence
from lingnan.systems.government.population.acts import addresses, corrections, deaths, moves
from lingnan.systems.government.population.acts.addresses import Place, Wrong
from lingnan.systems.government.population.acts.households import Dwelling, members
from lingnan.systems.government.population.acts.refusals import Refused
from lingnan.systems.government.population.models import (
    Correction,
    FormerIdentity,
    Household,
    LifeEvent,
    Resident,
)
from lingnan.systems.government.population.tests.test_acts import home, later, now, officer
from lingnan.systems.government.population.tests.test_counter import DESK, household, one, subject
from tests.kernel.listening import LISTENER, listening
from tests.kernel.uses import FIRE, about, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DAY = timedelta(days=1)
RIGHT = "广州市荔湾区正名路8号"


def wrong(since: date | None = None, until: date | None = None, to: str = RIGHT) -> Wrong:
    return Wrong(Place(to), since, until, "门牌抄错", "不动产权证书")


def corrected(about_: Any, told: Wrong) -> Correction:
    made = addresses.propose(about_, told, officer())
    corrections.decide(made, True, "核对属实", officer("head"))
    return made


def then(record: Any, ago: int) -> Any:
    said: Any = as_of(type(record), record.key, legal_time.today() - ago * DAY)
    return said


def refused(code: str, about_: Any, told: Wrong) -> None:
    with pytest.raises(Refused) as found:
        addresses.propose(about_, told, officer())
    assert found.value.code == code


def test_a_household_and_its_members_are_corrected_together_and_the_past_stays() -> None:
    held, before = home(), home().address
    who = members(held.number)
    later(10)
    corrected(held, wrong())
    assert now(held).address == RIGHT and now(held).size == held.size
    for member in who:
        assert now(member).address == RIGHT and now(member).household == held.number
        assert then(member, 5).address == RIGHT, "it was never otherwise"
        said: Any = Resident.Version.objects.filter(key=member.key)
        assert said.filter(address=before).exists(), "what was known stays readable"
    entries = LifeEvent.objects.filter(kind="address", note=held.number)
    assert entries.count() == len(who)
    assert not FormerIdentity.objects.filter(value=before).exists()


def test_only_the_days_asked_for_are_corrected() -> None:
    held = home()
    before, who = held.address, members(held.number)[0]
    later(10)
    today = legal_time.today()
    corrected(held, wrong(today - 8 * DAY, today - 3 * DAY))
    assert now(held).address == before == now(who).address
    for ago, address in ((9, before), (8, RIGHT), (4, RIGHT), (3, before), (0, before)):
        assert then(held, ago).address == then(who, ago).address == address, ago


def test_who_has_left_is_corrected_for_the_time_in_the_household_alone() -> None:
    held, to = home(), home(place=1)
    leaver, died = members(held.number)[-1], members(held.number)[-2]
    later(10)
    moves.within([leaver], to, legal_time.today() - 4 * DAY, officer(), ["99"])
    deaths.enter(died, legal_time.today() - 2 * DAY, "", "D1", officer())
    corrected(now(held), wrong())
    assert now(leaver).address == to.address and then(leaver, 5).address == RIGHT
    assert then(died, 3).address == RIGHT
    deaths.undo(now(died), "误登", officer())
    assert now(died).address == RIGHT, "who comes back to the household has its address"


def test_who_has_another_address_keeps_it_and_one_may_be_corrected_alone() -> None:
    held = home()
    alone, other = members(held.number)[:2]
    corrected(alone, wrong(to="学校宿舍3栋"))
    assert now(alone).address == "学校宿舍3栋" and now(held).address == held.address
    assert now(other).address == held.address
    corrected(now(held), wrong())
    assert (now(alone).address, now(other).address) == ("学校宿舍3栋", RIGHT)


def test_a_household_founded_at_the_counter_does_not_reach_back_before_it() -> None:
    old = home()
    one_ = members(old.number)[-1]
    later(10)
    where = Dwelling(old.division, old.township, "错名街2号")
    new = moves.within([one_], where, legal_time.today() - 5 * DAY, officer(), ["02"])
    corrected(new, wrong())
    assert then(one_, 5).address == RIGHT and then(one_, 6).address == old.address


def test_what_cannot_be_proposed() -> None:
    held, today = home(), legal_time.today()
    refused("no_change", held, wrong(to=held.address))
    refused("future", held, wrong(today + DAY))
    refused("until_before", held, wrong(today, today - DAY))
    elsewhere = Wrong(Place(RIGHT, "440106"), None, None, "x", "y")
    refused("other_county", held, elsewhere)
    addresses.propose(held, wrong(), officer())
    refused("proposed_already", held, wrong(to="另一处"))


def test_who_moved_meanwhile_is_not_corrected_and_who_proposed_does_not_decide() -> None:
    one_, to = members(home().number)[-1], home(place=1)
    made = addresses.propose(one_, wrong(), officer())
    with pytest.raises(Refused, match="same_person"):
        corrections.decide(made, True, "核实", officer())
    corrections.decide(made, False, "证明不足", officer("head"))
    assert now(one_).address == one_.address and now(made).state == "refused"
    again = addresses.propose(now(one_), wrong(legal_time.today()), officer())
    moves.within([now(one_)], to, legal_time.today(), officer(), ["99"])
    with pytest.raises(Refused, match="moved_meanwhile"):
        corrections.decide(again, True, "核实", officer("head"))
    assert now(again).state == "proposed" and now(one_).address == to.address


def test_a_household_of_nobody_is_corrected_too() -> None:
    held = home()
    from lingnan.kernel.runtime.api import action

    with action(by="a test", reason="an empty household") as act:
        empty = act.create(Household, number="H-EMPTY", division=held.division, kind="family",
                           township=held.township, address="错", size=0)  # fmt: skip
    made = corrected(empty, wrong())
    assert now(empty).address == RIGHT and made.person == ""


def test_a_body_that_follows_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    listener = listening(monkeypatch)
    code, basis = "population.identity", "《消防法》（2021-04-29）第十五条"
    elements = ("person.residence_address",)
    conclude("T-ADDR", code, FIRE, "a_test", basis, elements, by="a test")
    follow(code, FIRE, introduce(resident().subject, to=FIRE), "a_test", basis, elements,
           "T-1", LISTENER)  # fmt: skip
    held = Resident.objects.get(key=key_of(resident()))
    corrected(Household.objects.get(number=held.household), wrong())
    assert tell()["told"] == 1
    (change,) = listener.heard
    assert change.elements["person.residence_address"] == (held.address, RIGHT)


def _typed(**more: str) -> dict[str, str]:
    told = {"address": RIGHT, "room": "", "unlisted": "1", "since": "", "until": "",
            "grounds": "门牌抄错", "papers": "不动产权证书"}  # fmt: skip
    return told | more


def _clerk(role: str = "records_officer") -> Person:
    return Person(f"440103-police-{role}")


def test_at_the_counter_a_standard_address_is_found_read_and_decided_on() -> None:
    held, counter, head = subject(), _clerk(), _clerk("head")
    code, text = _some_address(held.address)
    url = f"{one(held)}address/"
    assert url in counter.get(one(held)) and held.address in counter.get(url)
    page = counter.post(url, **_typed(address=text, unlisted="", look="address"))
    assert counter.status == 200 and "address__code" in page and "门牌抄错" in page
    assert code in counter.get(f"{DESK}addresses/?address={text}")
    counter.post(url, **_typed(address=text[:-1], unlisted="", whom="all"))
    assert counter.status == 422 and "不动产权证书" in counter.text, "nothing typed is lost"
    told = _typed(address=text[:-1], unlisted="", whom="all", address__code=code, room="3楼301房")
    counter.post(url, **told)
    assert counter.status == 200, counter.text
    made = Correction.objects.get(state="proposed", kind="address")
    assert (made.after, made.place) == (f"{text}3楼301房", code)
    assert made.household == held.household and made.township
    counter.post(url, **told)
    assert counter.status == 409
    before = len(about(held.key))
    page = head.get(f"{DESK}corrections/{made.number}/")
    assert code in page and made.after in page and len(about(held.key)) == before + 1
    head.post(f"{DESK}corrections/{made.number}/", says="yes", words="核对属实")
    assert head.status == 200, head.text
    assert all(row.address == made.after for row in members(held.household))
    assert Household.objects.get(number=held.household).township == made.township


def _some_address(other_than: str) -> tuple[str, str]:
    shared = resource("geography.address")
    assert shared.suggest is not None
    found = shared.suggest("路", "440103", 8) or shared.suggest("街", "440103", 8)
    return next((code, text) for code, text in found if text != other_than)


def test_who_moves_is_entered_at_a_standard_address_or_as_written() -> None:
    held, counter, today = subject(), _clerk(), legal_time.today().isoformat()
    code, text = _some_address(held.address)
    url = f"{one(held)}move/"
    told = {"on": today, "household": "", "relation": "", "address": text[:-1], "room": "",
            "unlisted": "", "informant": "本人"}  # fmt: skip
    page = counter.post(url, **(told | {"on": "", "look": "address"}))
    assert counter.status == 200 and "address__code" in page and "请填写" not in page
    counter.post(url, **told)
    assert counter.status == 422 and "本人" in counter.text, "nothing typed is lost"
    counter.post(url, **(told | {"address": "", "room": "301房"}))
    assert counter.status == 422 and "请先填写地址" in counter.text
    shared: Any = resource("geography.address")
    elsewhere = shared.suggest("路", "440106", 1)[0][0]
    counter.post(url, **told, address__code=elsewhere)
    assert counter.status == 409 and now(held).version == held.version
    counter.post(url, **(told | {"room": "3楼301房"}), address__code=code)
    assert counter.status == 200, counter.text
    moved = now(held)
    new = Household.objects.get(number=moved.household)
    assert moved.address == new.address == f"{text}3楼301房" and new.township
    assert (
        LifeEvent.objects.get(name=held.name, kind="moved").note == f"{new.number}；标准地址{code}"
    )
    place = shared.find(code)
    read: Any = node_evidence.reader().by_subject("place", place, None, limit=1)[0].payload
    assert read["purpose"] == "address_registration", "and not to correct an address"


def test_a_newcomer_to_an_estate_without_a_standard_address_is_entered() -> None:
    held, counter = subject(), _clerk()
    _code, text = _some_address(held.address)
    url = f"{household(held.household)}newcomer/"
    told = {"number": "430102199003070119", "name": "新来者", "paper": "迁移证1号", "relation": "",
            "arrived": legal_time.today().isoformat(), "address": text[:-1], "unlisted": "1",
            "room": "新苑小区5栋"}  # fmt: skip
    counter.post(url, **told)
    assert counter.status == 200, counter.text
    came = Resident.objects.get(name="新来者")
    assert came.address == f"{text[:-1]}新苑小区5栋"
    assert LifeEvent.objects.get(name=came.name).note == "无标准地址，按申报登记"


def test_without_an_agreement_no_code_is_read_and_words_stand_as_written() -> None:
    held, counter = subject(), _clerk()
    code, text = _some_address(held.address)
    from lingnan.kernel.runtime.api import action

    with action(by="a test", reason="ended") as act:
        act.end(Agreement.objects.get(number="GD-2026-0402"))
    told = _typed(address=text, unlisted="", whom="all", address__code=code)
    counter.post(f"{one(held)}address/", **told)
    assert counter.status == 422 and not Correction.objects.filter(kind="address").exists()
    counter.post(f"{one(held)}address/", **(told | {"unlisted": "1"}))
    made = Correction.objects.get(kind="address")
    assert (made.after, made.place) == (text, "")
    assert "不是标准地址" in _clerk("head").get(f"{DESK}corrections/{made.number}/")


def test_bad_answers_are_refused_in_words() -> None:
    held, counter = subject(), _clerk()
    url = f"{household(held.household)}address/"
    for bad in ({"grounds": ""}, {"papers": ""}, {"address": ""}, {"since": "2026-02-31"},
                {"address": "甲" * 121}, {"grounds": "甲" * 201}):  # fmt: skip
        counter.post(url, **_typed(**bad))
        assert counter.status == 422 and "id_" in counter.text, bad
    counter.post(url, **_typed(since="2999-01-01"))
    assert counter.status == 409
    counter.post(url, **_typed(address__code="440103001999999999", unlisted=""))
    assert counter.status == 422
    counter.post(f"{one(held)}address/", **_typed())
    assert counter.status == 422, "whose address it is has to be said"
    assert not Correction.objects.filter(kind="address").exists()


def test_strangers_and_heads_do_not_propose() -> None:
    held = subject()
    stranger = Person("440106-police-records_officer")
    for url in (f"{one(held)}address/", f"{household(held.household)}address/"):
        stranger.get(url)
        assert stranger.status == 404
        head = _clerk("head")
        head.get(url)
        assert head.status == 403
    nobody = Person("resident-440103")
    nobody.get(f"{DESK}addresses/?address=路")
    assert nobody.status == 403


def test_a_decision_answers_the_doubts_that_it_names_and_no_other() -> None:
    held, mine, counter, head = subject(), Person("resident-440103"), _clerk(), _clerk("head")
    where = []
    for right in ("正名路8号", "多宝路9号"):
        mine.post("/population/mine/doubt/", element="person.residence_address", right=right,
                  said="门牌号写错", evidence="房产证")  # fmt: skip
        where.append(mine.url)
    url = f"{one(held)}address/"
    assert url in counter.get(where[0]), "the doubt leads to the act"
    counter.post(url, **_typed(whom="all"))
    made = Correction.objects.get(kind="address")
    decision = f"{DESK}corrections/{made.number}/"
    page = head.get(decision)
    same, other = (url.split("/")[-2] for url in where)
    assert re.search(rf'value="{same}" checked', page), "what it wants is what is proposed"
    assert re.search(rf'value="{other}"(?! checked)', page) and "多宝路9号" in page
    head.post(decision, says="yes", words="经核对属实", doubts=["0" * 32])
    assert head.status == 422 and not DoubtEvent.objects.exists()
    head.post(decision, says="yes", words="经核对属实", doubts=[same])
    ended = DoubtEvent.objects.get()
    assert raising.reference(ended.doubt) == same and ended.kind == "corrected"
    assert ended.text == "经核对属实" and ended.version == now(held).version
    assert "经核对属实" in mine.get(where[0]) and "经核对属实" not in mine.get(where[1])
    counter.post(where[1], act="answer", answer="upheld", text="不动产权证书所载为正名路8号。")
    assert "所载为正名路" in mine.get(where[1]), "it is answered by itself"
    account = Account.objects.get(login="resident-440103").key
    told = Message.objects.get(account=account, link="/population/mine/")
    assert RIGHT in told.text_zh and made.number in told.text_zh
    page = mine.get("/population/mine/")
    assert RIGHT in page and "地址更正" in page


def test_by_hand_and_by_file_no_address_of_a_household_changes() -> None:
    held, counter = home(), _clerk()
    ref = keys.veil(held.key, "population.household")
    here = f"/desk/records/population/household/{ref}/"
    form = counter.get(f"{here}change/")
    assert f"{household(held.number)}address/" in form and 'name="v_address"' not in form
    for field in ("address", "township"):
        counter.post(f"{here}change/", **{f"v_{field}": "1", "v_kind": held.kind, "step": "do",
                     "version": str(held.version), "reason": "试一试"})  # fmt: skip
        assert counter.status == 422 and "更正地址" in counter.text, field
    assert now(held).version == held.version
