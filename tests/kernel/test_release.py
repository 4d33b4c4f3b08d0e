"""What everybody is told: no public page tells what another one withholds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import html

from lingnan.kernel.registry.api import statistics
from lingnan.kernel.registry.projection import building
from lingnan.kernel.registry.statistics import release
from lingnan.kernel.registry.statistics.disclosure import LEAST
from lingnan.kernel.runtime.api import Moment, legal_time
from lingnan.systems.government.population.models import Resident
from tests.kernel.simplex import Equation, Possible
from tests.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.kernel]
PAGE, PROVINCE = "/population/", "440000"
SEXES = ("1", "2")
# A place, an age (empty: all) and a sex.
Name = tuple[str, str, str]
Line = tuple[int | None, ...]
Tables = Mapping[str, tuple[dict[str, Line], dict[str, Line] | None]]
Townsfolk = dict[tuple[str, str, str, str], int]
COUNTS = st.one_of(st.integers(0, 3), st.integers(0, 14), st.integers(0, 60))
COUNTIES = ("440101", "440102", "440201", "440202", "441900")


class Public:
    """All that everybody may know of a day: places below a place, and its ages; both by sex."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.shown = tables, dict[Name, int | None]()
        self.parts: list[tuple[Name, list[Name]]] = []
        for place, (below, ages) in tables.items():
            for age, line in (ages or {}).items():
                self._say(place, age, line)
            self._say(place, "", below[""])
            for code, line in below.items():
                if code:
                    self._say(code, "", line)
            for n in SEXES:
                self.parts.append(((place, "", n), [(one, "", n) for one in below if one]))
                if ages:
                    self.parts.append(((place, "", n), [(place, one, n) for one in ages if one]))
        cities = [code for code in tables[PROVINCE][0] if code]
        for age, n in product([age for age in tables[PROVINCE][1] or {} if age], SEXES):
            self.parts.append(((PROVINCE, age, n), [(city, age, n) for city in cities]))

    def _say(self, place: str, age: str, line: Line) -> None:
        for column, count in zip((*SEXES, ""), line, strict=True):
            name = (place, age, column)
            assert self.shown.setdefault(name, count) == count, "two pages say the same of it"
            assert count is None or not 0 < count < LEAST, name

    def equations(self) -> list[Equation]:
        """What must hold of what is withheld of one sex; a sum that is withheld says nothing."""
        lines = [(dict.fromkeys(parts, 1), [whole]) for whole, parts in self.parts if parts]
        for place, age, column in self.shown:
            if not column:
                lines.append(
                    (dict.fromkeys([(place, age, n) for n in SEXES], 1), [(place, age, "")])
                )
        found: list[Equation] = []
        for more, less in lines:
            signs = more | dict.fromkeys(less, -1)
            rest = -sum(sign * (self.shown[name] or 0) for name, sign in signs.items())
            left = {name: sign for name, sign in signs.items() if self.shown[name] is None}
            if any(not column for _place, _age, column in left):
                continue
            assert left or not rest, "what is published adds up"
            if left:
                found.append((left, rest))
        return found

    @property
    def withheld(self) -> list[Name]:
        return [name for name, count in self.shown.items() if count is None and name[2]]


@pytest.fixture
def copy(tmp_path: Path, settings: Any) -> Iterator[None]:
    settings.DATA = tmp_path
    building.bring_up_to_date(Resident)
    yield


def said(guest: Person, place: str) -> tuple[dict[str, Line], dict[str, Line] | None]:
    """The tables of a public page; places by the codes that their names lead to."""
    root = html.fromstring(guest.get(f"{PAGE}?place={place}"))
    assert guest.status == 200
    tables = [_lines(one) for one in root.xpath("//table[.//thead/tr/th[4]]")]
    return tables[0], tables[1] if len(tables) > 1 else None


def _lines(table: Any) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for row in table.xpath("./tbody/tr"):
        name = row.xpath("string(th)").strip()
        codes = [link.split("place=")[1][:6] for link in row.xpath("th/a/@href")]
        code = "" if name == "合计" else codes[0] if codes else name
        cells = [cell.text_content().strip().replace(",", "") for cell in row.xpath("td")]
        found[code] = tuple(None if cell == "×" else int(cell) for cell in cells)
    return found


def test_no_public_page_tells_what_another_one_withholds(copy: None) -> None:
    """Every page of the province and its cities, and those of some counties, by HTTP."""
    guest = Person("resident-440106")
    tables = {PROVINCE: said(guest, PROVINCE)}
    for city in [code for code in tables[PROVINCE][0] if code]:
        tables[city] = said(guest, city)
    for county in [code for code in tables["440100"][0] if code]:
        tables[county] = said(guest, county)
    known = Public(tables)
    residents = Resident.objects.filter(ended=False)
    true = Counter(residents.values_list("division", "sex"))
    shown = {name: n for name, n in known.shown.items() if n is not None and name[2]}
    assert len(known.withheld) > 100 and len(shown) > 100
    for (code, age, sex), count in shown.items():
        if not age and (code, sex) in true:
            assert count == true[code, sex]
    for name, value in computed(known.equations()).items():
        # That none are there is no secret.
        assert value == 0, name


