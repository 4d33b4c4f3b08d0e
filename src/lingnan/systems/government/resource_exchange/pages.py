"""The catalogue for everybody; the agreements and who used what for data officers."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Agreement, Resource, resources
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import (
    PUBLIC,
    EvidenceUnavailable,
    Place,
    actor,
    allow,
    body_titles,
    official,
)
from lingnan.kernel.ui import api as ui
from lingnan.standards import resource_code
from lingnan.systems.government.resource_exchange import (
    dcat_pages,
    finding,
    listing,
    purposes,
    usage,
)
from lingnan.systems.government.resource_exchange.corrections import views as corrections
from lingnan.systems.government.resource_exchange.demand import views as needs
from lingnan.systems.government.resource_exchange.files import views as files
from lingnan.systems.government.resource_exchange.models import Entry
from lingnan.systems.government.resource_exchange.sources.views import (
    choosing,
    connection,
    describing,
    table,
)
from lingnan.systems.government.resource_exchange.sources.views import desk as sources_desk
from lingnan.systems.government.resource_exchange.value import views as value

# Named when the pages are: whoever reads of such a use reads its title.
PURPOSES = (purposes.STATISTICS,)
ASKS = official("head", "data_officer")
LIMIT = 200
PAGE, NUMBER = 8, 80
WORDS = 60
_FILTERS: dict[str, dict[str, Any]] = {
    "subject": dict(Entry.SUBJECTS),
    "sharing": dict(Entry.SHARING),
    "category": dict(resource_code.CLASSES),
}


@allow(PUBLIC)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """What exists, to search by words, subject, class of sharing and category."""
    words = request.GET.get("q", "").strip()[:WORDS]
    chosen = {name: _one_of(request, name, known) for name, known in _FILTERS.items()}
    exact = {name: chosen[name] for name in ("subject", "sharing") if chosen[name]}
    asked = finding.Asked(words, exact, chosen["category"])
    start = request.GET.get("from", "")[:30]
    found = finding.find(asked, start)
    context = {
        "q": words,
        "fields": _filters(words, chosen),
        "found": _counted(found),
        "tiles": listing.tiles(found.entries),
        "nothing": _nothing(),
        "next": _following(request, found),
        "start": start,
    }
    return render(request, "resource_exchange/catalogue.html", context)


def _counted(found: finding.Found) -> str:
    if found.total is None:
        return _("By catalogue code")
    if found.more:
        return _("The first %(n)s; say more words to find fewer") % {"n": found.total}
    return ngettext("%(n)s resource", "%(n)s resources", found.total) % {"n": found.total}


def _following(request: HttpRequest, found: finding.Found) -> str:
    if not found.following:
        return ""
    said = [(name, str(value)) for name, value in request.GET.items() if name != "from"]
    return "?" + urlencode([*said, ("from", found.following)])


def _one_of(request: HttpRequest, name: str, known: dict[str, Any]) -> str:
    chosen = request.GET.get(name, "")
    return chosen if chosen in known else ""


def _filters(words: str, chosen: dict[str, str]) -> list[ui.FieldView]:
    return [
        ui.FieldView(
            name="q",
            label=_("Words"),
            value=words,
            required=False,
            maxlength=WORDS,
        ),
        _select("subject", _("About whom or what"), chosen["subject"], _FILTERS["subject"]),
        _select("sharing", _("Sharing"), chosen["sharing"], _FILTERS["sharing"]),
        _select("category", _("Category"), chosen["category"], _categories()),
    ]


def _categories() -> dict[str, str]:
    """The classes that the catalogue has entries of, by their first digits."""
    return {code: str(Title(*names)) for code, names in resource_code.CLASSES.items()}


def _select(name: str, label: str, value: str, options: dict[str, Any]) -> ui.FieldView:
    return ui.FieldView(
        name=name,
        label=label,
        value=value,
        kind="select",
        options=[ui.Option(code, text) for code, text in options.items()],
        blank=_("All"),
        required=False,
    )


def _nothing() -> ui.Empty:
    return ui.Empty(
        _("Nothing in the catalogue fits"),
        _("Try fewer words, or all subjects and classes."),
        ui.Link("/catalogue/", _("Show everything")),
    )


@allow(PUBLIC)
@require_safe
def entry(request: HttpRequest, code: str) -> HttpResponse:
    """One resource; to its holder's data officers and to operators also who used it."""
    found = Entry.objects.filter(resource=code, ended=False).first()
    if found is None:
        raise Http404(code)
    names = body_titles()
    context = {
        "title": str(found.title),
        "panel": listing.panel(found),
        "elements": listing.element_table(found),
        "agreements": listing.agreement_table(_agreements(code), names, of_one=True),
    }
    resource, who = resources().get(code), getattr(request, "actor", None)
    if resource is not None and resource.sharing != "refused" and ASKS.permits(who):
        link = f"{reverse('desk-agreement-new')}?{urlencode({'resource': code})}"
        context["asking"] = ui.Link(link, _("Ask a holder for an agreement"))
    if resource is not None and usage.may_see(who, resource):
        context |= _used([resource], names)
    return render(request, "resource_exchange/entry.html", context)


