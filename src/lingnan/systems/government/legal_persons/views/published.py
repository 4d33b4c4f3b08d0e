"""What firms publish of themselves: for everybody to see, and the form of the firm."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Conflict, legal_time
from lingnan.kernel.trust.api import (
    RESIDENT,
    Actor,
    acting,
    actor,
    allow,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.legal_persons import ordering, publishing
from lingnan.systems.government.legal_persons.firms import own_firm
from lingnan.systems.government.legal_persons.models import (
    Enterprise,
    Publication,
    PublicationOrder,
)
from lingnan.systems.government.legal_persons.setting_up import Refused
from lingnan.systems.government.legal_persons.views.forms import MOST_YUAN
from lingnan.systems.government.legal_persons.views.frame import plain_table, refused

TEXTS = {"subject": 120, "content": 400}
ORDERED = ("kind", "subject", "came_about_on")
AMOUNTS, SHOWN = ("subscribed", "paid"), 25


def page_of(request: HttpRequest, code: str, own: bool = False) -> ui.Table:
    """25 of a firm's publications, after the number in the address (?published=…)."""
    after = request.GET.get("published", "")[:30]
    found = publishing.published_by(code, after, SHOWN + 1)
    query = request.GET.copy()
    query["published"] = found[SHOWN - 1].number if len(found) > SHOWN else ""
    more = f"?{query.urlencode()}" if query["published"] else None
    return table(found[:SHOWN], code if own else "", more)


def table(rows: list[Publication], own: str = "", more: str | None = None) -> ui.Table:
    """With what each said before. `own` is the code of the firm that may correct them; `more`
    leads to those that follow."""
    former = publishing.former(rows)
    lines = [_row(one, former.get(one.key, []), own) for one in rows]
    columns = [
        ("kind", _("Kind of information")),
        ("content", _("Content")),
        ("day", _("Came about on")),
        ("published", _("Made public on")),
    ]
    caption = _("Published by the enterprise itself")
    empty = _("It has published nothing of this kind")
    return replace(plain_table(columns, lines, caption, empty), next_url=more)


def _row(row: Publication, before: list[Any], own: str) -> dict[str, ui.CellLike]:
    content: tuple[ui.Piece, ...] = (_words(row),)
    if own:
        content = (*content, ui.Link(address(own, row.number), _("Correct this"), row.number))
    return {
        "kind": ui.Cell(str(row.get_kind_display()), row.number),
        "content": ui.Cell(content, _before(row, before)),
        "day": ui.legal_date(row.came_about_on),
        "published": ui.Cell(_in_time(row), ui.legal_date(row.published_on)),
    }


def address(code: str, number: str = "") -> str:
    if number:
        return reverse("enterprise-correct", args=[code, number])
    return reverse("enterprise-publish", args=[code])


def _words(row: Any) -> str:
    words = f"{row.subject}：{row.content}"
    if row.kind != "capital":
        return words
    amounts = _("subscribed %(subscribed)s, paid %(paid)s, %(means)s") % {
        "subscribed": ui.money(row.subscribed),
        "paid": ui.money(row.paid),
        "means": dict(Publication.MEANS).get(row.means, "—"),
    }
    return f"{words} ({amounts})"


def _before(row: Publication, rows: list[Any]) -> str:
    """企业信息公示暂行条例 Art. 12: before and after a correction are public together."""
    if not rows:
        return ""
    kinds = dict(Publication.KINDS)
    said = [f"{kinds[one.kind]} {_words(one)} ({ui.legal_date(one.came_about_on)})" for one in rows]
    words = _("Corrected on %(day)s; before: %(words)s")
    return words % {
        "day": ui.legal_date(row.corrected_on or row.valid_from),
        "words": ui.listed(said),
    }


def _in_time(row: Publication) -> ui.Chip:
    return ui.Chip("late", _("late")) if row.late else ui.Chip("ok", _("in time"))


