"""Residents by place, age and sex for any day: for the police post, and for everybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.registry.api import statistics
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import PUBLIC, actor, allow, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.standards.divisions import DivisionRegister
from lingnan.systems.government.population import counting, places
from lingnan.systems.government.population.basis import POLICE
from lingnan.systems.government.population.counting import Counts

PROVINCE, WITHHELD = "440000", "×"


@dataclass(frozen=True)
class Asked:
    """What is counted for somebody: the place, the day; `public` is the release for everybody."""

    place: str
    day: date
    public: bool = False

    def tables(self) -> tuple[Counts, Counts | None]:
        """The places below, and the ages of the place. Raises LookupError without a copy."""
        if self.public:
            return counting.for_everybody(self.place, self.day)
        return counting.by_place(self.place, self.day), counting.by_age(self.place, self.day)


@allow(POLICE)
@require_safe
def official(request: HttpRequest) -> HttpResponse:
    """Full counts of the post's own division, each question in the evidence."""
    who = actor(request)
    on = _day(request)
    asked = Asked(who.division, _valid(on))
    payload = {
        "record_type": "population.resident",
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "valid": asked.day.isoformat(),
    }
    node_evidence.write([node_evidence.entry("record.counted", payload)])
    lead = _("Counted within the division of your post. Each question is written down.")
    return _answer(request, asked, [on], lead)


@allow(PUBLIC)
@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """The same for everybody; small counts, and what would give them away, are withheld."""
    on = _day(request)
    day, known = _valid(on), places.register()
    code = request.GET.get("place", "").strip()[:6] or PROVINCE
    there = code == PROVINCE or known.valid(code, day)
    error = "" if there else _("There was no such place on that day.")
    asked = Asked(PROVINCE if error else code, day, public=True)
    options = [ui.Option(one, places.named(known, one, day)) for one in _offered(known, asked)]
    place = ui.FieldView("place", _("Place"), "", asked.place, "select", options, error=error)
    lead = _("How many residents are on record, by place, age and sex. Small counts are withheld.")
    return _answer(request, asked, [place, on], lead)


def _offered(known: DivisionRegister, asked: Asked) -> list[str]:
    """The province and its cities of the day, the counties of the one looked at below it."""
    found = [PROVINCE]
    city = known.city_of(asked.place) if asked.place != PROVINCE else None
    for row in known.children(PROVINCE, asked.day) if known.valid(PROVINCE, asked.day) else ():
        found.append(row.code)
        found += [one.code for one in known.children(row.code, asked.day) if row.code == city]
    return found


def _day(request: HttpRequest) -> ui.FieldView:
    """The question of the day, with what is wrong with its answer."""
    text, today, error = request.GET.get("on", "").strip()[:10], legal_time.today(), ""
    try:
        if text and date.fromisoformat(text) > today:
            error = _("A day in the future cannot be counted.")
    except ValueError:
        error = _("Please give a day as year, month and day, such as 2011-06-30.")
    return ui.FieldView(
        "on", _("Day counted"), value=text, kind="date", required=False,
        error=error, maximum=today.isoformat(),
    )  # fmt: skip


def _valid(on: ui.FieldView) -> date:
    told = not on.error and isinstance(on.value, str) and on.value
    return date.fromisoformat(told) if told else legal_time.today()


def _answer(
    request: HttpRequest, asked: Asked, fields: list[ui.FieldView], lead: str
) -> HttpResponse:
    wrong = [one for one in fields if one.error]
    context: dict[str, Any] = {
        "fields": fields,
        "errors": ui.ErrorSummary.of(wrong) if wrong else None,
    }
    own = [ui.Link(reverse("population-mine"), _("My own registration"))] if asked.public else []
    try:
        with statistics.beside():
            below, ages = asked.tables()
    except statistics.StillCounting:
        context["counting"] = statistics.still_counting()
        context["page"] = ui.Page(_("Population tables"), lead, links=own)
    except LookupError:
        words = _("The copy from which is counted is being made. Please try again in a minute.")
        top = [ui.Notice("warn", words)]
        context["page"] = ui.Page(_("Population tables"), lead, top=top, links=own)
    else:
        context["pyramid"] = _pyramid(ages) if ages else None
        context["page"] = _page(asked, lead, below, ages, own)
    status = 422 if wrong else 200
    return render(request, "population/tables.html", context, status=status)


