"""One request to somebody, as the body that asks sees it; and the history of all of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import Agreement
from lingnan.kernel.trust.api import actor, allow, consents, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Words, quoted, request_state
from lingnan.portal.desk_consents import ASKS, trail
from lingnan.portal.desk_consents_agreement import tell

asking = consents.asking


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def one_request(request: HttpRequest, number: str) -> HttpResponse:
    """How it stands; reminded seldom, withdrawn at any time."""
    refuse_noughts_posted(request)
    who = actor(request)
    one = consents.ConsentRequest.objects.filter(number=number, body=who.body).first()
    if one is None:
        raise Http404
    if request.method == "POST":
        acts = {"remind": asking.remind, "withdraw": asking.withdraw}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            done = act(one, who)
        except asking.NotAsked:
            messages.error(request, _("This cannot be done now."))
        else:
            if done.state == "asked":
                tell(done)
        return redirect("desk-consent-request", number=number)
    return ui.shown(request, _page(one))


def _page(one: consents.ConsentRequest) -> ui.Page:
    forms = []
    limits = _("At most %(n)s times, %(days)s days apart (unverified).") % {
        "n": asking.REMINDERS,
        "days": asking.DAYS_BETWEEN,
    }
    if asking.may_remind(one):
        forms.append(ui.Form([], _("Remind"), act="remind", note=limits))
    if asking.standing(one) == "asked":
        forms.append(ui.Form([], pgettext("agreement", "Withdraw"), act="withdraw"))
    return ui.Page(
        _("A consent asked for"), top=[_panel(one)], forms=forms, trail=trail(one.number)
    )


def _panel(one: consents.ConsentRequest) -> ui.Panel:
    words, agreement = Words(), Agreement.objects.filter(number=one.agreement).first()
    link = ui.Link(reverse("desk-agreement", args=[one.agreement]), one.agreement)
    items = [
        ui.Item(_("State"), request_state(one)),
        ui.Item(_("Whom"), one.reference),
        ui.Item(_("For what"), words.purpose(agreement.purpose) if agreement else "—"),
        ui.Item(pgettext("exchange", "Agreement"), link),
        ui.Item(_("Why, in the body's words"), quoted(one.why)),
        ui.Item(_("Asked on"), ui.legal_datetime(one.asked_at)),
        ui.Item(_("Answer by"), ui.legal_date(one.answer_by)),
        ui.Item(_("Reminders"), one.reminders),
    ]
    if one.consent:
        items.append(ui.Item(_("Consent"), one.consent))
    return ui.Panel(_("What is asked"), items)
