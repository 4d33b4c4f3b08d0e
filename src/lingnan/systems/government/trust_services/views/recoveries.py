"""Key recovery: an officer asks, two custodians approve, the key is handed over once."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.duty.api import NotYours, TaskGone
from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import (
    Actor,
    KeyStoreUnavailable,
    actor,
    allow,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import recovering
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import OFFICERS, KeyRecovery
from lingnan.systems.government.trust_services.views import acting, wording
from lingnan.systems.government.trust_services.views.desk import OFFICER

SHOWN = 50


@allow(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def recoveries(request: HttpRequest) -> HttpResponse:
    """The recoveries of the body, newest first; an officer asks for one here."""
    who = actor(request)
    refuse_noughts_posted(request)
    said = ui.Answers(request)
    if said.posted and OFFICER.permits(who):
        made = _asked(who, said)
        if made is not None:
            return redirect("certification-recovery", number=made.number)
    elif said.posted:
        said.wrong["serial"] = wording.refusal("not_yours")
    found = list(_of(who).order_by("-key")[:SHOWN])
    page = ui.Page(
        _("Key recoveries"),
        _("Encryption keys alone can be recovered, by two custodians. Keys that sign are kept"
          " nowhere but with their holders."),
        tables=[ui.Part(_table(found))],
        forms=[_form(request, said)] if OFFICER.permits(who) else [],
        trail=ui.Trail([ui.Link(reverse("certification-desk"), _("Certification authority"))]),
    )  # fmt: skip
    return ui.shown(request, page, 422 if said.wrong else 200)


def _of(who: Actor) -> QuerySet[KeyRecovery]:
    return KeyRecovery.objects.filter(handler=who.body)


def _asked(who: Actor, said: ui.Answers) -> KeyRecovery | None:
    serial = said.text("serial", 60).replace(" ", "").lower()
    reason, basis = said.text("reason", 400), said.text("basis", 200)
    if not said.good:
        return None
    try:
        return recovering.ask(serial, reason, basis, who)
    except Refused as refused:
        said.wrong["serial"] = wording.refusal(refused.code)
    return None


def _form(request: HttpRequest, said: ui.Answers) -> ui.Form:
    serial = said["serial"] or request.GET.get("serial", "")[:60]
    basis = _("The article that allows it, or the holder's own application with its day")
    fields = [
        said.field("serial", _("Serial number of the encryption certificate"), value=serial,
                   maxlength=60),
        said.field("reason", _("Why the key is needed"), kind="textarea", maxlength=400, rows=3),
        said.field("basis", _("Legal basis"), hint=basis, maxlength=200),
    ]  # fmt: skip
    return ui.Form(fields, _("Ask for the recovery"), _("Ask for a recovery"))


def _chip(made: KeyRecovery) -> ui.Chip:
    kinds: dict[str, ui.Kind] = {"handed": "ok", "refused": "late", "approved": "warn"}
    return ui.Chip(kinds.get(made.state, "info"), str(made.get_state_display()))


def _table(found: list[KeyRecovery]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(
                ui.Link(reverse("certification-recovery", args=[one.number]), one.name), one.number
            ),
            "asked": ui.Cell(one.asked_name, ui.legal_date(one.asked_on)),
            "state": _chip(one),
        }
        for one in found
    ]
    columns = [
        ui.Column("name", _("Whose key")),
        ui.Column("asked", _("Asked by")),
        ui.Column("state", _("State")),
    ]
    return wording.table(columns, lines, _("Key recoveries"), _("No key was asked for"))


@allow(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def recovery(request: HttpRequest, number: str) -> HttpResponse:
    """One recovery: the custodians judge it; then its asker goes to fetch the key."""
    who = actor(request)
    refuse_noughts_posted(request)
    found = _of(who).filter(number=number).first()
    if found is None:
        raise Http404
    said = ui.Answers(request)
    if said.posted and _judged(found, who, said):
        messages.success(request, _("It is on record."))
        return redirect("certification-recovery", number=number)
    links = []
    if found.state == "approved" and found.asked_by == who.account:
        way = reverse("certification-recovered", args=[number])
        links.append(ui.Link(way, _("Fetch the recovered key, once")))
    top = [ui.Notice("late", words) for field, words in said.wrong.items() if field == "act"]
    page = ui.Page(
        _("Key recovery"),
        top=[*top, _panel(found)],
        links=links,
        forms=_forms(found, who, said),
        trail=ui.Trail([ui.Link(reverse("certification-recoveries"), _("Key recoveries"))]),
        name=found.name,
        code=found.number,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _panel(found: KeyRecovery) -> ui.Panel:
    items = [
        ui.Item(_("State"), _chip(found), found.refusal),
        ui.Item(_("Serial number"), wording.spaced(found.serial)),
        ui.Item(_("Why the key is needed"), found.grounds),
        ui.Item(_("Legal basis"), found.legal_basis),
        ui.Item(_("Asked by"), found.asked_name, ui.legal_date(found.asked_on)),
        ui.Item(_("First custodian"), found.first_name or "—"),
        ui.Item(_("Second custodian"), found.second_name or "—"),
        ui.Item(_("Handed over at"), wording.moment(found.handed_at)),
    ]
    return ui.Panel(pgettext("key", "Recovery"), items)


def _forms(found: KeyRecovery, who: Actor, said: ui.Answers) -> list[ui.Form]:
    if not recovering.may_judge(found, who):
        return []
    words = said.field("reason", _("Reason of the refusal"), kind="textarea", maxlength=400, rows=3)
    note = _("You answer for it that the reason is true and the law allows it.")
    return [
        ui.Form([], _("Approve the recovery"), _("Approve"), "approve", note),
        ui.Form([words], _("Refuse the recovery"), _("Refuse"), "refuse"),
    ]


def _judged(found: KeyRecovery, who: Actor, said: ui.Answers) -> bool:
    try:
        if said.act == "refuse":
            reason = said.text("reason", 400)
            if said.good:
                recovering.refuse(found, who, reason)
        else:
            recovering.approve(found, who)
    except Refused as refused:
        said.wrong["act"] = wording.refusal(refused.code)
    except (TaskGone, NotYours, Conflict):
        said.wrong["act"] = wording.refusal("done")
    return said.good


@allow(OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def recovered(request: HttpRequest, number: str) -> HttpResponse:
    """The recovered key, handed to who asked, once."""
    who = actor(request)
    refuse_noughts_posted(request)
    found = _of(who).filter(number=number, asked_by=who.account).first()
    if found is None:
        raise Http404
    said = ui.Answers(request)
    if said.posted:
        try:
            made = recovering.hand_over(found, who, said["passphrase"])
            return acting.key_file(made, found.number)
        except Refused as refused:
            said.wrong["passphrase"] = wording.refusal(refused.code)
        except (ValueError, Conflict):
            said.wrong["passphrase"] = _("Please use the passphrase that this page shows.")
        except KeyStoreUnavailable:
            said.wrong["passphrase"] = acting.unavailable()
    elif found.state != "approved":
        raise Http404
    back = reverse("certification-recovery", args=[number])
    return ui.shown(request, acting.key_page(said, back, found.name), 422 if said.wrong else 200)
