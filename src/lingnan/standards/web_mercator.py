"""The tile scheme that everybody's maps use: WebMercatorQuad (OGC 17-083r4, Annex D.1; EPSG:3857).

A tile has a level from 0 to 24, a row counted from the north and a column counted from 180° W;
level n has 2^n of each. Longitudes and latitudes are degrees of WGS 84, as CGCS2000 has them
within a decimetre.
"""

from math import asinh, atan, degrees, pi, radians, sinh, tan

IDENTIFIER = "WebMercatorQuad"
ADDRESS = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
LEVELS = 25
NORTH = degrees(atan(sinh(pi)))
"""The square world ends at this latitude, north and south: 85.0511…°."""
_WIDTH = 40_075_016.685_578_49
_PIXELS, _PIXEL_METRES = 256, 0.000_28


def inside(level: int, row: int, column: int) -> bool:
    """Whether there is such a tile."""
    return 0 <= level < LEVELS and 0 <= row < 1 << level and 0 <= column < 1 << level


def bounds(level: int, row: int, column: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a tile in degrees. Raises ValueError where there is none."""
    if not inside(level, row, column):
        raise ValueError(f"no tile {level}/{row}/{column}")
    count = 1 << level
    west, east = (360 * place / count - 180 for place in (column, column + 1))
    south, north = (degrees(atan(sinh(pi * (1 - 2 * place / count)))) for place in (row + 1, row))
    return west, south, east, north


def place(
    longitude: float, latitude: float, level: int, row: int, column: int, extent: int
) -> tuple[int, int]:
    """A point in the whole numbers of a tile: to the east and to the south of its corner.

    Outside the tile they are negative, or beyond the extent. Latitudes beyond the square world
    stand on its edge.
    """
    count = 1 << level
    held = radians(min(max(latitude, -NORTH), NORTH))
    x = (longitude + 180) / 360 * count - column
    y = (1 - asinh(tan(held)) / pi) / 2 * count - row
    return round(x * extent), round(y * extent)


def scale_denominator(level: int) -> float:
    """Of a level, at the equator, with pixels of 0.28 mm (OGC 17-083r4, 6.1)."""
    return _WIDTH / (_PIXELS << level) / _PIXEL_METRES