def _in_force() -> QuerySet[Agreement]:
    return Agreement.objects.filter(ended=False, valid_from__lte=legal_time.today())


def _agreements(resource: str) -> list[Agreement]:
    return list(_in_force().filter(resource=resource).order_by("number")[:LIMIT])


def _paged(request: HttpRequest, names: dict[str, str]) -> ui.Table:
    """The agreements in force, some at a time, by their number."""
    after, before = (request.GET.get(name, "")[:NUMBER] for name in ("after", "before"))
    rows = _in_force()
    if before:
        found = list(rows.filter(number__lt=before).order_by("-number")[: PAGE + 1])
        earlier, later = len(found) > PAGE, True
        found = found[:PAGE][::-1]
    else:
        found = list(rows.filter(number__gt=after).order_by("number")[: PAGE + 1])
        earlier, later = bool(after), len(found) > PAGE
        found = found[:PAGE]
    return replace(
        listing.agreement_table(found, names),
        previous_url=_at("before", found[0].number) if found and earlier else None,
        next_url=_at("after", found[-1].number) if found and later else None,
    )


def _at(where: str, number: str) -> str:
    return f"?{urlencode({where: number})}#agreements"


def _used(found: list[Resource], names: dict[str, str]) -> dict[str, Any]:
    try:
        uses = usage.together(usage.of(resource) for resource in found)
    except EvidenceUnavailable:
        return {"unread": ui.Notice("warn", _("The evidence cannot be read just now."))}
    drawn = usage.chart(uses) if uses.total else None
    return {"uses": uses, "chart": drawn, "used": usage.table(uses, names)}


@allow(official("data_officer", "operator"))
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Agreements in force, and who used what this post answers for."""
    names, who = body_titles(), actor(request)
    mine = [r for r in resources().values() if usage.may_see(who, r)]
    used = _used(mine, names) if mine else {}
    everything = who.role == "operator"
    context = {
        "kpis": _figures(_in_force().count(), used, everything),
        "which": _("All resources") if everything else _("What you answer for"),
        "agreements": _paged(request, names),
        "tiles": listing.tiles(_entries_of(mine)),
        "nothing": ui.Empty(_("Your bodies hold nothing that is in the catalogue")),
        **used,
    }
    return render(request, "resource_exchange/desk.html", context)


def _entries_of(found: list[Resource]) -> list[Entry]:
    codes = [one.code for one in found]
    return list(Entry.objects.filter(resource__in=codes, ended=False).order_by("code"))


def _figures(agreements: int, used: dict[str, Any], everything: bool) -> list[ui.Kpi]:
    figures = [
        ui.Kpi(_("Resources in the catalogue"), str(len(resources())), url="/catalogue/"),
        ui.Kpi(_("Agreements in force"), str(agreements), url="#agreements"),
    ]
    if "uses" in used:
        note = _("in the last %(days)s days") % {"days": usage.DAYS}
        total = f"{used['uses'].total:,}"
        title = _("Uses written down") if everything else _("Uses of what you answer for")
        figures.append(ui.Kpi(title, total, note, url="#uses"))
    return figures


PLACES = [
    Place(
        "public-catalogue",
        Title("政务数据目录", "Catalogue of government data"),
        PUBLIC,
        Title(
            "政府掌握哪些数据、谁可以用、依据什么",
            "What the government holds, who may use it, and on which legal basis",
        ),
    ),
    Place(
        "exchange-catalogue",
        Title("数据共享", "Exchange"),
        official("data_officer", "operator"),
    ),
    needs.PLACE,
    corrections.PLACE,
    files.PLACE,
    Place("sources", Title("本部门数据表", "Tables of your own"), sources_desk.SEES),
]

urlpatterns = [
    path("catalogue/", catalogue, name="public-catalogue"),
    path("catalogue/dcat.jsonld", dcat_pages.catalogue, name="catalogue-dcat"),
    path("catalogue/<str:code>/", entry, name="catalogue-entry"),
    path("desk/exchange/", desk, name="exchange-catalogue"),
    *needs.urlpatterns,
    *corrections.urlpatterns,
    *files.urlpatterns,
    *value.urlpatterns,
    path("desk/sources/", sources_desk.desk, name="sources"),
    path("desk/sources/new/", connection.new, name="source-new"),
    path("desk/sources/tables/<str:number>/", table.table, name="source-table"),
    path("desk/sources/tables/<str:number>/describe/", describing.describe, name="source-describe"),
    path("desk/sources/<str:number>/", connection.source, name="source"),
    path("desk/sources/<str:number>/change/", connection.change, name="source-change"),
    path("desk/sources/<str:number>/table/", choosing.choose, name="source-choose"),
]
