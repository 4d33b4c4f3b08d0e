"""Dead letters: changes that could not be told, and what an operator does about them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.exchange import told_dead
from lingnan.kernel.exchange.api import resources
from lingnan.kernel.exchange.models import Telling
from lingnan.kernel.trust.api import (
    Body,
    EvidenceUnavailable,
    actor,
    allow,
    at_level,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS

PAGE = 25
LONGEST = 300


@allow(OPERATORS)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    start = int(before) if before.isdecimal() and len(before) < 19 else None
    found = told_dead.dead_letters(start, PAGE + 1)
    more = f"?before={found[PAGE - 1].id}" if len(found) > PAGE else None
    return render(request, "portal/operators_dead.html", {"table": _table(found[:PAGE], more)})


def _table(found: list[Telling], more: str | None) -> ui.Table:
    return ui.Table(
        [
            ui.Column("what", _("What changed")),
            ui.Column("whom", _("Who is to be told")),
            ui.Column("why", _("Why it failed")),
            ui.Column("when", _("Since (system time)")),
            ui.Column("acts", ""),
        ],
        [_row(telling) for telling in found],
        _("Dead letters"),
        ui.Empty(
            _("No dead letter"),
            _("What changes reaches those who follow it. What cannot be told ends up here."),
        ),
        next_url=more,
        caption_hidden=True,
    )


def _row(telling: Telling) -> dict[str, ui.CellLike]:
    address, about = f"/operating/dead-letters/{telling.id}/", f"({telling.id})"
    return {
        "what": ui.Cell(ui.Link(address, _resource(telling)), _number(telling)),
        "whom": ui.Cell(_consumer(telling), telling.follower.reference),
        "why": ui.Cell(telling.problem, _attempts(telling)),
        "when": ui.legal_datetime(telling.finished_at),
        "acts": _give_up(address, about)
        if told_dead.overtaken(telling)
        else ui.Cell((ui.Act(f"{address}again/", _("Try again"), about=about),
                      ui.Link(address, _("Give up"), about))),
    }  # fmt: skip


def _give_up(address: str, about: str) -> ui.Cell:
    return ui.Cell(ui.Link(address, _("Give up"), about), _("A later change has been told."))


def _number(telling: Telling) -> str:
    return _("telling no. %(n)s") % {"n": telling.id}


def _attempts(telling: Telling) -> str:
    return _("%(n)s attempts") % {"n": telling.attempts}


def _resource(telling: Telling) -> str:
    found = resources().get(telling.follower.resource)
    return str(found.title) if found else telling.follower.resource


def _consumer(telling: Telling) -> str:
    body = Body.objects.filter(code=telling.follower.consumer).first()
    return str(body.title) if body else telling.follower.consumer


@allow(OPERATORS)
@require_safe
def letter(request: HttpRequest, telling: int) -> HttpResponse:
    return _letter(request, telling)


def _letter(request: HttpRequest, number: int, error: str = "", status: int = 200) -> HttpResponse:
    telling = told_dead.dead_letter(number)
    if telling is None:
        raise Http404
    follower = telling.follower
    panel = ui.Panel(
        _("What could not be told"),
        [
            ui.Item(_("Who is to be told"), _consumer(telling)),
            ui.Item(_("Case or reference"), follower.reference),
            ui.Item(_("Listener"), follower.listener),
            ui.Item(_("Recorded"), ui.legal_datetime(telling.outgoing.recorded_at)),
            ui.Item(_("Why it failed"), telling.problem, _attempts(telling)),
            ui.Item(_("Since (system time)"), ui.legal_datetime(telling.finished_at)),
        ],
        _number(telling),
    )
    reason = ui.FieldView(
        "reason", _("Reason"), _("It stays in the evidence. Name nobody."), kind="textarea",
        value=request.POST.get("reason", ""), maxlength=LONGEST, rows=3, error=error,
    )  # fmt: skip
    context = {
        "title": _resource(telling),
        "panel": panel,
        "reason": reason,
        "number": number,
        "overtaken": told_dead.overtaken(telling),
    }
    return render(request, "portal/operators_letter.html", context, status=status)


@allow(at_level(OPERATORS, 2))
@require_POST
def again(request: HttpRequest, telling: int) -> HttpResponse:
    try:
        told_dead.again(telling, actor(request))
    except told_dead.NotDead:
        messages.info(request, _("This letter is not dead any more."))
    except told_dead.Overtaken:
        messages.error(request, _("A later change has been told: this one would undo it."))
    except EvidenceUnavailable:
        messages.error(request, _("Evidence cannot be written now. Nothing was changed."))
    else:
        messages.success(request, _("It is tried again in the next round, within seconds."))
    return redirect("/operating/dead-letters/")


@allow(at_level(OPERATORS, 2))
@require_POST
def give_up(request: HttpRequest, telling: int) -> HttpResponse:
    refuse_noughts_posted(request)
    reason = request.POST.get("reason", "").strip()[:LONGEST]
    if not reason:
        return _letter(request, telling, _("Say why it need not be told."), 422)
    try:
        told_dead.give_up(telling, actor(request), reason)
    except told_dead.NotDead:
        messages.info(request, _("This letter is not dead any more."))
    except EvidenceUnavailable:
        messages.error(request, _("Evidence cannot be written now. Nothing was changed."))
    else:
        messages.success(request, _("Given up. Your reason stays in the evidence."))
    return redirect("/operating/dead-letters/")
