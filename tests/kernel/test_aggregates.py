"""Aggregate uses: figures under an agreement, none of which tells of a few."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.kernel.exchange import catalogue
from lingnan.kernel.exchange.aggregates import control, earlier
from lingnan.kernel.exchange.aggregates.reckoning import Cell
from lingnan.kernel.exchange.api import (
    BadQuestion,
    Denied,
    Question,
    Table,
    Unavailable,
    agreements,
    ask,
    conclude,
)
from lingnan.kernel.exchange.models import Agreement, Counting
from lingnan.kernel.registry.projection import building
from lingnan.kernel.registry.statistics.disclosure import LEAST
from lingnan.kernel.trust.api import node_evidence
from lingnan.systems.government.population.models import Household, Resident
from tests.kernel import uses
from tests.kernel.uses import IDENTITY, MARKET
from tests.people import Person

BASIS, PURPOSE = "《统计法》（2024-09-13）第十八条", "counting_test"
ELEMENTS = ("person.sex", "person.birth_date", "person.residence_division")
FIGURES = "/desk/consents/GD-2026-0015/figures/"


@pytest.fixture
def copy(db: None, tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)


def agreed(**limits: Any) -> Agreement:
    said: dict[str, Any] = {"uses": ["aggregate"], "elements": ELEMENTS} | limits
    elements = said.pop("elements")
    return conclude("COUNT-1", IDENTITY, "gd-440100-market", PURPOSE, BASIS, elements, "a test",
                    **said)  # fmt: skip


def asked(*by: str, **changes: Any) -> Question:
    plain = Question(IDENTITY, MARKET, PURPOSE, BASIS, "", "a test", by or ("sex",))
    return replace(plain, **changes)


def refused(question: Question) -> str:
    with pytest.raises(Denied) as denied:
        ask(question)
    return denied.value.term


def cities() -> Counter[str]:
    rows = Resident.objects.filter(ended=False).values_list("division", flat=True)
    return Counter(f"{one[:4]}00" for one in rows)


@pytest.mark.kernel
def test_it_counts_what_the_register_has_and_names_nobody(copy: None) -> None:
    agreed()
    before = uses.size()
    found = ask(asked("division-city", "sex"))
    wanted = Counter(
        (f"{division[:4]}00", sex)
        for division, sex in Resident.objects.filter(ended=False).values_list("division", "sex")
    )
    for row, cells in zip(found.rows, found.cells, strict=False):
        for column, count in zip(found.columns, cells, strict=False):
            assert count is None or count == wanted[row, column]
    assert found.cells[-1][-1] == sum(wanted.values())
    entry = node_evidence.reader().by_seq(found.evidence)
    assert (uses.size(), entry and entry.kind) == (before + 1, "exchange.counted")
    assert not node_evidence.reader().subjects(found.evidence)
    assert Table.read(found.plain()) == found
    assert Question.read(asked("sex", where=(("sex", ("1",)),)).plain()).where


@pytest.mark.kernel
def test_small_counts_are_withheld(copy: None) -> None:
    agreed()
    found = ask(asked("division", "sex"))
    told = [count for row in found.cells for count in row if count is not None]
    assert found.withheld and not [count for count in told if 0 < count < LEAST]


@pytest.mark.kernel
@pytest.mark.parametrize("term", ["uses", "elements", "rows", "basis", "rate"])
def test_an_agreement_that_does_not_allow_it_says_by_which_term(copy: None, term: str) -> None:
    agreed(**{
        "uses": {"uses": ["single", "set"]}, "elements": {"elements": ("person.birth_date",)},
        "rows": {"rows": "person.sex = 2"}, "rate": {"rate": "1 uses/day"},
    }.get(term, {}))  # fmt: skip
    question = asked(basis="《某法》") if term == "basis" else asked()
    if term == "rate":
        ask(question)
    assert refused(question) == term


@pytest.mark.kernel
def test_an_agreement_for_a_territory_counts_that_alone(copy: None) -> None:
    agreed(subjects="440100")
    found = ask(asked("division-city"))
    assert found.rows == ("440100",) and found.cells[-1][-1] == cities()["440100"]


@pytest.mark.kernel
def test_ended_it_counts_nothing_and_without_a_copy_neither(copy: None) -> None:
    agreement = agreed()
    ask(asked())
    agreements.end(agreement, "a test")
    assert refused(asked()) == "agreement"


@pytest.mark.django_db
@pytest.mark.kernel
def test_without_a_copy_or_evidence_there_is_no_table(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA = tmp_path
    agreed()
    with pytest.raises(Unavailable):
        ask(asked())
    building.bring_up_to_date(Resident)
    with uses.evidence_down(monkeypatch), pytest.raises(Unavailable):
        ask(asked())
    assert not Counting.objects.exists()


@pytest.mark.kernel
@pytest.mark.parametrize(("field", "change"), [
    ("by", {"by": ()}), ("by", {"by": ("name",)}), ("by", {"by": ("sex", "sex")}),
    ("where", {"where": (("name", ("x",)),)}), ("where", {"where": (("sex", ()),)}),
    ("total", {"total": "name"}),
])  # fmt: skip
def test_what_cannot_be_counted_is_said(copy: None, field: str, change: dict[str, Any]) -> None:
    agreed()
    with pytest.raises(BadQuestion) as fault:
        ask(asked(**change))
    assert fault.value.field == field


@pytest.mark.kernel
def test_two_tables_that_differ_by_a_few_are_not_both_given(copy: None) -> None:
    """All counties but one of few people, then all: the difference would be those few."""
    agreed()
    counted = Counter(Resident.objects.filter(ended=False).values_list("division", flat=True))
    least = min(counted, key=lambda one: (counted[one], one))
    assert 0 < counted[least] < LEAST
    others = tuple(sorted(one for one in counted if one != least))
    ask(asked("sex", where=(("division", others),)))
    assert refused(asked("sex")) == "difference"
    # A condition that leaves nobody out is no other table.
    ask(asked("sex", where=(("division", others), ("sex", ("1", "2")))))


@pytest.mark.kernel
def test_what_was_withheld_once_stays_so_however_it_is_asked_for(copy: None) -> None:
    agreed()
    first = ask(asked("division", "sex"))
    hidden = {(first.rows[i], first.columns[j]) for i, row in enumerate(first.cells[:-1])
              for j, count in enumerate(row[:-1]) if count is None}  # fmt: skip
    county = next(row for row, _column in sorted(hidden) if first.cells[first.rows.index(row)][-1])
    try:
        second = ask(asked("sex", where=(("division", (county,)),)))
    except Denied as denied:
        assert denied.term == "difference"
    else:
        told = dict(zip(second.rows, second.cells, strict=False))
        assert all(told[sex][0] is None for place, sex in hidden if place == county)


@pytest.mark.kernel
def test_rounded_and_exact_figures_of_a_day_are_not_both_given(copy: None) -> None:
    agreed()
    found = ask(asked("division-city", rounded=True))
    assert all(count is not None and count % 5 == 0 for row in found.cells for count in row)
    assert refused(asked("division-city")) == "difference"


@pytest.mark.kernel
def test_sums_are_those_of_the_register(copy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    building.bring_up_to_date(Household)
    known = Household.record.elements | {"household.kind": "kind"}
    monkeypatch.setattr(Household, "record", replace(Household.record, elements=known))
    homes = replace(catalogue.resource(IDENTITY), code="population.homes", counted=Household,
                    summed=("size",))  # fmt: skip
    monkeypatch.setitem(catalogue.resources(), homes.code, homes)
    element = "household.kind"
    conclude("COUNT-2", homes.code, MARKET, PURPOSE, BASIS, [element], "a test",
             uses=["aggregate"])  # fmt: skip
    found = ask(asked("kind", resource=homes.code, total="size"))
    wanted: Counter[str] = Counter()
    for kind, size in Household.objects.filter(ended=False).values_list("kind", "size"):
        wanted[kind] += size
    for row, cells in zip(found.rows, found.cells, strict=False):
        assert cells[0] in (None, wanted[row])
    assert found.cells[0][0] is not None


@pytest.mark.kernel
def test_a_data_officer_counts_on_a_page_and_takes_the_file(copy: None) -> None:
    officer = Person("440000-data-data_officer")
    assert FIGURES in officer.get("/desk/consents/GD-2026-0015/")
    page = officer.get(FIGURES)
    assert officer.status == 200 and "留痕证据" not in officer.said
    page = officer.post(FIGURES, act="show", by="division-city", **{"and": "sex"})
    assert officer.status == 200 and "广州市" in page and "×" in page
    officer.post(FIGURES, act="file", by="division-city", **{"and": "sex"})
    lines = list(csv.reader(io.StringIO(officer.response.content.decode("utf-8-sig"))))
    assert len(lines[0]) == 4 and lines[1][0] == "广州市"
    officer.post(FIGURES, act="show", by="name")
    assert officer.status == 422
    assert Person("440103-market-clerk").client.get(FIGURES).status_code == 403


def solved(hidden: Sequence[tuple[int, int]], rows: int, columns: int) -> set[tuple[int, int]]:
    """The hidden cells that the published rest determines, by Gaussian elimination."""
    place = {spot: n for n, spot in enumerate(hidden)}
    equations = []
    for line in [[(i, j) for j in range(columns)] for i in range(rows)] + [
        [(i, j) for i in range(rows)] for j in range(columns)
    ]:
        row = [Fraction(0)] * len(hidden)
        for spot in line:
            if spot in place:
                row[place[spot]] = Fraction(-1 if spot == line[-1] else 1)
        equations.append(row)
    reduced = []
    for column in range(len(hidden)):
        pivot = next((row for row in equations if row[column]), None)
        if pivot is None:
            continue
        equations.remove(pivot)
        pivot = [one / pivot[column] for one in pivot]
        for rest in (equations, reduced):
            for n, row in enumerate(rest):
                if row[column]:
                    rest[n] = [a - row[column] * b for a, b in zip(row, pivot, strict=True)]
        reduced.append(pivot)
    alone = [row for row in reduced if sum(1 for one in row if one) == 1]
    return {hidden[next(n for n, one in enumerate(row) if one)] for row in alone}


cells = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(
            st.builds(
                lambda count, each, most: Cell(count, count * each, min(count * each, most)),
                st.one_of(st.integers(0, 15), st.integers(0, 400)),
                st.integers(1, 9), st.integers(1, 900),
            ),
            min_size=width, max_size=width,
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip


@given(cells, st.booleans())
def test_no_withheld_cell_follows_from_the_published_ones(
    table: list[list[Cell]], summed: bool
) -> None:
    hidden = control.withheld(table, summed, set(), lambda spot: False)
    if hidden is None:
        return
    whole = control.grid(table)
    small = {(i, j) for i, row in enumerate(whole) for j, one in enumerate(row)
             if control.sensitive(one, summed)}  # fmt: skip
    assert small <= hidden
    found = solved(sorted(hidden), len(whole), len(whole[0]))
    # A nought that is withheld beside others tells of nobody.
    assert not {spot for spot in found if whole[spot[0]][spot[1]].count}


@given(cells, st.data())
def test_what_was_told_before_is_never_withheld_to_protect(
    table: list[list[Cell]], data: st.DataObject
) -> None:
    whole = control.grid(table)
    spots = [(i, j) for i, row in enumerate(whole) for j, one in enumerate(row)
             if not control.sensitive(one, False)]  # fmt: skip
    told = data.draw(st.sets(st.sampled_from(spots))) if spots else set()
    hidden = control.withheld(table, False, set(), told.__contains__)
    assert hidden is None or not hidden & told


counts = st.dictionaries(st.tuples(st.sampled_from("abc")), st.builds(Cell, st.integers(0, 30)))


@given(counts, counts)
def test_a_difference_of_few_is_seen(
    ours: dict[tuple[str, ...], Cell], theirs: dict[tuple[str, ...], Cell]
) -> None:
    a, b = sum(c.count for c in ours.values()), sum(c.count for c in theirs.values())
    if (0 < a < LEAST and not b) or (0 < b < LEAST and not a):
        assert earlier.few(ours, theirs)
    assert earlier.few(ours, theirs) == earlier.few(theirs, ours)
    assert not earlier.few(ours, ours)
