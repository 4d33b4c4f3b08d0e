"""Objections: raised in one click from “Who looked at my data”, answered by the head."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from lingnan.kernel.trust.api import (
    SIGNED_IN,
    Actor,
    acting,
    actor,
    allow,
    node_evidence,
    refuse_noughts_posted,
    under,
    within,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import objections, scope, witness
from lingnan.systems.assurance.trust_governance.models import Objection
from lingnan.systems.assurance.trust_governance.views import words


@allow(objections.RAISES)
@require_POST
def raise_objection(request: HttpRequest) -> HttpResponse:
    """One click on a line of “Who looked at my data”."""
    refuse_noughts_posted(request)
    within(request, acting.LOOKED)
    who = actor(request)
    number, firm = request.POST.get("entry", ""), request.POST.get("firm", "")[:18]
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    entry = objections.entry_about(who, seq, firm)
    if entry is None:
        raise Http404
    try:
        objection = objections.object_to(who, entry, firm)
    except objections.NotAllowed:
        raise Http404 from None
    messages.success(
        request, _("Your objection is on record; the body has to answer with reasons.")
    )
    return redirect(objections.link(objection))


@allow(under(SIGNED_IN, acting.LOOKED, "person", "organisation"))
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, ref: str) -> HttpResponse:
    """For whom it is of, the head who answers, and the auditors; 404 for all others."""
    refuse_noughts_posted(request)
    if request.method == "POST":
        within(request, acting.APPLY)
    who, one = actor(request), objections.found(ref)
    if one is None or not objections.may_see(one, who):
        raise Http404
    if who.kind == "official" and request.method != "POST":
        witness.write("objection.opened", who, {"of": one.seq, "used_by": one.body})
    said = ui.Answers(request)
    refused = None
    if request.method == "POST":
        try:
            if _act(one, who, said):
                messages.success(request, _("This is on record."))
                return redirect(objections.link(one))
        except objections.NotAllowed:
            refused = _("This cannot be done, or not any more.")
    status = 409 if refused else 422 if said.wrong else 200
    return _page(request, one, who, said, refused, status)


def _act(one: Objection, who: Actor, said: ui.Answers) -> bool:
    """Do what was sent; False where something has to be put right."""
    if said.act == "withdraw":
        objections.withdraw(one, who)
        return True
    text = said.text("text", objections.LONGEST)
    if 0 < len(text) < objections.LEAST:
        said.wrong["text"] = _("Please say it in words.")
    if said.act == "say":
        if said.good:
            objections.say(one, who, text)
    elif said.act == "answer":
        choice = said.chosen("verdict", ("lawful", "unlawful"))
        if said.good:
            objections.answer(one, who, choice == "lawful", text)
    else:
        raise objections.NotAllowed
    return said.good


def _page(
    request: HttpRequest,
    one: Objection,
    who: Actor,
    said: ui.Answers,
    refused: str | None,
    status: int,
) -> HttpResponse:
    names = words.Names()
    own = objections.concerned(one, who)
    back = None
    if own:
        back = ui.Link(
            f"/looked/?firm={one.about}" if one.about else "/looked/", _("Who looked at my data")
        )
    elif scope.AUDITS.permits(who):
        back = ui.Link("/governance/", _("Use of data"))
    context = {
        "title": _("Objection to a use of data"),
        "back": back,
        "chip": words.objection_chip(objections.kinds(one)),
        "refused": ui.Notice("late", _("This was not done"), refused) if refused else None,
        "notice": _remedies(one) if own else None,
        "panel": _panel(one, names),
        "forms": _forms(one, who, request, said),
        "steps": _steps(one, own),
    }
    return render(request, "trust_governance/steps.html", context, status=status)


def _remedies(one: Objection) -> ui.Notice | None:
    """What the law gives to who is not content with the answer."""
    if not objections.kinds(one) & {"lawful", "unlawful"}:
        return None
    if one.about:
        text = _(
            "Who is concerned may complain to the competent authority (Data Security Law, Art. 12)."
        )
    else:
        text = _(
            "You may complain to the department for the protection of personal information "
            "(Personal Information Protection Law, Art. 65), or go to court where a right of yours "
            "was refused (Art. 50)."
        )
    return ui.Notice("info", _("If you do not agree with the answer"), text)


def _panel(one: Objection, names: words.Names) -> ui.Panel:
    entry = node_evidence.reader().by_seq(one.seq)
    payload = (entry.payload if entry else None) or {}
    read = objections.clock_of(one)
    items = [
        ui.Item(_("Body"), names.body(one.body)),
        ui.Item(
            pgettext("data use", "What was done"),
            ui.Cell(words.kind(one.kind), names.what(payload)),
        ),
        ui.Item(_("Why"), names.why(payload)),
        ui.Item(_("When (system time)"), words.when(entry) if entry else None),
        ui.Item(_("Evidence"), _("evidence no. %(n)s") % {"n": one.seq}),
        ui.Item(_("To be answered by"), ui.legal_date(read.due) if read.due else "—", read.basis),
    ]
    note = _("The days are the platform's own default, which no law counts: unverified.")
    if one.about:
        items.insert(0, ui.Item(_("Firm"), one.about))
    return ui.Panel(_("The use objected to"), items, note)


def _steps(one: Objection, own: bool) -> list[ui.Step]:
    steps = [ui.Step(_("objection raised"), ui.legal_datetime(one.raised_at), "", "done")]
    for event in objections.events(one):
        # Whoever objected hears the body's answer, not the name of its official.
        by = "" if own or event.kind in ("said", "withdrawn", "overdue") else event.by
        note = " ".join(f"“{text}”" for text in (event.text, by.partition(" (")[0]) if text)
        steps.append(ui.Step(event.get_kind_display(), ui.legal_datetime(event.at), note, "done"))
    if not objections.kinds(one) & set(objections.ENDS):
        steps.append(ui.Step(_("answer of the body"), "", "", "now"))
    return steps


def _forms(one: Objection, who: Actor, request: HttpRequest, said: ui.Answers) -> list[ui.Form]:
    done, forms = objections.kinds(one), []
    if objections.may_answer(one, who):
        answers = _of(request, said, "answer")
        choices = [
            ui.Option("lawful", _("the use was lawful")),
            ui.Option("unlawful", _("the use was not lawful")),
        ]
        fields = [
            answers.field("verdict", _("Answer"), kind="radio", options=choices),
            answers.field("text", _("Reasons"), hint=_("The person concerned reads this."),
                          kind="textarea", maxlength=objections.LONGEST),
        ]  # fmt: skip
        forms.append(ui.Form(fields, _("Send the answer"), _("Answer"), "answer"))
    mine = objections.concerned(one, who) and objections.may_raise(who)
    if mine and not done & set(objections.ENDS):
        if "said" not in done:
            answers = _of(request, said, "say")
            label = _("Why you object (you need not say it)")
            text = answers.field("text", label, kind="textarea", maxlength=objections.LONGEST)
            forms.append(ui.Form([text], _("Add this"), act="say"))
        forms.append(ui.Form([], _("Withdraw the objection"), act="withdraw"))
    return forms


def _of(request: HttpRequest, said: ui.Answers, act: str) -> ui.Answers:
    return said if said.act == act else ui.Answers(request, act)
