"""Coordinates of Chinese maps: WGS 84 and the shifted systems GCJ-02 and BD-09.

Public map services in China publish GCJ-02, which lies 300 to 700 metres beside WGS 84. The
shift has no published standard; the formula here is the one that open software has used since
it became known, on the ellipsoid of Krasovsky 1940. CGCS2000 (GB 22021-2008) and WGS 84 differ by
centimetres and are treated as one.

BD-09 is Baidu's further shift of GCJ-02, unpublished as well; its formula, too, is the one in use.

All functions take and return degrees, longitude first.
"""

from __future__ import annotations

from math import atan2, cos, hypot, pi, sin, sqrt

SEMI_MAJOR = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323

# Outside this box no shift is applied: west, south, east, north.
SHIFTED = (72.004, 0.8293, 137.8347, 55.8271)

_CLOSE_ENOUGH = 1e-10
_ROUNDS = 20
_TURN = pi * 3000.0 / 180.0


def is_shifted(longitude: float, latitude: float) -> bool:
    """Whether a map service would shift this point."""
    west, south, east, north = SHIFTED
    return west <= longitude <= east and south <= latitude <= north


def wgs84_to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """The shifted place of a true one; unchanged outside China's box."""
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    east, north = _shift(longitude, latitude)
    return longitude + east, latitude + north


def gcj02_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """The true place of a shifted one, by iteration; unchanged outside China's box.

    Returns to the start within 1e-6 degrees (about 0.1 m) anywhere but on the edge of the box,
    where the shift begins at once.
    """
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    x, y = longitude, latitude
    for _ in range(_ROUNDS):
        east, north = _shift(x, y)
        miss = hypot(longitude - east - x, latitude - north - y)
        x, y = longitude - east, latitude - north
        if miss < _CLOSE_ENOUGH:
            break
    return x, y


def wgs84_to_bd09(longitude: float, latitude: float) -> tuple[float, float]:
    """The place on Baidu's maps of a true one; unchanged outside China's box."""
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    return _twisted(*wgs84_to_gcj02(longitude, latitude))


def bd09_to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """The true place of one on Baidu's maps, by iteration, as `gcj02_to_wgs84`."""
    if not is_shifted(longitude, latitude):
        return longitude, latitude
    x, y = longitude - 0.0065, latitude - 0.006
    for _ in range(_ROUNDS):
        east, north = _twisted(x, y)
        x, y = x + longitude - east, y + latitude - north
        if hypot(longitude - east, latitude - north) < _CLOSE_ENOUGH:
            break
    return gcj02_to_wgs84(x, y)


def _twisted(x: float, y: float) -> tuple[float, float]:
    far = hypot(x, y) + 0.00002 * sin(y * _TURN)
    angle = atan2(y, x) + 0.000003 * cos(x * _TURN)
    return far * cos(angle) + 0.0065, far * sin(angle) + 0.006


def _shift(longitude: float, latitude: float) -> tuple[float, float]:
    """How far east and north, in degrees, the point is moved."""
    x, y = longitude - 105.0, latitude - 35.0
    angle = latitude * pi / 180.0
    flat = 1.0 - ECCENTRICITY_SQUARED * sin(angle) ** 2
    along_meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (flat * sqrt(flat)) * pi
    along_parallel = SEMI_MAJOR / sqrt(flat) * cos(angle) * pi
    return _metres_east(x, y) * 180.0 / along_parallel, _metres_north(x, y) * 180.0 / along_meridian


def _metres_east(x: float, y: float) -> float:
    smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return smooth + (2.0 / 3.0) * (
        _ripple(x)
        + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi))
        + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi))
    )


def _metres_north(x: float, y: float) -> float:
    smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return smooth + (2.0 / 3.0) * (
        _ripple(x)
        + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi))
        + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0))
    )


def _ripple(x: float) -> float:
    return 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
