"""What is on its way between nodes: what waits, what was refused, what did not arrive, and what an
operator does about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.exchange.api import handing
from lingnan.kernel.exchange.following import deciding
from lingnan.kernel.exchange.models import Following, Handover, Incoming
from lingnan.kernel.exchange.use import Denied, Unavailable
from lingnan.kernel.trust.api import (
    EvidenceUnavailable,
    actor,
    allow,
    at_level,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import operators_transit_words as words
from lingnan.portal.operators import OPERATORS

SHOWN, LONGEST, MOST = 50, 300, 10**15
OPEN = ("waiting", "refused", "dead")
Act = Callable[[HttpRequest, int], None]


@allow(OPERATORS)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Everything that has not arrived, the newest first."""
    rows = Handover.objects.filter(state__in=OPEN).defer("content", "leaves").order_by("-id")
    coming = Incoming.objects.filter(state="open").defer("leaves").order_by("-id")
    followed = Following.objects.filter(state="following").order_by("-id")
    drawn = ui.Page(
        _("On its way between nodes"),
        _("What this node hands over, what comes, and what it wants to be told of. What a node "
          "does not answer is tried again for a week; then it is decided here, or comes back to "
          "its sender by itself."),
        links=[ui.Link(reverse("dead-letters"), _("Dead letters"))],
        tables=[
            ui.Part(words.handovers(list(rows[:SHOWN])), _("Handed over by this node")),
            ui.Part(words.coming(list(coming[:SHOWN])), _("Coming to this node")),
            ui.Part(words.followings(deciding.undecided(SHOWN)), _("Followings not taken yet")),
            ui.Part(words.followings(list(followed[:SHOWN])), _("Followings in force")),
        ],
        trail=ui.Trail([ui.Link(reverse("operating"), _("Operating"))]),
    )  # fmt: skip
    return ui.shown(request, drawn)


@allow(OPERATORS)
@require_safe
def handover(request: HttpRequest, number: int) -> HttpResponse:
    return _handover(request, number)


def _handover(request: HttpRequest, number: int, error: str = "") -> HttpResponse:
    found = Handover.objects.filter(pk=number).defer("content", "leaves").first()
    if found is None:
        raise Http404
    forms = []
    if found.state in OPEN:
        if not found.returned:
            forms.append(ui.Form([], _("Try again"), _("Try again now"), "again",
                                 url=reverse("transit-handover-again", args=[number])))  # fmt: skip
        hint = _("Its sender reads it, and it stays in the evidence. Name nobody.")
        where = reverse("transit-handover-give-up", args=[number])
        forms.append(_reasoned(request, error, _("Give up this handover"), where, hint))
    drawn = ui.Page(
        _("Handover"), top=[words.handover(found)], forms=forms, code=found.number,
        trail=_trail(found.number),
    )  # fmt: skip
    return ui.shown(request, drawn, 422 if error else 200)


@allow(OPERATORS)
@require_safe
def following(request: HttpRequest, number: int) -> HttpResponse:
    return _following(request, number)


def _following(request: HttpRequest, number: int, error: str = "") -> HttpResponse:
    found = deciding.one(number)
    if found is None:
        raise Http404
    forms = []
    if found.state in deciding.UNDECIDED:
        forms.append(ui.Form([], _("Ask again"), _("Ask again now"), "again",
                             url=reverse("transit-following-again", args=[number])))  # fmt: skip
    if found.state == "following":
        since = ui.FieldView("since", _("From which telling on"), kind="number", value="1",
                             hint=_("Its number at the other node; what was acted on here changes "
                                    "nothing."))  # fmt: skip
        forms.append(ui.Form([since], _("Have it told again"), _("Tell again"), "replay",
                             url=reverse("transit-following-replay", args=[number])))  # fmt: skip
    if found.state != "ended":
        hint = _("It stays in the evidence. Name nobody.")
        where = reverse("transit-following-give-up", args=[number])
        forms.append(_reasoned(request, error, _("Follow it no more"), where, hint))
    drawn = ui.Page(
        _("Following"), top=[words.following(found)], forms=forms, code=str(number),
        trail=_trail(str(number)),
    )  # fmt: skip
    return ui.shown(request, drawn, 422 if error else 200)


