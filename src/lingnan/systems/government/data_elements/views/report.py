"""The report of conformance: of all bodies for the data authority, of its own for each body."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.duty.api import Task, tasks
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, actor, allow, official
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.data_elements import duties, wording
from lingnan.systems.government.data_elements.models import Finding, Score
from lingnan.systems.government.data_elements.rules import checks
from lingnan.systems.government.data_elements.views.exports import file_of
from lingnan.systems.government.data_elements.views.public import address

READS = official("data_officer", "head")
AUTHORITY = "data"
HERE = "/desk/data-elements/report/"
PAGE = 40
COLUMNS = ("function", "weight", "kind", "place", "where", "where_zh", "field", "element",
           "what", "to_do", "since")  # fmt: skip


@allow(READS)
@require_safe
def overall(request: HttpRequest) -> HttpResponse:
    """All bodies, for the data authority; any other body is led to its own."""
    who = actor(request)
    if who.function != AUTHORITY:
        return body(request, who.function)
    newest = _newest()
    page = ui.Page(
        _("Conformance to the data elements"),
        _("Forms, registers and the catalogue as declared today, compared with the register."),
        top=[*_charts(newest)] if newest else [_not_yet()],
        links=[ui.Link(f"{HERE}findings.csv", _("All findings as CSV")),
               ui.Link("/data-elements/", _("Register of data elements"))],
        tables=[
            ui.Part(_bodies(newest), _("By body")),
            ui.Part(_kinds(Finding.objects.all()), _("By kind")),
        ],
    )  # fmt: skip
    return ui.shown(request, page)


def _not_yet() -> ui.Notice:
    return ui.Notice("info", _("Nothing has been compared yet"), _("The worker does it each hour."))


def _newest() -> dict[str, Score]:
    """The newest score of each function."""
    return {row.function: row for row in Score.objects.order_by("day")}


def _charts(newest: Mapping[str, Score]) -> list[Any]:
    rows = sorted(newest.values(), key=lambda row: (row.percent, row.function))
    lowest = rows[0]
    title = _("%(body)s has the most to do: %(percent)s%% of its places conform") % {
        "body": wording.body_of(lowest.function), "percent": round(lowest.percent),
    }  # fmt: skip
    if lowest.good == lowest.checked:
        title = _("Every place of every body conforms")
    note = _("Places are uses of an element: in a form, a register or a resource.")
    bars = [
        ui.ChartRow(wording.body_of(row.function), row.percent, _share(row), _colour(row))
        for row in rows
    ]
    return [ui.BarChart(title, bars, _("Body"), _("Places that conform"), note), *_line()]


def _share(row: Score) -> str:
    return _("%(percent)s%% of %(n)s") % {"percent": round(row.percent), "n": row.checked}


def _colour(row: Score) -> ui.Kind:
    return "ok" if row.percent >= 95 else "warn" if row.percent >= 80 else "late"


def _line() -> list[ui.LineChart]:
    """All bodies together, by day; nothing while there is one day alone."""
    days: dict[Any, list[Score]] = {}
    for row in Score.objects.order_by("day"):
        days.setdefault(row.day, []).append(row)
    points = []
    for day, rows in days.items():
        share = 100 * sum(one.good for one in rows) / max(1, sum(one.checked for one in rows))
        points.append(ui.Point(day, share, f"{share:.0f}%"))
    if len(points) < 2:
        return []
    title = _("All bodies together: %(share)s") % {"share": points[-1].words}
    return [ui.LineChart(title, points, _("Places that conform"), percent=True)]


def _bodies(newest: Mapping[str, Score]) -> ui.Table:
    rows: list[dict[str, ui.CellLike]] = []
    for row in sorted(newest.values(), key=lambda row: (row.percent, row.function)):
        open_ = Task.objects.filter(code=duties.CODE, done_at=None)
        body = wording.bodies_by_function().get(row.function)
        task = open_.filter(body=body.code).first() if body else None
        due = tasks.red_on(task) if task else None
        rows.append(
            {
                "body": ui.Link(f"{HERE}{row.function}/", wording.body_of(row.function)),
                "score": f"{row.percent:.0f}%",
                "places": f"{row.checked:,}",
                "faults": f"{row.checked - row.good:,}",
                "advice": f"{row.advice:,}",
                "until": ui.legal_date(due) if due else "—",
            }
        )
    columns = [
        ui.Column("body", _("Body")), ui.Column("score", _("Share that conforms"), numeric=True),
        ui.Column("places", _("Places compared"), numeric=True),
        ui.Column("faults", _("Places with a fault"), numeric=True),
        ui.Column("advice", _("Pieces of advice"), numeric=True),
        ui.Column("until", _("To be put right by")),
    ]  # fmt: skip
    nothing = ui.Empty(_("Nothing has been compared yet"))
    return ui.Table(columns, rows, _("By body"), nothing, caption_hidden=True)


def _kinds(rows: QuerySet[Finding]) -> ui.Table:
    counted = dict(rows.order_by("kind").values_list("kind").annotate(n=Count("id")))
    lines: list[dict[str, ui.CellLike]] = [
        {"kind": wording.kind(kind), "weight": weight(kind), "n": f"{counted[kind]:,}"}
        for kind in checks.KINDS
        if kind in counted
    ]
    columns = [
        ui.Column("kind", _("What does not conform")), ui.Column("weight", _("How grave")),
        ui.Column("n", _("How often"), numeric=True),
    ]  # fmt: skip
    nothing = ui.Empty(_("Everything conforms"))
    return ui.Table(columns, lines, _("By kind"), nothing, caption_hidden=True)


def weight(kind: str) -> ui.Chip:
    """A fault costs the place its point, advice costs nothing."""
    if kind in checks.FAULTS:
        return ui.Chip("late", _("fault"))
    return ui.Chip("soft", _("advice"))


@allow(READS)
@require_safe
def body(request: HttpRequest, function: str) -> HttpResponse:
    """One function's bodies: its score, what does not conform, and what to do."""
    who, found = _of(request, function)
    score = _newest().get(function)
    kind = request.GET.get("kind", "")
    chosen = found.filter(kind=kind) if kind in checks.KINDS else found
    chosen = chosen.filter(kind__in=checks.FAULTS) if kind == "faults" else chosen
    top: list[Any] = [_figures(score)] if score else [_not_yet()]
    page = ui.Page(
        _("Conformance of %(body)s") % {"body": wording.body_of(function)},
        _("What is declared in the name of your bodies and does not agree with the register."),
        top=[*top, *_by_kind(found)],
        links=[ui.Link(f"{HERE}findings.csv?function={function}", _("This list as CSV"))],
        first=[ui.Filter([_choice(kind)], _("Show"))],
        tables=[ui.Part(_list(request, chosen, kind), _heading(chosen))],
        trail=ui.Trail([ui.Link(HERE, _("Conformance to the data elements"))],
                       wording.body_of(function)) if who.function == AUTHORITY else None,
    )  # fmt: skip
    return ui.shown(request, page)


