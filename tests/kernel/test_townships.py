"""Townships of a county and of a city: they add up, agree with the counties, and hide together."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from lingnan.kernel.registry.api import statistics
from lingnan.kernel.registry.places import names_of_places
from lingnan.kernel.registry.projection import building, engine, manifest
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.geography.models import Division
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/desk/records/population/resident/statistics/"
API = "/api/records/population/resident/statistics"
COUNTY, CITY = "440103", "440100"
HEAD, OFFICER = "440103-police-head", "440103-police-records_officer"
CITY_HEAD = "440100-police-head"


@pytest.fixture(autouse=True)
def copy(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    yield


def counted(dimensions: list[str], place: str, **more: Any) -> statistics.Counted:
    day = legal_time.today()
    return statistics.table(Resident, dimensions, day, division=place, **more)


def test_townships_say_what_the_records_say() -> None:
    found = counted(["township", "sex"], COUNTY, disclosure=False)
    said = {
        (row[0], column): count
        for row, counts in zip(found.rows, found.cells, strict=False)
        for column, count in zip(found.columns, counts, strict=False)
        if count
    }
    residents = Resident.objects.filter(ended=False, division=COUNTY)
    assert said == dict(Counter(residents.values_list("township", "sex")))
    assert found.total == residents.count()
    assert [axis.code for axis in found.axes] == ["township"]


def test_a_city_has_its_counties_townships_and_they_add_up() -> None:
    city = counted(["sex", "township"], CITY, disclosure=False)
    county = counted(["township", "sex"], CITY, disclosure=False, within=COUNTY)
    assert [axis.code for axis in city.axes] == ["division", "township"]
    lines = dict(zip(city.rows, city.cells, strict=False))
    for row, cells in zip(county.rows, county.cells, strict=False):
        assert lines[(COUNTY, *row)] == cells
    assert city.total == Resident.objects.filter(ended=False, division__startswith="4401").count()


@pytest.mark.parametrize("other", ["sex", "birth_date", "nation", "urban"])
def test_what_the_counties_table_withholds_no_township_tells(other: str) -> None:
    above = counted(["division", other], CITY)
    below = counted(["township", other], CITY)
    flat = counted(["township", other], CITY, disclosure=False)
    assert counted(["township", other], CITY).cells == below.cells, "the same each time"
    county_lines = dict(zip(above.rows, above.cells, strict=False))
    if above.across is not None and above.across.code == "division":
        turned = zip(*above.cells, strict=True)
        county_lines = {(code,): line for code, line in zip(above.columns, turned, strict=False)}
    assert below.hides
    for row, shown, true in zip(below.rows, below.cells, flat.cells, strict=False):
        for at, count in enumerate(shown):
            assert count in (None, true[at]) and (count is None or not 0 < count < 10)
            assert county_lines[(row[0],)][at] is not None or count is None
    for place in {row[0] for row in below.rows}:
        one = [line for row, line in zip(below.rows, below.cells, strict=False) if row[0] == place]
        for at, total in enumerate(county_lines[(place,)]):
            assert total is None or [line[at] for line in one].count(None) != 1


def test_totals_of_townships_are_the_same_in_every_table() -> None:
    alone = counted(["township"], CITY)
    for other in ("sex", "birth_date", "nation", "urban"):
        found = counted(["township", other], CITY)
        for row, plain, line in zip(alone.rows, alone.cells, found.cells, strict=False):
            # Where the counties' table withholds a county's total, its townships' go too.
            assert line[-1] in (plain[0], None), (other, row)


def test_the_page_and_the_interface_count_a_county_chosen() -> None:
    head, officer, city = Person(HEAD), Person(OFFICER), Person(CITY_HEAD)
    page = head.get(f"{PAGE}?by=township&and=sex")
    assert head.status == 200 and "街道" in page and 'name="within"' not in page
    assert "×" in officer.get(f"{PAGE}?by=township&and=birth_date")
    page = city.get(f"{PAGE}?by=township&within={COUNTY}")
    assert city.status == 200 and "街道" in page and 'name="within"' in page
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None and payload["within"] == COUNTY
    told = city.client.get(f"{API}?by=township&and=sex&within={COUNTY}").json()
    assert told["dimensions"] == ["township"] and told["across"] == "sex"


def test_places_are_called_by_their_names_of_the_day() -> None:
    day = legal_time.today()
    assert names_of_places(["440107"], date(2004, 1, 1)) == {"440107": "芳村区"}
    legal_time.move_to(legal_time.now() + timedelta(days=10))
    with action(by="a test", reason="renamed") as act:
        act.change(Division.objects.get(code="440103001"), name_zh="沙洲街道")
    codes = ["440103001", "440103002"]
    assert names_of_places(codes, day) == {"440103001": "沙面街道", "440103002": "岭南街道"}
    assert names_of_places(codes, legal_time.today())["440103001"] == "沙洲街道"


def test_a_countys_own_tables_go_down_to_its_townships() -> None:
    text = html.fromstring(Person(HEAD).get("/desk/population/tables/")).text_content()
    town = Resident.objects.filter(ended=False, division=COUNTY).first()
    assert town is not None
    assert names_of_places([town.township])[town.township] in text


@pytest.mark.parametrize(
    "query",
    [
        "by=township&within=440304",
        "by=township&within=44",
        "by=township&and=domicile&within=440103",
        "by=township&and=sex&also=urban&within=440103",
        "by=sex&within=440103",
    ],
)
def test_a_table_that_there_is_not_is_refused_in_words(query: str) -> None:
    city = Person(CITY_HEAD)
    page = city.get(f"{PAGE}?{query}")
    assert city.status == 422 and "错误" in html.fromstring(page).text_content()
    answer = city.client.get(f"{API}?{query}")
    assert answer.status_code == 422 and answer.json()["detail"]
    city.get(f"{PAGE}table.csv?{query}")
    assert city.status == 422


def test_without_a_copy_nothing_is_counted() -> None:
    (manifest.folder(Resident) / manifest.NAME).unlink()
    assert Person(HEAD).client.get(f"{API}?by=township").status_code == 503


def test_the_interface_is_described() -> None:
    told = Person(HEAD).client.get("/api/openapi.json").json()
    operation = told["paths"]["/api/records/{system}/{name}/statistics"]["get"]
    names = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
    assert names == {"by", "and", "also", "within", "on", "known"}


def test_a_figure_of_counties_stands_on_a_map_and_what_is_withheld_is_hatched() -> None:
    city = Person(CITY_HEAD)
    root = html.fromstring(city.get(f"{PAGE}?by=division&and=sex&figure=is-2"))
    title = root.xpath("string(//figure[contains(@class,'map')]/figcaption)")
    assert "女" in title and "2026" in title and "公安" in title
    areas = root.xpath("//svg[@role='group']//*[contains(@class,'region')]/@aria-label")
    women = Resident.objects.filter(ended=False, division=COUNTY, sex="2").count()
    assert f"荔湾区 {women:,}" in areas and len(areas) == 11
    city.get(f"{PAGE}?by=division&and=sex&figure=is-9")
    assert city.status == 422


@pytest.mark.parametrize("query", ["by=division&and=sex", f"by=township&and=sex&within={COUNTY}"])
def test_one_query_counts_a_page(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counties' table beside a guarded one by township is of the same rows."""
    officer, opened, connect = Person("440100-police-records_officer"), [], engine.connect
    monkeypatch.setattr(engine, "connect", lambda: opened.append(1) or connect())
    officer.get(f"{PAGE}?{query}")
    assert officer.status == 200 and len(opened) == 1
