"""One arrangement: what it says, who signed it, and what may be done with it now."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import partners
from lingnan.kernel.trust.api import Actor, KeyStoreUnavailable, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.views import rights, wording


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def arrangement(request: HttpRequest, number: str) -> HttpResponse:
    refuse_noughts_posted(request)
    who = actor(request)
    found = rights.arrangement(who, number)
    said = ui.Answers(request)
    fault = ""
    if said.posted and said.act in _acts(found, who):
        why = said.text("why", 200) if said.act in REASONED else ""
        if said.good:
            try:
                partners.telling.tell(_done(found, who, said.act, why))
            except partners.concluding.NotPossible as refused:
                fault = wording.refusal(refused.why)
            except KeyStoreUnavailable:
                fault = _("The key store does not answer; nothing was signed.")
            else:
                messages.success(request, _("This is on record."))
                return redirect(request.path)
    return ui.shown(request, _page(found, who, said, fault), 422 if said.posted else 200)


REASONED = ("hold", "over", "decline")


def _acts(one: partners.Arrangement, who: Actor) -> list[str]:
    """What this official may do with it now."""
    if partners.directories.in_force(one.partner) is None or not rights.is_authority(who):
        mine = one.state == "draft" and one.author == who.account
        return ["over"] if mine else []
    acts = {
        "draft": ["sign", "over"], "proposed": ["over"], "received": ["review", "decline"],
        "reviewed": ["sign", "decline"], "in_force": ["hold", "over"],
    }.get(one.state, [])  # fmt: skip
    if one.state == "in_force" and one.held_here:
        acts = ["resume", "over"]
    if not rights.may_sign(who):
        acts = [act for act in acts if act not in ("sign", "resume")]
    return acts


def _done(
    one: partners.Arrangement, who: Actor, act: str, why: str
) -> partners.Arrangement:  # fmt: skip
    concluding = partners.concluding
    if act == "review":
        return concluding.review(one, who)
    if act == "sign":
        return concluding.sign(one, who)
    if act == "decline":
        return concluding.decline(one, who, why)
    if act == "hold":
        return concluding.hold(one, who.signature, why)
    if act == "resume":
        return concluding.resume(one, who)
    return concluding.over(one, who.signature, why)


@allow(rights.OFFICIALS)
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The text with both signatures and the certificates above them, to be verified anywhere."""
    one = rights.arrangement(actor(request), number)
    told = {"document": one.document, "ours": one.ours, "theirs": one.theirs}
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{one.number}.json"'
    return answer


def _page(one: partners.Arrangement, who: Actor, said: ui.Answers, fault: str) -> ui.Page:
    known = partners.naming.partner_titles()
    text = partners.documents.read(one.document)
    top: list[Any] = [ui.Notice("late", _("This was not done"), fault)] if fault else []
    top.append(ui.Panel(pgettext("arrangement", "What it says"), _says(one, text)))
    top.append(ui.Panel(_("Who signed"), _signatures(one, text)))
    here = rights.here()
    ours = here is not None and one.giver == here.instance
    lead = _("%(place)s asks, we answer.") if ours else _("We ask, %(place)s answers.")
    links = [ui.Link("document.json", _("Signed text with both signatures"))]
    if any(open_.number == one.number for open_ in partners.asking.may_ask(who.body)):
        links.insert(0, ui.Link(f"{wording.HERE}ask/{one.number}/", _("Ask under it")))
    return ui.Page(
        one.number, lead % {"place": wording.place(one.partner, known)}, top=top, links=links,
        forms=_forms(one, who, said),
        trail=ui.Trail([ui.Link(wording.HERE, pgettext("partners", "Regional cooperation"))]),
    )  # fmt: skip


def _says(one: partners.Arrangement, text: "partners.documents.Said") -> list[ui.Item]:
    names = ui.listed(text.bodies.values())
    elements = ui.listed(wording.titled(title) for title in text.elements.values())
    yes, no = _("yes"), pgettext("arrangement", "no")
    state: ui.CellLike = ui.Cell(wording.state(one), one.why)
    items = [
        ui.Item(pgettext("arrangement", "State"), state),
        ui.Item(pgettext("arrangement", "What"), wording.titled(text.resource_title), elements),
        ui.Item(_("For what"), wording.titled(text.purpose_title)),
        ui.Item(_("Who may ask"), names),
        ui.Item(_("Legal basis"), text.basis),
        ui.Item(_("How often"), _("%(n)s times a day, each body") % {"n": f"{text.per_day:,}"}),
        ui.Item(pgettext("arrangement", "From"), text.since),
        ui.Item(pgettext("arrangement", "Until"), text.until),
        ui.Item(_("Passed on"), _("to nobody")),
    ]
    if text.subject == rights.PERSONS:
        items.append(ui.Item(_("Only with each person's consent"), yes if text.consent else no))
    for term, value in (
        (_("Number of the security assessment"), text.assessment),
        (_("Number of the competent authority's approval"), text.approval),
        (_("How a person reaches the receiver and exercises rights"), text.contact),
    ):
        if value:
            items.append(ui.Item(term, value))
    if one.unsaid:
        waiting = _("the other side has not acknowledged the last word yet; it is sent again")
        items.append(ui.Item(_("On its way"), ui.Chip("warn", waiting)))
    return items


def _signatures(one: partners.Arrangement, text: "partners.documents.Said") -> list[ui.Item]:
    found = []
    for side, shown in (("ours", one.ours), ("theirs", one.theirs)):
        instance = one.partner if side == "theirs" else _own(text, one.partner)
        anchor = text.anchors[instance]
        if not shown:
            cell = ui.Cell(ui.Chip("soft", _("not signed")))
        elif partners.documents.signed_by(shown, one.document, anchor):
            chip = ui.Chip("ok", _("signed, and the signature holds"))
            cell = ui.Cell(chip, one.signed_by if side == "ours" else anchor)
        else:
            cell = ui.Cell(ui.Chip("late", _("the signature does not hold")), anchor)
        found.append(ui.Item(instance, cell))
    return found


def _own(text: "partners.documents.Said", partner: str) -> str:
    return next(one for one in text.anchors if one != partner)


def _forms(one: partners.Arrangement, who: Actor, said: ui.Answers) -> list[ui.Form]:
    words = {
        "sign": (_("Sign"), _("Sign for this side")),
        "review": (_("Leave it to the head to sign"), _("Reviewed")),
        "decline": (_("Decline"), _("Decline it")),
        "hold": (_("Suspend at once"), _("Suspend")),
        "resume": (_("Let it go on"), _("Resume")),
        "over": (_("End at once"), _("End it for good")),
    }
    forms = []
    for act in _acts(one, who):
        button, title = words[act]
        fields = []
        if act in REASONED:
            wrong = said.wrong if said.act == act else {}
            value = said["why"] if said.act == act else ""
            fields = [ui.FieldView("why", _("Reason"), value=value, maxlength=200,
                                   error=wrong.get("why", ""))]  # fmt: skip
        forms.append(ui.Form(fields, button, title, act=act))
    return forms
