"""Vector tiles: the specification's own examples, and read back by a reader written apart."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lingnan.standards import web_mercator
from lingnan.standards.vector_tiles import Feature, Layer, encode
from tests.tiles import fields, numbers, one, properties

SQUARES = [
    [(0, 0), (10, 0), (10, 10), (0, 10)],
    [(11, 11), (20, 11), (20, 20), (11, 20)],
    [(13, 13), (13, 17), (17, 17), (17, 13)],
]


@pytest.mark.parametrize(
    ("feature", "commands"),
    [
        (Feature("point", [[(25, 17)]], {}), [9, 50, 34]),
        (Feature("point", [[(5, 7), (3, 2)]], {}), [17, 10, 14, 3, 9]),
        (Feature("line", [[(2, 2), (2, 10), (10, 10)]], {}), [9, 4, 4, 18, 0, 16, 16, 0]),
        (
            Feature("line", [[(2, 2), (2, 10), (10, 10)], [(1, 1), (3, 5)]], {}),
            [9, 4, 4, 18, 0, 16, 16, 0, 9, 17, 17, 10, 4, 8],
        ),
        (Feature("area", [[(3, 6), (8, 12), (20, 34)]], {}), [9, 6, 12, 18, 10, 12, 24, 44, 15]),
        (
            Feature("area", SQUARES, {}),
            [9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15, 9, 22, 2, 26, 18, 0, 0, 18, 17, 0, 15,
             9, 4, 13, 26, 0, 8, 8, 0, 0, 7, 15],
        ),
    ],
)  # fmt: skip
def test_the_examples_of_the_specification(feature: Feature, commands: list[int]) -> None:
    """Vector Tile Specification 2.1, 4.3.5."""
    layer = one(encode([Layer("x", [feature])]), 3)
    assert numbers(one(one(layer, 2), 4)) == commands
    assert (one(layer, 1), one(layer, 5), one(layer, 15)) == (b"x", 4096, 2)


SAID = (
    st.text(max_size=8) | st.integers(-(2**62), 2**62) | st.booleans() | st.floats(allow_nan=False)
)


@given(st.dictionaries(st.text(max_size=6), SAID, min_size=1, max_size=6))
def test_properties_read_as_they_were_said(said: dict[str, Any]) -> None:
    layer = one(encode([Layer("层", [Feature("point", [[(0, 0)]], said)])]), 3)
    read = properties(layer, one(layer, 2))
    assert read == said and {k: type(v) for k, v in read.items()} == {
        k: type(v) for k, v in said.items()
    }


def test_a_value_stands_once_in_a_layer_and_empty_layers_do_not() -> None:
    many = [Feature("point", [[(n, n)]], {"name": "荔湾区"}, n) for n in range(5)]
    layer = one(encode([Layer("a", many), Layer("b", [])]), 3)
    assert sum(number == 4 for number, _value in fields(layer)) == 1


@pytest.mark.parametrize(
    "layers",
    [
        [Layer("a", [Feature("point", [[(0, 0)]], {})])] * 2,
        [Layer("a", [Feature("area", [[(0, 0), (1, 1)]], {})])],
        [Layer("a", [Feature("line", [], {})])],
        [Layer("a", [Feature("point", [[(0, 0)]], {"x": None})])],  # type: ignore[dict-item]
    ],
)
def test_what_is_no_tile_is_refused(layers: list[Layer]) -> None:
    with pytest.raises(ValueError):
        encode(layers)


def test_the_scheme_is_the_standards() -> None:
    """OGC 17-083r4, Annex D.1: scale denominators of the first and a later level."""
    assert web_mercator.scale_denominator(0) == pytest.approx(559_082_264.028_717_9)
    assert web_mercator.scale_denominator(17) == pytest.approx(4_265.459_167_699_568)
    west, south, east, north = web_mercator.bounds(0, 0, 0)
    assert (west, east) == (-180, 180)
    assert north == pytest.approx(85.051_128_779_806_59) and south == pytest.approx(-north)
    with pytest.raises(ValueError):
        web_mercator.bounds(3, 8, 0)


@given(st.integers(0, 20), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_corners_of_a_tile_are_its_corners(level: int, down: float, right: float) -> None:
    row, column = int(down * (1 << level)), int(right * (1 << level))
    west, south, east, north = web_mercator.bounds(level, row, column)
    for longitude, latitude, expected in (
        (west, north, (0, 0)),
        (east, south, (4096, 4096)),
    ):
        found = web_mercator.place(longitude, latitude, level, row, column, 4096)
        assert found == pytest.approx(expected, abs=1)
