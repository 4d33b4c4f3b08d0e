"""Supervision opinions: writing, the list of them, and the answer of the head."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import calendars
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import actor, allow, official, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.supervision import opinions, scope, wording
from lingnan.systems.government.supervision.models import Card, Opinion
from lingnan.systems.government.supervision.views import lists

HEADS = official("head")
SHOWN = 100
CARD = "supervision.card"


def write_address(card: Card) -> str:
    return f"/supervision/cards/{keys.veil(card.pk, CARD)}/opinion/"


def view(opinion: Opinion) -> dict[str, Any]:
    """An opinion and its answer as pages show them."""
    given = getattr(opinion, "answer", None)
    return {
        "words": opinion.words,
        "by": opinion.by_name,
        "on": opinion.written_on,
        "due": opinion.answer_by,
        "late": given is None and opinion.answer_by < legal_time.today(),
        "answer": given.words if given else "",
        "answered_on": given.answered_on if given else None,
        "answered_by": given.by_name if given else "",
    }


def _field(words: str, label: str, error: str) -> ui.FieldView:
    return ui.FieldView(
        name="words",
        label=label,
        kind="textarea",
        value=words,
        error=error,
        maxlength=opinions.LONGEST,
    )


@allow(scope.WRITES)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, card: str) -> HttpResponse:
    """The form on a card, and the act."""
    who = actor(request)
    key = keys.unveil(card, CARD)
    found = Card.objects.filter(pk=key).first() if key is not None else None
    if found is None or not scope.covers(who, found.body):
        raise Http404
    words = request.POST.get("words", "")
    error = ""
    if request.method == "POST":
        refuse_noughts_posted(request)
        try:
            opinions.write(found, who, words)
        except opinions.NotAllowed:
            error = _("Please say in a sentence what you advise.")
        else:
            messages.success(request, _("The opinion has been sent to the head of the body."))
            return redirect("supervision-case", number=found.reference)
    days = int(opinions.parameters()["answer_within"])
    context = {
        "number": found.reference,
        "chip": wording.card_chip(found.colour),
        "on": found.on,
        "field": _field(words, _("What you advise"), error),
        "due": calendars.calendar().add_working_days(legal_time.today(), days),
    }
    return render(request, "supervision/write.html", context, status=422 if error else 200)


@allow(scope.SEES)
@require_safe
def opinion_list(request: HttpRequest) -> HttpResponse:
    """What was advised to the bodies of the own division and below, and what they answered."""
    bodies = scope.bodies(actor(request).division)
    rows = Opinion.objects.select_related("card", "answer").order_by("-id")
    found = [one for one in rows[: SHOWN * 4] if one.body in bodies][:SHOWN]
    table = ui.Table(
        [
            ui.Column("case", _("Case")),
            ui.Column("body", _("Body")),
            ui.Column("state", _("Answer")),
            ui.Column("on", _("Written on")),
        ],
        [_row(one, str(bodies[one.body].title)) for one in found],
        _("Supervision opinions"),
        ui.Empty(_("No opinion has been written"), _("A supervisor writes one about a card.")),
        caption_hidden=True,
    )
    return render(request, "supervision/opinions.html", {"table": table})


def _row(one: Opinion, body: str) -> dict[str, ui.CellLike]:
    return {
        "case": ui.Link(f"/supervision/cases/{one.card.reference}/", one.card.reference),
        "body": body,
        "state": _state(one),
        "on": one.written_on,
    }


def _state(one: Opinion) -> ui.CellLike:
    given = getattr(one, "answer", None)
    if given is not None:
        return ui.Cell(ui.Chip("ok", _("Answered")), ui.legal_date(given.answered_on))
    if one.answer_by < legal_time.today():
        return ui.Cell(ui.Chip("late", _("Overdue")), ui.legal_date(one.answer_by))
    return ui.Cell(ui.Chip("info", _("Waits")), ui.legal_date(one.answer_by))


@allow(HEADS)
@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """What the head of a body has to answer, and the cards of the body."""
    who = actor(request)
    rows = Opinion.objects.filter(body=who.body).select_related("card", "answer").order_by("-id")
    table = ui.Table(
        [
            ui.Column("case", _("Case")),
            ui.Column("state", _("Answer")),
            ui.Column("on", _("Written on")),
        ],
        [
            {
                "case": ui.Link(opinions.address(one), one.card.reference),
                "state": _state(one),
                "on": one.written_on,
            }
            for one in rows[:SHOWN]
        ],
        _("Supervision opinions"),
        ui.Empty(_("No opinion for your body"), _("A supervisor writes one about a card.")),
        caption_hidden=True,
    )
    cards = list(Card.objects.filter(body=who.body).order_by("-on", "-id")[: lists.PAGE])
    bodies = scope.bodies(who.division)
    context = {"table": table, "cards": lists.card_table(cards, bodies, link=False), "who": who}
    return render(request, "supervision/received.html", context)


@allow(HEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, opinion: str) -> HttpResponse:
    """One opinion, for the head of the body it is addressed to alone."""
    who = actor(request)
    key = keys.unveil(opinion, opinions.CONTEXT)
    rows = Opinion.objects.filter(body=who.body).select_related("card", "answer")
    found = rows.filter(pk=key).first() if key is not None else None
    if found is None:
        raise Http404
    words = request.POST.get("words", "")
    error = ""
    if request.method == "POST":
        refuse_noughts_posted(request)
        try:
            opinions.answer(found, who, words)
        except opinions.NotAllowed:
            error = _("Please write an answer; it can be given once.")
        else:
            messages.success(request, _("The answer has been sent to the supervisor."))
            return redirect("received-opinions")
    context = {
        "opinion": view(found),
        "number": found.card.reference,
        "chip": wording.card_chip(found.card.colour),
        "on": found.card.on,
        "field": _field(words, _("Your answer"), error),
    }
    return render(request, "supervision/answer.html", context, status=422 if error else 200)
