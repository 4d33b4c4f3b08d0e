"""An official brings a file whose rows are to be compared with a register's records."""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.registry.display import label
from lingnan.kernel.registry.importing import columns, files, work
from lingnan.kernel.registry.importing.sending import KINDS, LEAST, LONGEST
from lingnan.kernel.registry.importing.sheets import Unfit
from lingnan.kernel.registry.linkage.comparing import keeping, rights, words
from lingnan.kernel.registry.linkage.comparing.found import ANSWERS
from lingnan.kernel.registry.linkage.comparing.matching import MOST
from lingnan.kernel.registry.linkage.models import Comparison
from lingnan.kernel.registry.pages import address, readable
from lingnan.kernel.registry.reading import context_of
from lingnan.kernel.registry.records import Record
from lingnan.kernel.registry.rights import may_merge
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import OFFICIAL, Actor, allow, node_evidence, refuse_noughts_posted
from lingnan.kernel.ui import api as ui

MATTER = 80


@allow(OFFICIAL)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, system: str, name: str) -> HttpResponse:
    """The form that takes a file, and the file itself, kept as it comes."""
    model, who = readable(request, system, name)
    if not may_merge(model, who):
        raise PermissionDenied
    if request.method != "POST":
        return _form(request, model, who, ui.Answers(request), "")
    refuse_noughts_posted(request)
    answers, uploaded = ui.Answers(request), request.FILES.get("file")
    answers.text("matter", MATTER)
    if len(answers.text("purpose", LONGEST)) < LEAST:
        answers.wrong["purpose"] = _("Say in a few words why the file is compared.")
    if uploaded is None or not answers.good:
        return _form(request, model, who, answers, "" if uploaded else words.of_file("no_name"))
    try:
        one = _kept(model, who, uploaded, answers)
    except Unfit as unfit:
        return _form(request, model, who, answers, words.of_file(unfit.code))
    told("comparison.sent", one, who, {"name": one.name, "size": one.size})
    one.save(force_insert=True)
    return redirect("comparison", ref=one.ref)


def _kept(
    model: type[Record], who: Actor, uploaded: UploadedFile, answers: ui.Answers
) -> Comparison:
    """The comparison of a file that can be read. Raises Unfit; then nothing is kept."""
    name = (uploaded.name or "")[-200:]
    ref, digest, size = files.store(cast("Iterator[bytes]", uploaded.chunks()))
    try:
        kind = files.kind_of(work.source(ref), name)
        one = Comparison(
            ref=ref, record_type=context_of(model), name=name, kind=kind, size=size,
            digest=digest, matter=answers["matter"], purpose=answers["purpose"],
            account=who.account, person=who.name, who=who.signature, body=who.body,
            division=who.division, function=who.function, role=who.role,
            at=legal_time.now(), state="uploaded",
        )  # fmt: skip
        one.reading = files.reading_of(work.source(ref), kind)
        find_columns(one, model, who)
    except BaseException:
        work.remove(ref)
        raise
    return one


def find_columns(one: Comparison, model: type[Record], who: Actor) -> None:
    """Where the names of the columns stand, and what they give. Raises Unfit."""
    names, rows = rights.fields(model, who), files.first_rows(one)
    chosen, head = one.reading.get("head_chosen"), columns.find_head(model, names, rows)
    if chosen is not None:
        said = next((cells for number, cells, _fault in rows if number == chosen), ())
        width = max(len(cells) for _number, cells, _fault in rows)
        texts = [columns.name_of(cell) for cell in said]
        head = columns.Head(chosen, (*texts, *[""] * (width - len(texts))))
    one.reading = one.reading | {"head": head.row, "names": list(head.names)}
    one.mapping = head.mapping(model, names)


def told(kind: str, one: Comparison, who: Actor, more: dict[str, Any]) -> None:
    """Evidence of what is done with a file that is compared, before it is done."""
    payload = {
        "comparison": one.ref,
        "record_type": one.record_type,
        "file": one.digest,
        "matter": one.matter,
        "purpose": one.purpose,
        "body": who.body,
        "role": who.role,
        "actor": who.signature,
    }
    node_evidence.write([node_evidence.entry(kind, payload | more)])


def _form(
    request: HttpRequest, model: type[Record], who: Actor, answers: ui.Answers, fault: str
) -> HttpResponse:
    fields = [
        ui.FieldView(
            "file", _("File of rows"), "", "", "file", accept=KINDS, error=fault,
            max_megabytes=settings.IMPORT_LIMIT >> 20,
        ),
        answers.field(
            "matter", _("Matter or case that it serves"), maxlength=MATTER,
            hint=_("The name of the matter, or the number of the case or document."),
        ),
        answers.field(
            "purpose", _("Why the file is compared"), maxlength=LONGEST,
            hint=_("It is kept with the evidence; the people found can see that they were."),
        ),
    ]  # fmt: skip
    names = [label(model, name) for name in rights.fields(model, who)]
    said = {"most": f"{MOST:,}", "answers": ANSWERS, "days": keeping.DAYS}
    note = _(
        "Up to %(most)s rows, and up to %(answers)s records for each. Nothing is written to the "
        "register. File and result are removed after %(days)s days, or sooner by you."
    )
    known = ui.Panel(
        _("What is compared"), [ui.Item(_("Columns compared"), ui.listed(names))],
        _("As many of them as the file has, in any order. Errors of writing are expected."),
    )  # fmt: skip
    page = ui.Page(
        _("Compare a file with the register"),
        trail=trail(model),
        forms=[ui.Form(fields, _("Send the file"), note=note % said, files=True)],
        after=[known],
    )
    return ui.shown(request, page, 422 if request.method == "POST" else 200)


def trail(model: type[Record], *more: ui.Link) -> ui.Trail:
    return ui.Trail([ui.Link(address(model), str(model.record.title)), *more])
