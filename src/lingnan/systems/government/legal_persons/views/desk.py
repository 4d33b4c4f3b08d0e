"""Who holds and controls an enterprise, for the market regulators."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.registry.api import visible_to
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, actor, allow, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import wording
from lingnan.systems.government.legal_persons.finding import find
from lingnan.systems.government.legal_persons.holdings import Held, held, holdings_of
from lingnan.systems.government.legal_persons.models import MARKET, Enterprise, Holding
from lingnan.systems.government.legal_persons.readers import REGISTRARS
from lingnan.systems.government.legal_persons.rules.control import effective, verdict
from lingnan.systems.government.legal_persons.rules.holdings import InvalidHoldings
from lingnan.systems.government.legal_persons.views import tables
from lingnan.systems.government.legal_persons.views.charting import drawings
from lingnan.systems.government.legal_persons.views.public import search_field


@allow(MARKET)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Enterprises of the own division and below; without words the first of them."""
    said = request.GET.get("q", "").strip()[:120]
    found = find(visible_to(Enterprise, actor(request)), said)
    rows = [(row, reverse("legal-persons-control", args=[row.credit_code])) for row in found]
    context = {
        "title": _("Shareholders and control"),
        "field": search_field(said),
        "table": tables.enterprises(rows),
    }
    return render(request, "legal_persons/search.html", context)


def seen_by(who: Actor, code: str) -> Enterprise:
    """An enterprise of the official's division. Raises Http404."""
    found = visible_to(Enterprise, who).filter(credit_code=code).first()
    if found is None:
        raise Http404
    return found


@allow(MARKET)
@require_safe
def control(request: HttpRequest, code: str) -> HttpResponse:
    """Who holds it, who controls it in the end, and the drawn graph."""
    who = actor(request)
    company = seen_by(who, code)
    rows = holdings_of([code])
    context = {
        "enterprise": company,
        "holders": tables.holders(company, rows),
        "trail": trail(company.name),
        "transfer": _way_to_transfer(who, company),
        "acts": reverse("registration-acts", args=[code]) if REGISTRARS.permits(who) else "",
    }
    try:
        graph = held(company)
    except InvalidHoldings as refused:
        witness(who, company, [(row.kind, row.holder) for row in rows])
        context["notices"] = [ui.Notice("late", _("These holdings cannot be true"), said(refused))]
    else:
        witness(who, company, [(one.kind, one.mark) for one in graph.parties.values()])
        context |= _found(graph)
    return render(request, "legal_persons/control.html", context)


def _found(graph: Held) -> dict[str, object]:
    shares = effective(graph.graph, graph.company.mark)
    notices = wording.verdict(verdict(graph.graph, graph.company.mark, shares), graph)
    if graph.cut:
        notices.append(ui.Notice("warn", _("A very large graph: what lies further up is left out")))
    drawn = drawings(graph, shares) if graph.graph.owners else []
    return {
        "notices": notices,
        "drawings": drawn,
        "ends": tables.ends(graph, shares),
        "ways": tables.ways_table(graph, shares),
    }


def said(refused: InvalidHoldings) -> str:
    """The fault with the names of the companies that it is about."""
    marks = set(refused.companies)
    named = Holding.objects.filter(holder__in=marks).values_list("holder_name", flat=True)
    return wording.fault(refused, ui.listed(sorted(set(named))) or _("this enterprise"))


def trail(here: str, *between: ui.Link) -> ui.Trail:
    desk = ui.Link(reverse("legal-persons-desk"), _("Shareholders and control"))
    return ui.Trail([desk, *between], here)


def _way_to_transfer(who: Actor, company: Enterprise) -> ui.Link | None:
    if not REGISTRARS.permits(who) or who.division != company.division:
        return None
    url = reverse("legal-persons-transfer", args=[company.credit_code])
    return ui.Link(url, _("Register a transfer of shares"))


def witness(who: Actor, company: Enterprise, shown: list[tuple[str, str]]) -> None:
    """Written down before it is shown: the people named on the page see who opened it."""
    payload = {
        "record_type": "legal_persons.holding",
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
        "elements": sorted(Holding.record.elements),
    }
    subjects = [("organisation", company.key)]
    subjects += [("pseudonym", keys.shortened(mark)) for kind, mark in shown if kind == "person"]
    node_evidence.write([node_evidence.entry("record.opened", payload, subjects)])
