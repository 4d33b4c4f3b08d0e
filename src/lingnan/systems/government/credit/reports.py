"""Sealed credit reports, and what anybody can find out about one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from lingnan.kernel.content import api as content
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import node_evidence, node_seals, sealed_documents
from lingnan.systems.government.credit.models import CreditEvent, Report
from lingnan.systems.government.credit.standing import node_body, public_events, statements

TEMPLATE = Path(__file__).parent / "report.typ"
TITLES = {
    "public": {"zh": "公共信用报告", "en": "Public credit report"},
    "own": {"zh": "信用报告（本人版）", "en": "Credit report (full)"},
}
STATEMENT = "本报告载明出具之日信用基础数据库中的记载，不含评价，以核验结果为准。"


def issue(
    kind: str, code: str, name: str, events: list[CreditEvent], by: str, account: int = 0
) -> Report:
    """A sealed report of a firm's events; the day's own again while nothing has changed.

    `by` is the signature of who asks for it; a new one is evidence before it is given out.
    """
    lines = _lines(events)
    today = legal_time.today()
    digest = _digest(kind, code, name, lines)
    rows = Report.objects.filter(kind=kind, credit_code=code, digest=digest, issued_on=today)
    before = rows.filter(account=account).first()
    if before is not None:
        return before
    body, number = node_body(), f"CR{keys.new_key():016X}"
    drawn = content.render(TEMPLATE.read_text(), _data(kind, code, name, lines, number))
    pdf = node_seals.seal(drawn, body, TITLES[kind]["zh"])
    sha256 = hashlib.sha256(pdf).hexdigest()
    _witness(kind, body.code, by, number, sha256, events)
    with transaction.atomic():
        sealed_documents.entrust(pdf, "credit", number)
        return Report.objects.create(
            number=number,
            kind=kind,
            credit_code=code,
            name=name,
            account=account,
            digest=digest,
            sha256=sha256,
            pdf=pdf,
            issued_on=today,
            sealed_at=timezone.now(),
        )


def _witness(
    kind: str, body: str, by: str, number: str, sha256: str, events: list[CreditEvent]
) -> None:
    payload = {
        "record_type": "credit.creditevent",
        "body": body,
        "role": "",
        "actor": by,
        "basis": CreditEvent.record.basis,
        "report": kind,
        "number": number,
        "sha256": sha256,
    }
    subjects = [("credit.creditevent", one.key) for one in events]
    node_evidence.write([node_evidence.entry("report.issued", payload, subjects)])


def public(code: str, by: str) -> Report | None:
    """The public report of a firm; None where nothing of it is public."""
    events = public_events(code)
    return issue("public", code, events[0].name, events, by) if events else None


def _lines(events: list[CreditEvent]) -> list[tuple[str, str]]:
    """What is printed of each event: heading and text, in Chinese whoever asks."""
    said, lines = statements(events), []
    with override("zh-hans"):
        for one in events:
            parts = [one.what, one.basis, one.source_name, one.document, f"{one.decided_on}"]
            parts += [f"至 {one.ended_on}"] if one.ended_on else []
            parts += [f"{one.repaired_on} 信用修复"] if one.repaired_on else []
            parts += ["异议处理中"] if one.disputed else []
            parts += [f"本人说明：{said[one.number]}"] if one.number in said else []
            heading = f"{one.get_kind_display()} {one.number}"
            lines.append((heading, "；".join(part for part in parts if part)))
    return lines


def _digest(kind: str, code: str, name: str, lines: list[tuple[str, str]]) -> str:
    text = json.dumps([kind, code, name, lines], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def address(number: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}/credit/verify/{number}/"


def _data(
    kind: str, code: str, name: str, lines: list[tuple[str, str]], number: str
) -> dict[str, Any]:
    """What `report.typ` reads."""
    body, today = node_body(), legal_time.today()
    return {
        "title": TITLES[kind],
        "number": number,
        "name": name,
        "code": code or "—",
        "day": [today.year, today.month, today.day],
        "events": [list(line) for line in lines],
        "statement": STATEMENT,
        "body": {"zh": body.name_zh, "en": body.name_en},
        "address": address(number),
        "qr": content.qr_svg(address(number)),
        "demonstration": legal_time.is_demonstration(),
    }


@dataclass(frozen=True)
class Verdict:
    """What is known: genuine, issued (number only), superseded, revoked (its seal), altered,
    foreign or unknown."""

    state: str
    report: Report | None = None
    newer_on: date | None = None


def of_number(number: str) -> Verdict:
    """The report of a number, its stored file checked anew."""
    report = Report.objects.filter(number=number.strip().upper()[:40]).first()
    if report is None:
        return Verdict("unknown")
    state = node_seals.verify(sealed_documents.newest(bytes(report.pdf))).state
    if state == "genuine":
        return _newest("issued", report)
    return Verdict("revoked" if state == "revoked" else "altered", report)


def of_file(content: bytes) -> Verdict:
    """A file that somebody holds: known by its hash, and its seal intact."""
    report = Report.objects.filter(sha256=sealed_documents.as_sealed(content)).first()
    state = node_seals.verify(content).state
    if state == "genuine":
        return _newest("genuine", report) if report is not None else Verdict("altered")
    return Verdict(state)


def _newest(state: str, report: Report) -> Verdict:
    """Superseded where a later report of the same firm and kind says something else."""
    rows = Report.objects.filter(
        kind=report.kind, credit_code=report.credit_code, account=report.account, pk__gt=report.pk
    )
    newer = rows.exclude(digest=report.digest).order_by("-pk").first()
    if newer is not None:
        return Verdict("superseded", report, newer.issued_on)
    return Verdict(state, report)
