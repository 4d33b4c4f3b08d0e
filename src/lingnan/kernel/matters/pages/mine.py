"""A resident's own cases and certificates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lingnan.kernel.duty.api import clocks
from lingnan.kernel.matters import cases, filing, nextstep, prefill, procedure, ratings, wording
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.explanation import explanation_panel
from lingnan.kernel.matters.formviews import answer_panels, rating_fields, reads_panel
from lingnan.kernel.matters.joint import views as joint_views
from lingnan.kernel.matters.joint import waiting
from lingnan.kernel.matters.models import (
    Application,
    Case,
    Certificate,
    Decision,
    JointApplication,
)
from lingnan.kernel.matters.overview import cases_table
from lingnan.kernel.matters.pages import after
from lingnan.kernel.matters.remedies import REMEDIES
from lingnan.kernel.matters.timeviews import clock_panel, timeline
from lingnan.kernel.trust.api import APPLICANT, Body, actor, allow
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


@allow(APPLICANT)
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    account = actor(request).account
    cases_ = list(
        Case.objects.filter(account=account).select_related("definition").order_by("-key")[:LIMIT]
    )
    drafts = Application.objects.filter(account=account, case_number="", joint=None)
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
        "drafts": [
            *_joint_tiles(account, submitted=False),
            *_drafts(list(drafts.select_related("definition")[:LIMIT])),
        ],
        "joint": _joint_tiles(account, submitted=True),
    }
    return render(request, "matters/my_cases.html", context)


def _joint_tiles(account: int, submitted: bool) -> list[ui.Tile]:
    """The life events of a resident: drafts, or those that are under way or done."""
    rows = JointApplication.objects.filter(account=account, number__isnull=not submitted)
    return [
        joint_views.tile(joint)
        for joint in rows.select_related("definition").order_by("-started_at")[:LIMIT]
    ]


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


@allow(APPLICANT)
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
        "notice": waiting.notice(case) or nextstep.notice(case, readings, outcome),
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
        "joint": case.joint,
        "follow": after.supplements(case),
        "rating": rating_fields() if ratings.may_rate(case) else [],
        "rated": getattr(case, "rating", None),
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
        for row in filing.filed_materials(case)
    ]
    return ui.Panel(_("Materials"), items) if items else None


@allow(APPLICANT)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    own_case(request, number)
    cases.withdraw(number, actor(request))
    return redirect("case", number=number)
