"""Lines of “who looked at my data” as an evidence bundle, for the one whom they concern."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lingnan.kernel.exchange.api import subjects_of
from lingnan.kernel.matters.api import Case
from lingnan.kernel.trust.api import (
    Actor,
    Body,
    acting,
    actor,
    allow,
    node_bundles,
    node_evidence,
    refuse_noughts_posted,
)
from lingnan.kernel.ui import api as ui
from lingnan.portal import looked, uses

CASES = 100


@allow(looked.LOOKED)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Choose lines, or all of one case; the file has nothing of others and no official's name."""
    who = actor(request)
    asked = looked.asked_by(who, request.GET.dict())
    whose = looked.chosen(who, asked)
    entries, _on = looked.a_page(whose, asked)
    cases = _cases(who)
    if request.method != "POST":
        return _page(request, who, whose, entries, list(cases))
    refuse_noughts_posted(request)
    seqs = {int(one) for one in request.POST.getlist("lines") if one.isascii() and one.isdigit()
            and len(one) < 19}  # fmt: skip
    number = request.POST.get("case", "")
    if number in cases:
        seqs |= {one.seq for one in _of_case(whose, {number, str(cases[number])})}
    if not seqs:
        fault = _("Choose at least one line, or a case.")
        return _page(request, who, whose, entries, list(cases), fault, 422)
    return _file(request, who, whose, seqs, {*cases, *map(str, cases.values())}) or _page(
        request, who, whose, entries, list(cases),
        _("None of this can be shown: it was erased, or is not about you."), 409,
    )  # fmt: skip


def _cases(who: Actor) -> dict[str, str]:
    """The reader's own cases, by number; of whoever acts for a person, where the power covers them,
    and of nobody who acts for a firm: their own are not the firm's."""
    one = who.acting
    if one is not None and (one.code or not one.may(acting.APPLY)):
        return {}
    rows = Case.objects.filter(account=who.account).order_by("-pk")
    return dict(rows.values_list("number", "application_id")[:CASES])


def _of_case(whose: looked.Whose, names: set[str]) -> list[Any]:
    found = whose.entries(None, looked.MOST)
    return [one for one in found if str((one.payload or {}).get("case", "")) in names]


def _file(
    request: HttpRequest, who: Actor, whose: looked.Whose, seqs: set[int], own_cases: set[str]
) -> HttpResponse | None:
    """The bundle; that it was made is evidence first. None where nothing can be shown."""
    holder = node_bundles.Holder(
        whose.name or who.name, whose.kind, whose.firm, subjects_of(whose.subject, whose.kind)
    )
    body = Body.objects.get(function="data", tier="province", ended=False)
    payload = {"account": who.signature, "count": len(seqs), "firm": whose.firm}
    entry = node_evidence.entry("looked.taken_out", payload, [("trust", who.account)])
    node_evidence.write([entry])
    try:
        made = node_bundles.of_holder(seqs, holder, own_cases, body)
    except node_bundles.NothingToShow:
        return None
    answer = HttpResponse(made, content_type=node_bundles.CONTENT_TYPE)
    name = f"looked-{timezone.now():%Y%m%d-%H%M%S}.asice"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _page(
    request: HttpRequest, who: Actor, whose: looked.Whose, entries: Sequence[Any],
    cases: Sequence[str], fault: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    naming = looked.naming(who)
    lines = [ui.Option(str(one.seq), *_line(one, naming)) for one in entries]
    fields = []
    if lines:
        chosen = tuple(request.POST.getlist("lines"))
        fields.append(
            ui.FieldView("lines", _("Lines"), value=chosen, kind="checkbox", options=lines,
                         required=False, error=fault)
        )  # fmt: skip
    if cases:
        fields.append(
            ui.FieldView("case", _("Or everything of one case"), kind="select", required=False,
                         options=[ui.Option(one, one) for one in cases], blank=_("No case"),
                         value=request.POST.get("case", ""), error="" if lines else fault)
        )  # fmt: skip
    back = f"{reverse('looked')}{'?firm=' + whose.firm if whose.firm else ''}"
    links = [ui.Link(back, _("Who looked at my data"))]
    lead = _("You get a file that anybody can check without this node: that each line was written "
             "down then, and was not changed since. It names bodies and reasons; it names no "
             "official, and nobody else whom a line concerns. Of lines that were written before "
             "they could be shown in parts the file holds number, time and kind alone: it says how "
             "many.")  # fmt: skip
    forms = [ui.Form(fields, _("Download the file"))] if fields else []
    top = [] if fields else [ui.Notice("soft", fault or _("Nobody has looked yet"))]
    page = ui.Page(_("Lines as evidence"), lead, top=top, forms=forms, links=links)
    return ui.shown(request, page, status)


def _line(entry: Any, naming: uses.Naming) -> tuple[str, str]:
    """A line in words: who and what, and beneath it when."""
    row = uses.row(entry, naming)
    return _plain(row["who"], row["what"]), _plain(row["when"])


def _plain(*cells: ui.CellLike) -> str:
    """Cells as text: of a link its words, of what has a note both."""
    said = []
    for cell in cells:
        told = cell if isinstance(cell, ui.Cell) else ui.Cell(str(cell or ""))
        said += [str(getattr(piece, "text", piece)) for piece in told.pieces]
        said.append(str(told.note))
    return " · ".join(one for one in said if one)
