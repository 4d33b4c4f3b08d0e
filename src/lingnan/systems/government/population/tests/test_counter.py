"""The police counter over HTTP: a birth, a move, a split, a correction by two, a death."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.registry.projection import building
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.systems.government.population.acts.households import members
from lingnan.systems.government.population.models import (
    Correction,
    Household,
    LifeEvent,
    MigrationPaper,
    Resident,
)
from tests.kernel.uses import about, key_of, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DESK = "/desk/population/"


def subject() -> Resident:
    return Resident.objects.get(key=key_of(resident()))


def officer(role: str = "records_officer", county: str = "440103") -> Person:
    return Person(f"{county}-police-{role}")


def household(number: str) -> str:
    key = Household.objects.get(number=number).key
    return f"{DESK}households/{keys.veil(key, 'population.household')}/"


def one(row: Resident) -> str:
    return f"{DESK}residents/{keys.veil(row.key, 'population.resident')}/"


def test_the_counter_finds_who_is_asked_for_and_writes_it_down() -> None:
    counter, held = officer(), subject()
    before = len(about(held.key))
    page = counter.post(DESK, number=held.resident_number)
    assert held.name in page and counter.url == one(held)
    assert held.resident_number not in counter.url
    assert len(about(held.key)) >= before + 2
    assert "本户" in page
    counter.post(DESK, number="440103199001010000")
    assert counter.status == 404 and "没有" in counter.text
    counter.post(DESK, number="")
    assert counter.status == 422


def test_other_counties_and_other_posts_see_nothing() -> None:
    stranger = officer(county="440106")
    stranger.get(one(subject()))
    assert stranger.status == 404
    stranger.get(household(subject().household))
    assert stranger.status == 404
    clerk = officer("clerk")
    clerk.get(DESK)
    assert clerk.status == 403
    head = officer("head")
    head.get(f"{household(subject().household)}birth/")
    assert head.status == 403


def test_a_birth_at_the_counter_gives_a_number_and_a_larger_household() -> None:
    counter, home = officer(), Household.objects.get(number=subject().household)
    url = household(home.number)
    parent = keys.veil(subject().key, "population.resident")
    assert "出生" in counter.get(url)
    counter.get(f"{url}birth/")
    told: dict[str, Any] = {"name": "陈晨", "sex": "2", "born": "", "parent": parent,
                            "certificate": "K440001", "informant": "父亲"}  # fmt: skip
    counter.post(f"{url}birth/", **told)
    assert counter.status == 422 and "陈晨" in counter.text, "nothing typed is lost"
    today = legal_time.today()
    counter.post(f"{url}birth/", **(told | {"born": today.isoformat()}))
    assert counter.status == 200, counter.text
    child = Resident.objects.get(name="陈晨")
    assert counter.url == one(child) and child.resident_number in counter.text
    assert int(child.resident_number[16]) % 2 == 0 and child.household == home.number
    assert Household.objects.get(number=home.number).size == home.size + 1
    counter.post(f"{url}birth/", **(told | {"born": today.isoformat()}))
    assert counter.status == 409 and "出生医学证明" in counter.text
    counter.post(f"{url}birth/", **(told | {"born": "2999-01-01", "certificate": "K2"}))
    assert counter.status == 409
    counter.get(f"{url}nothing/")
    assert counter.status == 404


def test_a_move_over_two_counties_by_a_paper() -> None:
    held, counter = subject(), officer()
    counter.post(f"{one(held)}paper/", outside="0", place="广州市天河区", reason="购房")
    paper = MigrationPaper.objects.get(subject=held.key)
    there = officer(county="440106")
    to = Household.objects.filter(division="440106", ended=False).order_by("key")[0]
    told = {"paper": "none", "arrived": legal_time.today().isoformat(), "urban": "1"}
    there.post(f"{household(to.number)}arrival/", **told)
    assert there.status == 409
    there.post(f"{household(to.number)}arrival/", **(told | {"paper": paper.number}))
    assert there.status == 200 and "天河区" in there.text
    assert Resident.objects.get(key=held.key).household == to.number
    counter.get(one(held))
    assert counter.status == 404, "the record is the other county's now"


def test_a_split_at_the_counter() -> None:
    rows = Household.objects.filter(kind="family", size__gte=2, ended=False)
    home = rows.order_by("key")[0]
    leaver = members(home.number)[-1]
    ref = keys.veil(leaver.key, "population.resident")
    counter = officer(county=home.division)
    counter.post(f"{household(home.number)}split/", who=[ref], head=ref,
                 on=legal_time.today().isoformat(), address="新街2号", unlisted="1")  # fmt: skip
    assert counter.status == 200 and "新街2号" in counter.text
    assert Household.objects.get(number=home.number).size == home.size - 1


def test_a_correction_is_proposed_by_one_and_decided_by_another() -> None:
    held, counter, head = subject(), officer(), officer("head")
    counter.post(f"{one(held)}correction/", kind="name", after="陈新名", grounds="本人申请",
                 papers="申请书、户口簿")  # fmt: skip
    made = Correction.objects.get(subject=held.key)
    url = f"{DESK}corrections/{made.number}/"
    assert made.name in head.get(DESK)
    counter.post(url, says="yes", words="x")
    assert counter.status == 409 and Resident.objects.get(key=held.key).name == held.name
    head.post(url, says="yes")
    assert head.status == 422
    head.post(url, says="yes", words="材料齐全")
    assert head.status == 200 and Resident.objects.get(key=held.key).name == "陈新名"
    former = counter.get("/desk/records/population/formeridentity/")
    assert counter.status == 200 and "曾用" in former


def test_a_death_and_the_residents_own_page() -> None:
    held, mine = subject(), Person("resident-440103")
    page = mine.get("/population/mine/")
    assert held.resident_number in page and "/looked/" in page
    counter = officer()
    today = legal_time.today().isoformat()
    counter.post(f"{one(held)}death/", died=today, paper="D1", informant="家属")
    assert counter.status == 200 and "已死亡" in counter.text
    counter.post(f"{one(held)}move/", on=today, address="某街1号")
    assert counter.status == 409
    counter.post(f"{one(held)}undo/", grounds="误登")
    assert counter.status == 200 and not Resident.objects.get(key=held.key).ended
    kinds = set(LifeEvent.objects.filter(name=held.name).values_list("kind", flat=True))
    assert kinds == {"death", "death_undone"}


@pytest.fixture
def copy(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    yield


def test_tables_for_the_post_and_for_everybody(copy: None) -> None:
    head = officer("head")
    page = head.get(f"{DESK}tables/")
    held = Resident.objects.filter(division="440103", ended=False).count()
    assert head.status == 200 and f"{held:,}" in page and "0–4" in page and "×" not in page
    guest = Person("resident-440106")
    page = guest.get("/population/")
    assert guest.status == 200 and "广州市" in page and "不予显示" in page
    assert f"{Resident.objects.filter(ended=False).count():,}" in page
    city = guest.get("/population/?place=440100")
    rows = re.findall(r"<td[^>]*>×", city)
    assert "广州市荔湾区" in city and len(rows) > 1, "cells of few are withheld"
    guest.get("/population/?place=440100&on=2026-02-31")
    assert guest.status == 422


def test_a_past_day_has_the_codes_and_names_of_that_day() -> None:
    from datetime import date

    from lingnan.systems.government.population import places

    found = places.names_on(["440116", "440112"], date(2011, 6, 30))
    assert found == {"440116": "广州市萝岗区", "440112": "广州市黄埔区"}
    assert places.names_on(["440116"], legal_time.today()) == {"440116": "440116"}
    counts = re.findall("440118", str(places.names_on(["440183"], date(2011, 6, 30))))
    assert counts == []


def test_a_resident_doubts_a_fact_and_is_answered() -> None:
    """Raised on one's own page, a task of the police, an answer that comes as a message."""
    mine = Person("resident-440103")
    page = mine.get("/population/mine/")
    assert "/population/mine/doubt/" in page
    mine.post("/population/mine/doubt/", element="person.name", said="", right="")
    assert mine.status == 422 and "请填写文字" in mine.text
    mine.post(
        "/population/mine/doubt/",
        element="person.residence_address", said="门牌号写错", right="多宝路9号", evidence="房产证",
    )  # fmt: skip
    assert mine.status == 200 and mine.url.startswith("/doubts/") and "门牌号写错" in mine.text
    where = mine.url
    assert where in mine.get("/population/mine/")
    stranger = Person("owner-440103")
    stranger.get(where)
    assert stranger.status == 404
    police = officer()
    assert "门牌号写错" in police.get(where)
    police.post(where, act="answer", answer="upheld", text="经核对，登记与产权证一致。")
    assert "经核对" in mine.get(where)
    assert where not in mine.get("/population/mine/")
