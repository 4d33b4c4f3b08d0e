"""What the register knows of the rest of a text: which road, which door, in which unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lingnan.systems.government.geography.geocoding import doors
from lingnan.systems.government.geography.geocoding.names import Names, Unit
from lingnan.systems.government.geography.geocoding.reasons import reason
from lingnan.systems.government.geography.geocoding.weighing import Belief, title
from lingnan.systems.government.geography.models import Address

UNKNOWN = 0.04  # lost for each character that neither division nor road explains
MOST_UNKNOWN = 0.4
UNREAD = 0.45  # a name of a division is left unread
ROAD_ONLY = 0.8  # the place is known by its road alone
ROAD_SHORT = 0.95
ELSEWHERE = 0.5  # the road is in another county than the text says
NO_NUMBER = 0.9
SETTLED = 0.6  # a text that divisions alone explain so well names no road besides
EXPLAINED = 1.5  # how much more likely a unit is that has the road


@dataclass(frozen=True)
class Place:
    """A belief with the road and door found in it."""

    belief: Belief
    score: float
    address: Address | None = None
    road: str = ""
    rest: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.belief.unit.code, self.address.code if self.address else self.road


def placed(names: Names, text: str, found: list[Belief]) -> list[Place]:
    """Every belief with what the register says of its rest, and the roads that name a place."""
    places: list[Place] = []
    for belief in found:
        places += _within(names, belief)
    settled = any(not place.rest and place.score > SETTLED for place in places)
    if not settled and not any(place.road for place in places):
        places += _elsewhere(names, found)
        places += _anywhere(names, text)
    return places


def _within(names: Names, belief: Belief) -> list[Place]:
    unit, counties = belief.unit, names.counties(belief.unit)
    if not belief.rest:
        return [Place(belief, belief.score)]
    township = unit.code if unit.level == "township" else ""
    found = doors.roads(belief.rest, counties, township)
    if found:
        return _along(names, belief, found)
    near = doors.roads(belief.rest, counties) if township else []
    return [_unexplained(names, belief), *_along(names, belief, near)]


def _along(names: Names, belief: Belief, found: list[doors.RoadFound]) -> list[Place]:
    """The places on roads of one name: by county, in one township only where the door says so."""
    places: list[Place] = []
    for county in dict.fromkeys(road.division for road in found):
        roads = [road for road in found if road.division == county]
        on_each = [_on_road(names, belief, road, belief.score) for road in roads]
        doors_held = [place for place in on_each if place.address]
        if doors_held or len(roads) == 1:
            places += doors_held or on_each
        else:
            whole = replace(roads[0], township="")
            places.append(_on_road(names, belief, whole, belief.score, len(roads)))
    return places


def _unexplained(names: Names, belief: Belief) -> Place:
    other = next((match for match in names.matches(belief.rest, 0) if match.certain), None)
    if other is not None:
        said = reason("unread", text=belief.rest[: other.end])
        score = belief.score * UNREAD
    else:
        said = reason("no_road", text=belief.rest)
        score = belief.score * (1 - min(MOST_UNKNOWN, UNKNOWN * len(belief.rest)))
    doubted = replace(belief, reasons=[*belief.reasons, said])
    return Place(doubted, score, rest=belief.rest)


def _on_road(
    names: Names, belief: Belief, road: doors.RoadFound, score: float, townships: int = 1
) -> Place:
    """The place on a road: in the county and township that the road lies in."""
    where = _unit_of(names, road) or belief.unit
    reasons = list(belief.reasons)
    if road.text != road.name:
        score *= ROAD_SHORT
        reasons.append(reason("road_short", text=road.text, road=road.name))
    elsewhere = belief.unit not in names.line(where) and where.rank >= belief.unit.rank
    if elsewhere:
        score *= ELSEWHERE
        reasons.append(reason("road_elsewhere", road=road.name, name=title(where)))
    else:
        reasons.append(reason("road", road=road.name, name=title(belief.unit)))
        where = where if where.rank > belief.unit.rank else belief.unit
    if townships > 1:
        reasons.append(reason("road_long", road=road.name, name=title(where), n=townships))
    for unit in names.line(where):
        if not elsewhere and unit.rank > belief.unit.rank:
            reasons.append(reason("inferred", low=road.name, name=title(unit)))
    said = Belief(where, names.line(where), score, road.rest, reasons)
    return _at_door(said, road, score * EXPLAINED)


def _at_door(belief: Belief, road: doors.RoadFound, score: float) -> Place:
    wanted = doors.number_in(road.rest)
    found = doors.door(road)
    if found is not None:
        address, number = found.address, found.address.number
        shown = road.rest if found.how == "rooms" else number
        belief.reasons.append(reason(found.how, number=shown, n=found.count))
        return Place(belief, score, address, road.name, found.rest)
    if wanted:
        belief.reasons.append(reason("no_number", number=wanted))
        score *= NO_NUMBER
    elif road.rest:
        score *= 1 - min(MOST_UNKNOWN, UNKNOWN * len(road.rest))
    return Place(belief, score, None, road.name, road.rest)


def _unit_of(names: Names, road: doors.RoadFound) -> Unit | None:
    """The township of a road, else its county, on the day."""
    for code in (road.township, road.division):
        unit = names.current(code) if code else None
        if unit is not None:
            return unit
    return None


def _elsewhere(names: Names, found: Iterable[Belief]) -> list[Place]:
    """The road in another county of the city that the text names."""
    places: list[Place] = []
    for belief in found:
        city = next((unit for unit in belief.line if unit.level == "city"), None)
        if not belief.rest or city is None or belief.unit.rank < 2 or len(places) > doors.ROADS:
            continue
        places += _along(names, belief, doors.roads(belief.rest, names.counties(city)))
    return places


def _anywhere(names: Names, text: str) -> list[Place]:
    """Every place with such a road, when nothing else is known: by the index of names."""
    places: list[Place] = []
    found = doors.roads(text, None)
    for code in dict.fromkeys(road.division for road in found):
        county = names.current(code)
        if county is not None:
            nothing = Belief(county, names.line(county), ROAD_ONLY, text)
            places += _along(names, nothing, [road for road in found if road.division == code])
    return places