def _of(request: HttpRequest, function: str) -> tuple[Actor, QuerySet[Finding]]:
    """The findings of a function, for its own officials and the data authority. Raises Http404."""
    who = actor(request)
    if who.function not in (AUTHORITY, function) or function not in wording.bodies_by_function():
        raise Http404(function)
    return who, Finding.objects.filter(function=function).order_by("pk")


def _figures(score: Score) -> ui.Panel:
    return ui.Panel(
        _("Share that conforms"),
        [
            ui.Item(_("Places that conform"), _share(score), ui.legal_date(score.day)),
            ui.Item(_("Places with a fault"), f"{score.checked - score.good:,}"),
            ui.Item(_("Pieces of advice"), f"{score.advice:,}"),
        ],
        compact=True,
    )


def _by_kind(found: QuerySet[Finding]) -> list[ui.BarChart]:
    counted = dict(found.order_by("kind").values_list("kind").annotate(n=Count("id")))
    rows = [
        ui.ChartRow(wording.kind(one), counted[one], "", "late" if one in checks.FAULTS else "soft")
        for one in checks.KINDS
        if one in counted
    ]
    if not rows:
        return []
    most = max(rows, key=lambda row: row.value)
    title = _("Most often: %(kind)s (%(n)s)") % {"kind": most.label, "n": f"{most.value:,.0f}"}
    return [ui.BarChart(title, rows, _("What does not conform"), _("How often"))]


def _choice(kind: str) -> ui.FieldView:
    options = [ui.Option("faults", _("faults only"))]
    options += [ui.Option(one, wording.kind(one)) for one in checks.KINDS]
    return ui.FieldView(
        "kind", _("What does not conform"), value=kind, kind="select", options=options,
        required=False, blank=_("All"),
    )  # fmt: skip


def _heading(found: QuerySet[Finding]) -> str:
    number = found.count()
    return ngettext("%(n)s finding", "%(n)s findings", number) % {"n": f"{number:,}"}


def _list(request: HttpRequest, found: QuerySet[Finding], kind: str) -> ui.Table:
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 12 else 0
    rows = list(found.filter(pk__gt=start)[: PAGE + 1])
    more = (
        f"?{urlencode({'kind': kind, 'after': str(rows[PAGE - 1].pk)})}"
        if len(rows) > PAGE
        else None
    )
    return ui.Table(
        [
            ui.Column("where", pgettext("conformance", "Where")),
            ui.Column("element", _("Data element")),
            ui.Column("what", _("What does not conform")), ui.Column("do", _("What to do")),
            ui.Column("since", _("Since")),
        ],
        [_row(one) for one in rows[:PAGE]],
        pgettext("conformance", "What was found"),
        ui.Empty(_("Everything conforms"), _("Nothing has to be done.")),
        next_url=more,
        caption_hidden=True,
    )  # fmt: skip


def _row(one: Finding) -> dict[str, ui.CellLike]:
    called = str(wording.fact(one.facts, "called"))
    place = " · ".join(filter(None, (str(one.get_place_display()), called)))
    return {
        "where": ui.Cell(str(Title(one.where_zh, one.where_en)), place),
        "element": ui.Link(address(one.element), one.element) if one.element else "—",
        "what": ui.Cell(weight(one.kind), wording.kind(one.kind)),
        "do": wording.to_do(one.kind, one.facts),
        "since": ui.legal_date(one.since),
    }


@allow(READS)
@require_safe
def findings_csv(request: HttpRequest) -> HttpResponse:
    """The findings as a file: of all bodies for the data authority, else of the own."""
    who = actor(request)
    function = request.GET.get("function", "") or who.function
    rows = Finding.objects.all()
    if who.function != AUTHORITY or "function" in request.GET:
        _who, rows = _of(request, function)
    return file_of("conformance.csv", COLUMNS, (_line_of(one) for one in rows.order_by("pk")))


def _line_of(one: Finding) -> dict[str, Any]:
    return {
        "function": one.function,
        "weight": "fault" if one.kind in checks.FAULTS else "advice",
        "kind": one.kind,
        "place": one.place,
        "where": one.where,
        "where_zh": one.where_zh,
        "field": one.field,
        "element": one.element,
        "what": wording.kind(one.kind),
        "to_do": wording.to_do(one.kind, one.facts),
        "since": one.since.isoformat(),
    }
