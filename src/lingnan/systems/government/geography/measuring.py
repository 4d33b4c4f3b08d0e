"""An area laid over the divisions and addresses of a day, and what a unit was made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Schema
from ninja.errors import HttpError
from ninja.responses import Response

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.geodesy import equal_area
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.models import Address

# Addresses that one request counts one by one.
COUNTED = 200_000
Point = tuple[float, float, str]  # longitude, latitude, kind of address
_OBJECT = {"application/json": {"schema": {"type": "object"}}}
REFUSALS: dict[str, Any] = {
    "responses": {422: {"description": "The area is unfit: what, and where.", "content": _OBJECT}}
}


class AreaIn(Schema):
    """An area as GeoJSON in WGS 84 or CGCS2000 degrees, longitude first; a day and a level."""

    area: dict[str, Any]
    on: date | None = None
    level: Literal["city", "county"] = "county"


class PartOut(Schema):
    """What the area has of a unit: km², its share of the area and of the unit, addresses.

    `premises` are those of the addresses where business may be done and nobody is registered.
    """

    code: str
    name_zh: str
    name_en: str
    km2: float
    of_area: float
    of_unit: float
    addresses: int | None
    premises: int | None


class OverlayOut(Schema):
    """The area's size, its parts by units, what lies in none; what was noted of it.

    Sizes are true on the ellipsoid of CGCS2000; the lines are those of the jurisdiction's file.
    `addresses` is null where the box around the area holds more than 200,000: they are not counted.
    """

    on: date
    km2: float
    outside_km2: float
    addresses: int | None
    premises: int | None
    parts: list[PartOut]
    notes: list[str]


class OriginOut(Schema):
    """A unit of the earlier day; `km2` null where no line of it is known."""

    code: str
    name_zh: str
    name_en: str
    relation: Literal["the same", "gave way to it"]
    km2: float | None


class OriginsOut(Schema):
    """What of an earlier day a unit of a later day came from, as the list of changes has it."""

    code: str
    origins: list[OriginOut]
    note: str


def km2(geometry: Any) -> float:
    """Square kilometres of an area in degrees: its corners on a cylinder that keeps areas true."""
    from shapely import transform

    def flat(points: Any) -> Any:
        return [equal_area(x, y) for x, y in points]

    return float(transform(geometry, flat).area) / 1e6


def overlay_area(request: HttpRequest, asked: AreaIn) -> Any:
    """An area's parts by the divisions of a day, with sizes, shares and addresses of today."""
    try:
        sent = maps.read_area(asked.area)
    except maps.UnfitArea as error:
        said = {"detail": str(error), "code": error.code, "where": error.where}
        return Response(said | {"offered_repair": error.repair}, status=422)
    return overlay(sent, asked.on or legal_time.today(), asked.level)


def overlay(sent: maps.Sent, day: date, level: str) -> OverlayOut:
    """The parts of an area. Raises HttpError 404 for a day without lines."""
    units = maps.areas(level, day)
    if not units:
        raise HttpError(404, "no boundaries are known for that day")
    whole = km2(sent.geometry)
    counted = addresses_in(sent.geometry)
    parts = [
        _part(unit, common, whole, counted)
        for unit in units
        if unit.geometry.intersects(sent.geometry)
        and (common := unit.geometry.intersection(sent.geometry)).area > 0
    ]
    rest = max(whole - sum(part.km2 for part in parts), 0.0)
    return OverlayOut(
        on=day, km2=whole, outside_km2=rest, parts=parts, notes=sent.notes,
        addresses=None if counted is None else len(counted),
        premises=None if counted is None else _premises(counted),
    )  # fmt: skip


def _part(unit: maps.Area, common: Any, whole: float, counted: Any) -> PartOut:
    held = None if counted is None else _within(common, counted)
    size = km2(common)
    return PartOut(
        code=unit.code, name_zh=unit.title.zh, name_en=unit.title.en, km2=size,
        of_area=size / whole if whole else 0.0, of_unit=size / km2(unit.geometry),
        addresses=None if held is None else len(held),
        premises=None if held is None else _premises(held),
    )  # fmt: skip


def _premises(points: list[Point]) -> int:
    return sum(kind == "premises" for _x, _y, kind in points)


def _within(area: Any, points: list[Point]) -> list[Point]:
    from shapely import contains_xy, prepare

    if not points:
        return []
    prepare(area)
    inside = contains_xy(area, [(x, y) for x, y, _kind in points])
    return [point for point, held in zip(points, inside, strict=True) if held]


def addresses_in(area: Any) -> list[Point] | None:
    """The points and kinds of today's addresses in an area; None for more than can be counted."""
    west, south, east, north = area.bounds
    rows = Address.objects.filter(
        longitude__range=(west, east), latitude__range=(south, north), ended=False
    )
    points: list[Any] = list(rows.values_list("longitude", "latitude", "kind")[: COUNTED + 1])
    return None if len(points) > COUNTED else _within(area, points)


def origins_of(
    request: HttpRequest,
    code: Annotated[str, Query(pattern=r"^\d{6}$")],
    before: date,
    after: date | None = None,
) -> OriginsOut:
    """What the unit of a day was made of on an earlier day. 404 where it was none, or too early.

    The lines of units that are no more are not held: of them the list is known, not the size.
    """
    day = after or legal_time.today()
    if before < divisions.FIRST_LIST or before > day:
        raise HttpError(404, "no divisions are recorded for these days, or their order is wrong")
    if not divisions.on(day).filter(code=code).exists():
        raise HttpError(404, "there was no such unit on the later day")
    return OriginsOut(code=code, origins=origins(code, before, day), note=NOTE)


NOTE = "Sizes are of today's lines; a unit that gave way may have gone to several."


def origins(code: str, before: date, day: date) -> list[OriginOut]:
    """The units of `before` whose territory, wholly or partly, the unit of `day` has."""
    wanted, seen = [code], {code}
    there = {row.code: row for row in divisions.on(before)}
    for one in wanted:
        for change in divisions.changes(one):
            if before < change.day <= day and one in {row.code for row in change.after}:
                fresh = {row.code for row in change.before} - seen
                seen |= fresh
                wanted += sorted(fresh)
    return [_origin(there[one], code, before) for one in sorted(seen) if one in there]


def _origin(row: Any, code: str, before: date) -> OriginOut:
    known = maps.area(row.code, before)
    return OriginOut(
        code=row.code, name_zh=row.name_zh, name_en=row.name_en,
        relation="the same" if row.code == code else "gave way to it",
        km2=km2(known.geometry) if known is not None else None,
    )  # fmt: skip
