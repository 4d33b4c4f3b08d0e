"""Consents of people and of the firms they answer for: given, seen, revoked.

A body needs one where its agreement or the resource says so; the exchange asks for it each time.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import offers
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    Consent,
    acting,
    actor,
    allow,
    consents,
    node_evidence,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_asked import asked_part
from lingnan.portal.consents_notices import switches
from lingnan.portal.consents_words import (
    Giver,
    Words,
    changed,
    givers,
    plain,
    quoted,
    state,
    trail,
    used_of,
)
from lingnan.portal.operators import at

USES = 50


@allow(under(RESIDENT, acting.CONSENT))
@require_safe
def consent_list(request: HttpRequest) -> HttpResponse:
    """What one has allowed, for oneself and one's firms, and what bodies ask for."""
    known, words = givers(actor(request)), Words()
    rows = [(giver, one) for giver in known.values() for one in consents.of_giver(giver.subject)]
    columns = [
        ui.Column("body", _("Who may read")),
        ui.Column("what", pgettext("consent", "What")),
        ui.Column("often", _("How often and how long")),
        ui.Column("state", _("State")),
    ]
    title = _("What I have allowed")
    table = ui.Table(
        columns,
        [_row(giver, one, words) for giver, one in rows],
        title,
        ui.Empty(_("No consent yet"), _("Nobody reads your data by your consent.")),
        caption_hidden=True,
    )
    page = ui.Page(
        _("My consents"),
        _(
            "What a body may read of your data because you allow it. You can revoke each at any "
            "time; what the law itself allows or forbids is not changed by it."
        ),
        links=[ui.Link("/looked/", _("Who looked at my data"))],
        tables=[asked_part(known, words), ui.Part(table, title), _offers(known, words)],
    )
    return ui.shown(request, page)


def _row(giver: Giver, one: Consent, words: Words) -> dict[str, ui.CellLike]:
    about = quoted(giver.name) or _("Myself")
    link = ui.Link(f"/consents/{one.number}/", words.body(one.body), one.number)
    until = _("until %(day)s") % {"day": ui.legal_date(one.valid_until)}
    return {
        "body": ui.Cell(link, words.purpose(one.purpose)),
        "what": ui.Cell(
            words.elements(one.resource, one.elements), _lines(about, words.node(one.resource))
        ),
        "often": ui.Cell(words.often(one.most, one.period), _lines(until, used_of(one))),
        "state": ui.Cell(_state_and_act(one), changed(one, words)),
    }


def _state_and_act(one: Consent) -> tuple[ui.Piece, ...]:
    """Its state, and the button that revokes it, which needs no other page."""
    if not _revocable(one):
        return (state(one),)
    where = reverse("consent", args=[one.number])
    return (state(one), ui.Act(where, _("Revoke at once"), {"act": "revoke"}, one.number))


def _revocable(one: Consent) -> bool:
    return one.revoked_at is None and one.valid_until >= legal_time.today()


