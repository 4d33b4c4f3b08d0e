"""Issuing cards: once for each clock and colour, on the day the clock first shows it.

A round may be cut off anywhere and run again: the cards of a body and the messages about them
are one transaction, and the database refuses a second card of the same clock and colour.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lingnan.kernel.duty.api import Clock, Standing, clocks
from lingnan.kernel.runtime.api import definitions, legal_time
from lingnan.systems.government.supervision import telling
from lingnan.systems.government.supervision.models import Card, Swept

COLOURS = ("yellow", "red")
BATCH = 500


def issue_due() -> int:
    """Issue every card that is due by today; returns how many."""
    with legal_time.hold():
        today, done = legal_time.today(), 0
        for body in _bodies_with_due(today):
            try:
                done += _issue_of(body, today)
            except IntegrityError:
                # Another process issued them at the same moment, and told about them.
                continue
        Swept.objects.bulk_create([Swept(on=today)], ignore_conflicts=True)
        return done


def _bodies_with_due(today: date) -> list[str]:
    found = set()
    for rows in (*(_running(today, colour) for colour in COLOURS), _ended_late()):
        found |= set(rows.order_by().values_list("body", flat=True).distinct())
    return sorted(found)


def _issue_of(body: str, today: date) -> int:
    """The due cards of one body and the messages about them, in one transaction."""
    rule = rule_digest()
    with transaction.atomic():
        new = [
            _card(row, rule, colour, getattr(row, f"{colour}_on"))
            for colour in COLOURS
            for row in _running(today, colour).filter(body=body).iterator(BATCH)
        ]
        for row in _ended_late().filter(body=body):
            new += [_card(row, rule, colour, on) for colour, on in _shown(row)]
        known = set(
            Card.objects.filter(clock__in={one.clock for one in new}).values_list("clock", "colour")
        )
        new = [one for one in new if (one.clock, one.colour) not in known]
        Card.objects.bulk_create(new, batch_size=BATCH)
        telling.issued(body, new)
        return len(new)


def _running(today: date, colour: str) -> QuerySet[Standing]:
    """Running clocks that show a colour, or showed it, without a card of it."""
    name = f"{colour}_on"
    issued = Card.objects.filter(clock=OuterRef("clock_id"), colour=colour)
    rows = Standing.objects.exclude(state="stopped").filter(
        ~Exists(issued), **{f"{name}__lte": today}
    )
    if colour == "yellow":
        # Where both limits pass on one day the clock never shows yellow.
        rows = rows.filter(Q(red_on=None) | Q(red_on__gt=F("yellow_on")))
    return rows


def _ended_late() -> QuerySet[Standing]:
    """Clocks that stopped with a card, since the last complete round, before one was issued."""
    last = Swept.objects.order_by("-on").values_list("on", flat=True).first()
    issued = Card.objects.filter(clock=OuterRef("clock_id"), colour=OuterRef("card"))
    rows = Standing.objects.filter(~Exists(issued), state="stopped", card__in=COLOURS)
    return rows.filter(stopped_on__gte=last) if last else rows


def _shown(row: Standing) -> Iterable[tuple[str, date]]:
    """The first days on which a clock that has stopped showed yellow and red."""
    clock = Clock.objects.get(key=row.clock_id)
    first: dict[str, date] = {}
    day = row.stopped_on or legal_time.today()
    while day >= row.started_on:
        shown = clocks.read(clock, day).card
        if shown not in COLOURS:
            break
        first[shown] = day
        day -= timedelta(days=1)
    return first.items()


def _card(row: Standing, rule: str, colour: str, on: date) -> Card:
    return Card(
        clock=row.clock_id,
        reference=row.reference,
        code=row.code,
        body=row.body,
        about=row.about,
        colour=colour,
        on=on,
        rule=rule,
        issued_at=legal_time.now(),
    )


def rule_digest() -> str:
    """The digest of the rule in force."""
    rule = definitions.published("supervision", clocks.DEFAULT_RULE)
    return rule.digest if rule else ""


def of_references(references: Sequence[str]) -> list[Card]:
    return list(Card.objects.filter(reference__in=references).order_by("on", "id"))
