"""Pages of doubts: raising one, the list of a body, and the trace of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.duty.api import Clock, clocks
from lingnan.kernel.registry import display, reading
from lingnan.kernel.registry.doubts import answering, asking, raising
from lingnan.kernel.registry.doubts.answering import Ended, NotToAnswer
from lingnan.kernel.registry.doubts.raising import LONGEST, DoubtRefused
from lingnan.kernel.registry.models import Doubt
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.trust.api import (
    OFFICIAL,
    SIGNED_IN,
    Actor,
    Body,
    acting,
    actor,
    allow,
    in_words,
    refuse_noughts_posted,
    under,
)
from lingnan.kernel.ui import api as ui

SHOWN = 100
KINDS: dict[str, ui.Kind] = {"corrected": "ok", "partly": "ok", "upheld": "info"}


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, system: str, name: str, ref: str) -> HttpResponse:
    """The form by which a reader of a register doubts one element of a record."""
    refuse_noughts_posted(request)
    model, who = readable(request, system, name)
    record = reading.opened(model, who, ref)
    if record is None:
        raise Http404
    return asking.ask(request, who, model, record, address(model), f"{address(model)}{ref}/")


@allow(OFFICIAL)
@require_safe
def doubts(request: HttpRequest) -> HttpResponse:
    """The doubts that the official's body answers, and those that the official raised."""
    who = actor(request)
    rows = Doubt.objects.filter(holder=who.body) | Doubt.objects.filter(account=who.account)
    shown = [one for one in rows.order_by("-key")[:SHOWN] if raising.may_see(one, who)]
    columns = [
        ui.Column("what", _("Element")),
        ui.Column("register", _("Register")),
        ui.Column("at", _("Raised on")),
        ui.Column("state", _("State")),
    ]
    table = ui.Table(
        columns,
        [_row(one) for one in shown],
        _("Doubts"),
        ui.Empty(_("No doubts"), _("Nobody doubts what your body holds.")),
        caption_hidden=True,
    )
    return render(request, "registry/doubts.html", {"table": table})


def _row(doubt: Doubt) -> dict[str, ui.CellLike]:
    model = raising.model_of(doubt)
    return {
        "what": ui.Link(raising.link(doubt), _label(doubt)),
        "register": str(model.record.title),
        "at": ui.legal_date(doubt.at.date()),
        "state": ui.Cell(state(doubt)),
    }


def _label(doubt: Doubt) -> str:
    model = raising.model_of(doubt)
    return display.label(model, model.record.elements[doubt.element])


def state(doubt: Doubt) -> ui.Chip:
    """How a doubt stands, as a chip."""
    found = raising.events(doubt)
    if not found:
        return ui.Chip("warn", _("raised"))
    return ui.Chip(KINDS.get(found[-1].kind, "soft"), found[-1].get_kind_display())


@allow(under(SIGNED_IN, acting.APPLY))
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest, ref: str) -> HttpResponse:
    """The trace of one doubt, for its raiser and those who answer it. 404 for all others."""
    refuse_noughts_posted(request)
    who, found = actor(request), raising.found(ref)
    if found is None or not raising.may_see(found, who):
        raise Http404
    raising.opened(found, who)
    if request.method != "POST":
        return _page(request, found, who)
    try:
        _act(request, found, who)
    except NotToAnswer:
        raise PermissionDenied from None
    except Ended:
        return _page(request, found, who, 409, said=_("It has been answered meanwhile."))
    except DoubtRefused as error:
        return _page(request, found, who, 422, error=error)
    return redirect(raising.link(found))


def _act(request: HttpRequest, found: Doubt, who: Actor) -> None:
    act = request.POST.get("act", "")
    if act == "accept":
        answering.accept(found, who)
    elif act == "withdraw":
        answering.withdraw(found, who)
    else:
        text = request.POST.get("text", "").strip()
        answering.answer(found, who, request.POST.get("answer", ""), text)


def _page(
    request: HttpRequest,
    found: Doubt,
    who: Actor,
    status: int = 200,
    *,
    said: str = "",
    error: DoubtRefused | None = None,
) -> HttpResponse:
    model, ended = raising.model_of(found), raising.ended(found)
    answers = ended is None and answering.may_answer(found, who)
    reads = model.record.readers.permits(who)
    here = f"{address(model)}{reading.reference_of(model, found.record)}/"
    fields = _answer_fields(request, error) if answers else []
    context = {
        "title": model.record.title,
        "heading": _label(found),
        "chip": state(found),
        "panel": _said(found),
        "steps": _steps(found),
        "here": here if reads else "",
        "correct": _correction(found, here) if answers else None,
        "accepts": answers and not raising.events(found),
        "fields": fields,
        "errors": ui.ErrorSummary.of(fields) if error else None,
        "own": ended is None and found.account == who.account,
        "notice": ui.Notice("warn", said) if said else None,
        "official": who.kind == "official",
    }
    return render(request, "registry/doubt.html", context, status=status)


def _correction(found: Doubt, here: str) -> ui.Link | None:
    """Where the doubted fact is corrected: by hand, or by the act that alone changes it."""
    model = raising.model_of(found)
    act = model.record.by_act.get(model.record.elements[found.element])
    if act is not None:
        return ui.Link(act.address(reading.reference_of(model, found.record)), str(act.title))
    if model.record.editors is None:
        return None
    words = _("Correct the record")
    return ui.Link(f"{here}change/?doubt={raising.reference(found)}", words)


def _answer_fields(request: HttpRequest, error: DoubtRefused | None) -> list[ui.FieldView]:
    wrong = {error.field: error.words} if error else {}
    options = [
        ui.Option("corrected", _("corrected")),
        ui.Option("partly", _("corrected in part")),
        ui.Option("upheld", _("the record stands")),
    ]
    told = request.POST
    return [
        ui.FieldView("answer", _("Answer"), "", told.get("answer", ""), "radio", options,
                     error=wrong.get("answer", "")),
        ui.FieldView("text", _("Grounds"), _("The raiser reads this."), told.get("text", ""),
                     "textarea", error=wrong.get("text", ""), maxlength=LONGEST),
    ]  # fmt: skip


def _said(found: Doubt) -> ui.Panel:
    body = Body.objects.filter(code=found.holder).first()
    items = [
        ui.Item(_("Why it is doubted"), found.said),
        ui.Item(_("What would be right"), found.right),
        ui.Item(_("What shows it"), found.evidence or "—"),
        ui.Item(_("Who answers"), str(body.title) if body else found.holder),
    ]
    clock: Any = Clock.objects.filter(reference=raising.reference(found)).first()
    if clock is not None:
        read = clocks.read(clock)
        items.append(ui.Item(_("To be answered by"), ui.legal_date(read.due), clock.basis))
    return ui.Panel(_("The doubt"), items)


def _steps(found: Doubt) -> list[ui.Step]:
    when = _("%(at)s by %(by)s")
    said = {"at": ui.legal_datetime(found.at), "by": in_words(found.by)}
    steps = [ui.Step(_("raised"), when % said, found.said, "done")]
    for event in raising.events(found):
        said = {"at": ui.legal_datetime(event.at), "by": in_words(event.by)}
        note = event.text
        if event.version:
            note = "；".join(
                part for part in (note, _("version %(n)s") % {"n": event.version}) if part
            )
        steps.append(ui.Step(event.get_kind_display(), when % said, note, "done"))
    return steps
