"""A resident's way through a life event: begin, fill in once, check, submit, follow."""

from contextlib import suppress
from typing import Any, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.content import files
from lingnan.kernel.matters import applications, formviews, ratings
from lingnan.kernel.matters.cases import NotAllowed
from lingnan.kernel.matters.definition import matter_of
from lingnan.kernel.matters.joint import drafts, limits, submission, views
from lingnan.kernel.matters.joint.definition import LifeEvent, event_of, find_event
from lingnan.kernel.matters.joint.drafts import Draft
from lingnan.kernel.matters.models import Certificate, JointApplication
from lingnan.kernel.trust.api import APPLICANT, PUBLIC, actor, allow
from lingnan.kernel.ui import api as ui


@allow(PUBLIC)
@require_safe
def event_page(request: HttpRequest, code: str) -> HttpResponse:
    found = find_event(code)
    if found is None:
        raise Http404
    event = found[1]
    missed = "choose" in request.GET
    context = {
        "event": event,
        "figures": views.figures(event),
        "members": _members(event),
        "place": ui.FieldView(
            name="division",
            label=_("Where will it be?"),
            hint=_("The bodies of that county handle your application."),
            kind="select",
            error=_("Please choose one of the answers.") if missed else "",
            options=_places(event),
        ),
        "may_begin": APPLICANT.permits(getattr(request, "actor", None)),
        "basis": formviews.basis_panel_of(event.basis),
    }
    return render(request, "matters/event.html", context)


def _places(event: LifeEvent) -> list[ui.Option]:
    return [ui.Option(b.division, str(b.title)) for b in drafts.divisions_of(event)]


def _members(event: LifeEvent) -> ui.Table:
    """What is in it: each matter with its own promise."""
    rows: list[dict[str, ui.CellLike]] = []
    for member in event.members:
        link = ui.Link(f"/matters/{member.code}/", str(member.matter.title))
        time, fee = formviews.matter_facts(member.matter)
        rows.append({"matter": link, "time": time, "fee": fee})
    columns = [
        ui.Column("matter", _("Matter")),
        ui.Column("time", _("Time")),
        ui.Column("fee", _("Fee")),
    ]
    return ui.Table(columns, rows, _("What is in it"), caption_hidden=True)


@allow(APPLICANT)
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    try:
        joint = drafts.begin(code, request.POST.get("division", ""), actor(request))
    except LookupError:
        if find_event(code) is None:
            raise Http404 from None
        return redirect(f"/events/{code}/?choose=place#start")
    return redirect("joint-draft", reference=joint.reference)


def own(request: HttpRequest, **by: str) -> JointApplication:
    """The resident's own joint application; somebody else's does not exist for them."""
    rows = JointApplication.objects.select_related("definition")
    found = rows.filter(account=actor(request).account, **by).first()
    if found is None:
        raise Http404
    return found


