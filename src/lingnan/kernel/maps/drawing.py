"""Shapes ready to be drawn by the design system's map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from lingnan.kernel.maps.models import Boundary
from lingnan.kernel.maps.projection import project
from lingnan.kernel.runtime.api import Title, legal_time

MARGIN = 0.02


@dataclass(frozen=True)
class Shape:
    """One unit as a map draws it; the numbers are drawing units of one projection."""

    code: str
    title: Title
    parent: str
    path: str
    x: int
    y: int
    room: int
    box: tuple[int, int, int, int]  # west, north, east, south


def held_on(day: date) -> QuerySet[Boundary]:
    """The boundaries known to hold on a day."""
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    return Boundary.objects.filter(begun, Q(valid_to=None) | Q(valid_to__gt=day))


def shapes(level: str, on: date | None = None, within: str = "") -> list[Shape]:
    """The units of a level ("province", "city", "county") on a day, by default today.

    `within` names the unit above, and gives finer lines. Empty where no boundary is known for the
    day: the source has only the lines of today, and a unit that was given up has none.
    """
    rows = held_on(on or legal_time.today()).filter(level=level).order_by("code")
    if within:
        rows = rows.filter(parent=within)
    drawn = "path" if within else "coarse"
    columns = ("code", "name_zh", "name_en", "parent", drawn, "x", "y", "room")
    boxes = ("west", "north", "east", "south")
    return [
        Shape(code, Title(zh, en), parent, path, x, y, room, (west, north, east, south))
        for code, zh, en, parent, path, x, y, room, west, north, east, south in rows.values_list(
            *columns, *boxes
        )
    ]


def view_box(shown: Sequence[Shape]) -> str:
    """The SVG viewBox that holds the shapes with a little air; empty for none."""
    if not shown:
        return ""
    west, north = (min(one.box[i] for one in shown) for i in (0, 1))
    east, south = (max(one.box[i] for one in shown) for i in (2, 3))
    air = round(MARGIN * max(east - west, south - north))
    return f"{west - air} {north - air} {east - west + 2 * air} {south - north + 2 * air}"


def spot(longitude: float, latitude: float) -> tuple[int, int]:
    """Where a point in degrees lies on every map of this room."""
    return project(longitude, latitude)
