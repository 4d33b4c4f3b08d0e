"""The form by which somebody doubts one element of a record that they may know."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from lingnan.kernel.registry import display, rights
from lingnan.kernel.registry.doubts import raising
from lingnan.kernel.registry.doubts.raising import LONGEST, DoubtRefused
from lingnan.kernel.registry.records import Record
from lingnan.kernel.trust.api import Actor, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

ASKED = ("element", "said", "right", "evidence")


def ask(
    request: HttpRequest, who: Actor, model: type[Record], record: Any, back: str, here: str
) -> HttpResponse:
    """Show the form, or raise the doubt that is posted and lead to its page.

    The caller has seen to it that `who` may know the record, and has put that into the evidence.
    `back` and `here` are the addresses of the register and of the record as `who` sees them.
    """
    refuse_noughts_posted(request)
    told = {name: request.POST.get(name, "").strip() for name in ASKED}
    error: DoubtRefused | None = None
    if request.method == "POST":
        try:
            if told["element"] not in rights.seen_elements(model, who):
                raise DoubtRefused("element", _("Choose what is in doubt."))
            return redirect(raising.link(raising.raise_doubt(who, model, record, **told)))
        except DoubtRefused as refused:
            error = refused
    fields = _fields(model, who, told, error)
    context = {
        "title": model.record.title,
        "record": display.named(model, record),
        "back": back,
        "here": here,
        "fields": fields,
        "errors": ui.ErrorSummary.of(fields) if error else None,
    }
    return render(request, "registry/doubt_new.html", context, status=422 if error else 200)


def notices(model: type[Record], who: Actor, key: int) -> list[ui.Notice]:
    """The open doubts about a record, of the elements that `who` sees, each with its page."""
    seen = set(rights.seen_elements(model, who))
    return [_notice(model, one) for one in raising.about(model, [key]) if one.element in seen]


def marks(
    model: type[Record], who: Actor, key: int
) -> tuple[dict[str, list[ui.Chip | ui.Link]], list[ui.Notice]]:
    """Field → what stands beside it while it is in doubt; notices of those on no panel."""
    seen, shown = set(rights.seen_elements(model, who)), set(display.panel_fields(model))
    found: dict[str, list[ui.Chip | ui.Link]] = {}
    notices = []
    for doubt in raising.about(model, [key]):
        field = model.record.elements[doubt.element]
        if doubt.element in seen and field in shown:
            link = ui.Link(raising.link(doubt), _("See the doubt"), display.label(model, field))
            found.setdefault(field, [ui.Chip("warn", _("in doubt"))]).append(link)
        elif doubt.element in seen:
            notices.append(_notice(model, doubt))
    return found, notices


def _notice(model: type[Record], doubt: Any) -> ui.Notice:
    field = display.label(model, model.record.elements[doubt.element])
    title = _("There is a doubt about this element: %(field)s") % {"field": field}
    return ui.Notice("warn", title, link=ui.Link(raising.link(doubt), _("See the doubt")))


def _fields(
    model: type[Record], who: Actor, told: dict[str, str], error: DoubtRefused | None
) -> list[ui.FieldView]:
    wrong = {error.field: error.words} if error else {}
    elements = model.record.elements
    options = [
        ui.Option(code, display.label(model, elements[code]))
        for code in rights.seen_elements(model, who)
    ]
    return [
        ui.FieldView("element", _("What is in doubt"), "", told["element"], "select", options,
                     error=wrong.get("element", "")),
        ui.FieldView("said", _("Why it is doubted"), "", told["said"], "textarea",
                     error=wrong.get("said", ""), maxlength=LONGEST),
        ui.FieldView("right", _("What would be right"), "", told["right"],
                     error=wrong.get("right", ""), maxlength=LONGEST),
        ui.FieldView("evidence", _("What shows it"), _("A document, its number and its day."),
                     told["evidence"], "textarea", required=False,
                     error=wrong.get("evidence", ""), maxlength=LONGEST),
    ]  # fmt: skip
