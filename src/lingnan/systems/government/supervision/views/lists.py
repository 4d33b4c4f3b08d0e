"""Open cases, the most urgent first; the cards that were issued, the newest first."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Reading, Standing, clocks, standings
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import figures, scope, wording
from lingnan.systems.government.supervision.figures import Counts
from lingnan.systems.government.supervision.models import Card
from lingnan.systems.government.supervision.scope import Known
from lingnan.systems.government.supervision.views import drawing

PAGE = 25
CLOCK, CARD = "supervision.clock", "supervision.card"


@allow(scope.SEES)
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """By card, matter, body and place."""
    who = actor(request)
    division = scope.narrowed(who, request.GET.get("in", ""))
    bodies, names = scope.bodies(division), wording.matter_names()
    kept = _kept(request, bodies, names, division if division != who.division else "")
    where = {"body": kept["body"]} if kept["body"] else figures.limited_to(division, bodies)
    where |= {"about": kept["matter"]} if kept["matter"] else {}
    total = Counts()
    for cards in standings.counts("body", **where).values():
        total.add(cards)
    shown, more = _page(request, standings.running().filter(**where), kept)
    plain = {name: text for name, text in kept.items() if name != "card"}
    context = {
        "tabs": drawing.tabs(total, kept["card"], plain),
        "table": _table(shown, bodies, names, more),
        "fields": [_select(kept["matter"], names)],
        "hidden": {n: t for n, t in kept.items() if n != "matter" and t},
        "body": str(bodies[kept["body"]].title) if kept["body"] else "",
        "filtered": any(kept.values()),
        "everything": drawing.address({}),
    }
    return render(request, "supervision/cases.html", context)


def _kept(
    request: HttpRequest, bodies: Mapping[str, Known], names: Mapping[str, str], place: str
) -> dict[str, str]:
    """What the reader asks for, where it exists."""
    asked = {name: request.GET.get(name, "") for name in ("card", "matter", "body")}
    known: dict[str, Any] = {"card": standings.CARDS, "matter": names, "body": bodies}
    return {name: t if t in known[name] else "" for name, t in asked.items()} | {"in": place}


def _page(
    request: HttpRequest, rows: QuerySet[Any], kept: Mapping[str, str]
) -> tuple[list[Standing], str | None]:
    if kept["card"]:
        rows = rows.filter(now=kept["card"])
    if kept["card"] == "red":
        rows = rows.filter(red_on__lte=legal_time.today())
    start = None
    key = keys.unveil(request.GET.get("after", ""), CLOCK)
    last = Standing.objects.filter(clock=key).first() if key else None
    if last is not None:
        start = (last.red_on, last.clock_id)
    found = list(standings.most_urgent(rows, start)[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    after = keys.veil(found[PAGE - 1].clock_id, CLOCK)
    return found[:PAGE], drawing.address({**kept, "after": after})


def _select(matter: str, names: Mapping[str, str]) -> ui.FieldView:
    return ui.FieldView(
        name="matter",
        label=_("Matter"),
        value=matter,
        kind="select",
        options=[ui.Option(code, title) for code, title in names.items()],
        blank=_("All"),
        required=False,
    )


def _table(
    rows: Sequence[Any], bodies: Mapping[str, Known], names: Mapping[str, str], more: str | None
) -> ui.Table:
    readings = clocks.of_references([row.reference for row in rows])
    return ui.Table(
        [
            ui.Column("case", _("Case")),
            ui.Column("body", _("Body")),
            ui.Column("card", _("Card")),
            ui.Column("limit", _("Limit")),
            ui.Column("ends", _("Ends")),
        ],
        [_row(row, readings[row.reference][row.code], bodies, names) for row in rows],
        _("Open cases, the most urgent first"),
        ui.Empty(_("No such case"), _("No open case fits.")),
        next_url=more,
        caption_hidden=True,
    )


def _row(
    row: Any, reading: Reading, bodies: Mapping[str, Known], names: Mapping[str, str]
) -> dict[str, ui.CellLike]:
    title = names.get(row.about, "") or wording.clock_name(row.code)
    link = ui.Link(f"/supervision/cases/{row.reference}/", title, row.reference)
    body = bodies.get(row.body)
    return {
        "case": ui.Cell(link, keys.shown(row.reference)),
        "body": str(body.title) if body else row.body,
        "card": ui.Cell(wording.card_chip(row.now), wording.clock_name(row.code)),
        "limit": wording.used_bar(reading),
        "ends": wording.ends(reading),
    }


@allow(scope.SEES)
@require_safe
def card_list(request: HttpRequest) -> HttpResponse:
    """Every card issued in the own division and below, the newest first."""
    who = actor(request)
    bodies = scope.bodies(who.division)
    rows = Card.objects.order_by("-id")
    if where := figures.limited_to(who.division, bodies):
        rows = rows.filter(**where)
    start = keys.unveil(request.GET.get("after", ""), CARD)
    rows = rows.filter(id__lt=start) if start is not None else rows
    found = list(rows[: PAGE + 1])
    more = f"?after={keys.veil(found[PAGE - 1].pk, CARD)}" if len(found) > PAGE else None
    context = {"table": card_table(found[:PAGE], bodies, more)}
    return render(request, "supervision/cards.html", context)


def card_table(
    cards: Sequence[Card], bodies: Mapping[str, Known], more: str | None = None, link: bool = True
) -> ui.Table:
    """`link`: to the supervisor's page of the case; heads go to their own."""
    names = wording.matter_names()
    rows: list[dict[str, ui.CellLike]] = []
    for card in cards:
        place = "/supervision/cases" if link else "/desk/cases"
        title = names.get(card.about, "") or wording.clock_name(card.code)
        named = ui.Link(f"{place}/{card.reference}/", title, card.reference)
        body = bodies.get(card.body)
        rows.append(
            {
                "case": ui.Cell(named, keys.shown(card.reference)),
                "body": str(body.title) if body else card.body,
                "card": ui.Cell(wording.card_chip(card.colour), wording.clock_name(card.code)),
                "on": card.on,
            }
        )
    return ui.Table(
        [
            ui.Column("case", _("Case")),
            ui.Column("body", _("Body")),
            ui.Column("card", _("Card")),
            ui.Column("on", _("First day")),
        ],
        rows,
        _("Cards issued"),
        ui.Empty(_("No card has been issued"), _("Cards are issued by themselves as time passes.")),
        next_url=more,
        caption_hidden=True,
    )
