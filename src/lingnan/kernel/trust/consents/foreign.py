"""Consents that another node signed: shown by it, and judged by the root that was registered.

A node shows what was signed with the certificates above its key. Whoever judges believes nothing
but a root that an operator has registered by its digest; only keys that are certified for signing
consents count (`profiles.CONSENT`), so that no department's own system can sign any.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from lingnan.kernel.trust.certification import authorities, register
from lingnan.kernel.trust.consents import signing
from lingnan.kernel.trust.models import Consent, IssuedCertificate
from lingnan.kernel.trust.pki import paths
from lingnan.kernel.trust.pki.refusals import Refused

LONGEST, MOST_CERTIFICATES = 20_000, 6
TEXTS = ("number", "giver_kind", "body", "resource", "purpose", "basis", "agreement", "terms",
         "period", "valid_until", "given_at")  # fmt: skip


class NotGenuine(ValueError):
    """What was shown is not what a registered node signed."""


@dataclass(frozen=True)
class Shown:
    """A signed text as it travels: `chain` in PEM, the signer first, the root last."""

    document: str
    signature: str
    chain: str

    def plain(self) -> dict[str, str]:
        return {"document": self.document, "signature": self.signature, "chain": self.chain}

    @classmethod
    def read(cls, said: Any) -> "Shown":
        """Raises NotGenuine on anything else."""
        if not isinstance(said, dict):
            raise NotGenuine("nothing was shown")
        parts = [said.get(name) for name in ("document", "signature", "chain")]
        if not all(isinstance(part, str) and len(part) <= LONGEST for part in parts):
            raise NotGenuine("not a signed text")
        return cls(*(str(part) for part in parts))


def root_digest() -> str:
    """By what another node registers this one: SHA-256 of its root certificate, 64 digits."""
    return hashlib.sha256(authorities.issuer(authorities.ROOT).certificate.dump()).hexdigest()


def of_consent(consent: Consent) -> Shown:
    """A consent with the certificate that signed it. Raises `KeyStoreUnavailable`, KeyError."""
    row = IssuedCertificate.objects.get(serial=consent.certificate, holder=signing.HOLDER)
    above = authorities.chain(row.authority)
    return Shown(consent.document, consent.signature, _pem([register.loaded(row), *above]))


def signed(said: Mapping[str, Any]) -> Shown:
    """Something said now, signed by the node's key for consents."""
    by, made = signing.signer(), signing.sign(said)
    return Shown(made.document, made.signature, _pem([by.certificate, *by.chain]))


def _pem(chain: list[asn1.Certificate]) -> str:
    form = serialization.Encoding.PEM
    found = [x509.load_der_x509_certificate(one.dump()).public_bytes(form) for one in chain]
    return b"".join(found).decode()


def said(shown: Shown, roots: Collection[str]) -> tuple[dict[str, Any], str]:
    """(what it says, the digest of the root it leads to). Raises NotGenuine."""
    try:
        chain = x509.load_pem_x509_certificates(shown.chain.encode())
        told = json.loads(shown.document)
    except ValueError as fault:
        raise NotGenuine(str(fault)) from fault
    if not isinstance(told, dict) or signing.canonical(told) != shown.document:
        raise NotGenuine("not in canonical form")
    if not 2 <= len(chain) <= MOST_CERTIFICATES:
        raise NotGenuine("no path")
    digest = hashlib.sha256(chain[-1].public_bytes(serialization.Encoding.DER)).hexdigest()
    if digest not in roots:
        raise NotGenuine("signed under a root that is not registered here")
    try:
        paths.path(chain[0], chain[1:-1], paths.Trust((chain[-1],), datetime.now(UTC)), "consent")
    except Refused as refusal:
        raise NotGenuine(str(refusal)) from refusal
    own = asn1.Certificate.load(chain[0].public_bytes(serialization.Encoding.DER))
    if not signing.signed_by(own, shown.document, shown.signature):
        raise NotGenuine("the signature does not hold")
    return told, digest


def consent_said(shown: Shown, roots: Collection[str]) -> tuple[dict[str, Any], str]:
    """`said` of a consent: every part of it is there, of its kind. Raises NotGenuine."""
    told, digest = said(shown, roots)
    whole = all(isinstance(told.get(name), str) for name in TEXTS)
    lists = all(
        isinstance(told.get(name), list) and all(isinstance(one, str) for one in told[name])
        for name in ("elements", "separate")
    )
    if not whole or not lists or type(told.get("most")) is not int:
        raise NotGenuine("not a consent")
    try:
        date.fromisoformat(told["valid_until"])
    except ValueError as fault:
        raise NotGenuine("not a day") from fault
    return told, digest
