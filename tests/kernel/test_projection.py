"""The columnar copy says the same as the database, of any day as known at any instant."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import call_command

from lingnan.kernel.registry.projection import building, engine, files, held, manifest
from lingnan.kernel.runtime.api import Moment, action, keys, legal_time
from lingnan.kernel.runtime.temporal.history import held_rows
from lingnan.systems.government.credit.models import CreditEvent
from lingnan.systems.government.geography.models import Address
from lingnan.systems.government.population.models import Household

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
START = date(2020, 1, 1)
FIELDS = ("key", *Household.record.projected)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of the test's own, with room for its copies."""
    settings.DATA = tmp_path
    yield tmp_path


def values(number: str, **changes: Any) -> dict[str, Any]:
    plain = {"number": number, "division": "440103", "township": "440103001", "address": "一号"}
    return plain | {"size": 3, "kind": "family"} | changes


def day(chance: random.Random, first: int = -400, last: int = 400) -> date:
    return legal_time.today() + timedelta(chance.randint(first, last))


def act_at_random(chance: random.Random, made: list[Household], number: str) -> None:
    """One act of those that a register knows."""
    kind = chance.choice(("create", "load", "change", "change", "correct", "end"))
    with action(by="a test", reason="at random") as act:
        if kind == "create" or not made:
            act.create(Household, valid_from=day(chance, -400, 60), **values(number))
        elif kind == "load":
            told = values(number, valid_from=day(chance, -400, 0), size=chance.randint(1, 9))
            act.load_columns(Household, {name: [value] for name, value in told.items()})
        else:
            row = Household.objects.get(key=chance.choice(made).key)
            size = chance.randint(1, 9)
            if kind == "change":
                act.change(row, valid_from=day(chance), size=size)
            elif kind == "end":
                act.end(row, on=day(chance, 0, 300))
            else:
                start = day(chance, -300, 100)
                until = chance.choice([None, start + timedelta(chance.randint(1, 90))])
                act.correct(row, valid_from=start, valid_to=until, size=size)


def said_by_database(moment: Moment) -> set[tuple[Any, ...]]:
    return {
        tuple(getattr(row, name) for name in FIELDS)
        for rows in held_rows(Household, moment)
        for row in rows
    }


def said_by_copy(moment: Moment) -> list[tuple[Any, ...]]:
    return held.relation(Household, moment, FIELDS).fetchall()


def assert_same(moments: list[Moment]) -> None:
    for moment in moments:
        found = said_by_copy(moment)
        assert set(found) == said_by_database(moment), moment
        assert len(found) == len(set(found)), f"a record stands twice at {moment}"


@pytest.mark.parametrize("seed", range(4))
def test_the_copy_says_what_the_database_says_of_any_moment(seed: int) -> None:
    chance = random.Random(seed)
    instants: list[datetime | None] = [None]
    for turn in range(5):
        for number in range(12):
            made = list(Household.objects.filter(number__startswith="R").order_by("key"))
            act_at_random(chance, made, f"R{seed}-{turn}-{number}")
        building.bring_up_to_date(Household, rebuild=turn == 2 and chance.random() < 0.5)
        instants.append(legal_time.now())
        asked = [Moment(day(chance), chance.choice(instants)) for _ in range(6)]
        assert_same([*asked, Moment(legal_time.today())])
        legal_time.move_to(legal_time.now() + timedelta(days=chance.randint(1, 9)))
    asked = [Moment(day(chance), known) for known in instants]
    before = [sorted(said_by_copy(moment)) for moment in asked]
    building.bring_up_to_date(Household, rebuild=True)
    assert [sorted(said_by_copy(moment)) for moment in asked] == before


def test_many_deltas_are_folded_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MANY", 2)
    building.bring_up_to_date(Household)
    for size in range(1, 6):
        row = Household.objects.order_by("key").first()
        assert row is not None
        with action(by="a test", reason="grows") as act:
            act.change(row, size=size)
        state = building.bring_up_to_date(Household)
        assert len(state.several) <= 3
    assert_same([Moment(legal_time.today()), Moment(START)])


def test_a_change_touches_no_file_that_was_there() -> None:
    before = building.bring_up_to_date(Household)
    place = manifest.folder(Household)
    stamps = {name: (place / name).stat().st_mtime_ns for name in before.files}
    row = Household.objects.order_by("key")[3]
    with action(by="a test", reason="one more") as act:
        act.change(row, size=row.size + 1)
    after = building.bring_up_to_date(Household)
    assert before.files < after.files and after.versions_to > before.versions_to
    assert stamps == {name: (place / name).stat().st_mtime_ns for name in before.files}


