"""The collections: what their features are, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from lingnan.kernel.runtime.api import legal_time
from lingnan.standards.ogc_features import Box, InvalidParameter, Period
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.features import lines
from lingnan.systems.government.geography.models import Address, Division

Feature = dict[str, Any]
NOTE = "Lines of today, without legal effect; units that are no more have none."
PRECISION = "as in the jurisdiction's file: four decimals of a degree (11 m), small bends given up"


@dataclass(frozen=True)
class Asked:
    """What a request for items asks for; `after` is where the page before ended."""

    limit: int
    boxes: tuple[Box, ...] = ()
    period: Period | None = None
    after: str = ""
    filters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Features, where the next page begins, and how many match if that was cheap to know."""

    features: list[Feature]
    after: str = ""
    matched: int | None = None


@dataclass(frozen=True)
class Collection:
    """A collection; `queryables` are the properties that may be asked for, with what they are."""

    id: str
    title: str
    description: str
    queryables: dict[str, str]
    items: Callable[[Asked], Page]
    item: Callable[[str], Feature | None]
    dated: bool


def of_level(level: str, id: str, title: str) -> Collection:
    return Collection(
        id,
        title,
        f"{title} of all days since 2000-12-31 by code and name; `datetime` asks for those of a "
        f"day. {NOTE}",
        {"code": "division code", "name_zh": "Chinese name", "parent": "code of the unit above"},
        lambda asked: _units(level, asked),
        lambda name: next((f for f in _all(level) if f["id"] == name), None),
        True,
    )


def _all(level: str) -> Iterator[Feature]:
    rows = list(Division.objects.filter(level=level))
    areas = lines.areas(level)
    rows.sort(key=_name)
    for row in rows:
        yield _unit(row, areas.get(row.code) if row.ends is None else None)


def _name(row: Division) -> str:
    """A code may return with another name: the first day tells its records apart."""
    return f"{row.code}-{row.begins:%Y%m%d}" if row.begins else row.code


def _unit(row: Division, area: Any) -> Feature:
    properties = {
        name: getattr(row, name) for name in ("code", "name_zh", "name_en", "level", "parent")
    }
    properties |= {"begins": _iso(row.begins), "ends": _iso(row.ends)}
    properties |= {"successors": row.successors.split()}
    known = area is not None
    properties |= {
        "geometry_of": _iso(legal_time.today()) if known else None,
        "geometry_precision": PRECISION if known else None,
        "geometry_note": NOTE,
    }
    return {"type": "Feature", "id": _name(row), "geometry": area, "properties": properties}


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


def _units(level: str, asked: Asked) -> Page:
    from shapely import box

    boxes = [box(*one) for one in asked.boxes]
    found = [
        feature
        for feature in _all(level)
        if all(feature["properties"][name] == value for name, value in asked.filters.items())
        and _held(feature, asked.period)
        and (not boxes or _meets(feature["geometry"], boxes))
    ]
    rest = [feature for feature in found if feature["id"] > asked.after]
    shown = rest[: asked.limit]
    return Page(shown, shown[-1]["id"] if len(rest) > len(shown) else "", len(found))


def _held(feature: Feature, period: Period | None) -> bool:
    from datetime import date

    if period is None:
        return True
    days = (feature["properties"][name] for name in ("begins", "ends"))
    begins, ends = (date.fromisoformat(day) if day else None for day in days)
    return period.meets(begins, ends)


def _meets(area: Any, boxes: list[Any]) -> bool:
    """/req/core/fc-bbox-response: the geometry itself, not its envelope; none meets nothing."""
    return area is not None and any(area.intersects(one) for one in boxes)


def _addresses(asked: Asked) -> Page:
    """Doors in the order of an index: by place within boxes, by street of a county, else by key."""
    rows = Address.objects.filter(ended=False, **asked.filters)
    order: tuple[str, ...] = ("key",)
    if asked.boxes:
        rows, order = rows.filter(_inside(asked.boxes)), ("longitude", "latitude", "key")
    elif "division" in asked.filters:
        order = ("street", "ordinal", "key")
    found = list(_following(rows, order, asked.after).order_by(*order)[: asked.limit + 1])
    shown = found[: asked.limit]
    more = shown[-1].code if len(found) > len(shown) else ""
    return Page([_address(row) for row in shown], more)


def _inside(boxes: tuple[Box, ...]) -> Q:
    wanted = Q()
    for west, south, east, north in boxes:
        wanted |= Q(longitude__range=(west, east), latitude__range=(south, north))
    return wanted


def _following(rows: QuerySet[Address], order: tuple[str, ...], after: str) -> QuerySet[Address]:
    """The rows after the address with that code. Raises InvalidParameter if there is none."""
    if not after:
        return rows
    last = Address.objects.filter(code=after).first()
    values = [getattr(last, name) for name in order] if last else [None]
    if None in values:
        raise InvalidParameter("after: follow the link `next`")
    further = Q()
    for at, name in enumerate(order):
        same = Q(**dict(zip(order[:at], values[:at], strict=True)))
        further |= same & Q(**{f"{name}__gt": values[at]})
    # Said once more alone, so that the index is entered at the right place.
    return rows.filter(further, **{f"{order[0]}__gte": values[0]})


def _address(row: Address) -> Feature:
    point = None
    if row.longitude is not None and row.latitude is not None:
        point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
    names = ("code", "text", "division", "township", "street", "number", "kind")
    properties = {name: getattr(row, name) for name in names}
    return {"type": "Feature", "id": row.code, "geometry": point, "properties": properties}


def _one_address(code: str) -> Feature | None:
    found = Address.objects.filter(code=code, ended=False).first()
    return _address(found) if found else None


COLLECTIONS = {
    one.id: one
    for one in (
        of_level("city", "cities", "Cities"),
        of_level("county", "counties", "County-level units"),
        Collection(
            "addresses",
            "Standard addresses",
            "Doors in force today with a point where one is known; they carry no time, so that "
            "`datetime` leaves none out.",
            {"code": "address code", "division": "code of the county"},
            _addresses,
            _one_address,
            False,
        ),
    )
}
FIRST_DAY = divisions.FIRST_LIST
