"""The disclosure office's pages: propose an entry, review it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Actor, actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.disclosure.models import Entry
from lingnan.systems.government.disclosure.publication import (
    Proposal,
    bears_a_mark_of_secrecy,
    due,
    propose,
    review,
)

PAGE = 50
KEEPERS = official("clerk", "head", functions=("data",))
CLERK = official("clerk", functions=("data",))
HEAD = official("head", functions=("data",))


@allow(KEEPERS)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for its review at this body, most urgent first."""
    who = actor(request)
    rows = Entry.objects.filter(division=who.division, state="proposed", ended=False)
    waiting = list(rows.order_by("made_on", "index_number")[:PAGE])
    table = ui.Table(
        [
            ui.Column("name", _("Information")),
            ui.Column("made", _("Made on")),
            ui.Column("due", _("To be published by")),
        ],
        [_line(row, HEAD.permits(who)) for row in waiting],
        _("Waits for the disclosure review"),
        ui.Empty(_("Nothing waits for its review")),
    )
    way = ui.Link(reverse("disclosure-new"), _("Propose information for publication"))
    context = {"table": table, "way": way if CLERK.permits(who) else None}
    return render(request, "disclosure/desk.html", context)


def _line(row: Entry, may_review: bool) -> dict[str, ui.CellLike]:
    last = due(row.made_on)
    late = last < legal_time.today()
    chip = ui.Chip("late", _("Too late")) if late else ui.Chip("ok", _("In time"))
    url = reverse("disclosure-review", args=[row.index_number])
    name = ui.Link(url, row.name) if may_review else row.name
    return {
        "name": ui.Cell(name, row.index_number),
        "made": ui.legal_date(row.made_on),
        "due": ui.Cell(chip, ui.legal_date(last)),
    }


@allow(CLERK)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The clerk proposes a piece of information."""
    refuse_noughts_posted(request)
    said = {name: request.POST.get(name, "").strip() for name in _LENGTHS | {"made_on": 10}}
    wrong = _wrong(said) if request.method == "POST" else {}
    if request.method == "POST" and not wrong:
        wrong = _propose(said, actor(request))
        if not wrong:
            return redirect("disclosure-desk")
    fields = _questions(said, wrong)
    errors = ui.ErrorSummary.of(fields) if wrong else None
    context = {"fields": fields, "errors": errors}
    return render(request, "disclosure/new.html", context, status=422 if wrong else 200)


_LENGTHS = {"name": 200, "section": 12, "document_number": 60, "outline": 400, "text": 20000}


def _propose(said: dict[str, str], who: Actor) -> dict[str, str]:
    made_on = date.fromisoformat(said["made_on"])
    wording = {name: said[name] for name in _LENGTHS}
    try:
        propose(Proposal(made_on=made_on, **wording), who)
    except ValidationError:
        # A colleague has taken the same index number in this moment.
        return {"name": _("Somebody else was quicker. Please send it once more.")}
    return {}


def _wrong(said: dict[str, str]) -> dict[str, str]:
    """What has to be put right, by field."""
    wrong = {}
    for name, length in _LENGTHS.items():
        if not said[name] and name != "document_number":
            wrong[name] = _("Please fill this in.")
        elif len(said[name]) > length:
            wrong[name] = _("This is too long: at most %(count)s characters.") % {"count": length}
        elif bears_a_mark_of_secrecy(said[name]):
            wrong[name] = _("This bears a mark of state secrecy and must not be entered here.")
    if said["section"] and said["section"] not in dict(Entry.SECTIONS):
        wrong["section"] = _("Please choose a section.")
    try:
        if date.fromisoformat(said["made_on"]) > legal_time.today():
            wrong["made_on"] = _("This day is still to come.")
    except ValueError:
        wrong["made_on"] = _("Please give the day on which it was made.")
    return wrong


def _questions(said: dict[str, str], wrong: dict[str, str]) -> list[ui.FieldView]:
    sections = [ui.Option(value, title) for value, title in Entry.SECTIONS]

    def field(name: str, label: str, **more: Any) -> ui.FieldView:
        length = _LENGTHS.get(name) if name not in ("section", "made_on") else None
        return ui.FieldView(
            name, label, value=said[name], error=wrong.get(name, ""), maxlength=length, **more
        )

    return [
        field("name", _("Name of the information"), width="full"),
        field("section", _("Section of the catalogue"), kind="select", options=sections),
        field("document_number", _("Document number"), required=False),
        field("made_on", _("Made on"), kind="date", hint=_("Or the day of its last change")),
        field("outline", _("Outline"), kind="textarea", rows=3, width="full"),
        field("text", _("Full text"), kind="textarea", rows=12, width="full"),
    ]


@allow(HEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def review_page(request: HttpRequest, index: str) -> HttpResponse:
    """The head reviews a proposal (第十七条), and publishes it or keeps it back."""
    who = actor(request)
    waiting = Entry.objects.filter(division=who.division, state="proposed", ended=False)
    found = waiting.filter(index_number=index).first()
    if found is None:
        raise Http404
    refuse_noughts_posted(request)
    outcome = request.POST.get("outcome", "")
    reason = request.POST.get("reason", "").strip()
    wrong = _wrong_review(outcome, reason) if request.method == "POST" else {}
    if request.method == "POST" and not wrong:
        review(found, outcome == "publish", reason, who)
        return redirect("disclosure-desk")
    fields = _review_questions(outcome, reason, wrong)
    context = {
        "entry": found,
        "panel": _proposal(found),
        "trail": ui.Trail([ui.Link(reverse("disclosure-desk"), _("Disclosure"))], found.name),
        "fields": fields,
        "errors": ui.ErrorSummary.of(fields) if wrong else None,
    }
    return render(request, "disclosure/review.html", context, status=422 if wrong else 200)


def _proposal(found: Entry) -> ui.Panel:
    return ui.Panel(
        _("Proposal"),
        [
            ui.Item(_("Index number"), found.index_number),
            ui.Item(_("Section of the catalogue"), str(found.get_section_display())),
            ui.Item(_("Document number"), found.document_number or "—"),
            ui.Item(_("Outline"), found.outline),
            ui.Item(_("Made on"), ui.legal_date(found.made_on)),
            ui.Item(_("To be published by"), ui.legal_date(due(found.made_on))),
        ],
    )


def _wrong_review(outcome: str, reason: str) -> dict[str, str]:
    wrong = {}
    if outcome not in ("publish", "withhold"):
        wrong["outcome"] = _("Please choose the result of the review.")
    if outcome == "withhold" and not reason:
        wrong["reason"] = _("Please say under which article it is kept back.")
    if len(reason) > 400:
        wrong["reason"] = _("This is too long: at most %(count)s characters.") % {"count": 400}
    return wrong


def _review_questions(outcome: str, reason: str, wrong: dict[str, str]) -> list[ui.FieldView]:
    return [
        ui.FieldView(
            "outcome",
            _("Result of the disclosure review"),
            value=outcome,
            kind="radio",
            options=[
                ui.Option("publish", _("Publish"), _("No secret, and no harm to others")),
                ui.Option("withhold", _("Keep back"), _("Articles 14 to 16")),
            ],
            error=wrong.get("outcome", ""),
        ),
        ui.FieldView(
            "reason",
            _("Reasons"),
            _("Needed where it is kept back; with the article"),
            value=reason,
            kind="textarea",
            required=False,
            maxlength=400,
            error=wrong.get("reason", ""),
        ),
    ]
