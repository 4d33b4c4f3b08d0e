"""An official sends a file of rows for a register."""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry.importing import columns, files, rights, words, work
from lingnan.kernel.registry.importing.models import Import
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, allow, node_evidence, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

LEAST, LONGEST = 4, 200
KINDS = ("csv", "xlsx", "parquet")


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """The form that takes a file, and the file itself, kept as it comes."""
    model, who = readable(request, system, name)
    if not rights.may_import(model, who):
        raise PermissionDenied
    mended = _mended(request, model, who)
    if request.method != "POST":
        return _form(request, model, mended, "", "")
    refuse_noughts_posted(request)
    purpose = request.POST.get("purpose", "").strip()[:LONGEST]
    uploaded = request.FILES.get("file")
    if uploaded is None or len(purpose) < LEAST:
        fault = "" if uploaded else words.of_file("no_name")
        return _form(request, model, mended, purpose, fault)
    try:
        one = _kept(model, who, uploaded, purpose)
    except Unfit as unfit:
        return _form(request, model, mended, purpose, words.of_file(unfit.code))
    one.mends = mended.ref if mended else ""
    told("import.sent", one, who, {"name": one.name, "size": one.size, "mends": one.mends})
    one.save(force_insert=True)
    return redirect("import", ref=one.ref)


def _mended(request: HttpRequest, model: type[Record], who: Actor) -> Import | None:
    """The import whose bad rows the file brings again."""
    ref = request.POST.get("mends") or request.GET.get("mends", "")
    one = Import.objects.filter(pk=ref[:32], record_type=context_of(model)).first()
    return one if one is not None and rights.may_see(one, who) else None


def _kept(model: type[Record], who: Actor, uploaded: UploadedFile, purpose: str) -> Import:
    """The import of a file that can be read. Raises Unfit; then nothing is kept."""
    name = (uploaded.name or "")[-200:]
    ref, digest, size = files.store(cast("Iterator[bytes]", uploaded.chunks()))
    try:
        kind = files.kind_of(work.source(ref), name)
        one = Import(
            ref=ref, record_type=context_of(model), name=name, kind=kind, size=size,
            digest=digest, purpose=purpose, account=who.account, person=who.name, who=who.signature,
            body=who.body, division=who.division, function=who.function, role=who.role,
            at=legal_time.now(), state="uploaded",
        )  # fmt: skip
        one.reading = files.reading_of(work.source(ref), kind)
        find_columns(one, model)
    except BaseException:
        work.remove(ref)
        raise
    return one


def find_columns(one: Import, model: type[Record]) -> None:
    """Where the names of the columns stand, and which fields they name. Raises Unfit."""
    names = model.record.imported
    head = columns.find_head(model, names, files.first_rows(one))
    one.reading = one.reading | {"head": head.row, "names": list(head.names)}
    one.mapping = head.mapping(model, names)


def told(kind: str, one: Import, who: Actor, more: dict[str, Any]) -> None:
    """Evidence of what is done with a file of rows, before it is done."""
    payload = {
        "import": one.ref,
        "record_type": one.record_type,
        "file": one.digest,
        "purpose": one.purpose,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
    }
    node_evidence.write([node_evidence.entry(kind, payload | more)])


def _form(
    request: HttpRequest, model: type[Record], mended: Import | None, purpose: str, fault: str
) -> HttpResponse:
    sent = request.method == "POST"
    short = sent and len(purpose) < LEAST
    fields = [
        ui.FieldView(
            "file", _("File of rows"), "", "", "file", accept=KINDS, error=fault,
            max_megabytes=settings.IMPORT_LIMIT >> 20,
        ),
        ui.FieldView(
            "purpose", _("Why the file is taken in"),
            _("It is kept with the evidence, and is the reason of every record of the file."),
            purpose or (mended.purpose if mended and not sent else ""),
            error=_("Say in a few words why the file is taken in.") if short else "",
            maxlength=LONGEST,
        ),
    ]  # fmt: skip
    errors = ui.ErrorSummary.of(fields) if sent else None
    context = {
        "title": model.record.title,
        "back": address(model),
        "fields": fields,
        "errors": errors,
        "mended": mended,
        "mends": ui.Notice("info", _("Mended rows of an earlier file"), mended.name)
        if mended else None,
        "known": _known(model),
    }  # fmt: skip
    return render(request, "registry/import_start.html", context, status=422 if sent else 200)


def _known(model: type[Record]) -> ui.Panel:
    """The columns that a file may have."""
    from lingnan.kernel.registry.display import label

    need = columns.needed(model)
    must = [label(model, name) for name in model.record.imported if name in need]
    may = [label(model, name) for name in model.record.imported if name not in need]
    items = [ui.Item(_("Columns that must be there"), ui.listed(must))]
    if may:
        items.append(ui.Item(_("Columns that may be there"), ui.listed(may)))
    note = _("In any order, named so, by the English label, the field or the data element.")
    return ui.Panel(_("What the file holds"), items, note)
