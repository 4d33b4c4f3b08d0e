"""Counting a register: it adds up, stays within the post's division, hides small counts."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from lingnan.kernel.registry.api import statistics
from lingnan.kernel.registry.projection import building, manifest
from lingnan.kernel.registry.statistics import waiting
from lingnan.kernel.registry.statistics.axes import UnknownAxis, axes
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Resident
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE = "/desk/records/population/resident/statistics/"
API = "/api/records/population/resident/statistics"
HEAD, OFFICER = "440103-police-head", "440103-police-records_officer"
PROVINCE = "440000-police-head"


@pytest.fixture(autouse=True)
def copy(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    yield


def age(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def test_a_table_says_what_the_records_say() -> None:
    day = legal_time.today()
    found = statistics.table(Resident, ["division", "birth_date", "sex"], day, disclosure=False)
    said = {
        (*row, column): count
        for row, counts in zip(found.rows, found.cells, strict=False)
        for column, count in zip(found.columns, counts, strict=False)
        if count
    }
    wanted = Counter(
        (r.division[:6], f"{min(100, age(r.birth_date, day) // 5 * 5):03}", r.sex)
        for r in Resident.objects.filter(ended=False)
    )
    assert found.across is not None and found.across.code == "sex"
    assert said == dict(wanted) and found.total == sum(wanted.values())


def test_a_past_day_is_counted_as_it_was() -> None:
    row = Resident.objects.filter(division="440103").order_by("key").first()
    assert row is not None
    before = legal_time.today()
    legal_time.move_to(legal_time.now() + timedelta(days=10))
    with action(by="a test", reason="moves") as act:
        act.change(row, division="440104")
    building.bring_up_to_date(Resident)
    was, is_ = (
        statistics.table(Resident, ["division"], day, disclosure=False)
        for day in (before, legal_time.today())
    )
    place = was.rows.index(("440103",))
    assert was.cells[place][0] == is_.cells[is_.rows.index(("440103",))][0] + 1
    assert was.total == is_.total


def test_the_page_counts_within_the_division_and_is_evidence() -> None:
    head = Person(HEAD)
    assert "统计" in head.get("/desk/records/population/resident/")
    page = head.get(f"{PAGE}?by=birth_date&and=sex")
    held = Resident.objects.filter(division="440103", ended=False).count()
    assert head.status == 200 and f"{held:,}" in page and "0–4" in page
    payload = next(iter(node_evidence.reader().entries(limit=1))).payload
    assert payload is not None and payload["dimensions"] == ["birth_date", "sex"]
    rows = head.client.get(f"{API}?by=division").json()["rows"]
    assert [row["categories"] for row in rows] == [["440103"]]


def test_who_may_not_export_sees_no_small_count() -> None:
    officer, head = Person(OFFICER), Person(HEAD)
    asked = f"{API}?by=nation&and=birth_date"
    guarded, plain = (who.client.get(asked).json() for who in (officer, head))
    small = [n for row in plain["rows"] for n in row["counts"] if 0 < n < 10]
    shown = [n for row in guarded["rows"] for n in row["counts"] if n is not None]
    assert small and guarded["disclosure_control"] and not plain["disclosure_control"]
    assert not [n for n in shown if 0 < n < 10] and len(shown) < sum(
        len(r["counts"]) for r in plain["rows"]
    )
    assert "×" in officer.get(f"{PAGE}?by=nation&and=birth_date")
    assert "×" not in head.get(f"{PAGE}?by=nation&and=birth_date")


def test_the_file_says_what_the_page_says() -> None:
    head = Person(HEAD)
    head.get(f"{PAGE}table.csv?by=sex")
    text = head.response.content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    held = Counter(
        Resident.objects.filter(division="440103", ended=False).values_list("sex", flat=True)
    )
    assert lines[1][1] == str(held["1"]) and lines[2][1] == str(held["2"])
    assert lines[3][1] == str(sum(held.values()))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("by=shoe_size", 422),
        ("by=sex&and=sex", 422),
        ("by=sex&on=yesterday", 422),
        ("by=resident_number", 422),
        ("", 200),
    ],
)
def test_a_bad_question_is_answered_in_words(query: str, status: int) -> None:
    head = Person(HEAD)
    page = head.get(f"{PAGE}?{query}")
    assert head.status == status and "统计" in page


def test_strangers_and_registers_that_are_not_counted() -> None:
    clerk = Person("440103-market-clerk")
    clerk.get(f"{PAGE}?by=sex")
    assert clerk.status == 403
    clerk.get("/desk/records/legal_persons/holding/statistics/")
    assert clerk.status == 404


def test_a_copy_that_is_missing_or_aged_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "now", lambda: "2020-01-01T00:00:00+00:00")
    building.bring_up_to_date(Resident)
    head = Person(HEAD)
    assert "陈旧" in head.get(f"{PAGE}?by=sex")
    (manifest.folder(Resident) / manifest.NAME).unlink()
    head.get(f"{PAGE}?by=sex")
    assert head.status == 503


def held_up(door: Event, work: Any) -> Any:
    assert door.wait(60)
    return work()


@pytest.mark.parametrize("page", [f"{PAGE}?by=sex&and=birth_date&on=2025-11-03",
                                  "/population/?on=2025-11-04"])  # fmt: skip
def test_a_long_count_says_so_and_the_page_comes_again(
    page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, head, submit = Event(), Person(HEAD), waiting._worker.submit
    monkeypatch.setattr(waiting, "PATIENCE", 0.05)
    monkeypatch.setattr(
        waiting._worker, "submit", lambda work: submit(partial(held_up, door, work))
    )
    for _again in range(2):
        text = head.get(page)
        assert head.status == 200
        assert "正在统计" in text and 'http-equiv="refresh"' in text and "<td" not in text
    door.set()
    monkeypatch.setattr(waiting, "PATIENCE", 60)
    text = head.get(page)
    assert "正在统计" not in text and 'http-equiv="refresh"' not in text and "<td" in text


def test_a_count_that_failed_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", 60)
    with waiting.beside():
        with pytest.raises(ZeroDivisionError):
            waiting.made("failing", lambda: 1 // 0)
        assert waiting.made("failing", lambda: 1) == 1


def test_what_may_be_counted_is_declared() -> None:
    codes = [axis.code for axis in axes(Resident)]
    assert codes[:4] == ["division-city", "division", "township", "birth_date"]
    with pytest.raises(UnknownAxis):
        statistics.table(Resident, ["name"], legal_time.today())
