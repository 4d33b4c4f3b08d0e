"""How good the registers are: scores of their rules, over days, by county, and what breaks them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.registry import rights
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.places import names_of_places
from lingnan.kernel.registry.projection.held import NoCopy
from lingnan.kernel.registry.quality import measuring
from lingnan.kernel.registry.quality.declaration import QualityRule
from lingnan.kernel.registry.quality.expressions import fields
from lingnan.kernel.registry.quality.measuring import Share
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import OFFICIAL, Actor, Body, actor, allow, node_evidence
from lingnan.kernel.ui import api as ui

GOOD, POOR = 99.5, 95.0
WORST, COUNTIES = 5, 150


@allow(OFFICIAL)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The registers that the post reads, with their scores, and the rules broken most."""
    who = actor(request)
    models = [m for m in measuring.ruled_types() if m.record.readers.permits(who)]
    rows, broken = [], []
    for model in models:
        day = measuring.newest(model)
        found = measuring.shares(model, who.division, day) if day else {}
        rows.append(_register(model, found, day))
        titles = {rule.code: rule.title for rule in model.record.rules}
        broken += [(model, titles[code], one) for code, one in found.items() if code in titles]
    worst = sorted(broken, key=lambda one: one[2].percent)[:WORST]
    context = {
        "registers": _registers(rows),
        "worst": _worst([one for one in worst if one[2].bad]),
        "where": who.body_title,
    }
    return render(request, "registry/quality.html", context)


def _registers(rows: list[dict[str, ui.CellLike]]) -> ui.Table:
    columns = [
        ui.Column("register", _("Register")),
        ui.Column("holder", pgettext("register", "Holder")),
        ui.Column("score", _("Score"), True),
        ui.Column("bad", _("Rows to mend"), True),
        ui.Column("on", _("Measured on")),
    ]
    nothing = ui.Empty(_("Nothing to measure"), _("No register that your post reads has rules."))
    return ui.Table(columns, rows, _("Registers"), nothing, caption_hidden=True)


def _register(model: type[Record], found: dict[str, Share], day: Any) -> dict[str, ui.CellLike]:
    name = f"{model._meta.app_label}/{model._meta.model_name}"
    all_rules = measuring.together(found.values())
    return {
        "register": ui.Link(f"/desk/quality/{name}/", str(model.record.title)),
        "holder": holder_of(model),
        "score": score(all_rules) if day else _("not measured yet"),
        "bad": all_rules.bad if day else "",
        "on": day,
    }


def holder_of(model: type[Record]) -> str:
    """The holder by the name of its highest body."""
    bodies = Body.objects.filter(function=model.record.holder, ended=False)
    body = bodies.filter(tier="province").first() or bodies.order_by("division").first()
    return str(body.title) if body else model.record.holder


def score(share: Share) -> ui.Chip:
    """A score in per cent; cut, not rounded, so that only what is whole says 100."""
    percent = int(share.percent * 100) / 100
    kind: ui.Kind = "ok" if percent >= GOOD else "warn" if percent >= POOR else "late"
    return ui.Chip(kind, f"{percent:.2f}%")


def _worst(found: list[tuple[type[Record], Title, Share]]) -> ui.Table:
    columns = [
        ui.Column("rule", _("Rule")),
        ui.Column("register", _("Register")),
        ui.Column("score", _("Score"), True),
        ui.Column("bad", _("Rows to mend"), True),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {"rule": str(title), "register": str(m.record.title), "score": score(s), "bad": s.bad}
        for m, title, s in found
    ]
    return ui.Table(columns, rows, _("Rules broken most"), _("No rule is broken."))


