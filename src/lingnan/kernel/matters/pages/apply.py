"""A resident applies: begin, fill in, check, submit."""

from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lingnan.kernel.content import files
from lingnan.kernel.matters import applications, nextstep, prefill
from lingnan.kernel.matters.definition import Matter, find, matter_of
from lingnan.kernel.matters.formviews import (
    answer_panels,
    found_places,
    material_views,
    reads_panel,
    resource_title,
    sections,
)
from lingnan.kernel.matters.models import Application, Case
from lingnan.kernel.runtime.api import Title
from lingnan.kernel.trust.api import APPLICANT, actor, allow
from lingnan.kernel.ui import api as ui


@allow(APPLICANT)
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    try:
        application = applications.begin(code, request.POST.get("body", ""), actor(request))
    except applications.RecordAbsent as absent:
        return _absent(request, absent)
    except LookupError:
        if find(code) is None:
            raise Http404 from None
        return redirect(f"/matters/{code}/?choose=body#start")
    return redirect("apply", reference=application.reference)


def _absent(request: HttpRequest, absent: applications.RecordAbsent) -> HttpResponse:
    text = absent.read.get("absent")
    obtain = find(absent.read.get("obtain", ""))
    link = None
    if obtain is not None:
        link = ui.Link(f"/matters/{obtain[1].code}/", str(obtain[1].title))
    title = _("A record is missing that this matter needs")
    words = str(Title.of(text)) if text else resource_title(absent.read["resource"])
    context = {"notice": ui.Notice("warn", title, words, link)}
    return render(request, "matters/absent.html", context, status=409)


