"""Disclosure control: nobody who knows all that is published can tell a withheld count closely."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.kernel.registry.statistics import disclosure

SMALL = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 6), min_size=width, max_size=width), min_size=1, max_size=3
    )
)
LARGE = st.integers(1, 7).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 60), min_size=width, max_size=width), min_size=1, max_size=9
    )
)
LIMIT = 14


def possible(shown: list[list[int | None]]) -> Iterator[list[list[int]]]:
    """Every table of counts that agrees with what is published: by trying, not by flows."""
    rows, columns = len(shown) - 1, len(shown[0]) - 1
    cells = [(i, j) for i in range(rows) for j in range(columns)]

    def fill(place: int, table: list[list[int]]) -> Iterator[list[list[int]]]:
        if place == len(cells):
            if agrees(table, shown):
                yield table
            return
        i, j = cells[place]
        known = shown[i][j]
        for value in [known] if known is not None else range(most(i, j) + 1):
            yield from fill(
                place + 1, [*table[:-1], [*table[-1], value]] if j else [*table, [value]]
            )

    def most(i: int, j: int) -> int:
        bounds = [b for b in (shown[i][-1], shown[-1][j], shown[-1][-1]) if b is not None]
        return min([LIMIT, *bounds])

    yield from fill(0, [])


def agrees(table: list[list[int]], shown: list[list[int | None]]) -> bool:
    totals = disclosure.with_totals(table)
    return all(
        want is None or want == have
        for line, found in zip(shown, totals, strict=True)
        for want, have in zip(line, found, strict=True)
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=2), min_size=1, max_size=2))
def test_every_withheld_count_could_be_many_others(counts: list[list[int]]) -> None:
    least = 3
    shown = disclosure.published(counts, least)
    seen: dict[tuple[int, int], set[int]] = {}
    for table in possible(shown):
        for i, row in enumerate(disclosure.with_totals(table)):
            for j, value in enumerate(row):
                seen.setdefault((i, j), set()).add(value)
    for (i, j), values in seen.items():
        if shown[i][j] is None:
            assert max(values) - min(values) >= least, (counts, shown, (i, j))


@settings(max_examples=150, deadline=None)
@given(LARGE)
def test_no_small_count_is_published_and_every_line_hides_its_own(counts: list[list[int]]) -> None:
    totals, shown = disclosure.with_totals(counts), disclosure.published(counts)
    for have, line in zip(totals, shown, strict=True):
        for value, said in zip(have, line, strict=True):
            assert said in (None, value)
            assert said is None or not 0 < said < disclosure.LEAST
    for line in [*shown, *map(list, zip(*shown, strict=True))]:
        assert line.count(None) != 1
    hidden = {(i, j) for i, row in enumerate(shown) for j, said in enumerate(row) if said is None}
    table = disclosure.Table(totals, hidden)
    for cell in hidden:
        assert sum(table.room(cell, disclosure.LEAST)) >= disclosure.LEAST


@settings(max_examples=60, deadline=None)
@given(SMALL, st.data())
def test_the_interval_is_the_one_that_trying_finds(
    counts: list[list[int]], data: st.DataObject
) -> None:
    """Also where cells are withheld as it comes; totals all stay, so that it is bounded."""
    if len(counts) * len(counts[0]) > 6 or sum(map(sum, counts)) > LIMIT:
        return
    places = [(i, j) for i in range(len(counts)) for j in range(len(counts[0]))]
    hidden = data.draw(st.sets(st.sampled_from(places), min_size=1))
    totals = disclosure.with_totals(counts)
    shown = [
        [None if (i, j) in hidden else value for j, value in enumerate(row)]
        for i, row in enumerate(totals)
    ]
    tables = list(possible(shown))
    table = disclosure.Table(totals, set(hidden))
    for i, j in hidden:
        values = [one[i][j] for one in tables]
        below, above = table.room((i, j), 100)
        assert (counts[i][j] - below, counts[i][j] + above) == (min(values), max(values))


@settings(max_examples=150, deadline=None)
@given(LARGE, st.sampled_from([3, 5, 10]))
def test_rounded_tables_add_up_and_stay_near(counts: list[list[int]], base: int) -> None:
    found = disclosure.rounded(counts, base)
    assert found == disclosure.with_totals([row[:-1] for row in found[:-1]])
    for have, line in zip(disclosure.with_totals(counts), found, strict=True):
        for value, said in zip(have, line, strict=True):
            assert said % base == 0 and abs(said - value) < base


def test_a_table_that_an_official_can_follow() -> None:
    """Two small cells would follow from the totals; their neighbours go with them."""
    shown = disclosure.published([[120, 4, 90], [80, 60, 70], [200, 30, 7]])
    assert shown[0][1] is None and shown[2][2] is None
    assert shown[-1][-1] == 661 and [row[-1] for row in shown] == [214, 210, 237, 661]
    assert disclosure.published([[50, 0], [0, 60]]) == [[50, 0, 50], [0, 60, 60], [50, 60, 110]]


def test_what_is_no_table_is_refused() -> None:
    for wrong in ([[1], [1, 2]], [[-1]]):
        with pytest.raises(ValueError):
            disclosure.published(wrong)
    assert disclosure.published([]) == []
