"""Asking about one firm or person under an arrangement; the answer is shown once and not kept."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import ExchangeFailure, partners
from lingnan.kernel.trust.api import EvidenceUnavailable, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.regional_cooperation.views import rights, wording

STATUS = {"denied": 403, "unavailable": 503, "stale": 409}


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    refuse_noughts_posted(request)
    who = actor(request)
    found = next((one for one in partners.asking.may_ask(who.body) if one.number == number), None)
    if found is None:
        raise Http404
    text = partners.documents.read(found.document)
    said = ui.Answers(request)
    who_answers = partners.asking.homes(found)
    values, fields = said.read(_fields(text, who_answers))
    top: list[Any] = []
    status = 422 if said.posted else 200
    if said.good:
        subject = {name: values[name] for name in ("code", "number", "name") if values.get(name)}
        try:
            of = next((one for one in who_answers if str(one) == values.get("of")), None)
            told = partners.asking.ask(
                found, who, values["case"], values["elements"], subject, of
            )  # fmt: skip
        except (ExchangeFailure, EvidenceUnavailable) as failure:
            status = STATUS.get(getattr(failure, "code", ""), 503)
            top.append(_refused(failure, text))
        else:
            status = 200
            top += _answer(told, text, values["elements"])
    return ui.shown(request, _page(found, text, fields, top), status)


def _fields(
    text: "partners.documents.Said", who_answers: Mapping[Any, str]
) -> list[ui.FieldView]:  # fmt: skip
    options = [ui.Option(code, wording.titled(title)) for code, title in text.elements.items()]
    fields = []
    if text.subject == rights.PERSONS:
        hint = _("As the document says that the person shows you. Both have to fit exactly.")
        fields += [
            ui.FieldView("number", _("Number of the identity document"), hint, maxlength=40),
            ui.FieldView("name", _("Name on the document"), maxlength=60),
        ]
    else:
        hint = _("Unified social credit code, or the number under which its own register has it.")
        fields.append(ui.FieldView("code", _("Code of the firm"), hint, maxlength=40))
    if len(who_answers) > 1:
        bodies = [(str(one), name) for one, name in who_answers.items()]
        fields.append(ui.FieldView("of", _("Which body is asked"), kind="select",
                                   options=ui.options(bodies), value=bodies[0][0]))  # fmt: skip
    return [
        *fields,
        ui.FieldView("elements", _("What is asked"), kind="checkbox", options=options),
        ui.FieldView("case", _("Number of your case"),
                     _("It stands in the evidence of both sides."), maxlength=80),
    ]  # fmt: skip


def _refused(failure: Exception, text: "partners.documents.Said") -> ui.Notice:
    denied = getattr(failure, "code", "") == "denied"
    words = getattr(failure, "detail", "") or str(failure)
    hop = [_("The node that said so, in its own words: %(words)s") % {"words": words}]
    if not denied:
        words = _("The other side does not answer now. What you typed is still here; try again, "
                  "or ask for a paper.")  # fmt: skip
        return ui.Notice("warn", _("No answer came"), words, items=hop)
    title = _("The other side answered nothing")
    if text.subject != rights.PERSONS:
        words = _("No firm of this code is on record there, or the arrangement does not cover the "
                  "question any more.")  # fmt: skip
        return ui.Notice("late", title, words, items=hop)
    words = _("No single person of these particulars has allowed it, or the arrangement does not "
              "cover it; which, is not said. The person allows it at the other side's portal, "
              "under “Consents”, for the arrangement %(number)s.")  # fmt: skip
    return ui.Notice("late", title, words % {"number": text.number}, items=hop)


def _answer(
    told: "partners.asking.Told", text: "partners.documents.Said", elements: Any
) -> list[Any]:
    words = _(
        "Evidence no. %(ours)s here, no. %(theirs)s there. Shown once; it is not kept here and may "
        "be passed on to nobody."
    )
    note = words % {"ours": told.evidence, "theirs": told.theirs}
    if not told.rows:
        return [ui.Notice("info", _("Nothing is on record there"), note)]
    found: list[Any] = []
    for row in told.rows:
        items = [_item(row, code, text) for code in elements]
        found.append(ui.Panel(_("What the other side says"), items, note=note))
    return found


def _item(row: Mapping[str, Any], code: str, text: "partners.documents.Said") -> ui.Item:
    value = row.get(code)
    known = {"yes": _("yes"), "no": pgettext("arrangement", "no")}
    words = known.get(str(value), str(value)) if value not in (None, "") else "—"
    return ui.Item(wording.titled(text.elements[code]), words)


def _page(
    one: partners.Arrangement, text: "partners.documents.Said", fields: list[ui.FieldView],
    top: list[Any],
) -> ui.Page:  # fmt: skip
    known = partners.naming.partner_titles()
    lead = _("Asked of %(place)s under %(number)s, for: %(purpose)s. One at a time.") % {
        "place": wording.place(one.partner, known), "number": one.number,
        "purpose": wording.titled(text.purpose_title),
    }  # fmt: skip
    return ui.Page(
        wording.titled(text.resource_title), lead, top=top,
        forms=[ui.Form(fields, _("Ask"))],
        trail=ui.Trail([ui.Link(wording.HERE, pgettext("partners", "Regional cooperation"))]),
    )  # fmt: skip
