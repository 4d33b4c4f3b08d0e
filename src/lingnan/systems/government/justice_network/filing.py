"""Opening a case, and what is put into its file: people, documents, evidence."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from lingnan.kernel.runtime.api import keys
from lingnan.kernel.trust.api import Body, consents
from lingnan.systems.government.justice_network import ledger
from lingnan.systems.government.justice_network.ledger import Hand, NotPossible
from lingnan.systems.government.justice_network.models import (
    Case,
    Document,
    Evidence,
    Keeping,
    Suspect,
)
from lingnan.systems.government.justice_network.rules import stages

OPENING = "《刑事诉讼法》（2018-10-26）第一百零九条、第一百一十二条"
# Which volumes a body writes.
VOLUMES = {
    "police": ("file", "inner", "execution"),
    "procuratorate": ("file", "review"),
    "court": ("file", "side", "verdict"),
    "justice": ("execution",),
    "prison": ("execution",),
}
MEDIA = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
LARGEST = 4 * 1024 * 1024


def open_case(hand: Hand, cause: str, summary: str, synthetic: bool = False) -> Case:
    """立案: the police open a case of their division."""
    body = Body.objects.get(code=hand.who.body)
    key = keys.new_key()
    year = timezone.localtime(hand.at).year
    number = f"XS{body.division}-{year}-{keys.veil(key, 'justice_network.number')[:8].upper()}"
    case = Case(
        key=key, number=number, cause=cause, summary=summary, division=body.division,
        opened_by=body.code, opened_at=hand.at, synthetic=synthetic,
    )  # fmt: skip
    ledger.witness("opened", case, hand, {"basis": OPENING})
    with transaction.atomic():
        case.save()
        ledger.enter(case, "open", stages.FIRST, hand, summary)
        ledger.renew_sight(case, hand.at)
    return case


def add_suspect(
    case: Case, hand: Hand, name: str, identity_number: str, charge: str, charge_basis: str,
    unknown: bool = False, subject: str = "",
) -> Suspect:  # fmt: skip
    number = f"{case.number}-R{case.suspects.count() + 1}"
    ledger.witness("person_added", case, hand, {"person": number, "charge": charge})
    with transaction.atomic():
        made = Suspect.objects.create(
            key=keys.new_key(), case=case, number=number, subject=subject, name=name,
            identity_number=identity_number, unknown=unknown, charge=charge,
            charge_basis=charge_basis, added_at=hand.at,
        )  # fmt: skip
        ledger.enter(case, "person", ledger.stage_of(case), hand, "", {"person": number})
    return made


def media_of(content: bytes) -> str:
    """What a file is; plain text, or a PDF or picture by its first bytes. Raises NotPossible."""
    if not content or len(content) > LARGEST:
        raise NotPossible("file")
    for sign, media in MEDIA.items():
        if content.startswith(sign):
            return media
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise NotPossible("file") from None
    if "\x00" in text:
        raise NotPossible("file")
    return "text/plain"


def add_document(
    case: Case, hand: Hand, title: str, volume: str, content: bytes, served: Sequence[str] = ()
) -> Document:
    """A paper of the own body. Raises NotPossible: another's volume, no file."""
    function = Body.objects.get(code=hand.who.body).function
    if volume not in VOLUMES.get(function, ()):
        raise NotPossible("volume")
    media, sha256 = media_of(content), hashlib.sha256(content).hexdigest()
    key = keys.new_key()
    number = f"WS-{keys.veil(key, 'justice_network.document')[:12].upper()}"
    told = {"document": number, "volume": volume, "sha256": sha256}
    ledger.witness("document_added", case, hand, told)
    with transaction.atomic():
        made = Document.objects.create(
            key=key, case=case, number=number, title=title, volume=volume, media=media,
            content=content, sha256=sha256, body=hand.who.body, served=list(served), by=hand.by,
            made_at=hand.at,
        )  # fmt: skip
        ledger.enter(case, "document", ledger.stage_of(case), hand, "", {"document": number})
    return made


def add_evidence(
    case: Case, hand: Hand, kind: str, name: str, about: str, quantity: str, place: str,
    seal: str, collected_at: datetime, travels: bool = True, content: bytes = b"",
) -> Evidence:  # fmt: skip
    """A piece of evidence with its digest: of the file that records it, else of its entry."""
    if kind not in dict(Evidence.KINDS) or collected_at > hand.at:
        raise NotPossible("moment")
    key = keys.new_key()
    number = f"ZJ-{keys.veil(key, 'justice_network.evidence')[:12].upper()}"
    entry = {"number": number, "kind": kind, "name": name, "about": about, "quantity": quantity,
             "collected_at": collected_at.isoformat()}  # fmt: skip
    sha256 = hashlib.sha256(content or consents.signing.canonical(entry).encode()).hexdigest()
    ledger.witness("evidence_added", case, hand, {"evidence": number, "sha256": sha256})
    with transaction.atomic():
        made = Evidence.objects.create(
            key=key, case=case, number=number, kind=kind, name=name, about=about,
            quantity=quantity, travels=travels, sha256=sha256, body=hand.who.body, by=hand.by,
            collected_at=collected_at,
        )  # fmt: skip
        keep(made, hand, "collected", place, seal)
        ledger.enter(case, "evidence", ledger.stage_of(case), hand, "", {"evidence": number})
    return made


def keep(
    item: Evidence, hand: Hand, kind: str, place: str = "", seal: str = "", text: str = "",
    body: str = "",
) -> Keeping:  # fmt: skip
    """One more link of the chain of who holds it."""
    return Keeping.objects.create(
        evidence=item, kind=kind, body=body or hand.who.body, place=place, seal=seal, text=text,
        by=hand.by, at=hand.at,
    )  # fmt: skip


def reseal(item: Evidence, hand: Hand, kind: str, place: str, seal: str, text: str) -> Keeping:
    """Seal it anew, open the seal, or note that it is damaged; by who holds it."""
    last = item.keeping.order_by("id").last()
    if kind not in ("sealed", "opened", "damaged") or last is None or last.body != hand.who.body:
        raise NotPossible("keeping")
    ledger.witness("evidence_kept", item.case, hand, {"evidence": item.number, "did": kind})
    return keep(item, hand, kind, place, seal, text)
