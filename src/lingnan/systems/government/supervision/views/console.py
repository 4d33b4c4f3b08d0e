"""The console: what is wrong, at a glance, and where."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lingnan.kernel.maps import api as maps
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import figures, scope, wording
from lingnan.systems.government.supervision.figures import Counts, Figures
from lingnan.systems.government.supervision.models import Opinion
from lingnan.systems.government.supervision.scope import Known
from lingnan.systems.government.supervision.views import drawing

RANKED = 12


@allow(scope.SEES)
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    who = actor(request)
    division = scope.narrowed(who, request.GET.get("in", ""))
    bodies = scope.bodies(division)
    found = figures.of(division, bodies)
    place = _place(division)
    context = {
        "who": who,
        "place": place or str(who.body_title),
        "back": division != who.division,
        "finding": _finding(found, bodies),
        "kpis": drawing.tabs(found.total, "", {"in": _given(who.division, division)}),
        "map": _map(division, found),
        "ranking": _ranking(found, bodies),
        "more": len(found.bodies) > RANKED,
        "today": legal_time.today(),
        "waiting": _waiting(bodies),
    }
    return render(request, "supervision/console.html", context)


def _given(own: str, division: str) -> str:
    return division if division != own else ""


def _place(division: str) -> str:
    shown = maps.shapes(scope.level(division))
    return next((str(shape.title) for shape in shown if shape.code == division), "")


def _waiting(bodies: Mapping[str, Known]) -> ui.Notice | None:
    """Opinions whose day for an answer has passed."""
    late = Opinion.objects.filter(answer=None, answer_by__lt=legal_time.today())
    count = sum(body in bodies for body in late.values_list("body", flat=True)[:1000])
    if not count:
        return None
    words = ngettext(
        "%(n)s supervision opinion has not been answered in time",
        "%(n)s supervision opinions have not been answered in time",
        count,
    )
    link = ui.Link("/supervision/opinions/", _("Supervision opinions"))
    return ui.Notice("warn", words % {"n": count}, link=link)


def _finding(found: Figures, bodies: Mapping[str, Known]) -> ui.Notice:
    """What is wrong, in one sentence."""
    total = found.total
    if not total.open:
        return ui.Notice("ok", _("No limit runs at present"))
    if not total.late:
        words = ngettext(
            "%(n)s limit runs, and none has been passed",
            "%(n)s limits run, and none has been passed",
            total.open,
        )
        return ui.Notice("ok", words % {"n": f"{total.open:,}"})
    worst, counts = min(found.bodies.items(), key=lambda row: (row[1].order, row[0]))
    late = [one for one in found.bodies.values() if one.late]
    words = _("%(red)s red and %(yellow)s yellow at %(n)s bodies; most at %(body)s") % {
        "red": f"{total.cards['red']:,}",
        "yellow": f"{total.cards['yellow']:,}",
        "n": f"{len(late):,}",
        "body": bodies[worst].title,
    }
    said = {"red": f"{counts.cards['red']:,}", "yellow": f"{counts.cards['yellow']:,}"}
    text = _("There: %(red)s red, %(yellow)s yellow.") % said
    link = ui.Link(f"/supervision/cases/?{urlencode({'body': worst})}", _("Show these cases"))
    return ui.Notice("late" if total.cards["red"] else "warn", words, text, link)


def _map(division: str, found: Figures) -> ui.RegionMap | None:
    """The divisions below, shaded by the share of late cases; none for a county."""
    below = {"province": "city", "city": "county"}.get(scope.level(division))
    if below is None:
        return None
    shown = maps.shapes(below, within=division if below == "county" else "")
    if not shown:
        return None
    shown.sort(key=lambda shape: (_rank(found.divisions.get(shape.code)), shape.code))
    worst = shown[0]
    counts = found.divisions.get(worst.code)
    if counts is None or not counts.late:
        title = _("No division has a late case")
    else:
        said = {"place": worst.title, "share": wording.share(counts.late, counts.open)}
        title = _("Largest share of late cases: %(place)s, %(share)s") % said
    return ui.RegionMap(
        title,
        [_region(shape, found.divisions.get(shape.code)) for shape in shown],
        maps.view_box(shown),
        legend=_("Late cases of all open, in hundredths"),
        note=_("Lines are simplified for display and have no legal effect."),
        name_title=_("Division"),
        table=_divisions(shown, found),
    )


def _rank(counts: Counts | None) -> float:
    return -(counts.late / counts.open) if counts and counts.open else 1.0


def _region(shape: maps.Shape, counts: Counts | None) -> ui.Region:
    value = round(100 * counts.late / counts.open, 1) if counts and counts.open else None
    return ui.Region(
        shape.code,
        str(shape.title),
        shape.path,
        value,
        wording.share(counts.late, counts.open) if counts and counts.open else "",
        url=f"/supervision/?in={shape.code}",
        label=drawing.short(str(shape.title)),
        x=shape.x,
        y=shape.y,
        room=shape.room,
    )


def _divisions(shown: list[maps.Shape], found: Figures) -> ui.Table:
    rows: list[dict[str, Any]] = []
    for shape in shown:
        counts = found.divisions.get(shape.code, Counts())
        link = ui.Link(f"/supervision/?in={shape.code}", str(shape.title))
        cards = f"{counts.cards['red']:,} / {counts.cards['yellow']:,} / {counts.open:,}"
        share = wording.share(counts.late, counts.open)
        rows.append({"name": link, "cards": cards, "share": share})
    return ui.Table(
        [
            ui.Column("name", _("Division")),
            ui.Column("cards", _("Red / yellow / open"), True),
            ui.Column("share", _("Late"), True),
        ],
        rows,
        _("Open cases by division"),
        caption_hidden=True,
    )


def _ranking(found: Figures, bodies: Mapping[str, Known]) -> ui.Table:
    """The bodies, the worst first."""
    ranked = sorted(found.bodies.items(), key=lambda row: (row[1].order, row[0]))[:RANKED]
    rows: list[dict[str, Any]] = []
    for code, counts in ranked:
        url = f"/supervision/cases/?{urlencode({'body': code})}"
        rows.append({"name": ui.Link(url, str(bodies[code].title))} | drawing.numbers(counts))
    return ui.Table(
        [ui.Column("name", _("Body")), *drawing.number_columns()],
        rows,
        _("Bodies, the worst first"),
        ui.Empty(_("No case is open"), _("Cases stand here as soon as a body has received one.")),
        caption_hidden=True,
    )
