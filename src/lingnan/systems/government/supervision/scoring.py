"""What a month's score and ratings rest on, gathered by body with one query each."""

from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q

from lingnan.kernel.duty.api import Standing
from lingnan.kernel.matters.api import Case, Rating
from lingnan.systems.government.supervision.models import Card
from lingnan.systems.government.supervision.rules.score import Month

DECIDED = ("decided", "delivered")


def first_of(day: date) -> date:
    return day.replace(day=1)


def following(month: date) -> date:
    """The first day of the month after."""
    return first_of(month.replace(day=28) + timedelta(days=4))


def months(month: date, bodies: set[str]) -> dict[str, Month]:
    """What each body did in a month; a body without cards and completions is left out."""
    end = following(month)
    found: dict[str, dict[str, int]] = {}
    cards = Card.objects.filter(on__gte=month, on__lt=end).values("body", "colour")
    for row in cards.annotate(n=Count("id")).order_by():
        found.setdefault(row["body"], {})[row["colour"]] = row["n"]
    for body, completed, early in _completed(month, end):
        found.setdefault(body, {}).update(completed=completed, early=early)
    return {body: Month(**counts) for body, counts in found.items() if body in bodies}


def _completed(month: date, end: date) -> list[tuple[str, int, int]]:
    """Decisions of the month, and how many used fewer days than were promised."""
    decided = Case.objects.filter(number=OuterRef("reference"), state__in=DECIDED)
    rows = Standing.objects.filter(
        Exists(decided), state="stopped", code="decision", stopped_on__gte=month, stopped_on__lt=end
    )
    early = Count("clock", filter=Q(used__lt=F("promised")))
    counted = rows.values("body").annotate(n=Count("clock"), early=early).order_by()
    return [(row["body"], row["n"], row["early"]) for row in counted]


def ratings(month: date, bodies: set[str]) -> dict[str, dict[int, int]]:
    """Ratings of a month by body: {grade: number}; those by default stand under grade 0."""
    rows = Rating.objects.filter(rated_on__gte=month, rated_on__lt=following(month))
    found: dict[str, dict[int, int]] = {}
    for row in rows.values("body", "grade", "by_default").annotate(n=Count("case")).order_by():
        if row["body"] in bodies:
            grades = found.setdefault(row["body"], dict.fromkeys(range(6), 0))
            grades[0 if row["by_default"] else row["grade"]] += row["n"]
    return found
