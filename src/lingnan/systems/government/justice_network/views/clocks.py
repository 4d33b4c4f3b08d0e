"""One clock: how it stands, its events, and what the reader may do with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import SYSTEM, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    clocking,
    ledger,
    measures,
    prolonging,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Term, TermEvent
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import rights, wording
from lingnan.systems.government.justice_network.watching import OFFICERS

LONGEST = 600


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def clock(request: HttpRequest, ref: str, clock: str) -> HttpResponse:
    refuse_noughts_posted(request)
    seen, hand = rights.opened(request, ref, "clock")
    term = prolonging.found(seen.case, clock)
    if term is None or not sights.clocks(seen, [term]):
        raise Http404
    said, fault = ui.Answers(request), ""
    if request.method == "POST":
        try:
            if _act(term, seen, hand, said):
                messages.success(request, _("This is on record."))
                return redirect(request.path)
        except NotPossible as problem:
            fault = wording.refusal(problem.code)
    status = 409 if fault else 422 if said.wrong else 200
    return ui.shown(request, _page(term, seen, hand, said, fault, request), status)


def _act(term: Term, seen: Seen, hand: Hand, said: ui.Answers) -> bool:
    """Do what was sent; False where something has to be put right."""
    if said.act == "answer":
        granted = said.chosen("granted", ("yes", "no"))
        text = said.text("text", LONGEST)
        if said.good:
            prolonging.answer(term, hand, granted == "yes", text)
        return said.good
    if not _own(term, seen, hand):
        raise NotPossible("stage")
    if said.act == "ask":
        _ask(term, hand, said)
    elif said.act == "done" and term.rule in measures.DUTIES:
        text = said.text("text", LONGEST)
        if said.good:
            clocking.finish(term, hand, text)
    elif said.act == "suspend":
        text = said.text("text", LONGEST)
        if said.good:
            clocking.suspend(term, hand, text)
    elif said.act == "resume":
        clocking.resume(term, hand)
    elif said.act == "travel":
        days, text = said.whole("days", 30), said.text("text", LONGEST)
        if said.good:
            clocking.leave_out_travel(term, hand, days, text)
    else:
        raise NotPossible("stage")
    return said.good or said.act == "resume"


def _ask(term: Term, hand: Hand, said: ui.Answers) -> None:
    way = said.chosen("way", [one.code for one in prolonging.ways(term)])
    text, days = said.text("text", LONGEST), said.whole("days", 30, required=False)
    until = said.day("until", date(2099, 12, 31)) if said["until"] else None
    if said.good:
        prolonging.ask(term, hand, way, text, days, until)


def _own(term: Term, seen: Seen, hand: Hand) -> bool:
    """Whether the clock measures the reader's body and the post may act upon it."""
    role = hand.who.role
    return term.body == seen.body and role in (OFFICERS.get(seen.function), "head")


def _page(
    term: Term, seen: Seen, hand: Hand, said: ui.Answers, fault: str, request: HttpRequest
) -> ui.Page:
    read = clocking.read(term)
    title = wording.clock_title(read)
    links = [ui.Link("/desk/justice/", _("Criminal cases")),
             ui.Link(ledger.link(seen.case), seen.case.number)]  # fmt: skip
    top: list[Any] = [ui.Notice("late", _("This was not done"), fault)] if fault else []
    if read.overrun:
        words = _("It was not done in time. This stays on record and nobody can edit it.")
        top.append(ui.Notice("late", _("Overrun"), words))
    top.append(_panel(term, read, hand))
    events = [_event(one) for one in term.events.order_by("-id")]
    columns = [
        ui.Column("what", _("Event")),
        ui.Column("at", _("When")),
        ui.Column("by", pgettext("criminal", "By")),
        ui.Column("text", pgettext("clock", "Words")),
    ]
    table = ui.Table(columns, events, _("Events"), _("Nothing yet."), caption_hidden=True)
    return ui.Page(
        title, top=top, trail=ui.Trail(links, title), tables=[ui.Part(table, _("Events"))],
        forms=_forms(term, seen, read, hand, said, request),
    )  # fmt: skip


def _panel(term: Term, read: clocking.Reading, hand: Hand) -> ui.Panel:
    known = sights.bodies([term.body])
    whom = wording.quoted(term.suspect.name) if term.suspect else _("the case")
    items = [
        ui.Item(_("Standing"), wording.clock_chip(read, hand.at)),
        ui.Item(_("Of whom"), whom),
        ui.Item(_("Whom it binds"), wording.body_title(term.body, known)),
        ui.Item(pgettext("criminal clock", "Runs from"), ui.legal_datetime(term.started_at),
                _("The hour or day in which it begins does not count.")),
        ui.Item(_("Until, inclusive"), wording.due_words(read), _counted(read)),
        ui.Item(_("Legal basis"), read.rule.basis),
    ]  # fmt: skip
    for one in read.granted:
        way = read.rule.extensions[one.code]
        items.append(ui.Item(_("Prolonged"), str(Title(way.zh, way.en)), way.basis))
    return ui.Panel(pgettext("criminal", "Clock"), items)


