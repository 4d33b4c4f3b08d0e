"""How the members and services fare that exchange: how much, how fast, how often in vain."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.operating import (
    Alert,
    counting,
    metrics,
    queues,
    reading,
    rules,
)
from lingnan.kernel.exchange.traffic.reading import Health
from lingnan.kernel.trust.api import allow
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS
from lingnan.portal.operators_words import Named, duration, outcome, share

SHOWN, ALL, CHOICES, CODE = 50, 5000, 300, 160


@allow(OPERATORS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Figures of a period, by service and by member; what stands out comes first."""
    named, wanted = Named(), asked(request.GET)
    found = reading.figures(wanted)
    services, members = pgettext("traffic", "Services"), _("Members that ask")
    return ui.shown(
        request,
        ui.Page(
            pgettext("traffic", "Exchange: health and latency"),
            _(
                "Counted at this node, of messages and of uses within it. Refusals by law or "
                "agreement are no errors. Durations are at most an eighth above the exact ones."
            ),
            top=[_filter(request.GET, found, named), ui.Kpis(_kpis(found, named))],
            tables=[
                ui.Part(_table("service", found.services, named.service, services, request.GET),
                        services),
                ui.Part(_table("client", found.members, named.member, members, request.GET),
                        members),
            ],
            trail=ui.Trail([ui.Link(reverse("operating"), _("Operating"))]),
        ),
    )  # fmt: skip


def asked(given: Mapping[str, str]) -> reading.Wanted:
    """The period and what is filtered by; what cannot be understood is left out."""
    since, until = reading.period(given.get("period", "day"))
    kind = given.get("outcome", "")
    return reading.Wanted(
        since, until, given.get("member", "")[:CODE], given.get("service", "")[:CODE],
        kind if kind in counting.OUTCOMES else "",
    )  # fmt: skip


def periods() -> list[ui.Option]:
    return [
        ui.Option("hour", pgettext("period", "The last hour")),
        ui.Option("day", pgettext("period", "The last day")),
        ui.Option("week", pgettext("period", "Seven days")),
        ui.Option("month", pgettext("period", "Thirty days")),
        ui.Option("quarter", pgettext("period", "Ninety days")),
    ]


def _filter(given: Mapping[str, str], found: reading.Figures, named: Named) -> ui.Filter:
    def choices(several: Mapping[str, Health], name: Callable[[str], str]) -> list[ui.Option]:
        codes = sorted(several, key=lambda one: -several[one].number)[:CHOICES]
        return [ui.Option(code, name(code)) for code in codes if code]

    kinds = [ui.Option(code, outcome(code)) for code in counting.OUTCOMES]
    period = given.get("period", "day")
    return ui.Filter(
        [
            ui.FieldView("period", pgettext("traffic", "Period"), kind="select",
                         value=period if period in reading.PERIODS else "day",
                         options=periods()),
            ui.FieldView("service", pgettext("traffic", "Service"), kind="select", required=False,
                         blank=_("All"), value=given.get("service", "")[:CODE],
                         options=choices(found.services, named.service)),
            ui.FieldView("member", pgettext("traffic", "Member"), kind="select", required=False,
                         blank=_("All"), value=given.get("member", "")[:CODE],
                         options=choices(found.members, named.member)),
            ui.FieldView("outcome", pgettext("traffic", "Outcome"), kind="select", required=False,
                         blank=_("All"), value=given.get("outcome", ""), options=kinds),
        ],
        pgettext("traffic", "Show"),
    )  # fmt: skip


def _kpis(found: reading.Figures, named: Named) -> list[ui.Kpi]:
    total = found.total
    standing = [h for h in found.services.values() if _kind(h) in ("late", "warn")]
    late = total.share > rules.ERROR_SHARE and total.number >= rules.LEAST
    figures = [
        ui.Kpi(_("Messages and uses"), f"{total.number:,}",
               _("%(n)s refused by law or agreement") % {"n": f"{total.denied:,}"}),
        ui.Kpi(pgettext("traffic", "Errors"), share(total.share),
               _("%(n)s of them") % {"n": f"{total.faults:,}"}, "late" if late else ""),
        ui.Kpi(_("95 of 100 took at most"), duration(total.percentile(0.95)),
               _("99 of 100: %(n)s") % {"n": duration(total.percentile(0.99))}),
        ui.Kpi(_("Services that stand out"), f"{len(standing):,}", _("failing, slow or silent"),
               "warn" if standing else ""),
    ]  # fmt: skip
    if named.here:
        figures.append(
            ui.Kpi(_("Passed on for others"), f"{found.passed:,}", _("not counted beside"))
        )
    return figures


