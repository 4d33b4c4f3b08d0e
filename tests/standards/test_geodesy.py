"""Distance, area and Gauss-Krüger coordinates against figures of another program.

The figures are of PROJ 9.5.1 (pyproj 3.7.2): EPSG:4490 to EPSG:4534 … 4554, and its geodesics on
GRS 80, whose ellipsoid is that of CGCS2000.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import coordinates, geodesy

PLANE = [
    (38, 113.2644, 23.1291, 424654.893, 2559024.7393),
    (38, 115.4, 22.7, 643856.9015, 2511993.3417),
    (37, 110.3594, 21.2707, 433516.3609, 2353183.2799),
    (39, 116.68, 23.3535, 467278.7242, 2583722.684),
    (38, 112.51, 20.2, 344260.2568, 2235206.7142),
    (38, 114.0, 24.8, 500000.0, 2743899.889),
    (30, 90.9, 29.65, 587142.5951, 3281654.6715),
    (45, 134.5, 48.3, 462904.2175, 5351906.4202),
]


@pytest.mark.parametrize(("zone", "x", "y", "east", "north"), PLANE)
def test_the_plane_is_that_of_proj(
    zone: int, x: float, y: float, east: float, north: float
) -> None:
    assert geodesy.gauss_kruger(x, y, zone) == pytest.approx((east, north), abs=0.0001)
    assert geodesy.from_gauss_kruger(east, north, zone) == pytest.approx((x, y), abs=2e-9)


@pytest.mark.parametrize(
    ("x1", "y1", "x2", "y2", "metres"),
    [(113.2644, 23.1291, 114.0579, 22.5431, 104140.4637),
     (110.3594, 21.2707, 116.68, 23.3535, 690779.5813),
     (113.3, 23.1, 113.3005, 23.1003, 61.0544), (113, 23, -70, 10, 16339171.9387)],
)  # fmt: skip
def test_distances_are_those_of_proj(
    x1: float, y1: float, x2: float, y2: float, metres: float
) -> None:
    assert geodesy.distance(x1, y1, x2, y2) == pytest.approx(metres, abs=0.001)
    assert geodesy.distance(x2, y2, x1, y1) == pytest.approx(metres, abs=0.001)
    assert geodesy.distance(x1, y1, x1, y1) == 0


def test_an_area_is_that_of_proj() -> None:
    """One degree by one between parallels: PROJ's polygon with 8,002 corners."""
    (west, south), (east, north) = geodesy.equal_area(113, 23), geodesy.equal_area(114, 24)
    assert (east - west) * (north - south) == pytest.approx(AREA, rel=1e-8)


AREA = 11312085322.123278


@given(st.floats(73.6, 136.4), st.floats(3, 54))
def test_there_and_back_is_the_same_place(x: float, y: float) -> None:
    zone = geodesy.zone_of(x)
    plane = geodesy.gauss_kruger(x, y, zone)
    assert geodesy.from_gauss_kruger(*plane, zone) == pytest.approx((x, y), abs=1e-10)
    shifted = coordinates.wgs84_to_bd09(x, y)
    assert coordinates.bd09_to_wgs84(*shifted) == pytest.approx((x, y), abs=1e-6)


@pytest.mark.parametrize("x", [73.0, 137.0, -113.0, float("nan"), float("inf")])
def test_outside_the_zones_there_is_no_plane(x: float) -> None:
    with pytest.raises(ValueError, match="zones"):
        geodesy.zone_of(x)