def test_rows_loaded_among_old_keys_are_found_without_a_scan() -> None:
    taken = list(Household.objects.order_by("key").values_list("key", flat=True)[:2])
    building.bring_up_to_date(Household)
    with action(by="a test", reason="a late list") as act:
        rows = [values(f"L{n}", key=key) for n, key in enumerate((taken[0] - 7, keys.new_key()))]
        act.load(Household, rows)
    state = building.bring_up_to_date(Household)
    assert sum(part.rows for part in state.single if part.file.startswith("loaded")) == 2
    assert_same([Moment(legal_time.today())])


def test_a_rebuild_that_is_killed_leaves_the_old_copy_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    building.bring_up_to_date(Household)
    before = said_by_copy(Moment(legal_time.today()))

    def killed(*args: Any) -> Any:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(manifest, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            building.bring_up_to_date(Household, rebuild=True)
    assert sorted(said_by_copy(Moment(legal_time.today()))) == sorted(before)
    place = manifest.folder(Household)
    assert len(list(place.glob("single-*"))) > 1
    for _ in range(2):
        state = building.bring_up_to_date(Household, rebuild=True)
    left = {path.name for path in place.glob("*.parquet")}
    assert left == state.files | set(state.previous)


@pytest.mark.parametrize("strange", ["\x1f", "\x1e", "a\x1fb", "", "甲\n乙", "'\"\\"])
def test_whatever_a_text_holds_it_is_copied_as_it_is(strange: str) -> None:
    with action(by="a test", reason="strange texts") as act:
        act.load(Household, [values("T1", address=strange), values("T2", township=strange)])
    building.bring_up_to_date(Household)
    assert_same([Moment(legal_time.today())])


def test_numbers_with_points_and_empty_days_are_copied_as_they_are() -> None:
    row = Address.objects.exclude(longitude=None).order_by("key").first()
    assert row is not None
    with action(by="a test", reason="a long number") as act:
        columns = {f.attname: [getattr(row, f.attname)] for f in Address._meta.concrete_fields}
        del columns["key"], columns["recorded_at"]
        told = {"code": ["T-1"], "longitude": [113.12345678901234], "latitude": [None]}
        act.load_columns(Address, columns | told)
    building.bring_up_to_date(Address)
    building.bring_up_to_date(CreditEvent)
    now, names = Moment(legal_time.today()), ("code", "longitude", "latitude")
    found = held.relation(Address, now, names).fetchall()
    assert set(found) == set(Address.objects.filter(ended=False).values_list(*names))
    days = ("number", "decided_on", "ended_on")
    events = held.relation(CreditEvent, now, days).fetchall()
    assert set(events) == set(CreditEvent.objects.filter(ended=False).values_list(*days))


def test_two_do_not_make_one_copy_at_once() -> None:
    with manifest.building(Household), pytest.raises(manifest.Busy):
        building.bring_up_to_date(Household)


def test_a_copy_of_another_shape_is_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(held.NoCopy):
        held.opened(Household)
    building.bring_up_to_date(Household)
    from dataclasses import replace

    monkeypatch.setattr(Household, "record", replace(Household.record, projected=("size",)))
    with pytest.raises(held.NoCopy):
        held.opened(Household)
    call_command("projection", "population.household")
    assert held.opened(Household).names[-1] == "size"


def test_the_engine_sees_the_copies_and_nothing_else(data: Path) -> None:
    building.bring_up_to_date(Household)
    (data / "other.csv").write_text("a\n1\n")
    with engine.connect() as duck:
        for refused in (f"SELECT * FROM '{data}/other.csv'", "INSTALL httpfs", "SET threads = 64"):
            with pytest.raises(duckdb.Error):
                duck.execute(refused).fetchall()


def test_files_and_groups_are_cut_where_they_should_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "GROUP", 50)
    monkeypatch.setattr(files, "FILE", 100)
    monkeypatch.setattr(building.source, "CHUNK", 17)
    state = building.bring_up_to_date(Household)
    assert len(state.single) > 1 and max(part.rows for part in state.single) < 150
    assert_same([Moment(legal_time.today())])
