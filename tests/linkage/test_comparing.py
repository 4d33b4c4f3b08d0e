"""A file compared with the register: what is found, what is told, and what is written down."""

import os
import re
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lingnan.kernel.registry.linkage.comparing import found, keeping
from lingnan.kernel.registry.linkage.models import Pair
from lingnan.kernel.registry.reading import reference_of
from lingnan.kernel.runtime import days
from lingnan.kernel.runtime.api import action, legal_time
from lingnan.systems.government.population.models import Resident
from tests.kernel.uses import entries_about
from tests.linkage.comparing import (
    CITY_HEAD,
    HEAD,
    STRANGER,
    Brought,
    dirty,
    residents,
    row_of,
    table,
)
from tests.linkage.test_merging import copy, join
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: Any) -> None:
    settings.DATA = tmp_path


def kinds_of(one: Resident) -> Counter[str]:
    return Counter(entry.kind for entry in entries_about(one.key))


def test_rows_are_found_shown_and_taken_out_and_nothing_is_written() -> None:
    people = residents("4401", 40)
    copies = dirty(people)
    rows = [row for _kind, row in copies] + [STRANGER] * 8
    before = (Resident.objects.count(), Resident.Version.objects.count(), Pair.objects.count())
    head = Person(CITY_HEAD)
    seen_before = kinds_of(people[0])
    brought = Brought(head, table(rows)).compared()
    counts = brought.one.counts
    assert counts["rows"] == len(rows) == sum(counts[kind] for kind in found.KINDS)
    assert counts["none"] >= 8 and counts["certain"] >= 0.8 * len(people)
    assert "一条记录相符" in brought.page and "文件第" not in brought.page
    listed = kinds_of(people[0]) - seen_before
    assert listed["record.listed"] == 1 and not listed["record.exported"]
    lines = brought.file()
    right = {
        str(number): reference_of(Resident, int(row["key"]))
        for number, (_kind, row) in enumerate(copies, 2)
    }
    first = {line["row"]: line["ref"] for line in lines if line["rank"] == "1"}
    assert sum(first.get(number) == ref for number, ref in right.items()) >= 0.9 * len(right)
    assert (kinds_of(people[0]) - seen_before)["record.exported"] == 1
    assert "姓名：" in lines[0]["agree"] and float(lines[0]["weight"]) > 8
    assert sorted({int(line["row"]) for line in lines}) == list(range(2, len(rows) + 2))
    page = head.get(f"{brought.url}rows/2/")
    assert people[0].name in page and "合计" in page and people[0].resident_number in page
    assert (kinds_of(people[0]) - seen_before)["record.opened"] == 1
    after = (Resident.objects.count(), Resident.Version.objects.count(), Pair.objects.count())
    assert after == before


def test_the_list_is_paged_and_filtered_by_kind() -> None:
    rows = [row_of(one) for one in residents("440103", 4)] + [STRANGER] * 60
    brought = Brought(Person(HEAD), table(rows)).compared()
    assert brought.pages() == list(range(2, 66))
    assert brought.pages("?kind=certain") == [2, 3, 4, 5]
    assert brought.pages("?kind=none") == list(range(6, 66))
    assert brought.pages("?kind=nonsense&after=x") == list(range(2, 66))
    for row in ("1", "999999999999999999999"):
        brought.person.get(f"{brought.url}rows/{row}/")
        assert brought.person.status == 404


def test_of_many_records_the_likeliest_five_are_kept() -> None:
    one = residents("440103", 1)[0]
    own = ("key", "version", "valid_from", "recorded_at", "ended")
    said = {f.name: getattr(one, f.name) for f in Resident._meta.concrete_fields}
    said = {name: value for name, value in said.items() if name not in own}
    with action(by="a test", reason="entered often") as act:
        for number in range(7):
            act.create(
                Resident, **(said | {"resident_number": f"{one.resident_number[:8]}{number}"})
            )
    brought = Brought(Person(HEAD), table([row_of(one) | {"resident_number": ""}])).compared()
    lines = brought.file()
    assert [line["rank"] for line in lines] == ["1", "2", "3", "4", "5"]
    assert {line["count"] for line in lines} == {"8"} and brought.one.counts["several"] == 1
    weights = [float(line["weight"]) for line in lines]
    assert weights == sorted(weights, reverse=True)
    assert "共有 8 条记录相符" in brought.person.get(f"{brought.url}rows/2/")


