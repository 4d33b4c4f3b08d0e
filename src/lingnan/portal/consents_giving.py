"""Giving a consent: choose what to allow, read it in plain words, allow it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import Agreement, resources
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Consent,
    acting,
    actor,
    allow,
    consents,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Giver, Words, asked_for, givers, plain, trail


@allow(under(RESIDENT, acting.CONSENT))
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what to allow, read it in plain words, then give it."""
    refuse_noughts_posted(request)
    who = actor(request)
    found = next((pair for pair in asked_for() if pair[0].number == number), None)
    giver = givers(who).get(request.GET.get("firm", "")[:18])
    if found is None or giver is None or giver.kind != found[1].subject:
        raise Http404
    agreement = found[0]
    said = ui.Answers(request)
    wish = _wish(agreement, giver, said) if request.method == "POST" else None
    if wish is None or not said.good:
        return _form(request, agreement, giver, said)
    if said.act != "give":
        return _check(request, wish, giver, said)
    signin = request.session.get("signin", 0)
    try:
        made = consents.give(wish, who, signin if isinstance(signin, int) else 0)
    except consents.ConsentRefused:
        raise Http404 from None
    messages.success(request, _("Your consent is in force. You can revoke it at any time."))
    return redirect("consent", number=made.number)


def _wish(agreement: Agreement, giver: Giver, said: ui.Answers) -> consents.Wish:
    """What was chosen; what has to be put right stands in `said.wrong`."""
    chosen = said.several("elements")
    if not chosen or not set(chosen) <= set(agreement.elements):
        said.wrong["elements"] = _("Choose at least one of these.")
    most = said.whole("most", consents.MOST)
    if not most:
        said.wrong["most"] = _("Please give a whole number from 1 to %(most)s.") % {
            "most": f"{consents.MOST:,}"
        }
    period = said.chosen("period", consents.PERIODS)
    last = _last(agreement)
    until = said.day("until", last) or last
    if until < legal_time.today():
        said.wrong["until"] = _("This day has passed.")
    return consents.Wish(
        giver.subject, giver.kind, agreement.consumer, agreement.resource, agreement.purpose,
        agreement.basis, chosen, most, period, until,
    )  # fmt: skip


def _last(agreement: Agreement) -> date:
    """A consent ends with its agreement, at the latest after a year."""
    today = legal_time.today()
    year = date(today.year + 1, today.month, min(today.day, 28))
    return min(year, agreement.valid_until or year)


def _form(
    request: HttpRequest, agreement: Agreement, giver: Giver, said: ui.Answers
) -> HttpResponse:
    known = resources()[agreement.resource].elements
    choices = [ui.Option(code, str(known.get(code, code))) for code in agreement.elements]
    # Nothing is ticked beforehand: one allows what one chooses.
    fields = [
        said.field("elements", _("What may be read"), kind="checkbox", options=choices,
                   value=said.several("elements")),
        said.field("most", _("How often at most"), kind="number", inputmode="numeric",
                   value=said["most"] or "1"),
        said.field("period", pgettext("consent", "Counted"), kind="radio",
                   options=ui.options([(k, str(v)) for k, v in Consent.PERIODS]),
                   value=said["period"] or "once"),
        said.field("until", _("Until when"), kind="date",
                   value=said["until"] or _last(agreement).isoformat()),
    ]  # fmt: skip
    words = Words()
    panel = ui.Panel(
        _("Who asks, and for what"),
        [
            ui.Item(_("Body"), words.body(agreement.consumer), _("and the bodies below it")),
            ui.Item(_("For what"), words.purpose(agreement.purpose)),
            ui.Item(_("What"), words.resource(agreement.resource)),
            ui.Item(_("Legal basis"), agreement.basis),
        ],
    )
    page = ui.Page(
        _("Allow a body to read my data"),
        _("You need not. Nothing that you have a right to may be refused because you do not."),
        top=[panel],
        forms=[ui.Form(fields, _("Read it in plain words"))],
        trail=trail(),
        name=giver.name,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _check(
    request: HttpRequest, wish: consents.Wish, giver: Giver, said: ui.Answers
) -> HttpResponse:
    """What it means, before it is given; the choices travel along as they were typed."""
    values = [(code, code) for code in wish.elements]
    fields = [
        ui.FieldView("elements", _("What may be read"), kind="checkbox",
                     options=[ui.Option(code, _named(wish.resource, code)) for code, _c in values],
                     value=tuple(wish.elements)),
    ]  # fmt: skip
    hidden = {"most": str(wish.most), "period": wish.period, "until": wish.valid_until.isoformat()}
    page = ui.Page(
        _("This is what you allow"),
        plain(wish),
        forms=[ui.Form(fields, _("I allow this"), act="give", hidden=hidden)],
        trail=trail(),
        name=giver.name,
    )
    return ui.shown(request, page)


def _named(resource: str, code: str) -> str:
    return Words().elements(resource, [code])
