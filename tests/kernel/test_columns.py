"""Loading many rows by columns: as loading them one by one, and refused where that is."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import action, keys, legal_time
from lingnan.kernel.runtime.temporal.columns import UnevenColumns
from lingnan.kernel.runtime.temporal.guards import REFUSED
from lingnan.kernel.runtime.temporal.history import statements
from lingnan.kernel.trust.api import Body

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
FIELDS = ("resource", "consumer", "purpose", "basis", "elements", "valid_until")


def rows(count: int, mark: str) -> list[dict[str, Any]]:
    """Agreements with a text, a list, a date that is sometimes absent, and a key each."""
    return [
        {
            "key": key,
            "number": f"{mark}-{place}",
            "resource": "a.b",
            "consumer": '县’s "x"\t\\N',
            "purpose": "purpose",
            "basis": "《法》第一条\n第二款",
            "elements": ["a.b", {"c": place}],
            "valid_until": date(2030, 1, 1) + timedelta(days=place) if place % 3 else None,
            "valid_from": date(2020, 2, 29),
        }
        for place, key in enumerate(keys.new_keys(count))
    ]


def columns(given: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in given] for name in given[0]}


def stored(mark: str) -> list[dict[str, Any]]:
    found = Agreement.objects.filter(number__startswith=f"{mark}-").order_by("key")
    same = ("version", "valid_from", "recorded_at", "ended", *FIELDS)
    return [{name: getattr(row, name) for name in same} for row in found]


def test_columns_are_stored_as_rows_are() -> None:
    with legal_time.hold():
        with action(by="a test", reason="rows") as act:
            assert act.load(Agreement, rows(50, "ROW")) == 50
        with action(by="a test", reason="columns") as act:
            assert act.load_columns(Agreement, columns(rows(50, "COL"))) == 50
    assert stored("COL") == stored("ROW") != []


def test_what_no_column_says_takes_its_default_and_the_keys_are_drawn() -> None:
    with action(by="a test", reason="columns") as act:
        act.load_columns(Body, {"code": ["x-1", "x-2"], "tier": ["county"] * 2})
        at = act.at
    one, two = Body.objects.filter(code__startswith="x-").order_by("code")
    assert (one.version, one.ended, one.undivided, one.name_zh) == (1, False, False, "")
    assert one.key != two.key and one.valid_from == at.date() and one.recorded_at == at
    assert isinstance(one.recorded_at, datetime)


def test_a_loaded_row_has_no_version_until_its_first_change() -> None:
    with action(by="a test", reason="columns") as act:
        act.load_columns(Agreement, columns(rows(1, "ONE")))
    record = Agreement.objects.get(number="ONE-0")
    assert not Agreement.Version.objects.filter(key=record.key).exists()
    with action(by="a test", reason="a change") as act:
        act.change(record, purpose="another")
    found = statements(Agreement.objects.get(number="ONE-0"))
    assert [row.version.reason for row in found] == ["a change", "bulk load"]


def test_columns_are_refused_outside_an_action() -> None:
    with action(by="a test", reason="kept too long") as act:
        pass
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        act.load_columns(Agreement, columns(rows(2, "OUT")))
    assert not stored("OUT")


def test_what_does_not_fit_is_refused_whole() -> None:
    with action(by="a test", reason="columns") as act:
        with pytest.raises(TypeError, match="colour"):
            act.load_columns(Body, {"code": ["y-1"], "colour": ["red"]})
        with pytest.raises(UnevenColumns):
            act.load_columns(Body, {"code": ["y-1", "y-2"], "tier": ["city"]})
        with pytest.raises(IntegrityError), transaction.atomic():
            act.load_columns(Body, {"code": ["y-1", "y-1"]})
        assert act.load_columns(Body, {"code": []}) == 0
        assert act.load_columns(Body, {}) == 0
    assert not Body.objects.filter(code__startswith="y-").exists()


def test_rows_are_written_in_the_order_of_their_keys() -> None:
    made = rows(5, "TURN")
    with action(by="a test", reason="columns") as act:
        act.load_columns(Agreement, columns(made[::-1]))
    found = Agreement.objects.filter(number__startswith="TURN-").order_by("key")
    assert [(row.key, row.number) for row in found] == [(r["key"], r["number"]) for r in made]


def test_one_one_point_nought_and_true_are_not_taken_for_each_other() -> None:
    made = rows(3, "SAME")
    for row, value in zip(made, (1, True, 1.5), strict=True):
        row["elements"] = value
    with action(by="a test", reason="columns") as act:
        act.load_columns(Agreement, columns(made))
    values = [row["elements"] for row in stored("SAME")]
    assert [(type(v), v) for v in values] == [(int, 1), (bool, True), (float, 1.5)]
