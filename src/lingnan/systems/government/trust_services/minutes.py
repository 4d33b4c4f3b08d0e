"""The minutes of a ceremony as a sealed document: who did what, and fingerprints of what was made.

No form of such minutes was at hand: this one is our own.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from lingnan.kernel.content import api as content
from lingnan.kernel.runtime.api import Title, legal_time
from lingnan.kernel.trust.api import Body, node_evidence, node_seals, sealed_documents
from lingnan.systems.government.trust_services.models import CeremonyMinutes, KeyCeremony
from lingnan.systems.government.trust_services.views import wording

TEMPLATE = Path(__file__).parent / "minutes.typ"
TITLE = Title("密钥仪式记录", "Minutes of a key ceremony")


def of(made: KeyCeremony, by: str) -> CeremonyMinutes:
    """Of a ceremony that is done; made and sealed at the first time, by `by`, which is evidence
    before they are given out. Raises `KeyStoreUnavailable`, `EvidenceUnavailable`."""
    found = CeremonyMinutes.objects.filter(number=made.number).first()
    if found is not None:
        return found
    body = Body.objects.get(function="data", tier="province", ended=False)
    drawn = content.render(TEMPLATE.read_text(), _data(made, body))
    pdf = node_seals.seal(drawn, body, TITLE.zh)
    sha256 = hashlib.sha256(pdf).hexdigest()
    told = {"number": made.number, "sha256": sha256, "by": by}
    node_evidence.write([node_evidence.entry("key_ceremony.minutes", told)])
    try:
        with transaction.atomic():
            sealed_documents.entrust(pdf, "trust_services", made.number)
            return CeremonyMinutes.objects.create(
                number=made.number, sha256=sha256, pdf=pdf, sealed_at=timezone.now()
            )
    except IntegrityError:
        # Somebody else has just asked for them, too: there is one document.
        return CeremonyMinutes.objects.get(number=made.number)


def _data(made: KeyCeremony, body: Body) -> dict[str, Any]:
    """What `minutes.typ` reads."""
    today = legal_time.today()
    return {
        "title": {"zh": TITLE.zh, "en": TITLE.en},
        "number": made.number,
        "day": [today.year, today.month, today.day],
        "facts": [[Title(*words).zh, words[1], value] for words, value in _facts(made) if value],
        "course": _course(made),
        "body": {"zh": body.name_zh, "en": body.name_en},
        "address": f"{settings.PUBLIC_ADDRESS}{reverse('verify')}",
        "demonstration": legal_time.is_demonstration(),
    }


def _facts(made: KeyCeremony) -> list[tuple[tuple[str, str], str]]:
    own, above = {
        "root": (("新根证书指纹", "Fingerprint of the new root"),
                 ("原根证书指纹", "Fingerprint of the former root")),
        "revoke": (("接替机构证书指纹", "Fingerprint of the successor"),
                   ("根证书指纹", "Fingerprint of the root")),
    }.get(made.kind, (("签发机构证书指纹", "Fingerprint of the authority"),
                      ("根证书指纹", "Fingerprint of the root")))  # fmt: skip
    with override("zh-hans"):
        kind, why = str(made.get_kind_display()), str(wording.revoked_because(made.why))
    revoked = made.kind == "revoke"
    return [
        (("办理事项", "What for"), kind),
        (("签发机构", "Authority"), made.label),
        (("事由", "Occasion"), made.occasion),
        (("吊销原因", "Why it was revoked"), why if revoked else ""),
        (("接替机构", "Successor"), made.successor),
        (("失效证书数", "Certificates that became void"), f"{made.void:,}" if revoked else ""),
        (own, made.fingerprint),
        (above, made.root_fingerprint),
        (("依据", "Basis"), made.record.basis),
    ]


def _course(made: KeyCeremony) -> list[list[str]]:
    """Who, as what, when (system time, in China)."""
    steps = [("第一密钥管理员发起", made.begun_name, made.begun_at),
             ("第二密钥管理员确认", made.ended_name, made.ended_at),
             ("见证人确认", made.witness_name, made.witnessed_at)]  # fmt: skip
    return [[what, name, _at(at)] for what, name, at in steps if at is not None]


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(legal_time.CHINA):%Y-%m-%d %H:%M:%S}"
