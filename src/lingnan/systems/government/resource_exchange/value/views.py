"""Pages of value and quality: what a body shares, ranked, and one resource."""

from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Resource, resources, wishes
from lingnan.kernel.trust.api import Actor, actor, allow, body_titles, official
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange import listing, usage
from lingnan.systems.government.resource_exchange.models import Entry
from lingnan.systems.government.resource_exchange.value import computing
from lingnan.systems.government.resource_exchange.value.models import ResourceFigures

HERE = "/desk/exchange/value/"
READS = official("data_officer", "head", "operator")
MOST = 12


def _mine(who: Actor) -> list[Resource]:
    """What a post sees: the data authority and operators everything, others what they hold."""
    found = list(resources().values())
    if who.role == "operator" or who.function == "data":
        return found
    return [one for one in found if who.function in wishes.holders_of(one)]


def _newest() -> dict[str, ResourceFigures]:
    return {row.resource: row for row in ResourceFigures.objects.order_by("day")}


@allow(READS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the bodies that a post answers for share, the most used first."""
    who, newest = actor(request), _newest()
    mine = [one for one in _mine(who) if one.code in newest]
    mine.sort(key=lambda one: (-newest[one.code].uses, one.code))
    names = listing.holder_names(mine)
    everything = who.role == "operator" or who.function == "data"
    heading = _("Of all bodies") if everything else _("Of your bodies")
    page = ui.Page(
        _("Value and quality of what is shared"),
        _("How often what your bodies share is used, what it spares people, and how good it is. "
          "Counted each hour."),
        top=_charts(mine, newest, names, everything),
        tables=[ui.Part(_table(mine, newest, names), heading)],
    )  # fmt: skip
    return ui.shown(request, page)


def _charts(
    mine: list[Resource], newest: dict[str, ResourceFigures], names: dict[str, str], ranked: bool
) -> list[ui.BarChart]:
    if not mine:
        return []
    rows = [
        ui.ChartRow(str(one.title), newest[one.code].uses, usage.words(newest[one.code].uses))
        for one in mine[:MOST]
        if newest[one.code].uses
    ]
    if not rows:
        return []
    title = _("%(what)s is used most: %(uses)s in %(n)s days") % {
        "what": rows[0].label, "uses": rows[0].text, "n": usage.DAYS,
    }  # fmt: skip
    charts = [ui.BarChart(title, rows, _("Resource"), _("Uses"))]
    return [*charts, _by_holder(mine, newest, names)] if ranked else charts


def _by_holder(
    mine: list[Resource], newest: dict[str, ResourceFigures], names: dict[str, str]
) -> ui.BarChart:
    found: Counter[str] = Counter()
    for one in mine:
        found[names[one.code]] += newest[one.code].spared
    rows = [ui.ChartRow(name, number, f"{number:,}") for name, number in found.most_common(MOST)]
    title = _("%(body)s spared people most: %(n)s questions") % {
        "body": rows[0].label, "n": rows[0].text,
    }  # fmt: skip
    return ui.BarChart(title, rows, _("By body that holds it"), _("Questions not asked"))


def _table(
    mine: list[Resource], newest: dict[str, ResourceFigures], names: dict[str, str]
) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = []
    for one in mine:
        row = newest[one.code]
        rows.append(
            {
                "what": ui.Cell(ui.Link(f"{HERE}{one.code}/", str(one.title)), names[one.code]),
                "uses": f"{row.uses:,}",
                "spared": f"{row.spared:,}",
                "fresh": _fresh(one, row),
                "filled": _percent(row.filled),
                "wrong": f"{row.wrong:,}",
            }
        )
    return ui.Table(
        [
            ui.Column("what", _("Resource")),
            ui.Column("uses", _("Uses in %(n)s days") % {"n": usage.DAYS}, numeric=True),
            ui.Column("spared", _("Questions not asked"), numeric=True),
            ui.Column("fresh", _("Freshness")),
            ui.Column("filled", _("Completeness"), numeric=True),
            ui.Column("wrong", _("Found wrong"), numeric=True),
        ],
        rows,
        _("Value and quality"),
        ui.Empty(_("Nothing has been counted yet")),
        caption_hidden=True,
    )


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}%"


def _fresh(resource: Resource, row: ResourceFigures) -> ui.CellLike:
    kept = computing.fresh(resource, row.newest)
    day = ui.legal_date(row.newest) if row.newest else "—"
    if kept is None:
        return day
    chip = ui.Chip("ok", _("in time")) if kept else ui.Chip("late", _("late"))
    return ui.Cell(chip, day)


@allow(READS)
@require_safe
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One resource: who used it for what, what it spared, and how good it is."""
    found = next((each for each in _mine(actor(request)) if each.code == code), None)
    if found is None:
        raise Http404(code)
    days = list(ResourceFigures.objects.filter(resource=code).order_by("-day")[:400])[::-1]
    page = ui.Page(
        str(found.title),
        top=[_panel(found, days[-1]), *_drawn(days)] if days else [
            ui.Notice("info", _("Nothing has been counted yet"))],
        links=[ui.Link(f"/catalogue/{code}/", _("Catalogue of shared data"))],
        trail=ui.Trail([ui.Link(HERE, _("Value and quality"))], str(found.title)),
    )  # fmt: skip
    return ui.shown(request, page)


def _panel(found: Resource, row: ResourceFigures) -> ui.Panel:
    computed = _("no record answers it: computed")
    cycles = {code: str(words) for code, words in Entry.CYCLES}
    sample = _("Share of elements that say something, in the newest %(n)s records") % {
        "n": computing.SAMPLE,
    }  # fmt: skip
    return ui.Panel(
        _("Value and quality"),
        [
            ui.Item(_("Uses in %(n)s days") % {"n": usage.DAYS}, usage.words(row.uses)),
            ui.Item(_("Questions not asked"), f"{row.spared:,}",
                    _("Questions of forms that nobody had to answer, as the forms tell")),
            ui.Item(_("Newest entry"), _fresh(found, row) if row.newest else computed),
            ui.Item(_("Cycle promised"), cycles[found.cycle]),
            ui.Item(_("Completeness"), _percent(row.filled), sample),
            ui.Item(_("Found wrong"), f"{row.wrong:,}",
                    _("How often bodies said that it was wrong")),
        ],
    )  # fmt: skip


def _drawn(days: list[ResourceFigures]) -> list[Any]:
    counted = [(str(body), str(purpose), int(n)) for body, purpose, n in days[-1].counted]
    if not counted:
        return []
    purposes, names = listing.purposes(), body_titles()
    by_purpose: Counter[str] = Counter()
    by_body: Counter[str] = Counter()
    for body, purpose, number in counted:
        by_purpose[purposes.get(purpose, purpose)] += number
        by_body[names.get(body, body)] += number
    drawn: list[Any] = [
        _bars(_("Most for “%(what)s”"), "what", by_purpose, _("By purpose")),
        _bars(_("Most by %(body)s"), "body", by_body, _("By body that used it")),
    ]
    if len(days) > 1:
        points = [ui.Point(row.day, row.uses, usage.words(row.uses)) for row in days]
        title = _("Uses by day: %(n)s on the last") % {"n": f"{days[-1].uses:,}"}
        drawn.append(ui.LineChart(title, points, _("Uses")))
    return drawn


def _bars(title: str, name: str, found: Counter[str], label: str) -> ui.BarChart:
    rows = [
        ui.ChartRow(one, number, usage.words(number)) for one, number in found.most_common(MOST)
    ]
    return ui.BarChart(title % {name: rows[0].label}, rows, label, _("Uses"))


urlpatterns = [
    path("desk/exchange/value/", overview, name="data-value"),
    path("desk/exchange/value/<str:code>/", one, name="data-value-resource"),
]
