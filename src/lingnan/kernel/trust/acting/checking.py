"""Whether a file is a power that a node signed, and nobody has changed it since: without a node.

Believed is a root alone. Only keys certified for signing powers count (`profiles.POWER`), so that
no department's own system can sign any. Whether a power still stands, its node alone knows.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lingnan.kernel.trust.acting.rules import POWER, REPRESENTATION
from lingnan.kernel.trust.keystore import pairs
from lingnan.kernel.trust.keystore.keys import Algorithm, PublicKey
from lingnan.kernel.trust.pki import paths
from lingnan.kernel.trust.pki.refusals import Refused
from lingnan.kernel.trust.seal.report import Check, Outcome

LONGEST, MOST_CERTIFICATES = 40_000, 6
PARTS = ("chain", "document", "signature")
TEXTS = ("number", "basis", "name", "code", "agent_name", "agent_login", "last", "given_at")
ORDER = ("power_form", "power_signature", "power_issuer", "power_purpose", "power_says")
# A guardianship is signed by nobody: the register of residents gives it.
BASES = (POWER, REPRESENTATION)


@dataclass(frozen=True)
class Found:
    """What checking a file found; `said` is what the signed text says, where all of it holds.

    `parts` are the text and its signature as they stand in the file, believed or not."""

    checks: tuple[Check, ...]
    said: Mapping[str, Any] | None = None
    parts: Mapping[str, str] | None = None

    @property
    def genuine(self) -> bool:
        return self.said is not None

    @property
    def fails(self) -> str:
        return next((one.code for one in self.checks if one.outcome == "failed"), "")


def is_text(content: bytes) -> bool:
    """Whether a file can be a signed text at all; none of the other kinds begins so."""
    return content.lstrip()[:1] == b"{"


def written(document: str, signature: str, chain: str) -> bytes:
    """The file, in the only form in which it is made."""
    said = {"chain": chain, "document": document, "signature": signature}
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def mark(number: str, principal: str) -> str:
    """What stands in the text for whom it represents: only who knows them can tell, and two powers
    of one person do not show that they are."""
    return hashlib.sha256(f"{number} {principal}".encode()).hexdigest()[:32]


def verify(content: bytes, roots: Sequence[asn1.Certificate], now: datetime | None = None) -> Found:
    """Every check of a power's file, in order; what comes after one that fails is not made."""
    parts = _read(content)
    if parts is None:
        return Found(_ended([Check("power_form", "failed")]))
    made = [Check("power_form", "passed")]
    chain = _chain(parts["chain"])
    if chain is None or not _signed(chain[0], parts["document"], parts["signature"]):
        return Found(_ended([*made, Check("power_signature", "failed")]), None, parts)
    made.append(Check("power_signature", "passed"))
    made += _trusted(chain, roots, now or datetime.now(UTC))
    if made[-1].outcome != "passed":
        return Found(_ended(made), None, parts)
    said = _said(parts["document"])
    if said is None:
        return Found(_ended([*made, Check("power_says", "failed")]), None, parts)
    told = {"number": said["number"], "name": said["name"], "agent": said["agent_name"]}
    made.append(Check("power_says", "passed", told))
    standing = Check("power_stands", "not_checked", {"until_day": said["last"]})
    return Found((*made, standing), said, parts)


def answered(found: Found, known: bool, holds: bool, last: str) -> Found:
    """The same with what its node says: whether it has this power, and whether that stands now."""
    checks = found.checks[:-1]
    if not known:
        checks = (*checks, Check("power_known", "failed"), Check("power_stands", "not_checked"))
        return replace(found, checks=checks, said=None)
    outcome: Outcome = "passed" if holds else "failed"
    stands = Check("power_stands", outcome, {"last": last})
    return replace(found, checks=(*checks, Check("power_known", "passed"), stands))


def _ended(made: list[Check]) -> tuple[Check, ...]:
    done = {one.code for one in made}
    rest = [Check(code, "not_checked") for code in ORDER if code not in done]
    return (*made, *rest)


def _read(content: bytes) -> dict[str, str] | None:
    """The parts of the file; None where it is not as it is written."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or set(said) != set(PARTS):
        return None
    whole = all(isinstance(part, str) and len(part) <= LONGEST for part in said.values())
    return {name: str(said[name]) for name in PARTS} if whole else None


def _chain(pem: str) -> list[x509.Certificate] | None:
    """The signer first, the root last."""
    try:
        found = x509.load_pem_x509_certificates(pem.encode())
    except (ValueError, x509.InvalidVersion):
        return None
    return found if 2 <= len(found) <= MOST_CERTIFICATES else None


def _signed(signer: x509.Certificate, document: str, signature: str) -> bool:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        key = PublicKey(Algorithm.P256, signer.public_key().public_bytes(*form))
        return pairs.verify(key, document.encode(), base64.b64decode(signature, validate=True))
    except ValueError:
        return False


def _trusted(
    chain: list[x509.Certificate], roots: Sequence[asn1.Certificate], now: datetime
) -> list[Check]:
    """Who vouches for the signer, and whether it may sign powers."""
    names = " → ".join(_name(one) for one in chain)
    believed = tuple(x509.load_der_x509_certificate(root.dump()) for root in roots)
    try:
        paths.path(chain[0], chain[1:], paths.Trust(believed, now), "power")
    except Refused as refusal:
        if refusal.code == "purpose":
            return [Check("power_purpose", "failed", {"name": _name(chain[0])})]
        return [Check("power_issuer", "failed", {"path": names})]
    passed = Check("power_issuer", "passed", {"path": names})
    return [passed, Check("power_purpose", "passed", {"name": _name(chain[0])})]


def _name(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(found[0].value) if found else "?"


def _said(document: str) -> dict[str, Any] | None:
    """What the text says; None where it is no power, or a part is missing or of another kind."""
    try:
        said = json.loads(document)
        whole = isinstance(said, dict) and all(isinstance(said.get(n), str) for n in TEXTS)
        if not whole or said["basis"] not in BASES:
            return None
        date.fromisoformat(said["last"])
    except (ValueError, RecursionError):
        return None
    scope = said.get("scope")
    right = isinstance(scope, list) and all(isinstance(one, str) for one in scope)
    return said if right else None
