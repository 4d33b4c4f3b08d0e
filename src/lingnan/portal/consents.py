"""Consents of people and of the firms they answer for: given, seen, revoked.

A body needs one where its agreement or the resource says so; the exchange asks for it each time.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import (
    Agreement,
    Resource,
    organisations_of,
    purposes,
    resources,
)
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    Body,
    Consent,
    actor,
    allow,
    consents,
    node_evidence,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import at

USES = 50


@dataclass(frozen=True)
class Giver:
    """The person, or a firm of theirs (`code`); `subject` is what trust calls them."""

    subject: str
    kind: str
    code: str = ""
    name: str = ""


def givers(who: Actor) -> dict[str, Giver]:
    """By code ("" is the person): for whom somebody may consent."""
    found = {"": Giver(who.subject, "person")}
    for firm in organisations_of(who.subject):
        found[firm.code] = Giver(firm.subject, "organisation", firm.code, firm.name)
    return found


def asked_for() -> list[tuple[Agreement, Resource]]:
    """The agreements in force under which a body reads with consent alone."""
    known, today = resources(), legal_time.today()
    rows = Agreement.objects.filter(ended=False, valid_from__lte=today).order_by("number")
    return [
        (one, known[one.resource])
        for one in rows
        if one.resource in known
        and (one.consent or known[one.resource].consent)
        and (one.valid_until is None or one.valid_until >= today)
    ]


class Words:
    """Codes of consents in the reader's words, read once for a page."""

    def __init__(self) -> None:
        self._bodies = {body.code: str(body.title) for body in Body.objects.all()}
        self._purposes = {code: str(title) for code, title in purposes().items()}
        self._purposes |= {one.code: str(one.title) for _definition, one in published()}

    def body(self, code: str) -> str:
        return self._bodies.get(code, code)

    def purpose(self, code: str) -> str:
        return self._purposes.get(code, code)

    def elements(self, resource: str, codes: list[str]) -> str:
        known = resources().get(resource)
        titles = known.elements if known else {}
        return ui.listed(str(titles.get(code, code)) for code in codes)

    def resource(self, code: str) -> str:
        known = resources().get(code)
        return str(known.title) if known else code

    def often(self, most: int, period: str) -> str:
        periods = dict(Consent.PERIODS)
        return _("at most %(n)s times %(period)s") % {"n": most, "period": periods[period]}


@allow(RESIDENT)
@require_safe
def consent_list(request: HttpRequest) -> HttpResponse:
    """What one has allowed, for oneself and one's firms, and what bodies ask for."""
    known, words = givers(actor(request)), Words()
    rows = [(giver, one) for giver in known.values() for one in consents.of_giver(giver.subject)]
    columns = [
        ui.Column("body", _("Who may read")),
        ui.Column("what", _("What")),
        ui.Column("often", _("How often and how long")),
        ui.Column("state", _("State")),
    ]
    table = ui.Table(
        columns,
        [_row(giver, one, words) for giver, one in rows],
        _("What I have allowed"),
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
        tables=[ui.Part(table), _offers(known, words)],
    )
    return ui.shown(request, page)


def _row(giver: Giver, one: Consent, words: Words) -> dict[str, ui.CellLike]:
    about = giver.name or _("Myself")
    link = ui.Link(f"/consents/{one.number}/", words.body(one.body), one.number)
    until = _("until %(day)s") % {"day": ui.legal_date(one.valid_until)}
    return {
        "body": ui.Cell(link, words.purpose(one.purpose)),
        "what": ui.Cell(words.elements(one.resource, one.elements), about),
        "often": ui.Cell(words.often(one.most, one.period), until),
        "state": state(one),
    }


def state(one: Consent) -> ui.Chip:
    if one.revoked_at is not None:
        return ui.Chip("soft", pgettext("consent", "revoked"))
    today = legal_time.today()
    if one.valid_until < today:
        return ui.Chip("soft", pgettext("consent", "expired"))
    if consents.used(one, today) >= one.most:
        return ui.Chip("warn", _("used up for now"))
    return ui.Chip("ok", pgettext("consent", "in force"))


def _offers(known: dict[str, Giver], words: Words) -> ui.Part:
    """Each agreement that asks for consent, for whom one may give it."""
    rows: list[dict[str, ui.CellLike]] = []
    for agreement, resource in asked_for():
        links = tuple(
            ui.Link(
                f"/consents/give/{agreement.number}/" + (f"?firm={code}" if code else ""),
                giver.name or _("Allow it"),
                agreement.number,
            )
            for code, giver in known.items()
            if giver.kind == resource.subject
        )
        if links:
            said = words.elements(agreement.resource, agreement.elements)
            rows.append(
                {
                    "body": ui.Cell(
                        words.body(agreement.consumer), words.purpose(agreement.purpose)
                    ),
                    "what": ui.Cell(str(resource.title), said),
                    "act": ui.Cell(links),
                }
            )
    columns = [
        ui.Column("body", pgettext("consent", "Who asks")),
        ui.Column("what", _("For what")),
        ui.Column("act", _("Allow it")),
    ]
    title = _("What you can allow")
    nothing = ui.Empty(_("Nobody asks for a consent now"))
    return ui.Part(ui.Table(columns, rows, title, nothing, caption_hidden=True), title)


@allow(RESIDENT)
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
        trail=_trail(),
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
        trail=_trail(),
        name=giver.name,
    )
    return ui.shown(request, page)


def _named(resource: str, code: str) -> str:
    return Words().elements(resource, [code])


def plain(wish: Any) -> str:
    """A consent, or the wish for one, in a sentence."""
    words = Words()
    return _(
        "%(body)s and the bodies below it may read %(elements)s for “%(purpose)s”, %(often)s, "
        "until %(day)s. Each use stands in “Who looked at my data”. You can revoke this at once at "
        "any time; what was read before stays lawful."
    ) % {
        "body": words.body(wish.body),
        "elements": words.elements(wish.resource, list(wish.elements)),
        "purpose": words.purpose(wish.purpose),
        "often": words.often(wish.most, wish.period),
        "day": ui.legal_date(wish.valid_until),
    }


def _trail() -> ui.Trail:
    return ui.Trail([ui.Link("/consents/", _("My consents"))])


def _own(who: Actor, number: str) -> tuple[Giver, Consent]:
    one = Consent.objects.filter(number=number).first()
    mine = {giver.subject: giver for giver in givers(who).values()}
    if one is None or one.giver not in mine:
        raise Http404
    return mine[one.giver], one


@allow(RESIDENT)
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
    if one.revoked_at is None and one.valid_until >= legal_time.today():
        forms.append(ui.Form([], _("Revoke at once"), act="revoke"))
    page = ui.Page(
        _("Consent"),
        plain(one),
        top=[_panel(one, giver)],
        tables=[_uses(one)],
        forms=forms,
        trail=_trail(),
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
    used = _("%(n)s of %(most)s in this period") % {
        "n": consents.used(one, legal_time.today()),
        "most": one.most,
    }
    items = [
        ui.Item(_("State"), state(one)),
        ui.Item(_("Whose data"), giver.name or _("Myself"), giver.code),
        ui.Item(_("Used"), used),
        ui.Item(_("Given on"), ui.legal_datetime(one.given_at)),
        ui.Item(_("Legal basis"), one.basis),
        ui.Item(_("Signature"), signed, _(
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
