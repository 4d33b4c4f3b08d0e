"""Roads and doors of the register, by index: what comes after the divisions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lingnan.systems.government.geography.geocoding.characters import counted
from lingnan.systems.government.geography.models import Address, Road

LONGEST = 24  # characters of a road's name
SHORTEST = 2
ROADS = 30
DOORS = 200
_COMMITTEE = re.compile(r"^.{1,8}?(?:社区居委会|居委会|村委会|社区)")
_NUMBER = re.compile(r"^[a-z]?\d|^第?\d")
_ORDINAL = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class RoadFound:
    """A road of the register that the text begins with; `rest` comes after it."""

    division: str
    township: str
    name: str
    text: str
    rest: str


@dataclass(frozen=True)
class DoorFound:
    """An address; `how` is "number", "house" (less detail) or "rooms" (more, `count` of them)."""

    address: Address
    how: str
    rest: str
    count: int = 1


def roads(text: str, counties: Iterable[str] | None, township: str = "") -> list[RoadFound]:
    """The roads with the longest name that the text begins with; one query, by index.

    `counties` None means the whole province. Names without their last 路 are taken where no full
    one is found.
    """
    if len(text) < SHORTEST:
        return []
    for start in dict.fromkeys((0, _after_committee(text))):
        stretch = text[start:]
        wanted = _beginnings(stretch)
        rows = Road.objects.filter(name__in=list(wanted))
        if counties is not None:
            rows = rows.filter(division__in=list(counties))
        if township:
            rows = rows.filter(township=township)
        found = list(rows.order_by("-addresses", "division", "township")[: 4 * ROADS])
        if found:
            best = max(len(wanted[road.name]) for road in found)
            held = [road for road in found if len(wanted[road.name]) == best]
            whole = [road for road in held if road.name == wanted[road.name]] or held
            return [_found(road, wanted[road.name], stretch) for road in whole[:ROADS]]
    return []


def _after_committee(text: str) -> int:
    found = _COMMITTEE.match(text)
    return found.end() if found else 0


def _beginnings(text: str) -> dict[str, str]:
    """Name of a road → the stretch of the text that may mean it."""
    lengths = range(2, min(LONGEST, len(text)) + 1)
    short = {f"{text[:n]}路": text[:n] for n in lengths if n > 2 and not text[:n].endswith("路")}
    return short | {text[:n]: text[:n] for n in lengths}


def _found(road: Road, meant: str, text: str) -> RoadFound:
    return RoadFound(road.division, road.township, road.name, meant, text[len(meant) :])


def door(road: RoadFound) -> DoorFound | None:
    """The address with the number that comes after the road; one query, by index."""
    wanted = counted(road.rest)
    figure = _ORDINAL.search(wanted)
    if figure is None:
        return None
    rows = Address.objects.filter(division=road.division, street=road.name, ended=False)
    rows = rows.filter(ordinal=int(figure[0]), township=road.township)
    held = list(rows.order_by("key")[:DOORS])
    for exact in (row for row in held if counted(row.number.lower()) == wanted):
        return DoorFound(exact, "number", "")
    houses = [row for row in held if row.number and _begins(wanted, row.number.lower())]
    if houses:
        best = max(houses, key=lambda row: len(row.number))
        return DoorFound(best, "house", wanted[len(best.number) :])
    rooms = [row for row in held if _begins(row.number.lower(), wanted)]
    return DoorFound(rooms[0], "rooms", "", len(rooms)) if rooms else None


def _begins(text: str, start: str) -> bool:
    """Whether one number begins with another, and not in the middle of a figure."""
    after = text[len(start) : len(start) + 1]
    return text.startswith(start) and not (start[-1:].isdigit() and after.isdigit())


def number_in(rest: str) -> str:
    """What comes after a road if it looks like a door's number, else an empty text."""
    return rest if _NUMBER.match(counted(rest)) else ""
