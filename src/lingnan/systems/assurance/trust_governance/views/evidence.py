"""Search of accesses by auditors: by official, body, subject, kind and days.

A subject is named by its reference alone, as findings show it. What an auditor searches is in the
evidence before anything is shown, and concerns the subject that was searched for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lingnan.kernel.exchange.api import sets_about
from lingnan.kernel.registry.api import record_types
from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Actor, Body, EvidenceUnavailable, actor, allow, node_evidence
from lingnan.kernel.ui import api as ui
from lingnan.systems.assurance.trust_governance import accesses, findings, scope, witness
from lingnan.systems.assurance.trust_governance.views import words

PAGE, BATCH, MOST = 25, 500, 4000
KINDS_OF_SUBJECT = ("person", "organisation", "place", "thing")


@dataclass(frozen=True)
class Asked:
    """What is searched for; `why` is the reason, without which nothing is."""

    why: str
    official: str
    body: str
    subject: str
    kind: str
    since: str
    until: str
    before: int | None

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        before = given.get("before", "")
        names = ("why", "official", "body", "subject", "kind", "since", "until")
        said = {name: given.get(name, "").strip()[:80] for name in names}
        started = before.isascii() and before.isdigit() and len(before) < 19
        return cls(**said, before=int(before) if started else None)

    @property
    def faults(self) -> dict[str, str]:
        found = {}
        for name in ("since", "until"):
            if getattr(self, name) and _day(getattr(self, name)) is None:
                found[name] = _("Write a day as 2026-03-02.")
        if self.subject and _subject(self.subject) is None:
            found["subject"] = _("There is no such reference.")
        return found

    def more(self, seq: int) -> str:
        return "?" + urlencode(self.plain | {"before": seq})

    @property
    def plain(self) -> dict[str, str]:
        names = ("why", "official", "body", "subject", "kind", "since", "until")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _subject(ref: str) -> int | None:
    return keys.unveil(ref, findings.SUBJECT) if len(ref) == 32 else None


@allow(scope.AUDITS)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    asked, who = Asked.of(request.GET.dict()), actor(request)
    faults = asked.faults
    table = None
    if asked.why and not faults:
        table = _table(asked, who)
    context = {"fields": _fields(asked, faults), "table": table}
    status = 422 if faults else 200
    return render(request, "trust_governance/evidence.html", context, status=status)


def _table(asked: Asked, who: Actor) -> ui.Table:
    """The search is written down, then made."""
    key = _subject(asked.subject) if asked.subject else None
    about = [("person", key)] if key is not None else []
    witness.write("governance.searched", who, {"purpose": asked.why, "asked": asked.plain}, about)
    shown, on = _found(asked, _bodies(asked, who), key)
    names = words.Names()
    said = _("Nothing fits among the entries looked at; go on to older ones.") if on else ""
    return ui.Table(
        words.entry_columns(),
        [words.entry_row(entry, names) for entry in shown],
        _("Accesses found"),
        ui.Empty(_("Nothing found"), said or _("Nothing was written that fits. Ask for less.")),
        next_url=asked.more(on) if on else None,
        caption_hidden=True,
    )


def _bodies(asked: Asked, who: Actor) -> set[str]:
    rows = Body.objects.filter(division__startswith=scope.reach(who))
    if asked.body:
        named = rows.filter(name_zh__icontains=asked.body) | rows.filter(code=asked.body)
        rows = named | rows.filter(name_en__icontains=asked.body)
    return set(rows.values_list("code", flat=True))


def _found(asked: Asked, bodies: set[str], key: int | None) -> tuple[list[Any], int]:
    """A page of entries, and the number to go on before (0 at the end).

    Entries are looked at up to a bound; what is beyond it is the next page's.
    """
    shown: list[Any] = []
    before, looked = asked.before, 0
    while looked < MOST:
        batch = _batch(asked, key, before)
        for entry in batch:
            before = entry.seq
            if _fits(entry, asked, bodies):
                shown.append(entry)
            if len(shown) == PAGE:
                return shown, before
        looked += len(batch)
        past = asked.since and batch and accesses.moment(batch[-1].at).date() < _first(asked)
        if len(batch) < BATCH or past:
            return shown, 0
    return shown, before or 0


def _first(asked: Asked) -> date:
    return _day(asked.since) or date.min


def _batch(asked: Asked, key: int | None, before: int | None) -> list[Any]:
    reader = node_evidence.reader()
    kinds = (asked.kind,) if asked.kind else tuple(words.KINDS)
    try:
        if key is None:
            return list(reader.of_kinds(kinds, before, BATCH))
        registers = [f"{m._meta.app_label}.{m._meta.model_name}" for m in record_types()]
        found = [
            entry
            for holder in (*KINDS_OF_SUBJECT, *registers)
            for entry in reader.by_subject(holder, key, before, BATCH, kinds)
        ]
        if accesses.SET in kinds:
            of = [(holder, key) for holder in KINDS_OF_SUBJECT]
            found += sets_about(of, before, BATCH)
        return sorted(found, key=lambda one: -one.seq)[:BATCH]
    except EvidenceUnavailable:
        return []


def _fits(entry: Any, asked: Asked, bodies: set[str]) -> bool:
    payload = entry.payload or {}
    if accesses.body_of(payload) not in bodies:
        return False
    if asked.official and asked.official.lower() not in str(payload.get("actor", "")).lower():
        return False
    day = accesses.moment(entry.at).date()
    until = _day(asked.until) or date.max
    return _first(asked) <= day <= until


def _typed(asked: Asked, name: str, faults: Mapping[str, str]) -> str:
    """What a field shows: a day that is none is not typed back."""
    return "" if name in faults and name in ("since", "until") else str(getattr(asked, name))


def _fields(asked: Asked, faults: Mapping[str, str]) -> list[ui.FieldView]:
    kinds = [ui.Option(code, str(title)) for code, title in words.KINDS.items()]

    def one(name: str, label: str, **more: Any) -> ui.FieldView:
        given = {"required": False, "maxlength": 80} | more
        return ui.FieldView(
            name, label, value=_typed(asked, name, faults), error=faults.get(name, ""), **given
        )

    return [
        one("why", _("Reason of the search"), required=True,
            hint=_("It is written down with the search; the person concerned can see it.")),
        one("official", _("Official (name or mark)")),
        one("body", _("Body (part of its name)")),
        one("subject", _("Subject (reference)")),
        one("kind", _("Kind"), kind="select", options=kinds, blank=_("All"), maxlength=None),
        one("since", _("Since"), kind="date", maxlength=None),
        one("until", _("Until"), kind="date", maxlength=None),
    ]  # fmt: skip
