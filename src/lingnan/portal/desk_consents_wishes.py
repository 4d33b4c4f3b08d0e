"""Asking a holder for an agreement, and the holder's answer."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import messages as letters
from lingnan.kernel.exchange.api import (
    Agreement,
    AgreementWish,
    Resource,
    purposes,
    resources,
    wishes,
)
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal.consents_words import Words, quoted
from lingnan.portal.desk_consents import ASKS, agreement_of, trail, wish_state

LAST = date(2099, 12, 31)
ANSWERED = Title("数据源头机关答复了协议申请", "The holder has answered on an agreement")


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Choose the resource, then say what for; or how an agreement is to be changed."""
    refuse_noughts_posted(request)
    who = actor(request)
    before = agreement_of(who, request.GET.get("agreement", "")[:40])
    if before is not None and before.consumer != who.body:
        raise Http404
    code = before.resource if before is not None else request.GET.get("resource", "")[:80]
    resource = offered().get(code)
    if resource is None:
        return ui.shown(request, _choosing())
    said = ui.Answers(request)
    wanted = _wanted(said, resource, before) if said.posted else None
    if wanted is not None and said.good:
        try:
            made = wishes.ask(wanted, who)
        except wishes.NotPossible as fault:
            said.wrong[fault.field] = _("This cannot be asked for so.")
        else:
            messages.success(request, _("The holder's data officer decides on it."))
            return redirect("desk-agreement-wish", number=made.number)
    return ui.shown(request, _page(said, resource, before), 422 if said.wrong else 200)


def offered() -> dict[str, Resource]:
    """The resources about people and firms that an agreement may name."""
    return {
        code: one
        for code, one in resources().items()
        if one.sharing != "refused" and one.subject in ("person", "organisation")
    }


def _choosing() -> ui.Page:
    known = [ui.Option(code, str(one.title)) for code, one in offered().items()]
    field = ui.FieldView("resource", pgettext("consent", "What"), kind="select", options=known)
    return ui.Page(
        _("Ask a holder for an agreement"),
        _("First choose what your body wants to read."),
        first=[ui.Find(field, _("Go on"))],
        trail=trail(),
    )


def _wanted(said: ui.Answers, resource: Resource, before: Agreement | None) -> wishes.Wanted:
    chosen = said.several("elements")
    if not chosen or not set(chosen) <= set(resource.elements):
        said.wrong["elements"] = _("Choose at least one of these.")
    return wishes.Wanted(
        resource.code,
        said.chosen("purpose", list(_purposes())),
        said.text("basis", wishes.MOST),
        chosen,
        said.day("until", LAST) if said["until"] else None,
        said.text("why", wishes.MOST),
        str(before.number) if before is not None else "",
    )


def _purposes() -> dict[str, str]:
    named = {code: str(title) for code, title in purposes().items()}
    return named | {one.code: str(one.title) for _definition, one in published()}


def _page(said: ui.Answers, resource: Resource, before: Agreement | None) -> ui.Page:
    known = [ui.Option(code, str(title)) for code, title in resource.elements.items()]
    old = before if not said.posted else None
    until = old.valid_until.isoformat() if old is not None and old.valid_until else said["until"]
    fields = [
        said.field("purpose", _("For what"), kind="select", options=ui.options(_purposes()),
                   value=said["purpose"] or (old.purpose if old else "")),
        said.field("elements", _("Data"), kind="checkbox", options=known,
                   hint=_("No more than the purpose needs."),
                   value=tuple(old.elements) if old else said.several("elements")),
        said.field("basis", _("Legal basis"), maxlength=wishes.MOST,
                   value=old.basis if old else said["basis"]),
        said.field("until", _("Until when"), kind="date", required=False, value=until),
        said.field("why", _("Why, in plain words"), kind="textarea", maxlength=wishes.MOST),
    ]  # fmt: skip
    lead = _("People are asked each for themselves; without their consent nothing is read.")
    if before is not None:
        lead = _(
            "If purpose, data, basis or holder change, consents given before cover nothing any "
            "more: everybody is told and asked anew (Personal Information Protection Law, Art. 14)."
        )
    title = _("Ask the holder to change it") if before else _("Ask a holder for an agreement")
    form = ui.Form(fields, _("Send to the holder"))
    panel = ui.Panel(pgettext("consent", "What"), [
        ui.Item(pgettext("consent", "What"), str(resource.title)),
        ui.Item(_("Held and handed on by"), Words().holders(resource.code)),
        ui.Item(pgettext("exchange", "Condition"), str(resource.condition)),
    ])  # fmt: skip
    return ui.Page(title, lead, top=[panel], forms=[form], trail=trail())


