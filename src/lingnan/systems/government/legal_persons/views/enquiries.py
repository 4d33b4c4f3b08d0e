"""Reports that something published is false, and questions about it: for anybody.

企业信息公示暂行条例 (2014-08-07) Art. 13.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.trust.api import (
    PUBLIC,
    Actor,
    acting,
    address_of,
    allow,
    counts,
    refuse_noughts_posted,
    within,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import asking
from lingnan.systems.government.legal_persons.models import Enquiry, Enterprise
from lingnan.systems.government.legal_persons.rules import publicity
from lingnan.systems.government.legal_persons.views import chips

TEXTS = {"about": 120, "statement": 600, "contact_name": 60, "contact": 120}
# Each opens a task for a registrar; many people of one office share one address.
COUNTED, PER_ADDRESS, WINDOW = "enterprise.enquiry", 20, 3600.0


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Report something that the firm has published as false, or ask about it."""
    company = Enterprise.objects.filter(credit_code=code).first()
    if company is None:
        raise Http404
    refuse_noughts_posted(request)
    who: Actor | None = getattr(request, "actor", None)
    said, top, status = ui.Answers(request, "ask"), list[ui.Notice](), 200
    kind = said.chosen("kind", [code for code, _words in Enquiry.KINDS])
    values = {name: said.text(name, most) for name, most in TEXTS.items()}
    if said.posted:
        status = 422
    if said.good:
        within(request, acting.APPLY)
        if not counts.take(COUNTED, address_of(request), PER_ADDRESS, WINDOW):
            made = asking.ask(company, who, kind, values)
            messages.success(request, _("It is received. Keep the number: it leads to the answer."))
            return redirect("enterprise-enquiry-number", number=made.number)
        later = _("Much has come from your address. Please send it again in an hour.")
        top, status = [ui.Notice("warn", _("Not received"), later)], 429
    title = _("Report false information, or ask about it")
    back = ui.Link(reverse("enterprise", args=[code]), _("Enterprise"))
    page = ui.Page(
        title,
        _lead(),
        top=top,
        forms=[_form(request, said, who)],
        trail=ui.Trail([back], title),
        name=company.name,
        code=code,
    )
    return ui.shown(request, page, status)


def _lead() -> str:
    words = _("Anybody may report that what an enterprise has published is false, and may ask "
              "about it. The registrar answers in writing within %(days)s working days "
              "(《企业信息公示暂行条例》第十三条).")  # fmt: skip
    return words % {"days": publicity.answer_days()}


def _form(request: HttpRequest, said: ui.Answers, who: Actor | None) -> ui.Form:
    first = {} if said.posted else {"kind": request.GET.get("kind", "")[:10]}
    if not said.posted and who is not None and who.kind == "resident":
        first["contact_name"] = who.name

    def one(name: str, label: str, **more: Any) -> ui.FieldView:
        if name in first:
            more["value"] = first[name]
        return said.field(name, label, maxlength=TEXTS.get(name), **more)

    kinds = {"false": _("I report that something is false"), "question": _("I have a question")}
    which = _("The number of the publication, the year of the report, or the particular")
    what = _("What is not true and how you know it, or what you want to know")
    letter = _("Where the answer reaches you: telephone, e-mail or address")
    fields = [
        one("kind", _("What you want"), kind="radio", options=ui.options(kinds)),
        one("about", _("Which information"), hint=which),
        one("statement", _("Facts or question"), hint=what, kind="textarea"),
        one("contact_name", _("Your name"), autocomplete="name"),
        one("contact", _("How to reach you"), hint=letter),
    ]
    note = _("Only the registrar and the bodies above it see your name and how to reach you; "
             "the enterprise does not.")  # fmt: skip
    title = _("Report false information, or ask about it")
    return ui.Form(fields, _("Send"), title, "ask", note)


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The way to an answer, by the number that one was given."""
    refuse_noughts_posted(request)
    said = ui.Answers(request)
    number = said.text("number", 30).upper().replace(" ", "")
    if said.good:
        if Enquiry.objects.filter(number=number, ended=False).exists():
            return redirect("enterprise-enquiry-number", number=number)
        said.wrong["number"] = _("Nothing was received under this number.")
    field = said.field("number", _("Number of the enquiry"), maxlength=30, autocomplete="off")
    title = _("Find an answer")
    page = ui.Page(
        title,
        _("You were given a number when you reported or asked."),
        forms=[ui.Form([field], _("Show it"))],
        trail=ui.Trail([ui.Link(reverse("enterprises"), _("Enterprises"))], title),
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


@allow(PUBLIC)
@require_safe
def trace(request: HttpRequest, number: str) -> HttpResponse:
    """Where a report or a question stands, for who has its number; never who sent it."""
    found = Enquiry.objects.filter(number=number, ended=False).first()
    if found is None:
        raise Http404
    items = [
        ui.Item(_("State"), chips.enquiry(found)),
        ui.Item(_("What you want"), str(found.get_kind_display())),
        ui.Item(_("Which information"), found.about),
        ui.Item(_("Day of receipt"), ui.legal_date(found.received_on)),
        ui.Item(_("To be answered by"), ui.legal_date(found.due_on) if found.due_on else "—"),
    ]
    if found.answered_on is not None:
        items += answer_items(found)
    links = [ui.Link(reverse("enterprise", args=[found.company]), _("As registered now"))]
    page = ui.Page(
        _("Your report or question"),
        top=[ui.Panel(_("Report or question"), items)],
        links=links,
        trail=ui.Trail([ui.Link(reverse("enterprises"), _("Enterprises"))], found.number),
        name=found.name,
        code=found.number,
    )
    return ui.shown(request, page)


def answer_items(found: Enquiry) -> list[ui.Item]:
    """The answer in writing, and what has followed from it."""
    follows = _("The enterprise has been told that it is to be entered on the list of abnormal "
                "operations (《企业信息公示暂行条例》第十七条).")  # fmt: skip
    day = ui.legal_date(found.answered_on) if found.answered_on else ""
    return [
        ui.Item(
            _("Result of the enquiry"),
            str(found.get_outcome_display()),
            follows if found.entry else "",
        ),
        ui.Item(_("The answer"), found.answer, day),
    ]
