"""One case, as far as the reader's body and stage let it be seen."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    filing,
    ledger,
    measures,
    proceeding,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import Measure, Prepared
from lingnan.systems.government.justice_network.rules import stages
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import drawing, listing, rights, wording
from lingnan.systems.government.justice_network.watching import uncovered


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, ref: str) -> HttpResponse:
    """The case; a head approves or sends back here what was prepared."""
    refuse_noughts_posted(request)
    seen, hand = rights.opened(request, ref, "case")
    said, refused = ui.Answers(request), ""
    if request.method == "POST":
        text = said.text("text", 600, required=said["agreed"] == "no")
        agreed = said.chosen("agreed", ("yes", "no"))
        if said.good:
            try:
                proceeding.approve(seen.case, hand, agreed == "yes", text)
                messages.success(request, _("This is on record."))
                return redirect(ledger.link(seen.case))
            except NotPossible as problem:
                refused = wording.refusal(problem.code)
    status = 409 if refused else 422 if said.wrong else 200
    return render(
        request, "justice_network/case.html", _context(seen, hand, said, refused), status=status
    )


def _context(seen: Seen, hand: Hand, said: ui.Answers, refused: str) -> dict[str, Any]:
    found = seen.case
    return {
        "number": found.number,
        "trail": ui.Trail([ui.Link("/desk/justice/", _("Criminal cases"))], found.number),
        "stage": wording.stage_chip(ledger.stage_of(found)),
        "standing": ui.Chip("soft", wording.STANDINGS[seen.standing]),
        "notices": _notices(seen, hand, refused),
        "course": drawing.course(seen, hand.at) if "measures" in seen else None,
        "acts": _acts(seen, hand),
        "forms": _forms(seen, hand, said),
        "panel": _panel(seen),
        "parts": listing.parts(seen, hand),
        "links": _adding(seen, hand),
        "steps": listing.steps(seen),
    }


def _notices(seen: Seen, hand: Hand, refused: str) -> list[ui.Notice]:
    notices = [ui.Notice("late", _("This was not done"), refused)] if refused else []
    if seen.case.synthetic and legal_time.is_demonstration():
        notices.append(
            ui.Notice("info", _("Synthetic case"), _("Everybody and everything in it is invented."))
        )
    package = ledger.in_transit(seen.case)
    if package is not None and ("history" in seen or "list" in seen):
        words = _("%(act)s: on its way, not received yet.") % {
            "act": wording.act_title(package.act)
        }
        link = None
        if package in sights.packages(seen):
            url = f"{ledger.link(seen.case)}packages/{package.number}/"
            link = ui.Link(url, _("Open the package"))
        notices.append(ui.Notice("info", _("A package is under way"), words, link))
    if "measures" in seen:
        notices += [_uncovered(one) for one in _in_custody(seen) if uncovered(one)]
    return notices


def _uncovered(measure: Measure) -> ui.Notice:
    words = _("%(person)s is in custody and no clock allows it: the person is to be released, or "
              "the measure changed (《刑事诉讼法》（2018-10-26）第九十九条).")  # fmt: skip
    return ui.Notice(
        "late",
        _("Custody without a limit"),
        words % {"person": wording.quoted(measure.suspect.name)},
    )


def _in_custody(seen: Seen) -> list[Measure]:
    people = sights.persons(seen)
    every = [one for person in people for one in measures.open_measures(person)]
    return [one for one in every if one.kind in ledger.CUSTODY]


def _acts(seen: Seen, hand: Hand) -> list[ui.Link]:
    if seen.standing not in ("holding", "passed"):
        return []
    base = ledger.link(seen.case)
    return [
        ui.Link(f"{base}acts/{one.code}/", wording.act_title(one.code))
        for one in proceeding.open_to(seen.case, hand)
    ]


def _forms(seen: Seen, hand: Hand, said: ui.Answers) -> list[ui.Form]:
    """For the head: what was prepared waits for a word."""
    made: Prepared | None = proceeding.waiting(seen.case)
    if made is None or seen.standing != "holding":
        return []
    act = stages.acts()[made.act]
    if not stages.may_send(act, seen.function, hand.who.role) or made.account == hand.who.account:
        return []
    choices = [ui.Option("yes", _("approve, sign and send")), ui.Option("no", _("send back"))]
    fields = [
        said.field("agreed", pgettext("criminal", "Decision"), kind="radio", options=choices),
        said.field("text", _("Words to it"), kind="textarea", maxlength=600, required=False),
    ]
    title = _("To be approved: %(act)s") % {"act": wording.act_title(made.act)}
    note = wording.quoted(made.text)
    return [ui.Form(fields, _("Put on record"), title, note=note)]


def _panel(seen: Seen) -> ui.Panel:
    one = seen.case
    known = sights.bodies([one.opened_by])
    items = [
        ui.Item(_("Charge"), wording.quoted(one.cause)),
        ui.Item(_("Stage"), str(wording.STAGES[ledger.stage_of(one)])),
        ui.Item(_("Opened by"), wording.body_title(one.opened_by, known)),
        ui.Item(_("Opened"), ui.legal_datetime(one.opened_at)),
        ui.Item(pgettext("criminal", "Why you may see this"), rights.BASIS[seen.function]),
    ]
    if one.summary and seen.body == one.opened_by:
        items.insert(1, ui.Item(_("What is known"), wording.quoted(one.summary)))
    return ui.Panel(_("The case"), items)


def _adding(seen: Seen, hand: Hand) -> list[ui.Link]:
    """What may be put into the file now."""
    base = f"{ledger.link(seen.case)}add/"
    return [ui.Link(f"{base}{what}/", title) for what, title in adding(seen, hand)]


def adding(seen: Seen, hand: Hand) -> list[tuple[str, str]]:
    """What a post may enter into a case now, with what it is called."""
    ended = ledger.stage_of(seen.case) in stages.ENDED
    own_police = seen.function == "police" and seen.body == seen.case.opened_by
    if ended or hand.who.role in ("head", "custody_prosecutor") or seen.standing == "none":
        return []
    found = []
    if seen.standing == "holding" and filing.VOLUMES.get(seen.function):
        found.append(("document", _("Add a document")))
    if seen.standing == "holding" and seen.function in ("police", "procuratorate"):
        found.append(("evidence", _("Add evidence")))
    if seen.standing == "holding" and seen.function == "police":
        found.append(("person", _("Add a person")))
        found.append(("restart", pgettext("custody", "Count custody anew")))
    if seen.standing == "holding" and measures.kinds_open(seen.function, seen.case):
        found.append(("measure", _("Take a measure")))
    decides = seen.function in measures.DECIDES and seen.standing == "holding"
    if decides or own_police:
        found.append(("lift", _("Release, or end a measure")))
    if seen.standing == "holding" and "file" in seen:
        found.append(("keeping", _("Seal of a piece of evidence")))
    if seen.function == "court" and ledger.stage_of(seen.case) == "first_instance":
        found.append(("procedure", _("Choose the procedure")))
    if seen.function == "procuratorate" and ledger.stage_of(seen.case) == "prosecution_review":
        found.append(("fast", _("Review by the fast track")))
    return found
