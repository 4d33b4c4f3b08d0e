"""What an applicant does after submitting: hand in what was promised, and rate."""

from contextlib import suppress
from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lingnan.kernel.content import files
from lingnan.kernel.matters import ratings, tolerance
from lingnan.kernel.matters.models import Case
from lingnan.kernel.trust.api import APPLICANT, actor, allow
from lingnan.kernel.ui import api as ui


def _require_own(request: HttpRequest, number: str) -> None:
    if not Case.objects.filter(number=number, account=actor(request).account).exists():
        raise Http404


def supplements(case: Case, error: str = "") -> list[ui.FieldView]:
    """What was promised and is still to be handed in, each with its last day."""
    due = tolerance.due(case)
    return [
        ui.FieldView(
            name=f"file-{material.code}",
            label=str(material.title),
            hint=_("by %(day)s") % {"day": ui.legal_date(due[material.code])}
            if material.code in due
            else "",
            kind="file",
            error=error,
            accept=("pdf", "png", "jpg"),
            max_megabytes=files.LIMIT // (1024 * 1024),
        )
        for material in tolerance.outstanding(case)
        if case.state in tolerance.WAITING
    ]


@allow(APPLICANT)
@require_POST
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Hand in what was promised at acceptance."""
    _require_own(request, number)
    for name in request.FILES:
        uploaded = cast(UploadedFile, request.FILES[name])
        size = uploaded.size or 0
        content = uploaded.read() if size <= files.LIMIT else b" " * (files.LIMIT + 1)
        upload = files.Upload(uploaded.name or "", content)
        try:
            tolerance.supplement(number, actor(request), name.removeprefix("file-"), upload)
        except files.FileRefused as refused:
            messages.error(request, refused.said)
        except LookupError:
            raise Http404 from None
    return redirect("case", number=number)


@allow(APPLICANT)
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """Rate a finished case, once."""
    _require_own(request, number)
    grade = request.POST.get("grade", "")
    if grade not in ratings.CHOICES:
        messages.error(request, _("Please choose one of the answers."))
        return redirect("case", number=number)
    with suppress(ratings.NotRatable):  # a second click
        ratings.rate(number, actor(request), int(grade), request.POST.get("words", ""))
    return redirect("case", number=number)
