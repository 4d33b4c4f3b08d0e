"""Numbers of a province at full density, and flat memory while it is drawn."""

import tomllib
import tracemalloc
from datetime import date
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.node import world as worlds
from lingnan.node.world.data import DATA
from lingnan.node.world.numbers import PER_DAY, NumberBook, NumbersUsedUp
from lingnan.node.world.plan import MOST
from lingnan.standards import resident_number

DAY = date(2026, 3, 2)
CENSUS = 104_303_132
SMALL = 104_303
DELTA = ("440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000")
FIGURES = tomllib.loads((DATA / "calibration.toml").read_text(encoding="utf-8"))["figures"]
IDS = [f"{row['id']}-{row['area']}" for row in FIGURES]


def day_of_births(book: NumberBook, code: str, count: int, sex: bool = True) -> list[str]:
    """Numbers of as many people of one sex, all born on one day."""
    born = np.full(count, date(1990, 5, 17).toordinal())
    return book.give(book.rows([code] * count), born, np.full(count, sex))


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_more_births_a_day_than_the_largest_city_has_get_numbers(batches: list[int]) -> None:
    """东莞 has 8.2 million residents under one code: up to some 400 of one sex born on a day."""
    book = NumberBook(["441900"], date(1990, 1, 1), date(1990, 12, 31))
    given_out = [number for size in batches for number in day_of_births(book, "441900", size)]
    assert len(set(given_out)) == len(given_out) == sum(batches)
    assert all(resident_number.is_synthetic(resident_number.parse(n)) for n in given_out)


def test_counties_that_share_a_stand_in_share_no_number() -> None:
    book = NumberBook(["440111", "440183"], date(1990, 1, 1), date(1990, 12, 31))
    both = day_of_births(book, "440111", 400) + day_of_births(book, "440183", 400)
    assert len(set(both)) == 800


def test_when_a_city_has_no_number_left_it_is_said() -> None:
    book = NumberBook(["441900"], date(1990, 1, 1), date(1990, 12, 31))
    assert len(set(day_of_births(book, "441900", 9 * PER_DAY))) == 9 * PER_DAY
    with pytest.raises(NumbersUsedUp):
        day_of_births(book, "441900", 1)
    assert len(day_of_births(book, "441900", 1, sex=False)) == 1


def peak(size: int, many: int) -> int:
    """Bytes at the highest while the first parts of a province are made and let go."""
    world = worlds.make(2011, DAY, size)
    tracemalloc.start()
    for _chunk in islice(world.residents(), many):
        pass
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest


def test_four_times_the_residents_take_no_more_memory() -> None:
    peak(600, 3)  # what is read once and kept
    few, many = peak(3_000_000, 3), peak(MOST, 12)
    assert many < few * 1.25
