"""The business licence of an enterprise as a sealed document, and what anybody can learn of one.

市场主体登记管理条例 (2021-07-27) Art. 21, 22 (an electronic licence is as good as a paper one), 28;
公司法 (2023-12-29) Art. 33 (what a company's licence states). The official form of the licence
(Art. 22: fixed by the regulator of the State Council) was not at hand: this form is our own.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from lingnan.kernel.content import api as content
from lingnan.kernel.runtime.api import keys, legal_time
from lingnan.kernel.trust.api import Body, node_evidence, node_seals, sealed_documents
from lingnan.systems.government.legal_persons.models import Enterprise, Licence
from lingnan.systems.government.legal_persons.setting_up import Refused

TEMPLATE = Path(__file__).parent / "licence.typ"
TITLE = "营业执照"
BASIS = "《市场主体登记管理条例》（2021-07-27）第二十一条、第二十二条"


@dataclass(frozen=True)
class Verdict:
    """What is known: genuine, issued (number only), superseded, altered, foreign or unknown."""

    state: str
    licence: Licence | None = None


def issue(company: Enterprise, by: str) -> Licence:
    """The sealed licence of what is registered today; the same again while nothing has changed.

    `by` is the signature of who asks for it; a new one is evidence before it is given out.
    Raises Refused where the firm has none: cancelled, or its licence revoked.
    """
    if company.ended or company.state != "existing":
        raise Refused("not_existing")
    said = _said(company)
    digest = _digest(said)
    newest = Licence.objects.filter(company=company.credit_code).order_by("-pk").first()
    if newest is not None and newest.digest == digest:
        return newest
    number = f"YZ{keys.new_key():016X}"
    body = Body.objects.get(function="market", division=company.division, ended=False)
    drawn = content.render(TEMPLATE.read_text(), _data(said, number, body))
    pdf = node_seals.seal(drawn, body, TITLE)
    sha256 = hashlib.sha256(pdf).hexdigest()
    _witness(company, body, by, number, sha256)
    with transaction.atomic():
        sealed_documents.entrust(pdf, "legal_persons", number)
        return Licence.objects.create(
            number=number,
            company=company.credit_code,
            name=company.name,
            digest=digest,
            sha256=sha256,
            pdf=pdf,
            issued_on=legal_time.today(),
        )


def _witness(company: Enterprise, body: Body, by: str, number: str, sha256: str) -> None:
    payload = {
        "record_type": "legal_persons.enterprise",
        "body": body.code,
        "role": "",
        "actor": by,
        "basis": BASIS,
        "number": number,
        "sha256": sha256,
    }
    subjects = [("organisation", company.key)]
    node_evidence.write([node_evidence.entry("licence.issued", payload, subjects)])


def _said(company: Enterprise) -> list[list[str]]:
    """What a licence states, in Chinese whoever asks."""
    day = company.registered_on
    return [
        ["名称", company.name],
        ["统一社会信用代码", company.credit_code],
        ["法定代表人", company.representative],
        ["注册资本", f"{company.capital}万元人民币"],
        ["成立日期", f"{day.year}年{day.month}月{day.day}日"],
        ["住所", company.premises],
        ["经营范围", company.scope],
    ]


def _digest(said: list[list[str]]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def address(number: str) -> str:
    return f"{settings.PUBLIC_ADDRESS}/enterprises/licences/{number}/"


def _data(said: list[list[str]], number: str, body: Body) -> dict[str, Any]:
    """What `licence.typ` reads."""
    today = legal_time.today()
    return {
        "number": number,
        "lines": said,
        "day": [today.year, today.month, today.day],
        "body": body.name_zh,
        "address": address(number),
        "qr": content.qr_svg(address(number)),
        "demonstration": legal_time.is_demonstration(),
    }


def of_number(number: str) -> Verdict:
    """The licence of a number, its stored file checked anew."""
    found = Licence.objects.filter(number=number.strip().upper()[:40]).first()
    if found is None:
        return Verdict("unknown")
    state = node_seals.verify(sealed_documents.newest(bytes(found.pdf))).state
    if state == "genuine":
        return _standing("issued", found)
    return Verdict("revoked" if state == "revoked" else "altered", found)


def of_file(pdf: bytes) -> Verdict:
    """A file that somebody holds: known by its hash, and its seal intact."""
    found = Licence.objects.filter(sha256=sealed_documents.as_sealed(pdf)).first()
    state = node_seals.verify(pdf).state
    if state == "genuine":
        return _standing("genuine", found) if found is not None else Verdict("altered")
    return Verdict(state)


def _standing(state: str, found: Licence) -> Verdict:
    """Superseded where something else is registered now; void where the firm has no licence."""
    company = Enterprise.objects.filter(credit_code=found.company).first()
    if company is None or company.ended or company.state != "existing":
        return Verdict("void", found)
    return Verdict(state if _digest(_said(company)) == found.digest else "superseded", found)