@allow(under(RESIDENT, acting.APPLY, "organisation"))
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, code: str, number: str = "") -> HttpResponse:
    """The representative publishes something new, or corrects what has a number."""
    who = actor(request)
    company = own_firm(who, code)
    found = Publication.objects.filter(company=code, number=number, ended=False).first()
    if company is None or company.ended or (number and found is None):
        raise Http404
    refuse_noughts_posted(request)
    said, top, status = ui.Answers(request, "publish"), list[ui.Notice](), 200
    ordered = None if found else _ordered(code, request.GET.get("order", "")[:30])
    form, values = _form(said, found, ordered)
    if said.posted:
        status = 422
    if said.good:
        try:
            return _done(request, company, found or ordered, who, values)
        except Refused as why:
            top, status = [refused(why)], 409
        except (Conflict, IntegrityError):
            again = _("It was changed at the same time. Please send it again.")
            top, status = [ui.Notice("warn", again)], 409
    trail = ui.Trail(
        [ui.Link(reverse("enterprise-mine", args=[code]), _("Enterprise"))], form.title
    )
    if ordered is not None:
        until = {"day": ui.legal_date(ordered.until), "document": ordered.document}
        words = _("You are ordered to publish this by %(day)s (%(document)s).") % until
        top.append(ui.Notice("warn", _("Order to publish"), words))
    lead = _("What comes about is published within 20 working days; later it is marked as late "
             "(《企业信息公示暂行条例》第十条).")  # fmt: skip
    page = ui.Page(
        form.title, lead, top=top, forms=[form], trail=trail, name=company.name, code=number
    )
    return ui.shown(request, page, status)


def _done(
    request: HttpRequest,
    company: Enterprise,
    given: Publication | PublicationOrder | None,
    who: Actor,
    values: dict[str, Any],
) -> HttpResponse:
    if isinstance(given, Publication):
        publishing.correct(company, given, who, values)
    else:
        publishing.publish(company, who, values, given)
    messages.success(request, _("It is published."))
    return redirect("enterprise-mine", code=company.credit_code)


def _ordered(code: str, number: str) -> PublicationOrder | None:
    """The order of an address that the firm still has to carry out."""
    return next((one for one in ordering.open_orders(code) if one.number == number), None)


def _given(given: Publication | PublicationOrder | None) -> dict[str, str]:
    """With what the form begins: what is published, or what was ordered."""
    if given is None:
        return {}
    names = (*ORDERED, "content", *AMOUNTS, "means") if isinstance(given, Publication) else ORDERED
    now = {name: getattr(given, name) for name in names}
    return {k: v.isoformat() if isinstance(v, date) else str(v) for k, v in now.items()}


def _form(
    said: ui.Answers, found: Publication | None, ordered: PublicationOrder | None
) -> tuple[ui.Form, dict[str, Any]]:
    """The form and what was said; a correction begins with what is published."""
    values, first = _values(said), {} if said.posted else _given(found or ordered)

    def one(name: str, label: str, **more: Any) -> ui.FieldView:
        if name in first:
            more["value"] = first[name]
        return said.field(name, label, **more)

    kinds = [ui.Option(code, str(words)) for code, words in Publication.KINDS]
    means = [ui.Option(code, str(words)) for code, words in Publication.MEANS]
    number: dict[str, Any] = {
        "unit": _("yuan"), "inputmode": "numeric", "width": "medium", "required": False,
        "hint": _("Of capital only"),
    }  # fmt: skip
    whom = _("The shareholder, or the number of the licence, pledge or decision")
    what = _("With the times of contributions, the terms of a licence, or what a penalty is for")
    fields = [
        one("kind", _("Kind of information"), kind="select", options=kinds),
        one("subject", _("Whom or what it concerns"), hint=whom, maxlength=TEXTS["subject"]),
        one("content", _("Content"), hint=what, kind="textarea", maxlength=TEXTS["content"]),
        one("came_about_on", _("Came about on"), kind="date"),
        one("subscribed", _("Capital subscribed"), **number),
        one("paid", _("Of it paid"), **number),
        one("means", _("Means of the contribution"), kind="select", options=means, blank="—",
            required=False, hint=_("Of capital only")),
    ]  # fmt: skip
    title = _("Correct what is published") if found else _("Publish something")
    note = _("Everybody sees it at once. What you correct later stays in sight "
             "(《企业信息公示暂行条例》第十二条).")  # fmt: skip
    return ui.Form(fields, _("Make it public"), title, "publish", note), values


def _values(said: ui.Answers) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": said.chosen("kind", [code for code, _w in Publication.KINDS])}
    values |= {name: said.text(name, most) for name, most in TEXTS.items()}
    values["came_about_on"] = said.day("came_about_on", legal_time.today())
    capital = values["kind"] == "capital"
    for name in AMOUNTS:
        amount = said.whole(name, MOST_YUAN, required=capital)
        values[name] = amount if capital else 0
    if capital:
        values["means"] = said.chosen("means", [code for code, _w in Publication.MEANS])
    return {"means": ""} | values
