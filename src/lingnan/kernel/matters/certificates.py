"""Certificates: drawn by the matter's template, sealed by its body, kept by hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from lingnan.kernel.content import files
from lingnan.kernel.content.certificates import api as drawing
from lingnan.kernel.matters.definition import Matter, matter_of
from lingnan.kernel.matters.models import Case, Certificate, Decision
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import (
    SYSTEM,
    Body,
    node_evidence,
    node_ofd,
    node_seals,
    sealed_documents,
)

# Nobody delivers by hand: the event is the system's.
DELIVERY = SYSTEM
# Without 0/O, 1/I/L: read aloud and typed from paper.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Sealed:
    """A sealed certificate that is not yet recorded."""

    number: str
    code: str
    holder: str
    pdf: bytes
    body: Body


def seal(case: Case, decision: Decision) -> Sealed:
    """Draw and seal. The file is stored before anything refers to it."""
    matter = matter_of(case.definition)
    body = Body.objects.get(code=case.body)
    values = facts_of_decision(decision)
    number = _number(case, matter, values)
    code = "".join(secrets.choice(LETTERS) for _ in range(12))
    holder = str(values[matter.certificate["holder_from"]])
    data = _data(case, decision, matter, body, values, number, code)
    pdf = node_seals.seal(
        drawing.render(matter.content["certificate"], data), body, matter.title.zh
    )
    files.keep(pdf, "application/pdf")
    return Sealed(number, code, holder, pdf, body)


def keep(case: Case, sealed: Sealed) -> Certificate:
    matter = matter_of(case.definition)
    title = Title.of(matter.certificate["title"])
    mark = hashlib.sha256(sealed.pdf).hexdigest()
    sealed_documents.entrust(sealed.pdf, "matters", mark)
    return Certificate.objects.create(
        number=sealed.number,
        code=sealed.code,
        case=case,
        account=case.account,
        title_zh=title.zh,
        title_en=title.en,
        body_zh=sealed.body.name_zh,
        body_en=sealed.body.name_en,
        holder=sealed.holder,
        sha256=mark,
        valid_from=legal_time.today(),
        sealed_at=timezone.now(),
    )


def _number(case: Case, matter: Matter, values: dict[str, Any]) -> str:
    rule = matter.certificate
    if rule.get("number_from"):
        return str(values[rule["number_from"]])
    return f"{rule.get('number_prefix', '')}{case.number}"


def verify_address(code: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}/verify/{code}/"


def _data(
    case: Case,
    decision: Decision,
    matter: Matter,
    body: Body,
    values: dict[str, Any],
    number: str,
    code: str,
) -> dict[str, Any]:
    """What the certificate's layout reads (`content/certificates/frame.typ`)."""
    rule = matter.certificate
    address = verify_address(code)
    demonstration = legal_time.is_demonstration()
    return {
        "title": rule["title"],
        "orientation": rule.get("orientation", "portrait"),
        "number": number,
        "fields": [_row(row, matter, values) for row in rule["fields"]],
        "statement": rule.get("statement"),
        "body": {"zh": body.name_zh, "en": body.name_en},
        "date": decision.decided_at.astimezone(legal_time.CHINA).date().isoformat(),
        "verify": {"address": f"{address}  {code}", "qr": drawing.qr_svg(address)},
        "seal": {"name": body.name_zh, "line": "演示专用章" if demonstration else "电子印章"},
        "demonstration": demonstration,
    }


def printed(case: Case) -> list[dict[str, str]]:
    """The lines that a case's certificate shows: {zh, en, value} each."""
    matter = matter_of(case.definition)
    values = facts_of_decision(case.decision)
    return [_row(row, matter, values) for row in matter.certificate["fields"]]


def facts_of_decision(decision: Decision) -> dict[str, Any]:
    """What was declared and what the decision brought about, by name."""
    declared = {name: answer["value"] for name, answer in decision.declared.items()}
    return declared | decision.result


def _row(row: dict[str, Any], matter: Matter, values: dict[str, Any]) -> dict[str, str]:
    title = Title.of(row["title"])
    if "text" in row:
        return {"zh": title.zh, "en": title.en, "value": Title.of(row["text"]).zh}
    value = values.get(row["from"], "")
    names = {field.name: field for field in matter.form.fields()}
    field = names.get(row["from"])
    if row.get("type") == "date" and value:
        day = date.fromisoformat(str(value))
        text = f"{day.year}年{day.month}月{day.day}日"
    elif field is not None and field.options:
        text = next((t.zh for v, t in field.options if v == value), str(value))
    elif field is not None and field.unit:
        text = f"{value} {field.unit.zh}"
    else:
        text = str(value)
    return {"zh": title.zh, "en": title.en, "value": text}


def as_ofd(certificate: Certificate) -> bytes:
    """The certificate as an OFD document of what was decided, under its body's SM2 seal: made anew
    each time, and known by the certificate's code. That it was made is in the evidence before it is
    given.

    Raises ValueError for text that such a document may not hold, `KeyStoreUnavailable`,
    `EvidenceUnavailable`.
    """
    case = certificate.case
    body = Body.objects.get(code=case.body)
    sealed = node_ofd.seal(_ofd(certificate, case, body), body)
    payload = {
        "case": case.number,
        "certificate": certificate.number,
        "sha256": hashlib.sha256(sealed).hexdigest(),
    }
    # Whoever holds it asks: nobody else looked at their data.
    entry = node_evidence.entry("certificate.as_ofd", payload, reference=case.number)
    node_evidence.write([entry])
    return sealed


def _ofd(certificate: Certificate, case: Case, body: Body) -> node_ofd.Document:
    rows = [("证号", certificate.number)]
    rows += [(row["zh"], row["value"]) for row in printed(case)]
    day = case.decision.decided_at.astimezone(legal_time.CHINA).date()
    rows += [("颁发机关", body.name_zh), ("颁发日期", f"{day.year}年{day.month}月{day.day}日")]
    notes = [f"核验：{verify_address(certificate.code)}  {certificate.code}"]
    if legal_time.is_demonstration():
        notes.insert(0, "演示数据，无法律效力")
    return node_ofd.Document(
        identifier=hashlib.sha256(certificate.code.encode()).hexdigest()[:32],
        mark=certificate.code,
        title=certificate.title_zh,
        day=day.isoformat(),
        creator=body.name_zh,
        lines=tuple(rows),
        notes=tuple(notes),
    )