@allow(OFFICIAL)
@require_safe
def register(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """One register: its rules, its course over days, its counties, and examples to be mended."""
    model, who = readable(request, system, name)
    if not model.record.rules:
        raise Http404
    day = measuring.newest(model)
    context: dict[str, Any] = {
        "title": _("Quality of %(register)s") % {"register": model.record.title},
        "holder": ui.Panel(
            _("Who answers for it"),
            [
                ui.Item(pgettext("register", "Holder"), holder_of(model)),
                ui.Item(_("Legal basis"), model.record.basis),
            ],
        ),
        "records": address(model),
    }
    if day:
        found = measuring.shares(model, who.division, day)
        context |= {
            "kpis": _kpis(model, found, day),
            "line": _line(model, who),
            "rules": _rules(model, found),
            "counties": _counties(measuring.by_county(model, who.division, day)),
            "examples": _examples(model, who, request.GET.get("rule", "")),
        }
    return render(request, "registry/quality_register.html", context)


def _kpis(model: type[Record], found: dict[str, Share], day: Any) -> list[ui.Kpi]:
    whole = measuring.together(found.values())
    text = str(score(whole).text)
    return [
        ui.Kpi(str(model.record.title), text, ui.legal_date(day)),
        ui.Kpi(_("Rows to mend"), f"{whole.bad:,}", _("a row counts once for each rule it breaks")),
    ]


def _line(model: type[Record], who: Actor) -> ui.LineChart | None:
    """The course over days; a single day is no course."""
    points = [
        ui.Point(day, share.percent, str(score(share).text))
        for day, share in measuring.course(model, who.division)
    ]
    if len(points) < 2:
        return None
    return ui.LineChart(_("Score by day"), points, _("Score"), percent=True)


def _rules(model: type[Record], found: dict[str, Share]) -> ui.Table:
    columns = [
        ui.Column("rule", _("Rule")),
        ui.Column("applied", _("Applies to"), True),
        ui.Column("bad", _("Rows to mend"), True),
        ui.Column("score", _("Score"), True),
    ]
    rows = [_rule(rule, found[rule.code]) for rule in model.record.rules if rule.code in found]
    return ui.Table(columns, rows, _("Rules"), _("Nothing was measured"), caption_hidden=True)


def _rule(rule: QualityRule, share: Share) -> dict[str, ui.CellLike]:
    link = ui.Link(f"?rule={rule.code}#examples", _("Examples"), str(rule.title))
    words: ui.CellLike = ui.Cell((str(rule.title), link)) if share.bad else str(rule.title)
    return {"rule": words, "applied": share.applied, "bad": share.bad, "score": score(share)}


def _counties(found: dict[str, Share]) -> ui.Table | None:
    if len(found) < 2:
        return None
    names = names_of_places(found)
    worst = sorted(found.items(), key=lambda one: (one[1].percent, one[0]))[:COUNTIES]
    rows: list[dict[str, ui.CellLike]] = [
        {"place": names.get(code, code) or "—", "score": score(share), "bad": share.bad}
        for code, share in worst
    ]
    columns = [
        ui.Column("place", _("County")),
        ui.Column("score", _("Score"), True),
        ui.Column("bad", _("Rows to mend"), True),
    ]
    return ui.Table(columns, rows, _("By county, the worst first"))


def _examples(model: type[Record], who: Actor, code: str) -> ui.Table | None:
    """References of rows that break a rule: what they say is seen by opening them."""
    rule = next((one for one in model.record.rules if one.code == code), None)
    # That a row breaks a rule tells something of each field that the rule reads.
    if rule is None or rights.withheld(model, who) & set(fields(rule)):
        return None
    payload = {
        "record_type": context_of(model), "body": who.body, "role": who.role,
        "actor": who.signature, "rule": rule.code,
    }  # fmt: skip
    node_evidence.write([node_evidence.entry("record.measured", payload)])
    try:
        found = measuring.examples(model, rule, who.division)
    except NoCopy:
        found = []
    rows = [{"record": ui.Link(f"{address(model)}{one}/", one[:12])} for one in found]
    title = _("Rows to mend: %(rule)s") % {"rule": rule.title}
    return ui.Table([ui.Column("record", _("Record"))], rows, title, _("None is left now."))
