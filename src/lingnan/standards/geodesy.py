"""Distance, area and Gauss-Krüger coordinates on the ellipsoid of CGCS2000 (GB 22021-2008).

The ellipsoid is a = 6378137 m, f = 1/298.257222101; that of WGS 84 differs from it by 0.1 mm in the
semi-minor axis, and the frames by centimetres: degrees of the one are taken for those of the other.
Functions take degrees, longitude first, and metres.
"""

from __future__ import annotations

from math import (  # fmt: skip
    asinh,
    atan,
    atan2,
    atanh,
    cos,
    cosh,
    degrees,
    hypot,
    inf,
    isfinite,
    radians,
    sin,
    sinh,
    sqrt,
    tan,
)

A = 6378137.0
F = 1 / 298.257222101
B = A * (1 - F)
E2 = F * (2 - F)
_N = F / (2 - F)
_ROUNDS, _CLOSE = 200, 1e-12
FALSE_EASTING = 500_000.0
# Three-degree zones of China: number and central meridian 75 to 135 degrees east.
ZONES = range(25, 46)


def distance(x1: float, y1: float, x2: float, y2: float) -> float:
    """Metres along the geodesic between two points, to under a millimetre (Vincenty 1975).

    Two points almost opposite on the globe, where the series does not converge, give `inf`.
    """
    if (x1, y1) == (x2, y2):
        return 0.0
    u1, u2 = (atan((1 - F) * tan(radians(y))) for y in (y1, y2))
    wanted = lam = radians(x2 - x1)
    for _ in range(_ROUNDS):
        s, c = sin(lam), cos(lam)
        sin_sigma = hypot(cos(u2) * s, cos(u1) * sin(u2) - sin(u1) * cos(u2) * c)
        if sin_sigma == 0:
            return 0.0
        cos_sigma = sin(u1) * sin(u2) + cos(u1) * cos(u2) * c
        sigma = atan2(sin_sigma, cos_sigma)
        sin_alpha = cos(u1) * cos(u2) * s / sin_sigma
        cos2 = 1 - sin_alpha**2
        middle = cos_sigma - 2 * sin(u1) * sin(u2) / cos2 if cos2 else 0.0
        k = F / 16 * cos2 * (4 + F * (4 - 3 * cos2))
        bent = middle + k * cos_sigma * (2 * middle**2 - 1)
        before, lam = lam, wanted + (1 - k) * F * sin_alpha * (sigma + k * sin_sigma * bent)
        if abs(lam - before) < _CLOSE:
            return _arc(cos2, sigma, sin_sigma, cos_sigma, middle)
    return inf


def _arc(cos2: float, sigma: float, sin_sigma: float, cos_sigma: float, middle: float) -> float:
    squared = cos2 * (A * A - B * B) / (B * B)
    big_a = 1 + squared / 16384 * (4096 + squared * (-768 + squared * (320 - 175 * squared)))
    big_b = squared / 1024 * (256 + squared * (-128 + squared * (74 - 47 * squared)))
    inner = cos_sigma * (2 * middle**2 - 1)
    inner -= big_b / 6 * middle * (4 * sin_sigma**2 - 3) * (4 * middle**2 - 3)
    return B * big_a * (sigma - big_b * sin_sigma * (middle + big_b / 4 * inner))


def equal_area(longitude: float, latitude: float) -> tuple[float, float]:
    """Metres on a cylinder on which every area is true (Lambert's, of the ellipsoid)."""
    e, s = sqrt(E2), sin(radians(latitude))
    q = (1 - E2) * (s / (1 - E2 * s * s) + atanh(e * s) / e)
    return A * radians(longitude), A * q / 2


def zone_of(longitude: float) -> int:
    """The three-degree zone of a longitude. Raises ValueError outside China's zones."""
    zone = int((longitude + 1.5) // 3) if isfinite(longitude) else 0
    if zone not in ZONES:
        raise ValueError("outside the zones 25 to 45")
    return zone


# Krüger's series in the third flattening n, to its sixth power: micrometres within a zone.
_RECTIFYING = A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)
_FORWARD = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180 - 127 * _N**5 / 288,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440 + 281 * _N**5 / 630,
    61 * _N**3 / 240 - 103 * _N**4 / 140 + 15061 * _N**5 / 26880,
    49561 * _N**4 / 161280 - 179 * _N**5 / 168,
    34729 * _N**5 / 80640,
)
_BACK = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360 - 81 * _N**5 / 512,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440 + 46 * _N**5 / 105,
    17 * _N**3 / 480 - 37 * _N**4 / 840 - 209 * _N**5 / 4480,
    4397 * _N**4 / 161280 - 11 * _N**5 / 504,
    4583 * _N**5 / 161280,
)


def gauss_kruger(longitude: float, latitude: float, zone: int) -> tuple[float, float]:
    """Easting (with the false 500 km, without the zone's number) and northing in metres."""
    lam = radians(longitude - 3 * zone)
    e = sqrt(E2)
    s = sin(radians(latitude))
    t = sinh(atanh(s) - e * atanh(e * s))
    xi, eta = atan2(t, cos(lam)), asinh(sin(lam) / hypot(t, cos(lam)))
    north = xi + sum(c * sin(2 * k * xi) * cosh(2 * k * eta) for k, c in enumerate(_FORWARD, 1))
    east = eta + sum(c * cos(2 * k * xi) * sinh(2 * k * eta) for k, c in enumerate(_FORWARD, 1))
    return FALSE_EASTING + _RECTIFYING * east, _RECTIFYING * north


def from_gauss_kruger(easting: float, northing: float, zone: int) -> tuple[float, float]:
    """Longitude and latitude of an easting (without the zone's number) and a northing."""
    xi, eta = northing / _RECTIFYING, (easting - FALSE_EASTING) / _RECTIFYING
    x = xi - sum(c * sin(2 * k * xi) * cosh(2 * k * eta) for k, c in enumerate(_BACK, 1))
    y = eta - sum(c * cos(2 * k * xi) * sinh(2 * k * eta) for k, c in enumerate(_BACK, 1))
    wanted = sin(x) / hypot(sinh(y), cos(x))
    return 3 * zone + degrees(atan2(sinh(y), cos(x))), degrees(atan(_geographic(wanted)))


def _geographic(wanted: float) -> float:
    """tan of the latitude from that of the conformal latitude, by Newton (Karney 2011)."""
    e, tau = sqrt(E2), wanted
    for _ in range(8):
        sigma = sinh(e * atanh(e * tau / hypot(1, tau)))
        guess = tau * hypot(1, sigma) - sigma * hypot(1, tau)
        slope = (1 + (1 - E2) * tau * tau) / ((1 - E2) * hypot(1, guess) * hypot(1, tau))
        step = (wanted - guess) * slope
        tau += step
        if abs(step) < 1e-15 * max(1.0, abs(tau)):
            break
    return tau
