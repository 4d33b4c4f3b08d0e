"""The pages of emergency access: one's own, those to review, and all for the auditors."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.emergency import opening, reviewing, rules, words
from lingnan.kernel.exchange.emergency.models import EmergencyAccess, EmergencyEvent
from lingnan.kernel.registry import display, rights
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import (
    OFFICIAL,
    Actor,
    Body,
    actor,
    allow,
    guarded,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui

PAGE, OPEN = "/desk/emergency/", "/desk/emergency/open/"
SHOWN = 50


@allow(OFFICIAL)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Own accesses; what the head reviews; all of a division for its auditors."""
    who = actor(request)
    parts = [_part(reviewing.of_account(who), _("My emergency accesses"))]
    if who.role == "head":
        parts.insert(0, _part(reviewing.to_review(who), _("To be reviewed by me")))
    if reviewing.AUDITORS.permits(who):
        parts.insert(0, _part(reviewing.audited(who), _("All of my division")))
    links = [ui.Link(OPEN, _("Open a record in an emergency"))] if opening.openable(who) else []
    page = ui.Page(_("Emergency access"), _lead(), links=links, tables=parts)
    return ui.shown(request, page)


def _lead() -> str:
    return _(
        "A record that a post may not open otherwise, for %(minutes)s minutes and for a stated "
        "reason. The head, the auditors and the person are told by themselves, and the head "
        "reviews each within %(days)s working days (values of the platform, unverified)."
    ) % {"minutes": int(rules.WINDOW.total_seconds()) // 60, "days": rules.REVIEW_DAYS}


def _part(rows: Any, title: str) -> ui.Part:
    found = list(rows[:SHOWN])
    kinds = reviewing.kinds_of(found)
    bodies = {one.code: str(one.title) for one in Body.objects.filter(code__in=_codes(found))}
    lines: list[dict[str, ui.CellLike]] = [
        {
            "number": ui.Link(opening.link(one), one.number),
            "who": ui.Cell(one.name, bodies.get(one.body, one.body)),
            "why": words.reason(one.reason),
            "when": ui.legal_datetime(one.opened_at),
            "state": words.standing(kinds[one.key]),
        }
        for one in found
    ]
    columns = [
        ui.Column("number", pgettext("emergency", "Number")),
        ui.Column("who", _("Who opened it")),
        ui.Column("why", _("Reason")),
        ui.Column("when", _("When (system time)")),
        ui.Column("state", _("Review")),
    ]
    nothing = ui.Empty(_("No emergency access"))
    return ui.Part(ui.Table(columns, lines, title, nothing, caption_hidden=True), title)


def _codes(rows: Iterable[EmergencyAccess]) -> set[str]:
    return {code for one in rows for code in (one.body, one.reviewer)}


@allow(guarded(OFFICIAL))
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Say whose record and why; proved anew who one is."""
    refuse_noughts_posted(request)
    who, said = actor(request), ui.Answers(request)
    models = {f"{m._meta.app_label}.{m._meta.model_name}": m for m in opening.openable(who)}
    register = said.chosen("register", list(models))
    identifier = said.text("identifier", 40).upper()
    reason = said.chosen("reason", rules.REASONS)
    text = said.text("words", rules.LONGEST)
    if said.posted and len(text) < rules.LEAST:
        said.wrong.setdefault("words", _("Please say it in words."))
    if said.good:
        try:
            wanted = opening.Declared(models[register], identifier, reason, text)
            return redirect(opening.link(opening.declare(wanted, who)))
        except opening.NotOpened as refused:
            said.wrong["identifier"] = (
                _("Nobody has this number. That you asked is on record.")
                if refused.code == "none"
                else _("Your post may open this record in its register.")
            )
    return ui.shown(request, _form(models, said), 422 if said.wrong else 200)


def _form(models: dict[str, Any], said: ui.Answers) -> ui.Page:
    registers = [ui.Option(code, str(m.record.title)) for code, m in models.items()]
    fields = [
        said.field("register", pgettext("emergency", "Register"), kind="radio", options=registers),
        said.field("identifier", _("Number of the person"), width="medium", maxlength=40,
                   autocomplete="off", hint=_("The number by which the register knows them.")),
        said.field("reason", _("The emergency"), kind="radio",
                   options=[ui.Option(c, str(t)) for c, t in words.REASONS.items()]),
        said.field("words", _("What happened, and why you need this record"), kind="textarea",
                   maxlength=rules.LONGEST, hint=_("The head, and the auditors, read it.")),
    ]  # fmt: skip
    none = _("Your post may open no record in an emergency.")
    return ui.Page(
        _("Open a record in an emergency"),
        _lead(),
        top=[] if models else [ui.Notice("warn", none)],
        forms=[ui.Form(fields, _("Open it; everybody concerned is told"))] if models else [],
        trail=_trail(),
    )


def _trail(number: str = "") -> ui.Trail:
    return ui.Trail([ui.Link(PAGE, _("Emergency access"))], number)


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One access: the record while its hour lasts, the declaration, and the review."""
    refuse_noughts_posted(request)
    who = actor(request)
    access = EmergencyAccess.objects.filter(number=number).first()
    if access is None or not reviewing.may_see(access, who):
        raise Http404
    said, status = ui.Answers(request), 200
    if request.method == "POST":
        try:
            if _done(access, who, said):
                messages.success(request, _("This is on record."))
                return redirect(opening.link(access))
            status = 422
        except reviewing.NotAllowed:
            messages.error(request, _("This cannot be done, or not any more."))
            status = 409
    return ui.shown(request, _page(access, who, said), status)


def _done(access: EmergencyAccess, who: Actor, said: ui.Answers) -> bool:
    """Judge or delay as was answered; False where something has to be put right."""
    if not reviewing.may_review(access, who):
        raise reviewing.NotAllowed
    if said.act == "delay":
        until = said.day("until", _latest())
        text = said.text("why", rules.LONGEST)
        if said.good and until is not None:
            reviewing.delay(access, who, until, text)
        return said.good
    outcome = said.chosen("outcome", rules.JUDGEMENTS)
    text = said.text("reasons", rules.LONGEST)
    if said.good:
        reviewing.judge(access, who, outcome, text)
    return said.good


def _latest() -> Any:
    return legal_time.today() + timedelta(days=rules.MOST_DELAY)


def _page(access: EmergencyAccess, who: Actor, said: ui.Answers) -> ui.Page:
    done = reviewing.kinds(access)
    forms = []
    if reviewing.may_review(access, who):
        if not done & set(rules.JUDGEMENTS):
            forms.append(_judging(said))
        if not done & {"told", "delayed"}:
            forms.append(_delaying(said))
    found = opening.look(access, who)
    shown = []
    if found is not None:
        model, row = found
        left = int((access.until - timezone.now()).total_seconds()) // 60
        title = _("Open for you for %(n)s more minutes") % {"n": left}
        shown = [ui.Notice("warn", title, str(row)),
                 *display.panels(model, row, rights.withheld(model, who))]  # fmt: skip
    return ui.Page(
        _("Emergency access"),
        top=[*shown, _panel(access), *_events(access)],
        forms=forms,
        trail=_trail(access.number),
        code=access.number,
    )


def _panel(access: EmergencyAccess) -> ui.Panel:
    bodies = {one.code: str(one.title) for one in Body.objects.filter(code__in=_codes([access]))}
    items = [
        ui.Item(_("Review"), words.standing(reviewing.kinds(access))),
        ui.Item(_("Who opened it"), access.name, bodies.get(access.body, "")),
        ui.Item(_("The emergency"), words.reason(access.reason), access.words),
        ui.Item(_("When (system time)"), ui.legal_datetime(access.opened_at)),
        ui.Item(_("Open until"), ui.legal_datetime(access.until)),
        ui.Item(_("Reviewed by the head of"), bodies.get(access.reviewer) or _("nobody: auditors")),
        ui.Item(_("Legal basis"), rules.BASIS),
    ]
    return ui.Panel(_("What was declared"), items)


def _events(access: EmergencyAccess) -> list[ui.Panel]:
    """What happened since, in its order."""
    items = []
    named = dict(EmergencyEvent.KINDS)
    for event in reviewing.events(access):
        note = event.text
        if event.until is not None:
            note = f"{ui.legal_date(event.until)} · {event.text}"
        when = ui.Cell(ui.legal_datetime(event.at), note)
        items.append(ui.Item(str(named[event.kind]), when))
    return [ui.Panel(_("What happened since"), items)] if items else []


def _judging(said: ui.Answers) -> ui.Form:
    options = [
        ui.Option("justified", pgettext("emergency", "justified")),
        ui.Option("unjustified", pgettext("emergency", "not justified")),
    ]
    fields = [
        said.field("outcome", _("What you find"), kind="radio", options=options),
        said.field("reasons", _("Reasons"), kind="textarea", maxlength=rules.LONGEST),
    ]
    return ui.Form(fields, _("Put it on record"), _("Review it"), "judge")


def _delaying(said: ui.Answers) -> ui.Form:
    note = _(
        "Only where telling the person now would hinder a lawful duty (《个人信息保护法》"
        "第三十五条). The page “Who looked at my data” is complete all the same."
    )
    fields = [
        said.field("until", _("The message waits until the end of"), kind="date",
                   minimum=legal_time.today().isoformat(), maximum=_latest().isoformat()),
        said.field("why", _("Reason of the delay"), kind="textarea", maxlength=rules.LONGEST),
    ]  # fmt: skip
    return ui.Form(fields, _("Delay the message"), _("Delay the message to the person"), "delay",
                   note)  # fmt: skip
