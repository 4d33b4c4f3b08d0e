"""The register of certificates: found by kind, state and words; one in plain words."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.trust.api import (
    IssuedCertificate,
    KeyStoreUnavailable,
    actor,
    allow,
    key_authorities,
    key_certificates,
    key_publishing,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.trust_services.acts import states
from lingnan.systems.government.trust_services.acts.applying import RENEWABLE
from lingnan.systems.government.trust_services.acts.refusals import Refused
from lingnan.systems.government.trust_services.models import OFFICERS, CertificateApplication
from lingnan.systems.government.trust_services.views import acting, wording
from lingnan.systems.government.trust_services.views.seen import in_sight

PAGE = 25
STATES = ("good", "soon", "suspended", "revoked", "ended")
OF_THE_NODE = ("root", "link", "issuing", "status", "time_stamp", "log", "log_head", "witness",
                "consent")  # fmt: skip


def _kinds() -> dict[str, str]:
    """What the list is filtered by: kind → words."""
    kinds = {str(kind): str(words) for kind, words in CertificateApplication.KINDS}
    return {
        "seal": wording.profile("seal"),
        **kinds,
        "authority": _("Authorities and their services"),
    }


def _of_kind(kind: str) -> Q:
    if kind == "seal":
        return Q(profile="seal")
    if kind == "authority":
        return Q(profile__in=OF_THE_NODE)
    return Q(holder__startswith=f"{kind}-")


def _in_state(state: str) -> Q:
    now = timezone.now()
    if state == "ended":
        return Q(not_after__lte=now)
    if state == "soon":
        return Q(state="good", not_after__gt=now, not_after__lte=now + RENEWABLE)
    return Q(state=state, not_after__gt=now)


@allow(OFFICERS)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The certificates in sight, newest first; with `state=soon`, which ends first."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in ("q", "kind", "state")}
    rows = in_sight(actor(request))
    if asked["kind"] in _kinds():
        rows = rows.filter(_of_kind(asked["kind"]))
    if asked["state"] in STATES:
        rows = rows.filter(_in_state(asked["state"]))
    if asked["q"]:
        serial = asked["q"].replace(" ", "").lower()
        words = Q(name__icontains=asked["q"]) | Q(serial__startswith=serial)
        rows = rows.filter(words | Q(holder__endswith=asked["q"]))
    found, more = _paged(rows, request.GET.get("after", "")[:40], asked)
    page = ui.Page(
        _("Register of certificates"),
        _("Each certificate that the authorities of your division issued, and how it stands."),
        top=[wording.Filter(_questions(asked), _("Find"))],
        tables=[ui.Part(_table(found, more))],
        trail=ui.Trail([ui.Link(reverse("certification-desk"), _("Certification authority"))]),
    )
    return ui.shown(request, page)


def _paged(
    rows: QuerySet[IssuedCertificate], after: str, asked: dict[str, str]
) -> tuple[list[IssuedCertificate], str | None]:
    last = rows.filter(serial=after).first() if after else None
    if asked["state"] == "soon":
        rows = rows.order_by("not_after", "key")
        if last is not None:
            later = Q(not_after__gt=last.not_after)
            rows = rows.filter(later | Q(not_after=last.not_after, key__gt=last.key))
    else:
        rows = rows.order_by("-key")
        rows = rows.filter(key__lt=last.key) if last is not None else rows
    found = list(rows[: PAGE + 1])
    if len(found) <= PAGE:
        return found, None
    return found[:PAGE], "?" + urlencode({**asked, "after": found[PAGE - 1].serial})


def _questions(asked: dict[str, str]) -> list[ui.FieldView]:
    kinds = [ui.Option(code, words) for code, words in _kinds().items()]
    named = {
        "good": wording.state_word("good"),
        "soon": pgettext("certificate", "ends soon"),
        "suspended": wording.state_word("suspended"),
        "revoked": wording.state_word("revoked"),
        "ended": pgettext("certificate", "ended"),
    }
    how: list[ui.Option] = [ui.Option(code, words) for code, words in named.items()]
    more: dict[str, Any] = {"kind": "select", "required": False}
    return [
        ui.FieldView("q", _("Name, serial or code"), value=asked["q"], required=False),
        ui.FieldView("kind", _("Kind of holder"), value=asked["kind"], options=kinds,
                     blank=_("All kinds"), **more),
        ui.FieldView("state", _("Stands now"), value=asked["state"], options=how,
                     blank=_("However they stand"), **more),
    ]  # fmt: skip


def _table(found: list[IssuedCertificate], more: str | None) -> ui.Table:
    columns = [
        ui.Column("name", _("Holder named")),
        ui.Column("profile", _("Certificate for")),
        ui.Column("until", _("Valid until")),
        ui.Column("state", _("Stands now")),
    ]
    lines: list[dict[str, ui.CellLike]] = [
        {
            "name": ui.Cell(
                ui.Link(reverse("certification-certificate", args=[row.serial]), row.name),
                wording.spaced(row.serial[:16]) + " …",
            ),
            "profile": ui.Cell(wording.profile(row.profile), row.authority),
            "until": wording.day(row.not_after),
            "state": wording.state_chip(row),
        }
        for row in found
    ]
    caption = _("Register of certificates")
    return wording.table(columns, lines, caption, _("No certificate fits"), more)


@allow(OFFICERS)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate(request: HttpRequest, serial: str) -> HttpResponse:
    """One certificate in plain words, with its path, its history, and what OCSP says now."""
    who = actor(request)
    refuse_noughts_posted(request)
    row = in_sight(who).filter(serial=serial).first()
    if row is None:
        raise Http404
    said = ui.Answers(request)
    if said.posted:
        try:
            acting.act_on([row], who, said)
        except Refused as refused:
            said.wrong["act"] = wording.refusal(refused.code)
        if said.good:
            messages.success(request, _("It is on record, and everybody is told so from now on."))
            return redirect("certification-certificate", serial=serial)
    page = ui.Page(
        _("Key certificate"),
        top=[
            *[ui.Notice("late", words) for field, words in said.wrong.items() if field == "act"],
            acting.certificate_panel(row),
            _answer(row),
            _path(row),
            _history(row),
        ],
        links=_links(row, who.role),
        forms=acting.form(row, states.may(row, who), said),
        trail=ui.Trail([ui.Link(reverse("certification-register"), _("Register of certificates"))]),
        name=row.name,
    )
    return ui.shown(request, page, 422 if said.wrong else 200)


def _answer(row: IssuedCertificate) -> ui.Panel:
    try:
        told = key_publishing.answer_about(row)
    except KeyStoreUnavailable:
        return ui.Panel(_("Status answer (OCSP) now"), [ui.Item(_("Says"), acting.unavailable())])
    kinds: dict[str, ui.Kind] = {"good": "ok", "revoked": "late"}
    says = {
        "good": wording.state_word("good"),
        "revoked": pgettext("status answer", "not in force"),
    }.get(told.status, pgettext("status answer", "unknown"))
    items = [
        ui.Item(_("Says"), ui.Chip(kinds.get(told.status, "warn"), says), told.status),
        ui.Item(_("Answered at"), wording.moment(told.made)),
        ui.Item(_("Answer valid until"), wording.moment(told.until)),
    ]
    return ui.Panel(_("Status answer (OCSP) now"), items)


def _path(row: IssuedCertificate) -> wording.Course:
    """From the root down to the holder, by names."""
    steps = [
        ui.Step(str(one.subject.native["common_name"]), state="done")
        for one in reversed(key_authorities.chain(row.authority))
    ]
    if row.profile not in ("root", "issuing"):
        steps.append(ui.Step(row.name, note=wording.profile(row.profile), state="done"))
    elif row.profile == "issuing":
        steps.append(ui.Step(row.name, note=row.holder, state="done"))
    return wording.Course(_("Path to the root"), steps)


def _history(row: IssuedCertificate) -> wording.Course:
    """What became of it, in system time. Revocation is the last state: its reason is the row's."""
    steps = []
    for version in key_certificates.history(row):
        at = version.state_at or version.not_before
        by = version.changed_by.partition(" (")[0]
        reason = {"good": "", "suspended": "certificate_hold"}.get(version.state, row.because)
        why = wording.revoked_because(reason)
        said = ui.listed([words for words in (why, by) if words])
        steps.append(ui.Step(wording.state_word(version.state), wording.moment(at), said, "done"))
    return wording.Course(_("How it stood"), steps)


def _links(row: IssuedCertificate, role: str) -> list[ui.Link]:
    links = []
    rows = CertificateApplication.objects
    made = (rows.filter(serial=row.serial) | rows.filter(encryption_serial=row.serial)).first()
    if made is not None and role == "certificate_officer":
        way = reverse("certification-application", args=[made.number])
        links.append(ui.Link(way, _("The application")))
    if row.profile == "encryption" and role == "certificate_officer":
        way = reverse("certification-recoveries") + f"?serial={row.serial}"
        links.append(ui.Link(way, _("Ask for the recovery of its key")))
    return links
