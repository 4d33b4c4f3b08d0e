"""The room of indicators: adding up, keeping, and showing what was computed."""

import csv
import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from ninja import NinjaAPI
from ninja.testing import TestClient

from lingnan.kernel.insight import values
from lingnan.kernel.insight.api import PROVINCE, Figure, added_up, by_division, compute_all, series
from lingnan.kernel.insight.declaration import UnknownIndicator, indicator, indicators
from lingnan.kernel.insight.http import router
from lingnan.kernel.insight.models import Value
from lingnan.kernel.runtime import days
from lingnan.kernel.runtime.api import legal_time

CODE = "fields_prefilled"
COUNTIES = st.sampled_from(["440103", "440106", "440305", "441900", "442000", "445122", "440100"])
FIGURES = st.dictionaries(
    COUNTIES, st.builds(Figure, st.integers(0, 10**9), st.integers(0, 10**9)), max_size=7
)
db = [pytest.mark.django_db, pytest.mark.kernel]


@given(figures=FIGURES)
def test_the_cities_add_up_to_the_province(figures: dict[str, Figure]) -> None:
    found = added_up(figures)
    cities = [figure for place, figure in found.items() if place != PROVINCE]
    assert all(place.endswith("00") for place in found)
    whole = found.get(PROVINCE, Figure(0, 0))
    assert sum(figure.numerator for figure in cities) == whole.numerator
    assert sum(figure.denominator or 0 for figure in cities) == whole.denominator
    assert whole == sum(figures.values(), Figure(0, 0))


def test_what_the_province_does_itself_belongs_to_no_city() -> None:
    found = added_up({PROVINCE: Figure(1, 2), "440103": Figure(3, 4)})
    assert found == {PROVINCE: Figure(4, 6), "440100": Figure(3, 4)}


def test_a_share_is_never_added_to_a_number() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Figure(1) + Figure(1, 2)


@pytest.mark.parametrize(
    ("figure", "value"), [(Figure(1, 4), 25.0), (Figure(0, 0), None), (Figure(7), 7.0)]
)
def test_a_share_of_nothing_is_none(figure: Figure, value: float | None) -> None:
    assert figure.value == value


class TestKept:
    pytestmark = db

    @pytest.fixture
    def counted(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, Figure]:
        """What the indicator will find; the test changes it."""
        found: dict[str, Figure] = {"440103": Figure(1, 4), "441900": Figure(2, 4)}
        one = indicator(CODE)
        monkeypatch.setitem(vars(one), "compute", lambda on: dict(found))
        return found

    def test_the_same_day_again_keeps_nothing_new(self, counted: dict[str, Figure]) -> None:
        assert compute_all() > 0
        assert compute_all() == 0
        counted["440103"] = Figure(2, 4)
        assert compute_all() == 2  # the city and the province
        assert by_division(CODE) == {
            PROVINCE: Figure(4, 8), "440100": Figure(2, 4), "441900": Figure(2, 4)
        }  # fmt: skip
        assert Value.objects.filter(indicator=CODE, division="440100").count() == 2

    def test_each_day_has_its_figure(self, counted: dict[str, Figure]) -> None:
        today = legal_time.today()
        compute_all(today)
        counted["440103"] = Figure(3, 4)
        compute_all(today + timedelta(days=1))
        assert series(CODE) == [
            (today, Figure(3, 8)), (today + timedelta(days=1), Figure(5, 8))
        ]  # fmt: skip

    def test_a_city_that_has_nothing_any_more_is_not_shown_with_old_figures(
        self, counted: dict[str, Figure]
    ) -> None:
        compute_all(legal_time.today())
        counted.clear()
        compute_all(legal_time.today() + timedelta(days=1))
        assert by_division(CODE) == {PROVINCE: Figure(0, 0)}

    def test_one_that_fails_does_not_hold_up_the_others(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(on: date) -> Any:
            raise ZeroDivisionError

        monkeypatch.setitem(vars(indicator(CODE)), "compute", fail)
        assert compute_all() > 0
        assert by_division(CODE) == {} and by_division("cities_connected")

    def test_values_are_written_once(self, counted: dict[str, Figure]) -> None:
        compute_all()
        for words in ("UPDATE insight_value SET numerator = 9", "DELETE FROM insight_value"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(words)

    def test_no_percentage_is_kept(self) -> None:
        names = {field.name for field in Value._meta.get_fields()}
        assert {"numerator", "denominator"} <= names and not names & {"value", "share", "percent"}


class TestShown:
    pytestmark = db

    def test_the_pages_come_from_the_declaration(self) -> None:
        compute_all()
        page = Client().get("/indicators/").content.decode()
        for code, one in indicators().items():
            assert one.title.zh in page and f"/indicators/{code}/" in page
            detail = Client().get(f"/indicators/{code}/").content.decode()
            assert one.definition.zh in detail and one.numerator.source.zh in detail
        assert Client().get("/indicators/nobody/").status_code == 404
        assert Client().get("/indicators/nobody.csv").status_code == 404

    def test_before_the_first_computation_the_pages_stand(self) -> None:
        assert Client().get("/indicators/").status_code == 200
        assert "尚无数值" in Client().get(f"/indicators/{CODE}/").content.decode()

    def test_the_table_has_both_sides_and_the_last_of_each_day(self) -> None:
        compute_all()
        Value.objects.create(
            indicator="cities_connected", division=PROVINCE, on=legal_time.today(),
            numerator=20, denominator=21, computed_at=legal_time.now(),
        )  # fmt: skip
        text = Client().get("/indicators/cities_connected.csv").content.decode()
        rows = list(csv.DictReader(StringIO(text)))
        assert [r["numerator"] for r in rows if r["division"] == PROVINCE] == ["20"]
        assert len(rows) == 22 and "%" not in text

    def test_programs_read_the_same(self) -> None:
        compute_all()
        mounted = NinjaAPI(urls_namespace="insight-alone", auth=lambda request: None)
        mounted.add_router("/indicators", router)
        client = TestClient(mounted)
        listed = {row["code"]: row for row in client.get("/indicators").json()}
        assert set(listed) == set(indicators())
        one = client.get("/indicators/cities_connected").json()
        assert one["newest"] == {"numerator": 0, "denominator": 21}
        assert len(one["divisions"]) == 22 and len(one["series"]) == 1
        assert client.get("/indicators/nobody").status_code == 404
        assert json.dumps(one)


def test_an_unknown_indicator_is_said() -> None:
    with pytest.raises(UnknownIndicator):
        indicator("nobody")


class TestDay:
    pytestmark = db

    def test_a_day_is_done_once_and_again_when_it_failed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        worker = days.Daily()
        first = worker.run()
        assert {"insight", "supervision"} <= set(first)
        assert worker.run() == {}
        legal_time.move_to(legal_time.now() + timedelta(days=1))
        with monkeypatch.context() as broken:
            broken.setattr("lingnan.kernel.insight.daily.compute_all", lambda: 1 // 0)
            assert "supervision" in worker.run()
        assert list(worker.run()) == ["insight"]
        assert values.newest_day("cities_connected") == legal_time.today()

    def test_rooms_come_before_systems(self) -> None:
        found = list(days.Daily().run())
        assert found.index("insight") < found.index("supervision")
