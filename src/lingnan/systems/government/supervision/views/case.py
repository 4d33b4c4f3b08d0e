"""One case as supervision sees it: time and acts, never what the applicant declared."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Clock, Reading, Standing, clocks
from lingnan.kernel.matters.api import EVENT_WORDS, STATE_WORDS, Case, CaseEvent, supervised
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, Body, Holding, actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import cards, scope, wording
from lingnan.systems.government.supervision.models import Card, Opinion
from lingnan.systems.government.supervision.views import opinions

TURNS = ("warning", "yellow", "red")


@allow(scope.SEES)
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """A case, or a joint application, of a body within the supervisor's division."""
    who = actor(request)
    rows = list(Standing.objects.filter(reference=number).select_related("clock"))
    case = Case.objects.filter(number=number).first()
    body = case.body if case else rows[0].body if rows else ""
    if not body or not scope.covers(who, body):
        raise Http404
    if case is not None:
        supervised(case, who)  # before anything is shown
    roles = {h.role: str(h.title) for h in Holding.objects.filter(body=body)}
    issued = cards.of_references([number])
    readings = clocks.of_references([number]).get(number, {})
    held = sorted(rows, key=lambda row: row.clock_id)
    context = {
        "number": number,
        "title": _title(case, rows),
        "state": _state(case),
        "privacy": _privacy(),
        "facts": _facts(case, body),
        "clocks": [_clock(row, readings[row.code], issued, roles) for row in held],
        "steps": _steps(case, roles) if case else [],
        "cards": _card_panels(issued, who),
    }
    return render(request, "supervision/case.html", context)


def _title(case: Case | None, rows: Sequence[Standing]) -> str:
    about = case.matter if case else rows[0].about
    return wording.matter_names().get(about, "") or wording.clock_name(rows[0].code if rows else "")


def _state(case: Case | None) -> ui.Chip | None:
    if case is None:
        return None
    kind, words = STATE_WORDS[case.state]
    return ui.Chip(kind, words)


def _privacy() -> ui.Notice:
    return ui.Notice(
        "info",
        _("Time and acts only"),
        _(
            "Supervision does not need to know who applied or what was declared, so this page does "
            "not show it. That you opened it is written down; the applicant can see that."
        ),
    )


def _facts(case: Case | None, body: str) -> ui.Panel:
    found = Body.objects.filter(code=body).first()
    items = [ui.Item(_("Body that handles it"), str(found.title) if found else body)]
    if case is not None:
        items.append(ui.Item(_("Received on"), case.received_on))
        if case.finished_on:
            items.append(ui.Item(_("Finished on"), case.finished_on))
        if case.joint:
            link = ui.Link(f"/supervision/cases/{case.joint}/", case.joint)
            items.append(ui.Item(_("Part of a joint application"), link))
    return ui.Panel(_("Case"), items)


def _clock(
    row: Standing, reading: Reading, issued: Sequence[Card], roles: Mapping[str, str]
) -> ui.Panel:
    """Everything that a limit went through."""
    state = ui.Cell((wording.card_chip(reading.card), wording.used_bar(reading)))
    items = [
        ui.Item(_("Now") if reading.state != "stopped" else _("At the end"), state),
        ui.Item(_("Started on"), row.started_on, _("the day itself is not counted")),
        ui.Item(_("Promised"), wording.days(reading.promised, reading.unit)),
        ui.Item(_("Statutory"), wording.days(reading.statutory, reading.unit), reading.basis),
        ui.Item(_("Ends"), wording.ends(reading)),
        *_events(row.clock, reading, roles),
        *_turns(row, issued),
    ]
    return ui.Panel(wording.clock_name(row.code), items)


def _events(clock: Clock, reading: Reading, roles: Mapping[str, str]) -> list[ui.Item]:
    """Pauses with basis and announced end, resumptions, and the extension with its reason."""
    items = []
    for event in clock.events.order_by("id"):
        by = wording.signed(event.by, "", roles)
        day = ui.legal_date(event.on)
        if event.kind == "pause":
            until = ui.legal_date(event.expected_until) if event.expected_until else "—"
            said = _("from %(day)s, announced until %(until)s") % {"day": day, "until": until}
            items.append(ui.Item(_("Paused"), ui.Cell(said, f"{event.basis} · {by}")))
        elif event.kind == "resume":
            items.append(ui.Item(_("Runs again"), ui.Cell(day, by)))
        elif event.kind == "extend":
            more = wording.days(event.days, reading.unit)
            said = _("%(day)s: %(more)s more") % {"day": day, "more": more}
            items.append(ui.Item(_("Extended"), ui.Cell(said, f"{by} “{event.reason}”")))
    return items


def _turns(row: Standing, issued: Sequence[Card]) -> list[ui.Item]:
    """The first day of each colour: what was issued, else when it comes if nothing happens."""
    first: dict[str, date | None] = {
        colour: getattr(row, f"{colour}_on") if row.state != "stopped" else None for colour in TURNS
    }
    first |= {one.colour: one.on for one in issued if one.clock == row.clock_id}
    items, today = [], legal_time.today()
    for colour in TURNS:
        day = first[colour]
        if day is None or (colour == "yellow" and day == first["red"]):
            continue
        note = "" if day <= today else _("if nothing happens")
        items.append(ui.Item(_first_day(colour), ui.Cell(ui.legal_date(day), note)))
    return items


def _first_day(colour: str) -> str:
    words = {
        "warning": _("First day due soon"),
        "yellow": _("First day of the yellow card"),
        "red": _("First day of the red card"),
    }
    return words[colour]


def _steps(case: Case, roles: Mapping[str, str]) -> list[ui.Step]:
    """What was done, when and by which post; not what was written."""
    return [_step(event, roles) for event in CaseEvent.objects.filter(case=case).order_by("number")]


def _step(event: CaseEvent, roles: Mapping[str, str]) -> ui.Step:
    who = wording.signed(event.by, event.by_name, roles)
    return ui.Step(str(EVENT_WORDS[event.kind]), ui.legal_datetime(event.at), who, "done")


def _card_panels(issued: Sequence[Card], who: Actor) -> list[dict[str, Any]]:
    """Each card with the opinions on it, and the way to write one."""
    written: dict[int, list[Opinion]] = {}
    rows = Opinion.objects.filter(card__in=issued).select_related("answer", "card").order_by("id")
    for opinion in rows:
        written.setdefault(opinion.card_id, []).append(opinion)
    return [
        {
            "chip": wording.card_chip(card.colour),
            "clock": wording.clock_name(card.code),
            "on": card.on,
            "rule": card.rule[:12].upper(),
            "opinions": [opinions.view(one) for one in written.get(card.pk, [])],
            "write": opinions.write_address(card) if scope.WRITES.permits(who) else "",
        }
        for card in issued
    ]
