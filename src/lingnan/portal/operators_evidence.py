"""The evidence as operators see it: that something was done, by which body, for what; not to whom.

No subject, no name of an official, no search text and no content of an act is shown here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lingnan.kernel.matters.api import Case
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import EvidenceUnavailable, allow, node_evidence
from lingnan.kernel.trust.evidence.entry import leaf_of
from lingnan.kernel.ui import api as ui
from lingnan.portal.evidence_words import KINDS, Said, kind
from lingnan.portal.operators import OPERATORS, at

PAGE = 25
LAST = (1 << 63) - 1


@dataclass(frozen=True)
class Asked:
    """What the list is filtered by; `faults` names fields that cannot be understood."""

    kind: str = ""
    case: str = ""
    since: str = ""
    before: int | None = None
    faults: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        before, since = given.get("before", ""), given.get("since", "").strip()[:10]
        faults = {}
        if since and _day(since) is None:
            faults["since"] = _("Write a day as 2026-03-02.")
        return cls(
            kind=given.get("kind", "")[:200],
            case=given.get("case", "").strip()[:80],
            since=since,
            before=int(before) if before.isdecimal() and len(before) < 19 else None,
            faults=faults,
        )

    @property
    def start(self) -> date | None:
        return _day(self.since)

    def after(self, seq: int) -> str:
        named = {"kind": self.kind, "case": self.case, "since": self.since}
        return "?" + urlencode({k: v for k, v in named.items() if v} | {"before": seq})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@allow(OPERATORS)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries first, by kind, case and day; paged by their number."""
    asked = Asked.of(request.GET.dict())
    found, more = _found(asked)
    context = {
        "fields": _filters(asked),
        "table": _table(found, asked.after(found[-1].seq) if more else None),
    }
    return render(request, "portal/operators_evidence.html", context)


def _found(asked: Asked) -> tuple[list[Any], bool]:
    reader, kinds = node_evidence.reader(), (asked.kind,) if asked.kind else ()
    try:
        if asked.case:
            names = _references(asked.case)
            both = [reader.by_reference(n, asked.before, PAGE + 1, kinds) for n in names]
            rows = sorted(chain(*both), key=lambda row: -row.seq)[: PAGE + 1]
        else:
            rows = reader.entries(asked.kind or None, asked.before, PAGE + 1)
    except EvidenceUnavailable:
        rows = []
    if asked.start:
        rows = [row for row in rows if _on(row.at) >= asked.start]
    return rows[:PAGE], len(rows) > PAGE


def _references(case: str) -> list[str]:
    """What evidence calls a case: its number, and the application that it was before."""
    drafts = Case.objects.filter(number=case).values_list("application_id", flat=True)
    return [case, *(str(draft) for draft in drafts)]


def _cases(found: list[Any]) -> Mapping[str, str]:
    """The numbers that applications have got as cases, by the reference of the entries."""
    references = {entry.reference for entry in found if entry.reference}
    rows = Case.objects.filter(application_id__in=references)
    return {str(draft): number for draft, number in rows.values_list("application_id", "number")}


def _on(text: str) -> date:
    moment = parse_datetime(text)
    return moment.astimezone(legal_time.CHINA).date() if moment else date.min


def _filters(asked: Asked) -> list[ui.FieldView]:
    kinds = [ui.Option(code, str(title)) for code, title in KINDS.items()]
    return [
        ui.FieldView("kind", _("Kind"), value=asked.kind, kind="select", options=kinds,
                     required=False, blank=_("All")),
        ui.FieldView("case", _("Case number"), value=asked.case, required=False, maxlength=80),
        ui.FieldView("since", _("Since"), value=asked.since, kind="date", required=False,
                     error=asked.faults.get("since", "")),
    ]  # fmt: skip


def _table(found: list[Any], next_url: str | None) -> ui.Table:
    said, cases = Said(), _cases(found)
    return ui.Table(
        [
            ui.Column("seq", _("Number")),
            ui.Column("kind", pgettext("evidence", "What was done")),
            ui.Column("body", _("Body")),
            ui.Column("why", _("For what")),
            ui.Column("when", _("When (system time)")),
        ],
        [_row(entry, said, cases) for entry in found],
        _("Entries of the evidence"),
        ui.Empty(_("Nothing found"), _("Nothing was written that fits. Ask for less.")),
        next_url=next_url,
        caption_hidden=True,
    )


def _row(entry: Any, said: Said, cases: Mapping[str, str]) -> dict[str, ui.CellLike]:
    payload = entry.payload or {}
    about = payload.get("resource") or payload.get("record_type") or ""
    body = str(payload.get("consumer") or payload.get("body") or "")
    why = payload.get("purpose") or payload.get("matter") or ""
    reference = cases.get(entry.reference or "", entry.reference or "")
    note = said.of("resource" if "resource" in payload else "record_type", about)
    return {
        "seq": ui.Cell(
            ui.Link(f"/operating/evidence/{entry.seq}/", f"{entry.seq:,}"),
            f"{leaf(entry).hex()[:12].upper()}…",
        ),
        "kind": ui.Cell(kind(entry.kind), note if entry.payload is not None else _("erased")),
        "body": said.of("body", body),
        "why": ui.Cell(said.of("purpose", why) or "—", reference),
        "when": at(entry.at),
    }


def leaf(entry: Any) -> bytes:
    return leaf_of(entry.seq, entry.kind, entry.at, entry.commitment)


@allow(OPERATORS)
@require_safe
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry, and the proof that it stands in the log."""
    reader = node_evidence.reader()
    try:
        found = reader.by_seq(seq) if 0 < seq <= LAST else None
        if found is None:
            raise Http404
        head = reader.head()
        path = [node.hex() for node in reader.inclusion(seq, head.size)]
    except EvidenceUnavailable:
        raise Http404 from None
    context = {
        "seq": f"{seq:,}",
        "panel": _panel(found),
        "proof": _proof(found, head, path),
    }
    return render(request, "portal/operators_entry.html", context)


def _panel(found: Any) -> ui.Panel:
    payload = found.payload or {}
    items = [
        ui.Item(_("Kind"), kind(found.kind)),
        ui.Item(_("When (system time)"), at(found.at)),
        ui.Item(_("Reference"), found.reference),
        *Said().items(payload),
    ]
    if found.payload is None:
        note = _("The personal payload was erased; the proof stands.")
    else:
        note = _("Whom it concerns is for the person concerned to see, not for operators.")
    return ui.Panel(_("What was written"), items, note)


def _proof(found: Any, head: Any, path: list[str]) -> list[ui.FieldView]:
    """Everything that verifies the entry with RFC 9162 alone, to be copied."""
    lines = [
        f"leaf_index {found.seq - 1}",
        f"tree_size {head.size}",
        f"leaf_hash {leaf(found).hex()}",
        f"root_hash {head.root.hex()}",
        *(f"path {node}" for node in path),
    ]
    copied = "\n".join(lines)
    return [
        ui.FieldView("commitment", _("Commitment to the content"), kind="readonly",
                     value=found.commitment.hex()),
        ui.FieldView("leaf", _("Hash of the leaf"), kind="readonly", value=leaf(found).hex()),
        ui.FieldView("proof", _("Proof of inclusion"), kind="readonly", value=copied,
                     hint=_("After RFC 9162: from the leaf along the path to the root.")),
    ]  # fmt: skip
