"""Loads of many rows: killed and gone on with, indexes made at the end, guards never away."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection

from lingnan.kernel.exchange.models import Agreement
from lingnan.kernel.runtime.api import Batch, keys, load
from lingnan.kernel.runtime.models import Loading
from lingnan.kernel.runtime.temporal import guards, laidaside, loading
from lingnan.kernel.runtime.text import index
from lingnan.systems.government.population.models import Household
from tests.kernel.test_columns import columns, rows

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
BATCHES, EACH = 7, 20


class Killed(Exception):
    """The process ends here."""


def batches(until: int = BATCHES) -> Iterator[Batch]:
    for place in range(BATCHES):
        if place == until:
            raise Killed
        yield Batch([(Agreement, columns(rows(EACH, f"LOAD-{place}")))])


def loaded() -> list[str]:
    return list(
        Agreement.objects.filter(number__startswith="LOAD-").values_list("number", flat=True)
    )


@pytest.mark.parametrize("until", [0, 1, 3, 6])
def test_a_load_that_was_killed_goes_on(until: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 2 * EACH)
    with pytest.raises(Killed):
        load("a test", batches(until))
    assert len(loaded()) == until // 2 * 2 * EACH
    assert load("a test", batches()) == BATCHES * EACH
    assert len(loaded()) == len(set(loaded())) == BATCHES * EACH
    assert load("a test", batches(0)) == BATCHES * EACH  # finished: nothing is made again


def test_a_batch_that_fails_leaves_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", EACH)
    good, bad = (columns(rows(EACH, mark)) for mark in ("LOAD-A", "LOAD-B"))
    bad["number"][-1] = bad["number"][0]
    with pytest.raises(DatabaseError):
        load("a test", iter([Batch([(Agreement, good)]), Batch([(Agreement, bad)])]))
    assert len(loaded()) == EACH and Loading.objects.get(name="a test").done == 1
    assert guards.missing() == []


def test_indexes_are_laid_aside_where_a_table_is_empty_and_made_again() -> None:
    empty(Household)
    before = names(Household)
    given = household_columns(40)
    seen: list[set[str]] = []
    done = [Batch([(Household, given)], lambda: seen.append(names(Household)))]
    assert load("a test", iter(done)) == 40
    assert names(Household) == before and len(before) > 2
    assert len(seen[0]) < len(before) and seen[0] < before
    declared: Any = Household.text_index()
    found = index.keys(Household, declared.asked("测试路", {}, ""), None, 50)
    assert found == sorted(given["key"])


def test_a_load_that_ended_before_its_indexes_makes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    empty(Household)
    before = names(Household)
    monkeypatch.setattr(laidaside, "make_index", stop)
    with pytest.raises(Killed):
        load("a test", iter([Batch([(Household, household_columns(5))])]))
    assert names(Household) < before
    monkeypatch.undo()
    assert load("a test", iter([Batch([(Household, household_columns(5))])])) == 5
    assert names(Household) == before


def stop(_statement: str) -> None:
    raise Killed


def names(model: Any) -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
    return set(found)


def empty(model: Any) -> None:
    from lingnan.kernel.runtime.temporal.marker import marked

    with marked(), connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}"')


def household_columns(count: int) -> dict[str, list[Any]]:
    return {
        "key": list(keys.new_keys(count)),
        "number": [f"T{place:09d}" for place in range(count)],
        "division": ["440103"] * count,
        "township": ["440103001000"] * count,
        "address": [f"测试路{place}号" for place in range(count)],
        "size": [3] * count,
        "kind": ["family"] * count,
    }