def test_who_is_out_of_sight_is_not_found() -> None:
    theirs = residents("440106", 3)
    rows = table([row_of(one) for one in theirs])
    assert Brought(Person(HEAD), rows).compared().one.counts["none"] == 3
    assert Brought(Person(CITY_HEAD), rows).compared().one.counts["certain"] == 3


def test_who_left_the_sight_since_is_not_shown() -> None:
    one, other = residents("440103", 2)
    brought = Brought(Person(HEAD), table([row_of(one), row_of(other)])).compared()
    with action(by="a test", reason="moved") as act:
        act.change(Resident.objects.get(key=one.key), division="440106")
    seen = kinds_of(one)
    for address in ("", "rows/2/"):
        page = brought.person.get(f"{brought.url}{address}")
        assert "已不在您的查阅范围" in page
        assert reference_of(Resident, one.key) not in page
    lines = brought.file()
    assert [line["ref"] for line in lines] == ["", reference_of(Resident, other.key)]
    assert kinds_of(one) == seen


def test_a_record_merged_away_is_told_as_the_one_that_stands_for_it() -> None:
    one, other = residents("440103", 2)
    double = copy(one, address="新港中路1号")
    alone = copy(other, resident_number="2", name="欧阳无")
    rows = [row_of(one) | {"resident_number": ""}, row_of(alone) | {"resident_number": ""}]
    brought = Brought(Person(HEAD), table(rows)).compared()
    records = (one, double, alone, other)
    named = {record.key: reference_of(Resident, record.key) for record in records}
    assert [line["ref"] for line in brought.file()] == list(named.values())
    for gone, into in ((double, one), (alone, other)):
        join(into, gone)
    seen = kinds_of(double)
    lines = brought.file()
    assert [(line["ref"], line["count"], line["found"]) for line in lines] == [
        (named[key], "1", "一条记录相符") for key in (one.key, other.key)
    ]
    page = brought.person.get(f"{brought.url}rows/3/")
    assert other.name in page and named[other.key] in page and named[alone.key] not in page
    assert "此后已有另一条记录并入本记录" in page
    assert "另有" not in brought.person.get(brought.url)
    assert kinds_of(double) == seen


def test_files_and_results_go_after_thirty_days_or_when_they_are_removed(tmp_path: Path) -> None:
    rows = table([row_of(one) for one in residents("440103", 2)])
    head = Person(HEAD)
    first, second, third = (Brought(head, rows).compared() for _number in range(3))
    first.do("remove")
    assert "文件和结果已删除" in head.text
    legal_time.move_to(legal_time.now() + timedelta(days=29))
    assert "registry" in days.run() and second.one.state == "done"
    legal_time.move_to(legal_time.now() + timedelta(days=2))
    assert days.run()["registry"] == 2
    for one in (first, second, third):
        assert one.one.state == "removed" and not (tmp_path / "imports" / one.ref).exists()
        assert one.one.counts == {} and one.one.mapping == {}
        head.get(f"{one.url}file/")
        assert head.status == 404
        head.get(one.url)
        assert head.status == 200 and not re.search(r"rows/\d", head.text)
        one.do("columns")
        assert one.one.state == "removed"


def test_a_file_whose_sending_broke_off_goes_too(tmp_path: Path) -> None:
    brought = Brought(Person(HEAD), table([STRANGER]))
    lost, fresh = tmp_path / "imports" / ("a" * 32), tmp_path / "imports" / ("b" * 32)
    for folder in (lost, fresh):
        folder.mkdir()
        (folder / "file").write_text("姓名")
    old = time.time() - 25 * 3600
    for folder in (lost, tmp_path / "imports" / brought.ref):
        os.utime(folder, (old, old))
    assert keeping.remove_old() == 1
    assert not lost.exists() and fresh.exists()
    assert (tmp_path / "imports" / brought.ref / "file").exists()
