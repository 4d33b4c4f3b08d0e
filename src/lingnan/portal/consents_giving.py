"""Giving a consent: choose what to allow, read it in plain words, allow it."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import Offer, born_on, holders, offers
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
from lingnan.portal import consents_abroad, consents_limits
from lingnan.portal.consents_words import Giver, Words, givers, plain, trail

# 《个人信息保护法》（2021-08-20）第三十一条.
OF_AGE = 14


@allow(under(RESIDENT, acting.CONSENT))
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponse:
    """Choose what to allow, read it in plain words, then give it."""
    refuse_noughts_posted(request)
    who = actor(request)
    offer = next((one for one in offers.in_force() if one.number == number), None)
    giver = givers(who).get(request.GET.get("firm", "")[:18])
    if offer is None or giver is None or giver.kind != offer.subject:
        raise Http404
    if too_young(giver):
        return for_the_guardian(request)
    said = ui.Answers(request)
    wish = _wish(request, offer, giver, said) if request.method == "POST" else None
    if wish is None or not said.good:
        return _form(request, offer, giver, said)
    if said.act != "give":
        return _check(request, offer, wish, giver, said)
    elsewhere = _not_so_any_more(request, offer) if offer.system else None
    if elsewhere is not None:
        return elsewhere
    signin = request.session.get("signin", 0)
    try:
        made = consents.give(wish, who, signin if isinstance(signin, int) else 0)
    except consents.ConsentRefused:
        raise Http404 from None
    messages.success(request, _("Your consent is in force. You can revoke it at any time."))
    return redirect("consent", number=made.number)


def _not_so_any_more(request: HttpRequest, offer: Offer) -> HttpResponse | None:
    """None where the node that holds the data tells the same text at this moment."""
    again = redirect(request.get_full_path())
    try:
        now = holders.now_offered(offer.system, offer.number)
    except holders.NotPossible:
        words = _(
            "The node that holds these data does not answer now. Nothing was allowed; please try "
            "again later."
        )
    else:
        if now is not None and now.terms == offer.terms:
            return None
        words = _("The agreement has changed meanwhile. Nothing was allowed; please read it again.")
        again = again if now is not None else redirect("consents")
    messages.error(request, words)
    return again


def _wish(request: HttpRequest, offer: Offer, giver: Giver, said: ui.Answers) -> consents.Wish:
    """What was chosen; what has to be put right stands in `said.wrong`."""
    plain, sensitive = _parted(offer, giver)
    chosen = (*said.several("elements"), *said.several("sensitive"))
    known = set(said.several("elements")) <= set(plain)
    if not chosen or not known or not set(said.several("sensitive")) <= set(sensitive):
        said.wrong["elements" if plain else "sensitive"] = _("Choose at least one of these.")
    apart = list(said.several("sensitive"))
    if giver.kind == "person" and said.ticked(consents.HANDING_ON):
        apart.append(consents.HANDING_ON)
    elif giver.kind == "person":
        said.wrong[consents.HANDING_ON] = _("Without this nobody may hand your data on.")
    receiver = consents_abroad.receiver(offer.number)
    if giver.kind == "person" and receiver.crosses and said.ticked(consents.CROSSING):
        apart.append(consents.CROSSING)
    elif giver.kind == "person" and receiver.crosses:
        said.wrong[consents.CROSSING] = _("Without this nobody may hand your data on.")
    most = said.whole("most", consents.MOST)
    if not most:
        said.wrong["most"] = _("Please give a whole number from 1 to %(most)s.") % {
            "most": f"{consents.MOST:,}"
        }
    period = said.chosen("period", consents.PERIODS)
    last = _last(offer)
    until = said.day("until", last) or last
    if until < legal_time.today():
        said.wrong["until"] = _("This day has passed.")
    return consents.Wish(
        giver.subject, giver.kind, offer.consumer, offer.resource, offer.purpose,
        offer.basis, chosen, most, period, until, offer.number,
        offer.terms, apart, Words().holders(offer.resource),
        request.GET.get("asked", "")[:20], receiver.told, receiver.crosses,
    )  # fmt: skip


def _parted(offer: Offer, giver: Giver) -> tuple[list[str], list[str]]:
    """The elements, and those of them that are consented to apart (Art. 29)."""
    sensitive = offer.sensitive if giver.kind == "person" else ()
    apart = [code for code in offer.elements if code in sensitive]
    return [code for code in offer.elements if code not in apart], apart


def _last(offer: Offer) -> date:
    """A consent ends with its agreement, at the latest after a year."""
    today = legal_time.today()
    year = date(today.year + 1, today.month, min(today.day, 28))
    return min(year, offer.valid_until or year)


def _form(request: HttpRequest, offer: Offer, giver: Giver, said: ui.Answers) -> HttpResponse:
    # Nothing is ticked beforehand: one allows what one chooses.
    fields = [
        *_choices(offer, giver, said),
        said.field("most", _("How often at most"), kind="number", inputmode="numeric",
                   value=said["most"] or "1"),
        said.field("period", pgettext("consent", "Counted"), kind="radio",
                   options=ui.options([(k, str(v)) for k, v in Consent.PERIODS]),
                   value=said["period"] or "once"),
        said.field("until", _("Until when"), kind="date",
                   value=said["until"] or _last(offer).isoformat()),
        *_handing_on(offer, giver, said),
        *consents_abroad.crossing(offer, giver, said),
    ]  # fmt: skip
    words = Words()
    panel = ui.Panel(
        _("Who asks, and for what"),
        [
            *consents_abroad.items(offer, words),
            ui.Item(_("For what"), words.purpose(offer.purpose)),
            ui.Item(pgettext("consent", "What"), words.resource(offer.resource)),
            ui.Item(
                _("Held and handed on by"),
                words.holders(offer.resource),
                words.node(offer.resource),
            ),
            ui.Item(_("Legal basis"), offer.basis),
            *consents_limits.items(offer.limits, offer.resource, words),
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


def _choices(offer: Offer, giver: Giver, said: ui.Answers) -> list[ui.FieldView]:
    """What may be read; what is sensitive stands apart, each a consent of its own."""
    known = offer.titles
    plain, sensitive = _parted(offer, giver)
    found = []
    for name, label, codes, hint in (
        ("elements", _("What may be read"), plain, ""),
        ("sensitive", _("Sensitive data: each is a separate consent"), sensitive,
         _("If it leaks it can harm you or your safety. The body says why it needs it; without "
           "your separate consent it is not read (Personal Information Protection Law, Art. 29).")),
    ):  # fmt: skip
        if codes:
            choices = [ui.Option(code, str(known.get(code, code))) for code in codes]
            found.append(
                said.field(name, label, kind="checkbox", options=choices, hint=hint,
                           required=not (plain and sensitive), value=said.several(name))
            )  # fmt: skip
    return found


def _handing_on(offer: Offer, giver: Giver, said: ui.Answers) -> list[ui.FieldView]:
    """That the holder hands the data on is consented to apart (Art. 23)."""
    if giver.kind != "person":
        return []
    words = Words()
    label = _("Separate consent: %(holder)s may hand these data on to %(body)s") % {
        "holder": words.holders(offer.resource),
        "body": words.body(offer.consumer),
    }
    hint = _("Handing data on to another body needs a consent of its own (the same law, Art. 23).")
    value = "1" if said.ticked(consents.HANDING_ON) else ""
    return [said.field(consents.HANDING_ON, label, kind="checkbox", hint=hint, value=value)]


def too_young(giver: Giver) -> bool:
    """Under 14 a parent or other guardian consents (Art. 31), never the child."""
    born = born_on(giver.subject) if giver.kind == "person" else None
    if born is None:
        return False
    today = legal_time.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day)) < OF_AGE


def for_the_guardian(request: HttpRequest) -> HttpResponse:
    text = _(
        "Below fourteen years a parent or other guardian consents, not the child (Personal "
        "Information Protection Law, Art. 31). Guardians cannot do that here yet: nothing is "
        "allowed, and nobody reads."
    )
    notice = ui.Notice("late", _("This consent is your guardian's to give"), text)
    page = ui.Page(_("Allow a body to read my data"), top=[notice], trail=trail())
    return ui.shown(request, page, 403)


def _check(
    request: HttpRequest, offer: Offer, wish: consents.Wish, giver: Giver, said: ui.Answers
) -> HttpResponse:
    """What it means, before it is given; the choices travel along as they were typed."""
    apart = [code for code in wish.elements if code in wish.separate]
    parts = (
        ("elements", _("What may be read"), [c for c in wish.elements if c not in apart]),
        ("sensitive", _("Sensitive data: each is a separate consent"), apart),
    )
    fields = [
        ui.FieldView(name, label, kind="checkbox", value=tuple(codes),
                     options=[ui.Option(code, _named(wish.resource, code)) for code in codes])
        for name, label, codes in parts if codes
    ]  # fmt: skip
    if consents.HANDING_ON in wish.separate:
        fields += _handing_on(offer, giver, said)
    if consents.CROSSING in wish.separate:
        fields += consents_abroad.crossing(offer, giver, said)
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
