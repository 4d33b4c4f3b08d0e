"""The key ceremony and its minutes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.runtime.api import Conflict
from lingnan.kernel.trust.api import (
    Actor,
    Body,
    ClocksDiffer,
    KeyStoreUnavailable,
    actor,
    allow,
    key_authorities,
    official,
    refuse_noughts_posted,
    sealed_documents,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services import minutes as sealed_minutes
from lingnan.systems.government.trust_services.acts import ceremonies as acts
from lingnan.systems.government.trust_services.acts import revoking, roots
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import OFFICERS, KeyCeremony
from lingnan.systems.government.trust_services.views import acting, wording
from lingnan.systems.government.trust_services.views import ceremony_kinds as kinds

CONFIRM = {"open": acts.confirm, "renew": acts.confirm, "revoke": revoking.confirm,
           "root": roots.confirm}  # fmt: skip
CUSTODIAN = official("key_custodian", functions=("data",))
SHOWN = 50


@allow(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ceremonies(request: HttpRequest) -> HttpResponse:
    """The ceremonies of the province, newest first; a custodian of the province begins one."""
    who = actor(request)
    refuse_noughts_posted(request)
    said = ui.Answers(request)
    if said.posted:
        made = _begin(who, said)
        if made is not None:
            return redirect("certification-ceremony", number=made.number)
    found = list(KeyCeremony.objects.order_by("-key")[:SHOWN])
    page = ui.Page(
        _("Key ceremonies"),
        _("Two custodians of the province together open an issuing authority, make its next"
          " generation, or revoke one; with a witness they make the next root. Nobody does any"
          " of it alone."),
        tables=[ui.Part(_table(found))],
        forms=[_form(said), *kinds.forms(said)] if _may(who) else [],
        trail=ui.Trail([ui.Link(reverse("certification-desk"), _("Certification authority"))]),
    )  # fmt: skip
    return ui.shown(request, page, 422 if said.wrong else 200)


def _may(who: Actor) -> bool:
    return CUSTODIAN.permits(who) and who.division[2:] == "0000"


def _begin(who: Actor, said: ui.Answers) -> KeyCeremony | None:
    try:
        return kinds.begun(who, said) if said.act in ("revoke", "root") else _begun(who, said)
    except Refused as refused:
        said.wrong["authority"] = wording.refusal(refused.code)
    return None


def _begun(who: Actor, said: ui.Answers) -> KeyCeremony | None:
    own, reason = said["authority"], said.text("reason", 400)
    said.chosen("authority", [one.value for one in _choices()])
    return acts.begin(own, reason, who) if said.good else None


def _choices() -> list[ui.Option]:
    """The province's authority and each city's, of both hierarchies."""
    rows = Body.objects.filter(function="data", ended=False, tier__in=("province", "city"))
    found = []
    for mark, kind in (("", "P-256"), (key_authorities.SM2, "SM2")):
        for body in rows.order_by("division"):
            own = f"{mark}issuing-{body.division[:4].removesuffix('00')}"
            what, label = acts.next_label(own)
            words = dict(KeyCeremony.KINDS)[what]
            found.append(ui.Option(own, f"{body.name_zh} · {kind} · {label} · {words}"))
    return found


def _form(said: ui.Answers) -> ui.Form:
    mine = said.act == ""
    fields = [
        kinds.field(said, mine, "authority", _("Which authority"), "select", _choices()),
        kinds.field(said, mine, "reason", _("Occasion"), "textarea", []),
    ]
    note = _("Nothing is made until the second custodian confirms in their own session.")
    return ui.Form(fields, _("Begin the ceremony"), _("Begin a ceremony"), note=note)


def _chip(made: KeyCeremony) -> ui.Chip:
    kinds: dict[str, ui.Kind] = {"done": "ok", "cancelled": "soft"}
    return ui.Chip(kinds.get(made.state, "info"), str(made.get_state_display()))


def _table(found: list[KeyCeremony]) -> ui.Table:
    lines: list[dict[str, ui.CellLike]] = [
        {
            "label": ui.Cell(
                ui.Link(reverse("certification-ceremony", args=[one.number]), one.label), one.number
            ),
            "kind": str(one.get_kind_display()),
            "at": wording.moment(one.ended_at or one.begun_at),
            "state": _chip(one),
        }
        for one in found
    ]
    columns = [
        ui.Column("label", _("Authority")),
        ui.Column("kind", pgettext("key ceremony", "What for")),
        ui.Column("at", _("When")),
        ui.Column("state", _("State")),
    ]
    return wording.table(columns, lines, _("Key ceremonies"), _("There was no ceremony yet"))


@allow(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def ceremony(request: HttpRequest, number: str) -> HttpResponse:
    """One ceremony: the second custodian confirms or either stops it; then its minutes."""
    who = actor(request)
    refuse_noughts_posted(request)
    found = KeyCeremony.objects.filter(number=number).first()
    if found is None:
        raise Http404
    said = ui.Answers(request)
    if said.posted and _done(found, who, said):
        messages.success(request, _("It is on record."))
        return redirect("certification-ceremony", number=number)
    top = [ui.Notice("late", words) for field, words in said.wrong.items() if field == "act"]
    page = ui.Page(
        _("Minutes of a key ceremony") if found.state == "done" else _("Key ceremony"),
        top=[
            *top,
            *_unfinished(found),
            _panel(found),
            *kinds.told(found),
            *_fingerprints(found),
            _course(found),
        ],
        forms=_forms(found, who),
        trail=ui.Trail([ui.Link(reverse("certification-ceremonies"), _("Key ceremonies"))]),
        code=found.number,
        links=_documents(found),
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


@allow(OFFICERS)
@require_safe
def minutes(request: HttpRequest, number: str) -> HttpResponse:
    """The sealed minutes of a ceremony that is done, with what was added behind them."""
    found = KeyCeremony.objects.filter(number=number, state="done").first()
    if found is None:
        raise Http404
    made = sealed_minutes.of(found, actor(request).signature)
    pdf = sealed_documents.newest(bytes(made.pdf))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    return answer


def _done(found: KeyCeremony, who: Actor, said: ui.Answers) -> bool:
    try:
        if said.act == "confirm":
            CONFIRM[found.kind](found, who)
        elif said.act == "witness":
            roots.witness(found, who)
        else:
            acts.cancel(found, who)
    except Refused as refused:
        said.wrong["act"] = wording.refusal(refused.code)
    except ClocksDiffer:
        raise  # which of the clocks is wrong is said on a page of its own
    except KeyStoreUnavailable:
        said.wrong["act"] = acting.unavailable()
    except Conflict:
        said.wrong["act"] = wording.refusal("done")
    return said.good


def _panel(found: KeyCeremony) -> ui.Panel:
    items = [
        ui.Item(_("State"), _chip(found)),
        ui.Item(pgettext("key ceremony", "What for"), str(found.get_kind_display())),
        ui.Item(_("Authority"), found.label),
        ui.Item(_("Occasion"), found.occasion),
    ]
    if found.kind == "revoke":
        items.append(ui.Item(_("Why it is revoked"), wording.revoked_because(found.why)))
    if found.successor:
        items.append(ui.Item(pgettext("key ceremony", "Successor"), found.successor))
    return ui.Panel(_("Ceremony"), items, found.record.basis)


def _fingerprints(found: KeyCeremony) -> list[ui.Panel]:
    if found.state != "done":
        return []
    note = _("SHA-256 over the certificate.")
    of = {
        "root": (_("Fingerprint of the new root"), _("Fingerprint of the former root")),
        "revoke": (_("Fingerprint of the successor"), _("Fingerprint of the root")),
    }.get(found.kind, (_("Fingerprint of the authority"), _("Fingerprint of the root")))
    items = [ui.Item(of[0], found.fingerprint), ui.Item(of[1], found.root_fingerprint)]
    return [ui.Panel(_("Fingerprints"), items, note)]


def _documents(found: KeyCeremony) -> list[ui.Link]:
    if found.state != "done":
        return []
    address = reverse("certification-minutes", args=[found.number])
    return [ui.Link(address, _("Download the sealed minutes (PDF)")),
            ui.Link(reverse("verify"), _("Verify a sealed document"))]  # fmt: skip


def _course(found: KeyCeremony) -> wording.Course:
    begun = ui.Step(_("The first custodian began"), wording.moment(found.begun_at),
                    found.begun_name, "done")  # fmt: skip
    done = {
        "root": _("The second custodian confirmed"),
        "revoke": _(
            "The second custodian confirmed; the successor was there and the authority was revoked"
        ),
    }.get(found.kind, _("The second custodian confirmed; the key was made and the root signed"))
    last = {
        "begun": _("The second custodian confirms"),
        "confirmed": _("The second custodian confirmed"),
        "making": _("The second custodian confirmed"),
        "done": done,
        "cancelled": _("The ceremony was stopped; nothing was made"),
    }[found.state]
    at = wording.moment(found.ended_at) if found.ended_at else ""
    step = ui.Step(last, at, found.ended_name, "done" if found.ended_at else "now")
    return wording.Course(_("Who did what"), [begun, step, *kinds.steps(found)])


def _unfinished(found: KeyCeremony) -> list[ui.Notice]:
    """A ceremony that was confirmed and is not done: unless somebody is at it, it was cut off."""
    if found.state != "making":
        return []
    text = _("If nobody is at it just now, it was cut off. Go on with it: what was made already is"
             " found again. It cannot be stopped any more.")  # fmt: skip
    return [ui.Notice("late", _("Confirmed, but not finished"), text)]


def _forms(found: KeyCeremony, who: Actor) -> list[ui.Form]:
    going_on = found.state == "making"
    if roots.may_witness(found, who):
        note = _("You have seen both custodians, who they are, and that each confirmed alone. With"
                 " this the root's key is made.")  # fmt: skip
        if going_on:
            return [ui.Form([], _("Go on with the ceremony"), _("Witness"), "witness")]
        return [ui.Form([], _("Confirm as witness"), _("Witness"), "witness", note)]
    if found.state not in found.UNDER_WAY or not _may(who):
        return []
    if going_on:
        mine = found.kind != "root" and who.account != found.begun_by
        again = ui.Form([], _("Go on with the ceremony"), _("Second custodian"), "confirm")
        return [again] if mine else []
    stop = ui.Form([], _("Stop the ceremony"), "", "cancel")
    if who.account == found.begun_by or found.state == "confirmed":
        return [stop]
    note = {
        "root": _("After this the witness confirms, and the root's key is made."),
        "revoke": _("With this the authority is revoked, and all that it certified is void."),
    }.get(found.kind, _("With this the key is made and the root signs its certificate."))
    return [ui.Form([], _("Confirm the ceremony"), _("Second custodian"), "confirm", note), stop]