def _trail(here: str) -> ui.Trail:
    above = [ui.Link(reverse("operating"), _("Operating")),
             ui.Link(reverse("transit"), _("On its way between nodes"))]  # fmt: skip
    return ui.Trail(above, here)


def _reasoned(request: HttpRequest, error: str, title: str, url: str, hint: str) -> ui.Form:
    reason = ui.FieldView(
        "reason", _("Reason"), hint, request.POST.get("reason", ""), "textarea",
        maxlength=LONGEST, error=error,
    )  # fmt: skip
    return ui.Form([reason], _("Give up"), title, "give_up", url=url)


def _done(request: HttpRequest, number: int, act: Act, name: str) -> HttpResponse:
    """Do it, say what came of it, and lead back."""
    refuse_noughts_posted(request)
    try:
        act(request, number)
    except (handing.ending.NotOpen, deciding.NotOpen):
        messages.info(request, _("Somebody else has decided it meanwhile."))
    except handing.ending.Arrived:
        messages.success(request, _("It had arrived after all: the receiver's node has it."))
    except EvidenceUnavailable:
        messages.error(request, _("Evidence cannot be written now. Nothing was changed."))
    except (Denied, Unavailable) as failed:
        messages.error(request, _("The other node did not do it: %(why)s") % {"why": failed.detail})
        return redirect(name, number)
    return redirect("transit")


@allow(at_level(OPERATORS, 2))
@require_POST
def handover_again(request: HttpRequest, number: int) -> HttpResponse:
    def act(request: HttpRequest, number: int) -> None:
        handing.ending.again(number, actor(request))
        messages.success(request, _("It is tried again in the next round, within seconds."))

    return _done(request, number, act, "transit-handover")


@allow(at_level(OPERATORS, 2))
@require_POST
def handover_give_up(request: HttpRequest, number: int) -> HttpResponse:
    if not _reason(request):
        return _handover(request, number, _("Say why it is given up."))

    def act(request: HttpRequest, number: int) -> None:
        if handing.ending.give_up(number, actor(request), _reason(request)):
            messages.success(request, _("Given up; the other node knows that nothing comes."))
        else:
            messages.success(request, _("Given up; the other node could not be told of it."))

    return _done(request, number, act, "transit-handover")


@allow(at_level(OPERATORS, 2))
@require_POST
def following_again(request: HttpRequest, number: int) -> HttpResponse:
    def act(request: HttpRequest, number: int) -> None:
        deciding.again(number, actor(request))
        messages.success(request, _("It is tried again in the next round, within seconds."))

    return _done(request, number, act, "transit-following")


@allow(at_level(OPERATORS, 2))
@require_POST
def following_give_up(request: HttpRequest, number: int) -> HttpResponse:
    if not _reason(request):
        return _following(request, number, _("Say why it is given up."))

    def act(request: HttpRequest, number: int) -> None:
        deciding.give_up(number, actor(request), _reason(request))
        messages.success(request, _("Given up. Your reason stays in the evidence."))

    return _done(request, number, act, "transit-following")


@allow(at_level(OPERATORS, 2))
@require_POST
def following_replay(request: HttpRequest, number: int) -> HttpResponse:
    said = ui.Answers(request, "replay")
    since = said.whole("since", MOST)

    def act(request: HttpRequest, number: int) -> None:
        count = deciding.replay(number, actor(request), since)
        told = _("%(n)s changes are told again.") % {"n": f"{count:,}"}
        messages.success(request, told)

    if said.wrong:
        messages.error(request, said.wrong["since"])
        return redirect("transit-following", number)
    return _done(request, number, act, "transit-following")


def _reason(request: HttpRequest) -> str:
    given: Any = request.POST.get("reason", "")
    return str(given).strip()[:LONGEST]
