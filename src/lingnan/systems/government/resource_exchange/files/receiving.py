"""What came for a body: a batch with its files, each as it came."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from lingnan.kernel.exchange.api import handing
from lingnan.kernel.trust.api import EvidenceUnavailable, actor, allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.resource_exchange.files import acts, wording
from lingnan.systems.government.resource_exchange.files.acts import HERE, POSTS


@allow(POSTS)
@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, row: int) -> HttpResponse:
    """A batch that came: from whom, for what, with its files; they can be removed."""
    refuse_noughts_posted(request)
    found = _came(row, actor(request).body)
    said = ui.Answers(request, "remove")
    if said.posted and not said.ticked("sure"):
        said.wrong["sure"] = _("Tick it, or leave the files here.")
    if said.good:
        acts.remove(found, actor(request))
        messages.success(request, _("The files are removed. What they were stays on record."))
        return redirect("files-received", row=row)
    there = handing.store.kept(found.ref)
    names = acts.titles([found.sender])
    items = [
        ui.Item(pgettext("files", "From"), str(names.get(found.sender, found.sender)),
                found.server),
        ui.Item(_("For what"), wording.purpose_words(found.purpose), found.agreement),
        ui.Item(_("Case or reference"), found.case),
        ui.Item(_("Came (system time)"), ui.legal_datetime(found.at)),
        ui.Item(pgettext("files", "What"), wording.count(found.files), wording.size(found.size)),
        ui.Item(_("Root over the parts (SHA-256)"), found.root[:32].upper()),
    ]  # fmt: skip
    notice = ui.Notice("ok", _("Whole and as it was sent"),
                       _("Each part and each file was checked by its digest."))  # fmt: skip
    if not there:
        notice = ui.Notice("info", _("The files are not here any more"),
                           _("They were removed. Digests, receipt and evidence stay."))  # fmt: skip
    listed = wording.listed(found.files, f"{HERE}received/{row}/" if there else "")
    note = _("Once your body has taken over what it needs. The sender's receipt stays valid.")
    sure = said.field("sure", _("My body has taken over the files"), kind="checkbox")
    title = _("Remove the files from this node")
    forms = [ui.Form([sure], pgettext("files", "Remove"), title, "remove", note)]
    page = ui.Page(
        _("Files that came"), top=[notice, ui.Panel(_("Handover"), items)], code=found.number,
        tables=[ui.Part(listed, pgettext("files", "Files"))], trail=wording.trail(found.number),
        forms=forms if there else [],
    )  # fmt: skip
    return ui.shown(request, page, 422 if said.wrong else 200)


def _came(row: int, body: str) -> handing.HandedIn:
    found = acts.received(body).filter(pk=row).first()
    if found is None:
        raise Http404
    return found


@allow(POSTS)
@require_safe
def fetch(request: HttpRequest, row: int, file: int) -> HttpResponseBase:
    """One file, as it came; never opened by the browser itself."""
    who = actor(request)
    found = _came(row, who.body)
    if file >= len(found.files):
        raise Http404
    try:
        content = handing.store.file_of(handing.store.KEPT, found.ref, file).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    try:
        acts.opened(found, who, file)
    except EvidenceUnavailable:
        content.close()
        raise
    return FileResponse(
        content, as_attachment=True, filename=found.files[file]["name"],
        content_type="application/octet-stream",
    )  # fmt: skip
