"""Pages that anybody may read: a matter, and the verification of a certificate."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.matters import certificates, competence, powers, told, verification
from lingnan.kernel.matters.definition import Matter, find, matter_of
from lingnan.kernel.matters.formviews import basis_panel, fee_words, resource_title
from lingnan.kernel.matters.models import CaseEvent, Certificate
from lingnan.kernel.matters.timeviews import demonstration_mark, limit_words
from lingnan.kernel.matters.wording import counted
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import APPLICANT, PUBLIC, allow, explaining, node_signatures
from lingnan.kernel.ui import api as ui

FEW = 8
KINDS = ("pdf", "ofd", "asice", "p7s", "json")
"""Files that are verified, or told where."""
DECISION = Title("决定", "Decision")


@allow(PUBLIC)
@require_safe
def matter_page(request: HttpRequest, code: str) -> HttpResponse:
    found = find(code)
    if found is None:
        raise Http404
    definition, matter = found
    context = {
        "matter": matter,
        "version": definition.number,
        "bodies": _body_field(matter, "choose" in request.GET),
        "may_begin": APPLICANT.permits(getattr(request, "actor", None)),
        "figures": _figures(matter),
        "course": _course(matter),
        "panels": [_limits_panel(matter), basis_panel(matter)],
        "asked": _asked_panel(matter),
    }
    return render(request, "matters/matter.html", context)


def _body_field(matter: Matter, missed: bool) -> ui.FieldView:
    """Which body shall handle it: a few are read at a glance, many are chosen from a list."""
    found = competence.bodies(matter)
    return ui.FieldView(
        name="body",
        label=_("Which body shall handle it?"),
        hint=_("Choose the place where you live, or where the thing is that you apply for."),
        kind="radio" if len(found) <= FEW else "select",
        error=_("Please choose one of the answers.") if missed else "",
        options=[ui.Option(b.code, str(b.title)) for b in found],
    )


def _figures(matter: Matter) -> list[ui.Kpi]:
    """What one wants to know first: how long, how much, what to fill in and to file."""
    limit = matter.limits["decision"]
    fields = matter.form.fields()
    bound = sum(field.bound for field in fields)
    statutory = _("statutory %(s)s") % {"s": counted(limit["statutory"], limit["unit"])}
    filled = _("%(n)s more come from records") % {"n": bound}
    return [
        ui.Kpi(
            _("Promised") + demonstration_mark(limit),
            counted(limit["promised"], limit["unit"]),
            statutory,
        ),
        ui.Kpi(_("Fee"), fee_words(matter)),
        ui.Kpi(_("You fill in"), _("%(n)s answers") % {"n": len(fields) - bound}, filled),
    ]


def _course(matter: Matter) -> list[ui.Step]:
    """What happens, in the order in which it happens."""
    check, decision = matter.limits["formal_check"], matter.limits["decision"]
    told = _("You are told once what is missing, within %(s)s.")
    decided = _("Within %(p)s as promised, within %(s)s at the latest.")
    within = {
        "p": counted(decision["promised"], decision["unit"]) + demonstration_mark(decision),
        "s": counted(decision["statutory"], decision["unit"]),
    }
    title = str(Title.of(matter.certificate["title"]))
    return [
        ui.Step(_("You fill in and submit"), note=_("What records already say is filled in.")),
        ui.Step(
            _("Your papers are checked"),
            note=told % {"s": counted(check["statutory"], check["unit"])},
        ),
        ui.Step(_("It is examined and decided"), note=decided % within),
        ui.Step(
            _("You receive: %(title)s") % {"title": title}, note=_("Sealed; anybody can verify it.")
        ),
    ]


def _limits_panel(matter: Matter) -> ui.Panel:
    decision = matter.limits["decision"]
    rows = [
        (_("Check for completeness"), matter.limits["formal_check"]),
        (str(Title.of(decision.get("title", DECISION))), decision),
        *((str(Title.of(v["title"])), {**decision, **v}) for v in decision.get("variants", [])),
    ]
    if "delivery" in matter.limits:
        rows.append((_("Delivery"), matter.limits["delivery"]))
    items = [_limit_item(name, limit) for name, limit in rows]
    items.append(ui.Item(_("Fee"), _fee(matter)))
    return ui.Panel(_("Time and cost"), items)


def _limit_item(name: str, limit: Mapping[str, Any]) -> ui.Item:
    value = limit_words(limit["promised"], limit["statutory"], limit["unit"])
    note = limit["basis"]
    if limit.get("promise_is_demonstration"):
        note += " · " + _("the promised limit is a demonstration value")
    return ui.Item(name, value, note)


def _fee(matter: Matter) -> ui.Cell:
    return ui.Cell(fee_words(matter), matter.content["matter"].get("fee", {}).get("basis", ""))


def _asked_panel(matter: Matter) -> list[ui.Panel]:
    reads = [
        ui.Item(resource_title(r["resource"]), str(Title.of(r["why"])), r["basis"])
        for r in matter.reads
    ]
    papers = [
        ui.Item(str(m.title), str(m.hint), m.basis) if m.hint else ui.Item(str(m.title), m.basis)
        for m in matter.materials
    ]
    return [
        ui.Panel(_("Read from records, you need not file it"), reads),
        ui.Panel(_("What you file"), papers, "" if papers else _("You file no papers.")),
    ]


@allow(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify_start(request: HttpRequest) -> HttpResponse:
    """Verify by code or by the file itself."""
    hint = _("12 letters and digits beneath the QR code")
    file = _("Or the file: a certificate (PDF or OFD), an evidence bundle, or a power (JSON)")
    asked = ui.sought(request, _("Code on the certificate"), file, hint, KINDS)
    if asked.file is not None:
        verdict = verification.of_file(asked.file)
        return render(request, "matters/verdict.html", _verdict(verdict))
    if asked.number:
        return redirect("verify-code", code=asked.number)
    context = {"fields": asked.form.fields, "signatures": node_signatures.page()}
    return render(request, "matters/verify.html", context, status=asked.status)


@allow(PUBLIC)
@require_safe
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    verdict = verification.of_code(code)
    status = 200 if verdict.certificate is not None else 404
    return render(request, "matters/verdict.html", _verdict(verdict), status=status)


def _verdict(verdict: verification.Verdict) -> dict[str, object]:
    certificate = verdict.certificate
    panel = None
    if certificate is not None:
        panel = ui.Panel(
            _("What was issued"),
            [
                ui.Item(_("Certificate"), str(certificate.title)),
                ui.Item(_("Number"), certificate.number),
                ui.Item(pgettext("certificate", "Holder"), certificate.holder),
                ui.Item(_("Issued by"), str(certificate.body)),
                ui.Item(_("Valid from"), ui.legal_date(certificate.valid_from)),
                ui.Item(_("Signer in the seal"), verdict.signer or "—"),
                ui.Item(_("Sealed at (system time)"), ui.legal_datetime(certificate.sealed_at)),
                ui.Item("SHA-256 (PDF)", certificate.sha256),
            ],
        )
    printed = None
    if certificate is not None:
        rows = certificates.printed(certificate.case)
        printed = ui.Panel(
            _("What the certificate says"),
            [ui.Item(str(Title(row["zh"], row["en"])), row["value"]) for row in rows],
        )
    changed = _changed(certificate) if certificate is not None else None
    says = None
    checked = explaining.panel(verdict.checks) if verdict.checks else None
    if verdict.entries:
        items = [ui.Item(f"{one.seq} · {one.kind}", one.payload, one.at) for one in verdict.entries]
        says = ui.Panel(_("What the log says"), items)
    if verdict.power is not None:
        says = powers.panel(verdict.power)
    return {
        "panel": panel,
        "printed": printed,
        "notice": verdict.notice(),
        "changed": changed,
        "checked": checked,
        "says": says,
    }


def _changed(certificate: Certificate) -> ui.Panel | None:
    """What has changed on record, of that which the certificate says."""
    matter = matter_of(certificate.case.definition)
    says = {row.get("from") for row in matter.certificate["fields"]}
    titles = {field.name: str(field.title) for field in matter.form.fields()}
    items = [
        ui.Item(
            titles[row["field"]],
            _("the record has ended") if row["after"] is None else row["after"],
            _("since %(day)s") % {"day": ui.legal_date(event.at)},
        )
        for event in told.changes_of(certificate.case)
        for row in event.data["changes"]
        if row["field"] in says
    ]
    note = _("The body knows of it; the certificate itself still says what was issued.")
    return ui.Panel(_("Changed on record since it was issued"), items, note) if items else None


def _since(event: CaseEvent) -> str:
    return _("since %(day)s") % {"day": ui.legal_date(event.at)}
