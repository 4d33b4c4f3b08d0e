"""The auditors' first page: who uses data how much, and what of it is unusual."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, actor, allow
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import (
    findings,
    objections,
    scanning,
    scope,
    witness,
)
from lingnan.systems.assurance.trust_governance.models import (
    Counted,
    Finding,
    FindingEvent,
    Objection,
    ObjectionEvent,
)
from lingnan.systems.assurance.trust_governance.rules import unusual
from lingnan.systems.assurance.trust_governance.views import words

DAYS, TOP, PAGE = 30, 10, 25


@allow(scope.AUDITS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    who, names = actor(request), words.Names()
    context = {
        "kpis": _figures(who),
        "bodies": _by_body(who, names),
        "officials": _by_official(who, names),
        "days": _by_day(who),
        "rules": _by_rule(who),
        "findings": _findings(request, who, names),
        "objections": _objections(who, names),
        "rule": _rule(request),
    }
    return render(request, "trust_governance/overview.html", context)


@allow(scope.AUDITS)
@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Look through what has been written since, now; that it was asked for is evidence."""
    witness.write("governance.scanned", actor(request), {"after": scanning.up_to()})
    scanning.run()
    return redirect("governance")


def _rule(request: HttpRequest) -> str:
    code = request.GET.get("rule", "")
    return code if code in unusual.parameters()["rules"] else ""


def counted(who: Actor) -> QuerySet[Any]:
    """The accesses within an auditor's reach of the last days that have any."""
    rows = Counted.objects.filter(division__startswith=scope.reach(who))
    newest = rows.order_by("-day").values_list("day", flat=True).first()
    return rows.filter(day__gt=newest - timedelta(days=DAYS)) if newest else rows


def _figures(who: Actor) -> list[ui.Kpi]:
    rows = Finding.objects.filter(division__startswith=scope.reach(who))
    ended = FindingEvent.objects.filter(kind__in=findings.ENDS).values("finding")
    open_ = rows.exclude(key__in=ended)
    bad = rows.filter(events__kind="unjustified").count()
    raised = _raised(who)
    late = raised.filter(events__kind="overdue")
    late = late.exclude(
        key__in=ObjectionEvent.objects.filter(kind__in=objections.ENDS).values("objection")
    )
    total = counted(who).aggregate(n=Sum("number"))["n"] or 0
    note = _("in the last %(days)s days") % {"days": DAYS}
    return [
        ui.Kpi(_("Accesses to data"), f"{total:,}", note, url="/governance/evidence/"),
        ui.Kpi(_("Findings open"), f"{open_.count():,}", kind="warn" if open_ else "ok"),
        ui.Kpi(_("Found not justified"), f"{bad:,}", kind="late" if bad else "ok"),
        ui.Kpi(_("Objections of residents and firms"), f"{raised.count():,}"),
        ui.Kpi(_("Objections overdue"), f"{late.count():,}", kind="late" if late else "ok"),
    ]


def _raised(who: Actor) -> QuerySet[Objection]:
    return Objection.objects.filter(division__startswith=scope.reach(who))


def _by_body(who: Actor, names: words.Names) -> ui.BarChart:
    rows = counted(who).values_list("body").annotate(n=Sum("number")).order_by("-n")[:TOP]
    found = [ui.ChartRow(names.body(body), n) for body, n in rows]
    title = _("Accesses by body")
    if found:
        said = {"body": found[0].label, "n": f"{rows[0][1]:,}"}
        title = _("Most accesses: %(body)s, %(n)s") % said
    return ui.BarChart(title, found, _("Body"), _("Accesses"))


def _by_official(who: Actor, names: words.Names) -> ui.BarChart:
    rows = counted(who).exclude(official="").values_list("official")
    rows = rows.annotate(n=Sum("number")).order_by("-n")[:TOP]
    return ui.BarChart(
        _("Accesses by official"),
        [ui.ChartRow(names.post(official), n) for official, n in rows],
        _("Official"),
        _("Accesses"),
    )


def _by_day(who: Actor) -> ui.LineChart:
    rows = counted(who).values_list("day").annotate(n=Sum("number")).order_by("day")
    points = [ui.Point(day, float(n), f"{n:,}") for day, n in rows]
    return ui.LineChart(_("Accesses by day (system time)"), points, _("Accesses"))


def _by_rule(who: Actor) -> ui.BarChart:
    rows = Finding.objects.filter(division__startswith=scope.reach(who)).values_list("rule")
    found = dict(rows.annotate(n=Count("key")))
    known = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return ui.BarChart(
        _("Findings by rule"),
        [ui.ChartRow(str(findings.title(rule)), n) for rule, n in known],
        _("Rule"),
        pgettext("audit", "Findings"),
    )


def _findings(request: HttpRequest, who: Actor, names: words.Names) -> ui.Table:
    """The findings, the heaviest first; the closed ones after them. Paged by score and key."""
    rows = Finding.objects.filter(division__startswith=scope.reach(who))
    if code := _rule(request):
        rows = rows.filter(rule=code)
    after = keys.unveil(request.GET.get("after", ""), findings.CONTEXT)
    start = Finding.objects.filter(key=after).first() if after is not None else None
    if start is not None:
        rows = rows.filter(Q(score__lt=start.score) | Q(score=start.score, key__lt=start.key))
    found = list(rows.order_by("-score", "-key").prefetch_related("events")[: PAGE + 1])
    more = f"?rule={code}&after={findings.reference(found[PAGE - 1])}" if found[PAGE:] else None
    columns = [
        ui.Column("rule", _("Rule and reason")),
        ui.Column("who", _("Who")),
        ui.Column("day", _("Day")),
        ui.Column("score", _("Weight"), True),
        ui.Column("state", _("State")),
    ]
    return ui.Table(
        columns,
        [words.finding_row(one, names) for one in found[:PAGE]],
        _("Unusual accesses"),
        ui.Empty(_("No unusual access found"), _("The evidence is looked through all the time.")),
        next_url=more,
        caption_hidden=True,
    )


def _objections(who: Actor, names: words.Names) -> ui.Table:
    """The newest objections, with how each stands; those that are overdue first."""
    rows = _raised(who).annotate(late=Count("events", filter=Q(events__kind="overdue")))
    shown = rows.order_by("-late", "-key").prefetch_related("events")[:PAGE]
    lines: list[dict[str, ui.CellLike]] = []
    for one in shown:
        number = _("evidence no. %(n)s") % {"n": one.seq}
        lines.append(
            {
                "what": ui.Cell(
                    ui.Link(objections.link(one), words.kind(one.kind), number), number
                ),
                "body": names.body(one.body),
                "at": ui.legal_date(one.raised_at),
                "state": words.objection_chip({event.kind for event in one.events.all()}),
            }
        )
    columns = [
        ui.Column("what", _("Use objected to")),
        ui.Column("body", _("Body")),
        ui.Column("at", _("Raised on")),
        ui.Column("state", _("State")),
    ]
    nothing = ui.Empty(_("No objection"), _("Nobody has objected to a use of their data."))
    return ui.Table(
        columns, lines, pgettext("data use", "Objections"), nothing, caption_hidden=True
    )
