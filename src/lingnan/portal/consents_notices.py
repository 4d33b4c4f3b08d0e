"""Hearing of changed agreements: switched on and off for each, by whom it concerns."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingnan.kernel.exchange.api import offers
from lingnan.kernel.trust.api import RESIDENT, actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Giver, givers, quoted


def switches(known: dict[str, Giver], agreement: str, kind: str) -> tuple[ui.Piece, ...]:
    """A button for each of whom one may decide, that says what it does."""
    found: list[ui.Piece] = []
    for code, giver in known.items():
        if giver.kind != kind:
            continue
        chosen = consents.notices.wanted_by(giver.subject).get(agreement)
        on = agreement in _consented(giver) if chosen is None else chosen
        found.append(ui.Chip("ok" if on else "soft", _("on") if on else _("off")))
        values = {"agreement": agreement, "firm": code, "wanted": "" if on else "1"}
        text = _("Switch off") if on else _("Switch on")
        about = f"{agreement} {quoted(giver.name)}".strip()
        found.append(ui.Act(reverse("consent-notices"), text, values, about))
    return tuple(found)


def _consented(giver: Giver) -> set[str]:
    return {one.agreement for one in consents.of_giver(giver.subject) if one.revoked_at is None}


@allow(RESIDENT)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Switch the notices of one agreement for oneself or a firm one answers for."""
    refuse_noughts_posted(request)
    giver = givers(actor(request)).get(request.POST.get("firm", "")[:18])
    number = request.POST.get("agreement", "")
    if giver is None or number not in {one.number for one in offers.in_force()}:
        raise Http404
    consents.notices.choose(giver.subject, number, request.POST.get("wanted") == "1")
    return redirect("consents")
