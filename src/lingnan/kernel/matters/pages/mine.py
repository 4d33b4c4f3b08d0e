"""A resident's own cases and certificates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.content import files
from lingnan.kernel.duty.api import clocks
from lingnan.kernel.matters import cases, nextstep, prefill, procedure, wording
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.explanation import explanation_panel
from lingnan.kernel.matters.formviews import (
    answer_panels,
    clock_panel,
    reads_panel,
    timeline,
)
from lingnan.kernel.matters.models import Application, Case, Certificate, Decision
from lingnan.kernel.matters.overview import cases_table
from lingnan.kernel.matters.remedies import REMEDIES
from lingnan.kernel.trust.api import RESIDENT, Body, actor, allow
from lingnan.kernel.ui import api as ui

LIMIT = 50


def own_case(request: HttpRequest, number: str) -> Case:
    """The resident's own case; another resident's number does not exist for them."""
    found = (
        Case.objects.select_related("definition", "application")
        .filter(number=number, account=actor(request).account)
        .first()
    )
    if found is None:
        raise Http404
    return found


@allow(RESIDENT)
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    account = actor(request).account
    cases_ = list(
        Case.objects.filter(account=account).select_related("definition").order_by("-key")[:LIMIT]
    )
    drafts = Application.objects.filter(account=account, case_number="")
    table = cases_table(
        cases_,
        _("Your cases"),
        ui.Empty(
            _("You have no case yet"),
            _("Find what you want to do on the first page."),
            ui.Link("/", _("To the first page")),
        ),
    )
    context = {
        "table": table,
        "drafts": _drafts(list(drafts.select_related("definition")[:LIMIT])),
    }
    return render(request, "matters/my_cases.html", context)


def _drafts(drafts: list[Application]) -> list[ui.Tile]:
    bodies = Body.objects.filter(code__in={draft.body for draft in drafts})
    names = {body.code: str(body.title) for body in bodies}
    return [_draft(draft, names.get(draft.body, draft.body)) for draft in drafts]


def _draft(application: Application, body: str) -> ui.Tile:
    matter = matter_of(application.definition)
    named = matter.content["matter"].get("about", [])[:1]
    name = "".join(str(application.answers.get(field, {}).get("value", "")) for field in named)
    return ui.Tile(
        f"/apply/{application.reference}/",
        str(matter.title),
        _("Draft, begun on %(day)s") % {"day": ui.legal_date(application.started_at)},
        [f"“{name}”", body] if name else [body],
    )


@allow(RESIDENT)
@require_safe
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    case = own_case(request, number)
    matter = matter_of(case.definition)
    readings = clocks.of_references([number]).get(number, {})
    filled, typed = prefill.counts(case.declared, matter)
    decision = Decision.objects.filter(case=case).first()
    outcome = decision.outcome if decision else ""
    context = {
        "case": case,
        "matter": matter,
        "state": wording.state_chip(case.state, outcome),
        "notice": nextstep.notice(case, readings, outcome),
        "steps": timeline(case, matter, readings),
        "clocks": clock_panel(readings, matter),
        "answers": answer_panels(matter, case.declared),
        "papers": _papers(case, matter),
        "reads": reads_panel(case.application.reads),
        "decision": decision,
        "explanation": explanation_panel(decision) if decision else None,
        "remedies": REMEDIES,
        "certificate": Certificate.objects.filter(case=case).first(),
        "filled": filled,
        "total": filled + typed,
        "may_withdraw": procedure.may(case.state, "withdrawn"),
    }
    return render(request, "matters/case.html", context)


def _papers(case: Case, matter: Matter) -> ui.Panel | None:
    """The materials as they were filed last."""
    titles = {m.code: str(m.title) for m in matter.materials}
    files_at = f"/apply/{case.application_id}/files"
    items = [
        ui.Item(
            titles.get(row["material"], row["material"]),
            ui.Link(f"{files_at}/{row['material']}/", row["name"]),
        )
        for row in cases.filed_materials(case)
    ]
    return ui.Panel(_("Materials"), items) if items else None


@allow(RESIDENT)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    own_case(request, number)
    cases.withdraw(number, actor(request))
    return redirect("case", number=number)


@allow(RESIDENT)
@require_safe
def wallet(request: HttpRequest) -> HttpResponse:
    rows = Certificate.objects.filter(account=actor(request).account).order_by("-valid_from")
    table = ui.Table(
        [
            ui.Column("title", _("Certificate")),
            ui.Column("number", _("Number")),
            ui.Column("body", _("Issued by")),
            ui.Column("file", _("File")),
        ],
        [
            {
                "title": ui.Cell(str(c.title), c.holder),
                "number": c.number,
                "body": ui.Cell(str(c.body), ui.legal_date(c.valid_from)),
                "file": ui.Cell(
                    (
                        ui.Link(f"/certificates/{c.code}.pdf", _("Download"), str(c.title)),
                        ui.Link(f"/verify/{c.code}/", _("Verify"), str(c.title)),
                    )
                ),
            }
            for c in rows[:LIMIT]
        ],
        _("Your certificates"),
        ui.Empty(_("No certificate yet"), _("Granted applications appear here.")),
        caption_hidden=True,
    )
    return render(request, "matters/wallet.html", {"table": table})


@allow(RESIDENT)
@require_safe
def certificate_file(request: HttpRequest, code: str) -> HttpResponse:
    certificate = Certificate.objects.filter(code=code, account=actor(request).account).first()
    if certificate is None:
        raise Http404
    response = HttpResponse(files.read(certificate.sha256), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.pdf"'
    return response
