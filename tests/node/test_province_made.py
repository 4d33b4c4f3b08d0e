"""Making the province in a database: what is said before, who can sign in, who is offered."""

import re
from collections import Counter, namedtuple
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.matters import competence
from lingnan.kernel.matters.api import find
from lingnan.kernel.trust.api import Account, Body, Holding
from lingnan.node import room, world
from lingnan.node.models import Making
from lingnan.node.prepare import main
from lingnan.systems.government.population.models import Household, LifeEvent, Resident
from tests.people import Person

Usage = namedtuple("Usage", "total used free")


def free(bytes_free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _path: Usage(1, 1, bytes_free))


def test_what_the_disk_needs_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(room.needed(1_000_000), monkeypatch)
    said = room.statement(1_000_000, tmp_path)
    assert re.search(r"needs about 740 MB of disk", said) and str(tmp_path) in said


def test_a_disk_that_is_too_small_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free(room.needed(1_000_000) - 1, monkeypatch)
    with pytest.raises(room.NoRoom, match=r"1,000,000 residents needs about .* choose fewer"):
        room.statement(1_000_000, tmp_path)


@pytest.mark.parametrize(("words", "said"), [
    (["599"], "600 to 104,303,132"), (["104303133"], "600 to 104,303,132"),
])  # fmt: skip
@pytest.mark.django_db(transaction=False)
def test_a_size_that_is_no_province_is_refused(
    words: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("sys.argv", ["prepare", *words])
    monkeypatch.setattr("lingnan.node.province.Body.objects", Body.objects.none())
    monkeypatch.setattr("lingnan.node.province.Making.objects", Making.objects.none())
    assert main() == 1
    assert said in capsys.readouterr().out


pytestmark = [pytest.mark.django_db]


def test_the_register_holds_the_world() -> None:
    made = world.make(2011, Resident.objects.get(pk=first_key()).recorded_at.date(), 600)
    people = [row for chunk in made.residents() for row in chunk["resident_number"]]
    events = Counter(LifeEvent.objects.values_list("kind", flat=True))
    born, died = events["birth"], events["death"]
    held = set(Resident.objects.values_list("resident_number", flat=True))
    assert held > set(people) and len(held) == len(people) + born
    homes = {home.number: home for home in Household.objects.all()}
    assert sum(home.size for home in homes.values()) == len(people) + born - died
    assert (len(people), born, died) == (600, 2, 1)
    for resident in Resident.objects.all()[:50]:
        home = homes[resident.household]
        assert (home.address, home.township) == (resident.address, resident.township)


def first_key() -> int:
    return int(Resident.objects.order_by("key").values_list("key", flat=True)[0])


def test_every_post_of_every_body_is_held_by_somebody_who_can_sign_in() -> None:
    posts = world.table("posts.toml")["posts"]
    held: dict[tuple[str, str], int] = {}
    for body, role in Holding.objects.values_list("body", "role"):
        held[body, role] = held.get((body, role), 0) + 1
    bodies = list(Body.objects.all())
    for body in bodies:
        for post in posts:
            operator = post["role"] == "operator"
            if post["function"] == body.function and body.tier in post["tiers"] and not operator:
                assert held.pop((body.code, post["role"])) == post.get("holders", 1)
    assert held == {("gd-440000-data", "operator"): 1}
    officials = Account.objects.filter(kind="official")
    assert set(officials.values_list("key", flat=True)) == set(
        Holding.objects.values_list("account", flat=True)
    )
    for login in ("445381-urban-inspector-2", "441900-market-clerk", "440000-supervision-leader"):
        assert Person(login).get("/") and Account.objects.get(login=login).name


def page(**query: str) -> str:
    answer = Client().get("/signin/", query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def offered(text: str) -> list[str]:
    return re.findall(r'name="demonstration" value="([^"]*)"', text)


def test_the_first_place_is_offered_and_no_other() -> None:
    logins = offered(page())
    assert logins[:2] == ["resident-440103", "owner-440103"]
    assert len([login for login in logins if not login[0].isdigit()]) == 8
    officials = [login for login in logins if login[0].isdigit()]
    assert {login[:6] for login in officials} == {"440103"} and len(officials) < 60
    assert "440103-market-inspector-2" in officials


@pytest.mark.parametrize(("city", "county", "shown", "name"), [
    ("445300", "445381", "445381", "罗定市"), ("441800", "", "441800", "清远市"),
    ("440000", "", "440000", "广东省"), ("441900", "", "441900", "东莞市"),
    # A county of another city, or none at all: the city's own.
    ("441800", "440103", "441800", "清远市"), ("441800", "x'", "441800", "清远市"),
    ("nowhere", "", "440103", "广州市荔湾区"), ("", "441803", "440103", "广州市荔湾区"),
])  # fmt: skip
def test_another_place_is_chosen_by_address(city: str, county: str, shown: str, name: str) -> None:
    text = page(city=city, county=county, next="/messages/")
    officials = {login[:6] for login in offered(text) if login[0].isdigit()}
    assert officials == {shown}
    assert re.search(rf"<h2>[^<]*<small>{name}</small></h2>", text)
    assert 'type="hidden" name="next" value="/messages/"' in text


def test_every_official_is_offered_somewhere() -> None:
    first = page()
    cities = re.findall(r'<option value="(\d{6})"', first.partition('name="city"')[2])
    assert len([code for code in cities if code.endswith("00")]) == 22
    text = page(city="441900")
    assert 'name="county"' not in text
    assert "441900-supervision-leader" in offered(text)


@pytest.mark.parametrize("code", ["individual_business", "fire_safety_permit"])
def test_a_city_without_counties_handles_what_a_county_does(code: str) -> None:
    found = find(code)
    assert found is not None
    bodies = competence.bodies(found[1])
    above = {body.division for body in bodies if body.tier != "county"}
    assert above == {"441900", "442000"}
    assert len(bodies) == 122 + 2
