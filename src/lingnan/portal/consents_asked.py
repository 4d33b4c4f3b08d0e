"""What bodies have asked one to allow: read in plain words, answered by yes or no."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import Agreement, resources
from lingnan.kernel.trust.api import RESIDENT, Actor, actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_giving import for_the_guardian, too_young
from lingnan.portal.consents_words import Giver, Words, givers, quoted, request_state, trail

asking = consents.asking


def asked_part(known: dict[str, Giver], words: Words) -> ui.Part:
    """What one is asked for, the newest first; what is answered stays in sight."""
    rows = [
        _row(giver, one, words)
        for giver in known.values()
        for one in asking.of_giver(giver.subject)
    ]
    columns = [
        ui.Column("body", pgettext("consent", "Who asks")),
        ui.Column("what", _("For what")),
        ui.Column("by", _("Answer by")),
        ui.Column("state", _("State")),
    ]
    title = _("What bodies ask me to allow")
    nothing = ui.Empty(_("No body has asked you for a consent"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)


def _row(giver: Giver, one: consents.ConsentRequest, words: Words) -> dict[str, ui.CellLike]:
    agreement = Agreement.objects.filter(number=one.agreement).first()
    purpose = words.purpose(agreement.purpose) if agreement else one.agreement
    link = ui.Link(reverse("consent-asked", args=[one.number]), words.body(one.body), one.number)
    return {
        "body": ui.Cell(link, quoted(giver.name) or _("Myself")),
        "what": purpose,
        "by": ui.legal_date(one.answer_by),
        "state": request_state(one),
    }


@allow(RESIDENT)
@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, number: str) -> HttpResponse:
    """One request: who asks, why, for what; to refuse is an answer and needs no reason."""
    refuse_noughts_posted(request)
    who = actor(request)
    giver, one = _own(who, number)
    if too_young(giver):
        return for_the_guardian(request)
    if request.method == "POST":
        if request.POST.get("act") != "refuse":
            raise Http404
        try:
            asking.refuse(one, who)
        except asking.NotAsked:
            messages.error(request, _("This request is answered or over already."))
        else:
            messages.success(request, _("You have refused. The body is told that, and no more."))
        return redirect("consent-asked", number=number)
    return ui.shown(request, _page(giver, one))


def _own(who: Actor, number: str) -> tuple[Giver, consents.ConsentRequest]:
    for giver in givers(who).values():
        one = asking.asked_of(giver.subject, number)
        if one is not None:
            return giver, one
    raise Http404


def _page(giver: Giver, one: consents.ConsentRequest) -> ui.Page:
    words, agreement = Words(), Agreement.objects.filter(number=one.agreement, ended=False).first()
    waits = asking.standing(one) == "asked"
    open_ = waits and agreement is not None and agreement.resource in resources()
    top: list[object] = [_panel(giver, one, agreement, words)]
    if waits and not open_:
        top.append(ui.Notice("soft", _("The agreement behind it has ended: nothing to answer.")))
    forms = []
    if open_:
        more = urlencode({"asked": one.number} | ({"firm": giver.code} if giver.code else {}))
        top.append(
            ui.Notice(
                "info",
                _("You decide"),
                _(
                    "You need not allow it, nor say why. Nothing that you have a right to may be "
                    "refused because you do not."
                ),
                ui.Link(f"{reverse('consent-give', args=[one.agreement])}?{more}",
                        _("Read what may be read, and choose")),
            )
        )  # fmt: skip
        forms.append(ui.Form([], _("I refuse"), act="refuse"))
    return ui.Page(
        _("A body asks for your consent"), top=top, forms=forms, trail=trail(), code=one.number
    )


def _panel(
    giver: Giver, one: consents.ConsentRequest, agreement: Agreement | None, words: Words
) -> ui.Panel:
    items = [
        ui.Item(_("State"), request_state(one)),
        ui.Item(pgettext("consent", "Who asks"), words.body(one.body)),
        ui.Item(_("Whose data"), quoted(giver.name) or _("Myself"), giver.code),
        ui.Item(_("Why, in the body's words"), quoted(one.why)),
    ]
    if agreement is not None:
        items += [
            ui.Item(_("For what"), words.purpose(agreement.purpose)),
            ui.Item(
                pgettext("consent", "What"), words.elements(agreement.resource, agreement.elements)
            ),
            ui.Item(_("Held and handed on by"), words.holders(agreement.resource)),
            ui.Item(_("Legal basis"), agreement.basis),
        ]
    items.append(ui.Item(_("Answer by"), ui.legal_date(one.answer_by)))
    if one.consent:
        link = ui.Link(reverse("consent", args=[one.consent]), one.consent)
        items.append(ui.Item(_("Consent"), link))
    return ui.Panel(_("What is asked"), items)
