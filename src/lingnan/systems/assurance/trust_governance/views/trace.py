"""Responsibility: who did what in a case under which post, each step with its proof."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.matters.api import Case
from lingnan.kernel.trust.api import (
    Actor,
    Body,
    EvidenceUnavailable,
    actor,
    allow,
    node_evidence,
    proofs,
)
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import accesses, scope, witness
from lingnan.systems.assurance.trust_governance.views import words

MOST = 500


@allow(scope.AUDITS)
@require_safe
def trace(request: HttpRequest) -> HttpResponse:
    """All that the evidence has of a case, or one entry of it, oldest first."""
    wanted, who = _wanted(request), actor(request)
    found = _entries(wanted, who) if wanted else []
    proven: dict[int, proofs.Proof] = {}
    if found:
        witness.write("governance.traced", who, {"asked": wanted})
        proven = {one.seq: one for one in _proofs(found)}
    query = f"?{request.GET.urlencode()}"
    context = {
        "fields": _fields(wanted),
        "asked": bool(wanted),
        "verdict": _verdict(proven) if found else None,
        "table": _table(found, proven),
        "file": f"/governance/trace/proofs.json{query}" if found else "",
    }
    return render(request, "trust_governance/trace.html", context)


@allow(scope.AUDITS)
@require_safe
def proofs_file(request: HttpRequest) -> HttpResponse:
    """The proofs as a file that an outsider checks with RFC 9162 alone: no content of an entry."""
    wanted, who = _wanted(request), actor(request)
    found = _entries(wanted, who) if wanted else []
    if not found:
        raise Http404
    witness.write("governance.traced", who, {"asked": wanted, "file": True})
    plain = [one.plain for one in _proofs(found)]
    response = HttpResponse(json.dumps(plain, indent=1), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="proofs.json"'
    return response


def _wanted(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "").strip()[:80] for name in ("case", "entry")}
    return {name: text for name, text in given.items() if text}


def _entries(wanted: dict[str, str], who: Actor) -> list[Any]:
    """The entries asked for, within the auditor's reach."""
    reader = node_evidence.reader()
    try:
        if "case" in wanted:
            return _of_case(wanted["case"], who)
        number = wanted["entry"]
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return []
        entry = reader.by_seq(int(number))
    except EvidenceUnavailable:
        return []
    return [entry] if entry is not None and _in_reach(entry, who) else []


def _of_case(number: str, who: Actor) -> list[Any]:
    case = Case.objects.filter(number=number).first()
    if case is None or not _body_in_reach(case.body, who):
        return []
    reader = node_evidence.reader()
    references = {number, str(case.application_id)}
    found = {one.seq: one for ref in references for one in reader.by_reference(ref, None, MOST)}
    return [found[seq] for seq in sorted(found)]


def _in_reach(entry: Any, who: Actor) -> bool:
    return _body_in_reach(accesses.body_of(entry.payload or {}), who)


def _body_in_reach(body: str, who: Actor) -> bool:
    rows = Body.objects.filter(code=body).values_list("division", flat=True)
    return scope.covers(who, rows.first() or "")


def _proofs(found: list[Any]) -> list[proofs.Proof]:
    try:
        return proofs.prove(found)
    except EvidenceUnavailable:
        return []


def _verdict(proven: dict[int, proofs.Proof]) -> ui.Notice:
    """Whether everything is proven, in one sentence."""
    good = [one for one in proven.values() if one.proven and one.whole is not False]
    if proven and len(good) == len(proven):
        words_ = _("All %(n)s entries stand in the log as they were written")
        note = _("Recomputed now: each leaf with its path gives the root of the log.")
        return ui.Notice("ok", words_ % {"n": len(good)}, note)
    return ui.Notice(
        "late", _("Not everything could be proven"), _("See the entries marked below.")
    )


def _table(found: list[Any], proven: dict[int, proofs.Proof]) -> ui.Table:
    names = words.Names()
    rows = []
    for entry in found:
        row = words.entry_row(entry, names)
        event = names.event(entry.payload or {})
        what = row["what"]
        if event and isinstance(what, ui.Cell):
            row["what"] = ui.Cell(what.content, event)
        rows.append(row | {"proof": _status(proven.get(entry.seq))})
    columns = [*words.entry_columns(), ui.Column("proof", _("Proof"))]
    nothing = ui.Empty(_("Nothing found"), _("No such case or entry in your division."))
    return ui.Table(columns, rows, pgettext("trace", "Who did what"), nothing, caption_hidden=True)


def _status(proof: proofs.Proof | None) -> ui.Cell:
    if proof is None:
        return ui.Cell(ui.Chip("soft", _("not read")))
    if not proof.proven or proof.whole is False:
        return ui.Cell(ui.Chip("late", _("differs from the log")))
    note = _("log of %(n)s entries, not yet in a checkpoint") % {"n": f"{proof.size:,}"}
    if proof.checkpoint:
        note = _("signed checkpoint of %(n)s entries") % {"n": f"{proof.size:,}"}
    if proof.stamped:
        note = _("signed and time-stamped checkpoint of %(n)s entries") % {"n": f"{proof.size:,}"}
    said = _("proven; content erased") if proof.whole is None else _("proven")
    return ui.Cell(ui.Chip("ok", said), note)


def _fields(wanted: dict[str, str]) -> list[ui.FieldView]:
    return [
        ui.FieldView("case", _("Case number"), value=wanted.get("case", ""), required=False),
        ui.FieldView("entry", _("or number of an entry"), value=wanted.get("entry", ""),
                     required=False, inputmode="numeric"),
    ]  # fmt: skip