def _counted(read: clocking.Reading) -> str:
    if read.rule.counts == "custody":
        return _("Custody ends on this day, even if it is a day off.")
    if read.rule.counts == "held":
        return _("While somebody is in custody it ends on this day, even if it is a day off.")
    if read.rule.counts == "limit":
        return _("The longest that the law allows: a day off does not prolong it (unverified).")
    return _("If the last day is a day off, it ends on the next working day.")


def _event(one: TermEvent) -> dict[str, ui.CellLike]:
    by = "" if one.by == SYSTEM.name else wording.quoted(one.by.partition(" (")[0])
    text = wording.quoted(one.text)
    if one.days:
        text = " ".join([_("%(n)s days") % {"n": one.days}, text])
    return {"what": one.get_kind_display(), "at": ui.legal_datetime(one.at),
            "by": by or _("by itself"), "text": text or "—"}  # fmt: skip


def _forms(
    term: Term, seen: Seen, read: clocking.Reading, hand: Hand, said: ui.Answers,
    request: HttpRequest,
) -> list[ui.Form]:  # fmt: skip
    def of(act: str) -> ui.Answers:
        # What was typed belongs to the form that sent it.
        return said if said.act == act else ui.Answers(request, act)

    forms = []
    if prolonging.may_answer(term, hand.who) and read.running:
        forms.append(_answering(term, of("answer")))
    if not _own(term, seen, hand) or read.ended is not None:
        return forms
    if read.since is not None:
        return [*forms, ui.Form([], _("The reason is over: it goes on"), act="resume")]
    if term.rule in measures.DUTIES:
        forms.append(ui.Form([_text(of("done"), _("How it was done, or why it cannot be"))],
                             _("It is done"), _("Do this duty"), "done"))  # fmt: skip
    if read.due <= hand.at:
        return forms
    if prolonging.ways(term) and prolonging.pending(term) is None:
        forms.append(_asking(term, of("ask")))
    if read.rule.suspends:
        note = _(
            "A mental examination (Article 149), a trial suspended (Article 206), the "
            "procuratorate reading the file (Article 235): these days do not count."
        )
        forms.append(
            ui.Form(
                [_text(of("suspend"), pgettext("criminal", "Why"))],
                pgettext("criminal", "Suspend it"),
                _("Suspend the clock"),
                "suspend",
                note,
            )
        )
    if not read.rule.by_hours:
        answers = of("travel")
        fields = [answers.field("days", _("Days on the road"), kind="number", width="short"),
                  _text(answers, _("From where to where"))]  # fmt: skip
        note = _("The period does not comprise the time on the road (Article 105).")
        forms.append(ui.Form(fields, _("Leave it out"), _("Time on the road"), "travel", note))
    return forms


def _text(answers: ui.Answers, label: str) -> ui.FieldView:
    return answers.field("text", label, kind="textarea", maxlength=LONGEST)


def _answering(term: Term, answers: ui.Answers) -> ui.Form:
    asked = prolonging.pending(term)
    assert asked is not None
    way = clocking.rule_of(term).extensions[asked.code]
    choices = [ui.Option("yes", _("approve")), ui.Option("no", _("do not approve"))]
    fields = [
        answers.field("granted", pgettext("criminal", "Decision"), kind="radio", options=choices),
        _text(answers, _("Reasons")),
    ]
    note = " ".join([str(Title(way.zh, way.en)), wording.quoted(asked.text)])
    return ui.Form(fields, _("Put on record"), _("Prolongation asked for"), "answer", note)


def _asking(term: Term, answers: ui.Answers) -> ui.Form:
    ways = prolonging.ways(term)
    options = [ui.Option(one.code, str(Title(one.zh, one.en)), one.basis) for one in ways]
    fields = [
        answers.field("way", pgettext("criminal", "On which ground"), kind="radio", options=options)
    ]
    if any(one.most for one in ways):
        fields.append(answers.field("days", _("Days more"), kind="number", width="short",
                                    required=False))  # fmt: skip
    if any(one.until for one in ways):
        fields.append(answers.field("until", _("Until which day the approval says"), kind="date",
                                    required=False))  # fmt: skip
    label = _("Reasons, and the number of the approval where it comes from outside this node")
    fields.append(_text(answers, label))
    return ui.Form(fields, pgettext("criminal case", "Ask for it"), _("Prolong the clock"), "ask")
