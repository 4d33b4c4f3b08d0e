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
    limited,
    purposes,
    resources,
    wishes,
)
from lingnan.kernel.matters.api import published
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import Actor, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.portal import consents_limits
from lingnan.portal.consents_words import Words, quoted
from lingnan.portal.desk_consents import ASKS, agreement_of, ground_words, trail, wish_state

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
            messages.success(request, _told(made))
            return redirect("desk-agreement-wish", number=made.number)
    return ui.shown(request, _page(said, resource, before), 422 if said.wrong else 200)


def _told(made: AgreementWish) -> str:
    if made.state == "granted":
        return _("It is shared without condition: the agreement is in force.")
    return _("The holder's data officer decides on it.")


def offered() -> dict[str, Resource]:
    """The resources that an agreement may name."""
    return {code: one for code, one in resources().items() if one.sharing != "refused"}


def grounds(resource: Resource) -> dict[str, str]:
    """On which ground a body may ask for a resource."""
    found = {} if resource.consent else {"law": pgettext("agreement", "by law")}
    if resource.subject in ("person", "organisation"):
        found["consent"] = _("with the consent of whom it is about, each for themselves")
    return found


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
        _ground(said, resource, before) == "consent",
        consents_limits.wanted(said, resource),
    )


def _ground(said: ui.Answers, resource: Resource, before: Agreement | None) -> str:
    """That of the agreement which is to be changed stays."""
    if before is not None:
        return "consent" if before.consent else "law"
    known = list(grounds(resource))
    return known[0] if len(known) == 1 else said.chosen("ground", known)


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
        *consents_limits.fields(said, resource, old),
        said.field("why", _("Why, in plain words"), kind="textarea", maxlength=wishes.MOST),
    ]  # fmt: skip
    if before is None and len(grounds(resource)) > 1:
        fields.insert(0, said.field("ground", _("On which ground"), kind="radio",
                                    options=ui.options(grounds(resource))))  # fmt: skip
    lead = _("The holder's data officer answers within a limit; a refusal says why.")
    if resource.sharing == "unconditional":
        lead = _("It is shared without condition: asked for by law, it is agreed at once.")
    if before is not None and before.consent:
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
    act = request.POST.get("act", "") if request.method == "POST" else ""
    said = ui.Answers(request, act if act in ("decide", "contest") else "decide")
    if act and _acted(request, who, found, said, act):
        return redirect("desk-agreement-wish", number=number)
    return ui.shown(request, _wish_page(who, found, said), 422 if said.wrong else 200)


def _acted(
    request: HttpRequest, who: Actor, found: AgreementWish, said: ui.Answers, act: str
) -> bool:
    """Do what was posted; False where something of it is wrong, which stands in the answers."""
    name = {"decide": "answer", "contest": "contested"}.get(act, "")
    verdict = said.chosen("verdict", ("yes", "no")) if act == "decide" else ""
    text = said.text(name, wishes.MOST) if name else ""
    if said.wrong:
        return False
    try:
        if act == "decide":
            tell(wishes.decide(found, who, verdict == "yes", text))
        elif act == "contest":
            wishes.contest(found, who, text)
        else:
            wishes.withdraw(found, who)
    except wishes.NotPossible as fault:
        if fault.field == name:
            said.wrong[name] = _("Say it in a few words, up to 200 characters.")
            return False
        messages.error(request, _("This is decided already, or not yours to do."))
    return True


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
    if found.state in ("asked", "contested") and _decides(who, found):
        verdicts = [ui.Option("yes", _("Agree")), ui.Option("no", pgettext("agreement", "Refuse"))]
        fields = [
            said.field("verdict", pgettext("agreement", "Decision"), kind="radio",
                       options=verdicts),
            said.field("answer", pgettext("agreement", "Grounds"), kind="textarea",
                       maxlength=wishes.MOST),
        ]  # fmt: skip
        ruling = found.state == "contested"
        title = _("Rule as the data authority") if ruling else _("Decide as holder")
        forms.append(ui.Form(fields, _("Decide"), title, act="decide"))
    if who.body == found.consumer:
        forms += _own_forms(found, said)
    return ui.Page(
        _("An agreement asked for"), top=[_panel(found)], forms=forms, trail=trail(found.number)
    )


def _own_forms(found: AgreementWish, said: ui.Answers) -> list[ui.Form]:
    """What the body that asked may do."""
    if found.state in ("asked", "contested"):
        return [ui.Form([], pgettext("agreement", "Withdraw"), act="withdraw")]
    if found.state != "refused":
        return []
    field = said.field("contested", _("Why the refusal does not hold"), kind="textarea",
                       maxlength=wishes.MOST)  # fmt: skip
    note = _("The data authority's data officer rules on it; once.")
    title = _("Contest the refusal")
    return [ui.Form([field], title, title, act="contest", note=note)]


def _panel(found: AgreementWish) -> ui.Panel:
    words = Words()
    items = [
        ui.Item(_("State"), wish_state(found)),
        ui.Item(pgettext("consent", "Who asks"), words.body(found.consumer)),
        ui.Item(_("For what"), words.purpose(found.purpose)),
        ui.Item(pgettext("consent", "What"), words.resource(found.resource)),
        ui.Item(_("Data"), words.elements(found.resource, found.elements)),
        ui.Item(_("Ground"), ground_words(found.consent)),
        ui.Item(_("Legal basis"), found.basis),
        ui.Item(_("Until when"),
                ui.legal_date(found.valid_until) if found.valid_until else _("without end")),
        *consents_limits.items(limited.of(found), found.resource, words),
        *_limit(found),
        ui.Item(_("Why, in the body's words"), quoted(found.why)),
    ]  # fmt: skip
    if found.agreement:
        items.append(ui.Item(_("Changes the agreement"), found.agreement))
    if found.contested:
        items.append(ui.Item(_("Why it is contested"), quoted(found.contested)))
    if found.answer:
        items.append(ui.Item(_("Answer of the holder"), quoted(found.answer)))
    if found.result:
        link = ui.Link(reverse("desk-agreement", args=[found.result]), found.result)
        items.append(ui.Item(pgettext("exchange", "Agreement"), link))
    return ui.Panel(_("What is asked"), items)


def _limit(found: AgreementWish) -> list[ui.Item]:
    """By when it has to be answered, while it waits."""
    reading = wishes.wish_duty.readings([found]).get(str(found.number))
    if reading is None or reading.due is None:
        return []
    return [ui.Item(_("To be answered by"), ui.legal_date(reading.due))]
