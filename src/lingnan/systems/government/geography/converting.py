"""Coordinates from one system to another, one by one and in files of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.errors import HttpError
from pydantic import Field

from lingnan.kernel.ui import api as ui
from lingnan.standards import coordinates, geodesy

Pair = tuple[float, float]
System = Literal["cgcs2000", "gcj02", "bd09", "gk3"]
SYSTEMS: tuple[System, ...] = ("cgcs2000", "gcj02", "bd09", "gk3")
MOST = 10_000
FARTHEST = 84.0  # degrees of latitude that a plane is made for
# What may be relied on, in metres; None: the formula is not published, nobody vouches for it.
ACCURACY: Mapping[str, str] = {
    "cgcs2000": "WGS 84 is taken for CGCS2000: centimetres (frames and epochs differ)",
    "gcj02": "unpublished shift, formula in common use: there and back within 0.1 m; unverified",
    "bd09": "unpublished shift, formula in common use: there and back within 0.1 m; unverified",
    "gk3": "CGCS2000 / 3-degree Gauss-Kruger: 0.1 mm against PROJ 9.5.1 within a zone",
}
_TO: Mapping[str, Callable[[float, float], Pair]] = {
    "cgcs2000": lambda x, y: (x, y),
    "gcj02": coordinates.wgs84_to_gcj02,
    "bd09": coordinates.wgs84_to_bd09,
}
_FROM: Mapping[str, Callable[[float, float], Pair]] = {
    "cgcs2000": lambda x, y: (x, y),
    "gcj02": coordinates.gcj02_to_wgs84,
    "bd09": coordinates.bd09_to_wgs84,
}


class NoPlace(ValueError):
    """Numbers that are no place in their system; `code` says why: see `WHY`."""

    def __init__(self, code: str) -> None:
        super().__init__(WHY[code])
        self.code = code


WHY = {
    "number": "not a number",
    "range": "outside the system",
    "swapped": "longitude and latitude seem to be exchanged",
    "zone": "an easting in a zone has eight figures before the point: the zone first",
    "columns": "a row has two numbers: longitude and latitude, or easting and northing",
}


def converted(x: float, y: float, source: System, target: System) -> Pair:
    """A point of one system in another. Raises NoPlace.

    `cgcs2000` (with WGS 84), `gcj02` and `bd09` are degrees, longitude first; `gk3` is easting with
    the zone's number before it (38 424 654.893) and northing, in metres.
    """
    x, y = _degrees(x, y, source)
    if target != "gk3":
        return _TO[target](x, y)
    if abs(y) > FARTHEST:
        raise NoPlace("range")
    try:
        zone = geodesy.zone_of(x)
    except ValueError:
        raise NoPlace("range") from None
    east, north = geodesy.gauss_kruger(x, y, zone)
    return zone * 1_000_000 + east, north


def _degrees(x: float, y: float, source: System) -> Pair:
    """A point in CGCS2000 degrees. Raises NoPlace."""
    if not (isfinite(x) and isfinite(y)):
        raise NoPlace("number")
    if source == "gk3":
        zone, east = divmod(x, 1_000_000)
        if int(zone) not in geodesy.ZONES:
            raise NoPlace("zone")
        if not (100_000 <= east <= 900_000 and 0 <= y <= 6_500_000):
            raise NoPlace("range")
        return geodesy.from_gauss_kruger(east, y, int(zone))
    if 73 <= y <= 136 and 3 <= x <= 54:
        raise NoPlace("swapped")
    if abs(x) > 180 or abs(y) > 90:
        raise NoPlace("range")
    return _FROM[source](x, y)


class PointsIn(Schema):
    """Up to 10,000 points, each two numbers."""

    points: list[tuple[float, float]] = Field(max_length=MOST)
    source: System
    target: System


class PointOut(Schema):
    """A point in the other system, or why there is none."""

    x: float | None
    y: float | None
    problem: str = ""


class ConvertedOut(Schema):
    """The points in their order; `accuracy` of source and target."""

    points: list[PointOut]
    accuracy: list[str]


def convert_points(request: HttpRequest, asked: PointsIn) -> ConvertedOut:
    """Up to 10,000 points from one system to another, with what may be relied on."""
    if len(asked.points) > MOST:
        raise HttpError(422, f"more than {MOST} points")
    points = [_point(x, y, asked.source, asked.target) for x, y in asked.points]
    said = [ACCURACY[one] for one in dict.fromkeys((asked.source, asked.target))]
    return ConvertedOut(points=points, accuracy=said)


def _point(x: float, y: float, source: System, target: System) -> PointOut:
    try:
        made = converted(x, y, source, target)
    except NoPlace as error:
        return PointOut(x=None, y=None, problem=str(error))
    return PointOut(x=_rounded(made[0], target), y=_rounded(made[1], target))


def _rounded(value: float, target: System) -> float:
    """A tenth of a millimetre."""
    return round(value, 4 if target == "gk3" else 9)


def of_file(text: str, source: System, target: System) -> tuple[str, int, int]:
    """A CSV file of two columns with both results and a note beside; how many rows, and bad ones.

    A first row without numbers is a heading. Raises ValueError for more than 10,000 rows.
    """
    rows = [row for row in csv.reader(io.StringIO(text.lstrip("\ufeff"))) if row]
    if rows and _numbers(rows[0]) is None:
        rows = rows[1:]
    if len(rows) > MOST:
        raise ValueError(f"more than {MOST} rows")
    head = (f"{source}_x", f"{source}_y", f"{target}_x", f"{target}_y", "problem")
    lines, bad = [ui.csv_line(head)], 0
    for row in rows:
        pair = _numbers(row)
        made = _point(*pair, source, target) if pair else PointOut(x=None, y=None, problem="")
        problem = made.problem or ("" if pair else WHY["columns"])
        bad += bool(problem)
        first, second = pair or ("", "")
        lines.append(ui.csv_line((first, second, made.x, made.y, problem)))
    return "".join(lines), len(rows), bad


def _numbers(row: list[str]) -> Pair | None:
    try:
        return float(row[0]), float(row[1])
    except (ValueError, IndexError):
        return None