def computed(equations: list[Equation]) -> dict[Name, int]:
    """What follows from the equations alone: by elimination, in whole numbers modulo a prime."""
    prime, solved = 2**61 - 1, dict[Name, tuple[dict[Name, int], int]]()
    for signs, rest in equations:
        line, rest = _without(dict(signs), rest, solved, prime)
        if not line:
            continue
        pivot = next(iter(line))
        back = pow(line[pivot], -1, prime)
        line, rest = {name: n * back % prime for name, n in line.items()}, rest * back % prime
        for name, (other, sum_) in solved.items():
            if pivot in other:
                solved[name] = _without(other, sum_, {pivot: (line, rest)}, prime)
        solved[pivot] = line, rest
    return {name: rest for name, (line, rest) in solved.items() if len(line) == 1}


def _without(
    line: dict[Name, int], rest: int, solved: Mapping[Name, tuple[dict[Name, int], int]], prime: int
) -> tuple[dict[Name, int], int]:
    for name in [name for name in line if name in solved]:
        times, (other, sum_) = line.get(name, 0), solved[name]
        for one, n in other.items():
            line[one] = (line.get(one, 0) - times * n) % prime
        rest = (rest - times * sum_) % prime
    return {name: n for name, n in line.items() if n}, rest


@st.composite
def provinces(draw: st.DrawFn) -> Townsfolk:
    """Residents by county, township, age band and sex: two cities of two counties, one of none."""
    counties = draw(st.lists(st.sampled_from(COUNTIES), min_size=2, unique=True))
    towns = [
        (county, f"{county}00{n}") for county in counties for n in range(draw(st.integers(1, 2)))
    ]
    spots = list(product(towns, ("000", "005"), SEXES))
    return {(*town, age, sex): draw(COUNTS) for town, age, sex in spots}


# Without shrinking, which takes minutes: a failure tells all tables.
@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(provinces())
def test_every_withheld_count_keeps_its_interval(people: Townsfolk) -> None:
    people = {spot: count for spot, count in people.items() if count}
    if not people:
        return
    known = Public(published(people))
    possible = Possible(known.withheld, known.equations())
    for name in known.withheld:
        truth, alone = _true(people, name), _all_of_it(known, people, name)
        if not truth or alone:
            continue  # no secret: a nought, or all of what a line above says
        high, low = possible.most(name, 1), possible.most(name, -1)
        assert low is not None, name
        assert high is None or high + low >= LEAST, (people, name)


def published(people: Townsfolk) -> Tables:
    """The release of these residents, as the pages ask for it."""

    def counted(_model: Any, _copy: Any, asked: Any, _moment: Any, division: str) -> Any:
        codes = [("division", "township", "birth_date", "sex").index(axis.code) for axis in asked]
        found: Counter[tuple[str, ...]] = Counter()
        for spot, count in people.items():
            if spot[0].startswith(division):
                found[tuple(spot[at] for at in codes)] += count
        return found

    axes = release.chosen(Resident, ["division", "township", "sex", "birth_date"])
    with patch.object(release, "counts", counted):
        made: Any = release.Release(None, axes, Moment(legal_time.today()))  # type: ignore[arg-type]
        tables: dict[str, Any] = {}
        for place in dict.fromkeys([PROVINCE, *(f"{spot[0][:4]}00" for spot in people)]):
            tables[place] = _of(made.below(place)), _of(made.others(place))
        for county in [code for code in COUNTIES if any(spot[0] == code for spot in people)]:
            if county not in tables:
                tables[county] = _of(made.below(county)), None
    return tables


def _of(told: statistics.Told) -> dict[str, Line]:
    return dict(zip([*told.rows, ""], told.cells, strict=True))


def _true(people: Townsfolk, name: Name) -> int:
    place, age, sex = name
    return sum(
        count
        for (county, town, band, own), count in people.items()
        if own == sex and age in ("", band)
        and (place in (town, county, f"{county[:4]}00", PROVINCE))
    )  # fmt: skip


def _all_of_it(known: Public, people: Townsfolk, name: Name) -> bool:
    """Whether a place has all that some line above it, which is told, says."""
    place, age, sex = name
    above = {place[:6], f"{place[:4]}00", PROVINCE} - {place} if not age else {PROVINCE}
    count = _true(people, name)
    return any(known.shown.get((one, age, sex)) == count for one in above)