def own(request: HttpRequest, reference: str) -> Application:
    """The signed-in resident's own application; somebody else's does not exist for them."""
    found = (
        Application.objects.select_related("definition")
        .filter(reference=reference, account=actor(request).account)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _alone(request: HttpRequest, reference: str) -> Application:
    """An application that is filed by itself: a part of a joint one is not."""
    application = own(request, reference)
    if applications.is_part(application):
        raise Http404
    return application


def _locked_case(application: Application) -> Case | None:
    """The case that this application has become, unless it waits for a correction."""
    if not application.case_number:
        return None
    case = Case.objects.get(number=application.case_number)
    return None if case.state == "correction" else case


@allow(APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, reference: str) -> HttpResponse:
    application = _alone(request, reference)
    case = _locked_case(application)
    if case is not None:
        return redirect("case", number=case.number)
    matter = matter_of(application.definition)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            done, errors = _posted(request, application, matter)
        except applications.Submitted as submitted:
            return redirect("case", number=str(submitted))
        if done is not None:
            return done
    return _form(request, application, matter, errors)


def _posted(
    request: HttpRequest, application: Application, matter: Matter
) -> tuple[HttpResponse | None, dict[str, str]]:
    errors = applications.save(application, request.POST.dict(), actor(request))
    errors |= _files(request, application)
    if "dispute" in request.POST:
        name = request.POST["dispute"]
        applications.dispute(application, name)
        return redirect(f"/apply/{application.reference}/#id_{name}"), {}
    if "choose" in request.POST:
        resource, _sep, row = request.POST.get("record", "").rpartition(":")
        applications.choose(
            application, resource, int(row) if row.isdecimal() and len(row) < 9 else -1
        )
        return redirect("apply", reference=application.reference), {}
    if "look" in request.POST:
        return redirect(f"/apply/{application.reference}/#id_{request.POST['look']}"), {}
    if "later" in request.POST:
        return redirect("my-cases"), {}
    errors |= {n: e for n, e in applications.faults(application).items() if n not in errors}
    errors = _lacking(application) | errors
    if not errors:
        return redirect("apply-check", reference=application.reference), {}
    return None, errors


@allow(APPLICANT)
@require_POST
def keep(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the draft as it stands, and say which materials it needs now.

    Browsers with JavaScript call this at each change; without it, saving does the same.
    """
    application = _alone(request, reference)
    if _locked_case(application) is not None:
        return HttpResponse(status=204)
    try:
        applications.save(application, request.POST.dict(), actor(request))
        errors = _files(request, application)
    except applications.Submitted:
        return HttpResponse(status=204)
    papers = material_views(application, errors)
    # A file chosen while this was on its way must not be swapped off the page.
    still = {field.name for field in papers if field.name not in request.FILES}
    context = {"materials": papers, "kept": True, "preserved": still}
    return render(request, "matters/materials.html", context)


@allow(APPLICANT)
@require_safe
def suggest(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The addresses that the words of a place field may mean, as a fragment."""
    application = own(request, reference)
    fields = matter_of(application.definition).form.fields()
    field = next((f for f in fields if f.name == name and f.type == "place"), None)
    if field is None:
        raise Http404
    words = request.GET.get(name, "")
    view = ui.FieldView(
        name=name,
        label="",
        value=words,
        kind="place",
        options=found_places(field, words, application.body),
    )
    return render(request, "ui/field_places.html", {"c": view})


def _files(request: HttpRequest, application: Application) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name in request.FILES:
        uploaded = cast(UploadedFile, request.FILES[name])
        code = name.removeprefix("file-")
        size = uploaded.size or 0
        content = uploaded.read() if size <= files.LIMIT else b" " * (files.LIMIT + 1)
        try:
            upload = files.Upload(uploaded.name or "", content)
            applications.attach(application, code, upload)
        except files.FileRefused as refused:
            errors[name] = refused.said
        except LookupError:
            raise Http404 from None
    return errors


def _lacking(application: Application) -> dict[str, str]:
    """Necessary materials that are not there yet."""
    words = _("Please choose the file.")
    return {f"file-{m.code}": words for m in applications.lacking(application)}


def _form(
    request: HttpRequest, application: Application, matter: Matter, errors: dict[str, str]
) -> HttpResponse:
    parts = sections(matter, application, errors)
    papers = material_views(application, errors)
    filled, typed = prefill.counts(application.answers, matter)
    every = [field for part in parts for field in part["fields"]] + papers
    context = {
        "matter": matter,
        "application": application,
        "sections": parts,
        "materials": papers,
        "summary": ui.ErrorSummary.of(every) if errors else None,
        "filled": filled,
        "typed": typed,
        "total": filled + typed,
        "share": ui.Bar(filled, filled + typed or 1, "ok", _filled_words(filled)),
        "reads": reads_panel(application.reads),
        "choices": _choices(application),
        **_where(application),
    }
    return render(request, "matters/apply.html", context, status=422 if errors else 200)


def _filled_words(count: int) -> str:
    words = ngettext(
        "%(n)s field was filled from records.", "%(n)s fields were filled from records.", count
    )
    return words % {"n": count}


def _choices(application: Application) -> list[ui.FieldView]:
    """A choice for each read that found several records."""
    return [
        ui.FieldView(
            name="record",
            label=resource_title(read["resource"]),
            hint=_("Several records are in your name. Choose the one this application is about."),
            kind="radio",
            value=f"{read['resource']}:{read.get('chosen', 0)}",
            options=[
                ui.Option(
                    f"{read['resource']}:{index}",
                    " · ".join(str(v) for v in list(row["values"].values())[:2]),
                )
                for index, row in enumerate(read["rows"])
            ],
        )
        for read in application.reads
        if len(read["rows"]) > 1
    ]


@allow(APPLICANT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """The applicant reads everything once more and submits. A second submission changes nothing."""
    application = _alone(request, reference)
    done = _locked_case(application)
    if done is not None:
        return redirect("case", number=done.number)
    if applications.faults(application) or _lacking(application):
        return redirect("apply", reference=reference)
    if request.method == "POST":
        try:
            return redirect("case", number=_submit(application, request).number)
        except applications.NotReady:
            return redirect("apply", reference=reference)
    matter = matter_of(application.definition)
    filled, typed = prefill.counts(application.answers, matter)
    context = {
        "matter": matter,
        "application": application,
        "panels": answer_panels(matter, application.answers),
        "papers": _papers(application),
        "filled": filled,
        "typed": typed,
        "total": filled + typed,
        **_where(application),
    }
    return render(request, "matters/check.html", context)


def _where(application: Application) -> dict[str, Any]:
    """Which body handles it, and in a correction what it asked for and whether that was done."""
    context: dict[str, Any] = {"body": nextstep.body_title(application.body)}
    if application.case_number:
        case = Case.objects.get(number=application.case_number)
        context["asked"] = nextstep.asked_of(case)
        context["unchanged"] = applications.unchanged(application, case)
    return context


def _papers(application: Application) -> ui.Panel | None:
    """The files that will be submitted, each to be looked at once more."""
    kept = {a.material: a.name for a in application.attachments.all()}
    needed = [m for m in applications.materials(application) if m.code in kept]
    files_at = f"/apply/{application.reference}/files"
    items = [ui.Item(str(m.title), ui.Link(f"{files_at}/{m.code}/", kept[m.code])) for m in needed]
    return ui.Panel(_("Materials"), items) if items else None


def _submit(application: Application, request: HttpRequest) -> Case:
    if application.case_number:
        return applications.resubmit(application, actor(request))
    return applications.submit(application, actor(request))


@allow(APPLICANT)
@require_safe
def own_file(request: HttpRequest, reference: str, material: str) -> HttpResponse:
    application = own(request, reference)
    attachment = application.attachments.filter(material=material).first()
    if attachment is None:
        raise Http404
    return file_response(attachment.sha256, attachment.name)


def file_response(sha256: str, name: str) -> HttpResponse:
    """A stored file as a download; the browser must not guess what it is."""
    upload = files.Upload(name, files.read(sha256))
    response = HttpResponse(upload.content, content_type=files.media_type_of(upload))
    response.headers["Content-Disposition"] = "attachment"
    return response
