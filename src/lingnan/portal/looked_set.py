"""A set that one is of: what it was for, how many it concerned, and the proof of being in it."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import Membership, membership, subjects_of
from lingnan.kernel.trust.api import actor, allow, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.portal import looked, uses


def _found(request: HttpRequest, number: int) -> tuple[looked.Whose, Membership]:
    """Whose page it is, and that they are of the set. Raises Http404."""
    who = actor(request)
    whose = looked.chosen(who, looked.asked_by(who, request.GET.dict()))
    subjects = subjects_of(whose.subject, whose.kind) if whose.subject else []
    shown = membership(number, subjects) if number < 2**63 else None
    if shown is None:
        raise Http404
    return whose, shown


@allow(looked.LOOKED)
@require_safe
def shown(request: HttpRequest, number: int) -> HttpResponse:
    """The entry of the set in words, and its proof as somebody can check it elsewhere."""
    whose, found = _found(request, number)
    entry = node_evidence.reader().by_seq(number)
    if entry is None or entry.payload is None:
        raise Http404
    row = uses.row(entry, looked.naming(actor(request)))
    chip = (
        ui.Chip("ok", pgettext("set use", "holds"))
        if found.holds
        else ui.Chip("late", pgettext("set use", "does not hold"))
    )
    told = ui.Panel(_("What it was for"), [
        ui.Item(_("Who"), row["who"]),
        ui.Item(_("What"), row["what"]),
        ui.Item(_("Why"), row["why"]),
        ui.Item(_("When (system time)"), row["when"]),
    ])  # fmt: skip
    proof = ui.Panel(pgettext("set use", "That you are of it"), [
        ui.Item(pgettext("set use", "Recomputed just now"), chip),
        ui.Item(_("Number of the set"), found.number),
        ui.Item(_("How many it concerned"), f"{found.count:,}"),
        ui.Item(_("Your place in it"), f"{found.place + 1:,}"),
        ui.Item(_("Your leaf"), found.leaf.hex()),
        ui.Item(_("Root of the set"), found.root.hex()),
    ])  # fmt: skip
    firm = "?" + urlencode({"firm": whose.firm}) if whose.firm else ""
    page = ui.Page(
        _("A use of many people's data at once"),
        _("Many were asked about together. The log holds one entry with a number that all of them "
          "add up to; that you are among them can be checked without knowing anybody else."),
        top=[told, proof],
        links=[ui.Link(reverse("looked-set-proof", args=[number]) + firm,
                       _("Download the proof (JSON)"))],
        trail=ui.Trail([ui.Link(reverse("looked") + firm, _("Who looked at my data"))],
                       found.number),
    )  # fmt: skip
    return ui.shown(request, page)


@allow(looked.LOOKED)
@require_safe
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """Leaf, place, path and root, to be checked with RFC 9162 alone."""
    _whose, found = _found(request, number)
    answer = JsonResponse(found.plain() | {"entry": number})
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
