"""The pages of the exchange: what exists, who may use it on which basis, who used it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lingnan.kernel.exchange.api import (
    Agreement,
    Question,
    SetUse,
    ask,
    conclude,
    introduce,
    opened,
    resources,
    single,
)
from lingnan.kernel.registry.projection import building
from lingnan.kernel.runtime.api import action
from lingnan.kernel.trust.api import Account, EvidenceUnavailable
from lingnan.kernel.trust.evidence.api import Reader
from lingnan.systems.government.population.models import Resident
from lingnan.systems.government.resource_exchange import usage
from lingnan.systems.government.resource_exchange.demo import AGREEMENTS
from tests.kernel.uses import FIRE, IDENTITY, MARKET, identity, introduced, resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
DESK, CATALOGUE = "/desk/exchange/", "/catalogue/"
HOLDER, OTHER, OPERATOR = (
    "440103-police-data_officer",
    "440103-market-data_officer",
    "440000-data-operator",
)


def public(url: str) -> Any:
    """A page as somebody sees it who is not signed in."""
    return Client().get(url)


def read_as_fire() -> None:
    """One use by the fire brigade."""
    single(identity(
        consumer=FIRE, purpose="fire_safety_permit",
        basis="《行政许可法》（2019-04-23）第三十三条",
        subjects=(introduce(resident().subject, to=FIRE),),
    ))  # fmt: skip


def counted(consumer: str, purpose: str) -> int:
    return usage.of(resources()[IDENTITY]).counts[(consumer, purpose)]


def test_everybody_sees_the_whole_catalogue() -> None:
    page = public(CATALOGUE).content.decode()
    for code in resources():
        assert f"/catalogue/{code}/" in page


def test_an_entry_says_what_on_which_basis_and_who_may_use_it() -> None:
    for code, resource in resources().items():
        page = public(f"{CATALOGUE}{code}/").content.decode()
        assert resource.basis in page and str(resource.condition.zh) in page
        for element, title in resource.elements.items():
            assert element in page and title.zh in page
        for number, of, _consumer, _purpose, basis, _elements in AGREEMENTS:
            assert (number in page) == (of == code)
            assert of != code or basis in page


def test_who_may_ask_for_data_is_led_from_its_entry_to_the_asking() -> None:
    asking = f"/desk/consents/new/?resource={IDENTITY}"
    assert asking in Person("440000-tax-data_officer").get(f"{CATALOGUE}{IDENTITY}/")
    page = Person("440000-tax-data_officer").get(asking)
    assert 'name="purpose"' in page
    for login in ("440000-tax-clerk", "resident-440103"):
        assert asking not in Person(login).get(f"{CATALOGUE}{IDENTITY}/")
    assert "/desk/consents/new/" not in public(f"{CATALOGUE}{IDENTITY}/").content.decode()
    (secret,) = (code for code, one in resources().items() if one.sharing == "refused")
    page = Person("440000-tax-data_officer").get(f"{CATALOGUE}{secret}/")
    assert "/desk/consents/new/" not in page, "what is not shared is not asked for"


def test_a_data_officer_begins_at_the_exchange() -> None:
    person = Person("440000-tax-data_officer")
    assert person.client.get("/").headers["Location"] == DESK


def test_what_is_not_in_the_catalogue_is_not_found() -> None:
    assert public(f"{CATALOGUE}nobody.knows/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ("q=经营场所", "legal_persons.businesses_of_person", IDENTITY),
        ("q=Home+address", IDENTITY, "credit.standing"),
        ("q=禁业", "credit.standing", IDENTITY),
        ("q=POPULATION", IDENTITY, "credit.standing"),
        ("subject=person", IDENTITY, "geography.address"),
        ("subject=place", "geography.address", IDENTITY),
        ("sharing=unconditional", "geography.address", IDENTITY),
        ("subject=person&q=identity", IDENTITY, "credit.standing"),
    ],
)
def test_the_catalogue_is_searched_by_words(asked: str, found: str, not_found: str) -> None:
    page = public(f"{CATALOGUE}?{asked}").content.decode()
    assert f"/catalogue/{found}/" in page and f"/catalogue/{not_found}/" not in page


@pytest.mark.parametrize("asked", ["sharing=refused&subject=place", "q=没有这样的数据"])
def test_what_fits_nothing_says_so(asked: str) -> None:
    page = public(f"{CATALOGUE}?{asked}").content.decode()
    assert "没有符合的资源" in page and "显示全部" in page


def test_a_filter_that_does_not_exist_filters_nothing() -> None:
    page = public(f"{CATALOGUE}?sharing=%22%3E&subject=everybody").content.decode()
    assert all(f"/catalogue/{code}/" in page for code in resources())


def test_the_desk_shows_every_agreement_with_its_basis() -> None:
    person = Person("440103-data-data_officer")
    pages = list(turned(person, "next"))
    for number, _resource, _consumer, _purpose, basis, _elements in AGREEMENTS:
        assert sum(number in page and basis in page for page in pages) == 1
    back = list(turned(person, "prev", re.findall(r"before=[^#\"]+", pages[-1])[0]))
    assert len(back) == len(pages) - 1 > 0
    assert all(page.count("<td") < 300 for page in pages), "a page that can be read on a phone"
    assert not any("credit_check" in page for page in pages), "each purpose has a title"
    for asked in ("after=zz", "before=0", "after=" + "9" * 500):
        person.get(f"{DESK}?{asked}")
        assert person.status == 200


def turned(person: Person, way: str, asked: str = "") -> Iterator[str]:
    """The pages of agreements from one on."""
    while True:
        page = person.get(f"{DESK}?{asked}")
        yield page
        found = re.search(rf'rel="{way}" href="\?([^#"]+)#agreements"', page)
        if found is None:
            return
        asked = found[1]


def test_an_ended_agreement_is_no_longer_shown() -> None:
    with action(by="a test", reason="revoked") as act:
        act.end(Agreement.objects.get(number="GD-2022-0002"))
    person = Person("440103-data-data_officer")
    assert not any("GD-2022-0002" in page for page in turned(person, "next"))
    assert "GD-2022-0002" not in public(f"{CATALOGUE}{IDENTITY}/").content.decode()


@pytest.mark.parametrize("login", ["resident-440103", "440103-market-clerk"])
def test_the_desk_is_for_data_officers(login: str) -> None:
    person = Person(login)
    person.get(DESK)
    assert person.status == 403


def test_uses_are_counted_by_body_and_purpose() -> None:
    before = counted(FIRE, "fire_safety_permit"), counted(MARKET, "individual_business")
    read_as_fire()
    read_as_fire()
    single(identity())
    after = counted(FIRE, "fire_safety_permit"), counted(MARKET, "individual_business")
    assert after == (before[0] + 2, before[1] + 1)


def test_uses_about_many_and_figures_are_counted_once_each(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    basis, elements = "《某条例》第一条", ["person.name", "person.sex"]
    conclude("RX-1", IDENTITY, FIRE, "usage_of_sets", basis, elements, "a test",
             uses=["set", "aggregate"])  # fmt: skip
    whom = Resident.objects.values_list("key", flat=True)[:30]
    opened(SetUse(IDENTITY, FIRE, "usage_of_sets", basis, "", "a test", ("person.name",), "rx-1"),
           introduced(whom, FIRE))  # fmt: skip
    ask(Question(IDENTITY, FIRE, "usage_of_sets", basis, "", "a test", ("sex",)))
    found = usage.of(resources()[IDENTITY])
    assert found.counts[(FIRE, "usage_of_sets")] == 2 and found.about[(FIRE, "usage_of_sets")] == 1
    assert "usage_of_sets" in Person(HOLDER).get(f"{CATALOGUE}{IDENTITY}/")


def test_the_holder_and_the_operator_see_who_used_it_and_nobody_else() -> None:
    read_as_fire()
    url = f"{CATALOGUE}{IDENTITY}/"
    for login in (HOLDER, OPERATOR):
        page = Person(login).get(url)
        assert "谁使用过" in page and "荔湾区消防救援大队" in page, login
    for login in (OTHER, "440103-police-head", "resident-440103"):
        assert "谁使用过" not in Person(login).get(url), login
    assert "谁使用过" not in public(url).content.decode()


def test_the_desk_counts_what_the_post_answers_for() -> None:
    read_as_fire()
    total = usage.of(resources()[IDENTITY]).total
    assert f"共使用 {total:,} 次" in Person(HOLDER).get(DESK)
    everything = usage.together(usage.of(one) for one in resources().values()).total
    assert f"共使用 {everything:,} 次" in Person(OPERATOR).get(DESK)
    assert "本部门没有列入目录的资源" in Person("440103-fire-data_officer").get(DESK)


def test_without_the_evidence_the_rest_of_the_page_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*said: Any) -> None:
        raise EvidenceUnavailable("down")

    monkeypatch.setattr(Reader, "tally", refuse)
    for url in (DESK, f"{CATALOGUE}{IDENTITY}/"):
        page = Person(OPERATOR).get(url)
        assert "暂时读不到留痕证据" in page and "GD-2022-0001" in page


def test_only_the_newest_uses_are_counted_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    read_as_fire()
    read_as_fire()
    monkeypatch.setattr(usage, "LIMIT", 1)
    page = Person(OPERATOR).get(f"{CATALOGUE}{IDENTITY}/")
    # The newest of each kind of use.
    assert re.search("共使用 [123] 次", page) and "只统计最近的使用" in page


def test_who_was_asked_about_is_not_shown() -> None:
    read_as_fire()
    account = Account.objects.get(login="resident-440103")
    for url in (DESK, f"{CATALOGUE}{IDENTITY}/"):
        page = Person(OPERATOR).get(url)
        assert account.name not in page and account.subject not in page


def test_each_agreement_covers_what_its_resource_offers() -> None:
    for _number, code, _consumer, _purpose, _basis, elements in AGREEMENTS:
        assert set(elements) <= set(resources()[code].elements)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_are_in_both_languages(language: str) -> None:
    page = Person(OPERATOR, language).get(DESK)
    words = {"zh-hans": "生效中的协议", "en": "Agreements in force"}
    assert words.pop(language) in page and not any(word in page for word in words.values())
