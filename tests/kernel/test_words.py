"""The words of a text, and the index that finds records by them."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.runtime.text import index
from lingnan.kernel.runtime.text.words import holds, joined, words
from lingnan.systems.government.geography.models import Division
from lingnan.systems.government.population.models import Resident
from tests.people import Person

REGISTER = "/desk/records/population/resident/"
TEXT = st.text(st.sampled_from("广州市天河路王伟ab12 ，Ａ〇"), max_size=20)


@pytest.mark.parametrize(("text", "found"), [
    ("王伟", ("王伟",)),
    ("天河路385号", ("天河", "河路", "385")),
    ("ＡＢＣ餐饮Co", ("abc", "餐饮", "co")),
    ("王", ()),
    ("", ()),
    ("一·二三", ("二三",)),
])  # fmt: skip
def test_words(text: str, found: tuple[str, ...]) -> None:
    assert words(text) == found == tuple(joined(text).split())


@given(TEXT, TEXT, TEXT)
def test_a_text_has_the_words_of_every_part_of_its_chinese(a: str, part: str, b: str) -> None:
    """Whatever stands in a text is among the candidates, but for a cut word of letters."""
    chinese = "".join(c for c in part if c > "ÿ" and c not in "，Ａ")
    assert set(words(chinese)) <= set(words(a + chinese + b))
    assert holds([a + chinese + b], chinese)


pytestmark = [pytest.mark.kernel]


def found(model: Any, search: str, scope: str = "") -> list[str]:
    declared = model.text_index()
    keys = index.keys(model, declared.asked(search, {}, scope), None, 50)
    return sorted(model.objects.filter(key__in=keys).values_list("name_zh", flat=True))


@pytest.mark.django_db
def test_two_characters_find_what_has_them_anywhere() -> None:
    assert found(Division, "越秀") == ["越秀区"]
    assert {"黄埔区"} <= set(found(Division, "埔区"))
    assert found(Division, "没有") == []


@pytest.mark.django_db
def test_the_index_follows_every_statement() -> None:
    today = legal_time.today()
    division = Division.objects.get(code="440104")
    with action(by="a test", reason="a new name") as act:
        changed = act.change(division, name_zh="山湾区")
        act.change(changed, valid_from=today + timedelta(days=30), name_zh="未来区")
    for search in ("越秀", "山湾", "未来"):
        keys = index.keys(Division, Division.text_index().asked(search, {}, ""), None, 9)
        assert keys == [division.key], search
    with action(by="a test", reason="new") as act:
        made = act.create(Division, code="440199", name_zh="山湾新区", level="county",
                          parent="440100", valid_from=date(2020, 1, 1))  # fmt: skip
    keys = index.keys(Division, Division.text_index().asked("山湾", {}, ""), None, 9)
    assert keys == sorted([division.key, made.key])


@pytest.mark.django_db
def test_an_exact_day_and_the_division_narrow_a_search() -> None:
    one = Resident.objects.order_by("key").first()
    assert one is not None
    declared: Any = Resident.text_index()
    for pinned, scope, there in (
        ({"birth_date": one.birth_date.isoformat()}, one.division[:6], True),
        ({"birth_date": "1799-01-01"}, "", False),
        ({}, "9999", False),
    ):
        keys = index.keys(Resident, declared.asked(one.name, pinned, scope), None, 500)
        assert (one.key in keys) is there, (pinned, scope)


@pytest.mark.django_db
def test_an_index_made_anew_finds_the_same() -> None:
    division = Division.objects.get(code="440104")
    with action(by="a test", reason="a new name") as act:
        act.change(division, name_zh="山湾区")
    before = [found(Division, search) for search in ("山湾", "越秀", "区", "埔区")]
    index.rebuild(Division)
    assert [found(Division, search) for search in ("山湾", "越秀", "区", "埔区")] == before


@pytest.mark.django_db
def test_an_official_finds_by_two_characters_in_the_middle() -> None:
    """Of a name or an address, in the official's county alone; a past name on its own day."""
    officer = Person("440103-police-records_officer")
    one = Resident.objects.filter(division="440103", ended=False).order_by("key").first()
    assert one is not None
    page = officer.post(REGISTER, q=one.address[5:9])
    assert one.address in page or 'rel="next"' in page
    elsewhere = Resident.objects.filter(division="440104").first()
    assert elsewhere is not None
    assert elsewhere.address not in officer.post(REGISTER, q=elsewhere.address[3:])
    with action(by="a test", reason="another name") as act:
        act.change(one, name="欧阳测名")
    for on, there in (("", True), (legal_time.today().isoformat(), True), ("2020-01-01", False)):
        assert ("欧阳测名" in names(officer, "阳测", on)) is there, on
    assert one.name in names(officer, one.name, "2020-01-01")


def names(officer: Person, q: str, on: str) -> list[str]:
    answer = officer.client.get("/api/records/population/resident", {"q": q, "on": on})
    return [row["elements"]["person.name"] for row in answer.json()["records"]]
