"""Finding an address by what people type: code, beginning, or parts of road and number."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.geography import divisions
from lingnan.systems.government.geography.models import Address, Road
from lingnan.systems.government.geography.wording import door, plain, without_place

ROADS = 40  # roads looked at for one search
LONGEST = 60


def find(code: str) -> int | None:
    """The key of the address with that code, while it holds."""
    rows = Address.objects.filter(code=code.strip(), ended=False)
    return rows.values_list("key", flat=True).first()


def suggest(words: str, division: str, limit: int) -> list[tuple[str, str]]:
    """(code, standard address) of what the words may mean within a division; best first."""
    return [(one.code, one.text) for one in search(words, division, limit)]


def search(words: str, division: str = "", limit: int = 20) -> list[Address]:
    """Addresses on the roads that the words name, in the order of the road and its doors.

    The words may begin with the names of province, city, county and township. Nothing for an
    unknown division, or for words that name no road.
    """
    text = plain(words)[:LONGEST]
    if not text or limit < 1:
        return []
    exact = Address.objects.filter(code=text, ended=False).first()
    if exact is not None and exact.division.startswith(divisions.significant(division)):
        return [exact]
    for rest, within in _readings(text, division):
        found = _on_roads(rest, within, limit)
        if found:
            return found
    return []


def _readings(text: str, division: str) -> Iterator[tuple[str, str]]:
    """The text as it is, then without the division names before it, one by one."""
    yield text, division
    within, day = division, legal_time.today()
    for level in ("province", "city", "county", "township"):
        for one in divisions.named(level, divisions.significant(within), day):
            rest = without_place(text, one.name_zh)
            if rest != text:
                text, within = rest, one.code
                yield text, within
                break


def _on_roads(text: str, within: str, limit: int) -> list[Address]:
    asked = door(text)
    if not asked.street:
        return []
    found: list[Address] = []
    for road in _roads(asked.street, within):
        rest = asked.number or text.removeprefix(road.name)
        found += _doors(road, rest if rest != text else "", limit - len(found))
        if len(found) >= limit:
            break
    return found


def _roads(street: str, within: str) -> list[Road]:
    """Roads whose name has the words in it, or that the words begin with; nearest first."""
    rows = _inside(Road.objects.all(), within)
    found = list(rows.filter(name__contains=street).order_by("name", "division")[: 5 * ROADS])
    if not found and len(street) > 2:
        beginnings = [street[:length] for length in range(2, len(street))]
        found = list(rows.filter(name__in=beginnings).order_by("name", "division")[: 5 * ROADS])
        return sorted(found, key=lambda road: -len(road.name))[:ROADS]
    return sorted(
        found, key=lambda road: (not road.name.startswith(street), len(road.name), road.name)
    )[:ROADS]


def _inside(rows: QuerySet[Road], within: str) -> QuerySet[Road]:
    if len(within) > 6:
        return rows.filter(township=within)
    prefix = divisions.significant(within)
    exact = len(prefix) == 6 or divisions.undivided(within)
    return rows.filter(division=within) if exact else rows.filter(division__startswith=prefix)


def _doors(road: Road, number: str, limit: int) -> Sequence[Address]:
    """The doors of a road whose number begins so, or ends so (a room); by their figures."""
    rows = Address.objects.filter(division=road.division, street=road.name, ended=False)
    rows = rows.filter(township=road.township)
    if number:
        # 7号 is not the end of 337号.
        longer = [Q(number__endswith=f"{figure}{number}") for figure in range(10)]
        room = Q(number__endswith=number) & ~reduce(or_, longer)
        rows = rows.filter(Q(number__startswith=number) | room)
    return list(rows.order_by("ordinal", "key")[:limit]) if limit > 0 else []
