"""Computing indicators and reading what was computed."""

import logging
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.insight.declaration import PROVINCE, Figure, Indicator, indicators
from lingnan.kernel.insight.models import Value
from lingnan.kernel.runtime.api import legal_time

logger = logging.getLogger(__name__)
LONGEST = 750


def city_of(division: str) -> str:
    """The city of a division's code; 东莞 and 中山 are their own."""
    return f"{division[:4]}00"


def added_up(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Figures of cities and the province from those of any level below.

    What is counted for the province itself belongs to no city.
    """
    found: dict[str, Figure] = {}
    for division, figure in figures.items():
        places = {PROVINCE} if division[2:6] == "0000" else {PROVINCE, city_of(division)}
        for place in places:
            found[place] = found[place] + figure if place in found else figure
    return found


def compute_all(on: date | None = None) -> int:
    """Compute every indicator; returns how many values are new or changed.

    One that cannot be computed keeps its older values and does not hold up the others.
    """
    day, done = on or legal_time.today(), 0
    for one in indicators().values():
        try:
            with transaction.atomic():
                done += _compute(one, day)
        except Exception:
            logger.exception("the indicator %s was not computed", one.code)
    return done


def _compute(one: Indicator, day: date) -> int:
    figures = added_up(one.compute(day))
    if PROVINCE not in figures:
        figures[PROVINCE] = Figure(0, 0 if one.denominator else None)
    known, at = of_day(one.code, day), timezone.now()
    new = [
        Value(
            indicator=one.code,
            division=division,
            on=day,
            numerator=figure.numerator,
            denominator=figure.denominator,
            computed_at=at,
        )
        for division, figure in sorted(figures.items())
        if known.get(division) != figure
    ]
    Value.objects.bulk_create(new)
    return len(new)


def of_day(code: str, day: date) -> dict[str, Figure]:
    """The figures of a day by division."""
    rows = Value.objects.filter(indicator=code, on=day).order_by("id")
    return {
        d: Figure(n, of) for d, n, of in rows.values_list("division", "numerator", "denominator")
    }


def newest_day(code: str) -> date | None:
    """The last day for which it was computed."""
    rows = Value.objects.filter(indicator=code, division=PROVINCE).order_by("-on")
    return rows.values_list("on", flat=True).first()


def by_division(code: str) -> dict[str, Figure]:
    """The newest figures, by division: cities and the province."""
    day = newest_day(code)
    return of_day(code, day) if day else {}


def latest(code: str, division: str = PROVINCE) -> tuple[date, Figure, datetime] | None:
    """The newest figure of a division with its day and when it was computed."""
    row = Value.objects.filter(indicator=code, division=division).order_by("-on", "-id").first()
    return (row.on, Figure(row.numerator, row.denominator), row.computed_at) if row else None


def series(code: str, division: str = PROVINCE) -> list[tuple[date, Figure]]:
    """The figures of a division by day, oldest first; at most the newest 750 rows."""
    rows = Value.objects.filter(indicator=code, division=division).order_by("-on", "-id")
    found: dict[date, Figure] = {}
    for on, n, of in rows.values_list("on", "numerator", "denominator")[:LONGEST]:
        found.setdefault(on, Figure(n, of))
    return sorted(found.items())


def newest(codes: list[str]) -> dict[str, list[tuple[date, Figure]]]:
    """The province's series of several indicators, with one query."""
    rows = Value.objects.filter(indicator__in=codes, division=PROVINCE).order_by("-on", "-id")
    found: dict[str, dict[date, Figure]] = {code: {} for code in codes}
    wanted = ("indicator", "on", "numerator", "denominator")
    for code, on, n, of in rows.values_list(*wanted)[: LONGEST * max(1, len(codes))]:
        found[code].setdefault(on, Figure(n, of))
    return {code: sorted(days.items()) for code, days in found.items()}
