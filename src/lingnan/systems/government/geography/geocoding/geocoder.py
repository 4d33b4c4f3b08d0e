"""From a text to the places that it may mean, each with a confidence and the reasons."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Sum

from lingnan.kernel.runtime.api import legal_time
from lingnan.systems.government.geography.geocoding import ranking
from lingnan.systems.government.geography.geocoding.characters import normal
from lingnan.systems.government.geography.geocoding.names import Names, Unit
from lingnan.systems.government.geography.geocoding.reading import (
    outside,
    readings,
    without_opening,
)
from lingnan.systems.government.geography.geocoding.reasons import Reason
from lingnan.systems.government.geography.geocoding.roads import placed
from lingnan.systems.government.geography.geocoding.weighing import Belief, beliefs
from lingnan.systems.government.geography.models import Address, Division

LONGEST = 120
LIMIT = 10
DAYS = 8  # days whose names are kept in memory
_names: dict[tuple[date, str], Names] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Candidate:
    """One place: its divisions from the province down, and the address where one is known.

    `confidence` is 0 to 1; those of places that exclude one another share it. `road` is a road of
    the register; `rest` what was not understood.
    """

    units: tuple[Unit, ...]
    confidence: float
    reasons: tuple[Reason, ...]
    address: Address | None = None
    road: str = ""
    rest: str = ""

    @property
    def code(self) -> str:
        return self.units[-1].code


@dataclass(frozen=True)
class Answer:
    """The candidates for a text, best first; `ambiguous` where the first two are as likely.

    `outside` is the other province that the text names; then there is no candidate.
    """

    text: str
    day: date
    candidates: tuple[Candidate, ...] = ()
    outside: str = ""

    @property
    def ambiguous(self) -> bool:
        return len(self.candidates) > 1 and ranking.near(
            self.candidates[0].confidence, self.candidates[1].confidence
        )


def geocode(text: str, on: date | None = None, limit: int = LIMIT) -> Answer:
    """Candidates for a text of up to `LONGEST` characters (more is cut) by the names of a day.

    Codes are those in force on that day, today if none is given; names may be of any time.
    """
    day = on or legal_time.today()
    words = without_opening(normal(text)[:LONGEST])
    elsewhere = outside(words)
    if len(words) < 2 or elsewhere:
        return Answer(text, day, outside=elsewhere)
    names = current(day)
    found: list[Belief] = []
    for reading in readings(names, words):
        found += beliefs(names, reading, words)
    ranked = ranking.ranked(placed(names, words, ranking.foremost(found)))
    return Answer(text, day, tuple(_candidate(one) for one in ranked[:limit]))


def _candidate(one: ranking.Ranked) -> Candidate:
    place = one.place
    return Candidate(
        place.belief.line,
        round(one.confidence, 3),
        tuple(one.reasons),
        place.address,
        place.road,
        place.rest,
    )


def current(day: date) -> Names:
    """The names by a day: built once in a process, and anew after the divisions have changed."""
    held = Division.objects.aggregate(n=Count("key"), versions=Sum("version"), last=Max("key"))
    known = (day, f"{held['n']}/{held['versions']}/{held['last']}")
    with _lock:
        if known not in _names:
            while len(_names) >= DAYS:
                del _names[next(iter(_names))]
            _names[known] = _build(day)
        return _names[known]


def _build(day: date) -> Names:
    columns = ("code", "name_zh", "name_en", "level", "parent", "begins", "ends", "successors")
    rows = Division.objects.order_by("code").values_list(*columns)
    return Names((_unit(row) for row in rows), day)


def _unit(row: Sequence[Any]) -> Unit:
    code, name, name_en, level, parent, begins, ends, successors = row
    return Unit(code, name, name_en, level, parent, begins, ends, tuple(successors.split()))
