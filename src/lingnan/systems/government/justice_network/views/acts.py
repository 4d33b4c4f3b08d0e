"""One act of a case: its reasons, its document, whom it concerns; then it is done or prepared."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from lingnan.kernel.trust.api import allow, refuse_noughts_posted
from lingnan.kernel.ui import api as ui
from lingnan.systems.government.justice_network import (
    filing,
    ledger,
    manifests,
    proceeding,
    sights,
)
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.packages import BadPackage
from lingnan.systems.government.justice_network.rules.stages import Act
from lingnan.systems.government.justice_network.sights import Seen
from lingnan.systems.government.justice_network.views import rights, wording


@allow(rights.OFFICIALS)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    refuse_noughts_posted(request)
    seen, hand = rights.opened(request, ref, "act", act=code)
    found = next((one for one in proceeding.open_to(seen.case, hand) if one.code == code), None)
    if found is None:
        raise Http404
    said = ui.Answers(request)
    values, fields = said.read(_fields(seen, found))
    paper, fault = _paper(request, said, found)
    if said.good and not fault:
        try:
            proceeding.begin(
                seen.case, code, hand, values.get("text", ""), paper,
                values.get("outcome", ""), values.get("persons", ()),
            )  # fmt: skip
        except (NotPossible, BadPackage) as problem:
            fault = wording.refusal(problem.code)
        else:
            messages.success(request, _done(found, hand))
            return redirect(ledger.link(seen.case))
    return _page(request, seen, found, fields, fault, 422 if said.posted else 200)


def _done(act: Act, hand: Hand) -> str:
    if act.approval and hand.who.role != "head":
        return _("Prepared. The head of your body signs and sends it.")
    if act.receiver:
        return _("Signed and sent. The receiver ticks the list.")
    return _("This is on record.")


def _paper(request: HttpRequest, said: ui.Answers, act: Act) -> tuple[bytes, str]:
    """The document of the act: a file, or what was typed."""
    if not act.document or not said.posted:
        return b"", ""
    uploaded = request.FILES.get("file")
    content = uploaded.read(filing.LARGEST + 1) if uploaded is not None else b""
    return (content, "") if content else (said["paper"].encode(), "")


def _fields(seen: Seen, act: Act) -> list[ui.FieldView]:
    fields = []
    if act.outcome:
        options = [ui.Option(code, text) for code, text in wording.OUTCOMES.items()]
        fields.append(ui.FieldView("outcome", _("What was decided"), kind="radio", options=options))
    if act.verdict:
        people = proceeding.undelivered(seen.case)
        options = [ui.Option(one.number, wording.quoted(one.name)) for one in people]
        fields.append(
            ui.FieldView("persons", _("Who is delivered"), kind="checkbox", options=options)
        )
    label = _("Reasons") if act.reasons else _("Words to it")
    if act.code == "return_file":
        label = _("Outline of what is to be investigated")
    fields.append(
        ui.FieldView("text", label, kind="textarea", maxlength=2000, required=act.reasons)
    )
    if act.document:
        fields += [
            ui.FieldView("paper", _("Text of the document"), kind="textarea", maxlength=20000,
                         required=False, rows=8),
            ui.FieldView("file", _("Or as a file"), kind="file", required=False,
                         accept=(".pdf", ".txt"), max_megabytes=4),
        ]  # fmt: skip
    return fields


def _page(
    request: HttpRequest, seen: Seen, act: Act, fields: list[ui.FieldView], fault: str, status: int
) -> HttpResponse:
    title = wording.act_title(act.code)
    case = seen.case
    trail = ui.Trail(
        [ui.Link("/desk/justice/", _("Criminal cases")), ui.Link(ledger.link(case), case.number)],
        title,
    )
    top: list[ui.Notice | ui.Panel] = []
    if fault:
        top.append(ui.Notice("late", _("This was not done"), fault))
    top.append(_about(seen, act))
    button = _("Sign and send") if act.receiver and not act.approval else _("Put on record")
    if act.approval:
        button = _("Prepare for the head")
    tables = [_list(seen, act)] if act.receiver else []
    form = ui.Form(fields, button, files=bool(act.document))
    page = ui.Page(title, top=top, trail=trail, tables=tables, forms=[form])
    return ui.shown(request, page, status)


def _about(seen: Seen, act: Act) -> ui.Panel:
    basis = act.basis or _("no text at hand says it: unverified")
    items = [ui.Item(_("Legal basis"), basis)]
    if act.receiver:
        try:
            to = proceeding.receiver_of(seen.case, act, seen.body)
            words = wording.body_title(to, sights.bodies([to]))
        except NotPossible as problem:
            words = wording.refusal(problem.code)
        items.append(ui.Item(_("Goes to"), words))
    items.append(ui.Item(_("Then the case is at"), str(wording.STAGES[act.to])))
    return ui.Panel(_("The act"), items)


def _list(seen: Seen, act: Act) -> ui.Part:
    """What will be in the package; internal volumes stay here."""
    columns = [
        ui.Column("what", _("What will be in the package")),
        ui.Column("kind", pgettext("criminal", "Kind")),
    ]
    rows: list[dict[str, ui.CellLike]] = [
        {"what": wording.quoted(one.title), "kind": str(wording.VOLUMES[one.volume])}
        for one in manifests.documents_for(seen.case, seen.body, act)
    ]
    rows += [
        {"what": wording.quoted(one.name), "kind": one.get_kind_display()}
        for one in manifests.evidence_for(seen.case, seen.body, act)
    ]
    empty = _("Nothing is in the file yet that could be handed over.")
    table = ui.Table(columns, rows, _("What will be in the package"), empty, caption_hidden=True)
    return ui.Part(table, _("What will be in the package"))
