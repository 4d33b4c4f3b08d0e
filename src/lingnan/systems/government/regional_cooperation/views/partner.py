"""One other instance: how it is known, how it is reached, and its end."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.views import rights, wording


@allow(rights.CONCLUDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, instance: str) -> HttpResponse:
    refuse_noughts_posted(request)
    who = actor(request)
    found = partners.Partner.objects.filter(instance=instance).first()
    if found is None or not rights.is_authority(who):
        raise Http404
    said = ui.Answers(request, "end")
    why = said.text("why", 200)
    if said.good and not found.ended:
        partners.entering.end(found, who.signature, why)
        messages.success(request, _("Ended. From this moment nothing goes either way."))
        return redirect(request.path)
    return ui.shown(request, _page(found, said), 422 if said.wrong else 200)


def _page(found: partners.Partner, said: ui.Answers) -> ui.Page:
    kinds = dict(partners.Partner.KINDS)
    state: ui.CellLike = wording.reach(found)
    if found.ended:
        state = ui.Cell(ui.Chip("soft", pgettext("partner", "ended")), found.why)
    items = [
        ui.Item(_("Reachable"), state),
        ui.Item(pgettext("partner", "Kind"), str(kinds[found.kind]), wording.law_of(found.kind)),
        ui.Item(_("Directory fetched at"), found.portal),
        ui.Item(pgettext("partner", "Node"), found.node, _("the only one that is spoken to")),
        ui.Item(_("Trust anchor"), found.anchor, _("SHA-256 of its root, told by another way")),
    ]
    forms = []
    if not found.ended:
        field = said.field("why", _("Reason"), maxlength=200)
        note = _(
            "At once, both ways; all that was arranged is over, and people who consented hear of "
            "it. To begin again, both sides enter each other and sign anew."
        )
        forms = [ui.Form([field], _("End at once"), _("End the exchange"), act="end", note=note)]
    trail = ui.Trail([ui.Link(wording.HERE, pgettext("partners", "Regional cooperation"))])
    title = str(Title(found.title_zh, found.title_en))
    return ui.Page(title, top=[ui.Panel(found.instance, items)], forms=forms, trail=trail)
