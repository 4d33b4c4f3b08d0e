"""GCJ-02 and WGS 84: there and back, and nothing outside China's box."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards.coordinates import SHIFTED, gcj02_to_wgs84, is_shifted, wgs84_to_gcj02

WEST, SOUTH, EAST, NORTH = SHIFTED
# The edge of the box is a step: a point within 0.02 degrees of it may be moved across.
INSIDE = st.tuples(st.floats(WEST + 0.02, EAST - 0.02), st.floats(SOUTH + 0.02, NORTH - 0.02))
ANYWHERE = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
CLOSE = 1e-6


@given(INSIDE)
def test_there_and_back(point: tuple[float, float]) -> None:
    x, y = gcj02_to_wgs84(*wgs84_to_gcj02(*point))
    assert abs(x - point[0]) < CLOSE and abs(y - point[1]) < CLOSE
    x, y = wgs84_to_gcj02(*gcj02_to_wgs84(*point))
    assert abs(x - point[0]) < CLOSE and abs(y - point[1]) < CLOSE


@given(INSIDE)
def test_the_shift_is_of_the_known_size(point: tuple[float, float]) -> None:
    x, y = wgs84_to_gcj02(*point)
    metres = hypot((x - point[0]) * cos(radians(point[1])), y - point[1]) * 111_000
    assert 1 < metres < 1500


@given(ANYWHERE.filter(lambda point: not is_shifted(*point)))
def test_outside_nothing_moves(point: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*point) == point == gcj02_to_wgs84(*point)


@pytest.mark.parametrize("point", [(109.7, 20.3), (113.26, 23.13), (116.9, 23.5), (114.0, 25.4)])
def test_in_guangdong_the_shift_is_half_a_kilometre(point: tuple[float, float]) -> None:
    x, y = wgs84_to_gcj02(*point)
    metres = hypot((x - point[0]) * cos(radians(point[1])), y - point[1]) * 111_000
    assert 450 < metres < 700


def test_a_point_of_guangzhou() -> None:
    """As other open software has it: 113.3, 23.1 is drawn at 113.305373, 23.097352."""
    x, y = wgs84_to_gcj02(113.3, 23.1)
    assert (round(x, 6), round(y, 6)) == (113.305373, 23.097352)
