"""Orders to publish: as the firm and the registrar see them, and the registrar's page of one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import ordering
from lingnan.systems.government.legal_persons.models import PublicationOrder
from lingnan.systems.government.legal_persons.opening import witness
from lingnan.systems.government.legal_persons.readers import REGISTRARS
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views import chips
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused
from lingnan.systems.government.legal_persons.views.registrar import trail


def order_table(rows: list[PublicationOrder], desk: bool = False, code: str = "") -> ui.Table:
    """`desk` leads to the registrar's page; `code` is of the firm that may carry them out."""
    lines: list[dict[str, ui.CellLike]] = [
        {
            "subject": ui.Cell(_named(one, desk), str(one.get_kind_display())),
            "found": ui.Cell(one.found, one.document),
            "until": ui.legal_date(one.until),
            "state": ui.Cell(_state(one, code), one.words),
        }
        for one in rows
    ]
    columns = [
        ("subject", _("What is to be published")),
        ("found", _("How it was found")),
        ("until", _("Publish by")),
        ("state", _("State")),
    ]
    return plain_table(columns, lines, _("Orders to publish"), _("Nothing has been ordered"))


def _named(one: PublicationOrder, desk: bool) -> ui.Piece:
    url = reverse("registration-order", args=[one.number])
    return ui.Link(url, one.subject) if desk else one.subject


def _state(one: PublicationOrder, code: str) -> ui.Piece | tuple[ui.Piece, ...]:
    if not code or one.state not in ordering.OPEN:
        return chips.order(one)
    url = f"{reverse('enterprise-publish', args=[code])}?order={one.number}"
    return chips.order(one), ui.Link(url, _("Publish it"), one.subject)


@allow(REGISTRARS)
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: HttpRequest, number: str) -> HttpResponse:
    """One order of the own county, and how it is lifted."""
    who = actor(request)
    found = PublicationOrder.objects.filter(number=number, division=who.division).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    witness("record.opened", [found], who)
    said, top, status = ui.Answers(request, "lift"), list[ui.Notice](), 200
    said.text("words", 300)
    if said.posted:
        status = 422
    if said.good:
        try:
            ordering.lift(found, who, said["words"])
            return redirect("registration-order", number=number)
        except Refused as why:
            top, status = [refused(why)], 409
        except Conflict:
            top, status = [ui.Notice("warn", _("A colleague has decided it."))], 409
    field = said.field("words", _("Why it is lifted"), kind="textarea", maxlength=300)
    words = _("Lift the order")
    page = ui.Page(
        _("Order to publish"),
        top=[*top, _panel(found)],
        links=[ui.Link(reverse("registration-acts", args=[found.company]), _("Enterprise"))],
        forms=[ui.Form([field], words, words, "lift")] if found.state == "open" else [],
        trail=trail(found.name),
        code=found.number,
        name=found.name,
    )
    return ui.shown(request, page, status)


def _panel(found: PublicationOrder) -> ui.Panel:
    kind = str(found.get_kind_display())
    items = [
        ui.Item(_("State"), chips.order(found), found.words),
        ui.Item(_("What is to be published"), found.subject, kind),
        ui.Item(_("Came about on"), ui.legal_date(found.came_about_on)),
        ui.Item(_("How it was found"), found.found),
        ui.Item(_("Ordered on"), ui.legal_date(found.ordered_on), found.document),
        ui.Item(_("Publish by"), ui.legal_date(found.until)),
        ui.Item(_("Published by it"), found.publication or "—"),
        ui.Item(_("Entry on a list"), _entry(found)),
    ]
    return ui.Panel(_("Order to publish"), items)


def _entry(found: PublicationOrder) -> ui.CellLike:
    if not found.entry:
        return "—"
    return ui.Link(reverse("registration-entry", args=[found.entry]), found.entry)
