"""Both lists: for everybody, and the registrar's decision on one entry."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.registry.api import visible_to
from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import PUBLIC, Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import listing
from lingnan.systems.government.legal_persons.models import ListEntry
from lingnan.systems.government.legal_persons.opening import witness
from lingnan.systems.government.legal_persons.readers import REGISTRARS
from lingnan.systems.government.legal_persons.rules.registration import parameters
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused
from lingnan.systems.government.legal_persons.views.registrar import trail

SHOWN = 25


def public_entries(rows: list[ListEntry]) -> list[ListEntry]:
    """Those that may be shown: on the list, or left within the days of the parameter."""
    since = legal_time.today() - timedelta(days=parameters()["lists"]["shown_after_days"])
    return [
        one
        for one in rows
        if one.state in listing.ON_LIST or (one.left_on is not None and one.left_on > since)
    ]


@allow(PUBLIC)
@require_safe
def public(request: HttpRequest, name: str) -> HttpResponse:
    """One list, by the beginning of a name or by a credit code, 25 to a page."""
    titles = {str(code): str(title) for code, title in ListEntry.LISTS}
    if name not in titles:
        raise Http404
    said, after = request.GET.get("q", "").strip()[:120], request.GET.get("after", "")[:36]
    rows = ListEntry.objects.filter(list=name, state__in=listing.ON_LIST, ended=False)
    if said:
        code = said.upper().replace(" ", "")
        rows = rows.filter(company=code) | rows.filter(name__startswith=said)
    if after:
        rows = rows.filter(number__gt=after)
    found = list(rows.order_by("number")[: SHOWN + 1])
    links = [
        ui.Link(reverse("enterprise-list", args=[other]), title)
        for other, title in titles.items()
        if other != name
    ]
    if len(found) > SHOWN:
        more = urlencode({"q": said, "after": found[SHOWN - 1].number})
        links.append(ui.Link(f"?{more}", _("Next page")))
    label = _("Name or code of the enterprise")
    page = ui.Page(
        titles[name][:1].upper() + titles[name][1:],
        _("Everybody may see who stands on it, why and since when "
          "(《企业信息公示暂行条例》第十七条)."),
        links=links,
        first=[
            ui.Find(
                ui.FieldView("q", label, value=said, maxlength=120, required=False),
                _("Find enterprises"),
            )
        ],
        tables=[ui.Part(entry_table(found[:SHOWN]), _("On the list"))],
    )  # fmt: skip
    return ui.shown(request, page)


def entry_table(rows: list[ListEntry], desk: bool = False) -> ui.Table:
    """Entries with reason, days and decisions."""
    where = "registration-entry" if desk else "enterprise"
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(
                ui.Link(reverse(where, args=[one.number if desk else one.company]), one.name),
                str(one.get_list_display()),
            ),
            "reason": ui.Cell(str(one.get_ground_display()), one.found),
            "entered": ui.Cell(_day(one.entered_on), one.entry_document),
            "left": ui.Cell(_day(one.left_on), one.exit_document),
            "state": chips.entry(one),
        }
        for one in rows
    ]
    columns = [
        ("name", _("Name")),
        ("reason", _("Reason of the entry")),
        ("entered", _("Entered on")),
        ("left", _("Removed on")),
        ("state", _("State")),
    ]
    return plain_table(columns, lines, pgettext("list", "Entries"), _("Nobody stands on it"))


def _day(value: date | None) -> str:
    return ui.legal_date(value) if value else "—"


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, number: str) -> HttpResponse:
    """One entry: enter or drop it, or remove who has put it right."""
    who = actor(request)
    found = visible_to(ListEntry, who).filter(number=number).first()
    if found is None or not _may(found, who):
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said, top, status = ui.Answers(request, "decide"), list[ui.Notice](), 200
    if said.posted:
        status = 422
        said.chosen("outcome", ("enter", "drop", "remove"))
        said.text("words", 60)
    if said.good:
        try:
            _decide(found, who, said)
            return redirect("registration-entry", number=number)
        except Refused as why:
            top, status = [refused(why)], 409
        except Conflict:
            top, status = [ui.Notice("warn", _("A colleague has decided it."))], 409
    page = ui.Page(
        _("Entry"),
        top=[*top, _panel(found)],
        links=[ui.Link(reverse("legal-persons-control", args=[found.company]), _("Enterprise"))],
        forms=_forms(found, said),
        trail=trail(found.name),
        code=found.number,
        name=found.name,
    )
    return ui.shown(request, page, status)


def _may(found: ListEntry, who: Actor) -> bool:
    """The county decides on abnormal operations, the province on serious breaches."""
    return found.list == "serious" or found.division == who.division


def _decide(found: ListEntry, who: Actor, said: ui.Answers) -> None:
    acts = {"enter": listing.enter, "drop": listing.drop, "remove": listing.remove}
    acts[said["outcome"]](found, who, said["words"])


def _panel(found: ListEntry) -> ui.Panel:
    return ui.Panel(
        str(found.get_list_display()),
        [
            ui.Item(_("State"), chips.entry(found)),
            ui.Item(_("Reason of the entry"), str(found.get_ground_display()), found.found),
            ui.Item(_("Notice given on"), ui.legal_date(found.noticed_on)),
            ui.Item(_("May be heard until"), ui.legal_date(found.heard_until)),
            ui.Item(_("What the enterprise says"), found.defence or "—"),
            ui.Item(_("Entered on"), _day(found.entered_on), found.entry_document),
            ui.Item(_("Remedy"), found.remedy or "—"),
            ui.Item(_("Removed on"), _day(found.left_on), found.exit_document),
        ],
    )


def _forms(found: ListEntry, said: ui.Answers) -> list[ui.Form]:
    if found.state == "noticed":
        options = [ui.Option("enter", _("Enter on the list")), ui.Option("drop", _("Do not enter"))]
    elif found.state == "remedied":
        options = [ui.Option("remove", _("Remove from the list"))]
    else:
        return []
    fields = [
        said.field("outcome", _("What is decided"), kind="radio", options=options),
        said.field("words", _("Number of the decision, or reasons"), maxlength=60),
    ]
    return [ui.Form(fields, _("Decide"), _("Your decision"), "decide")]
