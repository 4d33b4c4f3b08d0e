"""Residents by place, age and sex for any day: for the police post, and for everybody."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, actor, allow, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.population import counting, places
from lingnan.systems.government.population.basis import POLICE
from lingnan.systems.government.population.counting import Counts

PROVINCE, WITHHELD = "440000", "×"


@allow(POLICE)
@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """Full counts of the post's own division, each question in the evidence."""
    who = actor(request)
    day, error = _day(request)
    payload = {
        "record_type": "population.resident",
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "valid": day.isoformat(),
    }
    node_evidence.write([node_evidence.entry("record.counted", payload)])
    lead = _("Counted within the division of your post. Each question is written down.")
    return _answer(request, who.division, day, error, lead, guarded=False)


@allow(PUBLIC)
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The same for everybody; small counts, and what would give them away, are withheld."""
    day, error = _day(request)
    asked = request.GET.get("place", PROVINCE)[:6]
    known = {option.value for option in _places(day)}
    place = asked if asked in known else PROVINCE
    lead = _("How many residents are on record, by place, age and sex. Small counts are withheld.")
    return _answer(request, place, day, error, lead, guarded=True)


def _day(request: HttpRequest) -> tuple[date, str]:
    text = request.GET.get("on", "").strip()
    today = legal_time.today()
    if not text:
        return today, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today, _("Please give a day as year, month and day, such as 2011-06-30.")
    return (today, _("A day in the future cannot be counted.")) if day > today else (day, "")


def _places(day: date) -> list[ui.Option]:
    """The province and its cities, by the names of the day."""
    known = places.register()
    cities = list(known.children(PROVINCE, day)) if known.valid(PROVINCE, day) else []
    named = [ui.Option(row.code, row.name) for row in cities]
    return [ui.Option(PROVINCE, places.named(known, PROVINCE, day)), *named]


def _answer(
    request: HttpRequest, place: str, day: date, error: str, lead: str, guarded: bool
) -> HttpResponse:
    on = ui.FieldView(
        "on",
        _("Day counted"),
        value=request.GET.get("on", "")[:10],
        kind="date",
        required=False,
        error=error,
        maximum=legal_time.today().isoformat(),
    )
    fields = [on]
    if guarded:
        fields.insert(
            0, ui.FieldView("place", _("Place"), value=place, kind="select", options=_places(day))
        )
    context: dict[str, Any] = {
        "fields": fields,
        "errors": ui.ErrorSummary.of([on]) if error else None,
    }
    status = 422 if error else 200
    try:
        ages = counting.by_age(place, day, guarded)
        counties = counting.by_place(place, day, guarded)
    except LookupError:
        words = _("The copy from which is counted is being made. Please try again in a minute.")
        own = [ui.Link(reverse("population-mine"), _("My own registration"))] if guarded else []
        context["page"] = ui.Page(
            _("Population tables"), lead, top=[ui.Notice("warn", words)], links=own
        )
        return render(request, "population/tables.html", context, status=status)
    context["pyramid"] = _pyramid(ages)
    context["page"] = _page(place, day, lead, ages, counties, own=guarded)
    return render(request, "population/tables.html", context, status=status)


def _page(place: str, day: date, lead: str, ages: Counts, counties: Counts, own: bool) -> ui.Page:
    known = places.register()
    names = {row[0]: places.named(known, row[0], day) for row in counties.rows}
    names |= counties.names
    level = _("Township") if counties.names else _("County or district")
    where = places.named(known, place, day)
    kpi = ui.Panel(
        where,
        [
            ui.Item(_("Residents on record"), said(ages.total)),
            ui.Item(_("Day counted"), ui.legal_date(day)),
        ],
        compact=True,
    )
    return ui.Page(
        _("Population tables"),
        lead,
        top=[kpi, *_guard(counties)],
        links=[ui.Link(reverse("population-mine"), _("My own registration"))] if own else [],
        tables=[
            ui.Part(_table(counties, names, level), _("By place and sex")),
            ui.Part(
                _table(ages, {row[0]: band(row[0]) for row in ages.rows}, _("Age")),
                _("By age and sex"),
            ),
        ],
    )


def _guard(counts: Counts) -> list[ui.Notice]:
    if not counts.guarded:
        return []
    words = _("× stands where a small count, or one that would give it away, is withheld.")
    return [ui.Notice("info", _("Small counts are withheld"), words)]


def said(count: int | None) -> str:
    return WITHHELD if count is None else f"{count:,}"


def band(code: str) -> str:
    """An age band as people call it: 000 → 0–4."""
    if not code.isdigit():
        return code
    return f"{int(code)}+" if int(code) >= 100 else f"{int(code)}–{int(code) + 4}"


def _table(counts: Counts, names: dict[str, str], head: str) -> ui.Table:
    columns = [
        ui.Column("name", head),
        ui.Column("men", _("male"), True),
        ui.Column("women", _("female"), True),
        ui.Column("all", _("Total"), True),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": names.get(code) or _("Total"),
            "men": said(men),
            "women": said(women),
            "all": said(every),
        }
        for code, men, women, every in counts.rows
    ]
    return ui.Table(columns, lines, head, _("Nothing was counted"), caption_hidden=True)


def _pyramid(counts: Counts) -> ui.Table | None:
    """Ages downwards from the oldest, men and women beside them."""
    bands = counts.rows[:-1]
    if not bands:
        return None
    top = max((count or 0 for row in bands for count in row[1:3]), default=0) or 1
    columns = [
        ui.Column("age", _("Age")),
        ui.Column("men", _("male")),
        ui.Column("women", _("female")),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {"age": band(code), "men": _bar(men, top), "women": _bar(women, top)}
        for code, men, women, _every in reversed(bands)
    ]
    return ui.Table(columns, lines, _("Age pyramid"), caption_hidden=True)


def _bar(count: int | None, top: int) -> ui.CellLike:
    return WITHHELD if count is None else ui.Bar(count, top, "info", f"{count:,}")
