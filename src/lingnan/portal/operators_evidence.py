"""The evidence as operators see it: that something was done, by which body, for what; not to whom.

No subject, no name of an official, no search text and no content of an act is shown here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import purposes, resources
from lingnan.kernel.matters.api import Case, published
from lingnan.kernel.matters.wording import EVENTS
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.runtime.api import legal_time
from lingnan.kernel.trust.api import Body, EvidenceUnavailable, Holding, allow, node_evidence
from lingnan.kernel.trust.evidence.entry import leaf_of
from lingnan.kernel.ui import api as ui
from lingnan.portal.operators import OPERATORS, at

PAGE = 25
LAST = (1 << 63) - 1
KINDS = {
    "exchange.read": lazy("Use of the exchange"),
    "exchange.told": lazy("Told of a change"),
    "case.event": lazy("Event of a case"),
    "case.opened": lazy("Case opened"),
    "case.supervised": lazy("Case opened by supervision"),
    "licence.issued": lazy("Licence issued"),
    "report.issued": lazy("Report issued"),
    "list.noticed": lazy("Notices of an entry on a list"),
    "record.listed": lazy("Records in a list"),
    "record.exported": lazy("Records taken out in a file"),
    "record.imported": lazy("Records taken in from a file"),
    "comparison.sent": lazy("File to compare sent"),
    "comparison.opened": lazy("File compared opened"),
    "comparison.asked": lazy("File compared with a register"),
    "comparison.exported": lazy("Result of a comparison downloaded"),
    "comparison.removed": lazy("File compared removed"),
    "import.sent": lazy("File of rows sent"),
    "import.opened": lazy("File of rows opened"),
    "import.checking": lazy("File of rows checked"),
    "import.taking": lazy("File of rows to be taken in"),
    "import.confirmed": lazy("File of rows confirmed"),
    "import.errors": lazy("Bad rows of a file taken out"),
    "import.dropped": lazy("File of rows dropped"),
    "record.opened": lazy("Record opened"),
    "record.entered": lazy("Record entered"),
    "record.proposed": lazy("Entry proposed"),
    "record.confirmed": lazy("Entry confirmed"),
    "record.refused": lazy("Entry refused"),
    "record.counted": lazy("Records counted"),
    "record.measured": lazy("Quality of records measured"),
    "holder.transferred": lazy("Holder of an element changed"),
    "record.uses": lazy("Uses of a record read"),
    "doubt.raised": lazy("Doubt raised"),
    "trust.signin": lazy("Sign-in"),
    "trust.signin_failed": lazy("Failed sign-in"),
    "operating.clock": lazy("Clock moved"),
    "operating.evidence_checked": lazy("Evidence checked"),
    "operating.told_again": lazy("Dead letter tried again"),
    "operating.told_given_up": lazy("Dead letter given up"),
    "evidence.erased": lazy("Personal payload erased"),
}
# What an operator may read of a payload, in this order, and what it is called.
FIELDS = {
    "consumer": lazy("Body"),
    "body": lazy("Body"),
    "role": lazy("Post"),
    "resource": lazy("Resource"),
    "record_type": lazy("Register"),
    "matter": lazy("Matter"),
    "event": lazy("Event"),
    "purpose": lazy("Purpose"),
    "basis": lazy("Legal basis"),
    "agreement": pgettext_lazy("exchange", "Agreement"),
    "elements": lazy("Elements"),
    "versions": lazy("Versions"),
    "problem": lazy("What failed"),
    "reason": lazy("Reason"),
    "faults": lazy("Faults found"),
    "legal_time": lazy("Legal time"),
    "from": pgettext_lazy("clock", "From"),
    "to": pgettext_lazy("clock", "To"),
}


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


def _row(entry: Any, said: "Said", cases: Mapping[str, str]) -> dict[str, ui.CellLike]:
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


def kind(code: str) -> str:
    return str(KINDS.get(code, code))


def leaf(entry: Any) -> bytes:
    return leaf_of(entry.seq, entry.kind, entry.at, entry.commitment)


class Said:
    """Values of payloads in the reader's words; names are read once for a page."""

    def __init__(self) -> None:
        bodies = {body.code: str(body.title) for body in Body.objects.all()}
        matters = {code: str(title) for code, title in purposes().items()}
        matters |= {matter.code: str(matter.title) for _definition, matter in published()}
        self.names: Mapping[str, Mapping[str, str]] = {
            "consumer": bodies,
            "body": bodies,
            "matter": matters,
            "purpose": matters,
            "role": {h.role: str(h.title) for h in Holding.objects.all()},
            "resource": {code: str(r.title) for code, r in resources().items()},
            "record_type": {m._meta.label_lower: str(m.record.title) for m in record_types()},
            "event": {code: str(title) for code, title in EVENTS.items()},
        }

    def of(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return ui.listed(value)
        text = str(value)
        if name in ("legal_time", "from", "to"):
            return at(text)
        return self.names.get(name, {}).get(text, text)

    def items(self, payload: Mapping[str, Any]) -> Iterable[ui.Item]:
        for name, title in FIELDS.items():
            if payload.get(name) not in (None, "", []):
                yield ui.Item(str(title), self.of(name, payload[name]))


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
