"""The synthetic province agrees with its published figures, at any size, and is one per seed."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingnan.node import world as worlds
from lingnan.node.world.calibration import EDUCATION, calibration
from lingnan.node.world.data import DATA, FEATURED, PROVINCE, places
from lingnan.node.world.parts import parts
from lingnan.node.world.plan import MOST, Counted, NotThatMany, Plan, plan
from lingnan.node.world.rounding import apportion, fit_sizes, spread
from lingnan.standards import credit_code, resident_number

DAY = date(2026, 3, 2)
CENSUS = 104_303_132
SMALL = 104_303
DELTA = ("440100", "440300", "440400", "440600", "440700", "441200", "441300", "441900", "442000")
FIGURES = tomllib.loads((DATA / "calibration.toml").read_text(encoding="utf-8"))["figures"]
IDS = [f"{row['id']}-{row['area']}" for row in FIGURES]


def groups(place: Counted) -> Any:
    return place.cells[:4] + place.cells[4:]


def per_cent(part: float, whole: float) -> float:
    return 100 * part / whole


MEASURES: dict[str, Callable[[Counted], float]] = {
    "residents": lambda c: c.residents,
    "sex_ratio": lambda c: per_cent(c.cells[:4].sum(), c.cells[4:].sum()),
    "male": lambda c: per_cent(c.cells[:4].sum(), c.residents),
    "age_0_14": lambda c: per_cent(groups(c)[0], c.residents),
    "age_15_59": lambda c: per_cent(groups(c)[1], c.residents),
    "age_15_64": lambda c: per_cent(groups(c)[1:3].sum(), c.residents),
    "age_60": lambda c: per_cent(groups(c)[2:].sum(), c.residents),
    "age_65": lambda c: per_cent(groups(c)[3], c.residents),
    "family_size": lambda c: (c.residents - c.collective) / c.sizes.sum(),
    "family_households": lambda c: c.sizes.sum(),
    "urban": lambda c: per_cent(c.urban, c.residents),
    "away": lambda c: c.away / 1e6,
    "floating": lambda c: (c.away - c.near) / 1e6,
    "minorities": lambda c: c.minorities / 1e6,
    "legal_units": lambda c: c.enterprises / 1e6,
    **{f"education_{n}": lambda c, i=i: c.education[i] for i, n in enumerate(EDUCATION)},
}
# Counted in persons or units: at another size they are scaled.
COUNTS = {"residents", "family_households", "away", "floating", "minorities", "legal_units"}


def measured(known: Plan, figure: str, area: str) -> float:
    """A figure as a plan has it."""
    if figure == "legal_units_delta":
        return enterprises_in(known, DELTA)
    if figure == "legal_units_two_cities":
        return enterprises_in(known, DELTA[:2])
    place = known.of_province() if area == PROVINCE else known.of_city(area)
    return float(MEASURES[figure](place))


def enterprises_in(known: Plan, cities: tuple[str, ...]) -> float:
    chosen = sum(int(known.of_city(city).enterprises) for city in cities)
    return per_cent(chosen, int(known.of_province().enterprises))


def agrees(row: dict[str, Any], found: float) -> bool:
    """Whether a value agrees with a figure as far as the figure is published."""
    return bool(abs(found - row["value"]) <= 0.5 * 10.0 ** -row["decimals"] * 1.02)


@pytest.mark.parametrize("row", FIGURES, ids=IDS)
def test_the_full_province_has_every_published_figure(row: dict[str, Any]) -> None:
    assert agrees(row, measured(plan(CENSUS, DAY), row["id"], row["area"]))


def test_every_figure_says_where_it_is_from() -> None:
    for row in FIGURES:
        assert row["mark"] in ("F", "D") and row["source"] and row["unit"]
        assert row["id"] in MEASURES or row["id"].startswith("legal_units_")
    read = tomllib.loads((DATA / "calibration.toml").read_text(encoding="utf-8"))
    assert read["parameters"]["mark"] == "G"
    assert read["weights"]["industrial_firms"]["mark"] == "F"
    firms = read["weights"]["industrial_firms"]
    assert sum(v for v in firms.values() if isinstance(v, int)) == 53_418


def test_a_wrong_share_is_found() -> None:
    row = next(r for r in FIGURES if (r["id"], r["area"]) == ("age_0_14", "440100"))
    planted = row | {"value": row["value"] + 0.02}
    assert not agrees(planted, measured(plan(CENSUS, DAY), "age_0_14", "440100"))


def test_at_full_size_each_city_has_its_census_count() -> None:
    known = plan(CENSUS, DAY)
    assert known.of_province().residents == CENSUS == MOST == sum(calibration().cities.values())
    for city, residents in calibration().cities.items():
        assert known.of_city(city).residents == residents


@settings(deadline=None, max_examples=25)
@given(st.integers(600, 5_000_000))
def test_a_plan_of_any_size_adds_up_and_keeps_its_shares(size: int) -> None:
    known = plan.__wrapped__(size, DAY)
    counts = known.counts
    assert counts.residents.sum() == size
    assert (counts.cells.sum(axis=1) == counts.residents).all()
    assert ((counts.sizes * np.arange(1, 9)).sum(axis=1) + counts.collective
            == counts.residents).all()  # fmt: skip
    assert all((column >= 0).all() for column in vars(counts).values())
    assert (counts.near <= counts.away).all() and (counts.urban <= counts.residents).all()
    for row in FIGURES:
        whole = known.of_province()
        if row["area"] == PROVINCE and row["unit"] == "per cent" and row["id"] in MEASURES:
            # Two whole numbers are divided: each may be one person off.
            assert abs(measured(known, row["id"], PROVINCE) - row["value"]) <= 200 / size + 0.005
        assert whole.residents == size
    for code in FEATURED:
        place = [unit.code for unit in known.units].index(code)
        adults = counts.cells[place][1] + counts.cells[place][5]
        assert adults >= 2 and counts.businesses[place] >= 1


@pytest.mark.parametrize("size", [0, 599, CENSUS + 1, -5])
def test_other_sizes_are_refused(size: int) -> None:
    with pytest.raises(NotThatMany):
        plan(size, DAY)


@pytest.mark.parametrize("size", [600, 30_000, 3_000_000])
def test_parts_are_the_plan(size: int) -> None:
    known = plan(size, DAY)
    whole = known.of_province()
    summed = dict.fromkeys(vars(whole), 0)
    expected_first = 0
    for part in parts(known):
        assert part.first_resident == expected_first
        expected_first += int(part.counts.residents)
        assert part.counts.residents <= 24_100
        for name, value in vars(part.counts).items():
            summed[name] = summed[name] + value
    for name, value in vars(whole).items():
        assert np.array_equal(summed[name], value), name


Rows = st.lists(st.integers(0, 40), min_size=1, max_size=12)


@given(Rows, st.lists(st.floats(0.01, 9), min_size=1, max_size=6))
def test_spreading_keeps_both_sums(rows: list[int], weights: list[float]) -> None:
    columns = apportion(weights, sum(rows))
    assert columns.sum() == sum(rows)
    shares = np.asarray(weights) / sum(weights)
    table = spread(np.outer(rows, shares), np.array(rows), columns)
    assert (table >= 0).all()
    assert table.sum(axis=1).tolist() == rows
    assert table.sum(axis=0).tolist() == columns.tolist()


@given(st.lists(st.integers(0, 9), min_size=8, max_size=8), st.data())
def test_households_are_made_to_hold_their_members(counts: list[int], data: st.DataObject) -> None:
    households = sum(counts)
    members = data.draw(st.integers(households, households * 8))
    found = fit_sizes(np.array(counts), members)
    assert found.sum() == households and (found >= 0).all()
    assert (found * np.arange(1, 9)).sum() == members


# --- the people themselves ------------------------------------------------------------------------


def rows(chunks: Iterator[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for chunk in chunks:
        lengths = {len(column) for column in chunk.values()}
        assert len(lengths) == 1
        for name, column in chunk.items():
            found.setdefault(name, []).extend(column)
    return found


@lru_cache(maxsize=3)
def province(size: int = SMALL, seed: int = 2011) -> Any:
    return worlds.make(seed, DAY, size)


@lru_cache(maxsize=4)
def of(kind: str, size: int = SMALL, seed: int = 2011) -> dict[str, list[Any]]:
    return rows(getattr(province(size, seed), kind)())


def age(born: date) -> int:
    return DAY.year - born.year - ((born.month, born.day) > (DAY.month, DAY.day))


def counted() -> dict[str, Any]:
    """Figures of the province as its people, homes and firms have them: id-area → value."""
    people, homes = of("residents"), of("households")
    parent = {unit.code: unit.city for unit in places(DAY).units}
    city = [parent[code] for code in people["division"]]
    ages = [age(born) for born in people["birth_date"]]
    home = [parent.get(code, code) for code in people["domicile"]]
    found: dict[str, Any] = {}
    for area in (PROVINCE, *calibration().cities):
        here = [i for i, one in enumerate(city) if area in (PROVINCE, one)]
        n = len(here)
        men = sum(people["sex"][i] == "1" for i in here)
        found[f"residents-{area}"] = n
        found[f"sex_ratio-{area}"] = per_cent(men, n - men)
        found[f"male-{area}"] = per_cent(men, n)
        for name, low, high in (("age_0_14", 0, 14), ("age_15_59", 15, 59), ("age_60", 60, 150),
                                ("age_65", 65, 150), ("age_15_64", 15, 64)):  # fmt: skip
            found[f"{name}-{area}"] = per_cent(sum(low <= ages[i] <= high for i in here), n)
        found[f"urban-{area}"] = per_cent(sum(people["urban"][i] for i in here), n)
        away = [i for i in here if people["domicile"][i] != people["division"][i]]
        found[f"away-{area}"] = len(away)
        found[f"floating-{area}"] = sum(home[i] != city[i] for i in away)
        found[f"minorities-{area}"] = sum(people["nation"][i] != "01" for i in here)
        for level in EDUCATION:
            reached = sum(people["education"][i] == level for i in here)
            found[f"education_{level}-{area}"] = reached
        lived = [s for s, k, d in zip(homes["size"], homes["kind"], homes["division"], strict=True)
                 if k == "family" and area in (PROVINCE, parent[d])]  # fmt: skip
        found[f"family_households-{area}"] = len(lived)
        found[f"family_size-{area}"] = sum(lived) / len(lived)
    firms = Counter(parent[code] for code in of("enterprises")["division"])
    total = sum(firms.values())
    found[f"legal_units-{PROVINCE}"] = total
    found[f"legal_units_delta-{PROVINCE}"] = per_cent(sum(firms[c] for c in DELTA), total)
    found[f"legal_units_two_cities-{PROVINCE}"] = per_cent(sum(firms[c] for c in DELTA[:2]), total)
    return found


@pytest.fixture(scope="module")
def materialised() -> dict[str, Any]:
    return counted()


@pytest.mark.parametrize("row", FIGURES, ids=IDS)
def test_the_people_of_a_thousandth_have_every_figure(
    row: dict[str, Any], materialised: dict[str, Any]
) -> None:
    found = materialised[f"{row['id']}-{row['area']}"]
    if row["id"] in COUNTS or row["id"].startswith("education_"):
        million = 1e6 if "million" in row["unit"] else 1
        published = row["value"] * million * SMALL / CENSUS
        rounding = 0.5 * 10.0 ** -row["decimals"] * million * SMALL / CENSUS
        assert abs(found - published) <= rounding + 1
        return
    # A share of whole persons: numerator and denominator are each at most one off.
    base = materialised[f"residents-{row['area']}"]
    if row["id"].startswith("legal_units"):
        base = materialised[f"legal_units-{PROVINCE}"]
    if row["id"] == "family_size":
        base = materialised[f"family_households-{row['area']}"] * 100 / 4
    scale = 209 if row["id"] == "sex_ratio" else 100
    assert abs(found - row["value"]) <= 2 * scale / base + 0.5 * 10.0 ** -row["decimals"]


def test_numbers_are_unique_well_formed_and_invented() -> None:
    people = of("residents")
    numbers = people["resident_number"]
    assert len(set(numbers)) == len(numbers) == SMALL
    for i in range(0, SMALL, 97):
        read = resident_number.parse(numbers[i])
        assert resident_number.is_synthetic(read)
        assert read.birth_date == people["birth_date"][i]
        assert read.sex == ("male" if people["sex"][i] == "1" else "female")
        assert read.division_code[:4] == people["domicile"][i][:4]


def test_keys_and_codes_are_unique() -> None:
    kinds = ("residents", "households", "dwellings", "businesses", "enterprises")
    made = [key for kind in kinds for key in of(kind)["key"]]
    assert len(set(made)) == len(made)
    assert all(0 < key < 2**63 for key in made)
    codes = of("businesses")["code"] + of("enterprises")["code"]
    assert len(set(codes)) == len(codes)
    for code in codes[::53]:
        assert 91 <= int(credit_code.parse(code).division_code[4:]) <= 99
    assert len(set(of("dwellings")["code"])) == len(of("dwellings")["code"])


def test_everything_refers_to_what_there_is() -> None:
    people, homes, doors = of("residents"), of("households"), of("dwellings")
    members = Counter(people["household"])
    assert members == dict(zip(homes["number"], homes["size"], strict=True))
    kinds = dict(zip(doors["key"], doors["kind"], strict=True))
    texts = dict(zip(doors["key"], doors["text"], strict=True))
    assert all(kinds[key] == "dwelling" for key in homes["place"])
    assert [texts[key] for key in homes["place"]] == homes["address"]
    names = dict(zip(people["key"], people["name"], strict=True))
    born = dict(zip(people["key"], people["birth_date"], strict=True))
    shops = of("businesses")
    assert [names[key] for key in shops["operator"]] == shops["operator_name"]
    assert all(age(born[key]) >= 22 for key in shops["operator"])
    for firms in (shops, of("enterprises")):
        assert all(kinds[key] == "premises" for key in firms["place"])
        assert [texts[key] for key in firms["place"]] == firms["premises"]
        assert all(name.count("店店") == 0 for name in firms["name"])
    townships = {row["code"]: row["county"] for row in worlds.data.rows("townships.csv")}
    pairs = set(zip(people["township"], people["division"], strict=True))
    assert all(townships[township] == division for township, division in pairs)


def test_points_lie_inside_their_county() -> None:
    import json

    import shapely

    path = DATA / "boundaries" / "county.geojson"
    outlines = {
        feature["properties"]["code"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]
    }
    doors = of("dwellings")
    at: dict[str, list[int]] = {}
    for place, division in enumerate(doors["division"]):
        at.setdefault(division, []).append(place)
    for division, chosen in at.items():
        # Rounded to a millionth of a degree, a point may step over a border by a hand's breadth.
        outline = outlines[division].buffer(2e-6)
        xs = [doors["longitude"][i] for i in chosen]
        ys = [doors["latitude"][i] for i in chosen]
        assert shapely.contains_xy(outline, xs, ys).all(), division


def test_one_seed_is_one_province_and_another_seed_another() -> None:
    one, same, another = (worlds.make(seed, DAY, 600) for seed in (7, 7, 8))
    for kind in ("residents", "households", "dwellings", "businesses", "enterprises"):
        first, again, other = (rows(getattr(world, kind)()) for world in (one, same, another))
        assert rows(getattr(one, kind)()) == first
        assert first == again
        assert first != other


@pytest.mark.parametrize("size", [600, 1500, 20_000])
def test_the_featured_are_there(size: int) -> None:
    world = worlds.make(2011, DAY, size)
    people, shops = of("residents", size), of("businesses", size)
    at = {key: place for place, key in enumerate(people["key"])}
    assert list(world.featured) == [f"{k}-{c}" for c in FEATURED for k in ("resident", "owner")]
    for login, person in world.featured.items():
        assert person.division == login[-6:] and age(person.birth_date) >= 22
        assert people["resident_number"][at[person.key]] == person.number
        assert (person.key in shops["operator"]) == login.startswith("owner")
    for login, firm in world.shops.items():
        assert firm.operator == world.featured[login].key
        assert firm.code in shops["code"] and firm in list(world.firms())
    assert len(list(world.firms(limit=3))) == 3


# --- capacity -------------------------------------------------------------------------------------