@allow(ASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, number: str) -> HttpResponse:
    """What was asked for; the holder's data officer decides, the body that asked withdraws."""
    refuse_noughts_posted(request)
    who, found = actor(request), AgreementWish.objects.filter(number=number, ended=False).first()
    if found is None or not (who.body == found.consumer or _decides(who, found)):
        raise Http404
    said = ui.Answers(request, "decide")
    if said.posted:
        verdict = said.chosen("verdict", ("yes", "no"))
        answer = said.text("answer", wishes.MOST)
    if (request.method == "POST" and not said.posted) or said.good:
        try:
            if said.posted:
                tell(wishes.decide(found, who, verdict == "yes", answer))
            else:
                wishes.withdraw(found, who)
        except wishes.NotPossible as fault:
            if fault.field != "answer":
                messages.error(request, _("This is decided already, or not yours to do."))
                return redirect("desk-agreement-wish", number=number)
            said.wrong["answer"] = _("Say it in a few words, up to 200 characters.")
        else:
            return redirect("desk-agreement-wish", number=number)
    return ui.shown(request, _wish_page(who, found, said), 422 if said.wrong else 200)


def _decides(who: Actor, found: AgreementWish) -> bool:
    return wishes.may_decide(who, found)


def tell(found: AgreementWish) -> None:
    text = Title(
        "同意，协议已生效。" if found.state == "granted" else f"不同意：{found.answer}",
        "Agreed; it is in force." if found.state == "granted" else f"Refused: “{found.answer}”",
    )
    link = reverse("desk-agreement-wish", args=[found.number])
    letters.send(found.account, ANSWERED, text, link)


def _wish_page(who: Actor, found: AgreementWish, said: ui.Answers) -> ui.Page:
    forms = []
    if found.state == "asked" and _decides(who, found):
        verdicts = [ui.Option("yes", _("Agree")), ui.Option("no", pgettext("agreement", "Refuse"))]
        fields = [
            said.field("verdict", pgettext("agreement", "Decision"), kind="radio",
                       options=verdicts),
            said.field("answer", pgettext("agreement", "Grounds"), kind="textarea",
                       maxlength=wishes.MOST),
        ]  # fmt: skip
        forms.append(ui.Form(fields, _("Decide"), _("Decide as holder"), act="decide"))
    if found.state == "asked" and who.body == found.consumer:
        forms.append(ui.Form([], pgettext("agreement", "Withdraw"), act="withdraw"))
    return ui.Page(
        _("An agreement asked for"), top=[_panel(found)], forms=forms, trail=trail(found.number)
    )


def _panel(found: AgreementWish) -> ui.Panel:
    words = Words()
    items = [
        ui.Item(_("State"), wish_state(found)),
        ui.Item(pgettext("consent", "Who asks"), words.body(found.consumer)),
        ui.Item(_("For what"), words.purpose(found.purpose)),
        ui.Item(pgettext("consent", "What"), words.resource(found.resource)),
        ui.Item(_("Data"), words.elements(found.resource, found.elements)),
        ui.Item(_("Legal basis"), found.basis),
        ui.Item(_("Until when"),
                ui.legal_date(found.valid_until) if found.valid_until else _("without end")),
        ui.Item(_("Why, in the body's words"), quoted(found.why)),
    ]  # fmt: skip
    if found.agreement:
        items.append(ui.Item(_("Changes the agreement"), found.agreement))
    if found.answer:
        items.append(ui.Item(_("Answer of the holder"), quoted(found.answer)))
    if found.result:
        link = ui.Link(reverse("desk-agreement", args=[found.result]), found.result)
        items.append(ui.Item(pgettext("exchange", "Agreement"), link))
    return ui.Panel(_("What is asked"), items)