@allow(APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    joint = own(request, reference=reference)
    if joint.number:
        return redirect("joint", number=joint.number)
    current = drafts.load(joint)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            done, errors = _posted(request, current)
        except applications.Submitted:
            return redirect("joint-draft", reference=reference)
        if done is not None:
            return done
        current = drafts.load(joint)
    return _form(request, current, errors)


def _posted(request: HttpRequest, current: Draft) -> tuple[HttpResponse | None, dict[str, str]]:
    reference = current.joint.reference
    errors = drafts.save(current, request.POST.dict(), actor(request))
    errors |= _files(request, current)
    if "choose" in request.POST:
        drafts.choose(current, request.POST.getlist(drafts.MEMBERS))
        return redirect(f"/joint/draft/{reference}/#id_members"), {}
    if "dispute" in request.POST:
        drafts.dispute(current, request.POST["dispute"])
        return redirect(f"/joint/draft/{reference}/#id_{request.POST['dispute']}"), {}
    if "look" in request.POST:
        return redirect(f"/joint/draft/{reference}/#id_{request.POST['look']}"), {}
    if "later" in request.POST:
        return redirect("my-cases"), {}
    current = drafts.load(current.joint)
    errors |= {n: e for n, e in drafts.faults(current).items() if n not in errors}
    errors = _lacking(current) | errors
    if not errors:
        return redirect("joint-check", reference=reference), {}
    return None, errors


def _lacking(current: Draft) -> dict[str, str]:
    words = _("Please choose the file.")
    return {f"file-{m.code}": words for m in drafts.lacking(current)}


def _files(request: HttpRequest, current: Draft) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in request.FILES:
        uploaded = cast(UploadedFile, request.FILES[name])
        size = uploaded.size or 0
        content = uploaded.read() if size <= files.LIMIT else b" " * (files.LIMIT + 1)
        try:
            code = name.removeprefix("file-")
            drafts.attach(current, code, files.Upload(uploaded.name or "", content))
        except files.FileRefused as refused:
            errors[name] = refused.said
        except LookupError:
            raise Http404 from None
    return errors


@allow(APPLICANT)
@require_POST
def keep(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the draft as it stands, and say which materials it needs now."""
    joint = own(request, reference=reference)
    if joint.number:
        return HttpResponse(status=204)
    current = drafts.load(joint)
    try:
        drafts.save(current, request.POST.dict(), actor(request))
        errors = _files(request, current)
    except applications.Submitted:
        return HttpResponse(status=204)
    papers = views.materials(drafts.load(joint), errors)
    still = {field.name for field in papers if field.name not in request.FILES}
    context = {"materials": papers, "kept": True, "preserved": still}
    return render(request, "matters/materials.html", context)


def _form(request: HttpRequest, current: Draft, errors: dict[str, str]) -> HttpResponse:
    parts = views.sections(current, errors)
    papers = views.materials(current, errors)
    members = views.members_field(current, errors.get(drafts.MEMBERS, ""))
    every = [members, *(field for part in parts for field in part["fields"]), *papers]
    context = {
        "event": current.event,
        "joint": current.joint,
        "members": members,
        "sections": parts,
        "materials": papers,
        "summary": ui.ErrorSummary.of(every) if errors else None,
        **_counted(current),
        "reads": views.reads_panel(current),
    }
    return render(request, "matters/joint_form.html", context, status=422 if errors else 200)


def _counted(current: Draft) -> dict[str, Any]:
    typed, total, forms = drafts.counts(current)
    words = views.typed_words(typed, total, forms)
    return {
        "typed": typed,
        "total": total,
        "forms": forms,
        "share": ui.Bar(total - typed, total or 1, "ok", words),
    }


@allow(APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything once more, then one submission. A second one changes nothing."""
    joint = own(request, reference=reference)
    if joint.number:
        return redirect("joint", number=joint.number)
    current = drafts.load(joint)
    if request.method == "POST":
        try:
            return redirect("joint", number=submission.submit(joint, actor(request)).number)
        except applications.NotReady:
            return redirect("joint-draft", reference=reference)
    if drafts.faults(current) or drafts.lacking(current):
        return redirect("joint-draft", reference=reference)
    context = {
        "event": current.event,
        "joint": joint,
        "panels": views.answer_panels(current),
        "papers": views.papers(current),
        **_counted(current),
    }
    return render(request, "matters/joint_check.html", context)


@allow(APPLICANT)
@require_safe
def joint_page(request: HttpRequest, number: str) -> HttpResponse:
    """Where the whole stands, what comes next and by when."""
    joint = own(request, number=number)
    event = event_of(joint.definition)
    parts = submission.parts(joint)
    again = [
        ui.Act(
            f"/joint/{number}/again/",
            _("File again: %(matter)s") % {"matter": matter_of(case.definition).title},
            {"matter": code},
        )
        for code, (_a, case) in parts.items()
        if submission.may_file_again(case)
    ]
    context = {
        "event": event,
        "joint": joint,
        "notice": views.what_next(joint, event),
        "tracks": views.tracks(joint, event),
        "clock": limits.clock_panel(joint, event),
        "alone": limits.alone_panel(joint, parts),
        "again": again,
        "certificates": Certificate.objects.filter(case__joint=number).order_by("sealed_at"),
        "rating": _rating(joint),
    }
    return render(request, "matters/joint.html", context)


def _rating(joint: JointApplication) -> list[ui.FieldView]:
    """The five grades, where something finished is not rated yet."""
    cases = [case for _a, case in submission.parts(joint).values()]
    if not any(ratings.may_rate(case) for case in cases):
        return []
    return formviews.rating_fields()


@allow(APPLICANT)
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """One rating for every finished part that has none yet."""
    joint = own(request, number=number)
    grade = request.POST.get("grade", "")
    for _a, case in submission.parts(joint).values():
        if grade in ratings.CHOICES and ratings.may_rate(case):
            with suppress(ratings.NotRatable):  # a second click
                words = request.POST.get("words", "")
                ratings.rate(case.number, actor(request), int(grade), words)
    return redirect("joint", number=number)


@allow(APPLICANT)
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """File a part once more that was refused or not accepted."""
    joint = own(request, number=number)
    try:
        made = submission.file_again(joint, request.POST.get("matter", ""), actor(request))
    except (NotAllowed, LookupError):
        raise Http404 from None
    except applications.RecordAbsent:
        words = _("What it needs is not there yet: please file it again once that is granted.")
        messages.warning(request, words)
        return redirect("joint", number=number)
    return redirect("apply", reference=made.reference)