def _page(
    asked: Asked, lead: str, below: Counts, ages: Counts | None, own: list[ui.Link]
) -> ui.Page:
    known, day = places.register(), asked.day
    kpi = ui.Panel(
        places.named(known, asked.place, day),
        [
            ui.Item(_("Residents on record"), said(below.total)),
            ui.Item(_("Day counted"), ui.legal_date(day)),
        ],
        compact=True,
    )
    tables = [ui.Part(_table(below, _names(asked, below), _level(below)), _("By place and sex"))]
    if ages:
        bands: dict[str, ui.CellLike] = {row[0]: band(row[0]) for row in ages.rows[:-1]}
        tables.append(ui.Part(_table(ages, bands, _("Age")), _("By age and sex")))
    return ui.Page(
        _("Population tables"),
        lead,
        top=[kpi, *(_guard(ages) if asked.public else [])],
        links=own,
        tables=tables,
        trail=_above(known, asked) if asked.public else None,
    )


def _above(known: DivisionRegister, asked: Asked) -> ui.Trail | None:
    """The way back up from a city or a county."""
    if asked.place == PROVINCE:
        return None
    city = known.city_of(asked.place)
    codes = [code for code in (PROVINCE, city) if code and code != asked.place]
    links = [ui.Link(_address(code, asked.day), known.name(code, asked.day)) for code in codes]
    return ui.Trail(links, known.name(asked.place, asked.day))


def _address(place: str, day: date) -> str:
    on = {} if day == legal_time.today() else {"on": day.isoformat()}
    return f"{reverse('population-public')}?{urlencode({'place': place, **on})}"


def _names(asked: Asked, counts: Counts) -> dict[str, ui.CellLike]:
    """What the places below are called; everybody goes on from there to their own tables."""
    if counts.names:
        return dict(counts.names)
    known, names = places.register(), dict[str, ui.CellLike]()
    for code in [row[0] for row in counts.rows[:-1]]:
        there = known.valid(code, asked.day)
        name = known.name(code, asked.day) if there else code or _("not stated")
        names[code] = ui.Link(_address(code, asked.day), name) if there and asked.public else name
    return names


def _level(counts: Counts) -> str:
    if counts.names:
        return _("Township")
    codes = [row[0] for row in counts.rows[:-1] if row[0]]
    return (
        _("Prefecture-level city")
        if all(code.endswith("00") for code in codes)
        else _("County or district")
    )


def _guard(ages: Counts | None) -> list[ui.Notice]:
    words = [
        _("× stands where a small count, or one that would give it away, is withheld."),
        _("All tables of a day agree: none tells what another one withholds, and nothing is told "
          "below a place whose own counts are withheld."),
    ]  # fmt: skip
    if ages is None:
        words.append(_("Ages are published of the province and of cities."))
    return [ui.Notice("info", _("Small counts are withheld"), "", items=words)]


def said(count: int | None) -> str:
    return WITHHELD if count is None else f"{count:,}"


def band(code: str) -> str:
    """An age band as people call it: 000 → 0–4."""
    if not code.isdigit():
        return code
    return f"{int(code)}+" if int(code) >= 100 else f"{int(code)}–{int(code) + 4}"


def _table(counts: Counts, names: dict[str, ui.CellLike], head: str) -> ui.Table:
    columns = [
        ui.Column("name", head),
        ui.Column("men", _("male"), True),
        ui.Column("women", _("female"), True),
        ui.Column("all", _("Total"), True),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {"name": names[code], "men": said(men), "women": said(women), "all": said(every)}
        for code, men, women, every in counts.rows[:-1]
    ]
    for _code, men, women, every in counts.rows[-1:]:
        lines.append(
            {"name": _("Total"), "men": said(men), "women": said(women), "all": said(every)}
        )
    return ui.Table(
        columns, lines, head, _("Nothing was counted"), caption_hidden=True, figures=True
    )


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
    return ui.Table(columns, lines, _("Age pyramid"), caption_hidden=True, figures=True)


def _bar(count: int | None, top: int) -> ui.CellLike:
    return WITHHELD if count is None else ui.Bar(count, top, "info", f"{count:,}")