def _lines(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _offers(known: dict[str, Giver], words: Words) -> ui.Part:
    """Each agreement that asks for consent, for whom one may give it."""
    rows: list[dict[str, ui.CellLike]] = []
    for offer in offers.in_force():
        links = tuple(
            ui.Link(
                f"/consents/give/{offer.number}/" + (f"?firm={code}" if code else ""),
                quoted(giver.name) or _("Allow it"),
                offer.number,
            )
            for code, giver in known.items()
            if giver.kind == offer.subject
        )
        if links:
            said = words.elements(offer.resource, offer.elements)
            rows.append(
                {
                    "body": ui.Cell(words.body(offer.consumer), words.purpose(offer.purpose)),
                    "what": ui.Cell(str(offer.title), _lines(said, words.node(offer.resource))),
                    "act": ui.Cell(links),
                    "hear": ui.Cell(switches(known, offer.number, offer.subject)),
                }
            )
    columns = [
        ui.Column("body", pgettext("consent", "Who asks")),
        ui.Column("what", pgettext("consent", "What")),
        ui.Column("act", _("Allow it")),
        ui.Column("hear", _("Notices of changes")),
    ]
    title = _("What you can allow")
    nothing = ui.Empty(_("Nobody asks for a consent now"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)


def _own(who: Actor, number: str) -> tuple[Giver, Consent]:
    one = Consent.objects.filter(number=number).first()
    mine = {giver.subject: giver for giver in givers(who).values()}
    if one is None or one.giver not in mine:
        raise Http404
    return mine[one.giver], one


@allow(under(RESIDENT, acting.CONSENT))
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """One consent: what it allows, its uses, and the button that revokes it."""
    refuse_noughts_posted(request)
    who = actor(request)
    giver, one = _own(who, number)
    if request.method == "POST":
        if request.POST.get("act") != "revoke":
            raise Http404
        consents.revoke(one, who)
        messages.success(request, _("The consent is revoked. Nobody reads by it any more."))
        return redirect("consent", number=number)
    forms = []
    if _revocable(one):
        forms.append(ui.Form([], _("Revoke at once"), act="revoke"))
    page = ui.Page(
        _("Consent"),
        plain(one),
        top=[_panel(one, giver)],
        tables=[_uses(one)],
        forms=forms,
        trail=trail(),
        code=one.number,
    )
    return ui.shown(request, page)


def _panel(one: Consent, giver: Giver) -> ui.Panel:
    whole = consents.signature_holds(one)
    signed = (
        ui.Chip("ok", _("holds"))
        if whole
        else ui.Chip("late", pgettext("consent", "does not hold"))
    )
    words = Words()
    items = [
        ui.Item(_("State"), ui.Cell(state(one), changed(one, words))),
        ui.Item(_("Whose data"), quoted(giver.name) or _("Myself"), giver.code),
        ui.Item(_("Held and handed on by"), *_holder(one, words)),
        ui.Item(_("Used"), used_of(one)),
        ui.Item(_("Given on"), ui.legal_datetime(one.given_at)),
        ui.Item(_("Legal basis"), one.basis),
        ui.Item(_("Consented to apart"), words.apart(one) or "—", _(
            "Handing on to another body and sensitive data need a consent of their own "
            "(Personal Information Protection Law, Arts 23 and 29)."
        )),
        ui.Item(pgettext("consent", "Signature"), signed, _(
            "A key of this node signed the text while you were signed in: it proves the text, and "
            "your wish as far as the sign-in does."
        )),
    ]  # fmt: skip
    if one.signin:
        number = _("evidence no. %(n)s") % {"n": one.signin}
        items.append(ui.Item(_("Sign-in"), number))
    if one.revoked_at is not None:
        items.insert(1, ui.Item(_("Revoked at"), ui.legal_datetime(one.revoked_at)))
    return ui.Panel(_("What was allowed"), items)


def _holder(one: Consent, words: Words) -> tuple[str, str]:
    """Who holds the data, as the signed text says it, and where another node does."""
    holder = str(consents.said_by(one).get("handed_on_by") or words.holders(one.resource))
    node = words.node(one.resource)
    if not node:
        return holder, ""
    counted = _("that node asks this one before each use, and it is counted here")
    return holder, _lines(node, counted)


def _uses(one: Consent) -> ui.Part:
    """Its uses, newest first, from the evidence."""
    words = Words()
    found = node_evidence.reader().by_reference(one.number, None, USES, ("consent.used",))
    rows: list[dict[str, ui.CellLike]] = [
        {
            "who": words.body(str((entry.payload or {}).get("consumer", ""))),
            "why": words.purpose(str((entry.payload or {}).get("purpose", ""))),
            "when": ui.Cell(at(entry.at), _("evidence no. %(n)s") % {"n": entry.seq}),
        }
        for entry in found
    ]
    columns = [
        ui.Column("who", _("Who")),
        ui.Column("why", _("Why")),
        ui.Column("when", _("When (system time)")),
    ]
    title = _("Uses of this consent")
    nothing = ui.Empty(_("Nobody has used it yet"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)