def _kind(health: Health) -> ui.Kind:
    if not health.number:
        return "warn"
    if health.number >= rules.LEAST and health.share > rules.ERROR_SHARE:
        return "late"
    if health.faults == health.number:
        return "late"
    slow = (health.percentile(0.99) or 0.0) > rules.SLOWEST
    return "warn" if slow and health.number >= rules.LEAST else "ok"


def _chip(health: Health) -> ui.Chip:
    kind = _kind(health)
    if not health.number:
        return ui.Chip(kind, pgettext("traffic", "Silent"))
    if kind == "late":
        return ui.Chip(kind, pgettext("traffic", "Failing"))
    return ui.Chip(
        kind, pgettext("traffic", "Slow") if kind == "warn" else pgettext("traffic", "Well")
    )


def _table(
    side: reading.Side, several: Mapping[str, Health], name: Callable[[str], str], title: str,
    given: Mapping[str, str],
) -> ui.Table:  # fmt: skip
    most = ALL if given.get("all") else SHOWN
    order = {"late": 0, "warn": 1, "ok": 2}
    codes = sorted(several, key=lambda c: (order[_kind(several[c])], -several[c].number, c))
    columns = [
        ui.Column("name", title),
        ui.Column("state", pgettext("traffic", "State")),
        ui.Column("number", pgettext("traffic", "Number"), numeric=True),
        ui.Column("course", pgettext("traffic", "Course")),
        ui.Column("half", "P50", numeric=True),
        ui.Column("most", "P95", numeric=True),
        ui.Column("nearly", "P99", numeric=True),
        ui.Column("errors", pgettext("traffic", "Errors"), numeric=True),
        ui.Column("last", _("Last success")),
    ]
    more = None
    if len(codes) > most:
        kept = {k: v for k, v in given.items() if k in ("period", "member", "service", "outcome")}
        more = "?" + urlencode(kept | {"all": "1"})
    nothing = ui.Empty(
        _("Nothing was exchanged in this period"),
        _("Choose a longer one, or leave out what it is filtered by."),
    )
    shown = {code: several[code] for code in codes[:most]}
    courses = reading.courses(side, shown, asked(given))
    rows = [_row(name(code), health, courses[code]) for code, health in shown.items()]
    return ui.Table(columns, rows, title, nothing, next_url=more, caption_hidden=True)


def _row(name: str, health: Health, course: reading.Course) -> dict[str, ui.CellLike]:
    told = {"n": f"{health.number:,}", "faults": f"{health.faults:,}"}
    said = _("%(n)s in the period, %(faults)s errors") % told
    marked = [
        faulty > rules.ERROR_SHARE * number
        for faulty, number in zip(course.faults, course.number, strict=True)
    ]
    return {
        "name": name,
        "state": _chip(health),
        "number": f"{health.number:,}",
        "course": ui.Cell(ui.Spark(said, course.number, marked)),
        "half": duration(health.percentile(0.5)),
        "most": duration(health.percentile(0.95)),
        "nearly": duration(health.percentile(0.99)),
        "errors": ui.Cell(share(health.share), f"{health.faults:,}" if health.faults else ""),
        "last": ui.legal_datetime(health.succeeded, "short") if health.succeeded else "—",
    }


@allow(OPERATORS)
@require_safe
def openmetrics(request: HttpRequest) -> HttpResponse:
    """The same for monitors, in the operator's session."""
    waiting = {one.code: one.number for one in queues.queues()}
    text = metrics.text(waiting, Alert.objects.filter(state="open").count())
    return HttpResponse(text, content_type=metrics.TYPE)
